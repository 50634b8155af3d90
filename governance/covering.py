"""What a confidentiality clause may name: objects that it covers, texts that hold it. Apps register theirs.

Governance knows neither charters nor activities: an app says from its `ready()` which of its resources may be covered,
and by which service the level of a whole object is raised.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

# The `*_update` service of a resource whose objects have a level of their own.
type Update = Callable[..., Any]


@dataclass(frozen=True)
class Coverable:
    """A resource of the API. `update`: the service that writes its level; None when its objects have none."""

    resource: str
    model: Any
    update: Update | None = None

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


def register(resource: str, model: Any, *, update: Update | None = None) -> None:
    """Called from an app's `ready()`: objects of this resource may be covered, whole when `update` is given."""
    given = Coverable(resource, model, update)
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
