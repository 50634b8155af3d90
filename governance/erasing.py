"""Erasing a person: what apps still say that they hold, and what each forgets of them (docs/adr/0022)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

from governance.rules.erasure import StillHeld


def _nothing_held(person_id: UUID) -> Iterable[StillHeld]:
    return ()


def _nothing(person_id: UUID) -> None:
    return None


@dataclass(frozen=True)
class Eraser:
    """`held`: what the person holds today or later, which they must leave first. `hold`: locks what `forget` writes,
    before the person is locked. `forget`: removes what the app keeps of their name and addresses."""

    held: Callable[[UUID], Iterable[StillHeld]] = _nothing_held
    hold: Callable[[UUID], None] = _nothing
    forget: Callable[[UUID], None] = _nothing


_erasers: dict[str, Eraser] = {}


def register(name: str, eraser: Eraser) -> None:
    """Called from an app's `ready()`. A name registers once."""
    if _erasers.setdefault(name, eraser) is not eraser:
        raise ValueError(f"eraser {name} registered twice")


def held(person_id: UUID) -> list[StillHeld]:
    """What every app says that the person still holds."""
    return [item for name in sorted(_erasers) for item in _erasers[name].held(person_id)]


def hold(person_id: UUID) -> None:
    for name in sorted(_erasers):
        _erasers[name].hold(person_id)


def forget(person_id: UUID) -> None:
    """In the transaction of the erasure, under its lock."""
    for name in sorted(_erasers):
        _erasers[name].forget(person_id)
