"""Delegations, circuits, votes, options and reviews go out and come back to the byte, and say what cannot be."""

import json
from copy import deepcopy
from typing import Any

import pytest
from django.db import transaction

from coopproject.exceptions import InvalidInput
from governance.actor import Actor
from governance.dossier import reading
from governance.models import AssemblyRule, Cooperation, Decision, DecisionVote, Delegation
from governance.services import dossiers
from tests.cast import PLAIN_RULE
from tests.governance.dossier.documents import minimal

pytestmark = pytest.mark.django_db
BATCH = Actor.system("test")


def document() -> dict[str, Any]:
    """A cooperation whose coordination decided by delegation, its assembly by a vote, and its boards not yet."""
    found = deepcopy(minimal())
    role = next(row for row in found["roles"] if row["kind"] == "coordination")
    role["ref"] = "ana-coordinates"
    board = found["boards"][0]
    board.setdefault("ref", "the-board")
    member = found["memberships"][0]["organisation"]
    common = {"state": "taken", "submitted_on": "D-90", "outcome": "Oui", "no_impact_reason": "Aucun effet"}
    found["delegations"] = [
        {
            "ref": "petits-achats",
            "role": "ana-coordinates",
            "subjects": ["achats"],
            "excluded_impacts": ["staff_volume"],
            "scope": "Fournitures",
            "ceiling": "500.00",
            "total_ceiling": "2000.00",
            "since": "D-200",
            "until": "D+165",
            "granted_by": "deleguer",
        }
    ]
    found["decision_circuits"] = [
        {
            "subject": "achats",
            "title": "Achats",
            "decided_by": "coordination",
            "asked": "Les directions",
            "ceiling": "500.00",
            "valid_from": "D-200",
        }
    ]
    found["assembly_rules"] = [{"valid_from": "D-400", "definition": PLAIN_RULE}]
    found["decisions"] += [
        {"ref": "deleguer", "title": "Déléguer", **common, "submitted_on": "D-230", "taken_on": "D-201"},
        {
            "ref": "acheter",
            "title": "Acheter du papier",
            **common,
            "subject": "achats",
            "decided_by": "coordination",
            "amount": "120.50",
            "delegation": "petits-achats",
            "taken_on": "D-80",
            "expected_outcome": "Moins cher",
            "review_on": "D+20",
            "reviews": [
                {"held_on": "D-20", "obtained": "Un peu", "conclusion": "kept", "next_review_on": "D+20"},
            ],
        },
        {
            "ref": "vehicule",
            "title": "Un véhicule",
            **common,
            "subject": "vehicule",
            "decided_by": "assembly",
            "taken_on": "D-60",
            "chosen_option": "louer",
            "superseded_by": "vendre",
            "out_of_force_on": "D-5",
            "options": [
                {"ref": "louer", "position": 1, "title": "Louer", "estimated_cost": "1200.00"},
                {"ref": "acheter-vehicule", "position": 2, "title": "Acheter"},
            ],
        },
        {"ref": "vendre", "title": "Ne plus louer", **common, "taken_on": "D-5", "supersedes": ["vehicule"]},
        {
            "ref": "chacun",
            "title": "Chaque conseil décide",
            "state": "submitted",
            "submitted_on": "D-9",
            "decided_by": "each_board",
            "concerned": [member],
            "no_impact_reason": "Aucun effet",
        },
    ]
    counts = {"present": 1, "votes_for": 1, "votes_against": 0}
    found["decision_votes"] = [
        {
            "decision": "vehicule",
            "option": "louer",
            "held_on": "D-61",
            "in_office": 1,
            **counts,
            "minutes_reference": "PV 1",
            "particulars": {"call": 1},
        },
        {
            "decision": "chacun",
            "board": board["ref"],
            "held_on": "D-3",
            "in_office": 1,
            **counts,
            "minutes_reference": "PV 2",
            "irregular": True,
            "irregular_codes": ["consultation_missing"],
            "ratified_on": "D-2",
            "ratified_reference": "PV 3",
            "ratified_reason": "Avis rendu",
        },
    ]
    return found


def exported(found: dict[str, Any]) -> str:
    return dossiers.dossier_export(dossiers.dossier_import(actor=BATCH, document=found).cooperation)


def test_what_was_decided_comes_back_to_the_byte() -> None:
    with transaction.atomic():
        first = exported(document())
        transaction.set_rollback(True)
    assert not Cooperation.objects.exists()
    assert exported(reading.read(first.encode())) == first
    written = json.loads(first)
    assembly, board = sorted(written["decision_votes"], key=lambda row: row["held_on"])
    assert (assembly["result"], assembly["in_office"], "board" in assembly) == ("adopted", 1, False)
    assert assembly["assembly_rule"] == str(AssemblyRule.objects.get().pk)
    assert board["explanation"] == "1 pour > 0 contre"
    assert Delegation.objects.get().granted_by == Decision.objects.get(title="Déléguer")
    assert DecisionVote.objects.get(board__isnull=False).voting_rule is not None
    assert Decision.objects.get(title="Un véhicule").superseded_by == Decision.objects.get(title="Ne plus louer")


def _of(found: dict[str, Any], ref: str) -> dict[str, Any]:
    row: dict[str, Any] = next(row for row in found["decisions"] if row.get("ref") == ref)
    return row


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda found: found["delegations"][0].pop("granted_by"), "governance_delegation_names_its_act"),
        (lambda found: found["delegations"][0].update(granted_by="chacun"), "not_in_force"),
        (lambda found: found["delegations"][0].update(granted_by="acheter"), "not_in_force"),
        (lambda found: found["delegations"][0].update(ceiling="-1.00"), "min_value"),
        (lambda found: found["delegations"][0].update(subjects=["Achats !"]), "item_invalid"),
        (lambda found: _of(found, "acheter").pop("delegation"), "delegation_missing"),
        (
            lambda found: _of(found, "acheter").pop("amount"),
            "governance_decision_of_coordination_says_its_amount",
        ),
        (lambda found: _of(found, "vehicule").pop("chosen_option"), "required"),
        (lambda found: _of(found, "vendre").update(supersedes=[]), "not_superseded_so"),
        (lambda found: _of(found, "vehicule").update(confidentiality="core"), "more_open_than_replaced"),
        (lambda found: _of(found, "acheter")["reviews"][0].update(held_on="D-81"), "out_of_order"),
        (lambda found: found["decision_votes"][1].update(ratified_on="2099-01-01"), "in_the_future"),
        (lambda found: found["decision_votes"][0].update(result="rejected"), "outcome_mismatch"),
        (lambda found: found["decision_votes"][0].update(votes_for=2), "more_votes_than_voters"),
        (lambda found: found["decision_votes"][0].update(particulars={"nothing": 1}), "unknown_field"),
        (lambda found: found["decision_votes"][0].update(decision="chacun"), "not_decided_so"),
        (
            lambda found: found["decision_votes"][1].update(option="acheter-vehicule"),
            "not_an_option",
        ),
        (lambda found: found["assembly_rules"][0].update(definition={}), "must_be_declared"),
        (lambda found: found.pop("assembly_rules"), "voting_rule_missing"),
    ],
)
def test_what_cannot_have_been_decided_so_is_refused_and_nothing_comes_in(change: Any, code: str) -> None:
    found = document()
    change(found)
    with pytest.raises(InvalidInput) as refused:
        dossiers.dossier_import(actor=BATCH, document=found)
    assert code in {violation.code for violation in refused.value.violations}, refused.value.violations
    assert not Cooperation.objects.exists()
