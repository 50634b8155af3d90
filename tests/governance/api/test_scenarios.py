"""Hypotheses of structure: free while drafts, guarded when proposed, compared without a verdict, kept with a reason."""

import json
from typing import Any

import pytest
from django.db import transaction

from coopproject.exceptions import InvalidInput
from governance.actor import Actor
from governance.models import JournalEntry, Membership, StructureScenario
from governance.services import dossiers
from tests.cast import Cast
from tests.governance import path_factories as path
from tests.governance.dossier.documents import minimal
from tests.requests import act, codes, pointers

pytestmark = pytest.mark.django_db
BATCH = Actor.system("test")
BASE = "/api/v1/structure-scenarios/"


def draft(cast: Cast, **body: Any) -> Any:
    given = {"cooperation": str(cast.cooperation.pk), "title": "Hypothèse", **body}
    return cast.api(cast.facilitator).post(BASE, given, format="json")


def compared(cast: Cast, person: Any = None) -> dict[str, Any]:
    response = cast.api(person or cast.coordinator).get(f"/api/v1/cooperations/{cast.cooperation.pk}/scenarios/")
    assert response.status_code == 200, response.content
    found: dict[str, Any] = response.json()
    return found


def rows(found: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {row["code"]: row for row in found["rows"]}


def said(row: dict[str, Any]) -> list[list[str]]:
    return [value["said"] for value in row["values"]]


def test_a_draft_is_free_and_a_proposal_waits_for_what_the_orientation_table_waits_for(cast: Cast) -> None:
    made = draft(cast)
    assert (made.status_code, made.json()["state"], made.json()["family"]) == (201, "draft", None)
    address = f"{BASE}{made.json()['id']}/"
    client = cast.api(cast.coordinator)
    early = act(client, f"{address}propose/")
    assert (early.status_code, codes(early)) == (
        409,
        {
            "project_missing",
            "needs_missing",
            "motivations_missing",
            "types_missing",
            "forms_missing",
            "members_missing",
        },
    )
    orientation = client.get(f"/api/v1/cooperations/{cast.cooperation.pk}/orientation/")
    assert codes(orientation) < codes(early)
    path.tell_the_project(cast)
    change = {"forms": ["ges", "scic"], "members": [str(cast.alpha.pk), str(cast.beta.pk)], "cost_once": "12000.50"}
    changed = client.patch(address, change, format="json", headers={"If-Match": "*"})
    assert (changed.json()["family"], changed.json()["cost_once"]) == ("organic", "12000.50")
    proposed = act(client, f"{address}propose/").json()
    assert (proposed["state"], proposed["proposed_on"]) == ("proposed", cast.today.isoformat())
    frozen = client.patch(address, {"title": "Autre"}, format="json", headers={"If-Match": "*"})
    assert (frozen.status_code, codes(frozen)) == (409, {"wrong_state"})
    reopened = act(client, f"{address}reopen/", {"reason": "Gamma hésite"}).json()
    assert (reopened["state"], reopened["proposed_on"]) == ("draft", None)
    assert JournalEntry.objects.latest("sequence").reason == "Gamma hésite"


def test_keeping_one_says_why_and_sets_aside_only_those_that_are_named(cast: Cast) -> None:
    kept, aside, other = (path.scenario(cast, title=title, state="proposed") for title in "ABC")
    client = cast.api(cast.coordinator)
    no_reason = act(client, f"{BASE}{kept.pk}/keep/", {"reason": "Légère", "set_aside": [str(aside.pk)]})
    assert (no_reason.status_code, pointers(no_reason)) == (400, {"/set_aside_reason"})
    body = {"reason": "Légère", "set_aside": [str(aside.pk)], "set_aside_reason": "Trop chère"}
    found = act(client, f"{BASE}{kept.pk}/keep/", body).json()
    assert (found["state"], found["state_reason"], found["decided_on"]) == ("kept", "Légère", cast.today.isoformat())
    assert dict(StructureScenario.objects.values_list("title", "state")) == {
        "A": "kept",
        "B": "set_aside",
        "C": "proposed",
    }
    aside.refresh_from_db()
    assert aside.state_reason == "Trop chère"
    # What is kept may still be given up; nobody else changes.
    given_up = act(client, f"{BASE}{kept.pk}/set-aside/", {"reason": "Le financeur se retire"})
    assert given_up.json()["state"] == "set_aside"
    other.refresh_from_db()
    assert (other.state, other.version) == ("proposed", 1)


def test_one_wrong_among_those_set_aside_changes_nothing_at_all(cast: Cast) -> None:
    kept, done = path.scenario(cast, state="proposed"), path.scenario(cast, state="set_aside")
    elsewhere = path.scenario(cast, cast.zeta, cooperation=cast.foreign_cooperation, state="proposed")
    client = cast.api(cast.coordinator)
    for others, status, code, pointer in (
        ([done], 409, "wrong_state", "/set_aside/0"),
        ([elsewhere], 400, "does_not_exist", "/set_aside/0"),
        ([kept], 400, "itself", "/set_aside/0"),
    ):
        body = {"reason": "Légère", "set_aside": [str(row.pk) for row in others], "set_aside_reason": "x"}
        refused = act(client, f"{BASE}{kept.pk}/keep/", body)
        assert (refused.status_code, codes(refused), pointers(refused)) == (status, {code}, {pointer})
    kept.refresh_from_db()
    assert (kept.state, kept.version) == ("proposed", 1)


def test_side_by_side_says_what_divides_and_never_which_is_better(cast: Cast) -> None:
    path.tell_the_project(cast)
    ours = {"impact_flags": ["transfer_of_staff"], "cost_once": "1200.00", "staff": "Deux transferts"}
    path.scenario(cast, cast.alpha, cast.beta, title="GE", forms=["ge"], **ours)
    path.scenario(
        cast,
        cast.alpha,
        cast.beta,
        title="Convention",
        forms=["pooling_agreement"],
        cost_once="0.00",
        state="set_aside",
    )
    found = compared(cast)
    by_code = rows(found)
    assert found["orientation_missing"] == []
    divides = {code: row["divides"] for code, row in by_code.items() if row["divides"] is not None}
    assert divides == {
        "forms": True,
        "family": True,
        "members": False,
        "cost_once": True,
        "employers": True,
        "errors": False,
    }
    # Whoever reads it finds the words for each code and identifier.
    coded = ("forms", "family", "members", "impact_flags")
    assert {word for code in coded for column in said(by_code[code]) for word in column} <= set(found["names"])
    assert found["names"]["transfer_of_staff"] == "transfert de personnel"
    assert said(by_code["cost_once"]) == [["1200.00"], ["0.00"]]
    # Alpha, 64 employees and a works council, would be consulted on the transfer; Bêta, 32, would not.
    assert said(by_code["employers"]) == [[str(cast.alpha.pk)], []]
    assert said(by_code["staff"]) == [["Deux transferts"], []]
    group, agreement = found["scenarios"]
    assert (group["family"], agreement["state"]) == ("organic", "set_aside")
    assert (group["forms"][0]["carries"], group["forms"][0]["lacks"]) == (["faire_avec"], ["faire_ensemble"])
    assert {row["code"]: row["severity"] for row in group["forms"][0]["findings"]}["ge_joint_liability"] == "risk"
    assert [(row["name"], row["code"]) for row in group["employers"]] == [
        ("Alpha", "consult_required"),
        ("Bêta", "inform_recommended"),
    ]
    assert not {"score", "rank", "best", "total"} & set(json.dumps(found).split('"'))


def test_the_table_says_nothing_of_a_form_before_the_project_is_told(cast: Cast) -> None:
    path.scenario(cast)
    found = compared(cast)
    assert {row["code"] for row in found["orientation_missing"]} == {
        "project_missing",
        "needs_missing",
        "motivations_missing",
        "types_missing",
    }
    assert (found["scenarios"][0]["forms"][0]["carries"], found["scenarios"][0]["forms"][0]["lacks"]) == (None, None)


def test_what_is_told_of_the_members_is_what_the_form_is_checked_on(cast: Cast) -> None:
    members = [str(cast.alpha.pk), str(cast.beta.pk)]
    facts = {
        "members": [
            {"organisation": str(cast.alpha.pk), "category": "beneficiaries"},
            {"organisation": str(cast.beta.pk), "category": "producers"},
            {"category": "employees", "is_legal_person": False},
        ],
        "colleges": [{"code": "a", "share": 5500}, {"code": "b", "share": 2500}, {"code": "c", "share": 2000}],
        "public_capital": 5001,
    }
    made = draft(cast, forms=["scic"], members=members, facts=facts, features={"pooling": "yes"})
    assert made.status_code == 201, made.content
    assert made.json()["facts"] == facts
    (form,) = compared(cast)["scenarios"][0]["forms"]
    assert {row["code"] for row in form["findings"] if row["severity"] == "error"} == {
        "too_much_public_capital",
        "college_too_heavy",
    }
    assert said(rows(compared(cast))["errors"]) == [["college_too_heavy", "too_much_public_capital"]]
    nobody = draft(cast, forms=["gip"])
    (form,) = compared(cast)["scenarios"][1]["forms"]
    assert (nobody.status_code, form["checked"], form["findings"]) == (201, False, [])


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"forms": ["sarl"]}, "invalid_choice", "/forms/0"),
        ({"forms": ["gip", "gip"]}, "repeated", "/forms"),
        ({"scheme": "holding"}, "invalid_choice", "/scheme"),
        ({"cost_once": "-0.01"}, "", ""),
        ({"cost_once": "1.005"}, "max_decimal_places", "/cost_once"),
        ({"members": "omega"}, "not_a_member", "/members"),
        ({"members": "zeta"}, "does_not_exist", "/members"),
        ({"features": {"profit": "yes"}}, "unknown_item", "/features/profit"),
        ({"facts": {"public_capital": 10_001}}, "out_of_range", "/facts/public_capital"),
        ({"facts": {"rich": True}}, "unknown_field", "/facts/rich"),
        ({"facts": "alpha"}, "not_among_members", "/facts/members/0/organisation"),
        ({"confidentiality": "restricted"}, "", ""),
        ({"state": "kept"}, "unknown_field", "/state"),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(cast: Cast, body: dict[str, Any], code: str, pointer: str) -> None:
    given = dict(body)
    if isinstance(given.get("members"), str):
        given["members"] = [str(getattr(cast, given["members"]).pk)]
    if given.get("facts") == "alpha":
        given["facts"] = {"members": [{"organisation": str(cast.alpha.pk), "is_public": False}]}
    response = draft(cast, **given)
    assert response.status_code == 400
    if code:
        assert (code, pointer) in {(error["code"], error["pointer"]) for error in response.json()["errors"]}
    assert not StructureScenario.objects.exists()


