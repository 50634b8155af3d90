"""The creation of a structure: guarded at its launch, step by step, recorded only when nothing stands against it."""

import datetime as dt
import hashlib
import json
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from coopproject.exceptions import InvalidInput
from governance import departures, reminders, vital_signs, waiting
from governance.actor import Actor
from governance.enums import ConsultationState
from governance.models import (
    Consultation,
    Decision,
    JournalEntry,
    Membership,
    ProjectStep,
    StoredFile,
    StructureProject,
)
from governance.reminding import ReminderKind
from governance.services import dossiers
from tests.cast import Cast
from tests.files import pdf, send
from tests.governance import factories
from tests.governance import path_factories as path
from tests.governance.dossier.documents import minimal
from tests.requests import act, codes, pointers

pytestmark = pytest.mark.django_db
BATCH = Actor.system("test")
BASE, STEPS = "/api/v1/structure-projects/", "/api/v1/project-steps/"
DAY = dt.timedelta(days=1)


def open_file(cast: Cast, **body: Any) -> Any:
    given = {
        "cooperation": str(cast.cooperation.pk),
        "title": "Association commune",
        "form": "association",
        "founders": [str(cast.alpha.pk), str(cast.beta.pk)],
        **body,
    }
    return cast.api(cast.facilitator).post(BASE, given, format="json")


def steps_of(cast: Cast, project: str) -> dict[str, dict[str, Any]]:
    rows = cast.api(cast.facilitator).get(f"{STEPS}?project={project}&page_size=100").json()["results"]
    return {row["code"]: row for row in rows}


def test_a_file_is_free_as_a_draft_and_launched_once_the_project_is_told(cast: Cast) -> None:
    made = open_file(cast)
    assert (made.status_code, made.json()["state"]) == (201, "draft"), made.content
    address = f"{BASE}{made.json()['id']}/"
    client = cast.api(cast.coordinator)
    refused = act(client, f"{address}start/")
    assert (refused.status_code, codes(refused)) == (
        409,
        {"project_missing", "needs_missing", "motivations_missing", "types_missing"},
    )
    path.tell_the_project(cast)
    # The hypothesis that it names is the one that was kept, and of its form.
    other = path.scenario(cast, forms=["scic"], state="proposed")
    change = {"scenario": str(other.pk)}
    client.patch(address, change, format="json", headers={"If-Match": "*"})
    assert codes(act(client, f"{address}start/")) == {"scenario_not_kept", "scenario_of_another_form"}
    kept = {"scenario": str(path.scenario(cast, state="kept").pk)}
    client.patch(address, kept, format="json", headers={"If-Match": "*"})
    started = act(client, f"{address}start/").json()
    assert (started["state"], started["started_on"]) == ("under_way", cast.today.isoformat())
    fixed = client.patch(address, {"form": "scic"}, format="json", headers={"If-Match": "*"})
    assert (fixed.status_code, codes(fixed)) == (400, {"unknown_field"})


