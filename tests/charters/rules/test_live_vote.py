"""A live vote without a database: what each may do, and that its figures give what the same minutes would give."""

import datetime as dt
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charters.rules import live_vote, voting
from charters.rules.live_vote import Elector, Meeting, Proxy, Session, Urn
from tests.cast import PLAIN_RULE

DAY = dt.date(2026, 11, 22)


def rule(**changes: Any) -> voting.VotingRule:
    return voting.VotingRule.from_dict({**PLAIN_RULE, **changes})


OPEN_PROXY = {"allowed": True, "max_per_holder": 2, "written": False, "same_body_only": True}


def codes(found: Any) -> list[str]:
    return sorted(violation.code for violation in found)


def session(*electors: Elector, proxies: tuple[Proxy, ...] = ()) -> Session:
    return Session(electors, proxies)


class TestWhoMayVoteForWhom:
    def test_ones_own_vote_once(self) -> None:
        found = session(Elector("a"), Elector("b", voted=True, attended=True), Elector("c", recused=True))
        assert codes(live_vote.cast_violations(found, person="a", voter="a")) == []
        assert codes(live_vote.cast_violations(found, person="b", voter="b")) == ["already_voted"]
        assert codes(live_vote.cast_violations(found, person="c", voter="c")) == ["recused"]
        assert codes(live_vote.cast_violations(found, person="z", voter="z")) == ["not_an_elector"]

    def test_that_of_another_by_the_proxy_that_one_holds(self) -> None:
        given_to_a = (Proxy("b", "a"), Proxy("c", "a"))
        found = session(Elector("a"), Elector("b"), Elector("c", recused=True), Elector("d"), proxies=given_to_a)
        assert codes(live_vote.cast_violations(found, person="b", voter="a")) == []
        assert codes(live_vote.cast_violations(found, person="c", voter="a")) == ["recused"]
        assert codes(live_vote.cast_violations(found, person="d", voter="a")) == ["no_proxy"]
        assert codes(live_vote.cast_violations(found, person="b", voter="d")) == ["no_proxy"]

    def test_not_of_somebody_who_came_nor_by_a_holder_who_stepped_aside(self) -> None:
        found = session(Elector("a", recused=True), Elector("b", attended=True), proxies=(Proxy("b", "a"),))
        assert codes(live_vote.cast_violations(found, person="b", voter="a")) == [
            "holder_recused",
            "proxy_giver_present",
        ]

    def test_who_was_voted_for_is_not_counted_twice(self) -> None:
        found = session(Elector("a", attended=True), Elector("b", voted=True), proxies=(Proxy("b", "a", used=True),))
        assert codes(live_vote.attend_violations(found, person="b")) == ["already_represented"]
        assert codes(live_vote.recuse_violations(found, person="b")) == ["already_voted"]
        assert codes(live_vote.cast_violations(found, person="b", voter="b")) == ["already_voted"]


