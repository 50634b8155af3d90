"""Motivations, their codes and expected effects: wiring only."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from charters import selectors, services
from charters.api import filters
from charters.api.serializers import common, motivations
from charters.rules.motivation_codes import MOTIVATION_CODES, motivation_code
from coopproject.api.policy import READ_ONLY, Policy
from coopproject.api.views import ApiViewSet, ResourceViewSet, act
from governance.api.requests import refuse_parameters


class MotivationViewSet(ResourceViewSet):
    """Why each cooperates, weighted: the thread that evaluations follow. Retired rather than forgotten once used."""

    serializer_class = motivations.MotivationOutput
    inputs = {"create": motivations.MotivationInput, "partial_update": motivations.MotivationUpdateInput}
    create_service = staticmethod(services.motivation_create)
    update_service = staticmethod(services.motivation_update)
    filterset_class = filters.MotivationFilter
    ordering = ("charter_id", "code")
    ordering_fields = {"code": "code", "weight": "weight", "label": "search_label", "created_at": "created_at"}
    search_fields = ("search_label",)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        motivation = self.get_object()
        services.motivation_delete(pk=motivation.pk, actor=self.actor, expected_version=self.expected_version())
        return Response(status=204)

    @act(common.CharterReasonInput)
    def retire(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Give a motivation up: from today on it counts for nothing, nor do its effects."""
        return self.perform(services.motivation_retire)

    @extend_schema(responses=motivations.MotivationHistoryOutput)
    @action(detail=True, methods=["get"])
    def history(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """How the motivation changed, and what each text that left the draft says of it."""
        found = selectors.motivation_history(self.get_object(), self.actor)
        return Response(motivations.MotivationHistoryOutput(found).data)


class ExpectedEffectViewSet(ResourceViewSet):
    """What a motivation is to bring, for when and at which level: what indicators measure."""

    serializer_class = motivations.ExpectedEffectOutput
    inputs = {"create": motivations.ExpectedEffectInput, "partial_update": motivations.ExpectedEffectUpdateInput}
    create_service = staticmethod(services.expected_effect_create)
    update_service = staticmethod(services.expected_effect_update)
    filterset_class = filters.ExpectedEffectFilter
    ordering = ("motivation_id", "created_at")
    ordering_fields = ("due_on", "created_at")

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        effect = self.get_object()
        services.expected_effect_delete(pk=effect.pk, actor=self.actor, expected_version=self.expected_version())
        return Response(status=204)

    @act(common.CharterReasonInput)
    def retire(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Give an effect up: from today on it is expected no more."""
        return self.perform(services.expected_effect_retire)


class MotivationCodeViewSet(ApiViewSet):
    """Reference data, the same for everybody who is signed in."""

    http_method_names = ["get", "head", "options"]
    serializer_class = motivations.MotivationCodeOutput
    pagination_class = None
    filter_backends = ()
    lookup_value_regex = "[a-z_]{1,40}"
    policy: Policy = READ_ONLY

    @extend_schema(responses=motivations.MotivationCodePage)
    def list(self, request: Request) -> Response:
        """Every reason of the guide, by family: few enough for one page."""
        refuse_parameters(request)
        rows = motivations.MotivationCodeOutput(MOTIVATION_CODES, many=True).data
        return Response({"next": None, "previous": None, "results": rows})

    @extend_schema(
        parameters=[OpenApiParameter("id", str, OpenApiParameter.PATH)], responses=motivations.MotivationCodeOutput
    )
    def retrieve(self, request: Request, pk: str) -> Response:
        refuse_parameters(request)
        found = motivation_code(pk)
        if found is None:
            raise NotFound
        return Response(motivations.MotivationCodeOutput(found).data)
