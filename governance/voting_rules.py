"""What charters knows of the voting rules that governance keeps: whether one can be applied, and whether one was.

Governance stores the rule sets of boards but imports nothing of charters, which counts the votes and registers here.
"""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from coopproject.exceptions import Violation

if TYPE_CHECKING:
    from governance.models import VotingRule

# (definition, JSON pointer under which it lies) -> why it cannot be applied
type Validator = Callable[[object, str], Iterable[Violation]]
type Usage = Callable[["VotingRule"], bool]
_validators: dict[str, Validator] = {}
_usages: dict[str, Usage] = {}


def register_validator(name: str, validator: Validator) -> None:
    """Called from an app's `ready()`. A name registers once."""
    if _validators.setdefault(name, validator) is not validator:
        raise ValueError(f"voting rule validator {name} registered twice")


def register_usage(name: str, usage: Usage) -> None:
    """Say how to know that votes were counted by a rule: from then on it is followed by another, never changed."""
    if _usages.setdefault(name, usage) is not usage:
        raise ValueError(f"voting rule usage {name} registered twice")


def violations(definition: object, pointer: str) -> list[Violation]:
    """Every reason why the definition cannot be applied."""
    return [violation for name in sorted(_validators) for violation in _validators[name](definition, pointer)]


def in_use(rule: "VotingRule") -> bool:
    """Whether a vote was counted by this rule."""
    return any(_usages[name](rule) for name in sorted(_usages))
