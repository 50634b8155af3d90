"""What a frozen content says of its own entry into force: the rule and the parties, as they were put to the vote."""

import json
from dataclasses import dataclass, replace
from typing import Any

from charters.rules.entry_into_force import EntryRule, Party


@dataclass(frozen=True)
class FrozenTerms:
    """The rule, and the parties as (organisation, circle), that a version was submitted with."""

    stated_rule: EntryRule
    circles: tuple[tuple[str, str], ...]

    @property
    def rule(self) -> EntryRule:
        """The frozen rule. `m` was checked on submission: a party that leaves must not make the rule impossible."""
        return replace(self.stated_rule, m=None)

    def parties(self, staying: set[str]) -> tuple[Party, ...]:
        """The parties that are among `staying`, in the order of the content."""
        return parties_of([(id_, circle) for id_, circle in self.circles if id_ in staying])


def parties_of(circles: list[tuple[str, str]]) -> tuple[Party, ...]:
    """Parties from (organisation, circle); their weights, where the rule weighs, are stated by the rule."""
    return tuple(Party(id_, circle) for id_, circle in circles)


def frozen_terms(content: str) -> FrozenTerms:
    """Read the canonical JSON of a version that left the draft. Raises `InvalidInput` when it says no rule."""
    data = json.loads(content)
    parties = (data.get("frozen_facts") or {}).get("parties") or []
    circles = tuple((str(party["organisation"]), str(party["circle"])) for party in parties)
    return FrozenTerms(EntryRule.from_dict(data.get("entry_rule")), circles)


def frozen_motivations(content: str) -> list[dict[str, Any]]:
    """The motivations, with their effects, that a version that left the draft was frozen with."""
    return list((json.loads(content).get("frozen_facts") or {}).get("motivations") or [])