def test_a_hypothesis_that_the_reader_may_not_know_of_is_in_no_answer(cast: Cast) -> None:
    path.scenario(cast, title="Fusion secrète", confidentiality="core", forms=["merger"])
    path.scenario(cast, title="Au grand jour", confidentiality="network")
    client = cast.api(cast.chair_gamma)
    assert "Fusion" not in json.dumps(compared(cast, cast.chair_gamma))
    assert [row["title"] for row in client.get(f"{BASE}?form=merger").json()["results"]] == []
    assert [row["title"] for row in client.get(f"{BASE}?q=secrete&count=exact").json()["results"]] == []
    assert [row["title"] for row in client.get(f"{BASE}?member={cast.alpha.pk}").json()["results"]] == ["Au grand jour"]
    assert len(cast.api(cast.coordinator).get(f"{BASE}?q=secrete&form=merger").json()["results"]) == 1


def test_a_member_that_left_stays_in_the_hypothesis_and_a_new_change_says_so(cast: Cast) -> None:
    made = path.scenario(cast, cast.alpha, cast.beta)
    Membership.objects.filter(organisation=cast.beta).update(left_on=cast.today - (cast.today - cast.since) / 2)
    client = cast.api(cast.facilitator)
    kept = client.patch(f"{BASE}{made.pk}/", {"risks": "Départ"}, format="json", headers={"If-Match": "*"})
    assert (kept.status_code, len(kept.json()["members"])) == (200, 2)
    again = {"members": [str(cast.alpha.pk), str(cast.beta.pk)]}
    refused = client.patch(f"{BASE}{made.pk}/", again, format="json", headers={"If-Match": "*"})
    assert (refused.status_code, codes(refused)) == (400, {"not_a_member"})


