"""Recorded minutes are computed again, and what cannot be true is refused with all its reasons."""

from datetime import date

import pytest

from charters.rules.voting import Proxy, check_minutes, proxy_violations
from tests.charters.rules.voting_cases import board_a, majority, rule


@pytest.mark.parametrize(
    ("facts", "statutes", "found"),
    [
        ({}, {}, []),
        ({"votes_for": 5}, {}, [("votes_missing", "/abstentions")]),
        ({"votes_for": 7}, {}, [("more_votes_than_voters", "/votes_for")]),
        ({"in_office": 5}, {}, [("more_members_than_in_office", "/present")]),
        ({"recused": 1}, {}, [("more_votes_than_voters", "/votes_for")]),
        ({"recused": 6, "votes_for": 0}, {}, [("more_recused_than_present", "/recused")]),
        ({"recused_represented": 2, "votes_for": 4}, {}, [("more_recused_than_represented", "/recused_represented")]),
        ({"recused": 5, "votes_for": 1}, {}, []),
        ({"remote": 5, "remote_kind": "video"}, {"remote": {"allowed": True, "kind": "video"}}, []),
        ({"remote": 2}, {}, [("remote_not_allowed", "/remote")]),
        ({"remote": 6}, {"remote": {"allowed": True, "kind": "video"}}, [("more_remote_than_present", "/remote")]),
        ({"remote": 2, "remote_kind": "video"}, {"remote": {"allowed": True, "kind": "video"}}, []),
        ({"remote": 2, "remote_kind": "written"}, {"remote": {"allowed": True, "kind": "video"}},
         [("remote_kind_not_allowed", "/remote_kind")]),
        ({}, {"proxy": {"allowed": False}}, [("proxy_not_allowed", "/represented")]),
        ({}, {"proxy": "must_be_declared"}, [("proxy_must_be_declared", "/represented")]),
        ({"represented": 0, "votes_for": 5}, {"proxy": "must_be_declared"}, []),
        ({"proxies_written": False}, {}, [("proxy_not_written", "/proxies_written")]),
        ({"proxies_same_body": False}, {}, [("proxy_outside_body", "/proxies_same_body")]),
        ({"proxies_by_holder": (1, 1)}, {}, [("proxies_do_not_add_up", "/proxies_by_holder")]),
        ({"present": 1, "represented": 3, "in_office": 4, "votes_for": 4}, {"quorum": None},
         [("proxy_limit_exceeded", "/represented")]),
        ({"present": 1, "represented": 2, "votes_for": 3}, {"quorum": None}, []),
        ({"represented": 2, "votes_for": 7, "proxies_by_holder": (2, 0)}, {}, []),
        ({"present": 1, "represented": 2, "votes_for": 3, "proxies_by_holder": (1, 1)}, {"quorum": None},
         [("more_holders_than_present", "/proxies_by_holder")]),
        ({"present": 2, "represented": 2, "votes_for": 4, "proxies_by_holder": (1, 1, 0)}, {"quorum": None}, []),
        ({"call": 2}, {}, [("first_call_missing", "/first_call_on"), ("held_on_missing", "/held_on")]),
        ({"call": 2, "held_on": date(2026, 3, 17)}, {}, [("first_call_missing", "/first_call_on")]),
        ({"call": 2, "first_call_on": date(2026, 3, 2), "held_on": date(2026, 3, 16)}, {},
         [("second_call_too_early", "/held_on")]),
        ({"call": 2, "first_call_on": date(2026, 3, 2), "held_on": date(2026, 3, 17)}, {}, []),
        ({"call": 2, "first_call_on": date(2026, 3, 2), "held_on": date(2026, 3, 2)},
         {"second_call": {"allowed": True, "quorum": "none", "min_days": 0}}, []),
        ({"call": 2, "first_call_on": date(2026, 3, 2), "held_on": date(2026, 3, 1)},
         {"second_call": {"allowed": True, "quorum": "none", "min_days": 0}}, [("second_call_too_early", "/held_on")]),
        ({"call": 2}, {"second_call": {"allowed": False}}, [("second_call_not_allowed", "/call")]),
        ({"call": 3}, {}, [("unknown_choice", "/call")]),
        ({"votes_for": -1}, {}, [("not_a_count", "/votes_for")]),
        ({"votes_for": 3, "votes_against": 3}, {"tie": "chair_casting_vote"},
         [("casting_vote_missing", "/casting_vote")]),
        ({"votes_for": 3, "votes_against": 3}, {}, []),
        ({"votes_for": 3, "votes_against": 3, "in_office": 11}, {"tie": "chair_casting_vote"}, []),
        ({"casting_vote": "maybe"}, {}, [("unknown_choice", "/casting_vote")]),
        ({"votes_for": 0}, majority("consent"), [("objections_missing", "/open_objections")]),
        ({"declared_outcome": "adopted"}, {}, []),
        ({"declared_outcome": "rejected"}, {}, [("outcome_mismatch", "/declared_outcome")]),
        ({"present": 4, "votes_for": 5, "declared_outcome": "adopted"}, {},
         [("outcome_mismatch", "/declared_outcome")]),
        ({"present": 4, "votes_for": 0, "declared_outcome": "no_quorum"}, {}, []),
    ],
)  # fmt: skip
def test_minutes_stand_only_when_their_figures_do(facts, statutes, found):
    violations = check_minutes(board_a(**facts), rule(**statutes))

    assert [(violation.code, violation.pointer) for violation in violations] == found


