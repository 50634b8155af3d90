"""Thresholds of headcount: twelve consecutive months at or above, counted without rounding (`domain.md` 1.3).

A month is named by its first day. A month without a figure is not a month at zero: it breaks the run and is reported.
The counting of before 2018 (twelve months, consecutive or not, over three years, H10) is not here.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coopproject import wording
from coopproject.exceptions import InvalidInput, Violation
from governance.rules.calendars import FIRST_YEAR, add_months

CSE_THRESHOLD, FULL_POWERS_THRESHOLD = 11, 50
MONTHS_REQUIRED = 12

type Headcounts = Mapping[date, Decimal]
"""Employees of one employer by month (first day of the month), in full-time equivalents as L1111-2 counts them."""


class ThresholdState(StrEnum):
    """`unknown`: the months that lack a figure could make the difference."""

    REACHED = "reached"
    NOT_REACHED = "not_reached"
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class ThresholdStatus:
    """Where an employer stands with regard to one threshold on one day.

    `since`: first day of the twelfth month of the run that reached it. `met_on`: the day after that month ended.
    `lost_on`: the day on which a threshold once reached was lost. `run`: months at or above, up to the last figure.
    `missing`: months without a figure between the first one and the last month that has ended.
    """

    threshold: int
    state: ThresholdState
    explanation: str | Promise
    since: date | None = None
    lost_on: date | None = None
    run: int = 0
    missing: tuple[date, ...] = ()

    @property
    def met_on(self) -> date | None:
        return None if self.since is None else add_months(self.since, 1)


def month_of(day: date) -> date:
    return day.replace(day=1)


def headcount_violations(headcounts: Headcounts, on: date) -> list[Violation]:
    """Months that cannot be: not a first day, in the future, older than any regime that is known, below zero. The month
    under way may have its figure."""
    return list(_headcount_violations(headcounts, on))


def _headcount_violations(headcounts: Headcounts, on: date) -> Iterator[Violation]:
    for month, value in sorted(headcounts.items()):
        pointer = f"/headcounts/{month.isoformat()[:7]}"
        if month.day != 1:
            yield Violation("month_not_first_day", _("Un mois se désigne par son premier jour."), pointer)
        if month.year < FIRST_YEAR:
            # One typing error would make every month since then a missing one.
            detail = wording.filled(_("Aucun effectif ne compte avant %(year)s."), year=FIRST_YEAR)
            yield Violation("month_too_old", detail, pointer)
        if month > on:
            yield Violation("month_in_future", _("L’effectif d’un mois à venir ne peut être connu."), pointer)
        if not value.is_finite() or value < 0:
            yield Violation("headcount_negative", _("Un effectif ne peut être négatif."), pointer)


def enterprise_headcounts(sites: Iterable[Headcounts]) -> dict[date, Decimal]:
    """The headcount of the enterprise, which alone decides (C02): a month that one site lacks is lacking."""
    known = list(sites)
    months = {month for site in known for month in site}
    return {
        month: sum((site[month] for site in known), Decimal())
        for month in sorted(months)
        if all(month in site for site in known)
    }


def employs(headcounts: Headcounts, on: date) -> bool | None:
    """Whether any figure of the last twelve months is above zero; None when those months have no figure."""
    months = _months(add_months(month_of(on), 1 - MONTHS_REQUIRED), month_of(on))
    lately = [headcounts[month] for month in months if month in headcounts]
    return any(lately) if lately else None


def threshold_status(
    headcounts: Headcounts,
    threshold: int,
    on: date,
    *,
    renewals: Iterable[date] = (),
    lost_without_renewal: bool = False,
) -> ThresholdStatus:
    """Whether the threshold is reached on that day, since when, and why.

    Reached by twelve consecutive months at or above it (H01, H02). What was reached is lost only at a renewal of the
    body that follows twelve months below (H08, H09); `lost_without_renewal` is for an employer that has no body: there
    twelve months below suffice. Months before the first figure count as unknown only while fewer than twelve months
    have passed since it. Raises InvalidInput on `headcount_violations`.
    """
    if violations := headcount_violations(headcounts, on):
        raise InvalidInput(*violations)
    if not headcounts:
        return ThresholdStatus(
            threshold=threshold, state=ThresholdState.UNKNOWN, explanation=_("Aucun effectif mensuel n’est connu.")
        )
    first, last = min(headcounts), month_of(on) if month_of(on) in headcounts else add_months(month_of(on), -1)
    missing = tuple(month for month in _months(first, last) if month not in headcounts)
    since, lost_on = _walk(headcounts, threshold, on, frozenset(renewals), lost_without_renewal)
    state = ThresholdState.REACHED
    if since is None:
        possible = _could_be_reached(headcounts, threshold, month_of(lost_on) if lost_on else first, last)
        state = ThresholdState.UNKNOWN if possible else ThresholdState.NOT_REACHED
    return ThresholdStatus(
        threshold=threshold,
        state=state,
        explanation=_explained(state, threshold, since, lost_on),
        since=since,
        lost_on=lost_on,
        run=_current_run(headcounts, threshold),
        missing=missing,
    )


def _months(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first = add_months(first, 1)


def _walk(
    headcounts: Headcounts, threshold: int, on: date, renewals: frozenset[date], lost_without_renewal: bool
) -> tuple[date | None, date | None]:
    """Month by month: (month that completed the run, day of the loss), each None when it does not hold at the end."""
    since = lost_on = None
    above = below = 0
    renewal_months = {month_of(day): day for day in sorted(renewals) if day <= on}
    for month in _months(min(headcounts), month_of(on)):
        lost_today = renewal_months.get(month)
        if lost_without_renewal and lost_today is None:
            lost_today = month
        if since is not None and below >= MONTHS_REQUIRED and lost_today is not None:
            since, lost_on = None, lost_today
        value = headcounts.get(month)
        above = above + 1 if value is not None and value >= threshold else 0
        below = below + 1 if value is not None and value < threshold else 0
        if since is None and above >= MONTHS_REQUIRED:
            since, lost_on = month, None
    return since, lost_on


def _could_be_reached(headcounts: Headcounts, threshold: int, first: date, last: date) -> bool:
    """Whether figures at or above the threshold in the months that lack one would complete a run since `first`."""
    recorded_for = sum(1 for _month in _months(min(headcounts), last))
    start = first if recorded_for >= MONTHS_REQUIRED else add_months(first, 1 - MONTHS_REQUIRED)
    run = 0
    for month in _months(start, last):
        value = headcounts.get(month)
        run = run + 1 if value is None or value >= threshold else 0
        if run >= MONTHS_REQUIRED:
            return True
    return False


def _current_run(headcounts: Headcounts, threshold: int) -> int:
    run, month = 0, max(headcounts)
    while headcounts.get(month, Decimal(-1)) >= threshold:
        run, month = run + 1, add_months(month, -1)
    return run


def _explained(state: ThresholdState, threshold: int, since: date | None, lost_on: date | None) -> str | Promise:
    if since is not None:
        sentence = _(
            "Seuil de %(threshold)s salariés atteint pendant douze mois consécutifs, le douzième étant %(month)s."
        )
        return wording.filled(sentence, threshold=threshold, month=wording.month(since))
    if state is ThresholdState.UNKNOWN:
        sentence = _(
            "Des effectifs mensuels manquent : on ne peut dire si le seuil de %(threshold)s salariés est atteint."
        )
        return wording.filled(sentence, threshold=threshold)
    if lost_on is not None:
        sentence = _("Seuil de %(threshold)s salariés perdu le %(day)s, après douze mois en dessous.")
        return wording.filled(sentence, threshold=threshold, day=wording.day(lost_on))
    sentence = _("Seuil de %(threshold)s salariés non atteint pendant douze mois consécutifs, sans arrondi.")
    return wording.filled(sentence, threshold=threshold)


class SizeClass(StrEnum):
    """The size that the law looks at. `unknown` refuses to guess."""

    UNDER_11 = "under_11"
    FROM_11_TO_49 = "from_11_to_49"
    FROM_50 = "from_50"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class SizeOverride:
    """A size stated by a person, for workforces counted by special rules (H04, H06). The reason is mandatory."""

    size: SizeClass
    reason: str

    def violations(self) -> list[Violation]:
        found = []
        if self.size is SizeClass.UNKNOWN:
            found.append(Violation("override_size_missing", _("Indiquez la taille retenue."), "/override/size"))
        if not self.reason.strip():
            found.append(Violation("override_reason_missing", _("Indiquez pourquoi."), "/override/reason"))
        return found


class AdhocDeferral(StrEnum):
    """Whether ad hoc consultation waits 12 months after crossing 50 with a CSE in place (open question on H07)."""

    NONE = "none"
    TWELVE_MONTHS = "12_months"


def full_powers_from(
    met_on: date,
    *,
    cse_first_elected_on: date | None = None,
    mandate_ends_on: date | None = None,
    deferral: AdhocDeferral = AdhocDeferral.NONE,
) -> date:
    """From which day the CSE of an employer that met 50 on `met_on` is consulted on a project (L2312-2, H07).

    No CSE yet when 50 was met: one year after it was set up (not for one elected before 2020, which took over from a
    works committee). CSE in place: at once, or 12 months later with the deferral; if less than a year of mandate then
    remains, from its renewal.
    """
    if cse_first_elected_on is not None and cse_first_elected_on >= met_on:
        took_over = cse_first_elected_on < date(2020, 1, 1)
        return cse_first_elected_on if took_over else add_months(cse_first_elected_on, 12)
    if deferral is AdhocDeferral.NONE:
        return met_on
    powers_from = add_months(met_on, 12)
    if mandate_ends_on is not None and powers_from <= mandate_ends_on < add_months(powers_from, 12):
        return mandate_ends_on
    return powers_from
