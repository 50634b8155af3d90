"""Accompaniment: phases from a template, days, deliverables that are late, and going back."""

import datetime as dt
import json
from typing import Any

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import transaction

from coopproject.exceptions import InvalidInput
from governance import departures, reminders, vital_signs, waiting
from governance.actor import Actor
from governance.models import JournalEntry, MissionDeliverable, MissionPhase, StoredFile, SupportMission
from governance.reminding import ReminderKind
from governance.services import dossiers, files
from tests.cast import Cast
from tests.files import pdf, send
from tests.governance import path_factories as path
from tests.governance.dossier.documents import minimal
from tests.requests import act, codes, pointers

pytestmark = pytest.mark.django_db
BATCH = Actor.system("test")
BASE, PHASES, DELIVERABLES = (
    f"/api/v1/{name}/" for name in ("support-missions", "mission-phases", "mission-deliverables")
)
DAY = dt.timedelta(days=1)


def begin(cast: Cast, **body: Any) -> Any:
    given = {
        "cooperation": str(cast.cooperation.pk),
        "title": "Construire le groupe",
        "provider": "COORACE",
        "starts_on": (cast.today - 60 * DAY).isoformat(),
        **body,
    }
    return cast.api(cast.facilitator).post(BASE, given, format="json")


def phases_of(cast: Cast, mission: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = cast.api(cast.chair_beta).get(f"{PHASES}?mission={mission['id']}").json()["results"]
    return found


def signs(cast: Cast, person: Any) -> dict[str, Any]:
    found = vital_signs.examine(cast.cooperation, actor=Actor.for_user(person.account), on=cast.today)
    return {sign.code: sign for sign in found}


def test_a_mission_begins_with_the_phases_of_its_template(cast: Cast) -> None:
    templates = cast.api(cast.funder).get("/api/v1/mission-templates/").json()["results"]
    for template in templates:
        mission = begin(cast, template=template["id"], referent=str(cast.director_alpha.pk)).json()
        assert [phase["code"] for phase in phases_of(cast, mission)] == [phase["code"] for phase in template["phases"]]
        assert mission["days"] == {"planned": None, "done": "0.00", "exceeded_by": "0.00"}
    assert (templates[0]["confidence"], templates[1]["confidence"], templates[2]["confidence"]) == ("A", "B", None)
    assert phases_of(cast, begin(cast, template="coorace").json())[0]["name"].startswith("Identification des besoins")


def test_days_and_phases_follow_the_work_and_may_go_back(cast: Cast) -> None:
    client = cast.api(cast.facilitator)
    mission = begin(cast, template="coorace").json()
    first, second, *others = phases_of(cast, mission)
    early = client.patch(f"{PHASES}{first['id']}/", {"done_days": "1.00"}, format="json")
    assert (early.status_code, codes(early)) == (409, {"phase_not_started"})
    # The second before the first: no ladder.
    for phase in (second, first):
        started = act(client, f"{PHASES}{phase['id']}/start/", {"started_on": (cast.today - 30 * DAY).isoformat()})
        assert started.json()["state"] == "under_way"
        change = {"planned_days": "1.50", "done_days": "2.25"}
        assert client.patch(f"{PHASES}{phase['id']}/", change, format="json").status_code == 200
    for phase in others:
        client.patch(f"{PHASES}{phase['id']}/", {"planned_days": "1.00"}, format="json")
    days = client.get(f"{BASE}{mission['id']}/").json()["days"]
    assert days == {"planned": "5.00", "done": "4.50", "exceeded_by": "0.00"}
    finished = act(client, f"{PHASES}{first['id']}/finish/").json()
    assert (finished["state"], finished["finished_on"]) == ("done", cast.today.isoformat())
    back = act(client, f"{PHASES}{first['id']}/reopen/", {"reason": "Deux membres de plus"}).json()
    assert (back["state"], back["finished_on"], back["reopened_reason"], back["done_days"]) == (
        "under_way",
        None,
        "Deux membres de plus",
        "2.25",
    )
    entry = JournalEntry.objects.latest("sequence")
    assert (entry.act, entry.reason) == ("mission_phase.reopened", "Deux membres de plus")
    assert entry.payload["finished_on"] == cast.today.isoformat()
    added = client.post(PHASES, {"mission": mission["id"], "name": "Essaimage"}, format="json").json()
    assert (added["position"], added["code"]) == (5, "")
    taken = client.post(PHASES, {"mission": mission["id"], "name": "Encore", "position": 5}, format="json")
    assert taken.status_code == 400


def test_the_name_of_a_contact_is_served_and_kept_nowhere_else(cast: Cast) -> None:
    client = cast.api(cast.facilitator)
    mission = begin(cast, provider_contact="Jeanne Dupuis").json()
    changed = client.patch(
        f"{BASE}{mission['id']}/", {"provider_contact": "Marc Petit", "funder": "État"}, format="json"
    )
    assert (changed.json()["provider_contact"], changed.json()["funder"]) == ("Marc Petit", "État")
    kept = json.dumps(list(JournalEntry.objects.values("act", "payload", "reason")))
    assert "support_mission.contact_changed" in kept
    assert not {"Jeanne", "Dupuis", "Marc", "Petit"} & set(kept.replace('"', " ").split())
    fields = {field.name for field in apps.get_model("governance", "SupportMissionEvent")._meta.get_fields()}
    assert ("funder" in fields, "provider_contact" in fields) == (True, False)


@pytest.mark.parametrize(
    ("state", "done", "body", "code", "pointer"),
    [
        ("planned", "start", {"started_on": 1}, "in_the_future", "/started_on"),
        ("planned", "start", {"started_on": -91}, "before_start", "/started_on"),
        ("under_way", "finish", {"finished_on": 1}, "in_the_future", "/finished_on"),
        ("under_way", "finish", {"finished_on": -31}, "out_of_order", "/finished_on"),
    ],
)
def test_a_phase_has_days_that_can_be(
    cast: Cast, state: str, done: str, body: dict[str, int], code: str, pointer: str
) -> None:
    started = cast.today - 30 * DAY if state == "under_way" else None
    phase = path.phase(path.mission(cast), state=state, started_on=started)
    days = {name: (cast.today + offset * DAY).isoformat() for name, offset in body.items()}
    refused = act(cast.api(cast.facilitator), f"{PHASES}{phase.pk}/{done}/", days)
    assert (refused.status_code, codes(refused), pointers(refused)) == (400, {code}, {pointer})
    assert MissionPhase.objects.get().version == 1


def test_a_deliverable_is_late_then_delivered_with_its_proof_then_awaited_again(cast: Cast) -> None:
    client = cast.api(cast.facilitator)
    mission = path.mission(cast)
    body = {"mission": str(mission.pk), "title": "Diagnostic", "due_on": (cast.today - 3 * DAY).isoformat()}
    made = client.post(DELIVERABLES, body, format="json").json()
    assert (made["days_late"], client.get(f"{BASE}{mission.pk}/").json()["deliverables_late"]) == (3, 1)
    address = f"{DELIVERABLES}{made['id']}/"
    nothing = act(client, f"{address}deliver/")
    assert (nothing.status_code, pointers(nothing)) == (400, {"/reference"})
    upload = send(client, pdf(), "diagnostic.pdf").json()
    delivered = act(client, f"{address}deliver/", {"file": upload["id"], "delivered_on": cast.today.isoformat()})
    assert delivered.status_code == 200, delivered.content
    assert (delivered.json()["days_late"], delivered.json()["file"]["name"]) == (3, "diagnostic.pdf")
    assert client.get(f"{BASE}{mission.pk}/").json()["deliverables_late"] == 0
    # Served to whoever may know of the mission, and to nobody else.
    assert cast.api(cast.chair_gamma).get(f"{address}file/").content == pdf()
    assert cast.api(cast.chair_delta).get(f"{address}file/").status_code == 404
    for change in (client.patch(address, {"title": "Autre"}, format="json"), act(client, f"{address}deliver/")):
        assert (change.status_code, codes(change)) == (409, {"already_delivered"})
    again = act(client, f"{address}reopen/", {"reason": "Il manque la partie RH"}).json()
    assert (again["delivered_on"], again["file"]) == (None, None)
    assert JournalEntry.objects.latest("sequence").payload["had"]["file_sha256"] == upload["sha256"]
    twice = act(client, f"{address}reopen/", {"reason": "Encore"})
    assert (twice.status_code, codes(twice)) == (409, {"not_delivered"})


def test_the_file_of_another_person_or_the_phase_of_another_mission_is_refused(cast: Cast) -> None:
    client, mission = cast.api(cast.facilitator), path.mission(cast)
    foreign = path.phase(path.mission(cast, title="Autre"))
    body = {"mission": str(mission.pk), "title": "Note", "phase": str(foreign.pk)}
    refused = client.post(DELIVERABLES, body, format="json")
    assert (refused.status_code, codes(refused), pointers(refused)) == (400, {"another_mission"}, {"/phase"})
    made = path.deliverable(mission)
    assert client.patch(f"{DELIVERABLES}{made.pk}/", {"phase": str(foreign.pk)}, format="json").status_code == 400
    theirs = files.keep(name="a.txt", media_type="text/plain", content=b"A", uploaded_by_id=cast.chair_beta.pk)
    refused = act(client, f"{DELIVERABLES}{made.pk}/deliver/", {"file": str(theirs.pk)})
    assert (refused.status_code, codes(refused)) == (400, {"does_not_exist"})
    missing = StoredFile.objects.create(name="b.txt", media_type="text/plain", size=4, sha256="0" * 64)
    held = path.deliverable(mission, delivered_on=cast.today, file=missing)
    body = {"file": SimpleUploadedFile("b.txt", b"Faux")}
    other = client.post(f"{DELIVERABLES}{held.pk}/restore-file/", body, format="multipart")
    assert (other.status_code, codes(other)) == (400, {"other_bytes"})


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"ends_on": "2001-01-01"}, "ends_before_it_starts", "/ends_on"),
        ({"referent": "stranger"}, "does_not_exist", "/referent"),
        ({"referent": "yesterday_chair_alpha"}, "no_role", "/referent"),
        ({"provider": ""}, "blank", "/provider"),
        ({"template": "magic"}, "invalid_choice", "/template"),
        ({"days": {}}, "unknown_field", "/days"),
    ],
)
def test_what_cannot_be_is_refused_where_it_stands(cast: Cast, body: dict[str, Any], code: str, pointer: str) -> None:
    given = {**body}
    if "referent" in given:
        given["referent"] = str(getattr(cast, given["referent"]).pk)
    refused = begin(cast, **given)
    assert (refused.status_code, codes(refused), pointers(refused)) == (400, {code}, {pointer})
    assert not SupportMission.objects.exists()


