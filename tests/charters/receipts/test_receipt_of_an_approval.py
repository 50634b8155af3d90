"""`GET /approvals/{id}/receipt/`: what an approval leaves as evidence, and for whom."""

import base64
import datetime as dt
import json
from typing import Any

import pytest
import rfc8785
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from django.db import DatabaseError, connection, transaction

from charters.models import Approval, BoardDeliberation, Receipt, Regularisation
from charters.services.approvals import approve
from coopproject.models import new_id
from governance import signing
from governance.models import JournalEntry, SigningKey
from tests.cast import PLAIN_RULE, Cast
from tests.charters.factories import actor_of, make_submitted, minutes, vote
from tests.charters.receipts.verifier import approved, keys, receipt_of, verdict
from tests.clock import set_clock
from tests.requests import act

OTHER_KEY = "5" * 63 + "e"


def test_a_receipt_says_who_approved_what_when_and_by_which_votes(cast: Cast) -> None:
    approval = approved(cast)
    receipt = json.loads(receipt_of(cast, approval))["receipt"]
    version, entry = approval.charter_version, JournalEntry.objects.get(act="charter_version.board_approved")
    assert receipt["format"] == "coopproject.receipt/1"
    assert receipt["issuer"] == "http://testserver"
    assert receipt["cooperation"] == {
        "id": str(cast.cooperation.pk),
        "name": "La Belle Équipe",
        "zone": "Europe/Paris",
    }
    assert receipt["charter"] == {"id": str(version.charter_id), "title": "Charte de la Belle Équipe"}
    assert receipt["charter_version"] == {
        "id": str(version.pk),
        "number": 1,
        "content_hash": version.content_hash,
    }
    assert receipt["organisation"] == {
        "id": str(cast.alpha.pk),
        "name": "Alpha",
        "siren": cast.alpha.siren,
        "rna": None,
        "local_register": None,
    }
    assert receipt["approval"] == {
        "id": str(approval.pk),
        "approved_on": cast.today.isoformat(),
        "round": 1,
        "recorded_at": entry.recorded_at.isoformat(),
        "actor": f"person:{cast.chair_alpha.pk}",
        "authenticated_by": "token",
    }
    assert receipt["journal"] == {
        "chain": str(cast.cooperation.pk),
        "entry": str(entry.pk),
        "sequence": entry.sequence,
        "hash": entry.hash,
    }
    vote = receipt["deliberation"]
    assert vote["board"] == {"id": str(cast.alpha.boards.get().pk), "body": "ca"}
    assert (vote["held_on"], vote["call"], vote["result"]) == (cast.today.isoformat(), 1, "adopted")
    assert vote["figures"]["votes_for"] == 5
    assert (vote["figures"]["present"], vote["figures"]["in_office"]) == (6, 9)
    assert (vote["figures"]["remote_kind"], vote["figures"]["proxies_by_holder"]) == (None, None)
    assert vote["voting_rule"]["id"] == str(cast.alpha.boards.get().voting_rules.get().pk)
    assert vote["voting_rule"]["definition"]["majority"] == PLAIN_RULE["majority"]
    assert vote["quorum"] == {
        "met": True,
        "counted": 6,
        "base": 9,
        "needed": "4 1/2",
        "formula": "6 ≥ 4 1/2 (1/2 × 9 en exercice)",
    }
    assert vote["majority"] == {"base": None, "tie_break": None, "formula": "5 pour > 1 contre"}
    assert vote["minutes"] == {"reference": "PV 2026-11", "sha256": None}
    assert vote["recorded_by"] == {"person": str(cast.chair_alpha.pk), "capacity": "board_chair"}
    assert (vote["mode"], vote["ballot"], vote["irregular_codes"], vote["regularisation"]) == (
        "recorded",
        None,
        [],
        None,
    )


def test_it_holds_no_name_nor_address_of_a_person(cast: Cast) -> None:
    said = receipt_of(cast, approved(cast)).decode()
    for person in cast.everyone.values():
        for value in (person.given_name, person.family_name, person.email):
            assert value not in said


def test_its_signature_is_that_of_the_published_key_on_the_canonical_receipt(cast: Cast) -> None:
    document = json.loads(receipt_of(cast, approved(cast)))
    (published,) = json.loads(keys())["results"]
    assert document["receipt"]["signing_key"] == {
        "id": published["id"],
        "algorithm": "ed25519",
        "public_key": published["public_key"],
    }
    key = Ed25519PublicKey.from_public_bytes(bytes.fromhex(published["public_key"]))
    key.verify(base64.b64decode(document["signature"]), rfc8785.dumps(document["receipt"]))


def test_it_is_the_same_bytes_whatever_changes_afterwards(cast: Cast, settings: Any) -> None:
    approval = approved(cast)
    first = receipt_of(cast, approval)
    type(cast.alpha).objects.filter(pk=cast.alpha.pk).update(name="Alpha et compagnie")
    type(cast.cooperation).objects.filter(pk=cast.cooperation.pk).update(name="Autre nom")
    settings.SITE_URL, settings.RECEIPT_SIGNING_KEY = "https://ailleurs.example", OTHER_KEY
    set_clock(cast.today + dt.timedelta(days=400))
    assert receipt_of(cast, approval) == first
    assert first == rfc8785.dumps(json.loads(first))


