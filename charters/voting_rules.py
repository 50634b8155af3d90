"""What charters tells governance of the voting rules that it keeps: whether one can be applied, whether one was, and
what one makes of the figures of a vote."""

from collections.abc import Iterable, Mapping
from typing import Any

from charters.models import BoardDeliberation
from charters.rules import voting
from charters.services.minutes import read_minutes
from coopproject import wording
from coopproject.exceptions import Violation
from governance.models import VotingRule
from governance.voting_rules import Counted


def violations(definition: object, pointer: str) -> Iterable[Violation]:
    """Every reason why the definition cannot count votes."""
    return voting.rule_violations(definition, pointer=pointer)


def in_use(rule: VotingRule) -> bool:
    """Whether a vote was counted by this rule: from then on it is followed by another, never changed."""
    return BoardDeliberation.objects.filter(voting_rule=rule).exists()


def count(definition: object, figures: Mapping[str, Any]) -> Counted:
    """The result of one vote by this rule set, and the sum that decided, in the language of records."""
    rule = voting.VotingRule.from_dict(definition)
    outcome = voting.result(read_minutes(figures, rule), rule)
    with wording.in_the_language_of_records():
        return Counted(outcome.outcome.value, str(outcome.formula))
