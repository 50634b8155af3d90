"""« Something changed »: a hint to whoever does what follows, given once the change is committed.

The hint may be lost (the periodic sweep finds everything by itself), so nothing may rest on it. One per transaction
and cooperation, however many acts it holds.
"""

from collections.abc import Callable

from django.db import connection, transaction

type Ringer = Callable[[str], None]
_ringers: list[Ringer] = []


def listen(ringer: Ringer) -> None:
    """Called from an app's `ready()`. A ringer takes the id of the cooperation and must neither raise nor wait long."""
    if ringer not in _ringers:
        _ringers.append(ringer)


class _Ring:
    """What on_commit keeps; compared to ring once."""

    def __init__(self, chain: str) -> None:
        self.chain = chain

    def __call__(self) -> None:
        for ringer in _ringers:
            ringer(self.chain)


def ring_on_commit(chain: str) -> None:
    """`chain` is the id of the cooperation that changed, "" for what belongs to none."""
    waiting = [entry[1] for entry in connection.run_on_commit]
    if not any(isinstance(func, _Ring) and func.chain == chain for func in waiting):
        transaction.on_commit(_Ring(chain), robust=True)
