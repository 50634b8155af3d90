"""Who may close what: a level is set by those who edit the object, and never above what they reach themselves."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import InvalidInput, RuleViolated, Violation
from governance.actor import Actor
from governance.enums import Confidentiality

# Everybody in a cooperation reaches them, and the operator who ties its first members reaches nothing else.
_OPEN = frozenset({Confidentiality.PUBLIC, Confidentiality.NETWORK})


def require_level(level: str, actor: Actor, cooperation_ids: Iterable[UUID]) -> None:
    """Raises InvalidInput `level_not_allowed` for the level of one organisation, which would leave the coordination
    out; RuleViolated `level_above_yours` for one that the actor reaches in none of these cooperations."""
    if level == Confidentiality.RESTRICTED:
        detail = _("La coordination en a toujours connaissance : ce niveau la laisserait dehors.")
        raise InvalidInput(Violation("level_not_allowed", detail, "/confidentiality"))
    if level not in _OPEN and not any(actor.may_know(pk, level) for pk in cooperation_ids):
        detail = _("Vous n’atteignez pas ce niveau : demandez à qui l’atteint de le poser.")
        raise RuleViolated(Violation("level_above_yours", detail, "/confidentiality"))


def require_new_level(obj: Any, changes: Any, actor: Actor, cooperation_ids: Iterable[UUID]) -> None:
    """The same for a change: a level that the object has already is nobody's choice."""
    wanted = changes.get("confidentiality", obj.confidentiality)
    if wanted != obj.confidentiality:
        require_level(wanted, actor, cooperation_ids)
