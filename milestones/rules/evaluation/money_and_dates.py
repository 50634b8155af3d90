"""Money spent against money planned, and days late (domain.md 5.4, E12, E13)."""

from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from milestones.rules.evaluation.thresholds import Status, Thresholds


@dataclass(frozen=True)
class BudgetAssessment:
    """Amounts in integer cents. `gap_ratio` is None when nothing was planned; `under_use` when too little was spent."""

    status: Status
    planned: int | None
    spent: int | None
    gap: int | None = None
    gap_ratio: Fraction | None = None
    under_use: bool = False
    reason: str | None = None


def evaluate_budget(
    *, planned: int | None, spent: int | None, ended: bool, thresholds: Thresholds | None = None
) -> BudgetAssessment:
    """Spending against the plan, both in cents; `planned` is the plan up to that day.

    Overspending beyond 5 % is amber, beyond 10 % red. Underspending is judged when the period has `ended`: beyond
    20 % amber, never red (E12). Money spent where none was planned is red, and its share is not computable.
    """
    limits = thresholds or Thresholds()
    if planned is None:
        return BudgetAssessment(Status.NOT_COMPUTABLE, planned, spent, reason="plan_missing")
    if spent is None:
        return BudgetAssessment(Status.NO_DATA, planned, spent)
    gap = spent - planned
    if planned <= 0:
        status = Status.RED if gap > 0 else Status.GREEN
        return BudgetAssessment(status, planned, spent, gap, reason="nothing_planned")
    ratio = Fraction(gap, planned)
    under_use = ended and -ratio > limits.under_use
    if ratio > limits.money_amber:
        status = Status.RED
    elif ratio > limits.money_green or under_use:
        status = Status.AMBER
    else:
        status = Status.GREEN
    return BudgetAssessment(status, planned, spent, gap, ratio, under_use)


@dataclass(frozen=True)
class DateAssessment:
    """`days_late` counts calendar days, negative when early; while it is not done, as of the day asked for."""

    status: Status
    days_late: int | None
    done: bool
    reason: str | None = None


def evaluate_date(
    *, due_on: date | None, done_on: date | None, at: date, thresholds: Thresholds | None = None
) -> DateAssessment:
    """A milestone's date: on time green, up to 14 days late amber, more red (E13). What is done after `at` is not."""
    if due_on is None:
        return DateAssessment(Status.NOT_COMPUTABLE, None, done_on is not None and done_on <= at, "due_date_missing")
    done = done_on is not None and done_on <= at
    days = ((done_on if done_on is not None and done else at) - due_on).days
    if days <= 0:
        return DateAssessment(Status.GREEN, days if done else 0, done)
    limit = (thresholds or Thresholds()).late_amber_days
    return DateAssessment(Status.AMBER if days <= limit else Status.RED, days, done)
