"""What the orientation table asks before it answers: apps register where needs and motivations are told.

A provider gives only what its actor may know of, so that the table never betrays what a list would hide.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from governance.actor import Actor

if TYPE_CHECKING:
    from governance.models import Cooperation

type Teller = Callable[["Cooperation", Actor, dt.date], Iterable[str]]
_needs: dict[str, Teller] = {}
_motivations: dict[str, Teller] = {}


def register_needs(name: str, teller: Teller) -> None:
    """Called from an app's `ready()`. A name registers once."""
    _register(_needs, name, teller)


def register_motivations(name: str, teller: Teller) -> None:
    """As `register_needs`, for what motivates the members."""
    _register(_motivations, name, teller)


def needs(cooperation: "Cooperation", actor: Actor, on: dt.date) -> list[str]:
    """The needs that the project answers, as told so far."""
    return [said for name in sorted(_needs) for said in _needs[name](cooperation, actor, on)]


def motivations(cooperation: "Cooperation", actor: Actor, on: dt.date) -> list[str]:
    """What motivates the members, as told so far."""
    return [said for name in sorted(_motivations) for said in _motivations[name](cooperation, actor, on)]


def _register(known: dict[str, Teller], name: str, teller: Teller) -> None:
    if known.setdefault(name, teller) is not teller:
        raise ValueError(f"orientation teller {name} registered twice")
