"""Reads about members: who heads them today, and where they are."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q

from governance.enums import RoleKind
from governance.models import Membership, Role
from governance.models.cooperations import in_force_on
from governance.rules.territory import is_department

_HEADS = "known_heads"


def prefetch_heads() -> "Prefetch[Any]":
    """What `head_of` reads, for each row of a list of memberships; select `organisation` with it."""
    heads = Role.objects.filter(kind__in=[RoleKind.BOARD_CHAIR, RoleKind.DIRECTOR]).order_by("-since", "-pk")
    return Prefetch("organisation__roles", queryset=heads, to_attr=_HEADS)


def head_of(membership: Membership, kind: str, day: dt.date) -> UUID | None:
    """The person who held this role for the member on that day, the last appointed; None once it has left."""
    if membership.left_on is not None and membership.left_on < day:
        return None
    known = getattr(membership.organisation, _HEADS, None)
    if known is None:
        known = membership.organisation.roles.filter(in_force_on(day), kind=kind).order_by("-since", "-pk")
    return next((role.person_id for role in known if _holds(role, membership, kind, day)), None)


def _holds(role: Role, membership: Membership, kind: str, day: dt.date) -> bool:
    here = role.kind == kind and role.cooperation_id == membership.cooperation_id
    return here and role.since <= day and (role.until is None or role.until >= day)


def in_department(code: str, path: str = "") -> Q:
    """Organisations (at this path) of a department: by their commune, else by what they state."""
    if not is_department(code):
        return Q(pk__in=[])
    by_commune = Q(**{f"{path}commune_code__startswith": code})
    return by_commune | Q(**{f"{path}department_code": code})
