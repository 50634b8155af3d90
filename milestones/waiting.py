"""What waits for a person here: mandates to accept, measures to validate, own dates that have come."""

import datetime as dt
from collections.abc import Iterator

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from coopproject import clock
from governance.actor import Actor
from governance.waiting import Waiting
from milestones import policies
from milestones.enums import ActionState, GapStatus, MandateState, MeasurementState, MilestoneState
from milestones.grants import piloted_activities
from milestones.models import CorrectiveAction, EvaluationGap, Mandate, Measurement, Milestone


def waiting(actor: Actor, on: dt.date) -> Iterator[Waiting]:
    """Only what this very person may do, and may know of."""
    yield from _mandates(actor)
    yield from _measurements(actor)
    yield from _milestones(actor, on)
    yield from _actions(actor, on)


def _mandates(actor: Actor) -> Iterator[Waiting]:
    proposed = Mandate.objects.visible_to(actor).filter(person=actor.person_id, state=MandateState.PROPOSED)
    for mandate in proposed.select_related("activity").order_by("pk"):
        title = format_lazy(_("Accepter le mandat sur « {activity} »"), activity=mandate.activity.name)
        yield Waiting("mandate_to_accept", title, "mandates", mandate.pk, mandate.cooperation_id, mandate.since)


def _measurements(actor: Actor) -> Iterator[Waiting]:
    submitted = (
        Measurement.objects.visible_to(actor)
        .filter(state=MeasurementState.SUBMITTED)
        .exclude(entered_by=actor.person_id)
        .select_related("indicator")
    )
    for measurement in submitted.order_by("pk"):
        if policies.measurement.allows(actor, "validate", measurement):
            title = format_lazy(_("Valider une mesure de « {label} »"), label=measurement.indicator.label)
            yield Waiting(
                "measurement_to_validate",
                title,
                "measurements",
                measurement.pk,
                measurement.cooperation_id,
                measurement.measured_on,
            )
    returned = Measurement.objects.visible_to(actor).filter(state=MeasurementState.RETURNED, entered_by=actor.person_id)
    for measurement in returned.select_related("indicator").order_by("pk"):
        title = format_lazy(_("Reprendre une mesure renvoyée de « {label} »"), label=measurement.indicator.label)
        yield Waiting(
            "measurement_returned",
            title,
            "measurements",
            measurement.pk,
            measurement.cooperation_id,
            measurement.measured_on,
        )


def _milestones(actor: Actor, on: dt.date) -> Iterator[Waiting]:
    due = Milestone.objects.visible_to(actor).filter(
        activity__in=piloted_activities(actor),
        state__in=[MilestoneState.PLANNED, MilestoneState.STARTED],
        due_on__lte=on,
    )
    for milestone in due.order_by("due_on", "pk"):
        title = format_lazy(_("Atteindre ou reporter le jalon « {title} »"), title=milestone.title)
        yield Waiting(
            "milestone_due",
            title,
            "milestones",
            milestone.pk,
            milestone.cooperation_id,
            since=milestone.due_on,
            due_on=milestone.due_on,
        )


def _actions(actor: Actor, on: dt.date) -> Iterator[Waiting]:
    mine = CorrectiveAction.objects.visible_to(actor).filter(owner=actor.person_id, state=ActionState.OPEN)
    for action in mine.select_related("cooperation").order_by("due_on", "pk"):
        title = format_lazy(_("Mener l’action corrective « {title} »"), title=action.title)
        yield Waiting(
            "corrective_action_to_complete",
            title,
            "corrective-actions",
            action.pk,
            action.cooperation_id,
            since=clock.local_date(action.created_at, action.cooperation.zone),
            due_on=action.due_on,
        )
    done = (
        CorrectiveAction.objects.visible_to(actor)
        .filter(state=ActionState.COMPLETED)
        .exclude(owner=actor.person_id)
        .order_by("completed_on", "pk")
    )
    for action in done:
        if policies.corrective_action.allows(actor, "verify", action):
            title = format_lazy(_("Vérifier l’action corrective « {title} »"), title=action.title)
            yield Waiting(
                "corrective_action_to_verify",
                title,
                "corrective-actions",
                action.pk,
                action.cooperation_id,
                action.completed_on,
            )
    red = EvaluationGap.objects.visible_to(actor).filter(status=GapStatus.RED, decision="", evaluation__state="open")
    for gap in red.select_related("evaluation").order_by("position", "pk"):
        if policies.evaluation_gap.allows(actor, "read", gap):
            title = format_lazy(_("Lire l’écart « {label} »"), label=gap.label)
            yield Waiting("gap_to_read", title, "evaluation-gaps", gap.pk, gap.cooperation_id, gap.evaluation.opened_on)
