"""`coverage` and `expected-vs-proven` of a charter: the thread, at any date, as far as the reader may know."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from charters import services
from charters.models import Charter, ExpectedEffect, Motivation
from governance.models import Person
from milestones.models import Activity, Indicator
from tests.cast import Cast
from tests.charters.factories import actor_of, make_charter, make_effect, make_motivation
from tests.clock import set_clock
from tests.milestones import factories
from tests.requests import act, pointers

URL = "/api/v1/charters/"
TODAY = dt.date(2026, 11, 22)
LAST_MONTH = dt.date(2026, 10, 15)


def coverage(cast: Cast, charter: Charter, person: Person | None = None) -> dict[str, Any]:
    response = cast.api(person or cast.coordinator).get(f"{URL}{charter.pk}/coverage/")
    assert response.status_code == 200, response.content
    found: dict[str, Any] = response.json()
    return found


def proven(cast: Cast, charter: Charter, person: Person | None = None, *, on: dt.date | None = None) -> dict[str, Any]:
    query = {} if on is None else {"on": on.isoformat()}
    response = cast.api(person or cast.coordinator).get(f"{URL}{charter.pk}/expected-vs-proven/", query)
    assert response.status_code == 200, response.content
    found: dict[str, Any] = response.json()
    return found


def levels(found: dict[str, Any]) -> list[tuple[str, int, int | None, int | None, str, str | None]]:
    names = ("code", "expected_level", "proven_level", "gap", "status", "reason")
    return [tuple(row[name] for name in names) for row in found["motivations"]]


def score(
    cast: Cast, effect: ExpectedEffect, value: str | None, activity: Activity | None = None, **of: Any
) -> Indicator:
    """A score on the scale, expected at 4 since ten days ago."""
    made = factories.indicator(
        cast,
        activity,
        effect=effect,
        nature="qualitative",
        unit="score",
        baseline_value=None,
        baseline_on=None,
        frequency="yearly",
    )
    factories.target(made, cast.today - dt.timedelta(days=10), "4")
    if value is not None:
        factories.measurement(cast, made, value, state="validated", **of)
    return made


def motive(cast: Cast, charter: Charter, code: str, **fields: Any) -> tuple[Motivation, ExpectedEffect]:
    motivation = make_motivation(cast, charter, code=code, **fields)
    return motivation, make_effect(cast, motivation, due_on=None)


class TestCoverage:
    def test_where_the_thread_breaks(self, cast: Cast) -> None:
        charter = make_charter(cast)
        _whole, measured = motive(cast, charter, "a")
        _loose, unmeasured = motive(cast, charter, "b")
        empty = make_motivation(cast, charter, code="c", organisation=cast.alpha)
        last = score(cast, measured, "3").measurements.get()
        never = score(cast, measured, None)
        waiting = score(cast, measured, None)
        factories.measurement(cast, waiting, "4", state="submitted")
        score(cast, motive(cast, make_charter(cast), "elsewhere")[1], "3")

        found = coverage(cast, charter)
        assert [row["code"] for row in found["motivations"]] == ["a", "b", "c"]
        assert found["motivations"][2]["organisation"] == str(cast.alpha.pk)
        assert found["motivations_without_effect"] == [str(empty.pk)]
        assert found["effects_without_indicator"] == [str(unmeasured.pk)]
        assert set(found["indicators_without_measurement"]) == {str(never.pk), str(waiting.pk)}
        assert found["totals"] == {
            "motivations": 3,
            "covered_motivations": 1,
            "motivations_without_effect": 1,
            "effects": 2,
            "effects_without_indicator": 1,
            "indicators": 3,
            "indicators_without_measurement": 2,
        }
        [first, *_others] = found["motivations"][0]["effects"][0]["indicators"]
        assert first["last_measurement"]["measurement"] == str(last.pk)
        assert first["last_measurement"]["value"] == "3.0000"

    def test_what_was_given_up_is_covered_by_nothing(self, cast: Cast) -> None:
        charter = make_charter(cast)
        gone, _effect = motive(cast, charter, "a")
        _kept, effect = motive(cast, charter, "b")
        indicator = score(cast, effect, "3")
        services.motivation_retire(pk=gone.pk, actor=actor_of(cast.coordinator), reason="x")
        Indicator.objects.filter(pk=indicator.pk).update(retired_on=cast.today)
        totals = coverage(cast, charter)["totals"]
        assert (totals["motivations"], totals["effects"], totals["indicators"]) == (1, 1, 0)
        assert totals["effects_without_indicator"] == 1

    def test_the_reader_is_told_of_what_they_may_know_and_no_figure_tells_of_more(self, cast: Cast) -> None:
        """The same charter, with and without what is hidden: word for word the same answers."""
        charter = make_charter(cast)
        _motivation, effect = motive(cast, charter, "a")
        core = factories.activity(cast, confidentiality="core")
        readers = (cast.chair_delta, cast.chair_gamma, cast.funder)
        before = [(coverage(cast, charter, who), proven(cast, charter, who)) for who in readers]
        hidden = score(cast, effect, "1", core)
        assert [(coverage(cast, charter, who), proven(cast, charter, who)) for who in readers] == before
        assert before[0][0]["effects_without_indicator"] == [str(effect.pk)]
        assert before[0][1]["motivations"][0]["reason"] == "no_data"
        for who in (cast.chair_alpha, cast.coordinator):
            assert str(hidden.pk) in str(coverage(cast, charter, who))
            assert levels(proven(cast, charter, who)) == [("a", 4, 1, -3, "red", None)]

    def test_a_charter_that_one_may_not_know_is_not_there(self, cast: Cast) -> None:
        charter = make_charter(cast, confidentiality="core")
        for path in ("coverage", "expected-vs-proven"):
            assert cast.api(cast.chair_gamma).get(f"{URL}{charter.pk}/{path}/").status_code == 404


class TestExpectedAgainstProven:
    def test_the_largest_disappointment_comes_first_then_what_weighs_most(self, cast: Cast) -> None:
        """E14: strong (4) expected, weak (2) proven."""
        charter = make_charter(cast)
        for code, weight, value in (
            ("light", 1, "2"),
            ("heavy", 5, "2"),
            ("met", 5, "4"),
            ("unknown", 5, None),
            ("slight", 2, "3"),
            ("beyond", 3, "5"),
        ):
            score(cast, motive(cast, charter, code, weight=weight)[1], value)
        make_motivation(cast, charter, code="empty", weight=4)
        found = proven(cast, charter)
        assert levels(found) == [
            ("heavy", 4, 2, -2, "red", None),
            ("light", 4, 2, -2, "red", None),
            ("slight", 4, 3, -1, "amber", None),
            ("met", 4, 4, 0, "green", None),
            ("beyond", 4, 5, 1, "green", None),
            ("unknown", 4, None, None, "no_data", "no_data"),
            ("empty", 4, None, None, "no_data", "no_effect"),
        ]
        assert found["counts"] == {"red": 2, "amber": 1, "green": 2, "no_data": 2, "not_started": 0}
        assert (found["convention"]["confidence"], found["convention"]["red_levels"]) == ("K", 2)

    def test_a_quantity_proves_by_its_progress(self, cast: Cast) -> None:
        charter = make_charter(cast)
        _motivation, effect = motive(cast, charter, "a")
        indicator = factories.indicator(cast, effect=effect)
        factories.target(indicator, cast.today - dt.timedelta(days=5), "100")
        factories.measurement(cast, indicator, "80", state="validated")
        [row] = proven(cast, charter)["motivations"]
        [found] = row["effects"][0]["indicators"]
        assert (row["proven_level"], found["status"], found["actual"]) == (3, "amber", "80.000000")
        cast.cooperation.settings = {"evaluation_thresholds": {"amber_levels": 0}}
        cast.cooperation.save()
        assert proven(cast, charter)["motivations"][0]["proven_level"] == 4

    def test_an_effect_counts_from_the_day_for_which_it_was_expected(self, cast: Cast) -> None:
        charter = make_charter(cast)
        motivation = make_motivation(cast, charter, code="a")
        later = make_effect(cast, motivation, due_on=cast.today + dt.timedelta(days=1))
        score(cast, later, "2")
        found = proven(cast, charter)
        assert levels(found) == [("a", 4, None, None, "not_started", "not_due_yet")]
        effect = found["motivations"][0]["effects"][0]
        assert (effect["proven_level"], effect["gap"], effect["reason"]) == (2, None, "not_due_yet")
        score(cast, make_effect(cast, motivation, due_on=cast.today), "3")
        assert levels(proven(cast, charter)) == [("a", 4, 3, -1, "amber", None)]

    def test_an_evaluation_of_that_day_says_the_same(self, cast: Cast) -> None:
        charter = make_charter(cast)
        activity = factories.activity(cast, confidentiality="core")
        for code, value in (("a", "2"), ("b", "4"), ("c", None)):
            motivation, effect = motive(cast, charter, code)
            score(cast, effect, value, activity)
            make_effect(cast, motivation, due_on=cast.today + dt.timedelta(days=90))
        evaluation = factories.evaluation(cast, confidentiality="core")
        client = cast.api(cast.coordinator)
        assert act(client, f"/api/v1/evaluations/{evaluation.pk}/open/").status_code == 200
        gaps = client.get(
            "/api/v1/evaluation-gaps/", {"evaluation": str(evaluation.pk), "subject": "motivation"}
        ).json()["results"]
        frozen = {row["motivation"]: (row["actual"], row["gap"], row["status"]) for row in gaps}
        assert frozen == {
            row["motivation"]: (
                None if row["proven_level"] is None else f"{row['proven_level']}.000000",
                None if row["gap"] is None else f"{row['gap']}.000000",
                row["status"],
            )
            for row in proven(cast, charter)["motivations"]
        }
        assert len(frozen) == 3


class TestAtAnyDate:
    @pytest.fixture
    def cast(self, db: None) -> Cast:
        """Founded in October; what follows happens today."""
        set_clock(LAST_MONTH)
        return Cast()

    def test_the_past_is_told_as_it_was_known(self, cast: Cast) -> None:
        charter = make_charter(cast)
        motivation, effect = motive(cast, charter, "a", weight=2)
        score(cast, effect, "2")
        given_up, _effect = motive(cast, charter, "b")
        then = proven(cast, charter)

        set_clock(TODAY)
        client = cast.api(cast.coordinator)
        path = f"/api/v1/motivations/{motivation.pk}/"
        changes = {"expected_level": 2, "weight": 5, "label": "Autrement"}
        assert client.patch(path, changes, format="json").status_code == 200
        effect_path = f"/api/v1/expected-effects/{effect.pk}/"
        assert client.patch(effect_path, {"expected_level": 2}, format="json").status_code == 200
        services.motivation_retire(pk=given_up.pk, actor=actor_of(cast.coordinator), reason="x")
        motive(cast, charter, "new")
        assert proven(cast, charter, on=LAST_MONTH) == then
        assert levels(then) == [
            ("a", 4, 2, -2, "red", None),
            ("b", 4, None, None, "no_data", "no_data"),
        ]
        assert levels(proven(cast, charter)) == [
            ("a", 2, 2, 0, "green", None),
            ("new", 4, None, None, "no_data", "no_data"),
        ]

    def test_a_target_moved_since_is_where_it_was(self, cast: Cast) -> None:
        charter = make_charter(cast)
        indicator = score(cast, motive(cast, charter, "a")[1], "2")
        then = proven(cast, charter)
        set_clock(TODAY)
        target = indicator.targets.get()
        client = cast.api(cast.coordinator)
        assert client.patch(f"/api/v1/indicator-targets/{target.pk}/", {"value": "2"}, format="json").status_code == 200
        assert proven(cast, charter)["motivations"][0]["effects"][0]["indicators"][0]["expected"] == "2.000000"
        assert proven(cast, charter, on=LAST_MONTH) == then

    def test_what_was_validated_since_was_not_known(self, cast: Cast) -> None:
        charter = make_charter(cast)
        indicator = score(cast, motive(cast, charter, "a")[1], "2")
        first = indicator.measurements.get()
        set_clock(TODAY)
        factories.measurement(cast, indicator, "4", state="validated", corrects=first)
        assert levels(proven(cast, charter, on=LAST_MONTH)) == [("a", 4, 2, -2, "red", None)]
        assert levels(proven(cast, charter)) == [("a", 4, 4, 0, "green", None)]

    @pytest.mark.parametrize(
        ("validated_at", "known"),
        [
            # Midnight in Paris is the next day.
            ("2026-10-20T23:59:59+02:00", True),
            ("2026-10-21T00:00:00+02:00", False),
        ],
    )
    def test_a_day_ends_at_midnight_in_the_zone_of_the_cooperation(
        self, cast: Cast, validated_at: str, known: bool
    ) -> None:
        charter = make_charter(cast)
        indicator = score(cast, motive(cast, charter, "a")[1], None)
        when = dt.datetime.fromisoformat(validated_at)
        factories.measurement(cast, indicator, "4", state="validated", validated_at=when)
        set_clock(TODAY)
        found = proven(cast, charter, on=dt.date(2026, 10, 20))
        assert found["motivations"][0]["proven_level"] == (4 if known else None)

    @pytest.mark.parametrize("on", ["2026-11-23", "yesterday", "2026-02-30", ""])
    def test_a_day_to_come_or_that_does_not_exist_is_refused(self, cast: Cast, on: str) -> None:
        charter = make_charter(cast)
        set_clock(TODAY)
        response = cast.api(cast.coordinator).get(f"{URL}{charter.pk}/expected-vs-proven/", {"on": on})
        assert (response.status_code, pointers(response)) == (400, {"?on"})

    def test_before_anything_was_expected_there_is_nothing(self, cast: Cast) -> None:
        charter = make_charter(cast)
        motive(cast, charter, "a")
        assert proven(cast, charter, on=LAST_MONTH - dt.timedelta(days=1))["motivations"] == []


def test_both_cost_the_same_for_two_motivations_and_for_many(cast: Cast) -> None:
    charter = make_charter(cast)
    client = cast.api(cast.coordinator)

    def fill(count: int) -> None:
        for index in range(count):
            code = f"m{Motivation.objects.count()}-{index}"
            score(cast, motive(cast, charter, code)[1], "2")

    def cost(path: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(f"{URL}{charter.pk}/{path}/").status_code == 200
        return len(captured)

    fill(2)
    client.get(f"{URL}{charter.pk}/coverage/")
    few = [cost("coverage"), cost("expected-vs-proven")]
    fill(10)
    assert [cost("coverage"), cost("expected-vs-proven")] == few


def test_an_unchanged_answer_is_not_sent_again(cast: Cast) -> None:
    charter = make_charter(cast)
    client = cast.api(cast.observer)
    for path in ("coverage", "expected-vs-proven"):
        first = client.get(f"{URL}{charter.pk}/{path}/")
        again = client.get(f"{URL}{charter.pk}/{path}/", headers={"If-None-Match": first["ETag"]})
        assert (first.status_code, again.status_code) == (200, 304)
        assert client.get(f"{URL}{charter.pk}/{path}/?of=x").status_code == 400


def test_nothing_new_measures_what_was_given_up(cast: Cast) -> None:
    _motivation, effect = motive(cast, make_charter(cast), "a")
    services.expected_effect_retire(pk=effect.pk, actor=actor_of(cast.coordinator), reason="x")
    body = {"cooperation": str(cast.cooperation.pk), "code": "I", "label": "Places", "effect": str(effect.pk)}
    response = act(cast.api(cast.coordinator), "/api/v1/indicators/", body)
    assert (response.status_code, pointers(response)) == (400, {"/effect"})
    assert not Indicator.objects.exists()
