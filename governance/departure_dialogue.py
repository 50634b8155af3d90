"""What a departure leaves behind in working groups and in the communication plan."""

import datetime as dt
from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coopproject import wording
from governance.actor import Actor
from governance.departures import Consequence
from governance.enums import CommunicationState
from governance.models import CommunicationAction, Cooperation, Role, WorkingGroup, WorkingGroupMember


def of_organisation(
    actor: Actor, cooperation: Cooperation, organisation_id: UUID, on: dt.date
) -> Iterator[Consequence]:
    """The groups led on its behalf, the seats held for it, what its own people were still to be told."""
    yield from _led(actor, cooperation, Q(organisation=organisation_id))
    seats = _seats(actor, cooperation).filter(organisation=organisation_id)
    for seat in seats.exclude(group__organisation=organisation_id, person__in=_leads(cooperation)).order_by("pk"):
        yield _seat_ends(seat)
    # Whoever acts here for this organisation alone acts here no more.
    roles = Role.objects.in_force(on).filter(cooperation=cooperation)
    others = roles.exclude(organisation=organisation_id).values("person")
    only = roles.filter(organisation=organisation_id).exclude(person__in=others).values("person")
    yield from _actions(actor, cooperation, Q(organisation=organisation_id) | Q(owner__in=only))


def of_person(actor: Actor, cooperation: Cooperation, person_id: UUID, on: dt.date) -> Iterator[Consequence]:
    """The groups that they lead, the seats that they hold, the actions confided to them."""
    yield from _led(actor, cooperation, Q(lead=person_id))
    for seat in _seats(actor, cooperation).filter(person=person_id).exclude(group__lead=person_id).order_by("pk"):
        yield _seat_ends(seat)
    yield from _actions(actor, cooperation, Q(owner=person_id))


def _leads(cooperation: Cooperation) -> Any:
    return WorkingGroup.objects.filter(cooperation=cooperation, ended_on__isnull=True).values("lead")


def _led(actor: Actor, cooperation: Cooperation, whose: Q) -> Iterator[Consequence]:
    groups = WorkingGroup.objects.visible_to(actor).filter(whose, cooperation=cooperation, ended_on__isnull=True)
    for group in groups.order_by("pk"):
        yield Consequence(
            "group_loses_its_lead",
            wording.filled(_("Le groupe de travail « %(theme)s » n’aurait plus personne pour l’animer."), theme=group),
            _("Le confier à une autre personne, ou y mettre fin."),
            "working-groups",
            group.pk,
            day=group.next_meeting_on,
        )


def _seats(actor: Actor, cooperation: Cooperation) -> Any:
    seats = WorkingGroupMember.objects.visible_to(actor).select_related("group", "person")
    return seats.filter(cooperation=cooperation, until__isnull=True, group__ended_on__isnull=True)


def _seat_ends(seat: WorkingGroupMember) -> Consequence:
    return Consequence(
        "group_seat_ends",
        wording.filled(
            _("%(person)s ne siégerait plus dans le groupe de travail « %(theme)s »."),
            person=seat.person,
            theme=seat.group,
        ),
        _("Rien à faire, ou demander à une autre personne d’y siéger."),
        "working-groups",
        seat.group_id,
    )


def _actions(actor: Actor, cooperation: Cooperation, whose: Q) -> Iterator[Consequence]:
    planned = CommunicationAction.objects.visible_to(actor).filter(
        whose, cooperation=cooperation, state=CommunicationState.PLANNED
    )
    for action in planned.order_by("pk"):
        yield Consequence(
            "communication_planned",
            wording.filled(_("L’action de communication « %(message)s » reste à mener."), message=action),
            _("La mener avant la sortie, la confier à une autre personne, ou y renoncer."),
            "communication-actions",
            action.pk,
            day=action.planned_on,
        )
