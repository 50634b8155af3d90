"""Evaluations, the gaps that they freeze, and corrective actions."""

from typing import Any, ClassVar

import django_filters
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from coopproject.api import filters
from coopproject.api.serializers import Input, ModelInput, Output, VisibleRef
from coopproject.api.views import ReadViewSet, ResourceViewSet, act
from governance.models import Person
from milestones import policies, services
from milestones.api.indicators import IndicatorOutput, MeasurementOutput
from milestones.api.planning import BudgetLineOutput, MilestoneOutput
from milestones.enums import ActionState, EvaluationState, GapStatus, GapSubject, ReadingDecision
from milestones.models import CorrectiveAction, Evaluation, EvaluationGap

_EVALUATION = ("title", "held_on", "period_start", "period_end", "conclusions", "confidentiality")


class EvaluationOutput(Output):
    policy = policies.evaluation
    maskable = ("conclusions",)

    class Meta:
        model = Evaluation
        fields = (
            "id",
            "version",
            "cooperation",
            *_EVALUATION,
            "state",
            "opened_on",
            "closed_on",
            "thresholds",
            "created_at",
            "updated_at",
            "abilities",
        )


class EvaluationInput(ModelInput):
    class Meta:
        model = Evaluation
        fields = ("cooperation", *_EVALUATION)


class EvaluationUpdate(ModelInput):
    class Meta:
        model = Evaluation
        fields = _EVALUATION


class CloseInput(Input):
    conclusions = serializers.CharField(required=False, allow_blank=True, max_length=20_000)


class EvaluationFilter(filters.FilterSet):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id")
    state = django_filters.ChoiceFilter(choices=EvaluationState.choices)
    state__in = filters.ChoiceInFilter(field_name="state", lookup_expr="in", choices=EvaluationState.choices)
    locals().update(filters.date_range("held_on"))


