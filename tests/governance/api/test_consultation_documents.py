"""Documents handed to a works council: in preparation the employer's alone, then frozen, told with their notice."""

import datetime as dt
import hashlib
import json
from typing import Any

import pytest

from coopproject.exceptions import InvalidInput
from governance.actor import Actor
from governance.models import Consultation, ConsultationDocument, JournalEntry
from governance.services import dossiers
from tests.cast import Cast
from tests.clock import set_clock
from tests.files import send
from tests.governance import factories
from tests.governance.dossier.documents import minimal
from tests.governance.dossier.test_round_trip import exported_then_forgotten
from tests.queries import assert_constant_queries
from tests.requests import act, codes, pointers

pytestmark = pytest.mark.django_db
BASE, CONSULTATIONS = "/api/v1/consultation-documents/", "/api/v1/consultations/"
NOTICE = {"presented_as_confidential": True, "notice": "Confidentiel : ne pas diffuser avant le vote."}


@pytest.fixture
def in_march(db: None) -> None:
    set_clock(dt.date(2026, 3, 2))


@pytest.fixture
def running(in_march: None, cast: Cast) -> Consultation:
    """Informed on 2 March 2026: the limit ends on 2 April."""
    made = factories.consultation(cast, factories.decision(cast, submitted_on=dt.date(2026, 3, 1)))
    sent = act(
        cast.api(cast.director_alpha), f"{CONSULTATIONS}{made.pk}/send-information/", {"delivered_on": "2026-03-02"}
    )
    assert sent.status_code == 200
    return made


def prepare(cast: Cast, consultation: Consultation, **body: Any) -> Any:
    given = {"consultation": str(consultation.pk), "title": "Note économique", **body}
    if "reference" not in given and "file" not in given:
        given["reference"] = "Remise en main propre"
    return cast.api(cast.director_alpha).post(BASE, given, format="json")


def hand(cast: Cast, identifier: str, day: str) -> Any:
    return act(cast.api(cast.employees_alpha), f"{BASE}{identifier}/hand-over/", {"handed_on": day})


def shown(cast: Cast, consultation: Consultation, who: Any = None) -> dict[str, Any]:
    found: dict[str, Any] = cast.api(who or cast.director_alpha).get(f"{CONSULTATIONS}{consultation.pk}/").json()
    return found


def test_a_document_is_the_employers_alone_then_frozen_by_its_hash(running: Consultation, cast: Cast) -> None:
    content = b"Membre;Emplois\nAlpha;64\n"
    file = send(cast.api(cast.director_alpha), content, "emplois.csv").json()
    made = prepare(cast, running, file=file["id"], source_level="active").json()
    path = f"{BASE}{made['id']}/"
    assert (made["sha256"], made["handed_on"], made["late_information"]) == ("", None, False)
    for person in (cast.coordinator, cast.chair_beta, cast.member_alpha):
        assert cast.api(person).get(path).status_code == 404
        assert cast.api(person).get(f"{path}file/").status_code == 404
        assert made["id"] not in cast.api(person).get(f"{BASE}?count=exact").content.decode()
    done = hand(cast, made["id"], "2026-03-02").json()
    assert (done["sha256"], done["handed_on"]) == (hashlib.sha256(content).hexdigest(), "2026-03-02")
    served = cast.api(cast.chair_gamma).get(f"{path}file/")
    assert (served.status_code, served.content) == (200, content)
    again = hand(cast, made["id"], "2026-03-02")
    changed = cast.api(cast.director_alpha).patch(path, {"title": "Autre"}, format="json", headers={"If-Match": "*"})
    assert {codes(again).pop(), codes(changed).pop()} == {"handed_over"}
    assert ConsultationDocument.objects.get().title == "Note économique"


@pytest.mark.parametrize("level", ["core", "board", "restricted"])
def test_a_closed_document_leaves_only_with_its_notice_and_is_read_by_whom_it_may(
    running: Consultation, cast: Cast, level: str
) -> None:
    refused = prepare(cast, running, source_level=level)
    assert (refused.status_code, codes(refused)) == (400, {"notice_required"})
    assert pointers(refused) == {"/presented_as_confidential"}
    assert "L2315-3" in refused.json()["errors"][0]["detail"]
    assert not ConsultationDocument.objects.exists()
    made = prepare(cast, running, source_level=level, is_required=True, **NOTICE)
    assert made.status_code == 201, made.json()
    set_clock(dt.date(2026, 3, 9))
    assert hand(cast, made.json()["id"], "2026-03-09").status_code == 200
    # Gamma knows of the consultation, not of what is closed to its circle: not even that it came late.
    for person, known in ((cast.employees_alpha, True), (cast.chair_gamma, False)):
        client = cast.api(person)
        assert (client.get(f"{BASE}{made.json()['id']}/").status_code == 200) is known
        listed = client.get(f"{CONSULTATIONS}{running.pk}/document-list/").json()["documents"]
        assert [row["title"] for row in listed] == (["Note économique"] if known else [])
        flagged = [row["code"] for row in shown(cast, running, person)["irregularities"]]
        assert flagged == (["late_information"] if known else [])
    journal = cast.api(cast.chair_gamma).get("/api/v1/journal/?page_size=200").content.decode()
    assert made.json()["id"] not in journal


