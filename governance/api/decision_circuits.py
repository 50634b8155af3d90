"""`decision-circuits`: who decides what; `cooperations/{id}/decision-circuits/`: how decisions really travel."""

from typing import Any

import django_filters
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response

from coopproject import clock
from coopproject.api.filters import FilterSet, date_range
from coopproject.api.policy import READ_ONLY, Policy
from coopproject.api.serializers import ModelInput, Output
from coopproject.api.views import ApiViewSet, CreateMixin, ReadViewSet, UpdateMixin
from governance.api.requests import refuse_parameters
from governance.enums import Confidentiality, DecidedBy
from governance.models import Cooperation, DecisionCircuit
from governance.policies import decisions as policies_decisions
from governance.rules.circuits import Contradiction, Outside
from governance.selectors import circuits as selectors
from governance.services import circuits as services


class DecisionCircuitOutput(Output):
    """The rule of a subject from `valid_from` until the next circuit of that subject begins."""

    policy = policies_decisions.decision_circuit

    class Meta:
        model = DecisionCircuit
        fields = (
            "id",
            "version",
            "cooperation",
            "subject",
            "title",
            "decided_by",
            "asked",
            "ceiling",
            "valid_from",
            "confidentiality",
            "created_at",
            "updated_at",
            "abilities",
        )


class DecisionCircuitInput(ModelInput):
    class Meta:
        model = DecisionCircuit
        fields = ("cooperation", "subject", "title", "decided_by", "asked", "ceiling", "valid_from", "confidentiality")


class DecisionCircuitUpdate(ModelInput):
    """Its words and its level only: decisions were measured by what it rules."""

    class Meta:
        model = DecisionCircuit
        fields = ("title", "asked", "confidentiality")


class DecisionCircuitFilter(FilterSet):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id")
    subject = django_filters.CharFilter()
    decided_by = django_filters.ChoiceFilter(choices=DecidedBy.choices)
    confidentiality = django_filters.ChoiceFilter(choices=Confidentiality.choices)
    locals().update(date_range("valid_from"))

    class Meta:
        model = DecisionCircuit
        fields = ()


class DecisionCircuitViewSet(CreateMixin, UpdateMixin, ReadViewSet):
    """Who decides what, after asking whom, up to which amount: the circuit of each subject, from a day on."""

    http_method_names = ["get", "post", "patch", "head", "options"]
    serializer_class = DecisionCircuitOutput
    inputs = {"create": DecisionCircuitInput, "partial_update": DecisionCircuitUpdate}
    create_service = staticmethod(services.circuit_create)
    update_service = staticmethod(services.circuit_update)
    filterset_class = DecisionCircuitFilter
    ordering = ("subject", "-valid_from")
    ordering_fields = ("subject", "valid_from", "created_at")


class PendingDecisionOutput(serializers.Serializer[Any]):
    decision = serializers.UUIDField()
    title = serializers.CharField()
    since = serializers.DateField()


class OutsideCircuitOutput(serializers.Serializer[Any]):
    decision = serializers.UUIDField()
    title = serializers.CharField()
    decided_by = serializers.CharField(help_text=_("Vide : la décision ne le disait pas."))
    why = serializers.ListField(child=serializers.ChoiceField([str(reason) for reason in Outside]))
    detail = serializers.CharField()


class ContradictionOutput(serializers.Serializer[Any]):
    decisions = serializers.ListField(child=serializers.UUIDField(), help_text=_("La plus ancienne d’abord."))
    titles = serializers.ListField(child=serializers.CharField(), help_text=_("Dans le même ordre."))
    why = serializers.ChoiceField([str(reason) for reason in Contradiction])
    detail = serializers.CharField()
    since = serializers.DateField()


class CircuitTravelOutput(serializers.Serializer[Any]):
    """One subject; the decisions that name none are together under an empty one. Days run from submission to taking."""

    subject = serializers.CharField()
    circuit = serializers.UUIDField(allow_null=True, help_text=_("Le circuit d’aujourd’hui, s’il y en a un."))
    title = serializers.CharField()
    decided_by = serializers.CharField()
    asked = serializers.CharField()
    ceiling = serializers.DecimalField(max_digits=14, decimal_places=2, allow_null=True)
    taken = serializers.IntegerField(help_text=_("Décisions prises, refus compris."))
    total_days = serializers.IntegerField()
    average_days = serializers.CharField(allow_null=True, help_text=_("total_days / taken, arrondi à deux décimales."))
    median_days = serializers.CharField(allow_null=True)
    pending = PendingDecisionOutput(many=True)
    outside_circuit = OutsideCircuitOutput(many=True)
    contradictions = ContradictionOutput(many=True)


class CircuitReportOutput(serializers.Serializer[Any]):
    cooperation = serializers.UUIDField()
    on = serializers.DateField()
    circuits = CircuitTravelOutput(many=True)


class CircuitReportViewSet(ApiViewSet):
    serializer_class = CircuitReportOutput
    queryset = Cooperation.objects.none()
    pagination_class = None
    filter_backends = ()
    detail = True
    policy: Policy = READ_ONLY

    @extend_schema(operation_id="cooperations_decision_circuits_retrieve", responses=CircuitReportOutput)
    def retrieve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Who decides what, how long it takes, what waits, what left its circuit, what contradicts what.

        A decision that the reader may not know of is in no figure.
        """
        refuse_parameters(request)
        cooperation = get_object_or_404(Cooperation.objects.visible_to(self.actor), pk=kwargs["pk"])
        today = clock.today(cooperation.zone)
        return Response(CircuitReportOutput(selectors.report(cooperation, self.actor, today)).data)
