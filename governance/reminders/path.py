"""What the path reminds of: deliverables of an accompaniment, steps of the creation of a structure."""

import datetime as dt
from collections.abc import Iterator

from governance.enums_path import StepState
from governance.models import Cooperation, MissionDeliverable, ProjectStep
from governance.reminding import ExpectedReminder, Holders, ReminderKind
from governance.vital_signs.path import RUNNING


def expected(cooperation: Cooperation, today: dt.date) -> Iterator[ExpectedReminder]:
    """Whoever is in charge (owner of the step, referent of the mission); where nobody is any more, the coordination."""
    deliverables = list(
        MissionDeliverable.objects.filter(cooperation=cooperation, delivered_on__isnull=True, due_on__isnull=False)
        .select_related("mission")
        .order_by("pk")
    )
    steps = list(
        ProjectStep.objects.filter(
            cooperation=cooperation, state=StepState.OPEN, due_on__isnull=False, project__state__in=RUNNING
        )
        .select_related("project")
        .order_by("pk")
    )
    if not deliverables and not steps:
        return
    holders = Holders(cooperation, today)
    for deliverable in deliverables:
        assert deliverable.due_on is not None
        for person_id in holders.in_charge(deliverable.mission.referent_id):
            yield ExpectedReminder(
                kind=ReminderKind.DELIVERABLE_DUE,
                subject=deliverable,
                recipient_id=person_id,
                due_on=deliverable.due_on,
                label=f"{deliverable.title} ({deliverable.mission})",
            )
    for step in steps:
        assert step.due_on is not None
        for person_id in holders.in_charge(step.owner_id):
            yield ExpectedReminder(
                kind=ReminderKind.STRUCTURE_STEP_DUE,
                subject=step,
                recipient_id=person_id,
                due_on=step.due_on,
                label=f"{step.title} ({step.project})",
            )
