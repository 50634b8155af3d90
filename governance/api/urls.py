"""Routes of governance."""

from rest_framework.routers import SimpleRouter

from governance.api.consultations import ConsultationViewSet
from governance.api.decisions import DecisionViewSet

router = SimpleRouter()
router.register("decisions", DecisionViewSet, basename="decision")
router.register("consultations", ConsultationViewSet, basename="consultation")
urlpatterns = router.urls
