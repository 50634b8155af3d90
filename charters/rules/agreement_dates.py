"""The terms of an agreement: the one that runs, the last day to give notice, and on which day a notice ends it.

All days are legal local dates, terms include their first and their last day. Months are calendar months, by day number,
the last day of the month where it has no such day (`governance.rules.calendars.add_months`); every renewed term is
counted from the first one's last day, so that a term ending on the 31st stays there (docs/adr/0019).
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coopproject import wording
from coopproject.exceptions import Violation
from governance.rules.calendars import add_months

NONE, TACIT, EXPRESS = "none", "tacit", "express"
_DAY = timedelta(days=1)
_MAX_MONTHS, _MAX_DAYS, _MAX_RENEWALS = 1200, 3660, 1000
_YEARS = range(1900, 2200)


@dataclass(frozen=True)
class Terms:
    """What the parties agreed on time. `ends_on` None: open-ended. Notice: months or days, not both; none: no notice.

    `renewal_months` and `max_renewals` (None: without end) belong to the tacit renewal.
    """

    starts_on: date
    ends_on: date | None = None
    renewal: str = NONE
    renewal_months: int | None = None
    max_renewals: int | None = None
    notice_months: int | None = None
    notice_days: int | None = None


@dataclass(frozen=True)
class Term:
    """One term. `number` 0 is the first one, then one per renewal. `last_day` None: open-ended.

    `renews`: at its end another one begins, unless notice is given by `last_notice_on` (None when it does not renew).
    """

    number: int
    first_day: date
    last_day: date | None
    renews: bool
    last_notice_on: date | None


@dataclass(frozen=True)
class NoticeEffect:
    """The last day on which the agreement applies once this notice is given, and why.

    `reason`: `in_time`, `late` (the term renews once more), `last_term` (it would have ended then anyway),
    `open_ended` (the notice runs from the day it is given).
    """

    ends_on: date
    reason: str
    detail: Promise


def terms_violations(terms: Terms) -> tuple[Violation, ...]:
    """Why these terms cannot be: input errors, every one with its pointer."""
    found = [*_shape_violations(terms)]
    if not found:
        found += _notice_violations(terms)
    return tuple(found)


def _shape_violations(terms: Terms) -> Iterator[Violation]:
    for name in ("starts_on", "ends_on"):
        day = getattr(terms, name)
        if day is not None and day.year not in _YEARS:
            yield Violation("out_of_range", _("Une date de 1900 à 2199 est attendue."), f"/{name}")
    if terms.ends_on is not None and terms.ends_on < terms.starts_on:
        yield Violation("ends_before_it_starts", _("Le terme ne précède pas la date d’effet."), "/ends_on")
    if terms.renewal != NONE and terms.ends_on is None:
        yield Violation("term_missing", _("Une convention sans terme n’a pas à être reconduite."), "/ends_on")
    if terms.renewal == TACIT and terms.renewal_months is None:
        detail = _("La durée de chaque reconduction tacite est attendue, en mois.")
        yield Violation("renewal_months_missing", detail, "/renewal_months")
    if terms.renewal != TACIT:
        detail = _("Seule une reconduction tacite a une durée et un nombre fixés d’avance.")
        for name in ("renewal_months", "max_renewals"):
            if getattr(terms, name) is not None:
                yield Violation("not_tacit", detail, f"/{name}")
    if terms.notice_months is not None and terms.notice_days is not None:
        detail = _("Le préavis se compte en mois ou en jours, pas les deux.")
        yield Violation("one_notice_only", detail, "/notice_days")
    limits = {
        "renewal_months": _MAX_MONTHS,
        "max_renewals": _MAX_RENEWALS,
        "notice_months": _MAX_MONTHS,
        "notice_days": _MAX_DAYS,
    }
    for name, limit in limits.items():
        value = getattr(terms, name)
        if value is not None and not 1 <= value <= limit:
            detail = _("Un nombre de 1 à %(limit)d est attendu.")
            yield Violation("out_of_range", wording.filled(detail, limit=limit), f"/{name}")


def _notice_violations(terms: Terms) -> Iterator[Violation]:
    """A notice longer than the first term, or than the first renewed one, could only be given before it begins."""
    name = "notice_days" if terms.notice_days is not None else "notice_months"
    for number in (0, 1):
        term = nth_term(terms, number)
        if term is None or term.last_day is None:
            return
        if _before(terms, term.last_day) < term.first_day - _DAY:
            detail = _("Le préavis est plus long que la période du %(first)s au %(last)s.")
            days = {"first": wording.day(term.first_day), "last": wording.day(term.last_day)}
            yield Violation("notice_longer_than_term", wording.filled(detail, **days), f"/{name}")
            return


def nth_term(terms: Terms, number: int) -> Term | None:
    """The term after that many renewals; None when the agreement does not last so long."""
    last_number = _last_number(terms)
    if number < 0 or (last_number is not None and number > last_number):
        return None
    if terms.ends_on is None:
        return Term(0, terms.starts_on, None, renews=False, last_notice_on=None)
    first_day = terms.starts_on if number == 0 else _end(terms, number - 1) + _DAY
    last_day = _end(terms, number)
    renews = last_number is None or number < last_number
    return Term(number, first_day, last_day, renews, _before(terms, last_day) if renews else None)


def term_on(terms: Terms, on: date, notice_ends_on: date | None = None) -> Term | None:
    """The term that runs on a day; None before the agreement takes effect and once it is over.

    With the day on which a notice ends it, no term renews past that day.
    """
    closes = closes_on(terms, notice_ends_on)
    if on < terms.starts_on or (closes is not None and on > closes):
        return None
    term = nth_term(terms, _number_on(terms, on))
    if term is not None and notice_ends_on is not None and (term.last_day is None or notice_ends_on <= term.last_day):
        return Term(term.number, term.first_day, notice_ends_on, renews=False, last_notice_on=None)
    return term


def closes_on(terms: Terms, notice_ends_on: date | None = None) -> date | None:
    """The last day of the agreement as things stand: by notice, else its last term's; None while it has no end."""
    if notice_ends_on is not None:
        return notice_ends_on
    last_number = _last_number(terms)
    return None if last_number is None or terms.ends_on is None else _end(terms, last_number)


