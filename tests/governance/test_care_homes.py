"""The care-homes example: five employers in five situations, and one decision that tells them apart."""

import datetime as dt
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from governance.actor import Actor
from governance.dossier import reading
from governance.models import Consultation, Decision, Person, User
from governance.services import dossiers
from tests.clock import set_clock

pytestmark = pytest.mark.django_db
TODAY = dt.date(2026, 11, 22)


@pytest.fixture
def decision() -> Decision:
    """« Confier la paie et la comptabilité à une équipe commune », imported on 22 November 2026."""
    set_clock(TODAY)
    document = reading.read((Path(settings.BASE_DIR) / "examples" / "ehpad-mutualises.yaml").read_bytes())
    done = dossiers.dossier_import(actor=Actor.system("test"), document=document)
    return Decision.objects.get(cooperation=done.cooperation, title__startswith="Confier la paie")


def requirements(decision: Decision, family_name: str) -> dict[str, Any]:
    """The answer of the API to that person, by first word that tells the employer apart."""
    person = Person.objects.get(family_name=family_name)
    user, _made = User.objects.get_or_create(person=person, defaults={"email": person.email})
    client = Client()
    client.force_login(user)
    response = client.get(f"/api/v1/decisions/{decision.pk}/requirements/")
    assert response.status_code == 200, response.content
    body = response.json()
    names = {str(organisation.pk): organisation.name for organisation in decision.concerned.all()}
    assert len(body["requirements"]) == len(names) == 5
    found = {names[row["organisation"]].rsplit(maxsplit=1)[-1]: row for row in body["requirements"]}
    return {"can_be_taken": body["can_be_taken"], **found}


def told(row: dict[str, Any]) -> dict[str, str]:
    return {reason["code"]: reason["detail"] for reason in row["reasons"]}


def test_one_decision_shows_each_of_five_employers_its_own_reason_and_date(decision: Decision) -> None:
    found = requirements(decision, "Estève")
    assert found.pop("can_be_taken") is False
    shown = {
        name: (row["basis"], row["code"], row["status"], row["since"], row["holds_from"], row["confidence"])
        for name, row in found.items()
    }
    early = "decision_before_consultation"
    assert shown == {
        # An agreement of fifteen days, informed on 18 November: its end is the 3rd of December, a Thursday.
        "Aînés": ("consult_required", early, "open", "2026-11-18", "2026-12-04", "A"),
        # An expert: two months from 24 October.
        "argenté": ("consult_required", early, "open", "2026-10-24", "2026-12-25", "A"),
        # An unfavourable opinion was given: it does not bind, and nothing more is waited for.
        "Clairière": ("consult_required", "consultation_done", "met", "2026-11-11", "2026-11-11", "A"),
        # Something is missing: no date until it is handed over.
        "Bellevue-les-Coteaux": ("consult_required", "clock_not_started", "blocked", "2026-10-22", None, "A"),
        # Thirty-two employees, consulted only because one of them is lent.
        "Marronniers": ("consult_specific", early, "open", "2026-11-15", "2026-12-16", "B"),
    }


def test_the_reasons_name_the_agreement_the_expert_the_opinion_the_gap_and_the_lending(decision: Decision) -> None:
    found = requirements(decision, "Estève")
    assert "15 jours" in told(found["Aînés"])["agreement"]
    assert {"expert", "decree"} <= told(found["argenté"]).keys()
    assert "2 mois" in told(found["argenté"])["decree"]
    assert "défavorable" in told(found["Clairière"])["opinion_kind"]
    assert "organigramme" in told(found["Bellevue-les-Coteaux"])["information_missing"]
    assert "Prêt de personnel" in told(found["Marronniers"])["consult_specific"]
    assert "1 mois" in told(found["Marronniers"])["decree"]


def test_whoever_may_not_read_a_consultation_reads_nothing_of_its_facts(decision: Decision) -> None:
    """Les Marronniers are of the second circle: they know of the decision, not of a consultation of the core."""
    Consultation.objects.filter(decision=decision, organisation__name__contains="Bellevue").update(
        confidentiality="core"
    )
    row = requirements(decision, "Gaillard")["Bellevue-les-Coteaux"]
    assert (row["status"], row["objects"], list(told(row))) == ("blocked", [], ["consult_required"])
    assert "organigramme" not in str(row)
    assert "information_missing" in told(requirements(decision, "Estève")["Bellevue-les-Coteaux"])
