"""When an organisation may join, move between circles and leave, and when a person may be given a role.

Pure: periods are inclusive on both days, an open end never stops (domain.md 6, circles; product.md, vocabulary).
"""

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from coopproject import wording
from coopproject.exceptions import Violation


@dataclass(frozen=True)
class Period:
    """From `since` to `until`, both included; None never stops."""

    since: dt.date
    until: dt.date | None = None

    def contains(self, day: dt.date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)

    def overlaps(self, other: "Period") -> bool:
        return (other.until is None or self.since <= other.until) and (self.until is None or other.since <= self.until)

    def covers(self, other: "Period") -> bool:
        """Whether every day of the other is one of this."""
        if other.since < self.since:
            return False
        return self.until is None or (other.until is not None and other.until <= self.until)


@dataclass(frozen=True)
class Stay:
    """A period in one circle."""

    circle: str
    since: dt.date


def join_violations(
    *, joined_on: dt.date, started_on: dt.date, ended_on: dt.date | None, memberships: Iterable[Period]
) -> Iterator[Violation]:
    """`started_on` and `ended_on` are those of the cooperation, `memberships` those that the organisation had there."""
    if joined_on < started_on or (ended_on is not None and joined_on > ended_on):
        yield Violation(
            "outside_cooperation", _("Une adhésion commence pendant la vie de la coopération."), "/joined_on"
        )
    if any(Period(joined_on).overlaps(period) for period in memberships):
        yield Violation("already_member", _("Cette organisation est déjà membre à cette date."), "/organisation")


def move_violations(*, circle: str, since: dt.date, current: Stay, left_on: dt.date | None) -> Iterator[Violation]:
    """`current` is the latest stay; a move never rewrites what came before it."""
    if left_on is not None:
        yield Violation("membership_ended", _("L’adhésion a pris fin : il n’y a plus de cercle à changer."))
    if circle == current.circle:
        already = _("L’organisation est déjà dans ce cercle à partir du %(day)s.")
        yield Violation("same_circle", wording.filled(already, day=wording.day(current.since)), "/circle")
    if since <= current.since:
        yield Violation("before_current_stay", _("Le changement ne peut pas précéder le séjour actuel."), "/since")


def leave_violations(
    *,
    left_on: dt.date,
    joined_on: dt.date,
    already_left_on: dt.date | None,
    current: Stay,
    today: dt.date,
    roles: Iterable[Period],
) -> Iterator[Violation]:
    """`roles` are those held on behalf of the organisation. One that began after the leaving day was lived already."""
    if already_left_on is not None:
        yield Violation("membership_ended", _("L’adhésion a déjà pris fin."))
    if left_on < joined_on:
        yield Violation("before_joining", _("La sortie ne peut pas précéder l’entrée."), "/left_on")
    elif left_on < current.since:
        yield Violation("before_current_stay", _("La sortie ne peut pas précéder le séjour actuel."), "/left_on")
    if any(left_on < role.since <= today for role in roles):
        yield Violation(
            "role_began_later", _("Un rôle exercé pour cette organisation a commencé après cette date."), "/left_on"
        )


def role_violations(
    *, period: Period, needs_membership: bool, memberships: Iterable[Period], same_roles: Iterable[Period]
) -> Iterator[Violation]:
    """`memberships` are those of the organisation named, `same_roles` those of this person, organisation and kind."""
    if period.until is not None and period.until < period.since:
        yield Violation("ends_before_start", _("Un rôle finit au plus tôt le jour où il commence."), "/until")
        return
    if needs_membership:
        at_start = [membership for membership in memberships if membership.contains(period.since)]
        if not at_start:
            yield Violation(
                "not_a_member", _("L’organisation n’est pas membre de la coopération à cette date."), "/organisation"
            )
        elif not any(membership.covers(period) for membership in at_start):
            yield Violation("beyond_membership", _("Le rôle ne peut pas durer plus que l’adhésion."), "/until")
    if any(period.overlaps(other) for other in same_roles):
        yield Violation("role_already_held", _("Cette personne exerce déjà ce rôle à cette date."), "/person")
