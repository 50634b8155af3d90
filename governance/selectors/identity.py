"""Reads that the identity part of governance serves and judges by."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet

from governance.models import Membership, Organisation
from governance.models.organisations import TODAY

_OPEN = "open_memberships"


def open_memberships() -> QuerySet[Membership]:
    """Memberships that have not ended; one announced for a later day is still open."""
    return Membership.objects.filter(Q(left_on__isnull=True) | Q(left_on__gte=TODAY)).order_by("pk")


def prefetch_open_memberships(path: str = "") -> "Prefetch[Any]":
    """What `open_cooperation_ids` reads, for the organisation at this path of each row of a list."""
    return Prefetch(f"{path}__memberships" if path else "memberships", queryset=open_memberships(), to_attr=_OPEN)


def open_cooperation_ids(organisation: Organisation) -> Collection[UUID]:
    """The cooperations of which the organisation is a member today or will be."""
    known = getattr(organisation, _OPEN, None)
    rows = open_memberships().filter(organisation=organisation) if known is None else known
    return {row.cooperation_id for row in rows}