def test_from_the_first_step_to_the_creation(cast: Cast) -> None:
    path.tell_the_project(cast)
    made = open_file(cast).json()
    client, address = cast.api(cast.coordinator), f"{BASE}{made['id']}/"
    act(client, f"{address}start/")
    steps = steps_of(cast, made["id"])
    assert list(steps) == [
        "founders",
        "statutes_draft",
        "first_budget",
        "staff_consultation",
        "board_votes",
        "constitutive_assembly",
        "registration",
        "bank_account",
        "insurance",
        "social_protection",
        "staff_transfers",
    ]
    body = {"registration_reference": "W691234567"}
    early = act(client, f"{address}register/", body)
    open_ones = [error for error in early.json()["errors"] if error["code"] == "step_open"]
    assert (early.status_code, codes(early), len(open_ones)) == (409, {"step_open", "decision_missing"}, 7)
    # The same reasons at each reading.
    shown = client.get(address).json()["missing"]
    assert [row["detail"] for row in shown] == [error["detail"] for error in early.json()["errors"]]
    # The order: the vote comes after the text, the budget and the consultation.
    out_of_order = act(client, f"{STEPS}{steps['board_votes']['id']}/complete/")
    assert (out_of_order.status_code, codes(out_of_order)) == (409, {"step_before_open"})
    assert len(out_of_order.json()["errors"]) == 3
    for code in ("founders", "statutes_draft", "first_budget"):
        done = act(client, f"{STEPS}{steps[code]['id']}/complete/", {"evidence": "Espace commun"})
        assert (done.json()["state"], done.json()["done_on"]) == ("done", cast.today.isoformat())
    skipped = act(client, f"{STEPS}{steps['staff_consultation']['id']}/skip/", {"reason": "Aucun effet, constaté"})
    assert (skipped.json()["state"], skipped.json()["skipped_reason"]) == ("skipped", "Aucun effet, constaté")
    for code in ("board_votes", "constitutive_assembly", "registration"):
        assert act(client, f"{STEPS}{steps[code]['id']}/complete/").status_code == 200
    assert [row["code"] for row in client.get(address).json()["missing"]] == ["decision_missing"]
    launched = {"decision": str(path.launching(cast).pk)}
    client.patch(address, launched, format="json", headers={"If-Match": "*"})
    assert client.get(address).json()["missing"] == []
    wrong_day = act(client, f"{address}register/", {**body, "created_on": (cast.today + DAY).isoformat()})
    assert (wrong_day.status_code, pointers(wrong_day)) == (400, {"/created_on"})
    created = act(client, f"{address}register/", body).json()
    assert (created["state"], created["created_on"], created["missing"]) == ("created", cast.today.isoformat(), [])
    # What comes after the creation is still followed; what was necessary to it is not undone.
    assert act(client, f"{STEPS}{steps['bank_account']['id']}/complete/").status_code == 200
    undone = act(client, f"{STEPS}{steps['registration']['id']}/reopen/", {"reason": "Erreur"})
    assert (undone.status_code, codes(undone)) == (409, {"later_step_cleared", "project_created"})
    act(client, f"{STEPS}{steps['bank_account']['id']}/reopen/", {"reason": "Autre banque"})
    more = client.post(STEPS, {"project": made["id"], "title": "Agrément", "required": True}, format="json")
    assert (more.status_code, codes(more)) == (409, {"project_created"})
    closed = client.patch(address, {"title": "Autre"}, format="json", headers={"If-Match": "*"})
    assert (closed.status_code, codes(closed)) == (409, {"wrong_state"})


def test_every_reason_against_a_creation_is_told_at_once(cast: Cast) -> None:
    project = path.project(cast, cast.alpha, cast.beta, form="gip", decision=factories.decision(cast))
    path.step(project)
    Membership.objects.filter(organisation=cast.beta).update(left_on=cast.today - DAY)
    client = cast.api(cast.coordinator)
    refused = act(client, f"{BASE}{project.pk}/register/", {"registration_reference": "1"})
    assert (refused.status_code, codes(refused)) == (
        409,
        {"gip_without_public_actor", "founder_left", "step_open", "decision_not_taken"},
    )
    shown = client.get(f"{BASE}{project.pk}/").json()
    assert {row["code"]: row["severity"] for row in shown["findings"]} == {"gip_without_public_actor": "error"}
    assert {row["code"] for row in shown["missing"]} == codes(refused)
    assert StructureProject.objects.get().state == "under_way"
    # What is told of a founder completes what its legal form says.
    facts = {"members": [{"organisation": str(cast.alpha.pk), "is_public": True}]}
    client.patch(f"{BASE}{project.pk}/", {"facts": facts}, format="json", headers={"If-Match": "*"})
    assert client.get(f"{BASE}{project.pk}/").json()["findings"] == []


def test_the_consultation_is_asked_of_the_decision_and_of_nothing_else(cast: Cast) -> None:
    project = path.project(cast)
    step = path.step(project, code="staff_consultation")
    client, address = cast.api(cast.coordinator), f"{STEPS}{step.pk}/complete/"
    assert codes(act(client, address)) == {"decision_missing"}
    decision = factories.decision(cast, cast.alpha)
    linked = client.patch(
        f"{BASE}{project.pk}/", {"decision": str(decision.pk)}, format="json", headers={"If-Match": "*"}
    )
    gate = client.get(linked.json()["gate"]).json()
    waiting_for = {row["code"] for row in gate["requirements"] if row["status"] in {"open", "blocked", "to_assess"}}
    refused = act(client, address)
    assert (refused.status_code, codes(refused)) == (409, waiting_for) == (409, {"consultation_missing"})
    factories.consultation(
        cast,
        decision,
        state=ConsultationState.OPINION_GIVEN,
        information_delivered_on=cast.today - 40 * DAY,
        information_complete=True,
        regime="CSE_2018",
        opinion="favourable",
        opinion_on=cast.today - 10 * DAY,
    )
    assert act(client, address).status_code == 200
    assert Consultation.objects.count() == 1


