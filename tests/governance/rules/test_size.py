"""The threshold of about ten participants: since when it is reached, and what crosses it."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from governance.rules.belonging import Period
from governance.rules.size import Crossing, count_on, crossing, reached_on

DAY = dt.date(2026, 3, 2)


def day(offset: int) -> dt.date:
    return DAY + dt.timedelta(days=offset)


PERIODS = st.lists(
    st.tuples(st.integers(-20, 5), st.integers(0, 30) | st.none()).map(
        lambda pair: Period(day(pair[0]), None if pair[1] is None else day(pair[0] + pair[1]))
    ),
    max_size=8,
)


@given(PERIODS, st.integers(1, 5))
def test_it_is_reached_since_the_first_day_of_an_unbroken_run(periods: list[Period], threshold: int) -> None:
    found = reached_on(periods, threshold, DAY)
    runs = [count_on(periods, day(-offset)) >= threshold for offset in range(40)]
    length = runs.index(False) if False in runs else len(runs)
    assert found == (day(1 - length) if length else None)


@given(st.integers(0, 20), st.integers(0, 20), st.integers(1, 15))
def test_a_change_crosses_the_threshold_one_way_and_back(before: int, after: int, threshold: int) -> None:
    there, back = crossing(before, after, threshold), crossing(after, before, threshold)
    assert (there == Crossing.REACHED) == (back == Crossing.LEFT)
    assert (there == Crossing.NONE) == ((before >= threshold) == (after >= threshold))
