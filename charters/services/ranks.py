"""The ranks of what stands in order in a version: articles, annexes."""

from collections.abc import Sequence
from typing import Any


def renumber(order: Sequence[Any]) -> None:
    """Ranks 1, 2, 3… Neighbours that only made room keep their version: nobody's text changed."""
    for position, row in enumerate(order, 1):
        if row.position != position:
            type(row).objects.filter(pk=row.pk).update(position=position)
            row.position = position
