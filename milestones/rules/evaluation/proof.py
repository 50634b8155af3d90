"""What indicators prove of an effect, and effects of a motivation, on the scale from 1 to 5 (domain.md 5.4, E14).

The convention (confidence K, docs/adr/0018): a score is its own level; a quantity proves the level that was expected
when it is green, some levels less when it is amber or red (`Thresholds.amber_levels`, `red_levels`). Never a mean: the
lowest counts, since an effect half obtained is not obtained. What says nothing is not zero: it is not proven.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from milestones.rules.evaluation.qualitative import HIGHEST, LOWEST, Effect, rank_effects
from milestones.rules.evaluation.thresholds import Status, Thresholds


class Reason(StrEnum):
    """Why there is no gap to tell of."""

    NOT_DUE_YET = "not_due_yet"
    NO_EFFECT = "no_effect"
    NO_INDICATOR = "no_indicator"
    NO_DATA = "no_data"
    # Something was measured, and it says nothing of the level.
    NOT_PROVEN_YET = "not_proven_yet"
    STALE = "stale"
    NOT_COMPUTABLE = "not_computable"
    NOT_STARTED = "not_started"


@dataclass(frozen=True)
class Evidence:
    """What one indicator says on a day; `level` is the score itself, None for a quantity."""

    status: Status
    level: int | None = None


@dataclass(frozen=True)
class EffectFacts:
    """An effect with the evidence for it. Without a day it is expected from the start."""

    ref: str
    expected: int
    due_on: date | None
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True)
class Proof:
    """`gap` is proven − expected; None when not proven or not due yet, and `reason` then says why."""

    ref: str
    expected: int
    proven: int | None
    gap: int | None
    status: Status
    reason: Reason | None = None


@dataclass(frozen=True)
class MotivationProof:
    """A motivation and the proof of each of its effects, in the order given."""

    proof: Proof
    effects: tuple[Proof, ...]


_SILENT = (
    (Status.STALE, Reason.STALE),
    (Status.NOT_COMPUTABLE, Reason.NOT_COMPUTABLE),
    (Status.NOT_STARTED, Reason.NOT_STARTED),
    (Status.NO_DATA, Reason.NO_DATA),
)


def proven_level(expected: int, evidence: Iterable[Evidence], thresholds: Thresholds | None = None) -> int | None:
    """The level that the evidence proves, None when none of it says anything. A stale value proves nothing."""
    limits = thresholds or Thresholds()
    below = {Status.GREEN: 0, Status.AMBER: limits.amber_levels, Status.RED: limits.red_levels}
    levels = []
    for found in evidence:
        if found.level is not None:
            if found.status is not Status.STALE:
                levels.append(found.level)
        elif (steps := below.get(found.status)) is not None:
            levels.append(max(LOWEST, expected - steps))
    return min(levels, default=None)


def prove_effect(facts: EffectFacts, *, at: date, thresholds: Thresholds | None = None) -> Proof:
    """The proof of an effect on a day. Before its day it may be proven already; it cannot disappoint."""
    proven = proven_level(facts.expected, facts.evidence, thresholds)
    if facts.due_on is not None and facts.due_on > at:
        return Proof(facts.ref, facts.expected, proven, None, Status.NOT_STARTED, Reason.NOT_DUE_YET)
    if proven is not None:
        return _compared(facts.ref, facts.expected, proven)
    said = {found.status for found in facts.evidence}
    status, reason = next(
        ((status, reason) for status, reason in _SILENT if status in said), (Status.NO_DATA, Reason.NO_INDICATOR)
    )
    return Proof(facts.ref, facts.expected, None, None, status, reason)


def prove_motivation(
    ref: str, expected: int, effects: Iterable[EffectFacts], *, at: date, thresholds: Thresholds | None = None
) -> MotivationProof:
    """A motivation falls as far below its level as the weakest of its effects that are due and proven."""
    proofs = tuple(prove_effect(facts, at=at, thresholds=thresholds) for facts in effects)
    if gaps := [proof.gap for proof in proofs if proof.gap is not None]:
        return MotivationProof(_compared(ref, expected, min(HIGHEST, max(LOWEST, expected + min(gaps)))), proofs)
    due = [proof.reason for proof in proofs if proof.reason is not Reason.NOT_DUE_YET]
    if not proofs:
        reason = Reason.NO_EFFECT
    elif not due:
        reason = Reason.NOT_DUE_YET
    elif set(due) <= {Reason.NO_INDICATOR, Reason.NO_DATA}:
        reason = Reason.NO_DATA
    else:
        reason = Reason.NOT_PROVEN_YET
    status = Status.NOT_STARTED if reason is Reason.NOT_DUE_YET else Status.NO_DATA
    return MotivationProof(Proof(ref, expected, None, None, status, reason), proofs)


def _compared(ref: str, expected: int, proven: int) -> Proof:
    [found] = rank_effects([Effect(ref, expected, proven)])
    return Proof(ref, expected, proven, found.gap, found.status)