def test_signs_reminders_and_waiting_speak_of_what_is_late_to_those_who_may_know(cast: Cast) -> None:
    mission = path.mission(cast, referent=cast.director_alpha, confidentiality="core")
    path.phase(mission, state="under_way", started_on=cast.today, done_days="2.50")
    late = path.deliverable(mission, due_on=cast.today - 2 * DAY)
    path.deliverable(mission, title="Plus tard", due_on=cast.today)
    path.deliverable(mission, title="Remis", due_on=cast.today - 9 * DAY, delivered_on=cast.today, reference="Ici")
    found = signs(cast, cast.coordinator)
    assert found["deliverable_overdue"].since == cast.today - DAY
    assert [concern.id for concern in found["deliverable_overdue"].objects] == [str(late.pk), str(mission.pk)]
    assert "2,50 jours faits pour 2,00" in str(found["mission_days_exceeded"].why)
    assert not {"deliverable_overdue", "mission_days_exceeded"} & set(signs(cast, cast.chair_gamma))
    expected = [
        row for row in reminders.expected(cast.cooperation, cast.today) if row.kind == ReminderKind.DELIVERABLE_DUE
    ]
    assert [(row.recipient_id, row.due_on) for row in expected] == [
        (cast.director_alpha.pk, cast.today - 2 * DAY),
        (cast.director_alpha.pk, cast.today),
    ]
    SupportMission.objects.update(referent=None)
    expected = [
        row for row in reminders.expected(cast.cooperation, cast.today) if row.kind == ReminderKind.DELIVERABLE_DUE
    ]
    assert {row.recipient_id for row in expected} == {cast.coordinator.pk}
    SupportMission.objects.update(referent=cast.director_alpha)
    mine = waiting.waiting_for(Actor.for_user(cast.director_alpha.account), on=cast.today)
    assert [(row.code, row.since) for row in mine if row.code == "deliverable_due"] == [
        ("deliverable_due", cast.today - 2 * DAY),
        ("deliverable_due", cast.today),
    ]
    actor = Actor.for_user(cast.coordinator.account)
    left = departures.of_person(actor, cast.cooperation, cast.director_alpha.pk, cast.today)
    assert [item.code for item in left if item.resource == "support-missions"] == ["mission_without_referent"]
    outside = Actor.for_user(cast.chair_gamma.account)
    seen = departures.of_person(outside, cast.cooperation, cast.director_alpha.pk, cast.today)
    assert [item for item in seen if item.resource == "support-missions"] == []


