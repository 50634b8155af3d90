"""Options frozen by the submission, one chosen by the taking; the outcome expected, reviewed; what replaces what."""

import datetime as dt
from typing import Any

import pytest

from governance import reminders
from governance.models import Decision, DecisionOption, JournalEntry, OutcomeReview
from tests.cast import Cast
from tests.clock import set_clock
from tests.files import pdf, send
from tests.governance import factories
from tests.requests import act, codes, pointers

DAY = dt.timedelta(days=1)
DECISIONS = "/api/v1/decisions/"
OPTIONS = [
    {"title": "Louer", "pros": "Moins cher", "cons": "Moins libre", "estimated_cost": "1200.00"},
    {"title": "Acheter", "description": "D’occasion"},
]


def drafted(cast: Cast, **body: Any) -> Any:
    given = {"cooperation": str(cast.cooperation.pk), "title": "Un véhicule commun", "concerned": [], **body}
    return cast.api(cast.coordinator).post(DECISIONS, given, format="json")


def patch(cast: Cast, pk: str, **body: Any) -> Any:
    return cast.api(cast.coordinator).patch(f"{DECISIONS}{pk}/", body, format="json", headers={"If-Match": "*"})


def do(cast: Cast, pk: Any, name: str, **body: Any) -> Any:
    return act(cast.api(cast.coordinator), f"{DECISIONS}{pk}/{name}/", body)


def taken(cast: Cast, **fields: Any) -> Decision:
    values = {"state": "taken", "taken_on": cast.today - 10 * DAY, "requirements_at_taking": [], **fields}
    return factories.decision(cast, cast.gamma, **values)


def waiting(cast: Cast, person: Any) -> set[str]:
    return {item["code"] for item in cast.api(person).get("/api/v1/users/me/").json()["waiting"]}


def signs(cast: Cast, person: Any) -> dict[str, Any]:
    found = cast.api(person).get(f"/api/v1/cooperations/{cast.cooperation.pk}/vital-signs/").json()
    return {sign["code"]: sign for sign in found["signs"]}


def test_options_are_written_while_a_draft_frozen_by_the_submission_and_one_is_chosen(cast: Cast) -> None:
    made = drafted(cast, options=OPTIONS)
    assert made.status_code == 201, made.json()
    pk = made.json()["id"]
    assert [(row["position"], row["title"]) for row in made.json()["options"]] == [(1, "Louer"), (2, "Acheter")]
    kept = made.json()["options"][0]["id"]
    changed = patch(cast, pk, options=[OPTIONS[0], {"title": "Emprunter"}, OPTIONS[1]])
    assert [row["title"] for row in changed.json()["options"]] == ["Louer", "Emprunter", "Acheter"]
    shorter = patch(cast, pk, options=[OPTIONS[0] | {"cons": ""}, OPTIONS[1]])
    assert [row["title"] for row in shorter.json()["options"]] == ["Louer", "Acheter"]
    assert shorter.json()["options"][0]["id"] == kept
    same = patch(cast, pk, options=[OPTIONS[0] | {"cons": ""}, OPTIONS[1]])
    assert same.json()["version"] == shorter.json()["version"]
    assert JournalEntry.objects.filter(act="decision.options_changed").count() == 2
    assert do(cast, pk, "submit").status_code == 200
    assert codes(patch(cast, pk, options=[])) == {"wrong_state"}
    assert DecisionOption.objects.count() == 2

    missing = do(cast, pk, "take", outcome="Adoptée")
    assert (missing.status_code, pointers(missing)) == (400, {"/chosen_option"})
    other = DecisionOption.objects.create(
        cooperation=cast.cooperation, decision=factories.decision(cast), position=1, title="Autre"
    )
    foreign = do(cast, pk, "take", outcome="Adoptée", chosen_option=str(other.pk))
    assert (foreign.status_code, codes(foreign), pointers(foreign)) == (400, {"not_an_option"}, {"/chosen_option"})
    refusal = do(cast, pk, "take", outcome="Rejetée", chosen_option=kept, rejected=True)
    assert (refusal.status_code, codes(refusal)) == (400, {"not_an_option"})
    upload = send(cast.api(cast.coordinator), pdf()).json()["id"]
    done = do(cast, pk, "take", outcome="Adoptée", chosen_option=kept, minutes_reference="PV 7", minutes_file=upload)
    assert done.status_code == 200, done.json()
    assert (done.json()["chosen_option"], done.json()["minutes_reference"]) == (kept, "PV 7")
    assert cast.api(cast.member_alpha).get(f"{DECISIONS}{pk}/minutes/").content == pdf()
    assert cast.api(cast.chair_delta).get(f"{DECISIONS}{pk}/minutes/").status_code == 404


