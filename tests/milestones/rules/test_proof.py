"""What indicators prove of effects, and effects of motivations (domain.md 5.4, E14; docs/adr/0018)."""

import datetime as dt
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopproject.exceptions import InvalidInput
from milestones.rules.evaluation import (
    Effect,
    EffectFacts,
    Evidence,
    Proof,
    Reason,
    Status,
    Thresholds,
    prove_effect,
    prove_motivation,
    proven_level,
    rank_effects,
)

DAY = dt.date(2026, 11, 22)
LATER = DAY + dt.timedelta(days=1)
GREEN, AMBER, RED = Evidence(Status.GREEN), Evidence(Status.AMBER), Evidence(Status.RED)
NO_DATA, STALE = Evidence(Status.NO_DATA), Evidence(Status.STALE)
WORDS, BEFORE = Evidence(Status.NOT_COMPUTABLE), Evidence(Status.NOT_STARTED)


def score(level: int, status: Status = Status.GREEN) -> Evidence:
    return Evidence(status, level)


def facts(*evidence: Evidence, expected: int = 4, due_on: dt.date | None = None, ref: str = "e") -> EffectFacts:
    return EffectFacts(ref, expected, due_on, evidence)


@pytest.mark.parametrize(
    ("expected", "evidence", "level"),
    [
        (4, [GREEN], 4),
        (4, [AMBER], 3),
        (4, [RED], 2),
        (1, [RED], 1),
        (2, [RED], 1),
        (4, [score(5)], 5),
        (4, [score(2, Status.RED)], 2),
        (4, [score(2, Status.NOT_COMPUTABLE)], 2),
        # The lowest, never a mean.
        (4, [GREEN, RED], 2),
        (4, [score(5), AMBER], 3),
        (4, [GREEN, NO_DATA, STALE, WORDS, BEFORE], 4),
        (4, [score(5, Status.STALE)], None),
        (4, [NO_DATA, STALE], None),
        (4, [], None),
    ],
)
def test_the_level_that_indicators_prove(expected: int, evidence: list[Evidence], level: int | None) -> None:
    assert proven_level(expected, evidence) == level


def test_how_far_a_colour_falls_is_the_cooperations_own_convention() -> None:
    strict = Thresholds.from_dict({"amber_levels": 2, "red_levels": 3})
    assert [proven_level(5, [found], strict) for found in (GREEN, AMBER, RED)] == [5, 3, 2]
    assert strict.to_dict()["red_levels"] == 3
    with pytest.raises(InvalidInput) as refused:
        Thresholds.from_dict({"amber_levels": 3})
    assert [found.code for found in refused.value.violations] == ["thresholds_out_of_order"]


@pytest.mark.parametrize(
    ("evidence", "due_on", "proof"),
    [
        ([score(2)], None, (2, -2, Status.RED, None)),
        ([AMBER], DAY, (3, -1, Status.AMBER, None)),
        ([score(5)], DAY, (5, 1, Status.GREEN, None)),
        # Before its day it shows, and does not disappoint.
        ([RED], LATER, (2, None, Status.NOT_STARTED, Reason.NOT_DUE_YET)),
        ([], LATER, (None, None, Status.NOT_STARTED, Reason.NOT_DUE_YET)),
        # Missing is not zero, and is not red.
        ([], DAY, (None, None, Status.NO_DATA, Reason.NO_INDICATOR)),
        ([NO_DATA], DAY, (None, None, Status.NO_DATA, Reason.NO_DATA)),
        ([NO_DATA, STALE], DAY, (None, None, Status.STALE, Reason.STALE)),
        ([WORDS], DAY, (None, None, Status.NOT_COMPUTABLE, Reason.NOT_COMPUTABLE)),
        ([BEFORE, NO_DATA], DAY, (None, None, Status.NOT_STARTED, Reason.NOT_STARTED)),
    ],
)
def test_an_effect_on_a_day(
    evidence: list[Evidence], due_on: dt.date | None, proof: tuple[int | None, int | None, Status, Reason | None]
) -> None:
    found = prove_effect(facts(*evidence, due_on=due_on), at=DAY)
    assert (found.proven, found.gap, found.status, found.reason) == proof


