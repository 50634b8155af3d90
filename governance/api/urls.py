"""Routes of governance."""

from django.urls import path
from rest_framework.routers import SimpleRouter

from governance.api.consultations import ConsultationViewSet
from governance.api.decisions import DecisionViewSet
from governance.api.vital_signs import VitalSignsViewSet

router = SimpleRouter()
router.register("decisions", DecisionViewSet, basename="decision")
router.register("consultations", ConsultationViewSet, basename="consultation")
urlpatterns = [
    path("cooperations/<uuid:pk>/vital-signs/", VitalSignsViewSet.as_view({"get": "retrieve"}), name="vital-signs"),
    *router.urls,
]
