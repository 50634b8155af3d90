"""One lock per invariant, on the aggregate root, compared with the version that the caller read."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet

from coopproject.exceptions import NotVisible, StaleVersion


def lock(queryset: QuerySet[Any], pk: UUID, expected_version: int | None = None) -> Any:
    """Take the row lock and return the fresh row.

    Raises NotVisible when there is no such row and StaleVersion when `expected_version` (from If-Match) is given and
    is not the current one. Must be called in a transaction; readers of the invariant come after, under the lock.
    """
    try:
        obj = queryset.select_for_update(of=("self",)).get(pk=pk)
    except ObjectDoesNotExist as missing:
        raise NotVisible from missing
    if expected_version is not None and obj.version != expected_version:
        raise StaleVersion(obj.version, expected_version)
    return obj
