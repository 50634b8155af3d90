"""One lock per invariant, on the aggregate root, compared with the version that the caller read."""

from typing import Any
from uuid import UUID

from django.core.exceptions import ObjectDoesNotExist
from django.db.models import QuerySet

from coopproject.exceptions import NotVisible, StaleVersion


def lock(queryset: QuerySet[Any], pk: UUID, expected_version: int | None = None) -> Any:
    """Take the row lock and return the fresh row.

    The row is locked without its key: whoever locks it waits, whoever writes a row that refers to it does not. An act
    commits with references to its cooperation (its journal entry) while it holds the head of the journal; were it to
    wait there for an act on the cooperation, which awaits that head in turn, neither would end.

    Raises NotVisible when there is no such row and StaleVersion when `expected_version` (from If-Match) is given and
    is not the current one. Must be called in a transaction; readers of the invariant come after, under the lock.
    """
    try:
        obj = queryset.select_for_update(of=("self",), no_key=True).get(pk=pk)
    except ObjectDoesNotExist as missing:
        raise NotVisible from missing
    if expected_version is not None and obj.version != expected_version:
        raise StaleVersion(obj.version, expected_version)
    return obj


def hold(rows: QuerySet[Any]) -> None:
    """Lock several roots as `lock` does one, in the order of their ids, so that two acts that hold some never meet."""
    list(rows.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk", flat=True))
