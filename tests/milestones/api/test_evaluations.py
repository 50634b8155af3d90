"""Evaluations: gaps frozen exactly, red ones read before closing, actions verified by someone else."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from governance.models import JournalEntry
from milestones.models import CorrectiveAction, Evaluation, EvaluationGap
from tests.cast import Cast
from tests.milestones import factories

URL = "/api/v1/evaluations/"
GAPS = "/api/v1/evaluation-gaps/"
ACTIONS = "/api/v1/corrective-actions/"


def codes(response: Any) -> set[str]:
    return {error["code"] for error in response.json().get("errors", [])}


def post(cast: Cast, person: Any, url: str, data: dict[str, Any] | None = None) -> Any:
    return cast.api(person).post(url, data or {}, format="json")


def gaps(cast: Cast, evaluation: Evaluation) -> list[dict[str, Any]]:
    params = {"evaluation": str(evaluation.pk), "ordering": "position"}
    results: list[dict[str, Any]] = cast.api(cast.coordinator).get(GAPS, params).json()["results"]
    return results


def opened(cast: Cast, **values: Any) -> Evaluation:
    evaluation = factories.evaluation(cast, **values)
    response = post(cast, cast.coordinator, f"{URL}{evaluation.pk}/open/")
    assert response.status_code == 200, response.content
    return evaluation


def measured(cast: Cast, value: str, *, target: str = "100", days: int = 365, **values: Any) -> Any:
    """An indicator from 0 a year ago, with its target `days` after the start, measured for yesterday."""
    indicator = factories.indicator(cast, **values)
    factories.target(indicator, cast.today - dt.timedelta(days=365 - days), target)
    factories.measurement(cast, indicator, value, state="validated")
    return indicator


@pytest.mark.parametrize(
    ("value", "status", "rate"),
    [
        ("92", "green", "0.920000"),
        ("89.9999", "amber", "0.899999"),
        ("70", "amber", "0.700000"),
        ("69", "red", "0.690000"),
    ],
)
def test_an_indicator_is_compared_with_what_was_expected(cast: Cast, value: str, status: str, rate: str) -> None:
    indicator = measured(cast, value, days=300, unit="hours")
    found = next(gap for gap in gaps(cast, opened(cast)) if gap["indicator"] == str(indicator.pk))
    assert (found["status"], found["rate"], found["expected"]) == (status, rate, "100.000000")
    assert found["actual"] == f"{Decimal(value):.6f}"


def test_fractions_are_kept_exactly_beside_the_decimals(cast: Cast) -> None:
    indicator = measured(cast, "10", target="100", days=365 + 365)
    found = next(gap for gap in gaps(cast, opened(cast)) if gap["indicator"] == str(indicator.pk))
    # 364 of 730 days: 100 × 364/730, then 10 of it.
    assert (found["facts"]["expected"], found["facts"]["rate"]) == ("3640/73", "73/364")
    assert (found["expected"], found["rate"]) == ("49.863014", "0.200549")


def test_only_validated_measurements_count(cast: Cast) -> None:
    indicator = factories.indicator(cast)
    factories.target(indicator, cast.today, "100")
    factories.measurement(cast, indicator, "100", state="submitted")
    found = gaps(cast, opened(cast))
    assert [(gap["status"], gap["actual"]) for gap in found] == [("no_data", None)]


def test_milestones_budget_and_motivations_are_compared_too(cast: Cast) -> None:
    activity = factories.activity(cast)
    late = factories.milestone(cast, activity, due_on=cast.today - dt.timedelta(days=20))
    line = factories.budget_line(cast, activity, "10000.00")
    factories.budget_entry(cast, line, "10900.00")
    motivation = factories.motivation(cast, expected_level=4)
    effect = factories.effect(motivation, expected_level=4)
    score = factories.indicator(
        cast, activity, effect=effect, nature="qualitative", unit="score", baseline_value=None, baseline_on=None
    )
    factories.target(score, cast.today - dt.timedelta(days=10), "4")
    factories.measurement(cast, score, "2", state="validated")
    found = gaps(cast, opened(cast))
    by_subject = {gap["subject"]: gap for gap in found}
    assert (by_subject["milestone"]["status"], by_subject["milestone"]["gap"]) == ("red", "20.000000")
    assert by_subject["milestone"]["expected_on"] == str(late.due_on)
    assert (by_subject["budget"]["status"], by_subject["budget"]["gap"]) == ("amber", "900.000000")
    assert (by_subject["motivation"]["gap"], by_subject["motivation"]["status"]) == ("-2.000000", "red")
    assert by_subject["indicator"]["gap"] == "-2.000000"
    assert found[0]["subject"] == "motivation"
    assert [gap["position"] for gap in found] == [1, 2, 3, 4]


def test_gaps_stay_as_they_were_when_the_target_moves(cast: Cast) -> None:
    indicator = measured(cast, "50", days=300)
    evaluation = opened(cast)
    before = gaps(cast, evaluation)
    target = indicator.targets.get()
    url = f"/api/v1/indicator-targets/{target.pk}/"
    assert cast.api(cast.coordinator).patch(url, {"value": "50"}, format="json").status_code == 200
    assert gaps(cast, evaluation) == before


def test_a_red_gap_must_be_read_before_closing(cast: Cast) -> None:
    measured(cast, "50", days=300)
    evaluation = opened(cast)
    before = JournalEntry.objects.count()
    response = post(cast, cast.coordinator, f"{URL}{evaluation.pk}/close/")
    assert (response.status_code, codes(response)) == (409, {"red_without_reading"})
    evaluation.refresh_from_db()
    assert (evaluation.state, evaluation.closed_on) == ("open", None)
    assert JournalEntry.objects.count() == before

    gap = EvaluationGap.objects.get()
    reading = {
        "cause": "Agrément tardif",
        "decision": "correct",
        "owner": str(cast.pilot_beta.pk),
        "due_on": str(cast.today + dt.timedelta(days=30)),
    }
    response = post(cast, cast.coordinator, f"{GAPS}{gap.pk}/read/", reading)
    assert (response.status_code, response.json()["read_on"]) == (200, str(cast.today))
    response = post(cast, cast.coordinator, f"{URL}{evaluation.pk}/close/")
    assert (response.status_code, codes(response)) == (409, {"corrective_action_missing"})
    action = {"gap": str(gap.pk), "title": "Relancer", "owner": str(cast.pilot_beta.pk), "due_on": reading["due_on"]}
    assert post(cast, cast.coordinator, ACTIONS, action).status_code == 201
    response = post(cast, cast.coordinator, f"{URL}{evaluation.pk}/close/", {"conclusions": "À suivre"})
    assert (response.status_code, response.json()["state"]) == (200, "closed")
    assert post(cast, cast.coordinator, f"{GAPS}{gap.pk}/read/", reading).status_code == 409


def test_deciding_another_target_needs_another_target(cast: Cast) -> None:
    indicator = measured(cast, "50", days=300)
    evaluation = opened(cast)
    gap = EvaluationGap.objects.get()
    reading = {
        "cause": "Cible hors de portée",
        "decision": "retarget",
        "owner": str(cast.coordinator.pk),
        "due_on": str(cast.today),
    }
    assert post(cast, cast.facilitator, f"{GAPS}{gap.pk}/read/", reading).status_code == 200
    response = post(cast, cast.coordinator, f"{URL}{evaluation.pk}/close/")
    assert (response.status_code, codes(response)) == (409, {"new_target_missing"})
    factories.target(indicator, cast.today + dt.timedelta(days=100), "110")
    assert post(cast, cast.coordinator, f"{URL}{evaluation.pk}/close/").status_code == 200


@pytest.mark.parametrize(
    ("values", "pointer"),
    [
        ({"cause": " "}, "/cause"),
        ({"decision": "forget"}, "/decision"),
        ({"owner": None}, "/owner"),
        ({"due_on": "2020-01-01"}, "/due_on"),
    ],
)
def test_an_incomplete_reading_points_to_what_is_missing(cast: Cast, values: dict[str, Any], pointer: str) -> None:
    evaluation = factories.evaluation(cast, state="open")
    gap = factories.gap(cast, evaluation, factories.milestone(cast, factories.activity(cast)))
    reading = {"cause": "x", "decision": "accept", "owner": str(cast.pilot_beta.pk), "due_on": str(cast.today)}
    response = post(cast, cast.coordinator, f"{GAPS}{gap.pk}/read/", reading | values)
    assert response.status_code == 400
    assert pointer in {error["pointer"] for error in response.json()["errors"]}
    assert EvaluationGap.objects.get().decision == ""


def test_a_gap_is_never_more_visible_than_what_it_is_about(cast: Cast) -> None:
    activity = factories.activity(cast, confidentiality="core")
    factories.milestone(cast, activity, due_on=cast.today - dt.timedelta(days=1))
    evaluation = opened(cast, confidentiality="network")
    gap = EvaluationGap.objects.get()
    assert gap.confidentiality == "core"
    for person, seen in ((cast.chair_alpha, 200), (cast.chair_gamma, 404)):
        assert cast.api(person).get(f"{URL}{evaluation.pk}/").status_code == 200
        assert cast.api(person).get(f"{GAPS}{gap.pk}/").status_code == seen


@pytest.mark.parametrize(("act", "state"), [("open", "planned"), ("close", "open")])
def test_only_the_coordination_opens_and_closes(cast: Cast, act: str, state: str) -> None:
    evaluation = factories.evaluation(cast, state=state)
    for person, status in ((cast.pilot_beta, 403), (cast.facilitator, 403), (cast.foreign_coordinator, 404)):
        assert post(cast, person, f"{URL}{evaluation.pk}/{act}/").status_code == status
    evaluation.refresh_from_db()
    assert evaluation.state == state
    assert post(cast, cast.coordinator, f"{URL}{evaluation.pk}/{act}/").status_code == 200


def test_an_action_is_verified_by_someone_else_than_its_owner(cast: Cast) -> None:
    action = factories.corrective_action(cast, cast.director_beta)
    url = f"{ACTIONS}{action.pk}"
    assert post(cast, cast.director_beta, f"{url}/complete/").status_code == 400
    done = post(cast, cast.director_beta, f"{url}/complete/", {"action_taken": "Planning refait"})
    assert (done.status_code, done.json()["completed_on"]) == (200, str(cast.today))
    response = post(cast, cast.director_beta, f"{url}/verify/", {"adequate": True})
    assert (response.status_code, codes(response)) == (409, {"self_verification"})
    assert CorrectiveAction.objects.get().state == "completed"
    response = post(cast, cast.coordinator, f"{url}/verify/", {"adequate": False, "comment": "Insuffisant"})
    assert (response.status_code, response.json()["adequate"]) == (200, False)


def test_an_action_about_a_gap_has_the_level_of_the_gap(cast: Cast) -> None:
    evaluation = factories.evaluation(cast, state="open")
    about = factories.milestone(cast, factories.activity(cast))
    gap = factories.gap(cast, evaluation, about, confidentiality="core")
    data = {
        "gap": str(gap.pk),
        "title": "Agir",
        "owner": str(cast.chair_alpha.pk),
        "due_on": str(cast.today),
        "confidentiality": "public",
    }
    response = post(cast, cast.coordinator, ACTIONS, data)
    assert (response.status_code, response.json()["confidentiality"]) == (201, "core")
    assert response.json()["cooperation"] == str(cast.cooperation.pk)


def test_a_past_period_is_judged_as_of_its_last_day(cast: Cast) -> None:
    """What was measured, spent or reached after the period does not embellish it."""
    end = cast.today - dt.timedelta(days=40)
    activity = factories.activity(cast)
    indicator = measured(cast, "100", days=300)
    row = factories.milestone(cast, activity, due_on=end, state="completed", completed_on=cast.today)
    line = factories.budget_line(cast, activity, "100.00")
    factories.budget_entry(cast, line, "500.00")
    found = {gap["subject"]: gap for gap in gaps(cast, opened(cast, period_end=end))}
    assert (found["indicator"]["indicator"], found["indicator"]["status"]) == (str(indicator.pk), "no_data")
    assert (found["milestone"]["milestone"], found["milestone"]["status"]) == (str(row.pk), "green")
    assert found["milestone"]["actual_on"] is None
    assert (found["budget"]["status"], found["budget"]["actual"]) == ("no_data", None)
