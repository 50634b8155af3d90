"""What the instance holds about a person: every column that refers to them, and what is done with it (docs/adr/0022).

The columns are found in the models themselves; each app says of its own whether the whole row is the person's, whether
only their act is, or why it is left out. One that nobody declared is served as an act, and a test fails.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

import pghistory.models
from django.apps import apps
from django.db.models import QuerySet
from django.utils.functional import Promise


class Share(StrEnum):
    """What of a row is the person's."""

    ROW = "row"
    """All of it: it is about them, or they wrote it."""
    ACT = "act"
    """That they did something with it, and when: the rest is not theirs to know by that alone."""
    NOTHING = "nothing"
    """Left out, with its reason."""


@dataclass(frozen=True)
class Column:
    """One reference to a person, or to their account: `charters.ballot.cast_by`."""

    model: type[Any]
    name: str
    of_account: bool

    @property
    def label(self) -> str:
        return f"{self.model._meta.label_lower}.{self.name}"

    @property
    def past(self) -> "Column | None":
        """The same column in the table of past states, where there is one."""
        found: type[Any] | None = getattr(self.model, "pgh_event_model", None)
        return Column(found, self.name, self.of_account) if found is not None else None

    def rows(self, person_id: UUID) -> QuerySet[Any]:
        """The rows that refer to this person, oldest first."""
        path = f"{self.name}__person" if self.of_account else self.name
        found: QuerySet[Any] = self.model.objects.filter(**{path: person_id}).order_by("pk")
        return found


_shares: dict[str, tuple[Share, str | Promise]] = {}


def register(
    *, rows: Iterable[str] = (), acts: Iterable[str] = (), left_out: Mapping[str, str | Promise] | None = None
) -> None:
    """Called from an app's `ready()`, with the labels of its own columns; `left_out`: label -> reason."""
    said: dict[str, tuple[Share, str | Promise]] = dict.fromkeys(rows, (Share.ROW, ""))
    said |= dict.fromkeys(acts, (Share.ACT, ""))
    said |= {label: (Share.NOTHING, reason) for label, reason in (left_out or {}).items()}
    for label, share in said.items():
        if _shares.setdefault(label, share) != share:
            raise ValueError(f"personal data {label} registered twice")


def share_of(column: Column) -> Share:
    return _shares.get(column.label, (Share.ACT, ""))[0]


def declared() -> frozenset[str]:
    """The labels that an app has spoken of."""
    return frozenset(_shares)


def left_out() -> dict[str, str]:
    """Label -> why it is not in an export."""
    return {label: str(reason) for label, (share, reason) in sorted(_shares.items()) if share is Share.NOTHING}


def columns() -> Iterator[Column]:
    """Every reference to a person or an account that our tables hold, past states left out, in one order."""
    from governance.models import Person, User

    found = [
        Column(model, field.name, field.related_model is User)
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.proxy and not issubclass(model, pghistory.models.Event)
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and field.related_model in (Person, User)
    ]
    yield from sorted(found, key=lambda column: column.label)