def test_a_mission_comes_back_from_a_dossier_byte_for_byte() -> None:
    document = minimal()
    document["support_missions"] = [
        {
            "title": "Construire le groupe",
            "template": "coorace",
            "provider": "COORACE",
            "referent": "ana",
            "starts_on": "M-4/1",
            "mission_phases": [
                {
                    "ref": "besoins",
                    "position": 1,
                    "code": "needs",
                    "name": "Besoins",
                    "state": "done",
                    "planned_days": "1.00",
                    "done_days": "1.50",
                    "started_on": "M-4/2",
                    "finished_on": "M-3/1",
                },
                {"position": 2, "code": "diagnosis", "name": "Diagnostic"},
            ],
            "mission_deliverables": [
                {
                    "phase": "besoins",
                    "title": "Note",
                    "due_on": "M-3/1",
                    "delivered_on": "M-3/2",
                    "reference": "Espace",
                },
                {"title": "Diagnostic", "due_on": "D+20"},
            ],
        }
    ]
    with transaction.atomic():
        text = dossiers.dossier_export(dossiers.dossier_import(actor=BATCH, document=document).cooperation)
        transaction.set_rollback(True)
    again = dossiers.dossier_import(actor=BATCH, document=json.loads(text)).cooperation
    assert dossiers.dossier_export(again) == text
    assert (MissionPhase.objects.count(), MissionDeliverable.objects.count()) == (2, 2)


