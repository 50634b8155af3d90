"""What milestones knows that a person leaves behind: mandates, corrective actions, measures to resume."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from charters.models import Agreement
from coopproject import clock, wording
from coopproject.exceptions import NotAllowed
from coopproject.locking import hold
from governance.actor import Actor
from governance.departures import Consequence
from governance.erasing import Eraser
from governance.handovers import DAY, Leaver, Leaving, LeftOpen, Matter
from governance.models import Cooperation, Person
from governance.rules.erasure import StillHeld
from governance.vital_signs.in_charge import Charge
from milestones import policies, services
from milestones.enums import ActionState, EvaluationState, MandateState, MeasurementState, MilestoneState
from milestones.models import (
    Activity,
    CorrectiveAction,
    Evaluation,
    EvaluationGap,
    Indicator,
    Mandate,
    Measurement,
    Milestone,
)

_RESUMED = (MeasurementState.DRAFT, MeasurementState.RETURNED)
_PROPOSE = _("Le proposer à une autre personne, ou le laisser ouvert en disant pourquoi.")


def _mandates(cooperation: Cooperation, person_id: UUID, on: dt.date) -> Any:
    """The mandates that the person would not keep after `on`."""
    left = Mandate.objects.filter(
        Q(until__isnull=True) | Q(until__gt=on), cooperation=cooperation, person=person_id
    ).exclude(state=MandateState.ENDED)
    return left.order_by("pk")


def of_person(actor: Actor, cooperation: Cooperation, person_id: UUID, on: dt.date) -> Iterator[Consequence]:
    """The activities that they pilot, the actions that they own, the measures that they alone may submit."""
    running = Q(activity__ended_on__isnull=True) | Q(activity__ended_on__gt=on)
    mandates = list(_mandates(cooperation, person_id, on).visible_to(actor).filter(running).select_related("activity"))
    followed = set(
        Mandate.objects.in_force(on + DAY)
        .filter(activity__in=[mandate.activity_id for mandate in mandates])
        .exclude(person=person_id)
        .order_by()
        .values_list("activity_id", flat=True)
    )
    for mandate in mandates:
        yield _mandate(mandate, followed=mandate.activity_id in followed)
    piloted = [mandate.activity_id for mandate in mandates if mandate.state == MandateState.ACCEPTED]
    milestones = Milestone.objects.visible_to(actor).filter(
        activity__in=piloted, state__in=[MilestoneState.PLANNED, MilestoneState.STARTED]
    )
    for milestone in milestones.order_by("due_on", "pk"):
        yield Consequence(
            "milestone_at_risk",
            wording.filled(_("Le jalon « %(title)s » n’est pas atteint."), title=milestone.title),
            _("Le passer à qui prend l’activité, l’atteindre avant ou le reporter."),
            "milestones",
            milestone.pk,
            day=milestone.due_on,
        )
    actions = CorrectiveAction.objects.visible_to(actor).filter(
        cooperation=cooperation, owner=person_id, state=ActionState.OPEN
    )
    for action in actions.order_by("pk"):
        yield Consequence(
            "corrective_action_without_owner",
            wording.filled(_("L’action corrective « %(title)s » n’a plus de responsable."), title=action.title),
            _("La confier à une autre personne, la terminer, ou la laisser ouverte en disant pourquoi."),
            "corrective-actions",
            action.pk,
            day=action.due_on,
        )
    measurements = Measurement.objects.visible_to(actor).filter(
        cooperation=cooperation, entered_by=person_id, state__in=_RESUMED
    )
    for measurement in measurements.select_related("indicator").order_by("pk"):
        yield Consequence(
            "measurement_to_resume",
            wording.filled(
                _("Une mesure de « %(label)s » n’est pas soumise, et personne d’autre ne peut le faire."),
                label=measurement.indicator.label,
            ),
            _("La faire reprendre par une autre personne, la soumettre avant, ou dire pourquoi elle attend."),
            "measurements",
            measurement.pk,
            day=measurement.period_end,
        )
    for gap in _read_gaps(cooperation, person_id).visible_to(actor):
        yield Consequence(
            "gap_without_owner",
            wording.filled(_("Ce qui fut décidé de l’écart « %(label)s » n’a plus de responsable."), label=gap.label),
            _("Le confier à une autre personne, ou dire pourquoi il reste sans responsable."),
            "evaluation-gaps",
            gap.pk,
            day=gap.due_on,
        )


def _read_gaps(cooperation: Cooperation, person_id: UUID) -> Any:
    """What they answer for in the evaluations that are open: once closed, corrective actions carry it."""
    return EvaluationGap.objects.filter(
        cooperation=cooperation, owner=person_id, evaluation__state=EvaluationState.OPEN
    ).order_by("pk")


def _mandate(mandate: Mandate, *, followed: bool) -> Consequence:
    if mandate.state == MandateState.PROPOSED:
        code, sentence = "mandate_proposed", _("Le mandat proposé sur « %(activity)s » ne peut plus être accepté.")
    elif followed:
        code, sentence = "mandate_ends", _("Son mandat sur « %(activity)s » prend fin ; un autre pilote suit.")
    else:
        code, sentence = "activity_without_pilot", _("« %(activity)s » n’aurait plus de pilote.")
    clears = _("Rien à faire.") if code == "mandate_ends" else _PROPOSE
    title = wording.filled(sentence, activity=mandate.activity)
    return Consequence(code, title, clears, "mandates", mandate.pk, day=mandate.until)


# What of a mandate passes to whoever is proposed the next one.
_PASSED_ON = (
    "agreement",
    "scope",
    "powers",
    "limits",
    "spending_ceiling",
    "competences",
    "load_minutes_per_week",
    "until",
)


def _take_mandate(leaving: Leaving, mandate: Mandate, to: Person) -> None:
    """Propose the same mandate to the successor: it counts once they accept it."""
    if not policies.mandate.may_create(leaving.actor, mandate):
        raise NotAllowed(_("La coordination propose les mandats : demandez-lui, ou laissez celui-ci ouvert."))
    services.mandate_create(
        actor=leaving.actor,
        activity=mandate.activity,
        person=to,
        organisation=mandate.organisation,
        since=max(leaving.next_day, mandate.since),
        **{name: getattr(mandate, name) for name in _PASSED_ON},
    )


def _take_action(leaving: Leaving, action: CorrectiveAction, to: Person) -> None:
    if not policies.corrective_action.allows(leaving.actor, "update", action):
        raise NotAllowed(_("La coordination confie les actions correctives : demandez-lui, ou laissez-la ouverte."))
    services.corrective_action_update(pk=action.pk, actor=leaving.actor, expected_version=None, changes={"owner": to})


def _take_measurement(leaving: Leaving, measurement: Measurement, to: Person) -> None:
    if not policies.measurement.allows(leaving.actor, "hand_over", measurement):
        raise NotAllowed(_("La coordination fait reprendre une mesure : demandez-lui, ou laissez-la ouverte."))
    services.measurement_hand_over(pk=measurement.pk, actor=leaving.actor, to=to)


def _take_gap(leaving: Leaving, gap: EvaluationGap, to: Person) -> None:
    """Record the same reading, owned by the successor. One whose day has passed is read again first."""
    if not policies.evaluation_gap.allows(leaving.actor, "read", gap) or gap.due_on is None:
        raise NotAllowed(_("La coordination dit qui répond d’un écart : demandez-lui, ou laissez-le ouvert."))
    services.evaluation_gap_read(
        pk=gap.pk, actor=leaving.actor, cause=gap.cause, decision=gap.decision, owner=to, due_on=gap.due_on
    )


def _hold(cooperation: Cooperation, person_id: UUID) -> None:
    """The roots, in the order in which the acts of this app take them; and the agreements that mandates refer to."""
    mandates = Mandate.objects.filter(cooperation=cooperation, person=person_id).exclude(state=MandateState.ENDED)
    measures = Measurement.objects.filter(cooperation=cooperation, entered_by=person_id, state__in=_RESUMED)
    actions = CorrectiveAction.objects.filter(cooperation=cooperation, owner=person_id, state=ActionState.OPEN)
    for rows in (
        Agreement.objects.filter(pk__in=mandates.order_by().values("agreement")),
        Activity.objects.filter(pk__in=mandates.order_by().values("activity")),
        Indicator.objects.filter(pk__in=measures.order_by().values("indicator")),
        actions,
        Evaluation.objects.filter(pk__in=_read_gaps(cooperation, person_id).order_by().values("evaluation")),
    ):
        hold(rows)


def _end(leaving: Leaving) -> dict[str, Any]:
    ended = list(_mandates(leaving.cooperation, leaving.person.pk, leaving.last_day))
    for mandate in ended:
        services.mandate_leave(pk=mandate.pk, actor=leaving.actor, last_day=leaving.last_day, reason=leaving.reason)
    return {}


LEAVER = Leaver(_hold, _end)


def _still_held(person_id: UUID) -> Iterator[StillHeld]:
    """The mandates that run, or may still begin."""
    now = clock.now()
    mandates = Mandate.objects.filter(person=person_id).exclude(state=MandateState.ENDED)
    for mandate in mandates.select_related("activity", "cooperation").order_by("pk"):
        if mandate.until is None or mandate.until >= clock.local_date(now, mandate.cooperation.zone):
            what = wording.filled(_("mandat sur « %(activity)s »"), activity=mandate.activity.name)
            yield StillHeld(what, mandate.cooperation.name, mandate.until)


ERASER = Eraser(held=_still_held)


def _mandates_unsettled(cooperation: Cooperation, left: Sequence[LeftOpen], on: dt.date) -> Iterable[LeftOpen]:
    activities = [item.obj.activity_id for item in left]
    piloted = set(
        Mandate.objects.in_force(on).filter(activity__in=activities).order_by().values_list("activity_id", flat=True)
    )
    over = set(Activity.objects.filter(pk__in=activities, ended_on__lt=on).order_by().values_list("pk", flat=True))
    return (item for item in left if item.obj.activity_id not in piloted | over)


def _actions_unsettled(cooperation: Cooperation, left: Sequence[LeftOpen], on: dt.date) -> Iterable[LeftOpen]:
    return (item for item in left if item.obj.state == ActionState.OPEN and item.obj.owner_id == item.person_id)


def _measures_unsettled(cooperation: Cooperation, left: Sequence[LeftOpen], on: dt.date) -> Iterable[LeftOpen]:
    return (item for item in left if item.obj.state in _RESUMED and item.obj.entered_by_id == item.person_id)


def _gaps_unsettled(cooperation: Cooperation, left: Sequence[LeftOpen], on: dt.date) -> Iterable[LeftOpen]:
    running = EvaluationGap.objects.filter(
        pk__in=[item.obj.pk for item in left], evaluation__state=EvaluationState.OPEN
    )
    read = set(running.order_by().values_list("pk", flat=True))
    return (item for item in left if item.obj.pk in read and item.obj.owner_id == item.person_id)


CHARGES = (
    Charge(
        CorrectiveAction,
        "owner",
        lambda _on: Q(state=ActionState.OPEN),
        _("La confier à une autre personne, ou la terminer."),
    ),
    Charge(
        EvaluationGap,
        "owner",
        lambda _on: Q(evaluation__state=EvaluationState.OPEN),
        _("Lire de nouveau l’écart, en nommant une autre personne."),
        lambda gap: gap.label,
    ),
)
_MANDATE = Matter(
    Mandate,
    lambda mandate: mandate.activity.name,
    _mandates_unsettled,
    _("Proposer un mandat, que son pilote accepte."),
    _take_mandate,
)
MATTERS = {
    "activity_without_pilot": _MANDATE,
    "mandate_proposed": _MANDATE,
    "corrective_action_without_owner": Matter(
        CorrectiveAction, str, _actions_unsettled, CHARGES[0].clears, _take_action
    ),
    "gap_without_owner": Matter(
        EvaluationGap,
        lambda gap: gap.label,
        _gaps_unsettled,
        CHARGES[1].clears,
        _take_gap,
    ),
    "measurement_to_resume": Matter(
        Measurement,
        lambda measurement: measurement.indicator.label,
        _measures_unsettled,
        _("La faire reprendre par une autre personne."),
        _take_measurement,
    ),
}
