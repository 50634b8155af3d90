"""Pilots and their mandates: in force or not, up to which amount, with how much time (S2; domain.md 7, 38–39)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from coopproject import wording
from coopproject.exceptions import Violation
from coopproject.money import euros


class MandateState(StrEnum):
    PROPOSED = "proposed"
    ACCEPTED = "accepted"
    SUSPENDED = "suspended"
    ENDED = "ended"


@dataclass(frozen=True)
class MandateFacts:
    """One person's mandate on one activity, from `since` to `until`, both days included; `until` None: no term."""

    activity: str
    person: str
    since: date
    until: date | None
    state: MandateState | str
    minutes_per_week: int | None = None
    ref: str = ""

    def covers(self, day: date) -> bool:
        return self.since <= day and (self.until is None or day <= self.until)


@dataclass(frozen=True)
class Load:
    """Minutes a week. `available` None: nobody said, which is not zero, so the excess is not computable.

    `unknown` counts the mandates whose time nobody estimated: the load is then at least `promised`.
    """

    promised: int
    available: int | None
    excess: int | None
    unknown: int = 0


def in_force(mandate: MandateFacts, *, at: date) -> bool:
    """Accepted and within its days; the last day still counts."""
    return mandate.state == MandateState.ACCEPTED and mandate.covers(at)


def term_violations(since: date, until: date | None) -> tuple[Violation, ...]:
    if until is None or until >= since:
        return ()
    return (Violation("term_before_start", _("Le mandat se termine avant de commencer."), "/until"),)


def overlap_violations(mandate: MandateFacts, others: Iterable[MandateFacts]) -> tuple[Violation, ...]:
    """One accountable pilot at a time: two accepted (or suspended) mandates on an activity do not share a day.

    `others` without the mandate itself. A proposal overlaps nothing until it is accepted.
    """
    binding = (MandateState.ACCEPTED, MandateState.SUSPENDED)
    found = []
    for other in others:
        if other.activity != mandate.activity or other.state not in binding:
            continue
        starts_in = other.until is None or mandate.since <= other.until
        ends_in = mandate.until is None or other.since <= mandate.until
        if starts_in and ends_in:
            detail = format_lazy(
                _("Un autre mandat court sur cette activité depuis le {since}."), since=wording.day(other.since)
            )
            found.append(Violation("mandate_overlap", detail, "/since"))
    return tuple(found)


def acting_violations(
    mandates: Sequence[MandateFacts], *, person: str, activity: str, at: date
) -> tuple[Violation, ...]:
    """Why this person may not act as the pilot of this activity on this day; empty when one mandate is in force."""
    own = [mandate for mandate in mandates if mandate.person == person and mandate.activity == activity]
    if any(in_force(mandate, at=at) for mandate in own):
        return ()
    if not own:
        return (Violation("no_mandate", _("Cette personne n’a pas de mandat sur cette activité.")),)
    found: dict[str, Violation] = {}
    for mandate in own:
        violation = _why_not(mandate, at)
        found.setdefault(violation.code, violation)
    return tuple(found.values())


def ceiling_violations(ceiling: int | None, *, already: int, amount: int) -> tuple[Violation, ...]:
    """Whether the pilot may spend `amount` more after `already`, in cents. No ceiling: no limit; zero: nothing.

    Giving money back (a negative amount) is never refused.
    """
    if ceiling is None or amount <= 0 or already + amount <= ceiling:
        return ()
    detail = format_lazy(
        _("Le mandat autorise {ceiling} € ; {already} € sont déjà engagés, il en faudrait {amount} de plus."),
        ceiling=wording.amount(euros(ceiling)),
        already=wording.amount(euros(already)),
        amount=wording.amount(euros(amount)),
    )
    return (Violation("mandate_ceiling_exceeded", detail, "/amount"),)


def load(mandates: Iterable[MandateFacts], *, person: str, at: date, available: int | None) -> Load:
    """What a person promised on all activities on a day against the time that they have."""
    running = [mandate for mandate in mandates if mandate.person == person and in_force(mandate, at=at)]
    known = [mandate.minutes_per_week for mandate in running if mandate.minutes_per_week is not None]
    promised = sum(known)
    excess = None if available is None else max(0, promised - available)
    return Load(promised, available, excess, len(running) - len(known))


def _why_not(mandate: MandateFacts, at: date) -> Violation:
    if mandate.state == MandateState.PROPOSED:
        return Violation("mandate_not_accepted", _("Le mandat n’est pas encore accepté."))
    if mandate.state == MandateState.SUSPENDED:
        return Violation("mandate_suspended", _("Le mandat est suspendu."))
    if mandate.state == MandateState.ENDED:
        return Violation("mandate_ended", _("Le mandat a pris fin."))
    if mandate.until is None or at < mandate.since:
        since = wording.day(mandate.since)
        return Violation("mandate_not_started", format_lazy(_("Le mandat commence le {since}."), since=since))
    until = wording.day(mandate.until)
    return Violation("mandate_expired", format_lazy(_("Le mandat a expiré le {until}."), until=until))