def next_notice_day(terms: Terms, on: date) -> date | None:
    """The next last day, `on` included, to prevent a renewal; None when nothing renews any more."""
    number = _number_on(terms, max(on, terms.starts_on))
    while (term := nth_term(terms, number)) is not None:
        if term.last_notice_on is None or term.last_notice_on >= on:
            return term.last_notice_on
        number += 1
    return None


def notice_effect(terms: Terms, given_on: date) -> NoticeEffect:
    """When the agreement ends if a party gives notice that day. Late is not void: it ends one term later.

    `given_on` is not after the end of the agreement.
    """
    if terms.ends_on is None:
        ends_on = _after(terms, given_on)
        detail = _("Convention sans terme : le préavis court du %(given)s et s’achève le %(ends)s.")
        sentence = wording.filled(detail, given=wording.day(given_on), ends=wording.day(ends_on))
        return NoticeEffect(ends_on, "open_ended", sentence)
    missed: date | None = None
    number = _number_on(terms, max(given_on, terms.starts_on))
    while True:
        term = nth_term(terms, number)
        assert term is not None
        assert term.last_day is not None
        if term.last_notice_on is None:
            return _last_term(term.last_day, missed)
        if given_on <= term.last_notice_on:
            return _renewed_until(term.last_day, term.last_notice_on, missed)
        missed = missed or term.last_notice_on
        number += 1


def _last_term(ends_on: date, missed: date | None) -> NoticeEffect:
    values = {"ends": wording.day(ends_on)}
    if missed is None:
        detail = _("La convention n’est pas reconduite : elle prend fin à son terme, le %(ends)s, préavis ou non.")
        return NoticeEffect(ends_on, "last_term", wording.filled(detail, **values))
    detail = _(
        "Préavis tardif : il pouvait être donné jusqu’au %(missed)s. La convention se reconduit encore une fois et "
        "prend fin le %(ends)s, à son dernier terme."
    )
    return NoticeEffect(ends_on, "late", wording.filled(detail, missed=wording.day(missed), **values))


def _renewed_until(ends_on: date, last_notice_on: date, missed: date | None) -> NoticeEffect:
    values = {"ends": wording.day(ends_on)}
    if missed is None:
        detail = _("Préavis donné à temps (jusqu’au %(last)s) : la convention prend fin à son terme, le %(ends)s.")
        return NoticeEffect(ends_on, "in_time", wording.filled(detail, last=wording.day(last_notice_on), **values))
    detail = _(
        "Préavis tardif : il pouvait être donné jusqu’au %(missed)s. La convention se reconduit et prend fin le "
        "%(ends)s, premier terme que ce préavis atteint."
    )
    return NoticeEffect(ends_on, "late", wording.filled(detail, missed=wording.day(missed), **values))


def _last_number(terms: Terms) -> int | None:
    """The number of the last term; None when it renews without end."""
    return terms.max_renewals if terms.renewal == TACIT else 0


def _end(terms: Terms, number: int) -> date:
    assert terms.ends_on is not None
    return terms.ends_on if number == 0 else _shifted(terms.ends_on, number * (terms.renewal_months or 0))


def _number_on(terms: Terms, on: date) -> int:
    """The number of the term that contains a day on or after the start, as if the last one went on for ever."""
    if terms.ends_on is None or on <= terms.ends_on or not terms.renewal_months:
        return 0
    months = (on.year - terms.ends_on.year) * 12 + on.month - terms.ends_on.month
    number = max(1, months // terms.renewal_months)
    while _end(terms, number) < on:
        number += 1
    last_number = _last_number(terms)
    return number if last_number is None else min(number, last_number)


def _before(terms: Terms, day: date) -> date:
    """The last day on which a notice that ends with `day` is given."""
    if terms.notice_days is not None:
        return day - timedelta(days=min(terms.notice_days, (day - date.min).days))
    return _shifted(day, -(terms.notice_months or 0))


def _after(terms: Terms, day: date) -> date:
    """The last day of a notice given on `day`, that day not counted."""
    if terms.notice_days is not None:
        return day + timedelta(days=min(terms.notice_days, (date.max - day).days))
    return _shifted(day, terms.notice_months or 0)


def _shifted(day: date, months: int) -> date:
    """`add_months` that stops at the ends of the calendar."""
    year = (day.year * 12 + day.month - 1 + months) // 12
    if year > date.max.year:
        return date.max
    return date.min if year < date.min.year else add_months(day, months)
