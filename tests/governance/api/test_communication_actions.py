"""The internal communication plan: what is planned, what was really said, and whom nobody is to tell."""

import datetime as dt
import json
from typing import Any

import pytest

from coopproject.exceptions import InvalidInput
from governance.actor import Actor
from governance.models import CommunicationAction, JournalEntry
from governance.reminders import expected
from governance.services import dossiers
from tests.cast import Cast
from tests.governance import factories
from tests.governance.dossier.documents import minimal
from tests.governance.dossier.test_round_trip import exported_then_forgotten
from tests.queries import assert_constant_queries
from tests.requests import act, codes, pointers

pytestmark = pytest.mark.django_db
BASE = "/api/v1/communication-actions/"
DAY = dt.timedelta(days=1)


def plan(cast: Cast, who: Any = None, **body: Any) -> Any:
    given = {
        "cooperation": str(cast.cooperation.pk),
        "audience": "teams",
        "organisation": str(cast.alpha.pk),
        "message": "Ce qui change pour vous",
        "channel": "Réunion",
        "planned_on": (cast.today + 7 * DAY).isoformat(),
        "owner": str(cast.employees_alpha.pk),
        **body,
    }
    return cast.api(who or cast.director_alpha).post(BASE, given, format="json")


def signs(cast: Cast, code: str, who: Any = None) -> list[dict[str, Any]]:
    path = f"/api/v1/cooperations/{cast.cooperation.pk}/vital-signs/"
    body = cast.api(who or cast.coordinator).get(path).json()
    return [sign for sign in body["signs"] if sign["code"] == code]


def test_an_action_is_planned_changed_done_and_says_what_was_said(cast: Cast) -> None:
    made = plan(cast)
    assert made.status_code == 201, made.json()
    path = f"{BASE}{made.json()['id']}/"
    moved = cast.api(cast.director_alpha).patch(path, {"channel": "Courrier"}, format="json")
    assert (moved.json()["channel"], moved.json()["version"]) == ("Courrier", 2)
    client = cast.api(cast.employees_alpha)
    future = act(client, f"{path}complete/", {"done_on": (cast.today + DAY).isoformat(), "said": "Oui"})
    assert (future.status_code, pointers(future)) == (400, {"/done_on"})
    empty = act(client, f"{path}complete/", {"done_on": cast.today.isoformat(), "said": " "})
    assert (empty.status_code, pointers(empty)) == (400, {"/said"})
    done = act(client, f"{path}complete/", {"done_on": cast.today.isoformat(), "said": "Le calendrier", "reached": 40})
    assert (done.json()["state"], done.json()["said"], done.json()["reached"]) == ("done", "Le calendrier", 40)
    for name, body in (
        ("complete", {"done_on": cast.today.isoformat(), "said": "Encore"}),
        ("cancel", {"reason": "Trop tard"}),
    ):
        assert act(client, f"{path}{name}/", body).status_code == 409
    late = cast.api(cast.director_alpha).patch(path, {"channel": "Affiche"}, format="json")
    assert codes(late) == {"wrong_state"}
    acts = JournalEntry.objects.filter(act__startswith="communication_action.").order_by("sequence")
    assert [entry.act.partition(".")[2] for entry in acts] == ["created", "updated", "completed"]


def test_an_action_is_given_up_with_a_reason(cast: Cast) -> None:
    action = factories.communication(cast, cast.alpha)
    client, path = cast.api(cast.employees_alpha), f"{BASE}{action.pk}/cancel/"
    assert pointers(act(client, path, {"reason": ""})) == {"/reason"}
    given_up = act(client, path, {"reason": "Dit autrement"}).json()
    assert (given_up["state"], given_up["cancelled_reason"]) == ("cancelled", "Dit autrement")


def test_an_action_that_cannot_be_is_refused_where_it_stands(cast: Cast) -> None:
    mine, other = factories.decision(cast), factories.decision(cast, cast.beta)
    of_beta = factories.consultation(cast, other, cast.beta)
    before = JournalEntry.objects.count()
    for body, errors in (
        ({"owner": str(cast.yesterday_chair_alpha.pk)}, {("not_in_the_cooperation", "/owner")}),
        ({"decision": str(mine.pk), "consultation": str(of_beta.pk)}, {("other_decision", "/consultation")}),
        ({"consultation": str(of_beta.pk)}, {("other_employer", "/consultation")}),
        ({"audience": "unions"}, {("invalid_choice", "/audience")}),
        ({"message": " "}, {("blank", "/message")}),
        ({"state": "done"}, {("unknown_field", "/state")}),
    ):
        refused = plan(cast, cast.coordinator, **body)
        found = {(error["code"], error["pointer"]) for error in refused.json()["errors"]}
        assert refused.status_code == 400
        assert found - {("other_employer", "/consultation")} == errors - {("other_employer", "/consultation")}
        assert found & errors == errors
    assert plan(cast, cast.coordinator, confidentiality="restricted").status_code == 400
    gone = plan(cast, cast.coordinator, organisation=str(cast.omega.pk))
    assert gone.status_code == 400
    assert pointers(gone) == {"/organisation"}
    assert JournalEntry.objects.count() == before
    assert not CommunicationAction.objects.exists()


