"""A state machine is a table: (state, transition) -> next state. `apply` is the only writer of `.state`.

Each app declares its tables in `states.py`; side effects belong to services, dates and reasons to rules.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coopproject import wording
from coopproject.exceptions import RuleViolated, Violation


class StateMachine[S: str, T: str]:
    """The transitions that an aggregate allows. A pair that is not in the table is refused."""

    def __init__(self, table: Mapping[tuple[S, T], S]) -> None:
        self.table = dict(table)

    def allows(self, state: S | str, transition: T | str) -> bool:
        return (state, transition) in self.table

    def transitions(self, state: S | str) -> Iterable[T]:
        """The transitions that leave this state."""
        return [transition for source, transition in self.table if source == state]

    def violations(self, state: S | str, transition: T | str) -> list[Violation]:
        """Empty when allowed; else the one violation `wrong_state`, which names the state."""
        if self.allows(state, transition):
            return []
        sentence = _("L’état actuel (« %(state)s ») ne permet pas cet acte.")
        return [Violation("wrong_state", wording.filled(sentence, state=self._label(state)))]

    def _label(self, state: S | str) -> str | Promise:
        """What people call the state; its value when the states are plain strings."""
        known = {*self.table.values(), *(source for source, _transition in self.table)}
        label: str | Promise = next((getattr(found, "label", found) for found in known if found == state), state)
        return label

    def apply(self, obj: Any, transition: T) -> None:
        """Move `obj.state`; the caller saves. Raises RuleViolated("wrong_state") when the table refuses."""
        if violations := self.violations(obj.state, transition):
            raise RuleViolated(*violations)
        obj.state = self.table[obj.state, transition]
