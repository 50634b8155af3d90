"""What charters knows of the voting rules that governance keeps: whether one can be applied, whether one was, and what
one makes of the figures of a vote.

Governance stores the rule sets of boards but imports nothing of charters, which counts the votes and registers here.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from coopproject.exceptions import Violation

if TYPE_CHECKING:
    from governance.models import VotingRule

# (definition, JSON pointer under which it lies) -> why it cannot be applied
type Validator = Callable[[object, str], Iterable[Violation]]
type Usage = Callable[["VotingRule"], bool]


@dataclass(frozen=True)
class Counted:
    """`result`: `adopted`, `rejected`, `no_quorum` or `revote`. `explanation`: the sum that decided, in French."""

    result: str
    explanation: str


# (definition, figures of the minutes by the name of their column) -> what the rule makes of them
type Counter = Callable[[object, Mapping[str, Any]], Counted]
_counters: dict[str, Counter] = {}
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


def register_counter(name: str, counter: Counter) -> None:
    """Say how votes are counted. There is one way to count them."""
    if _counters and name not in _counters:
        raise ValueError(f"votes are counted by {next(iter(_counters))} already")
    if _counters.setdefault(name, counter) is not counter:
        raise ValueError(f"voting rule counter {name} registered twice")


def count(definition: object, figures: Mapping[str, Any]) -> Counted:
    """What the rule set makes of the minutes of one vote.

    Raises InvalidInput for figures that cannot come from one meeting, each pointing to its column.
    """
    (counter,) = _counters.values()
    return counter(definition, figures)


def violations(definition: object, pointer: str) -> list[Violation]:
    """Every reason why the definition cannot be applied."""
    return [violation for name in sorted(_validators) for violation in _validators[name](definition, pointer)]


def in_use(rule: "VotingRule") -> bool:
    """Whether a vote was counted by this rule."""
    return any(_usages[name](rule) for name in sorted(_usages))
