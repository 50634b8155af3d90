"""Thresholds of headcount (domain.md 1.3)."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopproject.exceptions import InvalidInput
from governance.rules.calendars import add_months
from governance.rules.headcount import (
    AdhocDeferral,
    ThresholdState,
    employs,
    enterprise_headcounts,
    full_powers_from,
    headcount_violations,
    threshold_status,
)

REACHED, NOT_REACHED, UNKNOWN = ThresholdState.REACHED, ThresholdState.NOT_REACHED, ThresholdState.UNKNOWN
ON = date(2026, 11, 22)


def months(*values: str | None, last: date = date(2026, 10, 1)) -> dict[date, Decimal]:
    """Consecutive months that end with `last`; None is a month without a figure."""
    first = add_months(last, 1 - len(values))
    return {add_months(first, index): Decimal(value) for index, value in enumerate(values) if value is not None}


def state(headcounts: dict[date, Decimal], threshold: int = 11, on: date = ON) -> ThresholdState:
    return threshold_status(headcounts, threshold, on).state


def test_twelve_months_exactly_at_the_threshold_reach_it() -> None:
    status = threshold_status(months(*["50.0"] * 12), 50, ON)
    assert (status.state, status.since, status.met_on, status.run) == (
        REACHED,
        date(2026, 10, 1),
        date(2026, 11, 1),
        12,
    )


def test_nothing_is_rounded_up() -> None:
    assert state(months(*["10.9"] * 12)) is NOT_REACHED
    assert state(months(*["10.999"] * 12)) is NOT_REACHED


@pytest.mark.parametrize("position", range(12))
def test_one_month_below_resets_the_count(position: int) -> None:
    values = ["11"] * 12
    values[position] = "10.99"
    assert state(months(*values)) is NOT_REACHED
    assert state(months(*values, *["11"] * (11 - (11 - position)))) is NOT_REACHED
    assert state(months(*values, *["11"] * (12 - (11 - position)))) is REACHED


def test_eleven_months_after_a_month_below_are_not_enough_and_twelve_are() -> None:
    assert state(months("10", *["11"] * 11)) is NOT_REACHED
    assert state(months("10", *["11"] * 12)) is REACHED


def test_a_missing_month_is_neither_zero_nor_at_the_threshold() -> None:
    gap = months(*["12"] * 6, None, *["12"] * 6)
    status = threshold_status(gap, 11, ON)
    assert (status.state, status.missing, status.run) == (UNKNOWN, (date(2026, 4, 1),), 6)
    assert state(months(*["12"] * 6, "0", *["12"] * 6)) is NOT_REACHED
    assert state(months(*["8"] * 6, None, *["8"] * 6)) is NOT_REACHED


def test_figures_that_are_too_few_or_too_old_are_not_an_answer_unless_none_could_change_it() -> None:
    assert state({}) is UNKNOWN
    assert state(months(*["60"] * 6), 50) is UNKNOWN
    assert state(months(*["32"] * 6), 50) is NOT_REACHED
    assert state(months(*["32"] * 12, last=date(2025, 12, 1)), 50) is NOT_REACHED
    assert state(months(*["32"] * 12, last=date(2025, 10, 1)), 50) is UNKNOWN


def test_the_month_under_way_counts_once_it_has_its_figure_and_is_not_missing_before() -> None:
    running = months(*["11"] * 12, last=date(2026, 11, 1))
    assert state(running) is REACHED
    assert state(running, on=date(2026, 11, 1)) is REACHED
    assert threshold_status(months(*["9"] * 12), 11, ON).missing == ()


def test_impossible_months_are_all_refused_at_once() -> None:
    headcounts = {date(2026, 12, 1): Decimal(1), date(2026, 5, 2): Decimal(3), date(2026, 6, 1): Decimal("-0.5")}
    headcounts |= {date(1, 1, 1): Decimal(5), date(2008, 1, 1): Decimal(5)}
    found = [(violation.code, violation.pointer) for violation in headcount_violations(headcounts, ON)]
    assert found == [
        ("month_too_old", "/headcounts/0001-01"),
        ("month_not_first_day", "/headcounts/2026-05"),
        ("headcount_negative", "/headcounts/2026-06"),
        ("month_in_future", "/headcounts/2026-12"),
    ]
    with pytest.raises(InvalidInput, match="month_in_future"):
        threshold_status(headcounts, 11, ON)


def test_what_was_reached_is_lost_only_at_a_renewal_after_twelve_months_below() -> None:
    falling = months(*["55"] * 12, *["49.9"] * 12)
    renewal = date(2026, 11, 3)
    assert threshold_status(falling, 50, ON).state is REACHED
    lost = threshold_status(falling, 50, ON, renewals=[renewal])
    assert (lost.state, lost.lost_on, lost.since) == (NOT_REACHED, renewal, None)
    assert threshold_status(falling, 50, date(2026, 11, 2), renewals=[renewal]).state is REACHED
    assert threshold_status(falling, 50, renewal, renewals=[renewal]).state is not REACHED


@pytest.mark.parametrize("position", range(12))
def test_one_month_at_fifty_or_without_a_figure_before_the_renewal_keeps_the_powers(position: int) -> None:
    for kept in ("50", None):
        values: list[str | None] = ["49"] * 12
        values[position] = kept
        status = threshold_status(months(*["55"] * 12, *values), 50, ON, renewals=[date(2026, 11, 3)])
        assert status.state is REACHED


def test_a_threshold_lost_at_a_renewal_can_be_reached_again() -> None:
    values = months(*["55"] * 12, *["40"] * 12, *["50"] * 12)
    renewal = date(2025, 11, 15)
    status = threshold_status(values, 50, ON, renewals=[renewal])
    assert (status.state, status.since, status.lost_on) == (REACHED, date(2026, 10, 1), None)
    assert threshold_status(values, 50, ON).since == date(2024, 10, 1)


def test_without_a_body_twelve_months_below_suffice() -> None:
    fallen = months(*["12"] * 12, *["9"] * 12)
    assert threshold_status(fallen, 11, ON, lost_without_renewal=True).state is NOT_REACHED
    eleven = months(*["12"] * 12, *["9"] * 11)
    assert threshold_status(eleven, 11, ON, lost_without_renewal=True).state is REACHED


def test_sites_are_added_up_and_a_month_that_one_lacks_is_lacking() -> None:
    one, two, three = months(*["25"] * 2), months(*["15"] * 2), months("24")
    assert enterprise_headcounts([one, two, three]) == {date(2026, 10, 1): Decimal(64)}


def test_an_employer_of_nobody_has_zeros_lately_and_no_other_figure() -> None:
    assert employs(months(*["0"] * 3), ON) is False
    assert employs(months("0.2", "0", "0"), ON) is True
    assert employs(months("4", *["0"] * 12, last=date(2026, 11, 1)), ON) is False
    assert employs(months("4", *["0"] * 11, last=date(2026, 11, 1)), ON) is True
    assert employs(months("0", last=date(2025, 11, 1)), ON) is None


@pytest.mark.parametrize(
    ("elected_on", "ends_on", "deferral", "expected"),
    [
        (None, None, AdhocDeferral.NONE, "2026-01-01"),
        ("2023-05-01", None, AdhocDeferral.NONE, "2026-01-01"),
        ("2023-05-01", None, AdhocDeferral.TWELVE_MONTHS, "2027-01-01"),
        ("2023-05-01", "2027-05-01", AdhocDeferral.TWELVE_MONTHS, "2027-05-01"),
        ("2023-05-01", "2028-01-01", AdhocDeferral.TWELVE_MONTHS, "2027-01-01"),
        ("2023-05-01", "2026-12-31", AdhocDeferral.TWELVE_MONTHS, "2027-01-01"),
        ("2026-03-01", None, AdhocDeferral.NONE, "2027-03-01"),
        ("2026-01-01", None, AdhocDeferral.NONE, "2027-01-01"),
    ],
)
def test_full_powers_begin_when_the_law_says(
    elected_on: str | None, ends_on: str | None, deferral: AdhocDeferral, expected: str
) -> None:
    found = full_powers_from(
        date(2026, 1, 1),
        cse_first_elected_on=date.fromisoformat(elected_on) if elected_on else None,
        mandate_ends_on=date.fromisoformat(ends_on) if ends_on else None,
        deferral=deferral,
    )
    assert found.isoformat() == expected


def test_a_cse_that_took_over_from_a_works_committee_has_its_powers_at_once() -> None:
    assert full_powers_from(date(2018, 5, 1), cse_first_elected_on=date(2019, 6, 3)) == date(2019, 6, 3)
    # Every works committee was gone on 1 January 2020.
    assert full_powers_from(date(2018, 5, 1), cse_first_elected_on=date(2019, 12, 31)) == date(2019, 12, 31)
    assert full_powers_from(date(2018, 5, 1), cse_first_elected_on=date(2020, 1, 1)) == date(2021, 1, 1)


def test_a_threshold_that_cannot_be_told_says_that_months_are_missing_and_not_that_it_is_not_met() -> None:
    unknown = threshold_status(months("60", last=date(2026, 10, 1)), 50, ON)
    assert unknown.state is UNKNOWN
    assert "manquent" in str(unknown.explanation)
    assert "non atteint" in str(threshold_status(months(*["8"] * 12), 50, ON).explanation)


values = st.one_of(st.none(), st.sampled_from([Decimal(n) for n in ("0", "10.9", "11", "11.1", "49.99", "50", "80")]))


@given(st.lists(values, min_size=12, max_size=40), st.sampled_from([11, 50]))
def test_the_answer_is_that_of_a_count_on_fingers(figures: list[Decimal | None], threshold: int) -> None:
    first = add_months(date(2026, 10, 1), 1 - len(figures))
    headcounts = {add_months(first, index): value for index, value in enumerate(figures) if value is not None}
    recorded = figures[next((i for i, value in enumerate(figures) if value is not None), len(figures)) :]

    def some_window_all(holds: list[bool]) -> bool:
        return any(all(holds[start : start + 12]) for start in range(len(holds) - 11))

    if some_window_all([value is not None and value >= threshold for value in figures]):
        expected = REACHED
    elif not headcounts or len(recorded) < 12:
        return
    elif some_window_all([value is None or value >= threshold for value in recorded]):
        expected = UNKNOWN
    else:
        expected = NOT_REACHED
    assert state(headcounts, threshold) is expected
