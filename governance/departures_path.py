"""What a departure leaves behind on the path: structures that it founds, steps and missions that its people follow."""

import datetime as dt
from collections.abc import Collection, Iterator
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coopproject import wording
from governance.actor import Actor
from governance.departures import Consequence
from governance.enums_path import ProjectState, StepState
from governance.models import Cooperation, ProjectStep, Role, StructureProject, SupportMission
from governance.vital_signs_path import RUNNING


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
        project__state__in=[ProjectState.DRAFT, *RUNNING],
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
            _("La confier à une autre personne."),
            "project-steps",
            step.pk,
            day=step.due_on,
        )
    missions = SupportMission.objects.visible_to(actor).filter(
        Q(ends_on__isnull=True) | Q(ends_on__gt=on), cooperation=cooperation, referent__in=people
    )
    for mission in missions.select_related("referent").order_by("pk"):
        yield Consequence(
            "mission_without_referent",
            wording.filled(
                _("L’accompagnement « %(mission)s » perd sa référente ou son référent, %(referent)s."),
                mission=mission,
                referent=mission.referent,
            ),
            _("Nommer une autre personne."),
            "support-missions",
            mission.pk,
            day=mission.ends_on,
        )
