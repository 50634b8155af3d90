"""What charters tells governance of the voting rules that it keeps: whether one can be applied, and whether one was."""

from collections.abc import Iterable

from charters.models import BoardDeliberation
from charters.rules import voting
from coopproject.exceptions import Violation
from governance.models import VotingRule


def violations(definition: object, pointer: str) -> Iterable[Violation]:
    """Every reason why the definition cannot count votes."""
    return voting.rule_violations(definition, pointer=pointer)


def in_use(rule: VotingRule) -> bool:
    """Whether a vote was counted by this rule: from then on it is followed by another, never changed."""
    return BoardDeliberation.objects.filter(voting_rule=rule).exists()
