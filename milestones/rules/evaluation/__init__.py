"""Continuous evaluation (domain.md 5.3, 5.4, vectors E01–E15): what was expected, what is, and how far apart.

evaluate(expectation, measured, at=day, frequency=…)      # indicators
evaluate_budget(planned=…, spent=…, ended=…)              # cents
evaluate_date(due_on=…, done_on=…, at=day)                # milestones
prove_motivation(ref, level, effects, at=day)             # motivations, 1 to 5
rank_effects(effects)                                     # the largest disappointment first
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
from milestones.rules.evaluation.proof import (
    EffectFacts,
    Evidence,
    MotivationProof,
    Proof,
    Reason,
    prove_effect,
    prove_motivation,
    proven_level,
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
    "EffectFacts",
    "EffectGap",
    "Evidence",
    "Expectation",
    "Frequency",
    "MotivationProof",
    "Point",
    "Proof",
    "Reason",
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
    "prove_effect",
    "prove_motivation",
    "proven_level",
    "rank_effects",
    "stale_on",
    "thresholds_violations",
]
