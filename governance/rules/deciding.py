"""What the votes of boards and of the assembly make of a decision (docs/adr/0024).

The last vote that counts stands. A vote that was held too early counts from its ratification only.
"""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

ADOPTED, REJECTED, NO_QUORUM = "adopted", "rejected", "no_quorum"


class Standing(StrEnum):
    """How far one organ has come. `undecided`: it met, and its vote gave nothing (no quorum, a tie to vote again)."""

    ADOPTED = "adopted"
    AGAINST = "against"
    NO_QUORUM = "no_quorum"
    UNDECIDED = "undecided"
    IRREGULAR = "irregular"
    MISSING = "missing"


@dataclass(frozen=True)
class CountedVote:
    """One vote of one organ. `order` tells apart two votes of one day, the later being the greater."""

    id: UUID
    held_on: dt.date
    result: str
    order: int = 0
    option: UUID | None = None
    irregular: bool = False
    ratified_on: dt.date | None = None

    @property
    def counts_from(self) -> dt.date | None:
        """The first day on which it counts; None while it counts for nothing."""
        return self.ratified_on if self.irregular else self.held_on


def standing(votes: Iterable[CountedVote], on: dt.date) -> tuple[Standing, CountedVote | None]:
    """Where one organ stands on that day, and the vote that says so."""
    known = [vote for vote in votes if vote.held_on <= on]
    counting = [vote for vote in known if vote.counts_from is not None and vote.counts_from <= on]
    settled = [vote for vote in counting if vote.result in (ADOPTED, REJECTED)]
    if settled:
        last = _last(settled)
        return (Standing.ADOPTED if last.result == ADOPTED else Standing.AGAINST), last
    if irregular := [vote for vote in known if vote not in counting and vote.result in (ADOPTED, REJECTED)]:
        return Standing.IRREGULAR, _last(irregular)
    if counting:
        last = _last(counting)
        return (Standing.NO_QUORUM if last.result == NO_QUORUM else Standing.UNDECIDED), last
    return Standing.MISSING, None


def options_adopted(standings: Iterable[tuple[Standing, CountedVote | None]]) -> set[UUID]:
    """The options that organs adopted: more than one means that they did not decide the same thing."""
    return {
        vote.option
        for found, vote in standings
        if found is Standing.ADOPTED and vote is not None and vote.option is not None
    }


def _last(votes: list[CountedVote]) -> CountedVote:
    return max(votes, key=lambda vote: (vote.counts_from or vote.held_on, vote.held_on, vote.order))
