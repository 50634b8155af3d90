"""The keys that sign receipts: published by themselves, replaced without a gap, revoked for ever."""

import base64
import datetime as dt
import hashlib
import re
from io import StringIO
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from coopproject import clock
from coopproject.exceptions import RuleViolated
from governance import signing
from governance.models import JournalEntry, SigningKey
from governance.services.signing_keys import signing_key_for, signing_key_registered

URL = "/api/v1/signing-keys/"
FIRST, SECOND = "1" * 63 + "f", "2" * 63 + "f"
HOUR = dt.timedelta(hours=1)


@pytest.fixture
def first(db: None, settings: Any) -> SigningKey:
    settings.RECEIPT_SIGNING_KEY = FIRST
    return signing_key_registered()


def listed(**key: Any) -> list[dict[str, Any]]:
    """What somebody who is not signed in reads."""
    rows: list[dict[str, Any]] = APIClient().get(URL).json()["results"]
    return [row for row in rows if all(row[name] == value for name, value in key.items())]


def test_migrating_publishes_the_key_of_the_installation(db: None) -> None:
    assert [row["id"] for row in listed(retired_at=None)] == [signing.key_id(signing.public_key())]


def test_anybody_reads_the_same_key_in_three_writings(first: SigningKey) -> None:
    (row,) = listed(id=first.pk)
    raw = bytes.fromhex(row["public_key"])
    assert row["id"] == hashlib.sha256(raw).hexdigest()[:16]
    assert base64.b64decode(row["public_key_base64"], validate=True) == raw
    assert base64.urlsafe_b64decode(row["jwk"].pop("x") + "=") == raw
    assert row["jwk"] == {"kty": "OKP", "crv": "Ed25519", "kid": row["id"], "use": "sig", "alg": "EdDSA"}
    Ed25519PublicKey.from_public_bytes(raw).verify(signing.sign(b"text"), b"text")
    assert FIRST not in str(row)


def test_the_list_takes_no_parameter_and_costs_one_query(db: None) -> None:
    assert APIClient().get(f"{URL}?page=2").status_code == 400
    for number in range(40):
        public = hashlib.sha256(str(number).encode()).digest()
        SigningKey.objects.create(pk=signing.key_id(public), public_key=public.hex(), valid_from=clock.now())
    with CaptureQueriesContext(connection) as captured:
        assert len(listed()) == 41
    assert len(captured) == 1


def test_a_new_key_retires_the_former_which_stays_published(first: SigningKey, settings: Any) -> None:
    before = clock.now()
    settings.RECEIPT_SIGNING_KEY = SECOND
    second = signing_key_registered()
    former, current = listed(id=first.pk)[0], listed(id=second.pk)[0]
    assert former["public_key"] == first.public_key
    assert dt.datetime.fromisoformat(former["retired_at"]) >= before
    assert current["retired_at"] is None
    assert listed(retired_at=None) == [current]


def test_the_period_of_a_key_holds_all_that_it_signed(first: SigningKey, settings: Any) -> None:
    """A process that has not restarted yet signs with the former key after the new one was installed."""
    settings.RECEIPT_SIGNING_KEY = SECOND
    second = signing_key_for(at=clock.now())
    settings.RECEIPT_SIGNING_KEY = FIRST
    late = clock.now() + HOUR
    assert signing_key_for(at=late).retired_at == late
    assert signing_key_for(at=first.valid_from - HOUR).valid_from == first.valid_from - HOUR
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.valid_from < second.valid_from, first.retired_at, second.retired_at) == (True, late, None)


def test_rotating_prints_a_line_for_the_environment_and_changes_nothing_by_itself(
    first: SigningKey, settings: Any
) -> None:
    printed = []
    for _time in range(2):
        out = StringIO()
        call_command("rotate_signing_key", stdout=out)
        printed.append(re.findall(r"^RECEIPT_SIGNING_KEY=([0-9a-f]{64})$", out.getvalue(), re.MULTILINE))
    assert len({*printed[0], *printed[1]}) == 2
    assert listed(retired_at=None) == listed(id=first.pk)
    settings.RECEIPT_SIGNING_KEY = printed[1][0]
    assert signing_key_registered().pk in out.getvalue()
    assert f"revoke_signing_key {first.pk}" in out.getvalue()


def revoke(key: str, *options: str, reason: str = "Volée", out: StringIO | None = None) -> None:
    call_command("revoke_signing_key", key, f"--reason={reason}", *options, stdout=out or StringIO())


def test_a_revoked_key_says_since_when_and_why_and_signs_no_more(first: SigningKey) -> None:
    out = StringIO()
    revoke(first.pk, "--since=2026-01-15", reason="Serveur volé", out=out)
    assert "2026-01-15" in out.getvalue()
    assert "rotate_signing_key" in out.getvalue()
    (row,) = listed(id=first.pk)
    assert (row["revoked_at"], row["revoked_reason"]) == ("2026-01-15T00:00:00.000000Z", "Serveur volé")
    entry = JournalEntry.objects.get(act="signing_key.revoked")
    assert (entry.object_id, entry.reason, entry.cooperation_id) == (first.pk, "Serveur volé", None)
    with pytest.raises(RuleViolated, match="signing_key_revoked"):
        signing_key_for(at=clock.now())
    # Migrating goes on: what is refused is to sign.
    assert signing_key_registered().pk == first.pk


@pytest.mark.parametrize(
    ("key", "options", "sentence"),
    [
        ("0" * 16, [], "Aucune clé"),
        ("first", ["--reason=  "], "pourquoi"),
        ("first", ["--since=2999-01-01"], "à venir"),
        ("first", ["--since=hier"], "hier"),
        ("revoked", [], "déjà révoquée"),
    ],
)
def test_a_revocation_that_says_nothing_or_comes_twice_is_refused(
    first: SigningKey, key: str, options: list[str], sentence: str
) -> None:
    if key == "revoked":
        revoke(first.pk)
    before = listed()
    with pytest.raises(CommandError, match=sentence):
        revoke(key if key[0] == "0" else first.pk, *options)
    assert listed() == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE governance_signingkey SET public_key = repeat('a', 64)",
        "UPDATE governance_signingkey SET id = repeat('a', 16)",
        "UPDATE governance_signingkey SET revoked_at = NULL, revoked_reason = '' WHERE revoked_reason <> ''",
        "UPDATE governance_signingkey SET revoked_reason = 'autre' WHERE revoked_reason <> ''",
        "DELETE FROM governance_signingkey",
        "SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE governance_signingkey CASCADE",
    ],
)
def test_the_database_keeps_keys_and_revocations_for_ever(first: SigningKey, statement: str) -> None:
    revoke(first.pk)
    before = listed()
    stays = pytest.raises(DatabaseError, match="stay for ever")
    with stays, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert listed() == before


def test_a_key_is_hexadecimal_and_a_revocation_says_why(first: SigningKey) -> None:
    with pytest.raises(IntegrityError, match="governance_signing_key_is_hexadecimal"), transaction.atomic():
        SigningKey.objects.create(pk="A" * 16, public_key=first.public_key, valid_from=clock.now())
    with pytest.raises(IntegrityError, match="governance_revoked_signing_key_says_why"):
        SigningKey.objects.filter(pk=first.pk).update(revoked_at=clock.now())
