"""What each person bears of groups, meetings and boards, as far as the reader may know of them."""

import datetime as dt
from collections.abc import Iterable
from typing import Any
from uuid import UUID

from governance.actor import Actor
from governance.enums import RoleKind
from governance.models import Cooperation, Person, Role, WorkingGroup, WorkingGroupMeeting, WorkingGroupMember
from governance.rules.adjustable import adjusted
from governance.rules.working_groups import LOAD_MONTHS, WARNING, GroupMeeting, Load, Seat, loads

_BOARD = (RoleKind.BOARD_CHAIR, RoleKind.BOARD_MEMBER)


def committee_loads(cooperation: Cooperation, actor: Actor, on: dt.date) -> list[Load]:
    """The load of each person known to the reader, by identifier; hidden groups count for nothing."""
    groups = WorkingGroup.objects.visible_to(actor).filter(cooperation=cooperation)
    running = groups.values("pk")
    seats = [
        Seat(person, group, since, min(filter(None, (until, ended)), default=None))
        for person, group, since, until, ended in WorkingGroupMember.objects.filter(group__in=running)
        .order_by("pk")
        .values_list("person_id", "group_id", "since", "until", "group__ended_on")
    ]
    meetings = WorkingGroupMeeting.objects.filter(group__in=running).order_by("pk").prefetch_related("attended")
    roles = Role.objects.visible_to(actor).in_force(on).filter(cooperation=cooperation, kind__in=_BOARD)
    boards = roles.order_by("person_id", "organisation_id").values_list("person_id", "organisation_id").distinct()
    return loads(
        seats=seats,
        meetings=[
            GroupMeeting(row.group_id, row.held_on, frozenset(person.pk for person in row.attended.all()))
            for row in meetings
        ],
        boards=[person for person, _organisation in boards],
        threshold=adjusted(cooperation.settings, "committee_load"),
        on=on,
    )


def committee_load(cooperation: Cooperation, actor: Actor, on: dt.date) -> dict[str, Any]:
    """The same with the names that the reader may know of, and the guide's warning."""
    found = committee_loads(cooperation, actor, on)
    names = _names(actor, (load.person for load in found))
    return {
        "cooperation": cooperation.pk,
        "on": on,
        "months": LOAD_MONTHS,
        "threshold": adjusted(cooperation.settings, "committee_load"),
        "configurable": "committee_load",
        "warning": WARNING,
        "people": [
            {
                "person": load.person,
                "name": names[load.person],
                "groups": load.groups,
                "meetings": load.meetings,
                "boards": load.boards,
                "load": load.total,
                "over_threshold": load.is_over,
            }
            for load in found
            if load.person in names
        ],
    }


def _names(actor: Actor, people: Iterable[UUID]) -> dict[UUID, str]:
    known = Person.objects.visible_to(actor).filter(pk__in=sorted(set(people)))
    return {person.pk: str(person) for person in known.order_by("pk")}