def test_staff_that_nobody_is_to_tell_is_a_sign_for_each_employer(cast: Cast) -> None:
    """Alpha is consulted, beta need not be: both are told. Delta employs nobody."""
    decision = factories.decision(cast, cast.alpha, cast.beta, cast.delta)
    found = signs(cast, "staff_not_informed")
    assert {sign["objects"][1]["label"] for sign in found} == {"Alpha", "Bêta"}
    whys = {sign["objects"][1]["label"]: sign["why"] for sign in found}
    assert "ne dispense pas" in whys["Alpha"]
    assert "recommandé" in whys["Bêta"]
    assert {sign["severity"] for sign in found} == {"info"}
    factories.communication(cast, cast.alpha, decision=decision)
    found = signs(cast, "staff_not_informed")
    told = next(sign["why"] for sign in found if sign["objects"][1]["label"] == "Alpha")
    assert "encadrement intermédiaire." in told
    assert "équipes, " not in told
    # For everybody, or by the consultation of that employer; given up, it tells nobody.
    factories.communication(cast, None, audience="middle_management", decision=decision)
    assert {sign["objects"][1]["label"] for sign in signs(cast, "staff_not_informed")} == {"Bêta"}
    factories.communication(cast, None, consultation=factories.consultation(cast, decision, cast.beta))
    assert signs(cast, "staff_not_informed") == []
    CommunicationAction.objects.filter(audience="middle_management").update(state="cancelled", cancelled_reason="x")
    assert {sign["objects"][1]["label"] for sign in signs(cast, "staff_not_informed")} == {"Alpha", "Bêta"}


def test_no_staff_is_told_of_a_decision_without_impact_or_of_another(cast: Cast) -> None:
    decision = factories.decision(cast, cast.alpha, impact_flags=[])
    assert signs(cast, "staff_not_informed") == []
    other = factories.decision(cast, cast.alpha, title="Autre")
    for audience in ("teams", "middle_management"):
        factories.communication(cast, cast.alpha, audience=audience, decision=decision)
        factories.communication(cast, cast.beta, audience=audience, decision=other)
    assert len(signs(cast, "staff_not_informed")) == 1


def test_a_late_action_is_a_sign_a_reminder_and_waits_for_its_owner(cast: Cast) -> None:
    action = factories.communication(cast, cast.alpha, planned_on=cast.today - DAY)
    factories.communication(cast, cast.alpha, planned_on=cast.today + 15 * DAY)
    (sign,) = signs(cast, "communication_overdue")
    assert (sign["since"], sign["objects"][0]["id"]) == (cast.today.isoformat(), str(action.pk))
    due = {(item.recipient_id, item.due_on) for item in expected(cast.cooperation, cast.today)}
    assert due == {(cast.employees_alpha.pk, cast.today - DAY), (cast.employees_alpha.pk, cast.today + 15 * DAY)}
    waiting = cast.api(cast.employees_alpha).get("/api/v1/users/me/").json()["waiting"]
    assert [(item["code"], item["id"]) for item in waiting] == [("communication_to_do", str(action.pk))]
    assert cast.api(cast.director_alpha).get("/api/v1/users/me/").json()["waiting"] == []


def test_what_is_announced_has_waited_for_no_day_to_come_and_says_by_when(cast: Cast) -> None:
    planned = cast.today + 5 * DAY
    factories.communication(cast, cast.alpha, planned_on=planned)
    (item,) = cast.api(cast.employees_alpha).get("/api/v1/users/me/").json()["waiting"]
    assert (item["since"], item["due_on"]) == ((planned - 14 * DAY).isoformat(), planned.isoformat())
    assert item["since"] <= cast.today.isoformat()


def test_a_list_costs_the_same_and_a_hidden_link_finds_nothing(cast: Cast) -> None:
    decision = factories.decision(cast, confidentiality="core")

    def make(count: int) -> None:
        for _index in range(count):
            factories.communication(cast, cast.alpha, decision=decision)

    assert_constant_queries(cast.api(cast.coordinator), "/api/v1/communication-actions/", make)
    for person, count in ((cast.chair_alpha, 40), (cast.chair_gamma, 0)):
        body = cast.api(person).get(f"{BASE}?decision={decision.pk}&audience=teams&q=equipes&count=exact").json()
        assert body["count"] == count
    assert cast.api(cast.chair_gamma).get(f"{BASE}?count=exact").json()["results"][0]["decision"] is None


ROW = {
    "audience": "teams",
    "organisation": "alpha",
    "message": "Ce qui change",
    "channel": "Réunion",
    "planned_on": "2026-09-01",
    "owner": "ana",
    "decision": "charte",
    "consultation": "cse",
    "state": "done",
    "done_on": "2026-09-02",
    "said": "Rien ne change",
    "reached": 12,
}


def test_actions_come_back_from_a_dossier_byte_for_byte() -> None:
    text = exported_then_forgotten(minimal() | {"communication_actions": [ROW]})
    assert "Rien ne change" in text
    assert exported_then_forgotten(json.loads(text)) == text


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"said": ""}, "required"),
        ({"done_on": "2030-01-01"}, "in_the_future"),
        ({"state": "planned"}, "required"),
        ({"cancelled_reason": "Non"}, "required"),
    ],
)
def test_a_dossier_whose_action_does_not_hold_together_is_refused(changed: dict[str, Any], code: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        dossiers.dossier_import(
            actor=Actor.system("test"), document=minimal() | {"communication_actions": [ROW | changed]}
        )
    assert {violation.code for violation in refused.value.violations} == {code}
