"""The invariants of milestones that the database itself keeps, each by its name."""

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from coopproject import clock
from milestones.models import (
    Activity,
    BudgetEntry,
    BudgetLine,
    CorrectiveAction,
    Evaluation,
    EvaluationGap,
    Indicator,
    Mandate,
    Measurement,
    Milestone,
    MilestoneDependency,
)
from tests.cast import Cast
from tests.milestones import factories

DAY = dt.timedelta(days=1)


def _row(cast: Cast, model: Any) -> Any:
    """A valid row of the model."""
    activity = factories.activity(cast)
    milestone = factories.milestone(cast, activity)
    makers: dict[Any, Callable[[], Any]] = {
        Activity: lambda: activity,
        Mandate: lambda: factories.mandate(cast, activity),
        Milestone: lambda: milestone,
        MilestoneDependency: lambda: MilestoneDependency.objects.create(
            milestone=milestone, awaits=factories.milestone(cast, activity)
        ),
        BudgetLine: lambda: factories.budget_line(cast, activity),
        Indicator: lambda: factories.indicator(cast, activity),
        Measurement: lambda: factories.measurement(cast, factories.indicator(cast, activity)),
        Evaluation: lambda: factories.evaluation(cast),
        EvaluationGap: lambda: factories.gap(cast, factories.evaluation(cast), milestone),
        CorrectiveAction: lambda: factories.corrective_action(cast),
    }
    return makers[model]()


TODAY = object()
CAMILLE = object()
BORIS = object()
NOW = object()
BROKEN: list[tuple[str, Any, dict[str, Any]]] = [
    ("milestones_activity_ends_after_it_starts", Activity, {"ended_on": dt.date(2000, 1, 1)}),
    ("milestones_activity_is_not_of_one_organisation", Activity, {"confidentiality": "restricted"}),
    ("milestones_mandate_ends_after_it_starts", Mandate, {"until": dt.date(2000, 1, 1)}),
    ("milestones_mandate_ceiling_not_negative", Mandate, {"spending_ceiling": Decimal("-0.01")}),
    ("milestones_mandate_accepted_by_its_pilot", Mandate, {"accepted_at": None}),
    ("milestones_mandate_suspended_has_a_date", Mandate, {"state": "suspended"}),
    ("milestones_mandate_ended_says_why", Mandate, {"state": "ended", "ended_on": TODAY}),
    ("milestones_mandate_ended_says_why", Mandate, {"state": "ended", "ended_reason": "x"}),
    ("milestones_mandate_ended_says_why", Mandate, {"ended_on": TODAY}),
    ("milestones_milestone_completed_has_its_date", Milestone, {"state": "completed"}),
    ("milestones_milestone_completed_has_its_date", Milestone, {"completed_on": TODAY}),
    ("milestones_milestone_started_has_its_date", Milestone, {"state": "started"}),
    ("milestones_milestone_started_has_its_date", Milestone, {"started_on": TODAY}),
    (
        "milestones_milestone_completed_after_it_started",
        Milestone,
        {"state": "completed", "started_on": TODAY, "completed_on": dt.date(2000, 1, 1)},
    ),
    ("milestones_milestone_cancelled_says_why", Milestone, {"state": "cancelled", "cancelled_on": TODAY}),
    ("milestones_milestone_baseline_never_changes", Milestone, {"baseline_due_on": dt.date(2000, 1, 1)}),
    ("milestones_budget_line_not_negative", BudgetLine, {"planned": Decimal("-1.00")}),
    ("milestones_indicator_baseline_is_dated", Indicator, {"baseline_on": None}),
    ("milestones_indicator_tolerance_not_negative", Indicator, {"tolerance": Decimal("-1")}),
    ("milestones_indicator_range_has_a_bound", Indicator, {"direction": "range"}),
    ("milestones_indicator_range_has_a_bound", Indicator, {"low": Decimal("1")}),
    (
        "milestones_indicator_bounds_in_order",
        Indicator,
        {"direction": "range", "low": Decimal("2"), "high": Decimal("1")},
    ),
    ("milestones_indicator_unit_of_its_nature", Indicator, {"unit": "text"}),
    ("milestones_indicator_unit_of_its_nature", Indicator, {"nature": "qualitative", "unit": "eur_cents"}),
    ("milestones_indicator_is_not_of_one_organisation", Indicator, {"confidentiality": "restricted"}),
    ("milestones_measurement_period_in_order", Measurement, {"period_end": dt.date(2000, 1, 1)}),
    ("milestones_measurement_has_a_value", Measurement, {"value": None}),
    (
        "milestones_measurement_validated_by_someone_else",
        Measurement,
        {"state": "validated", "validated_by": CAMILLE, "validated_at": NOW},
    ),
    ("milestones_measurement_validated_says_by_whom", Measurement, {"state": "validated", "validated_at": NOW}),
    ("milestones_measurement_validated_says_by_whom", Measurement, {"validated_by": BORIS}),
    ("milestones_measurement_returned_says_why", Measurement, {"state": "returned"}),
    ("milestones_evaluation_period_in_order", Evaluation, {"period_end": dt.date(2000, 1, 1)}),
    ("milestones_evaluation_state_has_its_dates", Evaluation, {"state": "open"}),
    ("milestones_evaluation_state_has_its_dates", Evaluation, {"state": "closed", "opened_on": TODAY}),
    ("milestones_evaluation_is_not_of_one_organisation", Evaluation, {"confidentiality": "restricted"}),
    ("milestones_gap_reading_is_whole", EvaluationGap, {"cause": "x", "decision": "accept"}),
    ("milestones_gap_reading_is_whole", EvaluationGap, {"owner": CAMILLE}),
    ("milestones_gap_is_about_one_subject", EvaluationGap, {"subject": "indicator"}),
    ("milestones_gap_is_about_one_subject", EvaluationGap, {"milestone": None}),
    ("milestones_action_completed_says_what_was_done", CorrectiveAction, {"state": "completed"}),
    (
        "milestones_action_completed_says_what_was_done",
        CorrectiveAction,
        {"state": "completed", "completed_on": TODAY},
    ),
    (
        "milestones_action_verified_says_by_whom",
        CorrectiveAction,
        {"state": "verified", "completed_on": TODAY, "action_taken": "x", "verified_by": CAMILLE},
    ),
    (
        "milestones_action_verified_by_someone_else",
        CorrectiveAction,
        {
            "state": "verified",
            "completed_on": TODAY,
            "action_taken": "x",
            "verified_by": BORIS,
            "verified_on": TODAY,
            "adequate": True,
        },
    ),
    ("milestones_action_is_not_of_one_organisation", CorrectiveAction, {"confidentiality": "restricted"}),
]


