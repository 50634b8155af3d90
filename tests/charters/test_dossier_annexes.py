"""Annexes and files in a dossier: byte for byte while there is room, by their hash beyond."""

import base64
import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from charters import services
from charters.models import CharterAnnex
from coopproject.exceptions import InvalidInput
from governance.actor import Actor, HeldRole
from governance.models import Cooperation, StoredFile
from governance.services import dossiers
from tests.charters.test_dossier import _with_charter, put

pytestmark = pytest.mark.django_db
BATCH = Actor.system("test")
TABLE = b"Membre;Part\nAlpha;60\n"
ANNEX, FILE = ("charter_versions", 0, "annexes"), ("files", 0)


def _file(content: bytes, name: str = "parts.csv", media_type: str = "text/csv") -> dict[str, Any]:
    return {
        "ref": "parts",
        "name": name,
        "media_type": media_type,
        "size": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "content": base64.b64encode(content).decode(),
    }


def with_annexes() -> dict[str, Any]:
    document = _with_charter()
    document["charter_versions"][0]["annexes"] = [
        {
            "key": "cle",
            "position": 1,
            "title": "Clé",
            "file": "parts",
            "confidentiality": "core",
            "concerns": ["alpha"],
        },
        {"key": "lexique", "position": 2, "title": "Lexique", "body": "Un mot."},
    ]
    document["files"] = [_file(TABLE)]
    return document


def exported(document: dict[str, Any]) -> str:
    """What comes out of an instance that took this document in, and forgot it."""
    with transaction.atomic():
        cooperation = dossiers.dossier_import(actor=BATCH, document=document).cooperation
        text = dossiers.dossier_export(cooperation)
        transaction.set_rollback(True)
    return text


def test_annexes_are_frozen_with_the_text_and_come_back_byte_for_byte() -> None:
    text = exported(with_annexes())
    assert exported(json.loads(text)) == text
    dossiers.dossier_import(actor=BATCH, document=json.loads(text))
    annex = CharterAnnex.objects.get(key="cle")
    frozen = json.loads(annex.charter_version.content)["annexes"]
    assert [(annex["title"], annex["sha256"]) for annex in frozen] == [
        ("Clé", hashlib.sha256(TABLE).hexdigest()),
        ("Lexique", hashlib.sha256(b"Un mot.").hexdigest()),
    ]
    assert annex.file is not None
    assert (annex.file.read(), annex.file.uploaded_by) == (TABLE, None)
    assert [organisation.name for organisation in annex.concerns.all()] == ["Association Alpha"]


def test_a_file_too_large_for_a_dossier_comes_as_its_hash_and_can_be_brought_back() -> None:
    content = b"a" * (2**20 + 1)
    document = with_annexes()
    document["files"] = [
        {name: value for name, value in _file(content, "pv.txt", "text/plain").items() if name != "content"}
    ]
    dossiers.dossier_import(actor=BATCH, document=document)
    annex = CharterAnnex.objects.get(key="cle")
    assert annex.file is not None
    assert annex.file.is_missing
    services.annex_restore_file(pk=annex.pk, actor=BATCH, content=content)
    annex.refresh_from_db()
    assert (annex.file.is_missing, annex.file.read() == content) == (False, True)
    again = json.loads(dossiers.dossier_export(Cooperation.objects.get()))
    assert "content" not in again["files"][0]
    assert again["files"][0]["sha256"] == hashlib.sha256(content).hexdigest()


def test_bytes_stop_where_the_document_would_no_longer_be_taken_in() -> None:
    document = with_annexes()
    bodies = [str(number).encode() * 900_000 for number in range(5)]
    document["files"] = [_file(body, "pv.txt", "text/plain") | {"ref": f"f{n}"} for n, body in enumerate(bodies)]
    document["charter_versions"][0]["annexes"] = [
        {"key": f"a{n}", "position": n + 1, "title": "Pièce", "file": f"f{n}"} for n in range(5)
    ]
    text = exported(document)
    assert sum("content" in row for row in json.loads(text)["files"]) == 3
    assert len(text) < 5 * 2**20
    assert exported(json.loads(text)) == text


def test_the_file_of_an_annex_that_the_reader_may_not_know_is_not_in_the_dossier() -> None:
    cooperation = dossiers.dossier_import(actor=BATCH, document=with_annexes()).cooperation
    reader = Actor(roles=(HeldRole(cooperation.pk, None, "observer", None),))
    document = json.loads(dossiers.dossier_export(cooperation, reader=reader))
    assert [annex["key"] for annex in document["charter_versions"][0]["annexes"]] == ["lexique"]
    assert "files" not in document


CASES: dict[str, tuple[Callable[[dict[str, Any]], None], tuple[str, str]]] = {
    "another text of a frozen annex": (
        put(*ANNEX, 1, "body", value="Deux mots."),
        ("/charter_versions/0/annexes", "content_mismatch"),
    ),
    "another organisation concerned": (
        put(*ANNEX, 0, "concerns", value=[]),
        ("/charter_versions/0/annexes", "content_mismatch"),
    ),
    "other bytes": (
        put(*FILE, "content", value=base64.b64encode(b"Membre;Part\nAlpha;61\n").decode()),
        ("/files/0/content", "other_bytes"),
    ),
    "another size": (put(*FILE, "size", value=3), ("/files/0/content", "other_bytes")),
    "no base64": (put(*FILE, "content", value="***"), ("/files/0/content", "wrong_format")),
    "a hash that is none": (put(*FILE, "sha256", value="empreinte"), ("/files/0/content", "other_bytes")),
    "a type that is not kept": (put(*FILE, "media_type", value="text/html"), ("/files/0/media_type", "unknown_choice")),
    "a type that is another": (put(*FILE, "media_type", value="text/plain"), ("/files/0/name", "wrong_format")),
    "a name with a folder": (put(*FILE, "name", value="../parts.csv"), ("/files/0/name", "wrong_format")),
    "a size beyond all": (put(*FILE, "size", value=2**30), ("/files/0/size", "out_of_range")),
    "more open than its charter": (
        put(*ANNEX, 1, "confidentiality", value="public"),
        ("/charter_versions/0/annexes/1/confidentiality", "lower_than_charter"),
    ),
    "a text and a file": (
        put(*ANNEX, 0, "body", value="Et un mot."),
        ("/charter_versions/0/annexes/0", "charters_annex_text_or_file"),
    ),
}


@pytest.mark.parametrize(("spoil", "expected"), CASES.values(), ids=CASES.keys())
def test_what_does_not_hold_together_is_refused(
    spoil: Callable[[dict[str, Any]], None], expected: tuple[str, str]
) -> None:
    document = json.loads(exported(with_annexes()))
    spoil(document)
    with pytest.raises(InvalidInput) as refused:
        dossiers.dossier_import(actor=BATCH, document=document)
    assert expected in {(found.pointer, found.code) for found in refused.value.violations}
    assert not Cooperation.objects.exists()
    assert not StoredFile.objects.exists()
