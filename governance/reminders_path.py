"""What the path reminds of: deliverables of an accompaniment, steps of the creation of a structure."""

import datetime as dt
from collections.abc import Iterator
from uuid import UUID

from governance.enums import RoleKind
from governance.enums_path import StepState
from governance.models import Cooperation, MissionDeliverable, Person, ProjectStep
from governance.reminding import ExpectedReminder, Holders, ReminderKind
from governance.vital_signs_path import RUNNING


def expected(cooperation: Cooperation, today: dt.date) -> Iterator[ExpectedReminder]:
    """Whoever is in charge (owner of the step, referent of the mission); where there is nobody, the coordination."""
    deliverables = list(
        MissionDeliverable.objects.filter(cooperation=cooperation, delivered_on__isnull=True, due_on__isnull=False)
        .select_related("mission", "mission__referent")
        .order_by("pk")
    )
    steps = list(
        ProjectStep.objects.filter(
            cooperation=cooperation, state=StepState.OPEN, due_on__isnull=False, project__state__in=RUNNING
        )
        .select_related("project", "owner")
        .order_by("pk")
    )
    if not deliverables and not steps:
        return
    coordination = Holders(cooperation, today).of(RoleKind.COORDINATION)
    for deliverable in deliverables:
        assert deliverable.due_on is not None
        for person_id in _told(deliverable.mission.referent, coordination):
            yield ExpectedReminder(
                kind=ReminderKind.DELIVERABLE_DUE,
                subject=deliverable,
                recipient_id=person_id,
                due_on=deliverable.due_on,
                label=f"{deliverable.title} ({deliverable.mission})",
            )
    for step in steps:
        assert step.due_on is not None
        for person_id in _told(step.owner, coordination):
            yield ExpectedReminder(
                kind=ReminderKind.STRUCTURE_STEP_DUE,
                subject=step,
                recipient_id=person_id,
                due_on=step.due_on,
                label=f"{step.title} ({step.project})",
            )


def _told(person: Person | None, coordination: list[UUID]) -> list[UUID]:
    return [person.pk] if person is not None and person.erased_at is None else coordination