class EvaluationViewSet(ResourceViewSet):
    """A meeting of the continuous evaluation. Opening it freezes the gaps; a red one must be read before it closes."""

    serializer_class = EvaluationOutput
    inputs: ClassVar[dict[str, Any]] = {"create": EvaluationInput, "partial_update": EvaluationUpdate}
    create_service = staticmethod(services.evaluation_create)
    update_service = staticmethod(services.evaluation_update)
    filterset_class = EvaluationFilter
    search_fields = ("search_title",)
    ordering = ("-held_on",)
    ordering_fields = ("held_on", "created_at")
    http_method_names = ["get", "post", "patch", "head", "options"]

    @act()
    def open(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Compute and freeze the gaps of the period."""
        return self.perform(services.evaluation_open)

    @act(CloseInput)
    def close(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Close it; 409 with every red gap that has no reading."""
        return self.perform(services.evaluation_close)


class EvaluationGapOutput(Output):
    policy = policies.evaluation_gap
    expandable: ClassVar[dict[str, Any]] = {
        "evaluation": lambda: EvaluationOutput,
        "indicator": lambda: IndicatorOutput,
        "milestone": lambda: MilestoneOutput,
        "budget_line": lambda: BudgetLineOutput,
        "measurement": lambda: MeasurementOutput,
    }

    class Meta:
        model = EvaluationGap
        fields = (
            "id",
            "version",
            "cooperation",
            "evaluation",
            "position",
            "subject",
            "indicator",
            "milestone",
            "budget_line",
            "motivation",
            "measurement",
            "label",
            "expected",
            "actual",
            "gap",
            "rate",
            "expected_on",
            "actual_on",
            "status",
            "exceeded",
            "facts",
            "cause",
            "decision",
            "owner",
            "due_on",
            "read_by",
            "read_on",
            "created_at",
            "updated_at",
            "abilities",
        )


class ReadInput(Input):
    cause = serializers.CharField(max_length=20_000)
    decision = serializers.ChoiceField(ReadingDecision.choices)
    owner = VisibleRef(queryset=Person.objects.all())
    due_on = serializers.DateField()


class EvaluationGapFilter(filters.FilterSet):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id")
    evaluation = django_filters.UUIDFilter(field_name="evaluation_id")
    indicator = django_filters.UUIDFilter(field_name="indicator_id")
    milestone = django_filters.UUIDFilter(field_name="milestone_id")
    budget_line = django_filters.UUIDFilter(field_name="budget_line_id")
    motivation = django_filters.UUIDFilter(field_name="motivation_id")
    subject = django_filters.ChoiceFilter(choices=GapSubject.choices)
    status = django_filters.ChoiceFilter(choices=GapStatus.choices)
    status__in = filters.ChoiceInFilter(field_name="status", lookup_expr="in", choices=GapStatus.choices)
    decision = django_filters.ChoiceFilter(choices=ReadingDecision.choices)
    owner = django_filters.UUIDFilter(field_name="owner_id")
    locals().update(filters.date_range("due_on"))
    locals().update(filters.date_range("read_on"))


class EvaluationGapViewSet(ReadViewSet):
    """Expected against actual for one subject, frozen, and what people read in it. Listed gravest first."""

    serializer_class = EvaluationGapOutput
    filterset_class = EvaluationGapFilter
    ordering = ("-created_at", "position")
    ordering_fields = ("position", "created_at", "due_on")
    http_method_names = ["get", "post", "head", "options"]

    def perform(self, service: Any, **extra: Any) -> Response:
        """As on any resource; gaps are made by opening an evaluation, never by a client."""
        return ResourceViewSet.perform(self, service, **extra)

    @act(ReadInput)
    def read(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Record its reading: cause, decision, owner, due date."""
        return self.perform(services.evaluation_gap_read)


_ACTION = ("title", "owner", "due_on")


class CorrectiveActionOutput(Output):
    policy = policies.corrective_action
    maskable = ("action_taken", "verification_comment")
    expandable: ClassVar[dict[str, Any]] = {"gap": lambda: EvaluationGapOutput}

    class Meta:
        model = CorrectiveAction
        fields = (
            "id",
            "version",
            "cooperation",
            "gap",
            *_ACTION,
            "confidentiality",
            "state",
            "action_taken",
            "completed_on",
            "verified_by",
            "verified_on",
            "adequate",
            "verification_comment",
            "created_at",
            "updated_at",
            "abilities",
        )


class CorrectiveActionInput(ModelInput):
    class Meta:
        model = CorrectiveAction
        fields = ("cooperation", "gap", *_ACTION, "confidentiality")
        extra_kwargs = {"cooperation": {"required": False}}


class CorrectiveActionUpdate(ModelInput):
    class Meta:
        model = CorrectiveAction
        fields = _ACTION


class CompleteActionInput(Input):
    action_taken = serializers.CharField(max_length=20_000)


class VerifyInput(Input):
    adequate = serializers.BooleanField()
    comment = serializers.CharField(required=False, allow_blank=True, max_length=20_000)


class CorrectiveActionFilter(filters.FilterSet):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id")
    gap = django_filters.UUIDFilter(field_name="gap_id")
    evaluation = django_filters.UUIDFilter(field_name="gap__evaluation_id")
    owner = django_filters.UUIDFilter(field_name="owner_id")
    state = django_filters.ChoiceFilter(choices=ActionState.choices)
    state__in = filters.ChoiceInFilter(field_name="state", lookup_expr="in", choices=ActionState.choices)
    locals().update(filters.date_range("due_on"))


class CorrectiveActionViewSet(ResourceViewSet):
    """What is done about a gap: owned by one person, verified by another."""

    serializer_class = CorrectiveActionOutput
    inputs: ClassVar[dict[str, Any]] = {"create": CorrectiveActionInput, "partial_update": CorrectiveActionUpdate}
    create_service = staticmethod(services.corrective_action_create)
    update_service = staticmethod(services.corrective_action_update)
    filterset_class = CorrectiveActionFilter
    search_fields = ("search_title",)
    ordering = ("due_on",)
    ordering_fields = ("due_on", "created_at")
    http_method_names = ["get", "post", "patch", "head", "options"]

    @act(CompleteActionInput)
    def complete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say what was done."""
        return self.perform(services.corrective_action_complete)

    @act(VerifyInput)
    def verify(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say whether it was adequate; 409 (`self_verification`) for its owner."""
        return self.perform(services.corrective_action_verify)
