"""What waits for a person on the path: their own steps and the deliverables that they follow, once the day has come."""

import datetime as dt
from collections.abc import Iterator

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from governance.actor import Actor
from governance.enums_path import StepState
from governance.models import MissionDeliverable, ProjectStep
from governance.vital_signs.path import RUNNING
from governance.waiting import Waiting


def waiting(actor: Actor, on: dt.date) -> Iterator[Waiting]:
    """Only what this very person is in charge of, and may know of."""
    steps = ProjectStep.objects.visible_to(actor).filter(
        owner=actor.person_id, state=StepState.OPEN, due_on__lte=on, project__state__in=RUNNING
    )
    for step in steps.select_related("project").order_by("due_on", "pk"):
        title = format_lazy(_("Faire l’étape « {title} » de « {project} »"), title=step.title, project=step.project)
        yield Waiting(
            "structure_step_due", title, "project-steps", step.pk, step.cooperation_id, step.due_on, step.due_on
        )
    deliverables = MissionDeliverable.objects.visible_to(actor).filter(
        mission__referent=actor.person_id, delivered_on__isnull=True, due_on__lte=on
    )
    for row in deliverables.order_by("due_on", "pk"):
        title = format_lazy(_("Obtenir le livrable « {title} »"), title=row.title)
        yield Waiting(
            "deliverable_due", title, "mission-deliverables", row.pk, row.cooperation_id, row.due_on, row.due_on
        )
