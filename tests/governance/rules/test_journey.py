"""The four challenges: what each asks, and that going back is a direction, never an error."""

import datetime as dt
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.enums_path import Challenge, CooperationLevel
from governance.rules.journey import (
    CHALLENGES,
    GUIDE,
    LEVEL_GUIDE,
    LEVELS,
    answer_violations,
    directions,
    entry_violations,
)

DAY = dt.date(2026, 3, 2)


def test_the_guide_names_four_challenges_and_three_levels_in_its_order() -> None:
    assert list(Challenge.values) == list(CHALLENGES) == [entry.code for entry in GUIDE]
    assert list(CooperationLevel.values) == list(LEVELS) == [entry.code for entry in LEVEL_GUIDE]
    assert all(entry.items and entry.advice for entry in GUIDE)
    # « 3. Conventionner » splits into the four points that the guide says must be treated.
    assert [len(entry.items) for entry in GUIDE] == [4, 6, 6, 4]


@given(st.lists(st.sampled_from(CHALLENGES), max_size=12))
def test_each_place_has_a_direction_against_the_one_before(places: list[str]) -> None:
    ways = [str(way) for way in directions(places)]
    assert len(ways) == len(places)
    assert ways[:1] == ["first"][: len(places)]
    ranks = [CHALLENGES.index(place) for place in places]
    naive = ["back" if a > b else "forward" if a < b else "same" for a, b in pairwise(ranks)]
    assert ways[1:] == naive


def test_levels_have_directions_too() -> None:
    assert directions(["organised", "simple", "contractualised"]) == ["first", "back", "forward"]


@pytest.mark.parametrize(
    ("challenge", "answers", "code", "pointer"),
    [
        ("team", [], "invalid", "/answers"),
        ("team", {"charter": {"answer": "yes"}}, "unknown_item", "/answers/charter"),
        ("", {"charter": {"answer": "yes"}}, "unknown_item", "/answers/charter"),
        ("joining", {"charter": "yes"}, "invalid", "/answers/charter"),
        ("joining", {"charter": {"answer": "yes", "who": "Ana"}}, "invalid", "/answers/charter"),
        ("joining", {"charter": {"answer": ["yes"]}}, "unknown_choice", "/answers/charter/answer"),
        ("joining", {"charter": {"note": "à écrire"}}, "unknown_choice", "/answers/charter/answer"),
        ("joining", {"charter": {"answer": "no", "note": "x" * 2001}}, "invalid", "/answers/charter/note"),
    ],
)
def test_an_answer_that_means_nothing_is_pointed_at(challenge: str, answers: Any, code: str, pointer: str) -> None:
    assert [(found.code, found.pointer) for found in answer_violations(challenge, answers)] == [(code, pointer)]


def test_every_reason_against_an_entry_is_given_at_once() -> None:
    wrong: dict[str, Any] = {"challenge": "team", "level": "simple", "of_organisation": True, "since": DAY}
    found = entry_violations(**wrong, started_on=DAY + dt.timedelta(1), today=DAY - dt.timedelta(1))
    assert [violation.code for violation in found] == [
        "challenge_or_level",
        "level_of_cooperation",
        "in_the_future",
        "before_start",
    ]
    right: dict[str, Any] = {"challenge": "team", "level": "", "of_organisation": True, "since": DAY}
    assert entry_violations(**right, started_on=DAY, today=DAY) == []
