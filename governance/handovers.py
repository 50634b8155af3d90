"""What may be said of what a person leaves behind: somebody takes it, or it stays open knowingly (docs/adr/0022).

Apps register one `Matter` for each code of `governance.departures` that asks for an answer, and how what the person
holds in the app ends with them. Governance knows neither mandates nor votes.
"""

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.utils.functional import Promise

from governance.actor import Actor

if TYPE_CHECKING:
    from governance.models import Cooperation, Person

DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Leaving:
    """One departure of a person from one cooperation, whose row is locked. `last_day` is the last day there."""

    actor: Actor
    cooperation: "Cooperation"
    person: "Person"
    last_day: dt.date
    reason: str

    @property
    def next_day(self) -> dt.date:
        """The first day of whoever takes something over."""
        return self.last_day + DAY


@dataclass(frozen=True)
class LeftOpen:
    """Something that was left open knowingly: the object, who left it and why."""

    obj: Any
    person_id: UUID
    reason: str
    since: dt.date


@dataclass(frozen=True)
class Matter:
    """One kind of consequence that asks for an answer.

    `model`: what the id of the consequence names. `label`: that thing in a few words. `take`: lets somebody take it by
    the services of the app, under their rules (RuleViolated, InvalidInput, NotAllowed); None when nobody can.
    `unsettled`: of the things left open, those that nobody has taken on a day; `clears`: what would settle them.
    """

    model: type[Any]
    label: Callable[[Any], str | Promise]
    unsettled: Callable[["Cooperation", Sequence[LeftOpen], dt.date], Iterable[LeftOpen]]
    clears: str | Promise
    take: Callable[[Leaving, Any, "Person"], None] | None = None


@dataclass(frozen=True)
class Leaver:
    """What an app does when a person leaves.

    `hold` locks the roots that the app will write, before anything is journaled: the head of the journal is locked last
    (docs/locking.md). `end` ends what the person holds there, if anything ends by itself, and returns what the journal
    lists of it.
    """

    hold: Callable[["Cooperation", UUID], None]
    end: Callable[[Leaving], dict[str, Any]] | None = None


_matters: dict[str, Matter] = {}
_leavers: dict[str, Leaver] = {}


def register(code: str, matter: Matter) -> None:
    """Called from an app's `ready()`. A code registers once."""
    if _matters.setdefault(code, matter) is not matter:
        raise ValueError(f"matter {code} registered twice")


def register_leaver(name: str, leaver: Leaver) -> None:
    """Called from an app's `ready()`. A name registers once."""
    if _leavers.setdefault(name, leaver) is not leaver:
        raise ValueError(f"leaver {name} registered twice")


def matter_of(code: str) -> Matter | None:
    """The matter of a code; None when it asks for no answer."""
    return _matters.get(code)


def matters() -> dict[str, Matter]:
    """Every matter by its code, in one order."""
    return {code: _matters[code] for code in sorted(_matters)}


def hold(cooperation: "Cooperation", person_id: UUID) -> None:
    """Lock what each app will write. The cooperation is locked already."""
    for name in sorted(_leavers):
        _leavers[name].hold(cooperation, person_id)


def end(leaving: Leaving) -> dict[str, Any]:
    """End what the person holds in each app; what the journal lists of it."""
    found: dict[str, Any] = {}
    for name in sorted(_leavers):
        if (ends := _leavers[name].end) is not None:
            found |= ends(leaving)
    return found
