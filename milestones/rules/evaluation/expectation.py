"""What is expected at a date: baseline, targets and the way between them (domain.md 5.3, 5.4)."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from django.utils.translation import gettext_lazy as _

from coopproject.exact import Exact, exact
from coopproject.exceptions import Violation


class Direction(StrEnum):
    UP = "up"
    DOWN = "down"
    MAINTAIN = "maintain"
    RANGE = "range"


class Shape(StrEnum):
    """How the expectation goes from one point to the next: evenly, at once on the day, or slowly, fast, slowly."""

    LINEAR = "linear"
    STEP = "step"
    S_CURVE = "s_curve"


@dataclass(frozen=True, init=False)
class Point:
    """A value at a date, exact (`TypeError` for a float)."""

    on: date
    value: Fraction

    def __init__(self, on: date, value: Exact) -> None:
        object.__setattr__(self, "on", on)
        object.__setattr__(self, "value", exact(value))


@dataclass(frozen=True)
class Expectation:
    """One indicator's expectation.

    `targets` are in order of date; the last is the final one. `tolerance` is a deviation in the indicator's unit that
    still counts as on target (exact, as are the bounds). A `range` has `low`, `high` or both, and needs neither a
    baseline nor a target.
    """

    direction: Direction
    baseline: Point | None = None
    targets: tuple[Point, ...] = ()
    shape: Shape = Shape.LINEAR
    tolerance: Fraction | None = None
    low: Fraction | None = None
    high: Fraction | None = None

    def __post_init__(self) -> None:
        for name in ("tolerance", "low", "high"):
            if (value := getattr(self, name)) is not None:
                object.__setattr__(self, name, exact(value))

    @property
    def final(self) -> Point | None:
        return self.targets[-1] if self.targets else None

    @property
    def is_flat(self) -> bool:
        """Baseline and final target are the same: there is no way to go, hence no rate (E06)."""
        return self.baseline is not None and self.final is not None and self.baseline.value == self.final.value


def expectation_violations(expectation: Expectation) -> tuple[Violation, ...]:
    """Why an expectation cannot be evaluated as stated, every reason with its pointer."""
    found = []
    baseline, final = expectation.baseline, expectation.final
    if expectation.direction is Direction.RANGE:
        if expectation.low is None and expectation.high is None:
            found.append(Violation("bounds_missing", _("Une borne au moins est attendue."), "/low"))
        elif expectation.low is not None and expectation.high is not None and expectation.low > expectation.high:
            found.append(Violation("bounds_out_of_order", _("La borne basse dépasse la borne haute."), "/low"))
    elif final is None:
        found.append(Violation("target_missing", _("Une cible est attendue."), "/targets"))
    if expectation.direction in (Direction.UP, Direction.DOWN) and baseline is None:
        found.append(Violation("baseline_missing", _("La valeur de départ est attendue, même nulle."), "/baseline"))
    dates = [point.on for point in expectation.targets]
    for index, (earlier, later) in enumerate(pairwise(dates), 1):
        if later <= earlier:
            found.append(
                Violation("targets_out_of_order", _("Les cibles se suivent par date."), f"/targets/{index}/on")
            )
    if baseline and dates and dates[0] <= baseline.on:
        found.append(Violation("target_before_baseline", _("La cible vient après le départ."), "/targets/0/on"))
    if baseline and final and expectation.direction in (Direction.UP, Direction.DOWN):
        rises = final.value > baseline.value
        if final.value != baseline.value and rises is not (expectation.direction is Direction.UP):
            found.append(Violation("direction_contradicts_target", _("La cible va dans l’autre sens."), "/direction"))
    if expectation.tolerance is not None and expectation.tolerance < 0:
        found.append(Violation("tolerance_negative", _("Une tolérance n’est pas négative."), "/tolerance"))
    return tuple(found)


def expected(expectation: Expectation, at: date) -> Fraction | None:
    """The exact value expected on a day; None when it is not computable (no baseline, no target, a range).

    Before the baseline: its value. After the last target: its value. A value to maintain is the next target's.
    """
    baseline, final = expectation.baseline, expectation.final
    if final is None or expectation.direction is Direction.RANGE:
        return None
    if expectation.direction is Direction.MAINTAIN:
        return next((point.value for point in expectation.targets if point.on >= at), final.value)
    if baseline is None:
        return None
    if at <= baseline.on:
        return baseline.value
    before = baseline
    for point in expectation.targets:
        if at < point.on:
            way = _covered(Fraction((at - before.on).days, (point.on - before.on).days), expectation.shape)
            return before.value + (point.value - before.value) * way
        before = point
    return before.value


def _covered(elapsed: Fraction, shape: Shape) -> Fraction:
    """The share of the way that is expected after a share of the time."""
    match shape:
        case Shape.LINEAR:
            return elapsed
        case Shape.STEP:
            return Fraction(0)
        case Shape.S_CURVE:
            return elapsed * elapsed * (3 - 2 * elapsed)
