"""What a departure leaves behind in working groups and in the communication plan."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coopproject import wording
from coopproject.exceptions import NotAllowed
from coopproject.locking import hold
from governance.actor import Actor
from governance.departures import Consequence
from governance.departures.people import acts_for
from governance.enums import CommunicationState
from governance.handovers import Leaver, Leaving, LeftOpen, Matter
from governance.models import CommunicationAction, Cooperation, Person, Role, WorkingGroup, WorkingGroupMember
from governance.policies.dialogue import communication_action, working_group
from governance.services import communication, working_groups
from governance.vital_signs.in_charge import Charge

_LED = _("Le confier à une autre personne, ou y mettre fin.")
_LED_OR_OPEN = _("Le confier à une autre personne, y mettre fin, ou dire pourquoi personne ne l’anime.")
_PLANNED = _("La mener avant la sortie, la confier à une autre personne, ou y renoncer.")
_PLANNED_OR_OPEN = _("La confier à une autre personne, y renoncer, ou dire pourquoi elle attend.")


def of_organisation(
    actor: Actor, cooperation: Cooperation, organisation_id: UUID, on: dt.date
) -> Iterator[Consequence]:
    """The groups led on its behalf, the seats held for it, what its own people were still to be told."""
    yield from _led(actor, cooperation, Q(organisation=organisation_id), _LED)
    seats = _seats(actor, cooperation).filter(organisation=organisation_id)
    for seat in seats.exclude(group__organisation=organisation_id, person__in=_leads(cooperation)).order_by("pk"):
        yield _seat_ends(seat)
    # Whoever acts here for this organisation alone acts here no more.
    roles = Role.objects.in_force(on).filter(cooperation=cooperation)
    others = roles.exclude(organisation=organisation_id).values("person")
    only = roles.filter(organisation=organisation_id).exclude(person__in=others).values("person")
    yield from _actions(actor, cooperation, Q(organisation=organisation_id) | Q(owner__in=only), _PLANNED)


def of_person(actor: Actor, cooperation: Cooperation, person_id: UUID, on: dt.date) -> Iterator[Consequence]:
    """The groups that they lead, the seats that they hold, the actions confided to them."""
    yield from _led(actor, cooperation, Q(lead=person_id), _LED_OR_OPEN)
    for seat in _seats(actor, cooperation).filter(person=person_id).exclude(group__lead=person_id).order_by("pk"):
        yield _seat_ends(seat)
    yield from _actions(actor, cooperation, Q(owner=person_id), _PLANNED_OR_OPEN)


def _leads(cooperation: Cooperation) -> Any:
    return WorkingGroup.objects.filter(cooperation=cooperation, ended_on__isnull=True).values("lead")


def _led(actor: Actor, cooperation: Cooperation, whose: Q, clears: Promise) -> Iterator[Consequence]:
    groups = WorkingGroup.objects.visible_to(actor).filter(whose, cooperation=cooperation, ended_on__isnull=True)
    for group in groups.order_by("pk"):
        yield Consequence(
            "group_loses_its_lead",
            wording.filled(_("Le groupe de travail « %(theme)s » n’aurait plus personne pour l’animer."), theme=group),
            clears,
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


def _actions(actor: Actor, cooperation: Cooperation, whose: Q, clears: Promise) -> Iterator[Consequence]:
    planned = CommunicationAction.objects.visible_to(actor).filter(
        whose, cooperation=cooperation, state=CommunicationState.PLANNED
    )
    for action in planned.order_by("pk"):
        yield Consequence(
            "communication_planned",
            wording.filled(_("L’action de communication « %(message)s » reste à mener."), message=action),
            clears,
            "communication-actions",
            action.pk,
            day=action.planned_on,
        )


CHARGES = (
    Charge(
        WorkingGroup,
        "lead",
        lambda _on: Q(ended_on__isnull=True),
        _("Le confier à une autre personne, ou y mettre fin."),
    ),
    Charge(
        CommunicationAction,
        "owner",
        lambda _on: Q(state=CommunicationState.PLANNED),
        _("La confier à une autre personne, la mener, ou y renoncer."),
    ),
)


def _take_group(leaving: Leaving, group: WorkingGroup, to: Person) -> None:
    """Led on behalf of the same organisation only by who acts for it too."""
    if not working_group.allows(leaving.actor, "update", group):
        raise NotAllowed(working_group.refusal("update"))
    same = group.organisation if group.organisation and acts_for(leaving, to, group.organisation.pk) else None
    working_groups.group_update(
        pk=group.pk, actor=leaving.actor, expected_version=None, changes={"lead": to, "organisation": same}
    )


def _take_action(leaving: Leaving, action: CommunicationAction, to: Person) -> None:
    if not communication_action.allows(leaving.actor, "update", action):
        raise NotAllowed(communication_action.refusal("update"))
    communication.communication_update(pk=action.pk, actor=leaving.actor, expected_version=None, changes={"owner": to})


def _groups_unsettled(_cooperation: Cooperation, left: Sequence[LeftOpen], on: dt.date) -> Iterable[LeftOpen]:
    return (item for item in left if item.obj.ended_on is None and item.obj.lead_id == item.person_id)


def _actions_unsettled(_cooperation: Cooperation, left: Sequence[LeftOpen], on: dt.date) -> Iterable[LeftOpen]:
    return (
        item for item in left if item.obj.state == CommunicationState.PLANNED and item.obj.owner_id == item.person_id
    )


MATTERS = {
    "group_loses_its_lead": Matter(WorkingGroup, str, _groups_unsettled, CHARGES[0].clears, _take_group),
    "communication_planned": Matter(
        CommunicationAction,
        str,
        _actions_unsettled,
        CHARGES[1].clears,
        _take_action,
    ),
}


def _hold(cooperation: Cooperation, person_id: UUID) -> None:
    """The groups that they lead or sit in, and the actions confided to them, as the acts on each lock them."""
    seated = WorkingGroupMember.objects.filter(cooperation=cooperation, person=person_id).order_by().values("group")
    for rows in (
        WorkingGroup.objects.filter(Q(lead=person_id) | Q(pk__in=seated), cooperation=cooperation),
        CommunicationAction.objects.filter(cooperation=cooperation, owner=person_id),
    ):
        hold(rows)


def _end(leaving: Leaving) -> dict[str, Any]:
    """Their seats. Each group tells of it at its own level."""
    working_groups.group_leave_seats(
        actor=leaving.actor,
        cooperation=leaving.cooperation,
        person=leaving.person,
        last_day=leaving.last_day,
    )
    return {}


LEAVER = Leaver(_hold, _end)
