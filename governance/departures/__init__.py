"""What a departure would leave behind, and the notice that it asks for. Apps register providers, as for what waits.

What a person leaves may ask for an answer before they go: somebody takes it, or it stays open knowingly. The codes that
ask are those of `governance.handovers`.

A provider answers with what its actor may know of (`visible_to`), so that a list of consequences never betrays what
another list would hide.
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
class Consequence:
    """One thing that a departure leaves behind: what it is, what clears it, and the object (plural name of the API).

    `blocking`: the departure is refused as long as it stands. `day`: the legal date that goes with it, where one does
    (the earliest end of an agreement, the due day of a milestone).
    """

    code: str
    title: str | Promise
    clears: str | Promise
    resource: str
    id: UUID
    blocking: bool = False
    day: dt.date | None = None

    @property
    def key(self) -> str:
        """What names it when it is answered: nothing else of one departure has the same code and object."""
        return f"{self.code}:{self.id}"

    def as_data(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "title": str(self.title),
            "clears": str(self.clears),
            "blocking": self.blocking,
            "day": self.day.isoformat() if self.day else None,
            "resource": self.resource,
            "id": str(self.id),
            "url": f"/api/v1/{self.resource}/{self.id}/",
        }


@dataclass(frozen=True)
class NoticeTerm:
    """A text that binds the member and asks for a notice of that many months: `resource` and `id` name it."""

    months: int
    resource: str
    id: UUID


# (actor, cooperation, organisation or person, last day there) -> what it leaves behind
type Provider = Callable[[Actor, "Cooperation", UUID, dt.date], Iterable[Consequence]]
# (cooperation, organisation, day) -> the texts that bind it on that day and ask for a notice
type NoticeProvider = Callable[["Cooperation", UUID, dt.date], Iterable[NoticeTerm]]
_of_organisations: dict[str, Provider] = {}
_of_people: dict[str, Provider] = {}
_notices: dict[str, NoticeProvider] = {}


def register(name: str, *, organisation: Provider | None = None, person: Provider | None = None) -> None:
    """Called from an app's `ready()`: what leaves with an organisation, with a person. A name registers once."""
    for providers, provider in ((_of_organisations, organisation), (_of_people, person)):
        if provider is not None and providers.setdefault(name, provider) is not provider:
            raise ValueError(f"departure provider {name} registered twice")


def register_notice(name: str, provider: NoticeProvider) -> None:
    """Called from an app's `ready()`. A name registers once."""
    if _notices.setdefault(name, provider) is not provider:
        raise ValueError(f"notice provider {name} registered twice")


def of_organisation(actor: Actor, cooperation: "Cooperation", organisation_id: UUID, on: dt.date) -> list[Consequence]:
    """What the organisation would leave behind if `on` were its last day: what blocks first."""
    return _sorted(_of_organisations, actor, cooperation, organisation_id, on)


def of_person(actor: Actor, cooperation: "Cooperation", person_id: UUID, on: dt.date) -> list[Consequence]:
    """What the person would leave behind in this cooperation if `on` were their last day: what blocks first."""
    return _sorted(_of_people, actor, cooperation, person_id, on)


def notice_owed(cooperation: "Cooperation", organisation_id: UUID, on: dt.date) -> NoticeTerm | None:
    """The longest notice that a text in force asks of this member on that day; None when none says anything."""
    found = [term for name in sorted(_notices) for term in _notices[name](cooperation, organisation_id, on)]
    return max(found, key=lambda term: (term.months, str(term.id)), default=None)


def _sorted(
    providers: dict[str, Provider], actor: Actor, cooperation: "Cooperation", subject: UUID, on: dt.date
) -> list[Consequence]:
    found = [item for name in sorted(providers) for item in providers[name](actor, cooperation, subject, on)]
    return sorted(found, key=lambda item: (not item.blocking, item.code, item.day or on, str(item.id)))
