"""Rows as they were on a day, told by the journal: what changed since is changed back, what was made since is not."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from governance.models import JournalEntry


def rewind[Row: Any](rows: Iterable[Row], *, until: dt.datetime) -> list[Row]:
    """The rows, of one model and one cooperation, as they stood just before an instant. One query.

    The objects are changed in memory, and must not be saved. A row that no act brought in (it came with a dossier) is
    taken to have stood before; one that was deleted since is not told of.
    """
    known = {str(row.pk): row for row in rows}
    if not known:
        return []
    any_row = next(iter(known.values()))
    later = JournalEntry.objects.filter(
        cooperation=any_row.cooperation_id,
        object_type=any_row._meta.label_lower,
        object_id__in=list(known),
        recorded_at__gte=until,
    )
    for entry in later.order_by("-sequence"):
        row, before = known.get(entry.object_id), entry.payload.get("before")
        if row is None:
            continue
        if entry.act.endswith(".created"):
            del known[entry.object_id]
        elif isinstance(before, dict):
            for name, value in before.items():
                field = row._meta.get_field(name)
                setattr(row, field.attname, field.to_python(value))
    return list(known.values())