def test_hypotheses_come_back_from_a_dossier_byte_for_byte() -> None:
    document = minimal()
    document["structure_scenarios"] = [
        {
            "title": "SCIC",
            "forms": ["ges", "scic"],
            "scheme": "mixed_cooperative",
            "members": ["alpha", "beta"],
            "facts": {"members": [{"organisation": "alpha", "category": "beneficiaries"}], "public_capital": 1000},
            "features": {"pooling": "partly"},
            "cost_yearly": "12000.50",
            "impact_flags": ["transfer_of_staff"],
            "state": "kept",
            "proposed_on": "D-20",
            "decided_on": "D-3",
            "state_reason": "Ouverte aux usagers",
        },
        {"title": "Brouillon"},
    ]
    with transaction.atomic():
        text = dossiers.dossier_export(dossiers.dossier_import(actor=BATCH, document=document).cooperation)
        transaction.set_rollback(True)
    again = dossiers.dossier_import(actor=BATCH, document=json.loads(text)).cooperation
    assert dossiers.dossier_export(again) == text
    kept = StructureScenario.objects.get(state="kept")
    assert {kept.facts["members"][0]["organisation"]} <= {str(pk) for pk in kept.members.values_list("pk", flat=True)}


@pytest.mark.parametrize(
    ("changed", "code", "pointer"),
    [
        ({"forms": ["sarl"]}, "unknown_form", "/forms/0"),
        ({"facts": {"members": [{"organisation": "beta"}]}}, "not_among_members", "/facts/members/0/organisation"),
        ({"features": {"pooling": "maybe"}}, "unknown_choice", "/features/pooling"),
        ({"state": "proposed"}, "governance_scenario_proposed_on_a_day", ""),
        ({"state": "proposed", "proposed_on": "D+999"}, "in_the_future", "/proposed_on"),
    ],
)
def test_a_dossier_whose_hypothesis_does_not_hold_together_is_refused(
    changed: dict[str, Any], code: str, pointer: str
) -> None:
    document = minimal()
    document["structure_scenarios"] = [{"title": "H", "members": ["alpha"]} | changed]
    with pytest.raises(InvalidInput) as refused:
        dossiers.dossier_import(actor=BATCH, document=document)
    found = {(one.code, one.pointer) for one in refused.value.violations}
    assert (code, f"/structure_scenarios/0{pointer}") in found
