"""Rows in the words of the rules of evaluation: what each indicator, budget line and motivation shows on a day."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from coopproject.exact import exact
from coopproject.money import cents, euros
from governance.models import Cooperation
from milestones.enums import IndicatorUnit, MilestoneState
from milestones.models import BudgetEntry, BudgetLine, Indicator, IndicatorTarget, Measurement
from milestones.rules.budget import BudgetSummary, Entry, summarise
from milestones.rules.evaluation import (
    Assessment,
    BudgetAssessment,
    Direction,
    Effect,
    Expectation,
    Frequency,
    Point,
    Shape,
    Status,
    Thresholds,
    evaluate,
    evaluate_budget,
    is_stale,
    rank_effects,
)


def thresholds_of(cooperation: Cooperation) -> Thresholds:
    """The cooperation's own thresholds (`settings.evaluation_thresholds`), completed by the convention (K)."""
    return Thresholds.from_dict(cooperation.settings.get("evaluation_thresholds", {}))


@dataclass(frozen=True)
class IndicatorFigure:
    """One indicator on a day: its targets, its latest effective measurement and what the rules say of them."""

    indicator: Indicator
    targets: tuple[IndicatorTarget, ...]
    measurement: Measurement | None
    assessment: Assessment


def expectation_of(indicator: Indicator, targets: Iterable[IndicatorTarget]) -> Expectation:
    """What is expected of this indicator, exactly."""
    baseline = None
    if indicator.baseline_value is not None and indicator.baseline_on is not None:
        baseline = Point(indicator.baseline_on, indicator.baseline_value)
    return Expectation(
        direction=Direction(indicator.direction),
        baseline=baseline,
        targets=tuple(Point(target.due_on, target.value) for target in sorted(targets, key=lambda t: t.due_on)),
        shape=Shape(indicator.shape),
        tolerance=None if indicator.tolerance is None else exact(indicator.tolerance),
        low=None if indicator.low is None else exact(indicator.low),
        high=None if indicator.high is None else exact(indicator.high),
    )


def with_targets(queryset: QuerySet[Any]) -> QuerySet[Any]:
    return queryset.prefetch_related(Prefetch("targets", queryset=IndicatorTarget.objects.order_by("due_on", "pk")))


def indicator_figures(indicators: QuerySet[Any], *, at: dt.date, thresholds: Thresholds) -> list[IndicatorFigure]:
    """Each indicator judged on its latest validated measurement whose period ended by `at`. Three queries."""
    rows: list[Indicator] = list(with_targets(indicators))
    return figures_of([(row, tuple(row.targets.all())) for row in rows], at=at, thresholds=thresholds)


def figures_of(
    rows: Sequence[tuple[Indicator, tuple[IndicatorTarget, ...]]],
    *,
    at: dt.date,
    thresholds: Thresholds,
    before: dt.datetime | None = None,
) -> list[IndicatorFigure]:
    """The same of indicators at hand with their targets by date, from what was validated `before` an instant."""
    latest: dict[UUID, Measurement] = {
        measurement.indicator_id: measurement
        for measurement in Measurement.objects.effective(before=before)
        .filter(indicator__in=[indicator.pk for indicator, _targets in rows], period_end__lte=at)
        .order_by("indicator_id", "-period_end", "-pk")
        .distinct("indicator_id")
    }
    figures = []
    for indicator, targets in rows:
        measurement = latest.get(indicator.pk)
        assessment = assess(indicator, targets, measurement, at=at, thresholds=thresholds)
        figures.append(IndicatorFigure(indicator, targets, measurement, assessment))
    return figures


