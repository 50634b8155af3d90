"""How decisions travel: how long they take, which leave their circuit, which contradict each other (seed S2).

Every figure is exact: days are whole calendar days, an average is a fraction that only its display rounds.
"""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from itertools import combinations
from uuid import UUID


@dataclass(frozen=True)
class Delays:
    """Days from submission to taking. `average` and `median` are None when nothing was taken."""

    count: int
    total: int
    average: Fraction | None
    median: Fraction | None


def delays(periods: Iterable[tuple[dt.date, dt.date]]) -> Delays:
    """Of (submitted, taken) pairs. The median of an even number is halfway between the two in the middle."""
    days = sorted((taken - submitted).days for submitted, taken in periods)
    if not days:
        return Delays(0, 0, None, None)
    middle = len(days) // 2
    median = Fraction(days[middle]) if len(days) % 2 else Fraction(days[middle - 1] + days[middle], 2)
    return Delays(len(days), sum(days), Fraction(sum(days), len(days)), median)


@dataclass(frozen=True)
class TakenDecision:
    """A decision that was taken. In force from `taken_on` to the day before `out_of_force_on`.

    `choice` names the option that was chosen, empty where there was none to choose.
    """

    id: UUID
    subject: str
    taken_on: dt.date
    rejected: bool = False
    choice: str = ""
    out_of_force_on: dt.date | None = None

    def in_force(self, on: dt.date) -> bool:
        return self.taken_on <= on and (self.out_of_force_on is None or on < self.out_of_force_on)


class Contradiction(StrEnum):
    """Why two decisions contradict each other: one adopts what the other rejects, or they chose differently."""

    ADOPTED_AND_REJECTED = "adopted_and_rejected"
    CHOSE_DIFFERENTLY = "chose_differently"


@dataclass(frozen=True)
class Contradicting:
    """The earlier decision first."""

    first: UUID
    second: UUID
    subject: str
    why: Contradiction
    since: dt.date


def contradictions(decisions: Iterable[TakenDecision], on: dt.date) -> list[Contradicting]:
    """Each pair of decisions in force on that day on the same subject that say different things.

    One that supersedes another has put it out of force: the two never meet. A decision without subject is compared
    with nothing; two refusals, or one choice that the other does not speak of, do not contradict each other.
    """
    standing = sorted(
        (found for found in decisions if found.subject and found.in_force(on)),
        key=lambda found: (found.subject, found.taken_on, str(found.id)),
    )
    return [
        Contradicting(one.id, other.id, one.subject, why, max(one.taken_on, other.taken_on))
        for one, other in combinations(standing, 2)
        if one.subject == other.subject and (why := _differ(one, other)) is not None
    ]


def _differ(one: TakenDecision, other: TakenDecision) -> Contradiction | None:
    if one.rejected != other.rejected:
        return Contradiction.ADOPTED_AND_REJECTED
    if one.choice and other.choice and one.choice != other.choice:
        return Contradiction.CHOSE_DIFFERENTLY
    return None


@dataclass(frozen=True)
class Circuit:
    """Who decides on a subject from a day on. `ceiling` is the coordination's, None when the circuit sets none."""

    id: UUID
    subject: str
    decided_by: str
    valid_from: dt.date
    ceiling: Decimal | None = None


def circuit_of(circuits: Sequence[Circuit], subject: str, day: dt.date) -> Circuit | None:
    """The circuit of a subject on that day: the last that began."""
    known = [found for found in circuits if found.subject == subject and found.valid_from <= day]
    return max(known, key=lambda found: found.valid_from, default=None)


class Outside(StrEnum):
    """How a decision left its circuit."""

    DECIDED_BY_ANOTHER = "decided_by_another"
    ABOVE_THE_CEILING = "above_the_ceiling"


def outside(circuit: Circuit, decided_by: str, amount: Decimal | None) -> Iterator[Outside]:
    """Every way in which a decision was taken otherwise than its circuit says."""
    if decided_by != circuit.decided_by:
        yield Outside.DECIDED_BY_ANOTHER
    elif circuit.ceiling is not None and amount is not None and amount > circuit.ceiling:
        yield Outside.ABOVE_THE_CEILING
