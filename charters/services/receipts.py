"""The receipt of an approval: what was seen, in canonical JSON, signed in the transaction that saw it (ADR 0014)."""

import base64
import json
from typing import Any

import rfc8785
from django.conf import settings

from charters.models import Approval, BoardDeliberation, Receipt, Regularisation
from charters.rules import voting
from charters.rules.fractions import show_fraction
from charters.services.minutes import sha256_of, tally_of
from coopproject import wording
from governance import signing
from governance.actor import Actor
from governance.models import JournalEntry, Organisation, SigningKey
from governance.services.signing_keys import signing_key_for

FORMAT = "coopproject.receipt/1"
_FIGURES = (
    "in_office",
    "present",
    "represented",
    "votes_for",
    "votes_against",
    "votes_abstain",
    "votes_blank",
    "recused",
    "recused_represented",
    "remote",
    "remote_kind",
    "proxies_by_holder",
    "proxies_written",
    "proxies_same_body",
    "casting_vote",
    "open_objections",
)


def receipt_issue(*, approval: Approval, entry: JournalEntry, actor: Actor) -> Receipt:
    """Sign what was just recorded. `entry` is the line of the journal that says so.

    Raises RuleViolated `signing_key_revoked`: nothing is approved that could not be proved.
    """
    key = signing_key_for(at=entry.recorded_at)
    content = rfc8785.dumps(_content(approval, entry, actor, key))
    signature = base64.b64encode(signing.sign(content)).decode()
    receipt = Receipt(
        cooperation_id=approval.cooperation_id,
        approval=approval,
        content=content.decode(),
        key=key,
        signature=signature,
    )
    receipt.save(force_insert=True)
    return receipt


def _content(approval: Approval, entry: JournalEntry, actor: Actor, key: SigningKey) -> dict[str, Any]:
    """People are referenced, never named: a receipt outlives the erasure of a person."""
    version, vote = approval.charter_version, approval.deliberation
    charter = version.charter
    return {
        "format": FORMAT,
        "issuer": settings.SITE_URL,
        "signing_key": {"id": key.pk, "algorithm": signing.ALGORITHM, "public_key": key.public_key},
        "cooperation": {
            "id": str(charter.cooperation_id),
            "name": charter.cooperation.name,
            "zone": charter.cooperation.zone,
        },
        # The title that was voted: that of the charter may change.
        "charter": {"id": str(charter.pk), "title": json.loads(version.content).get("title", charter.title)},
        "charter_version": {
            "id": str(version.pk),
            "number": version.number,
            "content_hash": approval.content_hash,
        },
        "organisation": _organisation(approval.organisation),
        "approval": {
            "id": str(approval.pk),
            "approved_on": approval.approved_on.isoformat(),
            "round": approval.round,
            "recorded_at": entry.recorded_at.isoformat(),
            "actor": entry.actor,
            "authenticated_by": actor.means or None,
        },
        "deliberation": _deliberation(vote),
        "journal": {
            "chain": entry.chain,
            "entry": str(entry.pk),
            "sequence": entry.sequence,
            "hash": entry.hash,
        },
    }


def _organisation(organisation: Organisation) -> dict[str, Any]:
    return {
        "id": str(organisation.pk),
        "name": organisation.name,
        "siren": organisation.siren or None,
        "rna": organisation.rna or None,
        "local_register": organisation.local_register or None,
    }


def _deliberation(vote: BoardDeliberation) -> dict[str, Any]:
    assert vote.voting_rule is not None
    rule = voting.VotingRule.from_dict(vote.voting_rule.definition)
    with wording.in_the_language_of_records():
        counted = voting.result(tally_of(vote), rule)
        quorum, majority = str(counted.quorum.formula), str(counted.formula)
    needed = counted.quorum.needed
    return {
        "id": str(vote.pk),
        "mode": str(vote.mode),
        "ballot": str(vote.ballot) or None,
        "board": {"id": str(vote.board_id), "body": str(vote.board.body)},
        "held_on": vote.held_on.isoformat(),
        "call": vote.call,
        "first_call_on": vote.first_call_on.isoformat() if vote.first_call_on else None,
        "figures": {name: _figure(getattr(vote, name)) for name in _FIGURES},
        "voting_rule": {
            "id": str(vote.voting_rule_id),
            "valid_from": vote.voting_rule.valid_from.isoformat(),
            "source": vote.voting_rule.source,
            "definition": vote.voting_rule.definition,
        },
        "quorum": {
            "met": counted.quorum.met,
            "counted": counted.quorum.counted,
            "base": counted.quorum.base,
            "needed": None if needed is None else show_fraction(needed),
            "formula": quorum,
        },
        "majority": {"base": counted.base, "tie_break": counted.tie_break, "formula": majority},
        "result": str(vote.result),
        "minutes": {"reference": vote.minutes_reference, "sha256": sha256_of(vote.minutes_file)},
        "recorded_by": _recorded_by(vote),
        "irregular_codes": list(vote.irregular_codes),
        "regularisation": _regularisation(vote),
    }


def _regularisation(vote: BoardDeliberation) -> dict[str, Any] | None:
    """How the board confirmed a vote that came too early: what made it an approval."""
    found = Regularisation.objects.filter(deliberation=vote).first()
    if found is None:
        return None
    return {
        "id": str(found.pk),
        "ratified_on": found.ratified_on.isoformat(),
        "minutes": {"reference": found.minutes_reference, "sha256": sha256_of(found.minutes_file)},
        "recorded_by": _recorded_by(found),
    }


def _recorded_by(row: BoardDeliberation | Regularisation) -> dict[str, Any]:
    return {
        "person": str(row.recorded_by_id) if row.recorded_by_id else None,
        "capacity": str(row.capacity) or None,
    }


def _figure(value: Any) -> Any:
    """What is unknown or not chosen is null."""
    return None if value == "" else value