def test_a_decision_that_is_taken_launches_and_one_that_the_reader_may_not_know_of_is_not_told(cast: Cast) -> None:
    project = path.project(cast, decision=path.launching(cast))
    client = cast.api(cast.coordinator)
    assert client.get(f"{BASE}{project.pk}/").json()["missing"] == []
    Decision.objects.update(confidentiality="core", state="withdrawn", taken_on=None)
    assert [row["code"] for row in client.get(f"{BASE}{project.pk}/").json()["missing"]] == ["decision_not_taken"]
    outside = cast.api(cast.chair_gamma).get(f"{BASE}{project.pk}/").json()
    assert (outside["decision"], outside["gate"], outside["missing"]) == (None, None, [])


def test_a_step_belongs_to_somebody_and_comes_after_others(cast: Cast) -> None:
    project = path.project(cast)
    first = path.step(project, owner=cast.director_alpha, due_on=cast.today - 4 * DAY)
    second = path.step(project, 2, first)
    client = cast.api(cast.facilitator)
    for before in (second, first):
        refused = client.patch(f"{STEPS}{first.pk}/", {"after": [str(before.pk)]}, format="json")
        assert (refused.status_code, codes(refused), pointers(refused)) == (400, {"dependency_cycle"}, {"/after"})
    foreign = path.step(path.project(cast, title="Autre"))
    refused = client.patch(f"{STEPS}{second.pk}/", {"after": [str(foreign.pk)]}, format="json")
    assert codes(refused) == {"another_project"}
    refused = client.patch(f"{STEPS}{second.pk}/", {"owner": str(cast.yesterday_chair_alpha.pk)}, format="json")
    assert (refused.status_code, codes(refused)) == (400, {"no_role"})
    assert client.get(f"{STEPS}{first.pk}/").json()["days_late"] == 4
    # Its owner says that it is done, with the proof.
    owner = cast.api(cast.director_alpha)
    upload = send(owner, pdf(), "statuts.pdf").json()
    done = act(owner, f"{STEPS}{first.pk}/complete/", {"file": upload["id"]})
    assert (done.status_code, done.json()["file"]["name"]) == (200, "statuts.pdf")
    assert act(owner, f"{STEPS}{second.pk}/complete/").status_code == 403
    assert cast.api(cast.chair_gamma).get(f"{STEPS}{first.pk}/file/").content == pdf()
    assert cast.api(cast.chair_delta).get(f"{STEPS}{first.pk}/file/").status_code == 404
    frozen = client.patch(f"{STEPS}{first.pk}/", {"title": "Autre"}, format="json")
    assert (frozen.status_code, codes(frozen)) == (409, {"wrong_state"})
    act(client, f"{STEPS}{second.pk}/complete/")
    held = act(client, f"{STEPS}{first.pk}/reopen/", {"reason": "À revoir"})
    assert (held.status_code, codes(held)) == (409, {"later_step_cleared"})
    act(client, f"{STEPS}{second.pk}/reopen/", {"reason": "À revoir"})
    again = act(client, f"{STEPS}{first.pk}/reopen/", {"reason": "À revoir"}).json()
    assert (again["state"], again["file"], again["done_on"]) == ("open", None, None)
    added = client.post(STEPS, {"project": str(project.pk), "title": "Logo", "after": [str(second.pk)]}, format="json")
    assert (added.json()["position"], added.json()["required"]) == (3, False)