def test_a_browser_that_has_it_already_is_told_so(cast: Cast) -> None:
    approval = approved(cast)
    client, url = cast.api(cast.observer), f"/api/v1/approvals/{approval.pk}/receipt/"
    first = client.get(url)
    again = client.get(url, headers={"If-None-Match": first["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert client.get(f"{url}?as_of=2026-01-01").status_code == 400


def test_a_board_that_refuses_leaves_no_receipt(cast: Cast) -> None:
    vote(cast, make_submitted(cast), cast.alpha, {"present": 6, "votes_for": 1, "votes_against": 5, "votes_abstain": 0})
    assert (BoardDeliberation.objects.count(), Receipt.objects.count()) == (1, 0)


def test_the_last_approval_and_the_entry_into_force_do_not_alter_each_other(cast: Cast) -> None:
    version = make_submitted(cast)
    for organisation in (cast.alpha, cast.beta, cast.gamma):
        vote(cast, version, organisation)
    version.refresh_from_db()
    assert version.state == "in_force"
    for approval in Approval.objects.all():
        assert verdict(receipt_of(cast, approval), keys=keys())[0] == 0


def test_a_vote_held_too_early_and_confirmed_says_both(cast: Cast) -> None:
    version = make_submitted(cast)
    early = vote(cast, version, cast.alpha)
    early.pk, early.organisation, early.board = new_id(), cast.beta, cast.beta.boards.get()
    early.voting_rule = early.board.voting_rules.get()
    early.irregular, early.irregular_codes = True, ["consultation_open"]
    early.save(force_insert=True)
    regularisation = Regularisation.objects.create(
        cooperation=cast.cooperation,
        deliberation=early,
        ratified_on=cast.today,
        minutes_reference="PV 13",
        reason="La consultation est close.",
        recorded_by=cast.chair_beta,
        capacity="board_chair",
    )
    approval = approve(early, actor=actor_of(cast.chair_beta), approved_on=cast.today)
    said = receipt_of(cast, approval)
    told = json.loads(said)["receipt"]["deliberation"]
    assert told["irregular_codes"] == ["consultation_open"]
    assert told["regularisation"] == {
        "id": str(regularisation.pk),
        "ratified_on": cast.today.isoformat(),
        "minutes": {"reference": "PV 13", "sha256": None},
        "recorded_by": {"person": str(cast.chair_beta.pk), "capacity": "board_chair"},
    }
    code, words = verdict(said, keys=keys())
    assert (code, f"confirmed on {cast.today}" in words) == (0, True)


def test_a_rotated_key_signs_what_follows_and_the_old_receipt_still_verifies(cast: Cast, settings: Any) -> None:
    version = make_submitted(cast)
    vote(cast, version, cast.alpha)
    settings.RECEIPT_SIGNING_KEY = OTHER_KEY
    vote(cast, version, cast.beta)
    old, new = (receipt_of(cast, Approval.objects.get(organisation=who)) for who in (cast.alpha, cast.beta))
    names = [json.loads(receipt)["receipt"]["signing_key"]["id"] for receipt in (old, new)]
    assert len(set(names)) == 2
    assert names[1] == signing.key_id(signing.public_key())
    assert [verdict(receipt, keys=keys())[0] for receipt in (old, new)] == [0, 0]


def test_with_a_revoked_key_nothing_is_approved(cast: Cast) -> None:
    version = make_submitted(cast)
    SigningKey.objects.update(revoked_at="2026-01-01T00:00:00Z", revoked_reason="Volée")
    before = (Approval.objects.count(), BoardDeliberation.objects.count(), JournalEntry.objects.count())
    body = minutes(version, cast.alpha, cast.today)
    response = act(cast.api(cast.chair_alpha), "/api/v1/board-deliberations/", body)
    assert (response.status_code, response.json()["errors"][0]["code"]) == (409, "signing_key_revoked")
    assert (Approval.objects.count(), BoardDeliberation.objects.count(), JournalEntry.objects.count()) == before


def test_an_approval_of_elsewhere_has_no_receipt_and_says_why(cast: Cast) -> None:
    """What a dossier tells was not seen here: it is not signed here."""
    approval = approved(cast)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("DELETE FROM charters_receipt")
        cursor.execute("SET LOCAL session_replication_role = origin")
    response = cast.api(cast.observer).get(f"/api/v1/approvals/{approval.pk}/receipt/")
    assert (response.status_code, response.json()["code"]) == (404, "no_receipt")
    assert "dossier" in response.json()["detail"]
    shown = cast.api(cast.observer).get(f"/api/v1/approvals/{approval.pk}/").json()
    assert shown["has_receipt"] is False


def test_an_approval_tells_that_it_has_a_receipt(cast: Cast) -> None:
    approved(cast)
    (row,) = cast.api(cast.observer).get("/api/v1/approvals/").json()["results"]
    assert row["has_receipt"] is True


@pytest.mark.parametrize("who", ["stranger", "foreign_coordinator", "former_chair", None])
def test_whoever_may_not_know_of_the_approval_has_no_receipt(cast: Cast, who: str | None) -> None:
    approval = approved(cast)
    response = cast.api(cast.everyone[who] if who else None).get(f"/api/v1/approvals/{approval.pk}/receipt/")
    assert (response.status_code, response.json()["code"]) == (
        (404, "not_found") if who else (401, "not_authenticated")
    )


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE charters_receipt SET signature = 'x'",
        "DELETE FROM charters_receipt",
        "SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE charters_receipt",
    ],
)
def test_the_database_keeps_a_receipt_as_it_is(cast: Cast, statement: str) -> None:
    approved(cast)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert Receipt.objects.count() == 1