@pytest.mark.parametrize(("name", "model", "values"), BROKEN)
def test_the_database_refuses_what_breaks(cast: Cast, name: str, model: Any, values: dict[str, Any]) -> None:
    row = _row(cast, model)
    said = {TODAY: cast.today, CAMILLE: cast.coordinator, BORIS: cast.pilot_beta, NOW: clock.now()}
    plain = {key: said.get(value, value) if type(value) is object else value for key, value in values.items()}
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        model.objects.filter(pk=row.pk).update(**plain)
    assert refused.value.__cause__.diag.constraint_name == name  # type: ignore[union-attr]


def _refused(name: str, act: Callable[[], Any]) -> None:
    with pytest.raises(IntegrityError) as refused, transaction.atomic():
        act()
    assert refused.value.__cause__.diag.constraint_name == name  # type: ignore[union-attr]


def test_duplicates_are_refused_by_name(cast: Cast) -> None:
    activity = factories.activity(cast)
    first, second = factories.milestone(cast, activity), factories.milestone(cast, activity)
    indicator = factories.indicator(cast, activity, code="A1")
    factories.target(indicator, cast.today, "10")
    corrected = factories.measurement(cast, indicator, state="validated")
    factories.measurement(cast, indicator, corrects=corrected)
    evaluation = factories.evaluation(cast)
    factories.gap(cast, evaluation, first, position=1)

    MilestoneDependency.objects.create(milestone=first, awaits=second)
    again = {"milestone": first, "awaits": second}
    _refused("milestones_one_dependency_per_pair", lambda: MilestoneDependency.objects.create(**again))
    itself = {"milestone": first, "awaits": first}
    _refused("milestones_milestone_never_awaits_itself", lambda: MilestoneDependency.objects.create(**itself))
    _refused("milestones_one_indicator_per_code", lambda: factories.indicator(cast, activity, code="A1"))
    _refused("milestones_one_target_per_day", lambda: factories.target(indicator, cast.today, "11"))
    _refused(
        "milestones_one_correction_per_measurement",
        lambda: factories.measurement(cast, indicator, corrects=corrected),
    )
    _refused("milestones_one_gap_per_position", lambda: factories.gap(cast, evaluation, second, position=1))


@pytest.mark.parametrize("state", ["accepted", "suspended"])
def test_two_mandates_of_one_activity_never_share_a_day(cast: Cast, state: str) -> None:
    activity = factories.activity(cast)
    last = cast.today + 10 * DAY
    suspended = {"suspended_on": cast.today} if state == "suspended" else {}
    factories.mandate(cast, activity, until=last, state=state, **suspended)
    person, organisation = cast.director_alpha, cast.alpha
    _refused(
        "milestones_one_pilot_at_a_time",
        lambda: factories.mandate(cast, activity, person, organisation, since=last, until=None),
    )
    assert factories.mandate(cast, activity, person, organisation, since=last, until=None, state="proposed")
    assert factories.mandate(cast, activity, person, organisation, since=last + DAY, until=None)
    assert factories.mandate(cast, factories.activity(cast), person, organisation)


def test_budget_entries_are_only_added(cast: Cast) -> None:
    entry = factories.budget_entry(cast, factories.budget_line(cast, factories.activity(cast)), "12.00")
    rows = BudgetEntry.objects.filter(pk=entry.pk)
    for act in (lambda: rows.update(amount=Decimal("1.00")), rows.delete):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            act()
    assert rows.get().amount == Decimal("12.00")
    _refused("milestones_budget_entry_not_zero", lambda: factories.budget_entry(cast, entry.line, "0.00"))


def test_a_validated_measurement_never_changes(cast: Cast) -> None:
    row = factories.measurement(cast, factories.indicator(cast), "92", state="validated")
    rows = Measurement.objects.filter(pk=row.pk)
    name = "milestones_validated_measurement_never_changes"
    _refused(name, lambda: rows.update(value=Decimal("100")))
    _refused(name, lambda: rows.update(state="draft", validated_by=None, validated_at=None))
    _refused(name, rows.delete)
    assert rows.get().value == Decimal("92")