@pytest.mark.parametrize(
    ("options", "pointer"),
    [
        ([{"pros": "x"}], "/options/0/title"),
        ([OPTIONS[0], {"title": "x", "estimated_cost": "-1.00"}], "/options/1"),
        ([{"title": "x", "estimated_cost": "1e99"}], "/options/0/estimated_cost"),
        ([{"title": "x", "position": 3}], "/options/0/position"),
        ([{"title": "x"}] * 21, "/options"),
        ("Louer", "/options"),
    ],
)
def test_an_option_that_cannot_be_is_pointed_at_and_nothing_is_written(cast: Cast, options: Any, pointer: str) -> None:
    refused = drafted(cast, options=options)
    assert refused.status_code == 400, refused.json()
    assert any(found.startswith(pointer) for found in pointers(refused)), refused.json()
    assert (Decision.objects.count(), DecisionOption.objects.count()) == (0, 0)


@pytest.mark.parametrize("days", [-1, 0])
def test_a_review_comes_after_the_day_of_the_decision(cast: Cast, days: int) -> None:
    decision = factories.decision(cast, cast.gamma)
    refused = do(cast, decision.pk, "take", outcome="Oui", review_on=(cast.today + days * DAY).isoformat())
    assert (refused.status_code, pointers(refused)) == (400, {"/review_on"})


def test_the_outcome_expected_becomes_a_review_that_waits_is_overdue_and_is_held(cast: Cast) -> None:
    decision = factories.decision(cast, cast.gamma, title="Acheter un véhicule")
    day = cast.today + 30 * DAY
    done = do(cast, decision.pk, "take", outcome="Oui", expected_outcome="Moitié moins cher", review_on=day.isoformat())
    assert (done.status_code, done.json()["review_on"]) == (200, day.isoformat())
    (due,) = reminders.expected(cast.cooperation, cast.today)
    assert (str(due.kind), due.subject_id, due.due_on) == ("review_due", decision.pk, day)
    assert due.recipient_id == cast.coordinator.pk
    assert "decision_review_due" not in waiting(cast, cast.coordinator)
    set_clock(day)
    assert "decision_review_due" in waiting(cast, cast.coordinator)
    assert "decision_review_due" not in waiting(cast, cast.chair_alpha)
    assert "decision_review_overdue" not in signs(cast, cast.coordinator)
    set_clock(day + DAY)
    sign = signs(cast, cast.chair_alpha)["decision_review_overdue"]
    assert (sign["since"], sign["objects"][0]["id"]) == ((day + DAY).isoformat(), str(decision.pk))
    assert "decision_review_overdue" not in signs(cast, cast.chair_delta)

    wrong = {
        "in_the_future": {"held_on": (day + 2 * DAY).isoformat()},
        "out_of_order": {"held_on": (cast.today - DAY).isoformat()},
        "not_applicable": {"conclusion": "abandoned", "next_review_on": (day + 9 * DAY).isoformat()},
    }
    for code, body in wrong.items():
        refused = do(cast, decision.pk, "record-review", **({"obtained": "Peu", "conclusion": "kept"} | body))
        assert (refused.status_code, codes(refused)) == (400, {code})
    past = do(
        cast, decision.pk, "record-review", obtained="Peu", conclusion="kept", next_review_on=(day + DAY).isoformat()
    )
    assert pointers(past) == {"/next_review_on"}
    assert not OutcomeReview.objects.exists()
    following = (day + 60 * DAY).isoformat()
    kept = do(cast, decision.pk, "record-review", obtained="Un tiers", conclusion="adjusted", next_review_on=following)
    assert (kept.status_code, kept.json()["review_on"]) == (200, following)
    assert "decision_review_overdue" not in signs(cast, cast.coordinator)
    ended = do(cast, decision.pk, "record-review", obtained="Rien", conclusion="abandoned")
    assert (ended.json()["out_of_force_on"], ended.json()["review_on"]) == ((day + DAY).isoformat(), None)
    assert [(row["conclusion"], row["obtained"]) for row in ended.json()["reviews"]] == [
        ("adjusted", "Un tiers"),
        ("abandoned", "Rien"),
    ]
    assert codes(do(cast, decision.pk, "record-review", obtained="Rien", conclusion="kept")) == {"not_in_force"}
    assert list(reminders.expected(cast.cooperation, day + DAY)) == []
    entry = JournalEntry.objects.filter(act="decision.reviewed").latest("sequence")
    assert entry.payload["conclusion"] == "abandoned"


