"""Public names of the models of milestones."""

from milestones.models.activities import Activity, Mandate
from milestones.models.evaluations import CorrectiveAction, Evaluation, EvaluationGap
from milestones.models.indicators import Indicator, IndicatorTarget, Measurement
from milestones.models.planning import BudgetEntry, BudgetLine, Milestone, MilestoneDependency

__all__ = [
    "Activity",
    "BudgetEntry",
    "BudgetLine",
    "CorrectiveAction",
    "Evaluation",
    "EvaluationGap",
    "Indicator",
    "IndicatorTarget",
    "Mandate",
    "Measurement",
    "Milestone",
    "MilestoneDependency",
]