class TestProxies:
    def test_the_third_proxy_of_a_holder_limited_to_two_is_refused(self) -> None:
        """V14."""
        board = tuple(Elector(name) for name in "abcd")
        two = (Proxy("b", "a"), Proxy("c", "a"))
        assert codes(live_vote.proxy_violations(session(*board, proxies=two[:1]), rule(proxy=OPEN_PROXY), two[1])) == []
        third = live_vote.proxy_violations(session(*board, proxies=two), rule(proxy=OPEN_PROXY), Proxy("d", "a"))
        assert [(found.code, found.pointer) for found in third] == [("proxy_limit_exceeded", "/holder")]

    @pytest.mark.parametrize(
        ("statutes", "new", "expected"),
        [
            ({"allowed": False}, Proxy("a", "b"), ["proxy_not_allowed"]),
            ("must_be_declared", Proxy("a", "b"), ["proxy_must_be_declared"]),
            ({**OPEN_PROXY, "written": True}, Proxy("a", "b"), ["proxy_not_written"]),
            ({**OPEN_PROXY, "written": True}, Proxy("a", "b", written=True), []),
            (OPEN_PROXY, Proxy("a", "z"), ["proxy_outside_body"]),
            ({**OPEN_PROXY, "same_body_only": False}, Proxy("a", "z"), []),
            (OPEN_PROXY, Proxy("a", "a"), ["proxy_to_self"]),
            (OPEN_PROXY, Proxy("z", "a"), ["not_an_elector"]),
            (OPEN_PROXY, Proxy("p", "a"), ["proxy_giver_present"]),
            (OPEN_PROXY, Proxy("r", "a"), ["recused"]),
            (OPEN_PROXY, Proxy("a", "r"), ["holder_recused"]),
            (OPEN_PROXY, Proxy("g", "a"), ["proxy_given_twice"]),
            (OPEN_PROXY, Proxy("a", "g"), ["proxy_of_a_proxy"]),
            (OPEN_PROXY, Proxy("h", "a"), ["proxy_of_a_proxy"]),
        ],
    )
    def test_every_reason_why_a_proxy_is_refused(self, statutes: Any, new: Proxy, expected: list[str]) -> None:
        board = (
            *(Elector(name) for name in "abgh"),
            Elector("p", attended=True),
            Elector("r", recused=True),
        )
        found = live_vote.proxy_violations(session(*board, proxies=(Proxy("g", "h"),)), rule(proxy=statutes), new)
        assert codes(found) == expected

    def test_the_opening_keeps_the_first_that_the_rule_admits(self) -> None:
        given_before = tuple(Proxy(giver, "a") for giver in "bcd")
        board = tuple(Elector(name) for name in "abcd")
        kept, dropped = live_vote.standing_proxies(session(*board, proxies=given_before), rule(proxy=OPEN_PROXY))
        assert kept == list(given_before[:2])
        assert dropped == [(given_before[2], ["proxy_limit_exceeded"])]


def test_who_is_represented_and_not_voted_for_abstains_when_the_holder_is_there() -> None:
    proxies = (Proxy("b", "a"), Proxy("d", "c"))
    board = (Elector("a", attended=True, voted=True), *(Elector(name) for name in "bcd"))
    counted = live_vote.tally(
        session(*board, proxies=proxies), Urn({voting.Choice.FOR: 1}), rule(proxy=OPEN_PROXY), Meeting(9, DAY)
    )
    # The holder of d never came: nobody represents d.
    assert (counted.present, counted.represented, counted.votes_for, counted.abstentions) == (1, 1, 1, 1)
    assert counted.proxies_by_holder == (1,)


def test_the_casting_vote_asked_for_tells_nothing_of_the_votes() -> None:
    by_chair = rule(tie="chair_casting_vote")
    here = tuple(Elector(name, chair=name == "a", attended=True, voted=True) for name in "abcdef")
    for named, given_, expected in (
        (True, False, []),
        (True, True, ["casting_vote_not_expected"]),
        (False, False, ["casting_vote_missing"]),
        (False, True, []),
    ):
        found = live_vote.casting_vote_violations(session(*here), by_chair, Meeting(9, DAY), named=named, given=given_)
        assert codes(found) == expected
    # No quorum, no tie to break: known from the turn-out, which everybody sees.
    few = session(*here[:2])
    assert live_vote.casting_vote_violations(few, by_chair, Meeting(9, DAY), named=False, given=False) == []
    older = rule(tie="older_member")
    found = live_vote.casting_vote_violations(session(*here), older, Meeting(9, DAY), named=True, given=False)
    assert codes(found) == ["casting_vote_missing"]


CHOICES = st.sampled_from(list(voting.Choice))
MAJORITIES = st.sampled_from(
    [
        ({"kind": "simple", "base": "expressed"}, "neutral"),
        ({"kind": "absolute", "base": "expressed"}, "neutral"),
        ({"kind": "absolute", "base": "present"}, "counts_in_base"),
        ({"kind": "absolute", "base": "present_or_represented"}, "counts_in_base"),
        ({"kind": "qualified", "base": "in_office", "fraction": "2/3", "compare": ">="}, "counts_in_base"),
        ({"kind": "unanimous", "base": "present"}, "counts_in_base"),
        ({"kind": "consent"}, "neutral"),
    ]
)


