"""What a departure leaves behind on the path: structures that it founds, steps and missions that its people follow."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from coopproject import wording
from coopproject.exceptions import NotAllowed
from coopproject.locking import hold
from governance.actor import Actor
from governance.departures import Consequence
from governance.enums_path import ProjectState, StepState
from governance.handovers import Leaver, Leaving, LeftOpen, Matter
from governance.models import (
    Cooperation,
    MissionDeliverable,
    Person,
    ProjectStep,
    Role,
    StructureProject,
    SupportMission,
)
from governance.policies.path import project_step, support_mission
from governance.services import missions, project_steps
from governance.vital_signs.in_charge import Charge
from governance.vital_signs.path import RUNNING

_OPEN = (ProjectState.DRAFT, *RUNNING)


def of_organisation(
    actor: Actor, cooperation: Cooperation, organisation_id: UUID, on: dt.date
) -> Iterator[Consequence]:
    """The structures not yet created that it founds, and what people who act here for it alone are in charge of."""
    projects = StructureProject.objects.visible_to(actor).filter(
        cooperation=cooperation, founders=organisation_id, state__in=[ProjectState.DRAFT, ProjectState.UNDER_WAY]
    )
    for project in projects.order_by("pk"):
        yield Consequence(
            "structure_loses_founder",
            wording.filled(_("« %(project)s » la compte parmi ses fondateurs."), project=project),
            _("Revoir les fondateurs, ou constater la création avant la sortie."),
            "structure-projects",
            project.pk,
            day=project.planned_on,
        )
    roles = Role.objects.in_force(on).filter(cooperation=cooperation)
    own = set(roles.filter(organisation=organisation_id).order_by().values_list("person", flat=True))
    others = roles.filter(Q(organisation__isnull=True) | ~Q(organisation=organisation_id))
    yield from _followed(actor, cooperation, own - set(others.order_by().values_list("person", flat=True)), on)


def of_person(actor: Actor, cooperation: Cooperation, person_id: UUID, on: dt.date) -> Iterator[Consequence]:
    """The open steps and the running missions of which this person is in charge."""
    yield from _followed(actor, cooperation, [person_id], on)


def _followed(actor: Actor, cooperation: Cooperation, people: Collection[UUID], on: dt.date) -> Iterator[Consequence]:
    steps = ProjectStep.objects.visible_to(actor).filter(
        cooperation=cooperation,
        owner__in=people,
        state=StepState.OPEN,
        project__state__in=_OPEN,
    )
    for step in steps.select_related("project", "owner").order_by("pk"):
        yield Consequence(
            "structure_step_without_owner",
            wording.filled(
                _("L’étape « %(title)s » de « %(project)s » perd sa responsable ou son responsable, %(owner)s."),
                title=step.title,
                project=step.project,
                owner=step.owner,
            ),
            _("La confier à une autre personne, ou dire pourquoi personne n’en est chargé."),
            "project-steps",
            step.pk,
            day=step.due_on,
        )
    followed = SupportMission.objects.visible_to(actor).filter(_awaited(on), cooperation=cooperation)
    for mission in followed.filter(referent__in=people).select_related("referent").order_by("pk"):
        yield Consequence(
            "mission_without_referent",
            wording.filled(
                _("L’accompagnement « %(mission)s » perd sa référente ou son référent, %(referent)s."),
                mission=mission,
                referent=mission.referent,
            ),
            _("Nommer une autre personne, ou dire pourquoi personne ne le suit."),
            "support-missions",
            mission.pk,
            day=mission.ends_on,
        )


def _awaited(on: dt.date) -> Q:
    """Missions that run after that day, or that have not handed everything over."""
    expected = MissionDeliverable.objects.filter(mission=OuterRef("pk"), delivered_on__isnull=True)
    return Q(ends_on__isnull=True) | Q(ends_on__gt=on) | Q(Exists(expected))


CHARGES = (
    Charge(
        ProjectStep,
        "owner",
        lambda _on: Q(state=StepState.OPEN, project__state__in=_OPEN),
        _("La confier à une autre personne, la faire, ou la laisser de côté avec un motif."),
    ),
    Charge(SupportMission, "referent", _awaited, _("Nommer une autre personne.")),
)


def _take_step(leaving: Leaving, step: ProjectStep, to: Person) -> None:
    if not project_step.allows(leaving.actor, "update", step):
        raise NotAllowed(project_step.refusal("update"))
    project_steps.step_update(pk=step.pk, actor=leaving.actor, expected_version=None, changes={"owner": to})


def _take_mission(leaving: Leaving, mission: SupportMission, to: Person) -> None:
    if not support_mission.allows(leaving.actor, "update", mission):
        raise NotAllowed(support_mission.refusal("update"))
    missions.mission_update(pk=mission.pk, actor=leaving.actor, expected_version=None, changes={"referent": to})


def _steps_unsettled(_cooperation: Cooperation, left: Sequence[LeftOpen], on: dt.date) -> Iterable[LeftOpen]:
    steps = ProjectStep.objects.filter(pk__in=[item.obj.pk for item in left], state=StepState.OPEN)
    waiting = set(steps.filter(project__state__in=_OPEN).order_by().values_list("pk", flat=True))
    return (item for item in left if item.obj.pk in waiting and item.obj.owner_id == item.person_id)


def _missions_unsettled(_cooperation: Cooperation, left: Sequence[LeftOpen], on: dt.date) -> Iterable[LeftOpen]:
    running = SupportMission.objects.filter(_awaited(on), pk__in=[item.obj.pk for item in left])
    followed = set(running.order_by().values_list("pk", flat=True))
    return (item for item in left if item.obj.pk in followed and item.obj.referent_id == item.person_id)


MATTERS = {
    "structure_step_without_owner": Matter(
        ProjectStep,
        str,
        _steps_unsettled,
        CHARGES[0].clears,
        _take_step,
    ),
    "mission_without_referent": Matter(SupportMission, str, _missions_unsettled, CHARGES[1].clears, _take_mission),
}


def _hold(cooperation: Cooperation, person_id: UUID) -> None:
    """The roots of what they are in charge of, as the acts on each lock them."""
    steps = ProjectStep.objects.filter(cooperation=cooperation, owner=person_id, state=StepState.OPEN)
    hold(StructureProject.objects.filter(pk__in=steps.order_by().values("project")))
    hold(SupportMission.objects.filter(cooperation=cooperation, referent=person_id))


LEAVER = Leaver(_hold)
