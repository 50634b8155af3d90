"""What milestones knows that shows a cooperation alive: measures, evaluations, milestones, actions, money spent."""

from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from governance.signs_of_life import Kind
from milestones.enums import EvaluationState
from milestones.models import BudgetEntry, CorrectiveAction, Evaluation, Measurement, Milestone


def _held() -> QuerySet[Any]:
    """A meeting that is only planned is no sign."""
    rows: QuerySet[Any] = Evaluation.objects.exclude(state=EvaluationState.PLANNED)
    return rows


KINDS = (
    Kind(_("un relevé d’indicateur"), Measurement.objects.all, "measured_on"),
    Kind(_("une séance d’évaluation"), _held, "held_on"),
    Kind(_("un jalon commencé"), Milestone.objects.all, "started_on"),
    Kind(_("un jalon atteint"), Milestone.objects.all, "completed_on"),
    Kind(_("une action corrective faite"), CorrectiveAction.objects.all, "completed_on"),
    Kind(_("une écriture du budget"), BudgetEntry.objects.all, "dated_on"),
)
