"""Milestones and the dedicated budget."""

from typing import Any, ClassVar

import django_filters
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from coopproject.api import filters
from coopproject.api.serializers import Input, ModelInput, Output, VisibleRef
from coopproject.api.views import CreateMixin, ReadViewSet, ResourceViewSet, act
from milestones import policies, services
from milestones.api.activities import ActivityOutput
from milestones.api.inputs import StatedReason
from milestones.enums import EntryKind, MilestoneState
from milestones.models import BudgetEntry, BudgetLine, Milestone
from milestones.selectors.figures import summary_of
from milestones.selectors.schedule import with_dependencies

_WORDING = ("title", "description", "deliverable")


class MilestoneOutput(Output):
    policy = policies.milestone
    maskable = ("description",)
    expandable: ClassVar[dict[str, Any]] = {
        "activity": lambda: ActivityOutput,
        "depends_on": lambda: MilestoneOutput,
    }

    depends_on = serializers.SerializerMethodField()

    class Meta:
        model = Milestone
        fields = (
            "id",
            "version",
            "cooperation",
            "activity",
            *_WORDING,
            "due_on",
            "baseline_due_on",
            "depends_on",
            "state",
            "started_on",
            "completed_on",
            "completion_note",
            "cancelled_on",
            "cancelled_reason",
            "created_at",
            "updated_at",
            "abilities",
        )

    @classmethod
    def prefetch(cls, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return with_dependencies(queryset)

    def get_depends_on(self, milestone: Milestone) -> list[str]:
        return [str(row.awaits_id) for row in milestone.dependencies.all()]


class MilestoneInput(ModelInput):
    depends_on = VisibleRef(many=True, queryset=Milestone.objects.all(), required=False)

    class Meta:
        model = Milestone
        fields = ("activity", *_WORDING, "due_on", "depends_on")


class MilestoneUpdate(ModelInput):
    depends_on = VisibleRef(many=True, queryset=Milestone.objects.all(), required=False)

    class Meta:
        model = Milestone
        fields = (*_WORDING, "depends_on")


class StartInput(Input):
    started_on = serializers.DateField(required=False, help_text=_("Aujourd’hui par défaut."))


class CompleteInput(Input):
    completed_on = serializers.DateField(required=False, help_text=_("Aujourd’hui par défaut."))
    note = serializers.CharField(required=False, allow_blank=True, max_length=20_000)


class RescheduleInput(Input):
    due_on = serializers.DateField()
    reason = serializers.CharField(max_length=5_000)


class MilestoneFilter(filters.FilterSet):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id")
    activity = django_filters.UUIDFilter(field_name="activity_id")
    activity__in = filters.UUIDInFilter(field_name="activity_id", lookup_expr="in")
    state = django_filters.ChoiceFilter(choices=MilestoneState.choices)
    state__in = filters.ChoiceInFilter(field_name="state", lookup_expr="in", choices=MilestoneState.choices)
    locals().update(filters.date_range("due_on"))
    locals().update(filters.date_range("completed_on"))


class MilestoneViewSet(ResourceViewSet):
    """A dated step of an activity. `baseline_due_on` is the date first promised: rescheduling never changes it."""

    serializer_class = MilestoneOutput
    inputs: ClassVar[dict[str, Any]] = {"create": MilestoneInput, "partial_update": MilestoneUpdate}
    create_service = staticmethod(services.milestone_create)
    update_service = staticmethod(services.milestone_update)
    filterset_class = MilestoneFilter
    search_fields = ("search_title",)
    ordering = ("due_on",)
    ordering_fields: ClassVar[dict[str, str]] = {
        "due_on": "due_on",
        "completed_on": "completed_on",
        "title": "search_title",
        "created_at": "created_at",
    }
    guarded_actions = frozenset({"partial_update"})
    http_method_names = ["get", "post", "patch", "head", "options"]

    @act(StartInput, guarded=True)
    def start(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Work on it has begun."""
        return self.perform(services.milestone_start)

    @act(CompleteInput, guarded=True)
    def complete(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """It is reached; 409 while a milestone that it depends on is not."""
        return self.perform(services.milestone_complete)

    @act(RescheduleInput, guarded=True)
    def reschedule(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Move the date, with its reason."""
        return self.perform(services.milestone_reschedule)

    @act(StatedReason, guarded=True)
    def cancel(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Give it up, with its reason."""
        return self.perform(services.milestone_cancel)


_LINE = ("milestone", "label", "planned")


class BudgetLineOutput(Output):
    policy = policies.budget_line
    expandable: ClassVar[dict[str, Any]] = {
        "activity": lambda: ActivityOutput,
        "milestone": lambda: MilestoneOutput,
    }

    committed = serializers.SerializerMethodField(help_text=_("Somme des engagements."))
    actual = serializers.SerializerMethodField(help_text=_("Somme des dépenses réalisées."))
    remaining = serializers.SerializerMethodField(help_text=_("Prévu, moins ce qui est dépensé ou reste engagé."))

    class Meta:
        model = BudgetLine
        fields = (
            "id",
            "version",
            "cooperation",
            "activity",
            *_LINE,
            "committed",
            "actual",
            "remaining",
            "created_at",
            "updated_at",
            "abilities",
        )

    @classmethod
    def prefetch(cls, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.prefetch_related("entries")

    def get_committed(self, line: BudgetLine) -> str:
        return str(summary_of(line).committed)

    def get_actual(self, line: BudgetLine) -> str:
        return str(summary_of(line).actual)

    def get_remaining(self, line: BudgetLine) -> str:
        return str(summary_of(line).remaining)


class BudgetLineInput(ModelInput):
    class Meta:
        model = BudgetLine
        fields = ("activity", *_LINE)


class BudgetLineUpdate(ModelInput):
    class Meta:
        model = BudgetLine
        fields = _LINE


class BudgetLineFilter(filters.FilterSet):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id")
    activity = django_filters.UUIDFilter(field_name="activity_id")
    milestone = django_filters.UUIDFilter(field_name="milestone_id")


class BudgetLineViewSet(ResourceViewSet):
    """An amount planned, with what was committed and spent on it, in the currency of the cooperation."""

    serializer_class = BudgetLineOutput
    inputs: ClassVar[dict[str, Any]] = {"create": BudgetLineInput, "partial_update": BudgetLineUpdate}
    create_service = staticmethod(services.budget_line_create)
    update_service = staticmethod(services.budget_line_update)
    filterset_class = BudgetLineFilter
    ordering = ("created_at",)
    ordering_fields = ("created_at", "planned")
    http_method_names = ["get", "post", "patch", "head", "options"]


class BudgetEntryOutput(Output):
    policy = policies.budget_entry
    expandable: ClassVar[dict[str, Any]] = {"line": lambda: BudgetLineOutput}

    class Meta:
        model = BudgetEntry
        fields = (
            "id",
            "version",
            "cooperation",
            "line",
            "kind",
            "amount",
            "dated_on",
            "reference",
            "entered_by",
            "mandate",
            "created_at",
            "updated_at",
            "abilities",
        )


class BudgetEntryInput(ModelInput):
    class Meta:
        model = BudgetEntry
        fields = ("line", "kind", "amount", "dated_on", "reference")
        extra_kwargs = {"dated_on": {"required": False}}


class BudgetEntryFilter(filters.FilterSet):
    cooperation = django_filters.UUIDFilter(field_name="cooperation_id")
    line = django_filters.UUIDFilter(field_name="line_id")
    activity = django_filters.UUIDFilter(field_name="line__activity_id")
    mandate = django_filters.UUIDFilter(field_name="mandate_id")
    kind = django_filters.ChoiceFilter(choices=EntryKind.choices)
    locals().update(filters.date_range("dated_on"))


class BudgetEntryViewSet(CreateMixin, ReadViewSet):
    """An amount committed or spent. Never changed: an entry of opposite sign with the same reference corrects it."""

    serializer_class = BudgetEntryOutput
    inputs: ClassVar[dict[str, Any]] = {"create": BudgetEntryInput}
    create_service = staticmethod(services.budget_entry_create)
    filterset_class = BudgetEntryFilter
    ordering = ("dated_on",)
    ordering_fields = ("dated_on", "amount", "created_at")
    http_method_names = ["get", "post", "head", "options"]
