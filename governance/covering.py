"""What a confidentiality clause may name: objects that it covers, texts that hold it. Apps register theirs.

Governance knows neither charters nor activities: an app says from its `ready()` which of its resources may be covered,
and how the row of a whole object is locked, whose level a clause raises.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID


def _nothing(*_args: Any) -> tuple[()]:
    return ()


@dataclass(frozen=True)
class Whole:
    """How objects that have a level of their own are closed whole, whatever their state.

    `lock`: takes the root lock of docs/locking.md and returns the fresh row. `followers`: the rows with a level of
    their own that are never more open than it, locked, each after those that it follows; `mirrors`: they have its
    level, no other. `floors`: the levels of what such a row itself follows, than which it is never more open.
    """

    lock: Callable[[UUID], Any]
    followers: Callable[[Any], Iterable[Any]] = _nothing
    floors: Callable[[Any], Iterable[str]] = _nothing
    mirrors: bool = False


@dataclass(frozen=True)
class Coverable:
    """A resource of the API. `whole`: how its objects are closed whole; None when they have no level of their own."""

    resource: str
    model: Any
    whole: Whole | None = None

    @property
    def label(self) -> str:
        return str(self.model._meta.label_lower)


@dataclass(frozen=True)
class Covered:
    """What one clause covers: an object, and its fields that it hides (none: the whole object)."""

    item: Coverable
    obj: Any
    fields: tuple[str, ...] = ()

    def as_data(self) -> dict[str, Any]:
        return {"resource": self.item.resource, "id": str(self.obj.pk), "fields": sorted(self.fields)}


_coverable: dict[str, Coverable] = {}
_texts: dict[str, Any] = {}


def register(resource: str, model: Any, *, whole: Whole | None = None) -> None:
    """Called from an app's `ready()`: objects of this resource may be covered, whole when `whole` is given."""
    given = Coverable(resource, model, whole)
    if _coverable.setdefault(resource, given) != given:
        raise ValueError(f"coverable resource {resource} registered twice")


def register_text(resource: str, model: Any) -> None:
    """Called from an app's `ready()`: objects of this resource are texts that may hold a clause."""
    if _texts.setdefault(resource, model) is not model:
        raise ValueError(f"resource of texts {resource} registered twice")


def coverable() -> dict[str, Coverable]:
    """Resource of the API -> what may be covered there."""
    return dict(_coverable)


def texts() -> dict[str, Any]:
    """Resource of the API -> the model of its texts."""
    return dict(_texts)
