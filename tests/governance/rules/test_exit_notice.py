"""The notice before leaving: calendar months by day number, the end of the month where there is no such day."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.rules.exit_notice import earliest_exit, exit_violations

D = dt.date
DAYS = st.dates(D(2000, 1, 1), D(2100, 12, 31))


@pytest.mark.parametrize(
    ("given_on", "months", "expected"),
    [
        (D(2026, 1, 31), 1, D(2026, 2, 28)),
        (D(2028, 1, 31), 1, D(2028, 2, 29)),
        (D(2026, 2, 28), 1, D(2026, 3, 28)),
        (D(2026, 8, 31), 6, D(2027, 2, 28)),
        (D(2026, 11, 22), 3, D(2027, 2, 22)),
        (D(2026, 11, 22), 0, D(2026, 11, 22)),
        (D(2024, 2, 29), 12, D(2025, 2, 28)),
    ],
)
def test_a_notice_ends_on_the_same_day_number_or_at_the_end_of_the_month(
    given_on: dt.date, months: int, expected: dt.date
) -> None:
    assert earliest_exit(given_on, months) == expected


def _codes(left_on: dt.date, exit_on: dt.date | None, months: int, *, waived: bool = False) -> list[str]:
    found = exit_violations(left_on=left_on, today=left_on, months=months, notice_exit_on=exit_on, waived=waived)
    return [violation.code for violation in found]


@given(given_on=DAYS, months=st.integers(0, 120))
def test_one_may_leave_on_the_day_on_which_the_notice_has_run_and_not_the_day_before(
    given_on: dt.date, months: int
) -> None:
    exit_on = earliest_exit(given_on, months)
    before = exit_on - dt.timedelta(days=1)
    assert _codes(exit_on, exit_on, months) == []
    assert _codes(before, exit_on, months) == ["notice_running"]
    assert _codes(before, exit_on, months, waived=True) == []
    assert _codes(exit_on, exit_on, months, waived=True) == ["nothing_to_waive"]


def test_a_notice_that_was_given_counts_by_what_bound_the_member_that_day() -> None:
    """Given when nothing was owed, it stays good when a later charter asks for more."""
    assert _codes(D(2026, 5, 1), D(2026, 4, 1), 6) == []
    assert _codes(D(2026, 5, 1), None, 6) == ["notice_missing"]
    assert _codes(D(2026, 5, 1), None, 0) == []
