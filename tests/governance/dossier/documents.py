"""A small valid dossier, to spoil in one place at a time."""

import copy
from typing import Any

from tests.cast import PLAIN_RULE

_MINIMAL: dict[str, Any] = {
    "format": "coopproject-dossier",
    "format_version": 1,
    "reference_date": "2026-09-15",
    "cooperation": {"ref": "essai", "name": "Coopération d’essai", "types": ["faire_avec"], "started_on": "M-24/1"},
    "organisations": [
        {
            "ref": "alpha",
            "name": "Association Alpha",
            "siren": "100000009",
            "cse_status": "elected",
            "cse_first_elected_on": "2019-06-03",
            "is_fictitious": True,
            "headcounts": [{"month": "M-2/1", "value": "61.50"}, {"month": "M-1/1", "value": "62.00"}],
            "turnovers": [{"year": "Y-1", "amount": "1200000.00"}],
        },
        {"ref": "beta", "name": "Association Bêta", "rna": "W691234567", "is_fictitious": True},
    ],
    "people": [
        {"ref": "ana", "given_name": "Ana", "family_name": "Bel", "email": "ana.bel@essai.example"},
        {"ref": "zoe", "given_name": "Zoé", "family_name": "Œuvrard", "email": "zoe@essai.example"},
    ],
    "boards": [{"ref": "ca-alpha", "organisation": "alpha", "seats_in_office": 9}],
    "voting_rules": [{"board": "ca-alpha", "valid_from": "M-24/1", "definition": PLAIN_RULE}],
    "memberships": [
        {
            "ref": "membre-alpha",
            "organisation": "alpha",
            "joined_on": "M-24/1",
            "stays": [
                {"circle": "network", "since": "M-24/1", "until": "M-12/1"},
                {"circle": "core", "since": "M-12/2", "reason": "Confiance acquise."},
            ],
        },
        {"organisation": "beta", "joined_on": "M-6/1", "stays": [{"circle": "active", "since": "M-6/1"}]},
    ],
    "roles": [
        {"person": "ana", "kind": "coordination", "since": "M-24/1"},
        {"person": "zoe", "organisation": "alpha", "kind": "board_chair", "since": "M-24/1"},
    ],
    "decisions": [
        {
            "ref": "charte",
            "title": "Adopter la charte",
            "impact_flags": ["org_or_management"],
            "concerned": ["alpha"],
            "state": "submitted",
            "submitted_on": "D-60",
        }
    ],
    "consultations": [
        {
            "ref": "cse",
            "decision": "charte",
            "organisation": "alpha",
            "state": "opinion_given",
            "information_delivered_on": "2026-07-31",
            "information_complete": True,
            "opinion": "unfavourable",
            "opinion_on": "2026-08-20",
            "votes_for": 1,
            "votes_against": 4,
        }
    ],
}


def minimal() -> dict[str, Any]:
    """A fresh copy: one cooperation, two members, a decision and its consultation. Day of reference 15 September."""
    return copy.deepcopy(_MINIMAL)