def test_a_late_document_is_flagged_and_moves_no_clock_that_runs_lawfully(running: Consultation, cast: Cast) -> None:
    set_clock(dt.date(2026, 3, 16))
    useful = prepare(cast, running).json()
    required = prepare(cast, running, title="Bilan social", is_required=True).json()
    before = shown(cast, running)["nominal_deadline"]
    assert hand(cast, useful["id"], "2026-03-16").json()["late_information"] is True
    assert shown(cast, running)["irregularities"] == []
    assert hand(cast, required["id"], "2026-03-16").json()["late_information"] is True
    told = shown(cast, running)
    (found,) = told["irregularities"]
    assert (found["code"], found["since"], found["confidence"]) == ("late_information", "2026-03-16", "A")
    assert (told["nominal_deadline"], told["clock"]["start"]) == (before, "2026-03-02")
    entry = JournalEntry.objects.get(act="consultation.late_information")
    assert entry.payload["document"] == required["id"]
    signs = cast.api(cast.coordinator).get(f"/api/v1/cooperations/{cast.cooperation.pk}/vital-signs/").json()["signs"]
    assert "consultation_irregular" in {sign["code"] for sign in signs}


def test_only_the_employer_that_says_the_information_was_incomplete_stops_the_clock(
    running: Consultation, cast: Cast
) -> None:
    set_clock(dt.date(2026, 3, 16))
    client, path = cast.api(cast.director_alpha), f"{CONSULTATIONS}{running.pk}/"
    assert codes(act(client, f"{path}acknowledge-incomplete/", {"missing_information": " "})) == {"blank"}
    stopped = act(client, f"{path}acknowledge-incomplete/", {"missing_information": "Le bilan social"}).json()
    assert (stopped["clock"]["status"], stopped["act_from"], stopped["regime"]) == ("clock_not_started", None, "")
    twice = act(client, f"{path}acknowledge-incomplete/", {"missing_information": "Encore"})
    assert codes(twice) == {"already_incomplete"}
    taken = act(cast.api(cast.coordinator), f"/api/v1/decisions/{running.decision_id}/take/", {"outcome": "Oui"})
    assert "clock_not_started" in codes(taken)
    early = act(client, f"{path}send-information/", {"delivered_on": "2026-03-01"})
    assert (early.status_code, pointers(early)) == (400, {"/delivered_on"})
    again = act(client, f"{path}send-information/", {"delivered_on": "2026-03-16"}).json()
    assert (again["clock"]["start"], again["nominal_deadline"], again["regime"]) == (
        "2026-03-16",
        "2026-04-16",
        "CSE_2018",
    )


def test_the_list_for_the_representatives_says_hash_notice_and_duty(running: Consultation, cast: Cast) -> None:
    both = prepare(cast, running, confidential_by_nature=True, confidential_until="2026-12-31", **NOTICE).json()
    prepare(cast, running, title="En préparation")
    only = prepare(cast, running, title="Présenté seulement", **NOTICE).json()
    for identifier in (both["id"], only["id"]):
        assert hand(cast, identifier, "2026-03-02").status_code == 200
    listed = cast.api(cast.employees_alpha).get(f"{CONSULTATIONS}{running.pk}/document-list/").json()
    assert listed["legal_reference"] == "C. trav. L2315-3"
    rows = [(row["title"], row["duty_of_discretion"], row["confidential_until"]) for row in listed["documents"]]
    assert rows == [("Note économique", True, "2026-12-31"), ("Présenté seulement", False, None)]
    assert listed["documents"][0]["sha256"] == hashlib.sha256(b"Remise en main propre").hexdigest()
    assert listed["documents"][0]["notice"] == NOTICE["notice"]


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"reference": ""}, "file_or_reference", "/file"),
        ({"presented_as_confidential": True}, "notice_required", "/notice"),
        ({"notice": "Confidentiel"}, "not_presented_as_confidential", "/notice"),
        ({"confidential_until": "2027-01-01"}, "not_presented_as_confidential", "/confidential_until"),
        ({**NOTICE, "confidential_until": "2026-03-01"}, "in_the_past", "/confidential_until"),
        ({"handed_on": "2026-03-02"}, "unknown_field", "/handed_on"),
        ({"sha256": "0" * 64}, "unknown_field", "/sha256"),
    ],
)
def test_a_document_that_cannot_be_is_refused_where_it_stands(
    running: Consultation, cast: Cast, body: dict[str, Any], code: str, pointer: str
) -> None:
    before = JournalEntry.objects.count()
    refused = prepare(cast, running, **body)
    assert (refused.status_code, codes(refused), pointers(refused)) == (400, {code}, {pointer})
    assert not ConsultationDocument.objects.exists()
    assert JournalEntry.objects.count() == before