@pytest.mark.parametrize(
    ("effects", "proof"),
    [
        # E14
        ([facts(score(2))], (2, -2, Status.RED, None)),
        ([facts(GREEN), facts(AMBER), facts(score(5))], (3, -1, Status.AMBER, None)),
        # The motivation falls as its weakest effect does, whatever the level of the effect itself.
        ([facts(score(1), expected=2)], (3, -1, Status.AMBER, None)),
        ([facts(score(5), expected=2)], (5, 1, Status.GREEN, None)),
        ([facts(RED, due_on=LATER), facts(GREEN)], (4, 0, Status.GREEN, None)),
        ([facts(GREEN), facts()], (4, 0, Status.GREEN, None)),
        ([], (None, None, Status.NO_DATA, Reason.NO_EFFECT)),
        ([facts(RED, due_on=LATER)], (None, None, Status.NOT_STARTED, Reason.NOT_DUE_YET)),
        ([facts(), facts(NO_DATA), facts(RED, due_on=LATER)], (None, None, Status.NO_DATA, Reason.NO_DATA)),
        ([facts(), facts(STALE)], (None, None, Status.NO_DATA, Reason.NOT_PROVEN_YET)),
    ],
)
def test_a_motivation_on_a_day(
    effects: list[EffectFacts], proof: tuple[int | None, int | None, Status, Reason | None]
) -> None:
    found = prove_motivation("m", 4, effects, at=DAY)
    assert (found.proof.proven, found.proof.gap, found.proof.status, found.proof.reason) == proof
    assert len(found.effects) == len(effects)


_STATUSES = st.sampled_from(list(Status))
_LEVELS = st.integers(1, 5)
_EVIDENCE = st.builds(Evidence, _STATUSES, st.none() | _LEVELS)
_EFFECTS = st.lists(
    st.builds(
        EffectFacts,
        st.just("e"),
        _LEVELS,
        st.none() | st.dates(DAY - dt.timedelta(days=2), DAY + dt.timedelta(days=2)),
        st.lists(_EVIDENCE, max_size=4).map(tuple),
    ),
    max_size=4,
)


@given(_LEVELS, _EFFECTS)
def test_every_proof_holds_together(expected: int, effects: list[EffectFacts]) -> None:
    found = prove_motivation("m", expected, effects, at=DAY)
    for proof in (found.proof, *found.effects):
        assert (proof.gap is None) == (proof.reason is not None)
        assert proof.proven is None or 1 <= proof.proven <= 5
        assert proof.gap is None or proof.gap == (proof.proven or 0) - proof.expected
        assert proof.gap is not None or proof.status not in {Status.GREEN, Status.AMBER, Status.RED}
    due = [proof for proof in found.effects if proof.gap is not None]
    assert (found.proof.gap is None) == (not due)


@given(_LEVELS, st.lists(_EVIDENCE, max_size=5), _EVIDENCE)
def test_one_more_indicator_never_proves_more(expected: int, evidence: list[Evidence], more: Evidence) -> None:
    before, after = proven_level(expected, evidence), proven_level(expected, [*evidence, more])
    assert before is None or (after is not None and after <= before)


@given(st.lists(st.tuples(_LEVELS, st.none() | _LEVELS, _LEVELS), max_size=12))
def test_the_order_is_that_of_a_naive_one(rows: list[tuple[int, int | None, int]]) -> None:
    effects = [Effect(str(index), level, proven, weight) for index, (level, proven, weight) in enumerate(rows)]
    waiting, expected = list(effects), []
    while waiting:
        best = waiting[0]
        for other in waiting[1:]:
            if _before(other, best):
                best = other
        expected.append(best.ref)
        waiting.remove(best)
    assert [found.ref for found in rank_effects(effects)] == expected


def _before(one: Effect, other: Effect) -> bool:
    """Strictly: a larger disappointment, else a heavier one, else one from which more was expected."""
    if (one.proven is None) != (other.proven is None):
        return other.proven is None
    if one.proven is not None and other.proven is not None:
        gaps = one.proven - one.expected, other.proven - other.expected
        if gaps[0] != gaps[1]:
            return gaps[0] < gaps[1]
    return (one.weight, one.expected) > (other.weight, other.expected)


def test_levels_are_whole_numbers_and_never_shares() -> None:
    found = prove_motivation("m", 4, [facts(AMBER)], at=DAY)
    assert isinstance(found.proof, Proof)
    assert isinstance(found.proof.proven, int)
    assert not isinstance(found.proof.gap, Fraction)
