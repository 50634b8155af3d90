"""Expected against actual for one indicator: progress, rate, gap and status (domain.md 5.4, E01–E11, E15)."""

import calendar
from dataclasses import dataclass, replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction

from milestones.rules.evaluation.expectation import Direction, Expectation, Point, expected
from milestones.rules.evaluation.thresholds import Status, Thresholds


class Frequency(StrEnum):
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    HALF_YEARLY = "half_yearly"
    YEARLY = "yearly"
    ONCE = "once"


MONTHS = {Frequency.MONTHLY: 1, Frequency.QUARTERLY: 3, Frequency.HALF_YEARLY: 6, Frequency.YEARLY: 12}


@dataclass(frozen=True)
class Assessment:
    """Each figure is exact, or None where it is not computable; `reason` then says why (a code).

    `expected` is that of the day of the measurement, so that like is compared with like; `progress` is the share of
    the whole way, `rate` the share of the way expected by that day, `gap` actual − expected in the indicator's unit,
    `gap_ratio` the gap as a share of |expected|. `exceeded`: beyond the final target.
    """

    status: Status
    actual: Fraction | None = None
    expected: Fraction | None = None
    progress: Fraction | None = None
    rate: Fraction | None = None
    gap: Fraction | None = None
    gap_ratio: Fraction | None = None
    exceeded: bool = False
    measured_on: date | None = None
    reason: str | None = None


def evaluate(
    expectation: Expectation,
    measured: Point | None,
    *,
    at: date,
    frequency: Frequency | None = None,
    thresholds: Thresholds | None = None,
) -> Assessment:
    """The situation on the day `at` after the latest measurement. `ValueError` if that lies after `at`.

    No measurement is `no_data`, never zero and never red (E09). A value that is too old for its frequency is `stale`,
    with its figures. Baseline equal to target never divides: the value is to be held (E06).
    """
    limits = thresholds or Thresholds()
    baseline = expectation.baseline
    if measured is None:
        not_started = baseline is not None and at < baseline.on
        return Assessment(Status.NOT_STARTED if not_started else Status.NO_DATA)
    if measured.on > at:
        raise ValueError("the measurement lies after the day of the evaluation")
    found = _judge(expectation, measured, limits)
    due_again = expectation.final is None or measured.on < expectation.final.on
    if due_again and found.status is not Status.NOT_COMPUTABLE and is_stale(measured.on, at, frequency, limits):
        return _with_status(found, Status.STALE)
    return found


def is_stale(measured_on: date, at: date, frequency: Frequency | None, thresholds: Thresholds | None = None) -> bool:
    """Whether a value is older than 1.5 of its periods, counted in days of the calendar from its own day."""
    if frequency is None or frequency is Frequency.ONCE:
        return False
    period = (_months_later(measured_on, MONTHS[frequency]) - measured_on).days
    return (at - measured_on).days > (thresholds or Thresholds()).stale_after * period


def measurement_due_on(measured_on: date, frequency: Frequency) -> date | None:
    """The day by which the next value is expected; None for a value taken once."""
    return None if frequency is Frequency.ONCE else _months_later(measured_on, MONTHS[frequency])


def stale_on(measured_on: date, frequency: Frequency, thresholds: Thresholds | None = None) -> date | None:
    """The first day on which the value is stale."""
    if frequency is Frequency.ONCE:
        return None
    period = (_months_later(measured_on, MONTHS[frequency]) - measured_on).days
    return measured_on + timedelta(days=int((thresholds or Thresholds()).stale_after * period) + 1)


def _judge(expectation: Expectation, measured: Point, limits: Thresholds) -> Assessment:
    actual, baseline, final = measured.value, expectation.baseline, expectation.final
    if expectation.direction is Direction.RANGE:
        return _judge_range(expectation, measured, limits)
    goal = expected(expectation, measured.on)
    if goal is None or final is None:
        reason = "target_missing" if final is None else "baseline_missing"
        return Assessment(Status.NOT_COMPUTABLE, actual, goal, measured_on=measured.on, reason=reason)
    gap = actual - goal
    gap_ratio = gap / abs(goal) if goal else None
    facts = Assessment(Status.NOT_STARTED, actual, goal, None, None, gap, gap_ratio, measured_on=measured.on)
    if expectation.direction is Direction.MAINTAIN:
        if baseline and measured.on < baseline.on:
            return facts
        return _with_status(facts, _held(abs(gap), goal, expectation.tolerance, limits))

    assert baseline is not None
    sign = 1 if expectation.direction is Direction.UP else -1
    shortfall = sign * -gap
    exceeded = sign * (actual - final.value) > 0
    whole, so_far = final.value - baseline.value, goal - baseline.value
    progress = (actual - baseline.value) / whole if whole else None
    rate = (actual - baseline.value) / so_far if so_far else None
    if measured.on <= baseline.on:
        status, rate = Status.NOT_STARTED, None
    elif rate is not None:
        within = expectation.tolerance is not None and shortfall <= expectation.tolerance
        status = Status.GREEN if within else _by_rate(rate, limits)
    elif expectation.is_flat:
        status = _held(max(shortfall, Fraction(0)), goal, expectation.tolerance, limits)
    else:
        status = Status.NOT_STARTED
    return Assessment(status, actual, goal, progress, rate, gap, gap_ratio, exceeded, measured.on)


def _judge_range(expectation: Expectation, measured: Point, limits: Thresholds) -> Assessment:
    """Inside the range is on target; outside, the gap is the distance to the nearest bound."""
    low, high, actual = expectation.low, expectation.high, measured.value
    if low is None and high is None:
        return Assessment(Status.NOT_COMPUTABLE, actual, measured_on=measured.on, reason="bounds_missing")
    nearest = low if low is not None and actual < low else high if high is not None and actual > high else actual
    gap = actual - nearest
    gap_ratio = gap / abs(nearest) if nearest else (Fraction(0) if not gap else None)
    facts = Assessment(Status.NOT_STARTED, actual, nearest, None, None, gap, gap_ratio, measured_on=measured.on)
    if expectation.baseline and measured.on < expectation.baseline.on:
        return facts
    if expectation.tolerance is not None:
        return _with_status(facts, _held(abs(gap), nearest, expectation.tolerance, limits))
    width = high - low if low is not None and high is not None else abs(nearest)
    status = Status.GREEN if not gap else Status.AMBER if abs(gap) <= limits.range_amber * width else Status.RED
    return _with_status(facts, status)


def _by_rate(rate: Fraction, limits: Thresholds) -> Status:
    if rate >= limits.green_rate:
        return Status.GREEN
    return Status.AMBER if rate >= limits.amber_rate else Status.RED


def _held(deviation: Fraction, goal: Fraction, tolerance: Fraction | None, limits: Thresholds) -> Status:
    """The maintain rule: within the tolerance green, within twice amber; without one, shares of the value to hold."""
    green = limits.hold_green * abs(goal) if tolerance is None else tolerance
    amber = limits.hold_amber * abs(goal) if tolerance is None else limits.tolerance_amber * tolerance
    if deviation <= green:
        return Status.GREEN
    return Status.AMBER if deviation <= amber else Status.RED


def _with_status(assessment: Assessment, status: Status) -> Assessment:
    return replace(assessment, status=status)


def _months_later(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))