def test_steps_rest_while_a_project_is_a_draft_or_abandoned(cast: Cast) -> None:
    client = cast.api(cast.coordinator)
    draft, given_up = path.project(cast, state="draft"), path.project(cast, state="abandoned")
    for project in (draft, given_up):
        step = path.step(project, state="open")
        for done, body in (("complete", {}), ("skip", {"reason": "x"}), ("reopen", {"reason": "x"})):
            refused = act(client, f"{STEPS}{step.pk}/{done}/", body)
            assert (refused.status_code, codes(refused)) == (409, {"wrong_state"}), done
    assert client.patch(f"{STEPS}{draft.steps.get().pk}/", {"due_on": "2027-01-01"}, format="json").status_code == 200
    assert client.patch(f"{STEPS}{given_up.steps.get().pk}/", {"due_on": None}, format="json").status_code == 409
    back = act(client, f"{BASE}{given_up.pk}/reopen/", {"reason": "Un financeur revient"}).json()
    assert (back["state"], back["started_on"], back["abandoned_reason"]) == ("draft", None, "")
    assert JournalEntry.objects.latest("sequence").reason == "Un financeur revient"
    again = act(client, f"{BASE}{given_up.pk}/abandon/", {"reason": "Il repart"}).json()
    assert (again["state"], again["abandoned_on"]) == ("abandoned", cast.today.isoformat())
    assert act(client, f"{BASE}{given_up.pk}/abandon/", {"reason": ""}).status_code == 400


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"form": "ges"}, "invalid_choice", "/form"),
        ({"form": "sarl"}, "invalid_choice", "/form"),
        ({"founders": "omega"}, "not_a_member", "/founders"),
        ({"founders": "zeta"}, "does_not_exist", "/founders"),
        ({"facts": {"states": 0}}, "out_of_range", "/facts/states"),
        ({"scenario": "foreign"}, "does_not_exist", "/scenario"),
        ({"state": "created"}, "unknown_field", "/state"),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(cast: Cast, body: dict[str, Any], code: str, pointer: str) -> None:
    given = dict(body)
    if isinstance(given.get("founders"), str):
        given["founders"] = [str(getattr(cast, given["founders"]).pk)]
    if "scenario" in given:
        given["scenario"] = str(path.scenario(cast, cast.zeta, cooperation=cast.foreign_cooperation).pk)
    refused = open_file(cast, **given)
    assert (refused.status_code, codes(refused), pointers(refused)) == (400, {code}, {pointer})
    assert not StructureProject.objects.exists()


def test_signs_reminders_waiting_and_departures_speak_of_the_steps(cast: Cast) -> None:
    project = path.project(cast, cast.alpha, cast.beta, confidentiality="core")
    late = path.step(project, owner=cast.director_alpha, due_on=cast.today - 2 * DAY)
    path.step(project, 2, due_on=cast.today - DAY)
    path.step(project, 3, due_on=cast.today)
    path.step(project, 4, due_on=cast.today - 9 * DAY, state="done")
    path.step(path.project(cast, state="abandoned"), due_on=cast.today - 9 * DAY)

    def signs(person: Any) -> dict[str, Any]:
        found = vital_signs.examine(cast.cooperation, actor=Actor.for_user(person.account), on=cast.today)
        return {sign.code: sign for sign in found}

    sign = signs(cast.coordinator)["structure_step_overdue"]
    assert (sign.since, len(sign.objects), str(sign.why).count("2 étapes")) == (cast.today - DAY, 3, 1)
    assert "structure_step_overdue" not in signs(cast.chair_gamma)
    expected = [
        (row.recipient_id, row.due_on)
        for row in reminders.expected(cast.cooperation, cast.today)
        if row.kind == ReminderKind.STRUCTURE_STEP_DUE
    ]
    assert expected == [
        (cast.director_alpha.pk, cast.today - 2 * DAY),
        (cast.coordinator.pk, cast.today - DAY),
        (cast.coordinator.pk, cast.today),
    ]
    mine = waiting.waiting_for(Actor.for_user(cast.director_alpha.account), on=cast.today)
    assert [(row.code, row.id) for row in mine if row.code.startswith("structure")] == [("structure_step_due", late.pk)]
    actor = Actor.for_user(cast.coordinator.account)
    person = departures.of_person(actor, cast.cooperation, cast.director_alpha.pk, cast.today)
    steps = [(item.code, item.id) for item in person if item.code.startswith("structure")]
    assert steps == [("structure_step_without_owner", late.pk)]
    member = [
        (item.code, item.id)
        for item in departures.of_organisation(actor, cast.cooperation, cast.alpha.pk, cast.today)
        if item.code.startswith("structure")
    ]
    assert member == [("structure_loses_founder", project.pk), ("structure_step_without_owner", late.pk)]
    outside = Actor.for_user(cast.chair_gamma.account)
    seen = departures.of_person(outside, cast.cooperation, cast.director_alpha.pk, cast.today)
    assert [item for item in seen if item.code.startswith("structure")] == []


