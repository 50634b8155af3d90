"""What waits for a person: `GET /users/me/` lists it. Apps register providers, as for the gate and the vital signs.

A provider sees only what its actor may know of, and names what this very person is expected to do.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils.functional import Promise

from governance.actor import Actor


@dataclass(frozen=True)
class Waiting:
    """One thing that waits. `resource` is the plural name of the API (`charter-versions`).

    `since`: the legal day from which it waits, never to come. `due_on`: by when it is expected, where a day was set.

    `cooperation_id`: where it waits. A person who acts in several cooperations reads them in one list.
    """

    code: str
    title: str | Promise
    resource: str
    id: UUID
    cooperation_id: UUID
    since: dt.date | None = None
    due_on: dt.date | None = None

    def as_data(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "title": str(self.title),
            "resource": self.resource,
            "id": str(self.id),
            "cooperation": str(self.cooperation_id),
            "since": self.since.isoformat() if self.since else None,
            "due_on": self.due_on.isoformat() if self.due_on else None,
            "url": f"/api/v1/{self.resource}/{self.id}/",
        }


type Provider = Callable[[Actor, dt.date], Iterable[Waiting]]
_providers: dict[str, Provider] = {}


def register(name: str, provider: Provider) -> None:
    """Called from an app's `ready()`. A name registers once."""
    if _providers.setdefault(name, provider) is not provider:
        raise ValueError(f"waiting provider {name} registered twice")


def waiting_for(actor: Actor, *, on: dt.date) -> list[Waiting]:
    """What waits for this actor, oldest first. Nothing for whoever holds no role."""
    if not actor.roles:
        return []
    found = [item for name in sorted(_providers) for item in _providers[name](actor, on)]
    return sorted(found, key=lambda item: (item.since or on, item.code, str(item.id)))
