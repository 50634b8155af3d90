"""The path through the four challenges: dated, answered, with returns, each at its own pace."""

import datetime as dt
import json
from typing import Any

import pytest
from django.db import transaction

from coopproject.exceptions import InvalidInput
from governance.actor import Actor
from governance.models import JournalEntry, JourneyEntry
from governance.services import dossiers
from tests.cast import Cast
from tests.governance import path_factories as path
from tests.governance.dossier.documents import minimal
from tests.requests import pointers

pytestmark = pytest.mark.django_db
BATCH = Actor.system("test")
BASE = "/api/v1/journey-entries/"
DAY = dt.timedelta(days=1)


def note(cast: Cast, person: Any = None, **body: Any) -> Any:
    given = {"cooperation": str(cast.cooperation.pk), "challenge": "team", "reason": "Nous y sommes", **body}
    return cast.api(person or cast.facilitator).post(BASE, given, format="json")


def journey(cast: Cast, person: Any = None) -> dict[str, Any]:
    response = cast.api(person or cast.chair_beta).get(f"/api/v1/cooperations/{cast.cooperation.pk}/journey/")
    assert response.status_code == 200, response.content
    found: dict[str, Any] = response.json()
    return found


def test_a_cooperation_goes_forward_back_and_forward_again(cast: Cast) -> None:
    days = [(cast.today - back * DAY).isoformat() for back in (90, 60, 30)]
    for challenge, since in zip(("team", "joining", "training"), days, strict=True):
        assert note(cast, challenge=challenge, since=since).status_code == 201
    # Back-dated: it takes its place in the history.
    assert note(cast, challenge="training", since=(cast.today - 75 * DAY).isoformat()).status_code == 201
    found = journey(cast)
    assert [(step["challenge"], step["direction"]) for step in found["history"]] == [
        ("team", "first"),
        ("training", "forward"),
        ("joining", "forward"),
        ("training", "back"),
    ]
    place = found["place"]
    assert (place["challenge"], place["since"], place["returns"]) == ("training", days[2], 1)
    assert [item["code"] for item in place["checklist"]][:3] == ["trust", "common_culture", "roles"]
    assert {item["answer"] for item in place["checklist"]} == {None}
    assert [entry["code"] for entry in found["challenges"]] == ["team", "training", "joining", "playing"]


def test_what_a_challenge_asks_is_answered_with_notes(cast: Cast) -> None:
    made = note(cast, challenge="training").json()
    assert made["since"] == cast.today.isoformat()
    answers = {"trust": {"answer": "partly", "note": "Deux membres se découvrent"}, "roles": {"answer": "no"}}
    response = cast.api(cast.facilitator).patch(f"{BASE}{made['id']}/", {"answers": answers}, format="json")
    assert response.json()["answers"] == answers
    checklist = {item["code"]: (item["answer"], item["note"]) for item in journey(cast)["place"]["checklist"]}
    assert checklist["trust"] == ("partly", "Deux membres se découvrent")
    assert (checklist["roles"], checklist["spaces"]) == (("no", ""), (None, ""))
    # Another challenge asks other things.
    wrong = cast.api(cast.facilitator).patch(f"{BASE}{made['id']}/", {"challenge": "playing"}, format="json")
    assert pointers(wrong) == {"/answers/trust", "/answers/roles"}
    assert JourneyEntry.objects.get().challenge == "training"


def test_each_member_has_its_own_pace_and_says_it_itself(cast: Cast) -> None:
    path.journey_entry(cast, challenge="joining")
    mine = note(cast, cast.chair_alpha, organisation=str(cast.alpha.pk), challenge="team")
    assert mine.status_code == 201
    assert JournalEntry.objects.latest("sequence").on_behalf_of_id == cast.alpha.pk
    assert note(cast, cast.chair_beta, organisation=str(cast.alpha.pk)).status_code == 403
    assert note(cast, cast.chair_alpha).status_code == 403
    found = journey(cast)
    members = {row["name"]: row["place"] and row["place"]["challenge"] for row in found["members"]}
    assert members == {"Alpha": "team", "Bêta": None, "Delta": None, "Gamma": None}
    assert found["place"]["challenge"] == "joining"
    # Two subjects, two histories: neither went back.
    assert {step["direction"] for step in found["history"]} == {"first"}


def test_nothing_is_told_of_an_entry_that_the_reader_may_not_know_of(cast: Cast) -> None:
    path.journey_entry(cast, cast.alpha, since=cast.today - 60 * DAY, challenge="playing", confidentiality="restricted")
    path.journey_entry(cast, cast.alpha, challenge="team", reason="Secret de noyau", confidentiality="core")
    inside = {row["name"]: row["place"] for row in journey(cast, cast.director_alpha)["members"]}
    assert (inside["Alpha"]["challenge"], inside["Alpha"]["direction"], inside["Alpha"]["returns"]) == (
        "team",
        "back",
        1,
    )
    partner = {row["name"]: row["place"] for row in journey(cast, cast.chair_beta)["members"]}
    assert (partner["Alpha"]["direction"], partner["Alpha"]["returns"]) == ("first", 0)
    outside = journey(cast, cast.chair_gamma)
    assert "Secret de noyau" not in json.dumps(outside)
    assert (outside["history"], outside["place"]) == ([], None)


