"""The acts on an evaluation and on the reading of its gaps. The evaluation's row is the lock of both."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coopproject import clock
from coopproject.exceptions import NotVisible, RuleViolated, Violation
from coopproject.locking import lock
from governance import journal
from governance.actor import Actor
from governance.models import Cooperation, Person
from governance.services import records
from governance.services.references import hold_people_of
from milestones import states
from milestones.enums import EvaluationState, GapSubject
from milestones.enums import EvaluationTransition as T
from milestones.models import Evaluation, EvaluationGap
from milestones.rules.readings import EvaluatedItem, GapReading, closing_violations, reading_violations
from milestones.selectors.figures import thresholds_of
from milestones.services.checks import refuse, without_role
from milestones.services.gaps import gaps_of


@transaction.atomic
def evaluation_create(*, actor: Actor, cooperation: Cooperation, **data: Any) -> Evaluation:
    """Plan an evaluation."""
    created: Evaluation = records.create(Evaluation(cooperation=cooperation, **data), actor=actor)
    return created


@transaction.atomic
def evaluation_update(*, pk: UUID, actor: Actor, expected_version: int | None, changes: dict[str, Any]) -> Evaluation:
    """Change an evaluation. Once open its period and its level are those of its gaps; closed, nothing changes."""
    evaluation = _lock(pk, expected_version)
    allowed = evaluation.state == EvaluationState.PLANNED or (
        evaluation.state == EvaluationState.OPEN and set(changes) <= {"title", "held_on", "conclusions"}
    )
    if not allowed:
        raise RuleViolated(
            Violation(
                "wrong_state", _("Une évaluation ouverte garde sa période et son niveau ; close, elle ne change plus.")
            )
        )
    records.save_changes(evaluation, actor=actor, changes=changes)
    return evaluation


@transaction.atomic
def evaluation_open(*, pk: UUID, actor: Actor, expected_version: int | None = None) -> Evaluation:
    """Compute and freeze the gaps, as of the end of the period or of today when it has not ended yet.

    Only validated measurements count. The thresholds used are copied into the evaluation.
    """
    evaluation = _lock(pk, expected_version)
    states.evaluation.apply(evaluation, T.OPEN)
    today = clock.today(evaluation.cooperation.zone)
    thresholds = thresholds_of(evaluation.cooperation)
    at = min(today, evaluation.period_end)
    gaps = EvaluationGap.objects.bulk_create(gaps_of(evaluation, at=at, thresholds=thresholds))
    evaluation.opened_on, evaluation.thresholds = today, thresholds.to_dict()
    evaluation.save(update_fields=["state", "opened_on", "thresholds"])
    counts: dict[str, int] = {}
    for gap in gaps:
        counts[str(gap.status)] = counts.get(str(gap.status), 0) + 1
    journal.record(
        "evaluation.opened", evaluation, actor=actor, as_of=at, gaps=counts, thresholds=evaluation.thresholds
    )
    return evaluation


@transaction.atomic
def evaluation_close(
    *, pk: UUID, actor: Actor, expected_version: int | None = None, conclusions: str = ""
) -> Evaluation:
    """Close it. Refused while a red gap has no reading, or a reading is not carried out by an action or a target."""
    evaluation = _lock(pk, expected_version)
    violations = states.evaluation.violations(evaluation.state, T.CLOSE)
    gaps = list(
        evaluation.gaps.select_related("milestone", "budget_line", "motivation", "indicator").prefetch_related(
            "corrective_actions", "indicator__targets"
        )
    )
    violations += closing_violations([_item(gap) for gap in gaps], pointer="/gaps")
    if violations:
        raise RuleViolated(*violations)
    states.evaluation.apply(evaluation, T.CLOSE)
    evaluation.closed_on = clock.today(evaluation.cooperation.zone)
    evaluation.conclusions = conclusions or evaluation.conclusions
    evaluation.save(update_fields=["state", "closed_on", "conclusions"])
    journal.record("evaluation.closed", evaluation, actor=actor, closed_on=evaluation.closed_on)
    return evaluation


@transaction.atomic
def evaluation_gap_read(
    *,
    pk: UUID,
    actor: Actor,
    expected_version: int | None = None,
    cause: str,
    decision: str,
    owner: Person,
    due_on: dt.date,
) -> EvaluationGap:
    """Record what people make of a gap; again while the evaluation is open, to say better."""
    evaluation_id = EvaluationGap.objects.filter(pk=pk).values_list("evaluation", flat=True).first()
    if evaluation_id is None:
        raise NotVisible
    hold_people_of(EvaluationGap, pk)
    evaluation = _lock(evaluation_id, None)
    gap: EvaluationGap = lock(EvaluationGap.objects.all(), pk, expected_version)
    today = clock.today(evaluation.cooperation.zone)
    reading = GapReading(cause=cause, decision=decision, owner=str(owner.pk), due_on=due_on)
    refuse(
        [
            *reading_violations(reading, recorded_on=today),
            *without_role(evaluation.cooperation, owner, pointer="/owner"),
        ]
    )
    if evaluation.state != EvaluationState.OPEN:
        raise RuleViolated(Violation("wrong_state", _("L’évaluation n’est pas ouverte.")))
    gap.cause, gap.decision, gap.owner, gap.due_on = cause, decision, owner, due_on
    gap.read_by_id, gap.read_on = actor.person_id, today
    gap.save(update_fields=["cause", "decision", "owner", "due_on", "read_by", "read_on"])
    journal.record(
        "evaluation_gap.read",
        gap,
        actor=actor,
        evaluation=evaluation.pk,
        decision=decision,
        owner=owner.pk,
        due_on=due_on,
    )
    return gap


def _lock(pk: UUID, expected_version: int | None) -> Evaluation:
    evaluation: Evaluation = lock(Evaluation.objects.select_related("cooperation"), pk, expected_version)
    return evaluation


def _item(gap: EvaluationGap) -> EvaluatedItem:
    if not gap.decision:
        return EvaluatedItem(gap.label, gap.status)
    return EvaluatedItem(
        gap.label,
        gap.status,
        GapReading(
            cause=gap.cause,
            decision=gap.decision,
            owner=str(gap.owner_id),
            due_on=gap.due_on,
            corrective_actions=len(gap.corrective_actions.all()),
            retargeted=_is_retargeted(gap),
        ),
    )


def _is_retargeted(gap: EvaluationGap) -> bool:
    """Whether what was expected of the subject has changed since the gap was computed."""
    match gap.subject:
        case GapSubject.INDICATOR if gap.indicator is not None:
            now = [[target.due_on.isoformat(), str(target.value)] for target in gap.indicator.targets.all()]
            return sorted(now) != sorted(gap.facts.get("targets", []))
        case GapSubject.MILESTONE if gap.milestone is not None:
            return gap.milestone.due_on != gap.expected_on
        case GapSubject.BUDGET if gap.budget_line is not None:
            return gap.budget_line.planned != gap.expected
        case GapSubject.MOTIVATION if gap.motivation is not None:
            return gap.motivation.expected_level != gap.expected
    return False