def test_a_decision_not_taken_is_not_reviewed(cast: Cast) -> None:
    decision = factories.decision(cast, cast.gamma)
    refused = do(cast, decision.pk, "record-review", obtained="Rien", conclusion="kept")
    assert (refused.status_code, codes(refused)) == (409, {"not_in_force"})


def test_a_decision_puts_those_that_it_supersedes_out_of_force_from_its_day(cast: Cast) -> None:
    earlier = taken(cast, review_on=cast.today + 20 * DAY)
    pk = drafted(cast, supersedes=[str(earlier.pk)], no_impact_reason="Aucun", confidentiality="core").json()["id"]
    do(cast, pk, "submit")
    assert do(cast, pk, "take", outcome="Oui").status_code == 200
    shown = cast.api(cast.coordinator).get(f"{DECISIONS}{earlier.pk}/").json()
    assert (shown["superseded_by"], shown["out_of_force_on"]) == (pk, cast.today.isoformat())
    assert shown["review_on"] is None
    in_force = cast.api(cast.coordinator).get(f"{DECISIONS}?in_force=true").json()["results"]
    assert [row["id"] for row in in_force] == [pk]
    # Gamma knows the earlier one only: it is out of force, by a decision that is not named anywhere.
    gamma = cast.api(cast.chair_gamma)
    answer = gamma.get(f"{DECISIONS}{earlier.pk}/")
    assert (answer.json()["superseded_by"], answer.json()["out_of_force_on"]) == (None, cast.today.isoformat())
    assert pk not in answer.content.decode()
    assert pk not in gamma.get("/api/v1/journal/?page_size=200").content.decode()
    again = drafted(cast, supersedes=[str(earlier.pk)])
    assert (again.status_code, codes(again)) == (400, {"not_in_force"})


def test_what_was_declared_is_checked_again_when_it_is_taken(cast: Cast) -> None:
    earlier = taken(cast)
    made = [drafted(cast, supersedes=[str(earlier.pk)], no_impact_reason="Aucun").json()["id"] for _index in range(2)]
    for pk in made:
        do(cast, pk, "submit")
    assert do(cast, made[0], "take", outcome="Oui").status_code == 200
    late = do(cast, made[1], "take", outcome="Oui")
    assert (late.status_code, codes(late)) == (409, {"not_in_force"})
    # A refusal replaces nothing.
    assert do(cast, made[1], "take", outcome="Non", rejected=True).status_code == 200
    earlier.refresh_from_db()
    assert str(earlier.superseded_by_id) == made[0]


@pytest.mark.parametrize(
    ("fields", "level", "code"),
    [
        ({"state": "submitted", "taken_on": None, "requirements_at_taking": None}, "active", "not_in_force"),
        ({"confidentiality": "core"}, "active", "more_open_than_replaced"),
        ({"out_of_force_on": dt.date(2099, 1, 1)}, "active", "not_in_force"),
    ],
)
def test_only_a_decision_in_force_and_no_more_closed_is_superseded(
    cast: Cast, fields: dict[str, Any], level: str, code: str
) -> None:
    earlier = taken(cast, **fields)
    refused = drafted(cast, supersedes=[str(earlier.pk)], confidentiality=level)
    assert (refused.status_code, codes(refused), pointers(refused)) == (400, {code}, {"/supersedes"})
    pk = drafted(cast, confidentiality="core").json()["id"]
    added = patch(cast, pk, supersedes=[str(earlier.pk)])
    assert added.status_code == (200 if code == "more_open_than_replaced" else 400)
    if added.status_code == 200:
        opened = patch(cast, pk, confidentiality="active")
        assert (opened.status_code, codes(opened)) == (400, {code})
    assert not Decision.objects.filter(superseded_by__isnull=False).exists()