def test_the_level_of_cooperation_has_its_history_beside_the_challenges(cast: Cast) -> None:
    for level, back in (("simple", 90), ("organised", 60), ("contractualised", 0)):
        made = note(cast, challenge="", level=level, since=(cast.today - back * DAY).isoformat())
        assert made.status_code == 201, made.content
    # The same day, a challenge is another thing than a level.
    assert note(cast, challenge="joining").status_code == 201
    found = journey(cast)
    assert (found["level"]["level"], found["level"]["direction"], found["level"]["checklist"]) == (
        "contractualised",
        "back",
        [],
    )
    assert found["place"]["direction"] == "first"
    listed = cast.api(cast.chair_beta).get(f"{BASE}?level=organised").json()["results"]
    assert [row["level"] for row in listed] == ["organised"]
    whole = cast.api(cast.chair_beta).get(f"{BASE}?organisation__isnull=true&challenge=joining").json()["results"]
    assert len(whole) == 1


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"challenge": ""}, {("challenge_or_level", "/challenge")}),
        ({"level": "simple"}, {("challenge_or_level", "/challenge")}),
        ({"reason": " "}, {("blank", "/reason")}),
        ({"reason": None}, {("null", "/reason")}),
        ({"challenge": "winning"}, {("invalid_choice", "/challenge")}),
        ({"since": "tomorrow"}, {("in_the_future", "/since")}),
        ({"since": "before"}, {("before_start", "/since")}),
        ({"organisation": "omega"}, {("not_a_member", "/organisation")}),
        ({"organisation": "zeta"}, {("does_not_exist", "/organisation")}),
        ({"organisation": "beta", "challenge": "", "level": "simple"}, {("level_of_cooperation", "/organisation")}),
        ({"confidentiality": "restricted"}, {("governance_journey_restricted_to_a_member", "")}),
        ({"answers": {"trust": {"answer": "maybe"}}}, {("invalid_choice", "/answers/trust/answer")}),
        ({"pace": "slow"}, {("unknown_field", "/pace")}),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(
    cast: Cast, change: dict[str, Any], expected: set[tuple[str, str]]
) -> None:
    body = dict(change)
    if "organisation" in body:
        body["organisation"] = str(getattr(cast, body["organisation"]).pk)
    if "since" in body:
        body["since"] = (cast.today + DAY if body["since"] == "tomorrow" else cast.since - DAY).isoformat()
    response = note(cast, cast.coordinator, **body)
    assert response.status_code == 400
    found = {(error["code"], error["pointer"]) for error in response.json()["errors"]}
    if expected == {("governance_journey_restricted_to_a_member", "")}:
        assert "réservée" in response.content.decode()
    else:
        assert found == expected
    assert not JourneyEntry.objects.exists()


def test_a_former_member_had_its_pace_while_it_was_one(cast: Cast) -> None:
    since = (cast.today - 40 * DAY).isoformat()
    assert note(cast, cast.coordinator, organisation=str(cast.omega.pk), since=since).status_code == 201
    assert "Oméga" not in {row["name"] for row in journey(cast)["members"]}


def test_one_challenge_a_day_which_is_corrected_rather_than_doubled(cast: Cast) -> None:
    first = note(cast, challenge="team").json()
    again = note(cast, challenge="training")
    assert (again.status_code, JourneyEntry.objects.count()) == (400, 1)
    stale = cast.api(cast.facilitator).patch(
        f"{BASE}{first['id']}/", {"challenge": "training"}, format="json", headers={"If-Match": '"99"'}
    )
    assert stale.status_code == 412
    corrected = cast.api(cast.facilitator).patch(f"{BASE}{first['id']}/", {"challenge": "training"}, format="json")
    assert corrected.json()["challenge"] == "training"
    payload = JournalEntry.objects.latest("sequence").payload
    assert (payload["before"], payload["after"]) == ({"challenge": "team"}, {"challenge": "training"})


def test_a_path_comes_back_from_a_dossier_byte_for_byte() -> None:
    document = minimal()
    document["journey_entries"] = [
        {"challenge": "joining", "since": "M-6/1", "reason": "Charte", "answers": {"charter": {"answer": "yes"}}},
        {"challenge": "training", "since": "M-2/1", "reason": "Deux départs", "recorded_by": "ana"},
        {"level": "simple", "since": "M-6/1", "reason": "Entente"},
        {"organisation": "alpha", "challenge": "team", "since": "M-2/1", "reason": "Nouvelle équipe"},
    ]
    with transaction.atomic():
        text = dossiers.dossier_export(dossiers.dossier_import(actor=BATCH, document=document).cooperation)
        transaction.set_rollback(True)
    again = dossiers.dossier_import(actor=BATCH, document=json.loads(text)).cooperation
    assert dossiers.dossier_export(again) == text
    assert JourneyEntry.objects.count() == 4


@pytest.mark.parametrize(
    ("changed", "code", "pointer"),
    [
        ({"answers": {"trust": {"answer": "yes"}}}, "unknown_item", "/answers/trust"),
        ({"level": "simple"}, "challenge_or_level", "/challenge"),
        ({"since": "D+999"}, "in_the_future", "/since"),
        ({"since": "M-30/1"}, "before_start", "/since"),
        ({"organisation": "beta", "since": "M-12/1"}, "not_a_member", "/organisation"),
    ],
)
def test_a_dossier_whose_path_does_not_hold_together_is_refused(
    changed: dict[str, Any], code: str, pointer: str
) -> None:
    document = minimal() | {"reference_date": "2026-09-15"}
    document["journey_entries"] = [{"challenge": "joining", "since": "M-6/1", "reason": "Charte"} | changed]
    with pytest.raises(InvalidInput) as refused:
        dossiers.dossier_import(actor=BATCH, document=document)
    assert (code, f"/journey_entries/0{pointer}") in {(one.code, one.pointer) for one in refused.value.violations}
