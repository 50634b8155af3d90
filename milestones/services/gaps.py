"""Computing the gaps of an evaluation: facts of the rows, judged by the rules, frozen into `EvaluationGap`."""

import datetime as dt
from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction
from typing import Any

from django.db.models import Q

from charters.models import Motivation
from coopproject.exact import rounded
from coopproject.money import euros
from governance.rules.confidentiality import highest
from milestones.enums import GapStatus, GapSubject, MilestoneState
from milestones.models import BudgetLine, Evaluation, EvaluationGap, Indicator, Milestone
from milestones.rules.evaluation import Thresholds, evaluate_date
from milestones.selectors.figures import (
    BudgetFigure,
    IndicatorFigure,
    budget_figures,
    indicator_figures,
)
from milestones.selectors.proof import MotivationFigure, motivation_figures, running_on, standing_on

PLACES = 6
_RANK = {
    GapStatus.RED: 0,
    GapStatus.AMBER: 1,
    GapStatus.STALE: 2,
    GapStatus.NO_DATA: 3,
    GapStatus.NOT_COMPUTABLE: 4,
    GapStatus.NOT_STARTED: 5,
    GapStatus.GREEN: 6,
}


def gaps_of(evaluation: Evaluation, *, at: dt.date, thresholds: Thresholds) -> list[EvaluationGap]:
    """Every gap as of the day `at`, gravest first; among equals motivations first, then as the rules rank them."""
    cooperation = evaluation.cooperation_id
    indicators = running_on(Indicator.objects.filter(cooperation=cooperation), at).order_by("code", "pk")
    figures = indicator_figures(indicators, at=at, thresholds=thresholds)
    motivations = standing_on(Motivation.objects.filter(cooperation=cooperation, charter__archived_on__isnull=True), at)
    lines = BudgetLine.objects.filter(cooperation=cooperation).order_by("label", "pk")
    found = [
        *(_of_motivation(figure) for figure in motivation_figures(motivations, figures, at=at, thresholds=thresholds)),
        *(_of_indicator(figure) for figure in figures),
        *_of_milestones(evaluation, at, thresholds),
        *(_of_budget(figure) for figure in budget_figures(lines, at=at, thresholds=thresholds)),
    ]
    found.sort(key=lambda gap: _RANK[GapStatus(gap.status)])
    for position, gap in enumerate(found, 1):
        gap.evaluation, gap.cooperation_id, gap.position = evaluation, cooperation, position
        gap.confidentiality = highest(evaluation.confidentiality, gap.confidentiality)
    return found


def _decimal(value: Fraction | None) -> Decimal | None:
    return None if value is None else rounded(value, PLACES)


def _exact(**values: Any) -> dict[str, Any]:
    """Fractions as `numerator/denominator`, dates as ISO: what was computed can be computed again."""
    plain = {
        name: str(value) if isinstance(value, Fraction) else value.isoformat() if isinstance(value, dt.date) else value
        for name, value in values.items()
    }
    return {name: value for name, value in plain.items() if value is not None}


def _of_indicator(figure: IndicatorFigure) -> EvaluationGap:
    found, indicator = figure.assessment, figure.indicator
    return EvaluationGap(
        subject=GapSubject.INDICATOR,
        indicator=indicator,
        measurement=figure.measurement,
        label=f"{indicator.code} {indicator.label}"[:200],
        expected=_decimal(found.expected),
        actual=_decimal(found.actual),
        gap=_decimal(found.gap),
        rate=_decimal(found.rate),
        status=found.status.value,
        exceeded=found.exceeded,
        actual_on=found.measured_on,
        facts=_exact(
            expected=found.expected,
            actual=found.actual,
            gap=found.gap,
            rate=found.rate,
            progress=found.progress,
            gap_ratio=found.gap_ratio,
            reason=found.reason,
            targets=[[target.due_on.isoformat(), str(target.value)] for target in figure.targets],
        ),
        confidentiality=indicator.confidentiality,
    )


def _of_milestones(evaluation: Evaluation, at: dt.date, thresholds: Thresholds) -> Iterator[EvaluationGap]:
    """Those due in the period, those completed in it, and those still open that were due before."""
    start, end = evaluation.period_start, evaluation.period_end
    concerned = (
        Q(due_on__range=(start, end))
        | Q(completed_on__range=(start, end))
        | Q(due_on__lt=start) & (Q(completed_on__isnull=True) | Q(completed_on__gt=end))
    )
    rows = Milestone.objects.filter(concerned, cooperation=evaluation.cooperation_id).select_related("activity")
    for milestone in rows.exclude(state=MilestoneState.CANCELLED).order_by("due_on", "pk"):
        found = evaluate_date(due_on=milestone.due_on, done_on=milestone.completed_on, at=at, thresholds=thresholds)
        yield EvaluationGap(
            subject=GapSubject.MILESTONE,
            milestone=milestone,
            label=milestone.title,
            gap=None if found.days_late is None else Decimal(found.days_late),
            status=found.status.value,
            expected_on=milestone.due_on,
            actual_on=milestone.completed_on if found.done else None,
            facts=_exact(days_late=found.days_late, done=found.done, baseline_due_on=milestone.baseline_due_on),
            confidentiality=milestone.activity.confidentiality,
        )


def _of_budget(figure: BudgetFigure) -> EvaluationGap:
    found, line = figure.assessment, figure.line
    rate = Fraction(found.spent, found.planned) if found.planned and found.spent is not None else None
    return EvaluationGap(
        subject=GapSubject.BUDGET,
        budget_line=line,
        label=line.label,
        expected=line.planned,
        actual=None if found.spent is None else euros(found.spent),
        gap=None if found.gap is None else euros(found.gap),
        rate=_decimal(rate),
        status=found.status.value,
        facts=_exact(
            planned_cents=found.planned,
            spent_cents=found.spent,
            committed_cents=figure.summary.committed,
            engaged_cents=figure.summary.engaged,
            gap_ratio=found.gap_ratio,
            under_use=found.under_use,
            reason=found.reason,
        ),
        confidentiality=line.activity.confidentiality,
    )


def _of_motivation(figure: MotivationFigure) -> EvaluationGap:
    found = figure.proof
    return EvaluationGap(
        subject=GapSubject.MOTIVATION,
        motivation=figure.motivation,
        label=figure.motivation.label[:200],
        expected=Decimal(found.expected),
        actual=None if found.proven is None else Decimal(found.proven),
        gap=None if found.gap is None else Decimal(found.gap),
        status=found.status.value,
        facts=_exact(
            weight=figure.motivation.weight,
            unproven_effects=list(figure.unproven),
            reason=None if found.reason is None else found.reason.value,
        ),
        confidentiality=highest(*figure.levels),
    )
