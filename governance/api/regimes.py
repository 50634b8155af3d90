"""`consultation-regimes`: the dated regimes of staff consultation, as the rules read them."""

from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_serializer
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from coopproject.api.policy import READ_ONLY, Policy
from coopproject.api.views import ApiViewSet
from governance.api.requests import refuse_parameters
from governance.rules.regimes import Regime, load_regimes, regime_by_id


class RegimeOutput(serializers.Serializer[Any]):
    id = serializers.CharField()
    valid_from = serializers.DateField()
    valid_to = serializers.DateField(allow_null=True)
    body = serializers.CharField()
    general_duty = serializers.CharField()
    legal_ref = serializers.CharField()
    confidence = serializers.CharField()
    months = serializers.DictField(child=serializers.IntegerField())
    agreement_floor_days = serializers.IntegerField()
    weekend_extension = serializers.CharField()
    expert_challenge_suspends = serializers.BooleanField()
    establishment_days_before = serializers.IntegerField(allow_null=True)
    establishment_rule_from = serializers.DateField(allow_null=True)
    environment_from = serializers.DateField(allow_null=True)
    from_first_cse_election = serializers.BooleanField()
    universal_from = serializers.DateField(allow_null=True)

    def to_representation(self, instance: Regime) -> Any:
        months = {str(situation): count for situation, count in instance.months.items()}
        return super().to_representation({**vars(instance), "months": months})


@extend_schema_serializer(many=False)
class RegimePage(serializers.Serializer[Any]):
    next = serializers.CharField(allow_null=True)
    previous = serializers.CharField(allow_null=True)
    results = RegimeOutput(many=True)


class RegimeViewSet(ApiViewSet):
    """Reference data, the same for everybody who is signed in."""

    http_method_names = ["get", "head", "options"]
    serializer_class = RegimeOutput
    pagination_class = None
    filter_backends = ()
    lookup_value_regex = "[A-Za-z0-9_]{1,40}"
    policy: Policy = READ_ONLY

    @extend_schema(responses=RegimePage)
    def list(self, request: Request) -> Response:
        """Every regime, oldest first: few enough for one page."""
        refuse_parameters(request)
        return Response({"next": None, "previous": None, "results": RegimeOutput(load_regimes(), many=True).data})

    @extend_schema(parameters=[OpenApiParameter("id", str, OpenApiParameter.PATH)], responses=RegimeOutput)
    def retrieve(self, request: Request, pk: str) -> Response:
        refuse_parameters(request)
        regime = regime_by_id(pk)
        if regime is None:
            raise NotFound
        return Response(RegimeOutput(regime).data)
