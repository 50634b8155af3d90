"""Agreements in a dossier: a text still matches its hash and its signatures once it comes from elsewhere."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from charters.models import Agreement
from charters.rules import content as rules
from coopproject.exceptions import InvalidInput
from governance.actor import Actor
from governance.models import Cooperation
from governance.services import dossiers
from tests.cast import Cast
from tests.charters.factories import make_agreed, make_agreement, make_proposed
from tests.governance.dossier.documents import minimal

pytestmark = pytest.mark.django_db
BATCH = Actor.system("test")


def _with_agreement() -> dict[str, Any]:
    """An agreement in force whose notice was given, and the amendment in preparation; nobody wrote a hash."""
    document = minimal()
    document["agreements"] = [
        {
            "ref": "avenant",
            "title": "Convention, avenant",
            "number": 2,
            "replaces": "convention",
            "scope": "Un minibus.",
            "starts_on": "D+30",
            "state": "proposed",
            "proposed_at": "D-3T09:00:00Z",
            "agreement_parties": [{"organisation": "alpha", "position": 1}, {"organisation": "beta", "position": 2}],
        },
        {
            "ref": "convention",
            "title": "Convention",
            "scope": "Un minibus.",
            "mandatary": "alpha",
            "mandate_scope": "Assurer.",
            "starts_on": "2026-01-01",
            "ends_on": "2026-12-31",
            "renewal": "tacit",
            "renewal_months": 12,
            "notice_months": 4,
            "state": "in_force",
            "proposed_at": "D-90T09:00:00Z",
            "in_force_on": "D-60",
            "notice_given_on": "D-2",
            "notice_by": "beta",
            "agreement_parties": [
                {
                    "organisation": "alpha",
                    "position": 1,
                    "signed_on": "D-80",
                    "signatory": "zoe",
                    "capacity": "board_chair",
                },
                {"organisation": "beta", "position": 2, "signed_on": "D-60", "capacity": "director"},
            ],
            "agreement_cost_keys": [
                {
                    "position": 1,
                    "label": "Assurance",
                    "basis": "fixed_shares",
                    "shares": {"alpha": 7500, "beta": 2500},
                }
            ],
        },
    ]
    return document


def _exported() -> dict[str, Any]:
    with transaction.atomic():
        cooperation = dossiers.dossier_import(actor=BATCH, document=_with_agreement()).cooperation
        text = dossiers.dossier_export(cooperation)
        transaction.set_rollback(True)
    document: dict[str, Any] = json.loads(text)
    document["agreements"].sort(key=lambda row: row.get("number", 1))
    return document


def test_a_text_left_to_be_frozen_is_frozen_and_a_notice_left_to_be_counted_is_counted() -> None:
    dossiers.dossier_import(actor=BATCH, document=_with_agreement())
    first, second = Agreement.objects.order_by("number")
    frozen = json.loads(first.content)
    assert first.content_hash == rules.content_hash(frozen)
    parties = list(first.parties.order_by("position").values_list("organisation_id", flat=True))
    assert [party["organisation"] for party in frozen["parties"]] == [str(pk) for pk in parties]
    assert frozen["cost_keys"][0]["shares"] == {str(parties[0]): 7500, str(parties[1]): 2500}
    assert json.loads(second.content)["replaces"] == first.content_hash
    # Four months before 31 December is 31 August: on 13 September it is late.
    assert first.notice_ends_on is not None
    assert first.notice_ends_on.isoformat() == "2027-12-31"


def test_it_comes_back_to_the_byte() -> None:
    first = json.dumps(_exported())
    again = dossiers.dossier_import(actor=BATCH, document=json.loads(first)).cooperation
    found = json.loads(dossiers.dossier_export(again))
    found["agreements"].sort(key=lambda row: row.get("number", 1))
    assert json.dumps(found) == first


def put(*path: Any, value: Any) -> Callable[[dict[str, Any]], None]:
    def spoil(document: dict[str, Any]) -> None:
        where: Any = document
        for part in path[:-1]:
            where = where[part]
        where[path[-1]] = value

    return spoil


FIRST = ("agreements", 0)
CASES: dict[str, tuple[Callable[[dict[str, Any]], None], tuple[str, str]]] = {
    "one letter of the text": (
        put(*FIRST, "scope", value="Un mini-bus."),
        ("/agreements/0/content", "content_mismatch"),
    ),
    "another share": (
        put(*FIRST, "agreement_cost_keys", 0, "shares", value={}),
        ("/agreements/0/content", "content_mismatch"),
    ),
    "shares that are a list": (
        put(*FIRST, "agreement_cost_keys", 0, "shares", value=[1]),
        ("/agreements/0/agreement_cost_keys/0/shares", "invalid"),
    ),
    "another hash": (put(*FIRST, "content_hash", value="0" * 64), ("/agreements/0/content_hash", "hash_mismatch")),
    "a content that is not canonical": (
        put(*FIRST, "content", value='{"b": 1, "a": 2}'),
        ("/agreements/0/content", "content_not_canonical"),
    ),
    "in force without a signature": (
        put(*FIRST, "agreement_parties", 1, value={"organisation": "beta", "position": 2}),
        ("/agreements/0/agreement_parties/1/signed_on", "not_signed"),
    ),
    "a signature before the proposal": (
        put(*FIRST, "agreement_parties", 0, "signed_on", value="2026-06-01"),
        ("/agreements/0/agreement_parties/0/signed_on", "signed_before_proposal"),
    ),
    "a signature to come": (
        put(*FIRST, "agreement_parties", 0, "signed_on", value="2099-06-01"),
        ("/agreements/0/agreement_parties/0/signed_on", "in_the_future"),
    ),
    "a notice that ends it another day": (
        put(*FIRST, "notice_ends_on", value="2026-12-31"),
        ("/agreements/0/notice_ends_on", "notice_differs"),
    ),
    "a notice longer than the term": (
        put(*FIRST, "notice_months", value=13),
        ("/agreements/0/notice_months", "notice_longer_than_term"),
    ),
}


@pytest.mark.parametrize(("spoil", "expected"), CASES.values(), ids=CASES.keys())
def test_an_agreement_that_does_not_hold_together_is_refused(
    spoil: Callable[[dict[str, Any]], None], expected: tuple[str, str]
) -> None:
    document = _exported()
    beta = document["agreements"][0]["agreement_parties"][1]["organisation"]
    spoil(document)
    for party in document["agreements"][0]["agreement_parties"]:
        party["organisation"] = beta if party["organisation"] == "beta" else party["organisation"]
    with pytest.raises(InvalidInput) as refused:
        dossiers.dossier_import(actor=BATCH, document=document)
    assert expected in {(found.pointer, found.code) for found in refused.value.violations}
    assert not Cooperation.objects.exists()


def test_the_coordination_exports_what_it_may_know_of_and_not_what_is_for_the_parties_only(cast: Cast) -> None:
    agreed = make_agreed(cast)
    secret = make_proposed(cast)
    Agreement.objects.filter(pk=secret.pk).update(confidentiality="restricted")
    draft = make_agreement(cast)
    response = cast.api(cast.coordinator).get(f"/api/v1/cooperations/{cast.cooperation.pk}/export/")
    said = json.loads(response.content)
    assert {row["ref"] for row in said["agreements"]} == {str(agreed.pk), str(draft.pk)}
    assert str(secret.pk) not in response.content.decode()
