"""Valid aggregates of milestones, made directly: what happens to them is the affair of the tests."""

import datetime as dt
import itertools
from decimal import Decimal
from typing import Any

from charters.models import Charter, ExpectedEffect, Motivation
from coopproject import clock
from governance.enums import Confidentiality
from governance.models import Organisation, Person
from milestones.models import (
    Activity,
    BudgetEntry,
    BudgetLine,
    CorrectiveAction,
    Evaluation,
    EvaluationGap,
    Indicator,
    IndicatorTarget,
    Mandate,
    Measurement,
    Milestone,
    MilestoneDependency,
)
from tests.cast import Cast

_numbers = itertools.count(1)


def activity(cast: Cast, **values: Any) -> Activity:
    values = {"name": f"Activité {next(_numbers)}", "started_on": cast.since, "cooperation": cast.cooperation} | values
    return Activity.objects.create(**values)


def mandate(
    cast: Cast, of: Activity, person: Person | None = None, organisation: Organisation | None = None, **values: Any
) -> Mandate:
    """An accepted mandate of Boris, of Bêta, for a year from last month, unless said otherwise."""
    state = values.get("state", "accepted")
    values = {
        "scope": "Piloter",
        "since": cast.today - dt.timedelta(days=30),
        "until": cast.today + dt.timedelta(days=365),
        "state": state,
        "accepted_at": clock.now() if state in {"accepted", "suspended"} else None,
    } | values
    return Mandate.objects.create(
        cooperation=of.cooperation,
        activity=of,
        person=person or cast.pilot_beta,
        organisation=organisation or cast.beta,
        **values,
    )


def milestone(cast: Cast, of: Activity, *, awaits: tuple[Milestone, ...] = (), **values: Any) -> Milestone:
    values = {"title": f"Jalon {next(_numbers)}", "due_on": cast.today + dt.timedelta(days=60)} | values
    values.setdefault("baseline_due_on", values["due_on"])
    made = Milestone.objects.create(cooperation=of.cooperation, activity=of, **values)
    for other in awaits:
        MilestoneDependency.objects.create(milestone=made, awaits=other)
    return made


def budget_line(cast: Cast, of: Activity, planned: str = "10000.00", **values: Any) -> BudgetLine:
    values = {"label": f"Ligne {next(_numbers)}"} | values
    return BudgetLine.objects.create(cooperation=of.cooperation, activity=of, planned=Decimal(planned), **values)


def budget_entry(cast: Cast, line: BudgetLine, amount: str, kind: str = "actual", **values: Any) -> BudgetEntry:
    values = {"dated_on": cast.today} | values
    return BudgetEntry.objects.create(
        cooperation=line.cooperation, line=line, kind=kind, amount=Decimal(amount), **values
    )


def indicator(cast: Cast, of: Activity | None = None, **values: Any) -> Indicator:
    """Up, from 0, yearly, started a year ago; of the activity when one is given."""
    values = {
        "code": f"I{next(_numbers)}",
        "label": "Places ouvertes",
        "baseline_value": Decimal(0),
        "baseline_on": cast.today - dt.timedelta(days=365),
        "confidentiality": of.confidentiality if of else Confidentiality.ACTIVE,
        "cooperation": cast.cooperation,
    } | values
    return Indicator.objects.create(activity=of, **values)


def target(of: Indicator, due_on: dt.date, value: str) -> IndicatorTarget:
    return IndicatorTarget.objects.create(cooperation=of.cooperation, indicator=of, due_on=due_on, value=Decimal(value))


def measurement(cast: Cast, of: Indicator, value: str | None = "92", **values: Any) -> Measurement:
    """Entered by Camille for the day before today; validated by Boris when `state="validated"`."""
    values = {
        "period_start": cast.today - dt.timedelta(days=30),
        "period_end": cast.today - dt.timedelta(days=1),
        "measured_on": cast.today,
        "entered_by": cast.coordinator,
    } | values
    if values.get("state") == "validated":
        values = {"validated_by": cast.pilot_beta, "validated_at": clock.now()} | values
    return Measurement.objects.create(
        cooperation=of.cooperation, indicator=of, value=None if value is None else Decimal(value), **values
    )


def motivation(cast: Cast, charter: Charter | None = None, **values: Any) -> Motivation:
    charter = charter or Charter.objects.create(
        cooperation=cast.cooperation, title="Charte", entry_rule={"kind": "all_members"}
    )
    values = {"code": f"m{next(_numbers)}", "label": "Mieux former"} | values
    return Motivation.objects.create(cooperation=cast.cooperation, charter=charter, **values)


def effect(of: Motivation, **values: Any) -> ExpectedEffect:
    values = {"label": "Plus de places"} | values
    return ExpectedEffect.objects.create(cooperation=of.cooperation, motivation=of, **values)


def evaluation(cast: Cast, **values: Any) -> Evaluation:
    values = {
        "title": f"Évaluation {next(_numbers)}",
        "held_on": cast.today,
        "period_start": cast.today - dt.timedelta(days=365),
        "period_end": cast.today,
        "cooperation": cast.cooperation,
    } | values
    if values.get("state") in {"open", "closed"}:
        values.setdefault("opened_on", cast.today)
    if values.get("state") == "closed":
        values.setdefault("closed_on", cast.today)
    return Evaluation.objects.create(**values)


def gap(cast: Cast, of: Evaluation, about: Milestone, **values: Any) -> EvaluationGap:
    values = {
        "position": next(_numbers),
        "subject": "milestone",
        "milestone": about,
        "label": about.title,
        "status": "red",
        "confidentiality": of.confidentiality,
    } | values
    return EvaluationGap.objects.create(cooperation=of.cooperation, evaluation=of, **values)


def corrective_action(cast: Cast, owner: Person | None = None, **values: Any) -> CorrectiveAction:
    values = {
        "title": f"Action {next(_numbers)}",
        "due_on": cast.today + dt.timedelta(days=30),
        "cooperation": cast.cooperation,
    } | values
    return CorrectiveAction.objects.create(owner=owner or cast.pilot_beta, **values)
