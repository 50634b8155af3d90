"""Cooperate or merge: sums and differences, and nothing concluded before everybody gave its reasons."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.rules.arbitration import CRITERIA, Leaning, missing_scores, score_violations, tally

CODES = list(CRITERIA)
SHEETS = st.dictionaries(
    st.sampled_from(["alpha", "beta", "gamma"]), st.fixed_dictionaries(dict.fromkeys(CODES, st.integers(-2, 2)))
)


def sheet(default: int = 0, **scores: int) -> dict[str, int]:
    return dict.fromkeys(CODES, default) | scores


def test_sums_are_told_by_side_and_by_criterion() -> None:
    found = tally({"alpha": sheet(will=-2, savings=2), "beta": sheet(will=1, savings=1, time=-1)}, ["alpha", "beta"])
    by_code = {row.code: (row.for_cooperation, row.for_merger, row.spread) for row in found.criteria}
    assert (by_code["will"], by_code["savings"], by_code["time"]) == ((2, 1, 3), (0, 3, 1), (1, 0, 1))
    assert (found.for_cooperation, found.for_merger, found.leaning) == (3, 4, Leaning.MERGE)
    assert found.most_divisive == ("will",)


def test_nothing_is_concluded_while_one_member_has_not_given_all_its_reasons() -> None:
    partial = sheet(2)
    del partial["will"]
    for sheets in ({"alpha": sheet(2)}, {"alpha": sheet(2), "beta": partial}):
        found = tally(sheets, ["alpha", "beta"])
        assert (found.leaning, found.awaited) == (None, ("beta",))
    assert tally({}, []).leaning is None
    assert tally({"alpha": sheet(2), "omega": sheet(-2)}, ["alpha"]).leaning is Leaning.MERGE


def test_every_criterion_of_the_widest_gap_divides_and_agreement_divides_none() -> None:
    found = tally({"alpha": sheet(will=1, time=-1), "beta": sheet(will=-1, time=1)}, ["alpha", "beta"])
    assert (found.most_divisive, found.leaning) == (("will", "time"), Leaning.EVEN)
    assert tally({"alpha": sheet(1), "beta": sheet(1)}, ["alpha", "beta"]).most_divisive == ()


@given(SHEETS)
def test_the_two_sides_are_all_the_points_and_change_places_with_the_signs(sheets: dict[str, dict[str, int]]) -> None:
    found, turned = (
        tally(sheets, list(sheets)),
        tally({who: {code: -score for code, score in scores.items()} for who, scores in sheets.items()}, list(sheets)),
    )
    assert found.for_merger - found.for_cooperation == sum(sum(scores.values()) for scores in sheets.values())
    assert (found.for_merger, found.most_divisive) == (turned.for_cooperation, turned.most_divisive)


@pytest.mark.parametrize(
    ("scores", "code", "pointer"),
    [
        ([], "invalid", "/scores"),
        ({"money": {"score": 1, "reason": "x"}}, "unknown_criterion", "/scores/money"),
        ({"will": 2}, "invalid", "/scores/will"),
        ({"will": {"score": 3, "reason": "x"}}, "out_of_range", "/scores/will/score"),
        ({"will": {"score": True, "reason": "x"}}, "out_of_range", "/scores/will/score"),
        ({"will": {"score": 1.0, "reason": "x"}}, "out_of_range", "/scores/will/score"),
        ({"will": {"score": 1, "reason": " "}}, "reason_missing", "/scores/will/reason"),
        ({"will": {"score": 1, "reason": "x" * 2001}}, "max_length", "/scores/will/reason"),
    ],
)
def test_a_score_is_whole_known_and_given_with_its_reason(scores: Any, code: str, pointer: str) -> None:
    assert [(found.code, found.pointer) for found in score_violations(scores)] == [(code, pointer)]
    assert score_violations({"will": {"score": -2, "reason": "Personne n’en veut"}}) == []


def test_each_criterion_left_out_is_named() -> None:
    assert [found.pointer for found in missing_scores({"will": {}})] == [
        f"/scores/{code}" for code in CODES if code != "will"
    ]
