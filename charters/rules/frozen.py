"""What a frozen content says of its own entry into force: the rule, the parties, the annexes and the terms of review,
as they were put to the vote."""

import json
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from typing import Any

from charters.rules.amendments import CONTEST_DAYS
from charters.rules.carrying import frozen_annexes
from charters.rules.content import AnnexText
from charters.rules.entry_into_force import EntryRule, Party
from charters.rules.staleness import Expiry, ReviewTerms


@dataclass(frozen=True)
class FrozenTerms:
    """What a version was submitted with; the parties as (organisation, circle)."""

    stated_rule: EntryRule
    circles: tuple[tuple[str, str], ...]
    annexes: tuple[AnnexText, ...] = ()
    review: ReviewTerms = field(default_factory=ReviewTerms)
    contest_days: int = CONTEST_DAYS
    exit_notice_months: int | None = None

    @property
    def rule(self) -> EntryRule:
        """The frozen rule. `m` was checked on submission: a party that leaves must not make the rule impossible."""
        return replace(self.stated_rule, m=None)

    def parties(self, staying: Collection[str]) -> tuple[Party, ...]:
        """The parties that are among `staying`, in the order of the content."""
        return parties_of([(id_, circle) for id_, circle in self.circles if id_ in staying])


def parties_of(circles: list[tuple[str, str]]) -> tuple[Party, ...]:
    """Parties from (organisation, circle); their weights, where the rule weighs, are stated by the rule."""
    return tuple(Party(id_, circle) for id_, circle in circles)


def frozen_terms(content: str) -> FrozenTerms:
    """Read the canonical JSON of a version that left the draft. Raises `InvalidInput` when it says no rule.

    A text that says nothing of its reviews has approvals that do not expire; of leaving, no notice.
    """
    data = json.loads(content)
    facts = data.get("frozen_facts") or {}
    circles = tuple((str(party["organisation"]), str(party["circle"])) for party in facts.get("parties") or [])
    review = facts.get("review")
    leaving = facts.get("exit")
    return FrozenTerms(
        EntryRule.from_dict(data.get("entry_rule")),
        circles,
        frozen_annexes(data),
        ReviewTerms(int(review["every_months"]), Expiry(review["approvals_expire"])) if review else ReviewTerms(),
        facts.get("editorial_contest_days", CONTEST_DAYS),
        int(leaving["notice_months"]) if leaving else None,
    )


def frozen_motivations(content: str) -> list[dict[str, Any]]:
    """The motivations, with their effects, that a version that left the draft was frozen with."""
    return list((json.loads(content).get("frozen_facts") or {}).get("motivations") or [])
