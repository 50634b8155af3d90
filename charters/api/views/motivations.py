"""Motivations and expected effects: wiring only."""

from charters import services
from charters.api import filters
from charters.api.serializers import motivations
from coopproject.api.views import ResourceViewSet


class MotivationViewSet(ResourceViewSet):
    serializer_class = motivations.MotivationOutput
    inputs = {"create": motivations.MotivationInput, "partial_update": motivations.MotivationUpdateInput}
    create_service = staticmethod(services.motivation_create)
    update_service = staticmethod(services.motivation_update)
    filterset_class = filters.MotivationFilter
    ordering = ("charter", "code")
    ordering_fields = {"code": "code", "weight": "weight", "label": "search_label", "created_at": "created_at"}
    search_fields = ("search_label",)


class ExpectedEffectViewSet(ResourceViewSet):
    serializer_class = motivations.ExpectedEffectOutput
    inputs = {"create": motivations.ExpectedEffectInput, "partial_update": motivations.ExpectedEffectUpdateInput}
    create_service = staticmethod(services.expected_effect_create)
    update_service = staticmethod(services.expected_effect_update)
    filterset_class = filters.ExpectedEffectFilter
    ordering = ("motivation", "created_at")
    ordering_fields = ("due_on", "created_at")
