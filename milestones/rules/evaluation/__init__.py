"""Continuous evaluation (domain.md 5.3, 5.4, vectors E01–E15): what was expected, what is, and how far apart.

evaluate(expectation, measured, at=day, frequency=…)      # indicators
evaluate_budget(planned=…, spent=…, ended=…)              # cents
evaluate_date(due_on=…, done_on=…, at=day)                # milestones
rank_effects(effects)                                     # motivations, 1 to 5
"""

from milestones.rules.evaluation.expectation import (
    Direction,
    Expectation,
    Point,
    Shape,
    expectation_violations,
    expected,
)
from milestones.rules.evaluation.indicators import (
    Assessment,
    Frequency,
    evaluate,
    is_stale,
    measurement_due_on,
    stale_on,
)
from milestones.rules.evaluation.money_and_dates import (
    BudgetAssessment,
    DateAssessment,
    evaluate_budget,
    evaluate_date,
)
from milestones.rules.evaluation.qualitative import (
    Effect,
    EffectGap,
    Value,
    level_violations,
    mean,
    mean_violations,
    rank_effects,
)
from milestones.rules.evaluation.thresholds import Status, Thresholds, thresholds_violations

__all__ = [
    "Assessment",
    "BudgetAssessment",
    "DateAssessment",
    "Direction",
    "Effect",
    "EffectGap",
    "Expectation",
    "Frequency",
    "Point",
    "Shape",
    "Status",
    "Thresholds",
    "Value",
    "evaluate",
    "evaluate_budget",
    "evaluate_date",
    "expectation_violations",
    "expected",
    "is_stale",
    "level_violations",
    "mean",
    "mean_violations",
    "measurement_due_on",
    "rank_effects",
    "stale_on",
    "thresholds_violations",
]
