"""Milestones in the words of the rules, with what each waits for."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from milestones.enums import MilestoneState
from milestones.models import Milestone, MilestoneDependency
from milestones.rules.milestone_dates import MilestoneFacts


def with_dependencies(queryset: QuerySet[Any]) -> QuerySet[Any]:
    """Add what `facts_of` reads: one query, whatever the number of rows."""
    dependencies = MilestoneDependency.objects.order_by("pk")
    return queryset.prefetch_related(Prefetch("dependencies", queryset=dependencies))


def facts_of(milestone: Milestone, *, depends_on: Iterable[Milestone] | None = None) -> MilestoneFacts:
    """The row in the words of the rules; `depends_on` replaces what it waits for (what an input asks for)."""
    if depends_on is not None:
        awaited = [other.pk for other in depends_on]
    else:
        awaited = [] if milestone._state.adding else [row.awaits_id for row in milestone.dependencies.all()]
    return MilestoneFacts(
        ref=str(milestone.pk),
        due_on=milestone.due_on,
        baseline_due_on=milestone.baseline_due_on,
        done_on=milestone.completed_on,
        depends_on=tuple(str(pk) for pk in awaited),
    )


def facts_of_activity(activity_id: UUID) -> list[MilestoneFacts]:
    """Every milestone of the activity but those given up."""
    rows = Milestone.objects.filter(activity=activity_id).exclude(state=MilestoneState.CANCELLED).order_by("pk")
    return [facts_of(row) for row in with_dependencies(rows)]
