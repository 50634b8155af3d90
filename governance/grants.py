"""The words in which policies are written: which role opens which act (docs/reference/permissions.md)."""

from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from coopproject import wording
from coopproject.api.policy import Grant, granted_to
from governance.actor import Actor
from governance.enums import RoleKind


def _value(obj: Any, path: str) -> Any:
    for part in path.split("."):
        obj = getattr(obj, part, None)
        if obj is None:
            return None
    return obj


def named(*kinds: str) -> Promise:
    """« présidence, direction »."""
    return format_lazy(", ".join("{}" for _kind in kinds), *(RoleKind(kind).label for kind in kinds))


def of_the_organisation(*kinds: str) -> Promise:
    """« présidence, direction de l’organisation concernée »."""
    return wording.filled(_("%(roles)s de l’organisation concernée"), roles=named(*kinds))


def holds(*kinds: RoleKind) -> Grant:
    """A role of one of these kinds anywhere in the cooperation of the object."""

    @granted_to(named(*kinds))
    def grant(actor: Actor, obj: Any) -> bool:
        cooperation_id = _value(obj, "cooperation_id")
        return cooperation_id is not None and actor.holds(cooperation_id, kinds)

    return grant


def acts_for(organisation: str, *kinds: RoleKind) -> Grant:
    """A role of one of these kinds on behalf of the very organisation that the object names at this path."""

    @granted_to(of_the_organisation(*kinds))
    def grant(actor: Actor, obj: Any) -> bool:
        cooperation_id, organisation_id = _value(obj, "cooperation_id"), _value(obj, organisation)
        if cooperation_id is None or organisation_id is None:
            return False
        return actor.holds(cooperation_id, kinds, organisation_id=organisation_id)

    return grant


DESIGNATED = _("la personne désignée")


def is_person(path: str, who: str | Promise = DESIGNATED) -> Grant:
    """The very person that the object names at this path, while they still hold a role in the cooperation."""

    @granted_to(who)
    def grant(actor: Actor, obj: Any) -> bool:
        return (
            actor.person_id is not None
            and _value(obj, path) == actor.person_id
            and _value(obj, "cooperation_id") in actor.cooperation_ids
        )

    return grant


@granted_to(_("opérateur de l’installation"))
def is_operator(actor: Actor, obj: Any) -> bool:
    """Whoever runs the instance."""
    return actor.is_operator


coordinates: Grant = holds(RoleKind.COORDINATION)
staff: Grant = holds(RoleKind.COORDINATION, RoleKind.FACILITATION)
