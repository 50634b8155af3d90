"""Vectors of domain.md 2.2 and 2.4 as minutes are recorded: board A, nine in office, five present, one proxy."""

from typing import Any

import pytest

from charters.models import Approval
from tests.cast import PLAIN_RULE, Cast
from tests.charters.factories import make_submitted, minutes
from tests.charters.rules.voting_cases import majority
from tests.requests import act, codes, pointers

pytestmark = pytest.mark.django_db
PROXY = {"allowed": True, "max_per_holder": 2, "written": False, "same_body_only": True}
type Rule = dict[str, Any]


def quorum(**changes: str) -> Rule:
    return {"quorum": {"base": "in_office", "min": "1/2", "compare": ">=", "counts": "present", **changes}}


def counted(votes_for: int, against: int, abstain: int, **figures: Any) -> dict[str, Any]:
    votes = {"votes_for": votes_for, "votes_against": against, "votes_abstain": abstain}
    return {"present": 5, "represented": 1, **votes, **figures}


ALONE: dict[str, Any] = {"represented": 0}
BLANK = {"votes_blank": 1}
CASES: dict[str, tuple[Rule, dict[str, Any], str]] = {
    "K-V08a more than two thirds": (majority("qualified", "expressed", "2/3", ">"), counted(4, 2, 0), "rejected"),
    "K-V08b two thirds of those in office": (majority("qualified", "in_office", "2/3"), counted(6, 0, 0), "adopted"),
    "K-V08c two thirds, rounded up by hand": (
        majority("qualified", "expressed", "0.6667"),
        counted(4, 2, 0),
        "rejected",
    ),
    "K-V08d a blank vote that counts": (
        {**majority("absolute", "expressed"), "blank_or_void": "counts_in_base"},
        counted(3, 2, 0, **BLANK),
        "rejected",
    ),
    "K-V08e a blank vote that does not": (majority("absolute", "expressed"), counted(3, 2, 0, **BLANK), "adopted"),
    "K-V10a the chair against": (
        {"tie": "chair_casting_vote"},
        counted(3, 3, 0, casting_vote="against"),
        "rejected",
    ),
    "K-V10b voted again": ({"tie": "revote"}, counted(3, 3, 0), "revote"),
    "K-V12a the represented count": (
        quorum(counts="present_or_represented"),
        counted(5, 0, 0, present=4),
        "adopted",
    ),
    "K-V12b exactly five ninths": (quorum(min="5/9"), counted(6, 0, 0), "adopted"),
    "K-V12c more than five ninths": (quorum(min="5/9", compare=">"), counted(6, 0, 0), "no_quorum"),
    "K-V13 one alone, no quorum in the statutes": ({"quorum": None}, counted(1, 0, 0, present=1, **ALONE), "adopted"),
    "K-V15a two recused stay in the base": (
        {**majority("absolute", "present"), "recusal": {"removes_from": "none"}},
        counted(2, 1, 0, recused=2, **ALONE),
        "rejected",
    ),
    "K-V15b two recused leave the base": (
        {**majority("absolute", "present"), "recusal": {"removes_from": "base"}},
        counted(2, 1, 0, recused=2, **ALONE),
        "adopted",
    ),
    "K-V15c one recused leaves the quorum": (
        {**quorum(compare=">"), "recusal": {"removes_from": "quorum"}},
        counted(4, 0, 0, recused=1, **ALONE),
        "no_quorum",
    ),
    "K-V16a consent": (majority("consent"), counted(5, 0, 0, open_objections=0, **ALONE), "adopted"),
    "K-V16b consent with an objection": (
        majority("consent"),
        counted(5, 0, 0, open_objections=1, **ALONE),
        "rejected",
    ),
    "K-V16c unanimity of nobody": (majority("unanimous", "expressed"), counted(0, 0, 6), "rejected"),
    "K-V16d unanimity and an abstention": (
        majority("unanimous", "present_or_represented"),
        counted(5, 0, 1),
        "rejected",
    ),
    "K-V16e a remote vote that is admitted": (
        {"remote": {"allowed": True, "kind": "electronic"}},
        counted(6, 0, 0, remote=5),
        "adopted",
    ),
}


def record(cast: Cast, rule: Rule, figures: dict[str, Any]) -> Any:
    board, client = cast.alpha.boards.get(), cast.api(cast.chair_alpha)
    type(board).objects.filter(pk=board.pk).update(seats_in_office=9)
    definition = {**PLAIN_RULE, "proxy": PROXY, **rule}
    declared = {"board": str(board.pk), "valid_from": cast.today.isoformat(), "definition": definition}
    made = client.post("/api/v1/voting-rules/", declared, format="json")
    assert made.status_code == 201, made.json()
    body = minutes(make_submitted(cast), cast.alpha, cast.today, **figures)
    return act(client, "/api/v1/board-deliberations/", body)


@pytest.mark.parametrize("case", CASES)
def test_minutes_give_the_result_of_the_vector(cast: Cast, case: str) -> None:
    rule, figures, expected = CASES[case]
    answer = record(cast, rule, figures)
    assert answer.status_code == 201, answer.json()
    assert answer.json()["result"] == expected, answer.json()["explanation"]
    assert Approval.objects.exists() == (expected == "adopted")


@pytest.mark.parametrize(
    ("rule", "figures", "code", "pointer"),
    [
        ({"proxy": {"allowed": False}}, counted(6, 0, 0), "proxy_not_allowed", "/represented"),
        ({"proxy": "must_be_declared"}, counted(6, 0, 0), "proxy_must_be_declared", "/represented"),
        ({"tie": "older_member"}, counted(3, 3, 0), "casting_vote_missing", "/casting_vote"),
        (
            {"remote": {"allowed": True, "kind": "written"}},
            counted(6, 0, 0, remote=1, remote_kind="video"),
            "remote_kind_not_allowed",
            "/remote_kind",
        ),
        (majority("consent"), counted(5, 0, 0, **ALONE), "objections_missing", "/open_objections"),
    ],
)
def test_what_the_statutes_do_not_admit_is_refused(
    cast: Cast, rule: Rule, figures: dict[str, Any], code: str, pointer: str
) -> None:
    refused = record(cast, rule, figures)
    assert (refused.status_code, codes(refused), pointers(refused)) == (400, {code}, {pointer})
    assert not Approval.objects.exists()