def test_a_file_that_a_dossier_knew_by_its_hash_comes_back_on_its_step(cast: Cast) -> None:
    content = b"Statuts."
    kept = StoredFile.objects.create(
        name="s.txt",
        media_type="text/plain",
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
    )
    step = path.step(path.project(cast), state="done", file=kept)
    client = cast.api(cast.facilitator)
    refused = client.post(
        f"{STEPS}{step.pk}/restore-file/", {"file": SimpleUploadedFile("s.txt", b"Autre.")}, format="multipart"
    )
    assert (refused.status_code, codes(refused)) == (400, {"other_bytes"})
    body = {"file": SimpleUploadedFile("s.txt", content)}
    restored = client.post(f"{STEPS}{step.pk}/restore-file/", body, format="multipart")
    assert (restored.status_code, restored.json()["file"]["is_missing"]) == (200, False)
    assert client.get(f"{STEPS}{step.pk}/file/").content == content
    nothing = path.step(step.project, 2)
    no_file = client.post(
        f"{STEPS}{nothing.pk}/restore-file/", {"file": SimpleUploadedFile("s.txt", content)}, format="multipart"
    )
    assert (no_file.status_code, codes(no_file)) == (409, {"no_file"})


def _document(**project: Any) -> dict[str, Any]:
    steps = [
        {"ref": "statuts", "position": 1, "code": "statutes_draft", "title": "Statuts", "required": True},
        {"position": 2, "title": "Vote", "after": ["statuts"], "owner": "ana", "due_on": "D+20"},
    ]
    row = {"title": "SCIC", "form": "scic", "founders": ["alpha"], "project_steps": steps, **project}
    return minimal() | {"structure_projects": [row]}


def test_a_creation_comes_back_from_a_dossier_byte_for_byte() -> None:
    document = _document(
        state="under_way",
        started_on="D-20",
        decision="charte",
        scenario="hypothese",
        facts={"members": [{"organisation": "alpha", "category": "beneficiaries"}]},
    )
    document["structure_scenarios"] = [{"ref": "hypothese", "title": "SCIC", "forms": ["scic"], "members": ["alpha"]}]
    with transaction.atomic():
        text = dossiers.dossier_export(dossiers.dossier_import(actor=BATCH, document=document).cooperation)
        transaction.set_rollback(True)
    again = dossiers.dossier_import(actor=BATCH, document=json.loads(text)).cooperation
    assert dossiers.dossier_export(again) == text
    assert [step.title for step in ProjectStep.objects.get(title="Vote").after.all()] == ["Statuts"]


@pytest.mark.parametrize(
    ("changed", "code", "pointer"),
    [
        ({"form": "ges"}, "no_new_entity", "/form"),
        ({"form": "sarl"}, "no_new_entity", "/form"),
        ({"facts": {"states": 0}}, "out_of_range", "/facts/states"),
        ({"state": "under_way"}, "governance_project_started_on_a_day", ""),
        (
            {"state": "created", "started_on": "D-9", "created_on": "D-1", "registration_reference": "W1"},
            "step_open",
            "/project_steps/0/state",
        ),
        (
            {
                "project_steps": [
                    {"ref": "a", "position": 1, "title": "A", "after": ["b"]},
                    {"ref": "b", "position": 2, "title": "B", "after": ["a"]},
                ]
            },
            "dependency_cycle",
            "/project_steps",
        ),
    ],
)
def test_a_dossier_whose_creation_does_not_hold_together_is_refused(
    changed: dict[str, Any], code: str, pointer: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        dossiers.dossier_import(actor=BATCH, document=_document(**changed))
    found = {(one.code, one.pointer) for one in refused.value.violations}
    assert (code, f"/structure_projects/0{pointer}") in found
