from rest_framework.routers import SimpleRouter

from worker.api.views import ReminderRuleViewSet, ReminderViewSet

router = SimpleRouter()
router.register("reminder-rules", ReminderRuleViewSet, basename="reminder-rule")
router.register("reminders", ReminderViewSet, basename="reminder")
urlpatterns = router.urls
