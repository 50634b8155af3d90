"""Reads about members: who heads them today, and where they are."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db.models import Exists, OuterRef, Prefetch, Q

from governance.actor import Actor
from governance.enums import RoleKind
from governance.models import Membership, Role
from governance.models.cooperations import in_force_on
from governance.rules.territory import is_department

_HEADS = "known_heads"


def members_closed_to(actor: Actor) -> Mapping[UUID, Mapping[UUID, bool]]:
    """Cooperation -> the organisations that this actor may not know to belong to it -> whether they were known to.

    The last membership decides: one that is back in secret is not betrayed by its first, open, stay.
    """
    known = Membership.objects.visible_to(actor).order_by()
    same = known.filter(cooperation=OuterRef("cooperation"), organisation=OuterRef("organisation"))
    closed = Membership.objects.filter(cooperation__in=actor.cooperation_ids).exclude(pk__in=known.values("pk"))
    closed = closed.exclude(Exists(same.filter(joined_on__gt=OuterRef("joined_on"))))
    found: dict[UUID, dict[UUID, bool]] = defaultdict(dict)
    rows = closed.annotate(was_known=Exists(same)).order_by("pk")
    for cooperation_id, organisation_id, was_known in rows.values_list("cooperation", "organisation", "was_known"):
        found[cooperation_id][organisation_id] = was_known
    return found


def prefetch_heads() -> "Prefetch[Any]":
    """What `head_of` reads, for each row of a list of memberships; select `organisation` with it."""
    heads = Role.objects.filter(kind__in=[RoleKind.BOARD_CHAIR, RoleKind.DIRECTOR]).order_by("-since", "-pk")
    return Prefetch("organisation__roles", queryset=heads, to_attr=_HEADS)


def head_of(membership: Membership, kind: str, day: dt.date, reader: Actor) -> UUID | None:
    """The person known to the reader to have held this role for the member on that day, the last appointed; None once
    it has left."""
    if membership.left_on is not None and membership.left_on < day:
        return None
    known = getattr(membership.organisation, _HEADS, None)
    if known is None:
        known = membership.organisation.roles.filter(in_force_on(day), kind=kind).order_by("-since", "-pk")
    return next(
        (role.person_id for role in known if _holds(role, membership, kind, day) and reader.may_know_role(role)), None
    )


def _holds(role: Role, membership: Membership, kind: str, day: dt.date) -> bool:
    here = role.kind == kind and role.cooperation_id == membership.cooperation_id
    return here and role.since <= day and (role.until is None or role.until >= day)


def in_department(code: str, path: str = "") -> Q:
    """Organisations (at this path) of a department: by their commune, else by what they state."""
    if not is_department(code):
        return Q(pk__in=[])
    by_commune = Q(**{f"{path}commune_code__startswith": code})
    return by_commune | Q(**{f"{path}department_code": code})
