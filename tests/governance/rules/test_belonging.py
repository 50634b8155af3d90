"""Periods and who may join, move, leave or be given a role: no database."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopproject import wording
from governance.rules.belonging import Period, Stay, join_violations, leave_violations, move_violations, role_violations

START = dt.date(2026, 1, 1)
DAY = dt.timedelta(days=1)
_days = st.integers(0, 12).map(lambda number: START + number * DAY)


@st.composite
def _periods(draw: st.DrawFn) -> Period:
    since = draw(_days)
    length = draw(st.none() | st.integers(0, 6))
    return Period(since, None if length is None else since + length * DAY)


def _walk(period: Period) -> set[dt.date]:
    """The days of a period, one by one, over a horizon longer than any closed one."""
    return {day for number in range(40) if period.contains(day := START + number * DAY)}


@given(_periods(), _periods())
def test_periods_overlap_when_they_share_a_day(one: Period, other: Period) -> None:
    assert one.overlaps(other) == other.overlaps(one) == bool(_walk(one) & _walk(other))


@given(_periods(), _periods())
def test_a_period_covers_another_when_it_has_all_its_days(one: Period, other: Period) -> None:
    assert one.covers(other) == (_walk(other) <= _walk(one))


@pytest.mark.parametrize(
    ("joined", "memberships", "codes"),
    [
        pytest.param(0, [], set(), id="the first day of the cooperation"),
        pytest.param(-1, [], {"outside_cooperation"}, id="the day before"),
        pytest.param(30, [], set(), id="its last day"),
        pytest.param(31, [], {"outside_cooperation"}, id="the day after"),
        pytest.param(10, [(0, None)], {"already_member"}, id="a member already"),
        pytest.param(10, [(0, 10)], {"already_member"}, id="leaves that very day"),
        pytest.param(11, [(0, 10)], set(), id="left the day before"),
        pytest.param(5, [(6, None)], {"already_member"}, id="joins tomorrow"),
        pytest.param(-1, [(0, None)], {"already_member", "outside_cooperation"}, id="both at once"),
    ],
)
def test_joining(joined: int, memberships: list[tuple[int, int | None]], codes: set[str]) -> None:
    former = [Period(START + a * DAY, None if b is None else START + b * DAY) for a, b in memberships]
    found = join_violations(
        joined_on=START + joined * DAY, started_on=START, ended_on=START + 30 * DAY, memberships=former
    )
    assert {violation.code for violation in found} == codes


@pytest.mark.parametrize(
    ("circle", "since", "left", "codes"),
    [
        ("core", 11, None, set()),
        ("core", 10, None, {"before_current_stay"}),
        ("active", 11, None, {"same_circle"}),
        ("core", 11, 20, {"membership_ended"}),
        ("active", 9, 20, {"same_circle", "before_current_stay", "membership_ended"}),
    ],
)
def test_moving(circle: str, since: int, left: int | None, codes: set[str]) -> None:
    found = move_violations(
        circle=circle,
        since=START + since * DAY,
        current=Stay("active", START + 10 * DAY),
        left_on=None if left is None else START + left * DAY,
    )
    told = {violation.code: str(violation.detail) for violation in found}
    assert set(told) == codes
    # The latest stay may be one to come: the day tells it from the circle of today.
    assert all(str(wording.day(START + 10 * DAY)) in told[code] for code in codes & {"same_circle"})


@pytest.mark.parametrize(
    ("left", "roles", "codes"),
    [
        (10, [], set()),
        (9, [], {"before_current_stay"}),
        (0, [], {"before_current_stay"}),
        (-1, [], {"before_joining"}),
        (15, [(15, None)], set()),
        (15, [(16, None)], {"role_began_later"}),
        (15, [(21, None)], set()),
    ],
)
def test_leaving(left: int, roles: list[tuple[int, int | None]], codes: set[str]) -> None:
    found = leave_violations(
        left_on=START + left * DAY,
        joined_on=START,
        already_left_on=None,
        current=Stay("core", START + 10 * DAY),
        today=START + 20 * DAY,
        roles=[Period(START + since * DAY, None) for since, _until in roles],
    )
    assert {violation.code for violation in found} == codes


@pytest.mark.parametrize(
    ("since", "until", "memberships", "same", "codes"),
    [
        (0, None, [(0, None)], [], set()),
        (0, None, [(1, None)], [], {"not_a_member"}),
        (5, 5, [(0, 5)], [], set()),
        (5, 6, [(0, 5)], [], {"beyond_membership"}),
        (5, None, [(0, 5)], [], {"beyond_membership"}),
        (6, None, [(0, 5), (6, None)], [(0, 5)], set()),
        (5, None, [(0, None)], [(0, 5)], {"role_already_held"}),
        (5, None, [], [(0, 5)], {"role_already_held", "not_a_member"}),
        (5, 4, [], [], {"ends_before_start"}),
    ],
)
def test_giving_a_role(
    since: int,
    until: int | None,
    memberships: list[tuple[int, int | None]],
    same: list[tuple[int, int | None]],
    codes: set[str],
) -> None:
    def period(first: int, last: int | None) -> Period:
        return Period(START + first * DAY, None if last is None else START + last * DAY)

    found = role_violations(
        period=period(since, until),
        needs_membership=True,
        memberships=[period(*pair) for pair in memberships],
        same_roles=[period(*pair) for pair in same],
    )
    assert {violation.code for violation in found} == codes
