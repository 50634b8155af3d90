"""Which steps are owed before a circle: those of every circle gone through, done by the day of the move."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from governance.rules.onboarding import INWARDS, Step, circles_entered, missing_steps, pending_since

DAY = dt.date(2026, 3, 2)
CIRCLES = st.sampled_from(INWARDS)
BEFORE = st.one_of(st.none(), CIRCLES)
STEPS = st.lists(st.tuples(CIRCLES, st.booleans(), st.integers(-3, 3) | st.none()), max_size=8)


@given(BEFORE, CIRCLES)
def test_one_goes_through_each_circle_on_the_way_and_none_outwards(before: str | None, after: str) -> None:
    entered = circles_entered(before, after)
    start = -1 if before is None else INWARDS.index(before)  # type: ignore[arg-type]
    assert len(entered) == max(0, INWARDS.index(after) - start)  # type: ignore[arg-type]
    assert not entered or entered[-1] == after
    # In two moves as in one.
    for middle in entered:
        assert entered == (*circles_entered(before, middle), *circles_entered(middle, after))


@given(BEFORE, CIRCLES, STEPS)
def test_what_is_missing_is_required_of_a_circle_entered_and_not_done_by_then(
    before: str | None, after: str, drawn: list[tuple[str, bool, int | None]]
) -> None:
    steps = [Step(str(number), circle, "x", required) for number, (circle, required, _day) in enumerate(drawn)]
    done = {
        str(number): DAY + dt.timedelta(days=day)
        for number, (_circle, _required, day) in enumerate(drawn)
        if day is not None
    }
    missing = missing_steps(steps, done, before=before, after=after, since=DAY)
    for step in steps:
        owed = step.required and step.circle in circles_entered(before, after)
        assert (step in missing) == (owed and (step.id not in done or done[step.id] > DAY))
    # Later, never more is missing.
    assert set(missing_steps(steps, done, before=before, after=after, since=DAY + dt.timedelta(days=1))) <= set(missing)


def _since(done: dict[str, int], circle: str = "network", waived: int | None = None) -> int | None:
    steps = [Step("a", "active", "x"), Step("c", "core", "x"), Step("o", "core", "x", required=False)]
    days = {step: DAY + dt.timedelta(days=offset) for step, offset in done.items()}
    waived_on = None if waived is None else DAY + dt.timedelta(days=waived)
    found = pending_since(steps, days, circle=circle, waived_on=waived_on, on=DAY)
    return None if found is None else (found - DAY).days


def test_steps_wait_once_begun_or_waived() -> None:
    assert _since({}) is None
    # The whole way to the active partners is done: nothing waits.
    assert _since({"a": -9}) is None
    assert _since({"c": -9}) == -9
    assert _since({"c": -9, "a": -5}) is None
    assert _since({"a": -9, "o": -5}) == -5
    assert _since({"c": 1}) is None
    assert _since({}, "active", waived=-30) == -30
    assert _since({"a": -3}, "active", waived=-30) is None
    assert _since({"o": -50}, "active", waived=-30) == -50
    assert _since({}, "core", waived=None) is None
