"""What goes out comes back in, to the byte."""

import json
from typing import Any

import pytest
from django.db import transaction

from governance.actor import Actor
from governance.dossier import reading
from governance.models import Cooperation, JournalEntry
from governance.services import dossiers
from tests.governance.dossier.documents import minimal

pytestmark = pytest.mark.django_db
BATCH = Actor.system("test")


def _import(document: Any) -> Cooperation:
    cooperation: Cooperation = dossiers.dossier_import(actor=BATCH, document=document).cooperation
    return cooperation


def exported_then_forgotten(document: Any) -> str:
    """The export of an import that is undone: afterwards the instance is as empty as before."""
    with transaction.atomic():
        text = dossiers.dossier_export(_import(document))
        transaction.set_rollback(True)
    return text


def test_an_export_imported_into_an_empty_instance_exports_the_same_bytes() -> None:
    first = exported_then_forgotten(minimal())
    assert not Cooperation.objects.exists()
    second = dossiers.dossier_export(_import(reading.read(first.encode())))
    assert second == first


def test_the_export_is_canonical_and_absolute() -> None:
    text = dossiers.dossier_export(_import(minimal()))
    written = json.loads(text)
    assert text == json.dumps(written, indent=2, ensure_ascii=False) + "\n"
    assert written["cooperation"]["started_on"] == "2024-09-01"
    assert [row["month"] for row in written["organisations"][0]["headcounts"]] == ["2026-07-01", "2026-08-01"]
    assert written["organisations"][0]["turnovers"][0] == {
        "ref": written["organisations"][0]["turnovers"][0]["ref"],
        "year": 2025,
        "amount": "1200000.00",
    }
    assert "reference_date" not in written


def test_a_dossier_carries_no_account_no_journal_and_no_other_cooperation() -> None:
    _import(minimal() | {"organisations": [], "memberships": [], "boards": [], "voting_rules": []} | _without_members())
    written = json.loads(dossiers.dossier_export(_import(minimal())))
    assert written["cooperation"]["name"] == "Coopération d’essai"
    assert set(written) == {
        "format",
        "format_version",
        "cooperation",
        "organisations",
        "people",
        "boards",
        "voting_rules",
        "memberships",
        "roles",
        "decisions",
        "consultations",
    }
    assert len(written["people"]) == 2


def _without_members() -> dict[str, Any]:
    roles = [{"person": "ana", "kind": "coordination", "since": "M-24/1"}]
    cooperation = {"name": "Une autre", "started_on": "M-24/1"}
    return {"cooperation": cooperation, "roles": roles, "decisions": [], "consultations": []}


def test_deadlines_left_out_are_computed_by_the_regime_in_force() -> None:
    """Information on 31 July: one month later is 31 August, a Monday (R2312-6)."""
    written = json.loads(dossiers.dossier_export(_import(minimal())))
    consultation = written["consultations"][0]
    assert consultation["regime"] == "CSE_2018"
    assert consultation["nominal_deadline"] == "2026-08-31"
    assert consultation["act_from"] == "2026-08-20"


def test_one_journal_entry_says_what_was_imported() -> None:
    done = dossiers.dossier_import(actor=BATCH, document=minimal(), source="essai.json")
    entry = JournalEntry.objects.get()
    assert (entry.act, entry.cooperation_id) == ("cooperation.imported", done.cooperation.pk)
    assert entry.payload["sha256"] == done.sha256
    assert entry.payload["source"] == "essai.json"
    assert entry.payload["counts"]["headcounts"] == 2


def test_yaml_and_json_of_one_dossier_have_one_fingerprint() -> None:
    yaml_text = "format: coopproject-dossier\nformat_version: 1\ncooperation: {name: A, started_on: 2026-01-01}\n"
    json_text = (
        '{"format_version": 1, "format": "coopproject-dossier",'
        ' "cooperation": {"name": "A", "started_on": "2026-01-01"}}'
    )
    one = dossiers.dossier_import(actor=BATCH, document=reading.read(yaml_text.encode()))
    other = dossiers.dossier_import(actor=BATCH, document=reading.read(json_text.encode()))
    assert one.sha256 == other.sha256
