"""On whose behalf, and in which capacity, somebody speaks of a charter: partners of the circles that approve it."""

from collections.abc import Sequence
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import InvalidInput, Violation
from governance.actor import Actor, HeldRole
from governance.enums import CircleKind, RoleKind
from governance.models import Organisation

# The kinds of role, the one that engages its organisation most first.
STAFF = (RoleKind.COORDINATION, RoleKind.FACILITATION)
HEADS = (RoleKind.BOARD_CHAIR, RoleKind.BOARD_MEMBER, RoleKind.DIRECTOR)
COMMENTING = (*HEADS, RoleKind.PILOT, RoleKind.EMPLOYEES_CONTACT)


def may_speak_by(role: HeldRole, cooperation_id: UUID | None, kinds: Sequence[str]) -> bool:
    """Whether this role is one of `kinds`, held for a partner of the core or active circle of that cooperation."""
    partner = role.organisation_id is not None and role.circle in (CircleKind.CORE, CircleKind.ACTIVE)
    return partner and role.cooperation_id == cooperation_id and role.kind in kinds


def speaker(
    actor: Actor, cooperation_id: UUID, organisation: Organisation | None, kinds: Sequence[str], *, staff: bool = False
) -> tuple[UUID | None, str]:
    """(organisation, kind of role) of who speaks: for the organisation named, else for the only one possible.

    `staff`: coordination and facilitation may speak too, in their own name unless they name an organisation. Raises
    InvalidInput at `/organisation` when it must be said, or is not one for which the actor may speak.
    """
    own = [role.kind for role in actor if role.cooperation_id == cooperation_id and role.kind in STAFF]
    if staff and own and organisation is None:
        return None, min(own, key=[str(kind) for kind in STAFF].index)
    roles = [role for role in actor if may_speak_by(role, cooperation_id, kinds)]
    if organisation is not None:
        roles = [role for role in roles if role.organisation_id == organisation.pk]
    if len({role.organisation_id for role in roles}) != 1:
        detail = _("Dites au nom de quelle organisation, parmi celles pour lesquelles vous pouvez le faire.")
        raise InvalidInput(Violation("required" if roles else "not_yours", detail, "/organisation"))
    best = min(roles, key=lambda role: [str(kind) for kind in kinds].index(role.kind))
    return best.organisation_id, best.kind
