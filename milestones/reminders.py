"""What milestones reminds of: dates of milestones, mandates that end, values to measure, actions to finish."""

import datetime as dt
from collections.abc import Iterator
from uuid import UUID

from django.db.models import Q

from governance.enums import RoleKind
from governance.models import Cooperation
from governance.reminding import ExpectedReminder, Holders, ReminderKind, unique
from milestones.enums import ActionState, MeasurementState, MilestoneState
from milestones.models import CorrectiveAction, Indicator, Mandate, Measurement, Milestone
from milestones.rules.evaluation import Frequency, measurement_due_on


def expected(cooperation: Cooperation, today: dt.date) -> Iterator[ExpectedReminder]:
    """One per person and subject. The pilot is told first; where there is none, the coordination."""
    holders = Holders(cooperation, today)
    coordination = holders.of(RoleKind.COORDINATION)
    mandates = list(
        Mandate.objects.in_force(today)
        .filter(cooperation=cooperation, person__erased_at__isnull=True)
        .select_related("activity", "person")
        .order_by("pk")
    )
    pilots: dict[UUID | None, list[UUID]] = {mandate.activity_id: [mandate.person_id] for mandate in mandates}
    yield from _milestones(cooperation, pilots, coordination)
    yield from _mandates(mandates, coordination)
    yield from _measurements(cooperation, today, pilots, coordination)
    yield from _actions(cooperation, holders)


def _milestones(
    cooperation: Cooperation, pilots: dict[UUID | None, list[UUID]], coordination: list[UUID]
) -> Iterator[ExpectedReminder]:
    waiting = Milestone.objects.filter(
        cooperation=cooperation, state__in=[MilestoneState.PLANNED, MilestoneState.STARTED]
    )
    for milestone in waiting.select_related("activity").order_by("pk"):
        for person_id in pilots.get(milestone.activity_id, coordination):
            yield ExpectedReminder(
                kind=ReminderKind.MILESTONE_DUE,
                subject=milestone,
                recipient_id=person_id,
                due_on=milestone.due_on,
                label=f"{milestone.title} ({milestone.activity.name})",
            )


def _mandates(mandates: list[Mandate], coordination: list[UUID]) -> Iterator[ExpectedReminder]:
    for mandate in mandates:
        if mandate.until is None:
            continue
        for person_id in unique([mandate.person_id, *coordination]):
            yield ExpectedReminder(
                kind=ReminderKind.MANDATE_ENDING,
                subject=mandate,
                recipient_id=person_id,
                due_on=mandate.until,
                label=mandate.activity.name,
            )


def _measurements(
    cooperation: Cooperation,
    today: dt.date,
    pilots: dict[UUID | None, list[UUID]],
    coordination: list[UUID],
) -> Iterator[ExpectedReminder]:
    running = Q(retired_on__isnull=True) | Q(retired_on__gt=today)
    indicators = list(
        Indicator.objects.filter(running, cooperation=cooperation).select_related("activity").order_by("pk")
    )
    # What was entered is awaited no more, validated or not: the validator is another matter.
    entered: dict[UUID, dt.date] = dict(
        Measurement.objects.filter(cooperation=cooperation)
        .exclude(state__in=[MeasurementState.DRAFT, MeasurementState.RETURNED])
        .order_by("indicator_id", "-period_end")
        .distinct("indicator_id")
        .values_list("indicator_id", "period_end")
    )
    for indicator in indicators:
        last = entered.get(indicator.pk, indicator.baseline_on)
        due_on = None if last is None else measurement_due_on(last, Frequency(indicator.frequency))
        if due_on is None:
            continue
        for person_id in pilots.get(indicator.activity_id, coordination):
            yield ExpectedReminder(
                kind=ReminderKind.MEASUREMENT_DUE,
                subject=indicator,
                recipient_id=person_id,
                due_on=due_on,
                label=f"{indicator.code} {indicator.label}",
            )


def _actions(cooperation: Cooperation, holders: Holders) -> Iterator[ExpectedReminder]:
    actions = CorrectiveAction.objects.filter(cooperation=cooperation, state=ActionState.OPEN)
    for action in actions.order_by("pk"):
        for person_id in holders.in_charge(action.owner_id):
            yield ExpectedReminder(
                kind=ReminderKind.CORRECTIVE_ACTION_DUE,
                subject=action,
                recipient_id=person_id,
                due_on=action.due_on,
                label=action.title,
            )
