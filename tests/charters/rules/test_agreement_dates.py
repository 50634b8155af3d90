"""The terms of an agreement against vectors written by hand and against a walker that goes day by day."""

import calendar
import datetime as dt
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charters.rules.agreement_dates import (
    Terms,
    closes_on,
    next_notice_day,
    notice_effect,
    nth_term,
    term_on,
    terms_violations,
)

D = dt.date.fromisoformat
DAY = dt.timedelta(days=1)


def terms(starts: str, ends: str | None = None, **fields: Any) -> Terms:
    return Terms(D(starts), D(ends) if ends else None, **fields)


def tacit(starts: str, ends: str, months: int, **fields: Any) -> Terms:
    return terms(starts, ends, renewal="tacit", renewal_months=months, **fields)


YEARLY = tacit("2026-01-01", "2026-12-31", 12, notice_months=3)


@pytest.mark.parametrize(
    ("given_terms", "on", "number", "first", "last", "last_notice"),
    [
        (YEARLY, "2026-01-01", 0, "2026-01-01", "2026-12-31", "2026-09-30"),
        (YEARLY, "2026-12-31", 0, "2026-01-01", "2026-12-31", "2026-09-30"),
        (YEARLY, "2027-01-01", 1, "2027-01-01", "2027-12-31", "2027-09-30"),
        (YEARLY, "2036-06-15", 10, "2036-01-01", "2036-12-31", "2036-09-30"),
        # 29 February: back on the 29th every four years, never drifting to the 28th.
        (tacit("2024-03-01", "2028-02-29", 12), "2028-03-01", 1, "2028-03-01", "2029-02-28", "2029-02-28"),
        (tacit("2024-03-01", "2028-02-29", 12), "2032-02-29", 4, "2031-03-01", "2032-02-29", "2032-02-29"),
        # The 31st: the last day of shorter months, then the 31st again.
        (tacit("2026-01-01", "2026-08-31", 6), "2027-03-01", 2, "2027-03-01", "2027-08-31", "2027-08-31"),
        (
            tacit("2026-01-01", "2026-08-31", 6, notice_months=1),
            "2026-09-01",
            1,
            "2026-09-01",
            "2027-02-28",
            "2027-01-28",
        ),
        (
            tacit("2026-01-01", "2026-03-31", 1, notice_days=10),
            "2026-04-05",
            1,
            "2026-04-01",
            "2026-04-30",
            "2026-04-20",
        ),
        (
            tacit("2026-01-01", "2026-12-31", 12, notice_months=1, max_renewals=1),
            "2026-05-01",
            0,
            "2026-01-01",
            "2026-12-31",
            "2026-11-30",
        ),
        # The last renewal does not renew: no notice is needed any more.
        (tacit("2026-01-01", "2026-12-31", 12, max_renewals=1), "2027-05-01", 1, "2027-01-01", "2027-12-31", None),
        (terms("2026-01-01", "2026-12-31", notice_months=3), "2026-05-01", 0, "2026-01-01", "2026-12-31", None),
        (terms("2026-01-01"), "2031-05-01", 0, "2026-01-01", None, None),
    ],
)
def test_the_term_that_runs_and_its_last_day_for_notice(
    given_terms: Terms, on: str, number: int, first: str, last: str | None, last_notice: str | None
) -> None:
    found = term_on(given_terms, D(on))
    assert found is not None
    assert (found.number, found.first_day, found.last_day) == (number, D(first), D(last) if last else None)
    assert found.last_notice_on == (D(last_notice) if last_notice else None)


@pytest.mark.parametrize(
    ("given_terms", "on"),
    [
        (YEARLY, "2025-12-31"),
        (terms("2026-01-01", "2026-12-31"), "2027-01-01"),
        (tacit("2026-01-01", "2026-12-31", 12, max_renewals=1), "2028-01-01"),
    ],
)
def test_no_term_runs_before_the_start_or_after_the_end(given_terms: Terms, on: str) -> None:
    assert term_on(given_terms, D(on)) is None