def test_a_file_and_a_reference_at_once_are_refused_by_the_act_and_by_the_database(
    running: Consultation, cast: Cast
) -> None:
    file = send(cast.api(cast.director_alpha), b"Bonjour.", "note.txt").json()
    refused = prepare(cast, running, file=file["id"], reference="La même")
    assert (refused.status_code, pointers(refused)) == (400, {"/reference"})
    future = prepare(cast, running).json()
    late = hand(cast, future["id"], "2026-03-03")
    assert (late.status_code, codes(late), pointers(late)) == (400, {"in_the_future"}, {"/handed_on"})
    short = prepare(cast, running, confidential_until="2026-03-02", **NOTICE).json()
    set_clock(dt.date(2026, 3, 9))
    assert codes(hand(cast, short["id"], "2026-03-09")) == {"in_the_past"}
    assert not ConsultationDocument.objects.filter(handed_on__isnull=False).exists()


def test_lists_cost_the_same_for_two_rows_and_for_forty(cast: Cast) -> None:
    consultation = factories.consultation(cast, factories.decision(cast))
    other = factories.consultation(cast, factories.decision(cast, cast.beta), cast.beta)

    def make_documents(count: int) -> None:
        for number in range(count):
            factories.document(cast, (consultation, other)[number % 2], handed_on=cast.today)

    def make_meetings(count: int) -> None:
        for number in range(count):
            factories.meeting(cast, (consultation, other)[number % 2])

    client = cast.api(cast.coordinator)
    assert_constant_queries(client, "/api/v1/consultation-documents/", make_documents)
    assert_constant_queries(client, "/api/v1/consultation-meetings/", make_meetings)
    assert client.get(f"{BASE}?organisation={cast.beta.pk}&count=exact").json()["count"] == 20


def test_documents_come_back_from_a_dossier_byte_for_byte_and_their_hash_is_checked() -> None:
    document = minimal()
    document["consultation_documents"] = [
        {
            "consultation": "cse",
            "title": "Note économique",
            "reference": "Remise en main propre",
            "source_level": "core",
            "is_required": True,
            "handed_on": "2026-07-31",
            **NOTICE,
        }
    ]
    document["consultation_meetings"] = [
        {"consultation": "cse", "convened_on": "2026-08-03", "agenda_sent_on": "2026-08-18", "held_on": "2026-08-20"}
    ]
    document["information_contests"] = [
        {
            "consultation": "cse",
            "contested_on": "2026-08-03",
            "lacking": "Le budget",
            "answered_on": "2026-08-10",
            "answer": "Le voici",
        }
    ]
    text = exported_then_forgotten(document)
    written = json.loads(text)
    assert written["consultation_documents"][0]["sha256"] == hashlib.sha256(b"Remise en main propre").hexdigest()
    assert exported_then_forgotten(written) == text
    for section, changed, code in (
        ("consultation_documents", {"sha256": "0" * 64}, "hash_mismatch"),
        ("consultation_documents", {"presented_as_confidential": False, "notice": ""}, "notice_required"),
        ("consultation_documents", {"handed_on": "2030-01-01"}, "in_the_future"),
        ("consultation_meetings", {"convened_on": "2026-08-21"}, "out_of_order"),
        ("consultation_meetings", {"level": "establishment"}, "one_level_only"),
        ("consultation_meetings", {"annulled_reason": "Erreur"}, "required"),
        ("information_contests", {"answered_on": "2026-08-02"}, "out_of_order"),
        ("information_contests", {"answer": ""}, "required"),
    ):
        wrong = document | {section: [document[section][0] | changed]}
        with pytest.raises(InvalidInput) as refused:
            dossiers.dossier_import(actor=Actor.system("test"), document=wrong)
        assert code in {violation.code for violation in refused.value.violations}, (section, changed)
    assert not ConsultationDocument.objects.exists()
