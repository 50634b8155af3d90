"""Every operation of the house, read from the routes themselves: what the matrix must have a line for."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from rest_framework.schemas.generators import EndpointEnumerator

BASE = "/api/v1/"


@dataclass(frozen=True)
class Route:
    """One operation, written as in the matrix: `POST decisions/{id}/take/`."""

    operation: str
    callback: Callable[..., Any]

    @property
    def method(self) -> str:
        return self.operation.partition(" ")[0]

    @property
    def path(self) -> str:
        """The path with `{id}` where the identifier goes, from the root of the site when it is not the API's."""
        return self.operation.partition(" ")[2]

    @property
    def collection(self) -> str:
        return self.path.strip("/").partition("/")[0]

    @property
    def action(self) -> str:
        """The name of the method of the viewset; the HTTP method for a plain view."""
        actions = getattr(self.callback, "actions", None)
        return actions[self.method.lower()] if actions else self.method.lower()

    @property
    def viewset(self) -> Any:
        """The class behind it, when it is one of ours."""
        return getattr(self.callback, "cls", None)

    @property
    def is_legal(self) -> bool:
        """Whether it binds, and so needs an Idempotency-Key."""
        handler = getattr(self.viewset, self.action, None)
        return getattr(handler, "act_legal", False) or self.action in getattr(self.viewset, "legal_actions", ())

    @property
    def is_list(self) -> bool:
        return self.action == "list"


class _Everything(EndpointEnumerator):  # type: ignore[misc]
    def should_include_endpoint(self, path: str, callback: Any) -> bool:
        return True

    def get_allowed_methods(self, callback: Any) -> list[str]:
        if not hasattr(callback, "cls"):
            return ["GET"]
        methods: list[str] = super().get_allowed_methods(callback)
        return methods


def routes() -> dict[str, Route]:
    """Operation -> route, every application included, but for the one that only says « not found »."""
    found = {}
    for path, method, callback in _Everything().get_api_endpoints():
        if callback.__name__ == "not_found":
            continue
        shown = path.replace("{pk}", "{id}")
        shown = shown.removeprefix(BASE) or BASE
        route = Route(f"{method} {shown}", callback)
        found[route.operation] = route
    return found