def test_every_reason_is_given_at_once():
    tally = board_a((8, 0, 0), in_office=5, remote=1, proxies_written=False)

    assert {violation.code for violation in check_minutes(tally, rule())} == {
        "more_members_than_in_office",
        "remote_not_allowed",
        "proxy_not_written",
        "more_votes_than_voters",
    }


def test_v14_the_third_proxy_of_a_holder_limited_to_two_is_the_one_refused():
    proxies = [Proxy(giver, "bea", written=True, holder_in_body=True) for giver in ("zoe", "yan", "xia")]

    violations = proxy_violations(proxies, rule(), present=["bea", "ali"])

    assert [(violation.code, violation.pointer) for violation in violations] == [("proxy_limit_exceeded", "/proxies/2")]


def test_v14_the_figures_of_the_minutes_are_held_to_the_same_limit():
    tally = board_a((8, 0, 0), represented=3, proxies_by_holder=(3,))

    assert [(v.code, v.pointer) for v in check_minutes(tally, rule())] == [
        ("proxy_limit_exceeded", "/proxies_by_holder/0")
    ]


def test_a_holder_limited_to_one_proxy_may_hold_one():
    one = {"allowed": True, "max_per_holder": 1, "written": False, "same_body_only": False}
    proxies = [Proxy(giver, "bea", written=False, holder_in_body=False) for giver in ("zoe", "yan")]

    assert [v.pointer for v in proxy_violations(proxies, rule(proxy=one), present=["bea"])] == ["/proxies/1"]


@pytest.mark.parametrize(
    ("proxy", "code"),
    [
        (Proxy("zoe", "ali", written=True, holder_in_body=True), None),
        (Proxy("zoe", "ali", written=False, holder_in_body=True), "proxy_not_written"),
        (Proxy("zoe", "ali", written=True, holder_in_body=False), "proxy_outside_body"),
        (Proxy("zoe", "zoe", written=True, holder_in_body=True), "proxy_to_self"),
        (Proxy("zoe", "yan", written=True, holder_in_body=True), "proxy_holder_absent"),
        (Proxy("bea", "ali", written=True, holder_in_body=True), "proxy_giver_present"),
        (Proxy("xia", "bea", written=True, holder_in_body=True), "proxy_given_twice"),
    ],
)
def test_a_proxy_goes_from_one_absent_member_to_one_present(proxy, code):
    first = Proxy("xia", "ali", written=True, holder_in_body=True)

    violations = proxy_violations([first, proxy], rule(), present=["ali", "bea"])

    assert [(v.code, v.pointer) for v in violations] == ([(code, "/proxies/1")] if code else [])


@pytest.mark.parametrize(
    ("statutes", "code"),
    [({"allowed": False}, "proxy_not_allowed"), ("must_be_declared", "proxy_must_be_declared")],
)
def test_a_proxy_needs_statutes_that_admit_it(statutes, code):
    proxy = Proxy("zoe", "ali", written=True, holder_in_body=True)

    assert [v.code for v in proxy_violations([proxy], rule(proxy=statutes), present=["ali"])] == [code]
