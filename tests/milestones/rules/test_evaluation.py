"""The vectors E01–E11 and E15 of domain.md 5.4, and the rules between them."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milestones.rules.evaluation import (
    Direction,
    Expectation,
    Frequency,
    Point,
    Shape,
    Status,
    Thresholds,
    evaluate,
    expectation_violations,
    expected,
    is_stale,
    measurement_due_on,
    stale_on,
)

START, END = date(2026, 1, 1), date(2027, 1, 1)  # 365 days
MIDDLE = START + timedelta(days=146)  # two fifths of the way


def going(direction, baseline, target, **more) -> Expectation:
    return Expectation(Direction(direction), Point(START, baseline), (Point(END, target),), **more)


def judged(expectation, actual, on=END, at=None, **more):
    return evaluate(expectation, Point(on, actual), at=at or on, **more)


VECTORS = [
    ("E01", going("up", 0, 100), 92, Fraction(92, 100), "green", False),
    ("E02", going("down", 40, 20), 25, Fraction(75, 100), "amber", False),
    ("peers 2.4", going("down", 30, 20), 25, Fraction(1, 2), "red", False),
    ("E04", going("up", 0, 80), 100, Fraction(125, 100), "green", True),
    ("exceeded by little", going("up", 0, 80), Decimal("80.1"), Fraction(801, 800), "green", True),
    ("just met", going("up", 0, 80), 80, Fraction(1), "green", False),
    ("down exceeded", going("down", 40, 20), 10, Fraction(3, 2), "green", True),
    ("E15", going("up", 0, 1), Decimal("0.8999999"), Fraction(8999999, 10000000), "amber", False),
    ("exactly 0.90", going("up", 0, 1), Decimal("0.9"), Fraction(9, 10), "green", False),
    ("exactly 0.70", going("up", 0, 1), Decimal("0.7"), Fraction(7, 10), "amber", False),
    ("under 0.70", going("up", 0, 1), Decimal("0.6999999"), Fraction(6999999, 10000000), "red", False),
    ("wrong way", going("up", 10, 20), 5, Fraction(-1, 2), "red", False),
    ("zero is a value", going("up", 0, 100), 0, Fraction(0), "red", False),
    ("down from zero", going("down", 0, -10), -9, Fraction(9, 10), "green", False),
]


@pytest.mark.parametrize(
    ("expectation", "actual", "rate", "status", "exceeded"), [v[1:] for v in VECTORS], ids=[v[0] for v in VECTORS]
)
def test_the_status_at_the_target_date_follows_the_exact_rate(expectation, actual, rate, status, exceeded):
    found = judged(expectation, actual)

    assert (found.rate, found.progress, found.status, found.exceeded) == (rate, rate, status, exceeded)


@pytest.mark.parametrize(
    ("shape", "expected_then", "rate", "status"),
    [
        (Shape.LINEAR, Fraction(40), Fraction(9, 10), "green"),
        (Shape.S_CURVE, Fraction(352, 10), Fraction(36 * 10, 352), "green"),
        (Shape.STEP, Fraction(0), None, "not_started"),
    ],
)
def test_on_the_way_the_rate_is_that_of_what_was_expected_by_then(shape, expected_then, rate, status):
    found = judged(going("up", 0, 100, shape=shape), 36, on=MIDDLE)

    assert (found.expected, found.rate, found.progress, found.status) == (expected_then, rate, Fraction(9, 25), status)


def test_a_step_is_expected_whole_on_its_day():
    step = going("up", 0, 100, shape=Shape.STEP)

    assert (expected(step, END - timedelta(days=1)), expected(step, END)) == (0, 100)


def test_intermediate_targets_bend_the_way():
    june, end = Point(date(2026, 6, 30), 20), Point(date(2026, 12, 27), 100)  # 180 days each
    two = Expectation(Direction.UP, Point(START, 0), (june, end))

    assert [expected(two, day) for day in (date(2026, 4, 1), june.on, date(2026, 9, 28), end.on)] == [10, 20, 60, 100]
    assert expected(Expectation(Direction.MAINTAIN, None, (june, end)), date(2026, 4, 1)) == 20
    assert expected(Expectation(Direction.MAINTAIN, None, (june, end)), june.on) == 20
    assert expected(Expectation(Direction.MAINTAIN, None, (june, end)), date(2026, 7, 1)) == 100
    assert expected(Expectation(Direction.MAINTAIN, None, (june, end)), date(2028, 4, 1)) == 100


def test_before_and_after_the_way_nothing_more_is_expected():
    way = going("down", 40, 20)

    assert expected(way, START - timedelta(days=9)) == 40
    assert expected(way, END + timedelta(days=900)) == 20


@pytest.mark.parametrize(
    ("actual", "status", "exceeded"),
    [
        (50, "green", False),
        (60, "green", True),
        (Decimal("47.5"), "green", False),
        (45, "amber", False),
        (44, "red", False),
    ],
)
def test_e06_baseline_equal_to_target_is_held_without_division(actual, status, exceeded):
    found = judged(going("up", 50, 50), actual)

    assert (found.status, found.exceeded, found.rate, found.progress) == (status, exceeded, None, None)


def test_e06_held_at_zero_divides_by_nothing():
    found = judged(going("down", 0, 0), 1)

    assert (found.status, found.gap, found.gap_ratio, found.rate) == (Status.RED, 1, None, None)
    assert judged(going("down", 0, 0), 0).status == Status.GREEN


@pytest.mark.parametrize(
    ("actual", "status"),
    [(50, "green"), (53, "green"), (47, "green"), (44, "amber"), (56, "amber"), (57, "red"), (43, "red")],
)
def test_a_value_to_maintain_is_judged_on_both_sides_by_its_tolerance(actual, status):
    found = judged(going("maintain", 50, 50, tolerance=Fraction(3)), actual)

    assert (found.status, found.gap, found.rate) == (status, actual - 50, None)


@pytest.mark.parametrize(
    ("actual", "tolerance", "status", "gap"),
    [
        (3, None, "green", 0),
        (10, None, "green", 0),
        (20, None, "green", 0),
        (Decimal("2.9"), None, "amber", Fraction(-1, 10)),
        (Decimal("21.7"), None, "amber", Fraction(17, 10)),
        (22, None, "red", 2),
        (22, 2, "green", 2),
        (24, 2, "amber", 4),
        (25, 2, "red", 5),
    ],
)
def test_a_range_is_on_target_inside_and_the_gap_is_the_distance_to_it(actual, tolerance, status, gap):
    expectation = Expectation(Direction.RANGE, low=Fraction(3), high=Fraction(20), tolerance=tolerance)

    found = judged(expectation, actual)

    assert (found.status, found.gap) == (status, gap)


def test_a_range_may_be_open_on_one_side():
    at_least_three = Expectation(Direction.RANGE, low=Fraction(3))

    assert judged(at_least_three, 1000).status == Status.GREEN
    assert judged(at_least_three, 2).status == Status.RED
    assert expectation_violations(at_least_three) == ()
    assert expected(Expectation(Direction.RANGE, Point(START, 0), (Point(END, 9),), low=Fraction(3)), END) is None


def test_the_gap_ratio_of_a_range_is_that_of_the_bound_it_leaves():
    expectation = Expectation(Direction.RANGE, low=Fraction(0), high=Fraction(20))

    assert judged(expectation, 25).gap_ratio == Fraction(1, 4)
    assert judged(expectation, -5).gap_ratio is None
    assert [judged(expectation, inside).gap_ratio for inside in (0, 7, 20)] == [0, 0, 0]


def test_e08_on_the_start_day_nothing_can_be_late():
    found = judged(going("up", 10, 100), 4, on=START)

    assert (found.expected, found.rate, found.status, found.gap) == (10, None, Status.NOT_STARTED, -6)
    assert judged(going("up", 50, 50), 4, on=START).status == Status.NOT_STARTED


@pytest.mark.parametrize(
    "expectation",
    [going("maintain", 50, 50), Expectation(Direction.RANGE, Point(START, 50), low=Fraction(40), high=Fraction(60))],
)
def test_what_is_to_be_held_is_held_from_the_first_day(expectation):
    assert judged(expectation, 4, on=START).status == Status.RED
    assert judged(expectation, 4, on=START - timedelta(days=1)).status == Status.NOT_STARTED


def test_e09_no_measurement_is_no_data_and_not_red():
    found = evaluate(going("up", 0, 100), None, at=END)

    assert (found.status, found.actual, found.rate) == (Status.NO_DATA, None, None)
    assert evaluate(going("up", 0, 100), None, at=START).status == Status.NO_DATA
    assert evaluate(going("up", 0, 100), None, at=START - timedelta(days=1)).status == Status.NOT_STARTED


@pytest.mark.parametrize("direction", ["up", "down"])
def test_without_a_baseline_the_answer_is_that_there_is_none(direction):
    found = evaluate(Expectation(Direction(direction), None, (Point(END, 100),)), Point(END, 92), at=END)

    assert (found.status, found.reason, found.actual) == (Status.NOT_COMPUTABLE, "baseline_missing", 92)


@pytest.mark.parametrize(
    ("expectation", "reason"),
    [(Expectation(Direction.UP, Point(START, 0)), "target_missing"), (Expectation(Direction.RANGE), "bounds_missing")],
)
def test_without_a_target_the_answer_is_that_there_is_none(expectation, reason):
    found = judged(expectation, 92)

    assert (found.status, found.reason) == (Status.NOT_COMPUTABLE, reason)


@pytest.mark.parametrize(
    ("frequency", "measured_on", "first_stale_day", "due_on"),
    [
        (Frequency.MONTHLY, date(2026, 2, 1), date(2026, 3, 16), date(2026, 3, 1)),  # 28 days: 42 are not too many
        (Frequency.MONTHLY, date(2026, 1, 31), date(2026, 3, 15), date(2026, 2, 28)),
        (Frequency.QUARTERLY, date(2026, 1, 1), date(2026, 5, 17), date(2026, 4, 1)),  # 90 days: 135
        (Frequency.HALF_YEARLY, date(2026, 1, 1), date(2026, 9, 30), date(2026, 7, 1)),  # 181 days: 271.5
        (Frequency.YEARLY, date(2026, 1, 1), date(2027, 7, 3), date(2027, 1, 1)),  # 365 days: 547.5
    ],
)
def test_a_value_is_stale_beyond_one_and_a_half_of_its_periods(frequency, measured_on, first_stale_day, due_on):
    assert not is_stale(measured_on, first_stale_day - timedelta(days=1), frequency)
    assert is_stale(measured_on, first_stale_day, frequency)
    assert stale_on(measured_on, frequency) == first_stale_day
    assert measurement_due_on(measured_on, frequency) == due_on


def test_a_stale_value_keeps_its_figures_and_is_compared_with_its_own_day():
    found = judged(going("up", 0, 100), 36, on=MIDDLE, at=MIDDLE + timedelta(days=100), frequency=Frequency.MONTHLY)

    assert (found.status, found.rate, found.expected, found.measured_on) == (Status.STALE, Fraction(9, 10), 40, MIDDLE)


def test_a_value_taken_once_or_at_the_end_is_never_stale():
    much_later = END + timedelta(days=900)

    assert judged(going("up", 0, 100), 36, on=MIDDLE, at=much_later, frequency=Frequency.ONCE).status == Status.GREEN
    assert judged(going("up", 0, 100), 92, at=much_later, frequency=Frequency.MONTHLY).status == Status.GREEN


def test_a_tolerance_forgives_a_small_shortfall_on_the_way():
    assert judged(going("up", 0, 4), 2).status == Status.RED
    assert judged(going("up", 0, 4, tolerance=Fraction(2)), 2).status == Status.GREEN
    assert judged(going("down", 4, 0, tolerance=Fraction(2)), 3).status == Status.RED


def test_the_gap_ratio_is_not_computable_where_zero_is_expected():
    assert judged(going("down", 40, 0), 4).gap_ratio is None
    assert judged(going("down", 40, 20), 25).gap_ratio == Fraction(1, 4)
    assert judged(going("down", 0, -20), -15).gap_ratio == Fraction(1, 4)


def test_a_measurement_of_tomorrow_is_not_evaluated_today():
    with pytest.raises(ValueError, match="after the day"):
        judged(going("up", 0, 100), 92, at=END - timedelta(days=1))


def test_a_float_is_refused_because_it_is_not_the_number_that_was_typed():
    with pytest.raises(TypeError):
        Point(START, 0.1)  # type: ignore[arg-type]
    with pytest.raises(TypeError):
        going("up", 0, 1, tolerance=0.1)


def test_other_thresholds_give_another_answer():
    strict = Thresholds(green_rate=Fraction(95, 100), amber_rate=Fraction(93, 100))

    assert judged(going("up", 0, 100), 92, thresholds=strict).status == Status.RED


@pytest.mark.parametrize(
    ("expectation", "found"),
    [
        (going("up", 0, 100), []),
        (going("up", 50, 50), []),
        (going("up", 100, 0), [("direction_contradicts_target", "/direction")]),
        (going("down", 0, 100), [("direction_contradicts_target", "/direction")]),
        (Expectation(Direction.UP), [("target_missing", "/targets"), ("baseline_missing", "/baseline")]),
        (Expectation(Direction.MAINTAIN, None, (Point(END, 1),)), []),
        (Expectation(Direction.RANGE), [("bounds_missing", "/low")]),
        (Expectation(Direction.RANGE, low=Fraction(2), high=Fraction(1)), [("bounds_out_of_order", "/low")]),
        (Expectation(Direction.UP, Point(END, 0), (Point(END, 1),)), [("target_before_baseline", "/targets/0/on")]),
        (Expectation(Direction.UP, Point(START, 0), (Point(END, 1), Point(END, 2))),
         [("targets_out_of_order", "/targets/1/on")]),
        (going("up", 0, 1, tolerance=-1), [("tolerance_negative", "/tolerance")]),
        (going("up", 0, 1, tolerance=0), []),
        (Expectation(Direction.RANGE, high=Fraction(1)), []),
        (Expectation(Direction.RANGE, low=Fraction(1), high=Fraction(1)), []),
    ],
)  # fmt: skip
def test_an_expectation_that_cannot_be_evaluated_is_refused_with_every_reason(expectation, found):
    assert [(violation.code, violation.pointer) for violation in expectation_violations(expectation)] == found


numbers = st.fractions(min_value=-1000, max_value=1000, max_denominator=50)
days = st.integers(1, 900).map(lambda n: START + timedelta(days=n))
shapes = st.sampled_from(Shape)
ORDER = [Status.RED, Status.AMBER, Status.GREEN]


@given(numbers, numbers, numbers, days, shapes, st.none() | numbers.map(abs))
def test_down_is_the_mirror_of_up(baseline, target, actual, on, shape, tolerance):
    up = judged(going("up", baseline, target, shape=shape, tolerance=tolerance), actual, on=on)
    down = judged(going("down", -baseline, -target, shape=shape, tolerance=tolerance), -actual, on=on)

    assert (up.status, up.rate, up.progress, up.exceeded) == (down.status, down.rate, down.progress, down.exceeded)
    assert up.gap == -down.gap


@given(numbers, numbers, numbers, numbers, days, shapes)
def test_a_better_value_is_never_judged_worse(baseline, first, second, third, on, shape):
    baseline, target = sorted((baseline, first))
    worse, better = sorted((second, third))
    expectation = going("up", baseline, target, shape=shape)

    before, after = judged(expectation, worse, on=on), judged(expectation, better, on=on)

    if before.status in ORDER:
        assert ORDER.index(after.status) >= ORDER.index(before.status)
    assert after.gap >= before.gap


@given(numbers, numbers, days, days, shapes)
def test_what_is_expected_never_turns_back_and_stays_between_its_ends(baseline, target, one, other, shape):
    baseline, target = sorted((baseline, target))
    expectation = going("up", baseline, target, shape=shape)
    earlier, later = sorted((one, other))

    assert baseline <= expected(expectation, earlier) <= expected(expectation, later) <= target


@given(numbers, numbers, numbers, days, st.fractions(min_value=1, max_value=100, max_denominator=9))
def test_the_unit_does_not_matter(baseline, target, actual, on, factor):
    one = judged(going("up", baseline, target), actual, on=on)
    scaled = judged(going("up", baseline * factor, target * factor), actual * factor, on=on)

    assert (one.status, one.rate, one.gap_ratio) == (scaled.status, scaled.rate, scaled.gap_ratio)
