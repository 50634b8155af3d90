"""Working groups: what is late or silent in them, and how much meeting one person bears (guide: « comitologie »)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from governance.rules.calendars import add_months

# Meetings are counted over these last months.
LOAD_MONTHS = 3
WARNING = _(
    "Le guide met en garde contre la « comitologie » : des pratiques entre structures demandent de changer les "
    "habitudes de travail, pas d’ajouter des réunions. Le seuil est un réglage de la coopération, pas une règle."
)


def silent_since(*, since: date, met_on: Iterable[date], months: int, on: date) -> date | None:
    """The day since which a group has been silent: `months` after its last meeting, or its start. None if it is not."""
    last = max([since, *(day for day in met_on if day <= on)])
    limit = add_months(last, months)
    return limit if on > limit else None


@dataclass(frozen=True)
class Seat:
    """A person sits in a group in this period."""

    person: Any
    group: Any
    since: date
    until: date | None = None

    def holds(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class GroupMeeting:
    """`attended`: who came, empty when only a number is known: then all those who sat in the group that day."""

    group: Any
    held_on: date
    attended: frozenset[Any] = frozenset()


@dataclass(frozen=True)
class Load:
    """What one person bears: groups today, meetings in the last three months, boards today."""

    person: Any
    groups: int
    meetings: int
    boards: int
    threshold: int

    @property
    def total(self) -> int:
        """Groups and boards, and the meetings of one month on average, rounded down."""
        return self.groups + self.boards + self.meetings // LOAD_MONTHS

    @property
    def is_over(self) -> bool:
        return self.total > self.threshold


def loads(
    *, seats: Iterable[Seat], meetings: Iterable[GroupMeeting], boards: Iterable[Any], threshold: int, on: date
) -> list[Load]:
    """The load of each person who sits in a group or, once for each board, in `boards`; the heaviest first."""
    known, held, sits = list(seats), list(meetings), list(boards)
    first = add_months(on, -LOAD_MONTHS)
    groups: dict[Any, set[Any]] = {}
    for seat in known:
        if seat.holds(on):
            groups.setdefault(seat.person, set()).add(seat.group)
    went: dict[Any, int] = {}
    for meeting in held:
        if first < meeting.held_on <= on:
            there = meeting.attended or {
                seat.person for seat in known if seat.group == meeting.group and seat.holds(meeting.held_on)
            }
            for person in there:
                went[person] = went.get(person, 0) + 1
    people = {*groups, *went, *sits}
    found = [
        Load(person, len(groups.get(person, ())), went.get(person, 0), sits.count(person), threshold)
        for person in people
    ]
    return sorted(found, key=lambda load: (-load.total, -load.groups, -load.meetings, str(load.person)))