@pytest.mark.parametrize(
    ("given_terms", "given_on", "ends_on", "reason"),
    [
        (YEARLY, "2026-09-30", "2026-12-31", "in_time"),
        (YEARLY, "2026-10-01", "2027-12-31", "late"),
        (YEARLY, "2026-12-31", "2027-12-31", "late"),
        (YEARLY, "2027-01-01", "2027-12-31", "in_time"),
        (YEARLY, "2025-11-11", "2026-12-31", "in_time"),
        (
            tacit("2026-01-01", "2026-12-31", 12, notice_months=3, max_renewals=1),
            "2026-10-01",
            "2027-12-31",
            "late",
        ),
        (
            tacit("2026-01-01", "2026-12-31", 12, notice_months=3, max_renewals=1),
            "2027-02-01",
            "2027-12-31",
            "last_term",
        ),
        # A notice as long as the renewed term: what is missed is missed for that term only.
        (tacit("2026-01-01", "2026-12-31", 1, notice_months=1), "2027-01-10", "2027-02-28", "late"),
        (tacit("2024-03-01", "2028-02-29", 12, notice_months=1), "2028-01-29", "2028-02-29", "in_time"),
        (tacit("2024-03-01", "2028-02-29", 12, notice_months=1), "2028-01-30", "2029-02-28", "late"),
        (tacit("2026-01-01", "2026-12-31", 12), "2026-12-31", "2026-12-31", "in_time"),
        (terms("2026-01-01", "2026-12-31", notice_months=3), "2026-02-01", "2026-12-31", "last_term"),
        (terms("2026-01-01", notice_months=1), "2026-01-31", "2026-02-28", "open_ended"),
        (terms("2026-01-01", notice_days=30), "2026-02-28", "2026-03-30", "open_ended"),
        (terms("2026-01-01"), "2026-02-28", "2026-02-28", "open_ended"),
    ],
)
def test_when_a_notice_ends_it_and_why(given_terms: Terms, given_on: str, ends_on: str, reason: str) -> None:
    effect = notice_effect(given_terms, D(given_on))
    assert (effect.ends_on, effect.reason) == (D(ends_on), reason)
    assert closes_on(given_terms, effect.ends_on) == D(ends_on)
    assert term_on(given_terms, D(ends_on) + DAY, effect.ends_on) is None
    last = term_on(given_terms, D(ends_on), effect.ends_on)
    assert last is not None
    assert (last.last_day, last.renews, last.last_notice_on) == (D(ends_on), False, None)


def test_a_late_notice_says_until_when_it_could_be_given_and_when_it_ends() -> None:
    said = str(notice_effect(YEARLY, D("2026-10-01")).detail)
    assert "30 septembre 2026" in said
    assert "31 décembre 2027" in said


def test_a_notice_that_misses_two_short_terms_says_the_day_that_was_missed_first() -> None:
    monthly = tacit("2026-01-01", "2026-12-31", 1, notice_days=31)
    assert terms_violations(monthly) == ()
    effect = notice_effect(monthly, D("2027-01-29"))
    assert (effect.ends_on, effect.reason) == (D("2027-03-31"), "late")
    assert "31 décembre 2026" in str(effect.detail)


@pytest.mark.parametrize(
    ("given_terms", "expected"),
    [
        (YEARLY, set()),
        (terms("2026-01-02", "2026-01-01"), {("ends_before_it_starts", "/ends_on")}),
        (terms("2026-01-01", "2026-01-01"), set()),
        (
            terms("2026-01-01", renewal="tacit"),
            {("term_missing", "/ends_on"), ("renewal_months_missing", "/renewal_months")},
        ),
        (terms("2026-01-01", renewal="express"), {("term_missing", "/ends_on")}),
        (
            terms("2026-01-01", "2026-12-31", renewal_months=12, max_renewals=2),
            {("not_tacit", "/renewal_months"), ("not_tacit", "/max_renewals")},
        ),
        (terms("2026-01-01", notice_months=1, notice_days=30), {("one_notice_only", "/notice_days")}),
        (tacit("2026-01-01", "2026-12-31", 0), {("out_of_range", "/renewal_months")}),
        (terms("2026-01-01", "9999-12-31"), {("out_of_range", "/ends_on")}),
        # Twelve months of notice for a year: given the day before it begins at the latest, never longer than it.
        (tacit("2026-01-01", "2026-12-31", 12, notice_months=12), set()),
        (tacit("2026-01-01", "2026-12-31", 12, notice_months=13), {("notice_longer_than_term", "/notice_months")}),
        (tacit("2026-01-01", "2026-12-31", 2, notice_months=3), {("notice_longer_than_term", "/notice_months")}),
        (tacit("2026-01-01", "2026-01-31", 1, notice_days=29), {("notice_longer_than_term", "/notice_days")}),
        (tacit("2026-01-01", "2026-01-31", 1, notice_days=28), set()),
        (tacit("2026-01-01", "2026-01-31", 1, notice_days=32), {("notice_longer_than_term", "/notice_days")}),
    ],
)
def test_terms_that_cannot_be_are_refused(given_terms: Terms, expected: set[tuple[str, str]]) -> None:
    assert {(found.code, found.pointer) for found in terms_violations(given_terms)} == expected