def assess(
    indicator: Indicator,
    targets: Sequence[IndicatorTarget],
    measurement: Measurement | None,
    *,
    at: dt.date,
    thresholds: Thresholds,
) -> Assessment:
    """A quantity on its way to its target; a score, level against level; a text is described, not computed."""
    expectation = expectation_of(indicator, targets)
    if indicator.unit == IndicatorUnit.TEXT:
        if measurement is None:
            return evaluate(expectation, None, at=at)
        return Assessment(Status.NOT_COMPUTABLE, measured_on=measurement.period_end, reason="described_in_words")
    frequency = Frequency(indicator.frequency)
    if indicator.unit == IndicatorUnit.SCORE and measurement is not None and measurement.value is not None:
        return _assess_score(indicator, targets, measurement, at=at, thresholds=thresholds)
    measured = None
    if measurement is not None and measurement.value is not None:
        measured = Point(measurement.period_end, measurement.value)
    return evaluate(expectation, measured, at=at, frequency=frequency, thresholds=thresholds)


def _assess_score(
    indicator: Indicator,
    targets: Sequence[IndicatorTarget],
    measurement: Measurement,
    *,
    at: dt.date,
    thresholds: Thresholds,
) -> Assessment:
    """An ordinal scale has no half-way: expected is the level of the last target reached, else of the start."""
    assert measurement.value is not None
    on, proven = measurement.period_end, exact(measurement.value)
    if not targets:
        return Assessment(Status.NOT_COMPUTABLE, proven, measured_on=on, reason="target_missing")
    due = [target.value for target in targets if target.due_on <= on]
    level = due[-1] if due else indicator.baseline_value
    if level is None:
        return Assessment(Status.NOT_STARTED, proven, measured_on=on)
    gap = rank_effects([Effect(str(indicator.pk), int(level), int(proven))])[0]
    exceeded = proven > exact(targets[-1].value)
    status = Status.STALE if is_stale(on, at, Frequency(indicator.frequency), thresholds) else gap.status
    return Assessment(
        status, proven, Fraction(gap.expected), gap=Fraction(gap.gap or 0), exceeded=exceeded, measured_on=on
    )


@dataclass(frozen=True)
class Amounts:
    """Sums of one line, in euros."""

    committed: Decimal
    actual: Decimal
    remaining: Decimal


def summary_of(line: BudgetLine) -> Amounts:
    """What was committed, spent and remains of a line whose entries are prefetched."""
    entries = sorted(line.entries.all(), key=lambda row: row.pk)
    found = summarise(
        cents(line.planned), [Entry(row.kind, cents(row.amount), row.reference, row.dated_on) for row in entries]
    )
    assert found.remaining is not None
    return Amounts(euros(found.committed), euros(found.actual), euros(found.remaining))


@dataclass(frozen=True)
class BudgetFigure:
    line: BudgetLine
    summary: BudgetSummary
    assessment: BudgetAssessment


def budget_figures(lines: QuerySet[Any], *, at: dt.date, thresholds: Thresholds) -> list[BudgetFigure]:
    """Each line with what was committed and spent by `at`, in cents. Two queries."""
    entries = BudgetEntry.objects.filter(dated_on__lte=at).order_by("pk")
    rows: list[BudgetLine] = list(
        lines.select_related("activity", "milestone").prefetch_related(Prefetch("entries", queryset=entries))
    )
    figures = []
    for line in rows:
        found = [Entry(row.kind, cents(row.amount), row.reference, row.dated_on) for row in line.entries.all()]
        summary = summarise(cents(line.planned), found)
        ended = _is_over(line, at)
        # Nothing entered yet is not « nothing spent », until the work it was meant for is over.
        spent = summary.actual if found or ended else None
        assessment = evaluate_budget(planned=cents(line.planned), spent=spent, ended=ended, thresholds=thresholds)
        figures.append(BudgetFigure(line, summary, assessment))
    return figures


def _is_over(line: BudgetLine, at: dt.date) -> bool:
    milestone, ended_on = line.milestone, line.activity.ended_on
    if milestone is None:
        return ended_on is not None and ended_on <= at
    closed_on = milestone.completed_on if milestone.state == MilestoneState.COMPLETED else milestone.cancelled_on
    return closed_on is not None and closed_on <= at
