"""What shows that a cooperation is more than a name: exchanges, meetings, decisions, measures. Apps register theirs.

The guide warns of the « coopération d’affichage » and of its « coquille vide ». Whether one is empty is judged on
everything, and what is told of it only on what the reader may know of (docs/adr/0023).
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import DateTimeField, Max, QuerySet
from django.utils.functional import Promise

from coopproject import clock
from governance.actor import Actor

if TYPE_CHECKING:
    from governance.models import Cooperation


@dataclass(frozen=True)
class Kind:
    """One kind of sign: what it is called, the rows that are such signs, and the lookup of their day or instant."""

    label: str | Promise
    rows: Callable[[], QuerySet[Any]]
    day: str


@dataclass(frozen=True)
class SignOfLife:
    """The latest of a kind."""

    label: str | Promise
    day: dt.date


_kinds: dict[str, tuple[Kind, ...]] = {}


def register(name: str, *kinds: Kind) -> None:
    """Called from an app's `ready()`. A name registers once."""
    if _kinds.setdefault(name, kinds) != kinds:
        raise ValueError(f"signs of life of {name} registered twice")


def latest(cooperation: "Cooperation", *, on: dt.date, reader: Actor | None = None) -> SignOfLife | None:
    """The last sign of life by the day `on`; among what `reader` may know of when one is given. None: never any."""
    return max(_each(cooperation, on, reader), key=lambda sign: sign.day, default=None)


def _each(cooperation: "Cooperation", on: dt.date, reader: Actor | None) -> Iterator[SignOfLife]:
    for name in sorted(_kinds):
        for kind in _kinds[name]:
            rows = kind.rows().filter(cooperation=cooperation)
            if reader is not None:
                known: Any = rows.model
                rows = rows.filter(pk__in=known.objects.visible_to(reader).order_by().values("pk"))
            field: Any = rows.model._meta.get_field(kind.day)
            instant = isinstance(field, DateTimeField)
            # What is planned for later is no sign; a whole day has passed in every zone.
            limit = f"{kind.day}__date__lte" if instant else f"{kind.day}__lte"
            found = rows.filter(**{limit: on}).order_by().aggregate(day=Max(kind.day))["day"]
            if found is not None:
                yield SignOfLife(kind.label, clock.local_date(found, cooperation.zone) if instant else found)
