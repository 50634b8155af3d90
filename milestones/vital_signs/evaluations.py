"""Gaps that nobody read, actions that nobody did or verified, evaluations that were not held."""

import datetime as dt
from collections.abc import Iterator

from django.utils.translation import gettext as _

from governance.actor import Actor
from governance.models import Cooperation
from governance.vital_signs import Concern, Severity, VitalSign
from milestones.enums import ActionState, EvaluationState, GapStatus
from milestones.models import CorrectiveAction, Evaluation, EvaluationGap
from milestones.vital_signs.wording import day, days

# A completed action may wait this long for its verification; an overdue one becomes critical after a month.
VERIFICATION = dt.timedelta(days=14)
CRITICAL = dt.timedelta(days=30)
_DAY = dt.timedelta(days=1)


def evaluation_signs(cooperation: Cooperation, actor: Actor, on: dt.date) -> Iterator[VitalSign]:
    yield from _unread(cooperation, actor)
    actions = (
        CorrectiveAction.objects.visible_to(actor)
        .filter(cooperation=cooperation)
        .select_related("owner", "gap")
        .order_by("pk")
    )
    rows = list(actions)
    for action in rows:
        yield from _action(action, rows, on)
    overdue = Evaluation.objects.visible_to(actor).filter(
        cooperation=cooperation, state=EvaluationState.PLANNED, held_on__lt=on
    )
    for evaluation in overdue.order_by("pk"):
        yield VitalSign(
            code="evaluation_overdue",
            severity=Severity.WARNING,
            title=_("Évaluation non tenue : « %(title)s »") % {"title": evaluation.title},
            why=_("Prévue le %(held)s, il y a %(ago)s, elle n’a pas été ouverte.")
            % {"held": day(evaluation.held_on), "ago": days((on - evaluation.held_on).days)},
            clears=_("L’ouvrir, ou en déplacer la date."),
            since=evaluation.held_on + _DAY,
            objects=(Concern("evaluations", str(evaluation.pk), evaluation.title),),
        )


def _unread(cooperation: Cooperation, actor: Actor) -> Iterator[VitalSign]:
    gaps = EvaluationGap.objects.visible_to(actor).filter(
        cooperation=cooperation, evaluation__state=EvaluationState.OPEN, status=GapStatus.RED, decision=""
    )
    for gap in gaps.select_related("evaluation").order_by("position", "pk"):
        yield VitalSign(
            code="gap_without_reading",
            severity=Severity.CRITICAL,
            title=_("Écart rouge sans lecture : « %(label)s »") % {"label": gap.label},
            why=_(
                "L’évaluation « %(evaluation)s » a constaté cet écart ; ni cause, ni décision, ni responsable ne "
                "sont enregistrés."
            )
            % {"evaluation": gap.evaluation.title},
            clears=_("Enregistrer la lecture de l’écart."),
            since=gap.evaluation.opened_on,
            objects=(
                Concern("evaluation-gaps", str(gap.pk), gap.label),
                Concern("evaluations", str(gap.evaluation_id), gap.evaluation.title),
            ),
        )


def _action(action: CorrectiveAction, others: list[CorrectiveAction], on: dt.date) -> Iterator[VitalSign]:
    concern = (Concern("corrective-actions", str(action.pk), action.title),)
    if action.state == ActionState.OPEN and action.due_on < on:
        yield VitalSign(
            code="corrective_action_overdue",
            severity=Severity.CRITICAL if on - action.due_on > CRITICAL else Severity.WARNING,
            title=_("Action corrective en retard : « %(title)s »") % {"title": action.title},
            why=_("Attendue de %(owner)s pour le %(due)s, elle a %(late)s de retard.")
            % {"owner": action.owner, "due": day(action.due_on), "late": days((on - action.due_on).days)},
            clears=_("La terminer en disant ce qui a été fait, ou en changer l’échéance."),
            since=action.due_on + _DAY,
            objects=concern,
        )
    elif action.state == ActionState.COMPLETED and action.completed_on and on - action.completed_on > VERIFICATION:
        yield VitalSign(
            code="corrective_action_unverified",
            severity=Severity.WARNING,
            title=_("Action corrective non vérifiée : « %(title)s »") % {"title": action.title},
            why=_("Faite le %(done)s, il y a %(ago)s, personne n’a dit si elle était adéquate.")
            % {"done": day(action.completed_on), "ago": days((on - action.completed_on).days)},
            clears=_("La faire vérifier par une autre personne que son responsable."),
            since=action.completed_on + VERIFICATION + _DAY,
            objects=concern,
        )
    elif action.adequate is False and not _is_followed(action, others):
        yield VitalSign(
            code="corrective_action_inadequate",
            severity=Severity.WARNING,
            title=_("Action corrective jugée inadéquate : « %(title)s »") % {"title": action.title},
            why=_("La vérification du %(on)s l’a jugée inadéquate et aucune autre action n’a été décidée depuis.")
            % {"on": day(action.verified_on or on)},
            clears=_("Décider une autre action sur le même sujet."),
            since=action.verified_on,
            objects=concern,
        )


def _is_followed(action: CorrectiveAction, others: list[CorrectiveAction]) -> bool:
    """Whether another action came after it, on the same gap (on none either, when it has none)."""
    return any(other.gap_id == action.gap_id and other.pk > action.pk for other in others)
