"""Who may do what, as data. A policy knows roles, never states or dates: those belong to rules.

    decision = Policy(create=holds(COORDINATION), update=holds(COORDINATION), take=holds(COORDINATION))

An act that is not listed is refused to everybody.
"""

from collections.abc import Callable
from typing import Any

# (actor, object) -> may they? For `create` the object is the validated input, completed with its parents' ids.
type Grant = Callable[[Any, Any], bool]


class Policy:
    """The acts of one kind of object. `read` is not an act: who sees an object (`visible_to`) may read it."""

    def __init__(self, *, create: Grant | None = None, **acts: Grant) -> None:
        self.create = create
        self.acts = acts

    def abilities(self, actor: Any, obj: Any) -> dict[str, bool]:
        """What this actor may do with this object; states may still refuse it for now."""
        return {act: grant(actor, obj) for act, grant in sorted(self.acts.items())}

    def allows(self, actor: Any, act: str, obj: Any) -> bool:
        grant = self.acts.get(act)
        return grant is not None and grant(actor, obj)

    def may_create(self, actor: Any, target: Any) -> bool:
        return self.create is not None and self.create(actor, target)


def either(*grants: Grant) -> Grant:
    """Any of these suffices."""
    return lambda actor, obj: any(grant(actor, obj) for grant in grants)


READ_ONLY = Policy()
