"""Who may do what, as data. A policy knows roles, never states or dates: those belong to rules.

    decision = Policy(create=holds(COORDINATION), update=holds(COORDINATION), take=holds(COORDINATION))

An act that is not listed is refused to everybody. Each grant also says whom it lets, for the refusals and for the
OpenAPI document: a reader who may not act is told to whom the act belongs, and never who they are.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coopproject import wording

# (actor, object) -> may they? For `create` the object is the validated input, completed with its parents' ids.
type Test = Callable[[Any, Any], bool]


@dataclass(frozen=True)
class Grant:
    """A test, and the words for whoever passes it: capacities, never names (« coordination », « l’auteur »)."""

    test: Test
    who: tuple[str | Promise, ...]

    def __call__(self, actor: Any, obj: Any) -> bool:
        return self.test(actor, obj)


def granted_to(*who: str | Promise) -> Callable[[Test], Grant]:
    """Make a grant of a test: `@granted_to(_("la personne désignée"))`."""
    return lambda test: Grant(test, who)


def either(*grants: Grant) -> Grant:
    """Any of these suffices."""
    return Grant(lambda actor, obj: any(grant(actor, obj) for grant in grants), sum((one.who for one in grants), ()))


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

    def who_may(self, act: str) -> str:
        """Whom the act belongs to, in the reader's language: « coordination ; la personne désignée ». Empty: nobody."""
        grant = self.create if act == "create" else self.acts.get(act)
        return " ; ".join(dict.fromkeys(map(str, grant.who))) if grant else ""

    def refusal(self, act: str) -> str | Promise:
        """The sentence for somebody who may know of the object and not do this."""
        if who := self.who_may(act):
            return wording.filled(_("Vous pouvez connaître cet objet, mais cet acte revient à : %(who)s."), who=who)
        return _("Vous pouvez connaître cet objet, mais cet acte n’est ouvert à personne par cette voie.")


READ_ONLY = Policy()