def test_the_next_day_for_notice_is_that_of_the_first_renewal_still_open() -> None:
    assert next_notice_day(YEARLY, D("2026-09-30")) == D("2026-09-30")
    assert next_notice_day(YEARLY, D("2026-10-01")) == D("2027-09-30")
    assert next_notice_day(YEARLY, D("2020-01-01")) == D("2026-09-30")
    twice = tacit("2026-01-01", "2026-12-31", 12, notice_months=3, max_renewals=1)
    assert next_notice_day(twice, D("2026-10-01")) is None
    assert next_notice_day(terms("2026-01-01"), D("2026-10-01")) is None


def _walk(day: dt.date, months: int) -> dt.date:
    """Month after month, keeping the day number that was started from."""
    year, month = day.year, day.month
    for _step in range(abs(months)):
        month += 1 if months > 0 else -1
        if month in (0, 13):
            year, month = (year + 1, 1) if month == 13 else (year - 1, 12)
    return dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))


def _naive_end(known: Terms, given_on: dt.date) -> dt.date:
    """Walk the terms one by one; the first whose notice may still be given ends it, else the last one."""
    assert known.ends_on is not None
    number, ends = 0, known.ends_on
    while True:
        last = known.renewal != "tacit" or number == known.max_renewals
        if known.notice_days is not None:
            limit = ends
            for _step in range(known.notice_days):
                limit -= DAY
        else:
            limit = _walk(ends, -(known.notice_months or 0))
        if (last and given_on <= ends) or given_on <= limit:
            return ends
        number += 1
        ends = _walk(known.ends_on, number * (known.renewal_months or 0))


@st.composite
def some_terms(draw: Any) -> Terms:
    starts = draw(st.dates(dt.date(2020, 1, 1), dt.date(2030, 12, 31)))
    ends = starts + dt.timedelta(days=draw(st.integers(0, 1500)))
    notice: dict[str, int | None] = draw(
        st.sampled_from([{}, {"notice_months": draw(st.integers(1, 8))}, {"notice_days": draw(st.integers(1, 200))}])
    )
    known = Terms(
        starts,
        ends,
        renewal="tacit",
        renewal_months=draw(st.integers(1, 36)),
        max_renewals=draw(st.none() | st.integers(1, 9)),
        **notice,
    )
    return known if not terms_violations(known) else Terms(starts, ends)


@given(some_terms(), st.integers(0, 5000))
def test_a_notice_ends_it_on_the_day_that_a_walker_finds(known: Terms, after: int) -> None:
    given_on = known.starts_on + dt.timedelta(days=after)
    closes = closes_on(known)
    if closes is not None and given_on > closes:
        assert term_on(known, given_on) is None
        return
    effect = notice_effect(known, given_on)
    assert effect.ends_on == _naive_end(known, given_on)
    running = term_on(known, given_on)
    assert running is not None
    assert effect.ends_on >= (running.last_day or given_on)
    assert (effect.reason == "late") == (running.last_notice_on is not None and given_on > running.last_notice_on)


@given(some_terms())
def test_terms_follow_each_other_without_gap_or_overlap(known: Terms) -> None:
    number = 0
    expected = known.starts_on
    while number < 12 and (term := nth_term(known, number)) is not None:
        assert term.first_day == expected
        assert term.last_day is not None
        assert known.ends_on is not None
        assert term.last_day == _walk(known.ends_on, number * (known.renewal_months or 0))
        for day in (term.first_day, term.last_day):
            assert term_on(known, day) == term
        expected = term.last_day + DAY
        number += 1
    assert number >= 1


@given(some_terms(), st.integers(0, 4000))
def test_a_notice_given_on_the_next_day_for_notice_is_in_time(known: Terms, after: int) -> None:
    day = next_notice_day(known, known.starts_on + dt.timedelta(days=after))
    if day is None:
        return
    effect = notice_effect(known, day)
    assert effect.reason in {"in_time", "late"}
    assert notice_effect(known, day + DAY).ends_on > effect.ends_on
