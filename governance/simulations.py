"""What a move between circles would change, before it is voted. Apps register what they count, as for departures.

Nothing is written. A provider answers with what its actor may know of (`visible_to`), so that a simulation never
betrays what a list would hide.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.functional import Promise

from governance.actor import Actor

if TYPE_CHECKING:
    from governance.models import Cooperation


@dataclass(frozen=True)
class Move:
    """An organisation that would be in `after` instead of `before` from the day `since` on.

    `on`: the day on which the two situations are compared, since or today, whichever is later.
    """

    organisation_id: UUID
    before: str
    after: str
    since: dt.date
    on: dt.date


@dataclass(frozen=True)
class Effect:
    """One thing that the move would change: what it is, and the object (plural name of the API) that it is about.

    `day`: the legal date that goes with it, where one does. `organisations`: those that are still waited for.
    """

    code: str
    title: str | Promise
    resource: str
    id: UUID
    day: dt.date | None = None
    organisations: tuple[UUID, ...] = ()

    def as_data(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "title": str(self.title),
            "day": self.day.isoformat() if self.day else None,
            "organisations": [str(pk) for pk in self.organisations],
            "resource": self.resource,
            "id": str(self.id),
            "url": f"/api/v1/{self.resource}/{self.id}/",
        }


_in_lists: dict[str, tuple[Any, ...]] = {}


def register_lists(name: str, *models: Any) -> None:
    """Called from an app's `ready()`: what it serves in lists at a level of confidentiality. A name registers once.

    Named one by one: ballots and electors have a level too, and counting them would tell of a vote in progress.
    """
    if _in_lists.setdefault(name, models) != models:
        raise ValueError(f"lists of {name} registered twice")


def in_lists() -> list[Any]:
    """The models of everything that a level of confidentiality opens or closes in the lists of the API."""
    return [model for name in sorted(_in_lists) for model in _in_lists[name]]


type Provider = Callable[[Actor, "Cooperation", Move], Iterable[Effect]]
_of_votes: dict[str, Provider] = {}


def register_votes(name: str, provider: Provider) -> None:
    """Called from an app's `ready()`: what the move changes to who is asked and to what is decided. Once a name."""
    if _of_votes.setdefault(name, provider) is not provider:
        raise ValueError(f"simulation provider {name} registered twice")


def on_votes(actor: Actor, cooperation: "Cooperation", move: Move) -> list[Effect]:
    """What the move would change to votes and to the entry into force of texts."""
    found = [effect for name in sorted(_of_votes) for effect in _of_votes[name](actor, cooperation, move)]
    return sorted(found, key=lambda effect: (effect.resource, str(effect.id), effect.code))
