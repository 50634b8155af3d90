"""Who sits on which board on a day, and what everybody may know of an open vote."""

import datetime as dt
from collections.abc import Collection
from uuid import UUID

from charters.models import BoardDeliberation, Elector, Proxy
from charters.rules import live_vote
from governance.enums import RoleKind
from governance.models import Role

BOARD_KINDS = (RoleKind.BOARD_CHAIR, RoleKind.BOARD_MEMBER)


def board_people(deliberation: BoardDeliberation, day: dt.date) -> dict[UUID, bool]:
    """The people who sit on the board on that day, and whether they chair it."""
    rows = Role.objects.in_force(day).filter(
        cooperation_id=deliberation.cooperation_id,
        organisation_id=deliberation.organisation_id,
        kind__in=BOARD_KINDS,
        person__erased_at__isnull=True,
    )
    people: dict[UUID, bool] = {}
    for person_id, kind in rows.order_by("since", "pk").values_list("person_id", "kind"):
        people[person_id] = people.get(person_id, False) or kind == RoleKind.BOARD_CHAIR
    return people


def other_seats(
    deliberation: BoardDeliberation, people: Collection[UUID], parties: Collection[UUID], day: dt.date
) -> dict[UUID, set[UUID]]:
    """Person -> the other parties of the text on whose boards they sit that day, in this cooperation."""
    rows = Role.objects.in_force(day).filter(
        cooperation_id=deliberation.cooperation_id,
        organisation_id__in=set(parties) - {deliberation.organisation_id},
        kind__in=BOARD_KINDS,
        person__in=people,
    )
    seats: dict[UUID, set[UUID]] = {}
    for person_id, organisation_id in rows.order_by("pk").values_list("person_id", "organisation_id"):
        seats.setdefault(person_id, set()).add(organisation_id)
    return seats


def session_of(deliberation: BoardDeliberation) -> live_vote.Session:
    """The electors and the proxies that stand, as the rules know them."""
    electors = Elector.objects.filter(deliberation=deliberation).order_by("pk")
    return live_vote.Session(
        tuple(
            live_vote.Elector(
                person=str(elector.person_id),
                chair=elector.chair,
                attended=elector.attended,
                remote=elector.remote,
                voted=elector.voted,
                recused=elector.recused,
            )
            for elector in electors
        ),
        proxies_of(deliberation),
    )


def session_to_come(deliberation: BoardDeliberation, day: dt.date) -> live_vote.Session:
    """The same for a vote that is not open: the electors would be those who sit on the board that day."""
    people = board_people(deliberation, day)
    electors = tuple(live_vote.Elector(str(person_id), chair) for person_id, chair in people.items())
    return live_vote.Session(electors, proxies_of(deliberation))


def proxies_of(deliberation: BoardDeliberation) -> tuple[live_vote.Proxy, ...]:
    """The proxies that were not revoked, in the order in which they were given."""
    rows = Proxy.objects.filter(deliberation=deliberation, revoked_on__isnull=True).order_by("created_at", "pk")
    return tuple(
        live_vote.Proxy(str(proxy.giver_id), str(proxy.holder_id), proxy.written, proxy.used) for proxy in rows
    )