@pytest.mark.parametrize(
    ("where", "changed", "code"),
    [
        ("", {"ends_on": "M-9/1"}, "out_of_order"),
        ("/mission_phases/0", {"started_on": "M-9/1", "state": "under_way"}, "before_start"),
        ("/mission_phases/0", {"done_days": "1.00"}, "phase_not_started"),
        ("/mission_phases/0", {"state": "under_way"}, "governance_phase_dates_with_its_state"),
        ("/mission_deliverables/0", {"delivered_on": "D+999", "reference": "x"}, "in_the_future"),
        ("/mission_deliverables/0", {"phase": "ailleurs"}, "another_mission"),
    ],
)
def test_a_dossier_whose_mission_does_not_hold_together_is_refused(
    where: str, changed: dict[str, Any], code: str
) -> None:
    mission: dict[str, Any] = {
        "title": "M",
        "provider": "P",
        "starts_on": "M-4/1",
        "mission_phases": [{"position": 1, "name": "A"}],
        "mission_deliverables": [{"title": "D"}],
    }
    target = mission if not where else mission[where.split("/")[1]][0]
    target.update(changed)
    other = {
        "title": "N",
        "provider": "P",
        "starts_on": "M-4/1",
        "mission_phases": [{"ref": "ailleurs", "position": 1, "name": "A"}],
    }
    document = minimal() | {"support_missions": [mission, other]}
    with pytest.raises(InvalidInput) as refused:
        dossiers.dossier_import(actor=BATCH, document=document)
    found = {(one.code, one.pointer.rsplit("/", 1)[0]) for one in refused.value.violations}
    found |= {(one.code, one.pointer) for one in refused.value.violations}
    assert (code, f"/support_missions/0{where}") in found
