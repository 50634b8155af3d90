"""The vectors of domain.md 2.4, played live: a board of nine, five present, one proxy given to one of them."""

from typing import Any

import pytest

from charters.models import Approval
from tests.cast import Cast
from tests.charters.factories import make_submitted
from tests.charters.live import ANY_PROXY, LiveVote, with_rule

SIMPLE: dict[str, Any] = {"kind": "simple", "base": "expressed"}
TWO_THIRDS: dict[str, Any] = {"kind": "qualified", "base": "expressed", "fraction": "2/3", "compare": ">="}


def absolute(base: str) -> dict[str, Any]:
    return {"kind": "absolute", "base": base}


@pytest.mark.parametrize(
    ("vector", "votes", "majority", "tie", "result"),
    [
        ("V02", (3, 2, 1), SIMPLE, "rejected", "adopted"),
        ("V03", (3, 2, 1), absolute("expressed"), "rejected", "adopted"),
        ("V04", (3, 2, 1), absolute("present_or_represented"), "rejected", "rejected"),
        ("V05", (3, 2, 1), absolute("in_office"), "rejected", "rejected"),
        ("V06", (3, 2, 1), TWO_THIRDS, "rejected", "rejected"),
        ("V07", (4, 2, 0), TWO_THIRDS, "rejected", "adopted"),
        ("V09", (3, 3, 0), SIMPLE, "rejected", "rejected"),
        ("V10", (3, 3, 0), SIMPLE, "chair_casting_vote", "adopted"),
        ("V11", (0, 0, 6), SIMPLE, "rejected", "rejected"),
    ],
)
@pytest.mark.parametrize("ballot", ["named", "secret"])
def test_a_vector_played_live(
    cast: Cast, vector: str, votes: tuple[int, int, int], majority: dict[str, Any], tie: str, result: str, ballot: str
) -> None:
    base = majority["base"]
    with_rule(
        cast.gamma,
        majority=majority,
        abstention="neutral" if base == "expressed" else "counts_in_base",
        tie=tie,
        proxy=ANY_PROXY,
    )
    live = LiveVote(cast, make_submitted(cast), ballot=ballot)
    live.open()
    giver, holder = live.board[5], live.board[1]
    live.ok(giver, "declare-proxy", holder=str(holder.pk))
    choices = ["for"] * votes[0] + ["against"] * votes[1] + ["abstention"] * votes[2]
    live.cast_all(*choices[:5])
    live.ok(holder, "cast", choice=choices[5], elector=str(giver.pk))
    asked = {"casting_vote": "for"} if tie != "rejected" and ballot == "secret" else {}
    found = live.close(**asked)
    assert found["result"] == result, (vector, found["explanation"])
    assert (found["present"], found["represented"]) == (5, 1)
    assert (found["votes_for"], found["votes_against"], found["votes_abstain"]) == votes
    assert Approval.objects.exists() == (result == "adopted")


def test_v12_four_present_and_a_proxy_have_no_quorum_where_it_counts_those_present(cast: Cast) -> None:
    with_rule(cast.gamma, proxy=ANY_PROXY)
    live = LiveVote(cast, make_submitted(cast))
    live.open()
    live.ok(live.board[5], "declare-proxy", holder=str(live.board[1].pk))
    live.cast_all("for", "for", "for", "for")
    live.ok(live.board[1], "cast", choice="for", elector=str(live.board[5].pk))
    found = live.close()
    assert (found["present"], found["represented"], found["result"]) == (4, 1, "no_quorum")
    assert found["call_again_from"] is not None
    assert not Approval.objects.exists()


def test_v01_five_of_nine_are_quorate(cast: Cast) -> None:
    live = LiveVote(cast, make_submitted(cast))
    live.open()
    live.cast_all("for", "for", "for", "for", "for")
    assert live.close()["result"] == "adopted"
