"""Decisions: their acts, and what they wait for."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from coopproject import clock
from coopproject.api import filters
from coopproject.api.serializers import Input, ModelInput, Output
from coopproject.api.views import ResourceViewSet, act
from governance import gate, policies_decisions
from governance.enums import DecisionState
from governance.models import Decision
from governance.services import decisions as services


class RequirementReasonOutput(serializers.Serializer[Any]):
    code = serializers.CharField()
    detail = serializers.CharField()


class RequirementOutput(serializers.Serializer[Any]):
    """One thing that must hold. `holds_from`: the first day on which it holds by itself, when it is known."""

    code = serializers.CharField()
    status = serializers.ChoiceField(gate.RequirementStatus.choices)
    detail = serializers.CharField()
    clears = serializers.CharField(help_text=_("Ce qui lève l’obstacle."))
    organisation = serializers.UUIDField(allow_null=True)
    since = serializers.DateField(allow_null=True)
    holds_from = serializers.DateField(allow_null=True)
    basis = serializers.CharField()
    legal_reference = serializers.CharField()
    confidence = serializers.CharField(help_text=_("A ou B : établi ; sinon, choix configurable de cette instance."))
    objects = serializers.ListField(child=serializers.DictField(child=serializers.CharField()))
    reasons = RequirementReasonOutput(
        many=True,
        help_text=_("Pourquoi, pas à pas ; les faits d’une consultation ne sont dits qu’à qui peut la lire."),
    )


class RequirementsOutput(serializers.Serializer[Any]):
    decision = serializers.UUIDField()
    on = serializers.DateField(help_text=_("Le jour légal pour lequel la réponse vaut."))
    can_be_taken = serializers.BooleanField()
    requirements = RequirementOutput(many=True)


class DecisionOutput(Output):
    policy = policies_decisions.decision
    maskable = ("description", "outcome", "withdrawn_reason")

    class Meta:
        model = Decision
        fields = (
            "id",
            "version",
            "cooperation",
            "title",
            "description",
            "impact_flags",
            "no_impact_reason",
            "concerned",
            "planned_on",
            "state",
            "submitted_on",
            "taken_on",
            "taken_by",
            "outcome",
            "requirements_at_taking",
            "withdrawn_reason",
            "confidentiality",
            "created_at",
            "updated_at",
            "abilities",
        )

    @classmethod
    def prefetch(cls, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.prefetch_related("concerned")


_WRITABLE = (
    "title",
    "description",
    "impact_flags",
    "no_impact_reason",
    "concerned",
    "planned_on",
    "confidentiality",
)


class DecisionInput(ModelInput):
    class Meta:
        model = Decision
        fields = ("cooperation", *_WRITABLE)


class DecisionUpdate(ModelInput):
    class Meta:
        model = Decision
        fields = _WRITABLE


class TakeInput(Input):
    outcome = serializers.CharField(max_length=20_000, help_text=_("Le relevé de décision."))
    taken_on = serializers.DateField(required=False, help_text=_("Jour de la décision ; aujourd’hui par défaut."))


class WithdrawInput(Input):
    reason = serializers.CharField(max_length=5_000)


class DecisionFilter(filters.FilterSet):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id")
    concerned = django_filters.UUIDFilter(method="filter_concerned")
    state = django_filters.ChoiceFilter(choices=DecisionState.choices)
    state__in = filters.ChoiceInFilter(field_name="state", lookup_expr="in", choices=DecisionState.choices)
    locals().update(filters.date_range("planned_on"))
    locals().update(filters.date_range("taken_on"))

    def filter_concerned(self, queryset: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        return queryset.filter(concerned=value)


class DecisionViewSet(ResourceViewSet):
    """A decision is held back until every requirement holds: read `requirements` before `take`."""

    serializer_class = DecisionOutput
    inputs: ClassVar[dict[str, Any]] = {"create": DecisionInput, "partial_update": DecisionUpdate}
    create_service = staticmethod(services.decision_create)
    update_service = staticmethod(services.decision_update)
    filterset_class = DecisionFilter
    search_fields = ("search_title",)
    ordering = ("-created_at",)
    ordering_fields: ClassVar[dict[str, str]] = {
        "created_at": "created_at",
        "planned_on": "planned_on",
        "taken_on": "taken_on",
        "title": "search_title",
    }
    guarded_actions = frozenset({"partial_update"})
    http_method_names = ["get", "post", "patch", "head", "options"]

    @act(guarded=True)
    def submit(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Put the decision before the members."""
        return self.perform(services.decision_submit)

    @act(TakeInput, legal=True, guarded=True)
    def take(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Record that the decision is taken; 409 with every missing requirement while one holds it back."""
        return self.perform(services.decision_take)

    @act(WithdrawInput, guarded=True)
    def withdraw(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Give the decision up."""
        return self.perform(services.decision_withdraw)

    @extend_schema(responses=RequirementsOutput, filters=False)
    @action(detail=True, methods=["get"])
    def requirements(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """What must hold before the decision may be taken: the same answer as `take` would rest on today."""
        decision = self.get_object()
        today = clock.today(decision.cooperation.zone)
        found = gate.known_to(services.requirements_of(decision, on=today), self.actor)
        body = {
            "decision": str(decision.pk),
            "on": today.isoformat(),
            "can_be_taken": not any(requirement.holds_back for requirement in found),
            "requirements": [requirement.as_data_with_reasons() for requirement in found],
        }
        return Response(body)