@given(
    data=st.data(),
    majority=MAJORITIES,
    tie=st.sampled_from(["rejected", "chair_casting_vote", "revote"]),
    recusal=st.sampled_from(["quorum", "base", "both", "none"]),
    counts=st.sampled_from(["present", "present_or_represented"]),
)
def test_a_live_vote_gives_what_the_minutes_of_the_same_meeting_would_give(
    data: st.DataObject, majority: Any, tie: str, recusal: str, counts: str
) -> None:
    """A naive secretary, who notes what each did, and the engine on the figures so noted."""
    statutes = rule(
        majority=majority[0],
        abstention=majority[1],
        tie=tie,
        recusal={"removes_from": recusal},
        proxy={**OPEN_PROXY, "max_per_holder": None},
        quorum={"base": "in_office", "min": "1/2", "compare": ">=", "counts": counts},
    )
    size = data.draw(st.integers(1, 9))
    electors, proxies, ballots = [], [], []
    noted = {"present": 0, "represented": 0, "recused": 0, "recused_represented": 0}
    chair_choice = None
    holders = {}
    for index in range(size):
        name = str(index)
        doing = data.draw(st.sampled_from(["votes", "votes", "attends", "recuses", "away", "represented"]))
        if doing == "represented" and not any(elector.attended and not elector.recused for elector in electors):
            doing = "away"
        if doing == "represented":
            there = [elector.person for elector in electors if elector.attended and not elector.recused]
            holder, choice = data.draw(st.sampled_from(there)), data.draw(st.none() | CHOICES)
            put_aside = choice is None and data.draw(st.booleans())
            proxies.append(Proxy(name, holder, used=choice is not None))
            electors.append(Elector(name, voted=choice is not None, recused=put_aside))
            noted["represented"] += 1
            noted["recused_represented"] += put_aside
            holders[holder] = holders.get(holder, 0) + 1
            if not put_aside:
                ballots.append(choice or voting.Choice.ABSTENTION)
            continue
        attended, recused, voted = doing != "away", doing == "recuses", doing == "votes"
        electors.append(Elector(name, chair=index == 0, attended=attended, recused=recused, voted=voted))
        noted["present"] += attended
        noted["recused"] += recused
        if voted:
            ballots.append(data.draw(CHOICES))
            chair_choice = ballots[-1] if index == 0 else chair_choice
        elif attended and not recused:
            ballots.append(voting.Choice.ABSTENTION)
    silent = sum(
        1
        for elector in electors
        if not elector.voted
        and not elector.recused
        and (elector.attended or any(proxy.giver == elector.person for proxy in proxies))
    )
    cast = [ballots.count(choice) for choice in voting.Choice]
    in_urn = dict(zip(voting.Choice, cast, strict=True))
    in_urn[voting.Choice.ABSTENTION] -= silent
    objections = in_urn[voting.Choice.AGAINST]
    minutes = voting.Tally(
        in_office=9,
        **noted,
        votes_for=cast[0],
        votes_against=cast[1],
        abstentions=cast[2],
        blank_or_void=cast[3],
        proxies_by_holder=tuple(sorted(holders.values(), reverse=True)) or None,
        open_objections=objections if majority[0]["kind"] == "consent" else None,
        casting_vote=chair_choice or voting.Choice.FOR,
        held_on=DAY,
    )
    live = live_vote.tally(
        Session(tuple(electors), tuple(proxies)),
        Urn(in_urn, objections),
        statutes,
        Meeting(9, DAY),
        casting_vote=chair_choice or voting.Choice.FOR,
    )
    assert voting.tally_violations(live, statutes) == ()
    assert voting.result(live, statutes) == voting.result(minutes, statutes)
    assert Fraction(live.cast) == live.voters
