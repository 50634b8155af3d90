"""The vital signs of the path: what an accompaniment was to hand over, its days, the steps of a creation."""

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from coopproject import wording
from governance.actor import Actor
from governance.enums_path import ProjectState, StepState
from governance.models import Cooperation, MissionDeliverable, ProjectStep, SupportMission
from governance.rules.missions import total_days
from governance.vital_signs import Concern, Severity, VitalSign

RUNNING = (ProjectState.UNDER_WAY, ProjectState.CREATED)


def examine(cooperation: Cooperation, actor: Actor, on: dt.date) -> Iterator[VitalSign]:
    """Only what this reader may know of."""
    yield from _deliverables(cooperation, actor, on)
    yield from _days(cooperation, actor)
    yield from _steps(cooperation, actor, on)


def _deliverables(cooperation: Cooperation, actor: Actor, on: dt.date) -> Iterator[VitalSign]:
    late = (
        MissionDeliverable.objects.visible_to(actor)
        .filter(cooperation=cooperation, delivered_on__isnull=True, due_on__lt=on)
        .select_related("mission")
        .order_by("due_on", "pk")
    )
    for row in late:
        assert row.due_on is not None
        yield VitalSign(
            code="deliverable_overdue",
            severity=Severity.WARNING,
            title=_("Livrable en retard"),
            why=_("« %(title)s » (%(mission)s) était attendu le %(day)s.")
            % {"title": row.title, "mission": row.mission, "day": wording.day(row.due_on)},
            clears=_("Enregistrer sa remise, ou convenir d’un autre jour."),
            since=row.due_on + dt.timedelta(days=1),
            objects=(
                Concern("mission-deliverables", str(row.pk), row.title),
                Concern("support-missions", str(row.mission_id), str(row.mission)),
            ),
        )


def _days(cooperation: Cooperation, actor: Actor) -> Iterator[VitalSign]:
    missions = (
        SupportMission.objects.visible_to(actor)
        .filter(cooperation=cooperation)
        .prefetch_related("phases")
        .order_by("starts_on", "pk")
    )
    for mission in missions:
        total = total_days((phase.planned_days, phase.done_days) for phase in mission.phases.all())
        if total.planned is None or not total.exceeded_by:
            continue
        yield VitalSign(
            code="mission_days_exceeded",
            severity=Severity.INFO,
            title=_("Accompagnement plus long que prévu"),
            why=_("« %(mission)s » : %(done)s jours faits pour %(planned)s prévus.")
            % {
                "mission": mission,
                "done": wording.amount(total.done),
                "planned": wording.amount(total.planned),
            },
            clears=_("Revoir les jours prévus avec l’accompagnateur et le financeur."),
            objects=(Concern("support-missions", str(mission.pk), str(mission)),),
        )


def _steps(cooperation: Cooperation, actor: Actor, on: dt.date) -> Iterator[VitalSign]:
    """One sign per project, with its late steps: they most often wait for each other."""
    late = (
        ProjectStep.objects.visible_to(actor)
        .filter(cooperation=cooperation, state=StepState.OPEN, due_on__lt=on, project__state__in=RUNNING)
        .select_related("project")
        .order_by("project", "due_on", "position")
    )
    by_project: dict[object, list[ProjectStep]] = {}
    for step in late:
        by_project.setdefault(step.project_id, []).append(step)
    for steps in by_project.values():
        first = steps[0]
        assert first.due_on is not None
        yield VitalSign(
            code="structure_step_overdue",
            severity=Severity.WARNING,
            title=_("Création de structure en retard"),
            why=ngettext(
                "« %(project)s » : %(count)d étape est en retard, « %(title)s » depuis le %(day)s.",
                "« %(project)s » : %(count)d étapes sont en retard, la première (« %(title)s ») depuis le %(day)s.",
                len(steps),
            )
            % {
                "project": first.project,
                "count": len(steps),
                "title": first.title,
                "day": wording.day(first.due_on),
            },
            clears=_("Faire ces étapes, leur donner un autre jour, ou les laisser de côté avec un motif."),
            since=first.due_on + dt.timedelta(days=1),
            objects=(
                *(Concern("project-steps", str(step.pk), step.title) for step in steps),
                Concern("structure-projects", str(first.project_id), str(first.project)),
            ),
        )
