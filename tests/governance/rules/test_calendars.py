"""Public holidays against the law's own list and an independent Easter, working days, months, local dates."""

from datetime import UTC, date, datetime, timedelta

import pytest

from coopproject.exceptions import InvalidInput
from governance.rules.calendars import (
    FIRST_YEAR,
    SiteCalendar,
    add_months,
    day_after,
    end_of_day,
    is_working_day,
    local_date,
    next_working_day,
    public_holidays,
)

EASTER = {2025: "2025-04-20", 2026: "2026-04-05", 2027: "2027-03-28", 2028: "2028-04-16"}
MOVABLE = {
    2025: {"2025-04-21", "2025-05-29", "2025-06-09"},
    2026: {"2026-04-06", "2026-05-14", "2026-05-25"},
    2027: {"2027-03-29", "2027-05-06", "2027-05-17"},
    2028: {"2028-04-17", "2028-05-25", "2028-06-05"},
}
OVERSEAS = {
    SiteCalendar.GUADELOUPE: (5, 27),
    SiteCalendar.MARTINIQUE: (5, 22),
    SiteCalendar.GUYANE: (6, 10),
    SiteCalendar.REUNION: (12, 20),
    SiteCalendar.MAYOTTE: (4, 27),
    SiteCalendar.SAINT_BARTHELEMY: (10, 9),
    SiteCalendar.SAINT_MARTIN: (5, 28),
}


def gauss_easter(year: int) -> date:
    """The anonymous Gregorian computus."""
    a, (b, c) = year % 19, divmod(year, 100)
    d, e = divmod(b, 4)
    g = (8 * b + 13) // 25
    h = (19 * a + b - d - g + 15) % 30
    i, k = divmod(c, 4)
    m = (32 + 2 * e + 2 * i - h - k) % 7
    n = (a + 11 * h + 22 * m) // 451
    month, rest = divmod(h + m - 7 * n + 114, 31)
    return date(year, month, rest + 1)


def legal_days(year: int) -> set[date]:
    """Art. L3133-1."""
    easter = gauss_easter(year)
    fixed = [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)]
    return {date(year, *day) for day in fixed} | {easter + timedelta(days=after) for after in (1, 39, 50)}


@pytest.mark.parametrize("year", EASTER)
def test_easter_and_the_days_that_follow_it_are_those_of_the_vectors(year: int) -> None:
    assert gauss_easter(year).isoformat() == EASTER[year]
    assert MOVABLE[year] <= {day.isoformat() for day in public_holidays(year)}


@pytest.mark.parametrize("year", range(2013, 2061))
def test_every_calendar_holds_the_days_of_the_law_and_no_other(year: int) -> None:
    legal = legal_days(year)
    assert set(public_holidays(year)) == legal
    local = {gauss_easter(year) - timedelta(days=2), date(year, 12, 26)}
    assert set(public_holidays(year, SiteCalendar.ALSACE_MOSELLE)) == legal | local
    for calendar, day in OVERSEAS.items():
        assert set(public_holidays(year, calendar)) == legal | {date(year, *day)}
    assert set(public_holidays(year, SiteCalendar.SAINT_PIERRE_ET_MIQUELON)) == legal


def test_a_saturday_is_not_a_working_day_though_leave_law_counts_it() -> None:
    assert [is_working_day(date(2026, 11, day)) for day in (6, 7, 8, 9, 11)] == [True, False, False, True, False]


def test_the_next_working_day_of_a_working_day_is_itself() -> None:
    assert next_working_day(date(2026, 4, 2)) == date(2026, 4, 2)
    assert next_working_day(date(2026, 4, 3), SiteCalendar.ALSACE_MOSELLE) == date(2026, 4, 7)
    assert next_working_day(date(2027, 12, 31)) == date(2027, 12, 31)
    assert next_working_day(date(2028, 1, 1)) == date(2028, 1, 3)


@pytest.mark.parametrize("year", [FIRST_YEAR, 2100])
def test_the_first_and_the_last_year_have_their_holidays(year: int) -> None:
    assert set(public_holidays(year)) == legal_days(year)


@pytest.mark.parametrize("year", [FIRST_YEAR - 1, 2101])
def test_a_year_whose_holidays_are_unknown_is_refused_rather_than_without_holidays(year: int) -> None:
    with pytest.raises(InvalidInput, match="date_out_of_range"):
        is_working_day(date(year, 5, 2) if date(year, 5, 2).weekday() < 5 else date(year, 5, 4))


@pytest.mark.parametrize(
    ("day", "months", "expected"),
    [
        ("2026-01-31", 1, "2026-02-28"),
        ("2028-01-31", 1, "2028-02-29"),
        ("2026-11-30", 3, "2027-02-28"),
        ("2026-12-31", 12, "2027-12-31"),
        ("2026-03-31", -1, "2026-02-28"),
        ("2026-01-15", -1, "2025-12-15"),
    ],
)
def test_months_keep_the_day_number_or_end_with_the_month(day: str, months: int, expected: str) -> None:
    assert add_months(date.fromisoformat(day), months) == date.fromisoformat(expected)


def test_a_legal_date_is_the_date_at_the_site() -> None:
    late = datetime(2026, 3, 1, 23, 30, tzinfo=UTC)
    assert local_date(late) == date(2026, 3, 2)
    assert local_date(late, SiteCalendar.MARTINIQUE) == date(2026, 3, 1)
    assert local_date(late, SiteCalendar.REUNION) == date(2026, 3, 2)
    with pytest.raises(ValueError, match="time zone"):
        local_date(datetime(2026, 3, 1))


def test_a_day_ends_at_24_hours_at_the_site_also_when_the_clock_changes() -> None:
    assert end_of_day(date(2026, 3, 28)) == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert end_of_day(date(2026, 3, 29)) == datetime(2026, 3, 29, 22, tzinfo=UTC)
    assert end_of_day(date(2026, 3, 29), SiteCalendar.GUYANE) == datetime(2026, 3, 30, 3, tzinfo=UTC)


def test_months_and_days_stop_at_the_ends_of_the_calendar() -> None:
    """A date that somebody typed wrong is answered by the rules, never by an error of arithmetic."""
    assert add_months(date.max, 1) == day_after(date.max) == date.max
    assert add_months(date.min, -1) == date.min
    assert add_months(date(9999, 1, 31), 11) == date.max
    assert add_months(date(1, 2, 15), -1) == date(1, 1, 15)
    assert day_after(date(2028, 2, 28)) == date(2028, 2, 29)
