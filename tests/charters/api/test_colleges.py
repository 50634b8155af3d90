"""A SCIC whose statutes weigh the votes by college: vectors S01–S05 of domain.md 2.5, by the API."""

from typing import Any

import pytest

from charters.models import Approval, BoardDeliberation, CharterVersion
from governance.models import VotingRule
from tests.cast import PLAIN_RULE, Cast
from tests.charters.factories import make_submitted, minutes
from tests.requests import act, codes, pointers

VOTES = "/api/v1/board-deliberations/"
RULES = "/api/v1/voting-rules/"


def colleges(*weights: str) -> list[dict[str, str]]:
    return [
        {"code": code, "label": f"Collège {code}", "weight": weight}
        for code, weight in zip("ABC", weights, strict=True)
    ]


def rule(carry: str | None = "proportional", *weights: str, **changes: Any) -> dict[str, Any]:
    by = {"colleges": colleges(*(weights or ("2/5", "7/20", "1/4"))), "carry": carry}
    return {**PLAIN_RULE, **by, **changes}


def counted(*pairs: tuple[int, int]) -> list[dict[str, Any]]:
    return [
        {"college": code, "present": votes_for + against, "votes_for": votes_for, "votes_against": against}
        for code, (votes_for, against) in zip("ABC", pairs, strict=True)
    ]


# S01: A 6/3, B 10/9, C 2/6. Counted by head it is a tie, 18 against 18.
S01: dict[str, Any] = {
    "present": 36,
    "votes_for": 18,
    "votes_against": 18,
    "votes_abstain": 0,
    "college_votes": counted((6, 3), (10, 9), (2, 6)),
}


def declare(cast: Cast, definition: dict[str, Any]) -> Any:
    board = cast.alpha.boards.get()
    type(board).objects.filter(pk=board.pk).update(seats_in_office=60)
    body = {"board": str(board.pk), "valid_from": cast.today.isoformat(), "definition": definition}
    return cast.api(cast.chair_alpha).post(RULES, body, format="json")


def record(cast: Cast, version: CharterVersion, **figures: Any) -> Any:
    body = minutes(version, cast.alpha, cast.today, **{**S01, **figures})
    return act(cast.api(cast.chair_alpha), VOTES, body)


@pytest.mark.parametrize(
    ("carry", "explanation"), [("proportional", "2341/4560 des voix > 1/2"), ("bloc", "3/4 des voix > 1/2")]
)
def test_s01_is_adopted_by_weight_where_heads_are_tied(cast: Cast, carry: str, explanation: str) -> None:
    assert declare(cast, rule(carry)).status_code == 201
    version = make_submitted(cast)
    response = record(cast, version)
    assert response.status_code == 201, response.json()
    assert (response.json()["result"], response.json()["explanation"]) == ("adopted", explanation)
    assert [row["college"] for row in response.json()["college_votes"]] == ["A", "B", "C"]
    assert Approval.objects.filter(charter_version=version, organisation=cast.alpha).count() == 1


@pytest.mark.parametrize(
    ("weights", "expected", "where"),
    [
        (("11/20", "1/4", "1/5"), "college_too_heavy", "/definition/colleges/0/weight"),
        (("1/2", "9/20", "1/20"), "college_too_light", "/definition/colleges/2/weight"),
        (("2/5", "7/20", "1/5"), "weights_do_not_add_up", "/definition/colleges"),
    ],
)
def test_s03_to_s05_are_no_lawful_colleges(cast: Cast, weights: tuple[str, ...], expected: str, where: str) -> None:
    before = VotingRule.objects.count()
    response = declare(cast, rule("bloc", *weights))
    assert (response.status_code, codes(response), pointers(response)) == (400, {expected}, {where})
    assert VotingRule.objects.count() == before


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"carry": "majority"}, {"unknown_choice"}),
        ({"carry": None}, {"unknown_choice"}),
        ({"colleges": None}, {"not_applicable"}),
        ({"colleges": "A"}, {"wrong_type"}),
        ({"colleges": [{"code": "A", "weight": 0.4}]}, {"not_exact"}),
        ({"tie": "chair_casting_vote"}, {"tie_not_by_college"}),
        ({"majority": {"kind": "consent"}}, {"majority_not_by_college"}),
    ],
)
def test_a_rule_by_college_says_all_that_it_needs_and_nothing_against_it(
    cast: Cast, changes: dict[str, Any], expected: set[str]
) -> None:
    response = declare(cast, rule("bloc") | changes)
    assert (response.status_code, codes(response)) == (400, expected)


@pytest.mark.parametrize(
    ("figures", "expected"),
    [
        ({"college_votes": None}, {"college_votes_missing"}),
        ({"college_votes": counted((6, 3), (10, 9), (2, 5))}, {"colleges_do_not_add_up"}),
        ({"college_votes": counted((6, 3), (10, 9), (2, 6))[:2]}, {"college_votes_missing", "colleges_do_not_add_up"}),
        (
            {"college_votes": [*counted((6, 3), (10, 9), (1, 6)), counted((1, 0), (0, 0), (0, 0))[0]]},
            {"college_repeated"},
        ),
        (
            {
                "college_votes": [
                    {**row, "college": "Z"} if i == 2 else row for i, row in enumerate(S01["college_votes"])
                ]
            },
            {"unknown_college", "college_votes_missing"},
        ),
    ],
)
def test_the_figures_by_college_are_those_of_the_meeting(
    cast: Cast, figures: dict[str, Any], expected: set[str]
) -> None:
    assert declare(cast, rule()).status_code == 201
    response = record(cast, make_submitted(cast), **figures)
    assert (response.status_code, codes(response)) == (400, expected)
    assert not BoardDeliberation.objects.exists()


def test_a_board_without_colleges_counts_heads_only(cast: Cast) -> None:
    assert declare(cast, PLAIN_RULE).status_code == 201
    response = record(cast, make_submitted(cast))
    assert (response.status_code, codes(response), pointers(response)) == (400, {"no_colleges"}, {"/college_votes"})


def test_a_qualified_majority_of_weights_counts_what_reaches_it(cast: Cast) -> None:
    two_fifths = {"kind": "qualified", "base": "expressed", "fraction": "2/5", "compare": ">="}
    assert declare(cast, rule("bloc", majority=two_fifths)).status_code == 201
    votes = counted((9, 0), (0, 19), (0, 8))
    response = record(cast, make_submitted(cast), votes_for=9, votes_against=27, college_votes=votes)
    assert (response.json()["result"], response.json()["explanation"]) == ("adopted", "2/5 des voix ≥ 2/5")


@pytest.mark.parametrize("ballot", ["named", "secret"])
def test_a_vote_by_college_is_not_held_here(cast: Cast, ballot: str) -> None:
    assert declare(cast, rule()).status_code == 201
    version = make_submitted(cast)
    body = {
        "charter_version": str(version.pk),
        "board": str(cast.alpha.boards.get().pk),
        "content_hash": version.content_hash,
        "held_on": cast.today.isoformat(),
        "mode": "live",
        "ballot": ballot,
    }
    response = act(cast.api(cast.chair_alpha), VOTES, body)
    assert (response.status_code, codes(response)) == (409, {"colleges_are_recorded"})
    assert not BoardDeliberation.objects.exists()
