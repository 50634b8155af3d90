"""The exact text that the parties sign: gathered from the rows, written once in RFC 8785 canonical JSON."""

from collections.abc import Iterable, Iterator
from typing import Any

from charters.models import Agreement, AgreementCostKey, AgreementParty
from charters.rules import content as rules
from coopproject.exceptions import Violation

FORMAT = "coopproject.agreement/1"
TEXTS = (
    "title",
    "scope",
    "object_pilots",
    "object_milestones",
    "object_key_actors",
    "object_ad_hoc_structure",
    "mandate_scope",
    "mandate_limits",
    "confidentiality_clause",
)
_DATES = ("starts_on", "ends_on", "confidential_until")
_PLAIN = ("kind", "number", "renewal", "renewal_months", "max_renewals", "notice_months", "notice_days")


def agreement_content(
    agreement: Agreement,
    parties: Iterable[AgreementParty],
    cost_keys: Iterable[AgreementCostKey],
    replaced_hash: str | None,
) -> dict[str, Any]:
    """What is signed. An amendment names the text that it replaces by its hash; people are named by their signature."""
    days = {name: getattr(agreement, name) for name in _DATES}
    plain = {name: getattr(agreement, name) for name in _PLAIN}
    return {
        "format": FORMAT,
        **{name: rules.normalise(getattr(agreement, name)) for name in TEXTS},
        **{name: day.isoformat() if day else None for name, day in days.items()},
        **{name: str(value) if isinstance(value, str) else value for name, value in plain.items()},
        "confidentiality": str(agreement.confidentiality),
        "mandatary": str(agreement.mandatary_id) if agreement.mandatary_id else None,
        "replaces": replaced_hash,
        "parties": [
            {"organisation": str(party.organisation_id), "role": rules.normalise(party.role)}
            for party in sorted(parties, key=lambda party: party.position)
        ],
        "cost_keys": [
            {
                "label": rules.normalise(key.label),
                "basis": str(key.basis),
                "shares": dict(key.shares),
                "note": rules.normalise(key.note),
            }
            for key in sorted(cost_keys, key=lambda key: key.position)
        ],
    }


def freeze_agreement(agreement: Agreement, content: dict[str, Any]) -> None:
    """Write the canonical text and its SHA-256 on the agreement; the caller saves."""
    agreement.content = rules.canonical_bytes(content).decode()
    agreement.content_hash = rules.content_hash(content)


def unreadable_texts(
    agreement: Agreement, parties: Iterable[AgreementParty], cost_keys: Iterable[AgreementCostKey]
) -> Iterator[Violation]:
    """Control characters anywhere in what is signed."""
    for name in TEXTS:
        yield from rules.unreadable(getattr(agreement, name), f"/{name}")
    for index, party in enumerate(parties):
        yield from rules.unreadable(party.role, f"/parties/{index}/role")
    for index, key in enumerate(cost_keys):
        yield from rules.unreadable(key.label, f"/cost_keys/{index}/label")
        yield from rules.unreadable(key.note, f"/cost_keys/{index}/note")
