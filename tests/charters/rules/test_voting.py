"""The vectors V01–V16 of domain.md 2.4, and the rules between them."""

from datetime import date
from fractions import Fraction

import pytest

from charters.rules.voting import Outcome, Tally, Tie, quorum, result
from coopproject.exceptions import RuleViolated
from tests.charters.rules.voting_cases import board_a, majority, rule

TWO_THIRDS = majority("qualified", "expressed", "2/3")

VECTORS = [
    ("V02", (3, 2, 1), majority("simple"), "adopted", "3 pour > 2 contre"),
    ("V03", (3, 2, 1), majority("absolute", "expressed"), "adopted", "3 pour > 2 1/2 (1/2 × 5 exprimés)"),
    (
        "V04",
        (3, 2, 1),
        majority("absolute", "present_or_represented"),
        "rejected",
        "3 pour ≤ 3 (1/2 × 6 présents ou représentés)",
    ),
    ("V05", (3, 2, 1), majority("absolute", "in_office"), "rejected", "3 pour ≤ 4 1/2 (1/2 × 9 en exercice)"),
    ("V06", (3, 2, 1), TWO_THIRDS, "rejected", "3 pour < 3 1/3 (2/3 × 5 exprimés)"),
    ("V07", (4, 2, 0), TWO_THIRDS, "adopted", "4 pour ≥ 4 (2/3 × 6 exprimés)"),
    (
        "V07 strict",
        (4, 2, 0),
        majority("qualified", "expressed", "2/3", ">"),
        "rejected",
        "4 pour ≤ 4 (2/3 × 6 exprimés)",
    ),
    ("V09", (3, 3, 0), majority("simple"), "rejected", "3 pour ≤ 3 contre"),
    ("V11", (0, 0, 6), majority("simple"), "rejected", "0 pour ≤ 0 contre"),
    ("V11 absolute", (0, 0, 6), majority("absolute", "expressed"), "rejected", "0 pour"),
    ("V11 qualified", (0, 0, 6), TWO_THIRDS, "rejected", "0 pour"),
    ("V11 unanimous", (0, 0, 6), majority("unanimous", "expressed"), "rejected", None),
    ("present", (3, 2, 1), majority("absolute", "present"), "adopted", "3 pour > 2 1/2 (1/2 × 5 présents)"),
    ("unanimous with an abstention", (5, 0, 1), majority("unanimous", "expressed"), "adopted", "5 pour ≥ 5 exprimés"),
    ("unanimous of all", (5, 0, 1), majority("unanimous", "present_or_represented"), "rejected", None),
    (
        "unanimous with one against",
        (5, 1, 0),
        majority("unanimous", "present"),
        "rejected",
        "1 contre : pas d’unanimité",
    ),
    ("unanimous of in office", (6, 0, 0), majority("unanimous", "in_office"), "rejected", None),
]


@pytest.mark.parametrize(
    ("votes", "statutes", "outcome", "formula"), [v[1:] for v in VECTORS], ids=[v[0] for v in VECTORS]
)
def test_a_motion_passes_by_its_own_rule_and_shows_the_sum(votes, statutes, outcome, formula):
    found = result(board_a(votes), rule(**statutes))

    assert found.outcome == outcome
    if formula:
        assert str(found.formula) == formula


def test_v01_quorum_counts_those_present_against_half_of_nine():
    found = quorum(board_a(), rule())

    assert (found.met, found.counted, found.base, found.needed) == (True, 5, 9, Fraction(9, 2))
    assert str(found.formula) == "5 ≥ 4 1/2 (1/2 × 9 en exercice)"


def test_v10_the_chair_breaks_a_tie_with_the_casting_vote():
    chair = rule(tie="chair_casting_vote")

    won = result(board_a((3, 3, 0), casting_vote="for"), chair)
    assert (won.outcome, won.tie_break) == (Outcome.ADOPTED, Tie.CHAIR_CASTING_VOTE)
    assert str(won.formula) == "3 pour + voix prépondérante > 3 contre"
    assert result(board_a((3, 3, 0), casting_vote="against"), chair).outcome == Outcome.REJECTED
    assert result(board_a((2, 2, 2), casting_vote="abstention"), chair).outcome == Outcome.REJECTED


@pytest.mark.parametrize(
    ("base", "votes", "outcome"),
    [
        ("expressed", (3, 3, 0), "adopted"),
        ("present_or_represented", (3, 3, 0), "adopted"),
        ("present_or_represented", (2, 2, 2), "rejected"),
        ("in_office", (3, 3, 0), "rejected"),
    ],
)
def test_a_casting_vote_counts_twice_but_does_not_shrink_the_base(base, votes, outcome):
    statutes = majority("absolute", base) | {"tie": "older_member"}

    assert result(board_a(votes, casting_vote="for"), rule(**statutes)).outcome == outcome


def test_the_casting_vote_is_part_of_what_was_expressed():
    found = result(
        board_a((3, 3, 0), casting_vote="for"), rule(**majority("absolute", "expressed"), tie="older_member")
    )

    assert (found.base, found.second_call_allowed) == (7, False)


def test_a_tie_settles_nothing_where_more_than_half_is_required():
    two_thirds = rule(**TWO_THIRDS, tie="chair_casting_vote")

    found = result(board_a((3, 3, 0)), two_thirds)

    assert (found.outcome, found.tie_break) == (Outcome.REJECTED, None)


def test_a_tie_goes_back_to_the_vote_where_the_statutes_say_so():
    again = rule(tie="revote")

    assert result(board_a((3, 3, 0)), again).outcome == Outcome.REVOTE
    assert result(board_a((1, 1, 4)), again).outcome == Outcome.REVOTE
    assert result(board_a((0, 0, 6)), again).outcome == Outcome.REJECTED
    assert result(board_a((3, 3, 0)), rule(**majority("absolute", "in_office"), tie="revote")).outcome == Outcome.REVOTE


def test_v12_without_quorum_the_vote_is_void_and_a_second_call_opens():
    four = board_a((5, 0, 0), present=4, held_on=date(2026, 3, 2))

    found = result(four, rule())

    assert found.outcome == Outcome.NO_QUORUM
    assert (found.second_call_allowed, found.second_call_from) == (True, date(2026, 3, 17))
    assert str(found.formula) == "pas de quorum : 4 < 4 1/2 (1/2 × 9 en exercice)"


def test_v12_counting_the_represented_the_same_meeting_is_quorate():
    statutes = {"quorum": {"base": "in_office", "min": "1/2", "compare": ">=", "counts": "present_or_represented"}}

    assert result(board_a((5, 0, 0), present=4), rule(**statutes)).outcome == Outcome.ADOPTED


@pytest.mark.parametrize(("present", "met"), [(3, False), (4, False), (5, True)])
def test_more_than_half_differs_from_at_least_half(present, met):
    more = {"quorum": {"base": "in_office", "min": "1/2", "compare": ">", "counts": "present"}}

    assert quorum(Tally(in_office=8, present=present), rule(**more)).met is met


@pytest.mark.parametrize(
    ("second_call", "present", "met"),
    [
        ({"quorum": "none"}, 1, True),
        ({"quorum": "none"}, 0, False),
        ({"quorum": "same"}, 4, False),
        ({"quorum": "same"}, 5, True),
        ({"quorum": "reduced", "min": "1/4"}, 2, False),
        ({"quorum": "reduced", "min": "1/4"}, 3, True),
    ],
)
def test_the_second_call_has_its_own_quorum(second_call, present, met):
    statutes = {"second_call": {"allowed": True, "min_days": 15} | second_call}
    second = Tally(in_office=9, present=present, call=2, first_call_on=date(2026, 3, 2), held_on=date(2026, 3, 17))

    assert quorum(second, rule(**statutes)).met is met


def test_a_second_meeting_without_quorum_has_no_third():
    same = rule(second_call={"allowed": True, "min_days": 15, "quorum": "same"})
    second = Tally(in_office=9, present=2, call=2, first_call_on=date(2026, 3, 2), held_on=date(2026, 3, 17))

    found = result(second, same)

    assert (found.outcome, found.second_call_allowed, found.second_call_from) == (Outcome.NO_QUORUM, False, None)


def test_without_a_quorum_in_the_statutes_one_member_is_enough_but_nobody_is_not():
    free = rule(quorum=None)

    assert quorum(Tally(in_office=9, present=1), free).met
    assert not quorum(Tally(in_office=9, present=0), free).met


@pytest.mark.parametrize(
    ("removes_from", "met", "outcome"),
    [("none", False, None), ("quorum", True, "rejected"), ("base", False, None), ("both", True, "adopted")],
)
def test_a_recusal_leaves_what_the_statutes_say_it_leaves(removes_from, met, outcome):
    """Eight in office, four present, two step aside for a conflict of interest; the two others vote for."""
    more = {"base": "in_office", "min": "1/3", "compare": ">=", "counts": "present"}
    statutes = majority("absolute", "present") | {"quorum": more, "recusal": {"removes_from": removes_from}}
    tally = Tally(in_office=8, present=4, recused=2, votes_for=2)
    strict = rule(**(statutes | {"quorum": more | {"min": "7/12" if not met else "1/3"}}))

    assert quorum(tally, strict).met is met
    if outcome:
        assert result(tally, strict).outcome == outcome


def test_a_recusal_leaves_both_sides_of_the_quorum():
    """Two of nine are in conflict and only one of them attends: 4 of 9 fails, 3 of 8 fails, 4 of 7 would not."""
    leaves = rule(recusal={"removes_from": "quorum"})

    found = quorum(Tally(in_office=9, present=5, recused=1), leaves)

    assert (found.counted, found.base, found.met) == (4, 8, True)


def test_a_represented_member_who_steps_aside_leaves_too():
    statutes = majority("absolute", "in_office") | {"recusal": {"removes_from": "both"}}
    tally = Tally(in_office=9, present=5, represented=2, recused=1, recused_represented=1, votes_for=4, votes_against=1)

    found = result(tally, rule(**statutes))

    assert (found.base, found.quorum.base, found.outcome) == (7, 7, Outcome.ADOPTED)


def test_a_represented_member_who_steps_aside_leaves_the_quorum_that_counts_the_represented():
    both = {"base": "in_office", "min": "1/2", "compare": ">=", "counts": "present_or_represented"}
    leaves = rule(quorum=both, recusal={"removes_from": "quorum"})

    found = quorum(Tally(in_office=9, present=3, represented=2, recused_represented=1), leaves)

    assert (found.counted, found.base, found.met) == (4, 8, True)


def test_consent_waits_for_no_reasoned_objection_and_a_quorum():
    consent = rule(**majority("consent"))

    assert result(board_a((0, 0, 0), open_objections=0), consent).outcome == Outcome.ADOPTED
    assert result(board_a((0, 0, 0), open_objections=1), consent).outcome == Outcome.REJECTED
    assert result(board_a((0, 0, 0), open_objections=0, present=4), consent).outcome == Outcome.NO_QUORUM


@pytest.mark.parametrize(("blank_or_void", "outcome"), [("neutral", "adopted"), ("counts_in_base", "rejected")])
@pytest.mark.parametrize("base", ["expressed", "present_or_represented"])
def test_blank_votes_weigh_only_where_the_statutes_count_them(base, blank_or_void, outcome):
    statutes = majority("absolute", base) | {"blank_or_void": blank_or_void}
    tally = Tally(in_office=9, present=6, votes_for=3, votes_against=2, blank_or_void=1)

    assert result(tally, rule(**statutes)).outcome == outcome


def test_proxies_cannot_carry_a_motion_that_more_votes_refuse():
    """Three present hold four proxies: 3 for is more than half of those present, and 4 are against."""
    tally = Tally(in_office=9, present=3, represented=4, votes_for=3, votes_against=4)
    no_quorum = {"quorum": None}

    absolute = result(tally, rule(**majority("absolute", "present"), **no_quorum))
    qualified = result(tally, rule(**majority("qualified", "present", "2/3"), **no_quorum))

    assert (absolute.outcome, qualified.outcome) == (Outcome.REJECTED, Outcome.REJECTED)
    assert str(absolute.formula) == "3 pour ≤ 4 contre"


def test_a_blank_vote_that_may_have_come_by_proxy_stays_in_the_base_of_those_present():
    half = rule(**majority("qualified", "present", "1/2"))
    one_blank = Tally(in_office=9, present=6, votes_for=3, votes_against=2, blank_or_void=1)
    by_proxy = Tally(in_office=9, present=5, represented=1, votes_for=3, votes_against=2, blank_or_void=1)

    assert (result(one_blank, half).base, result(by_proxy, half).base) == (5, 5)


def test_statutes_may_let_a_minority_decide():
    third = rule(**majority("qualified", "present", "1/3"))

    assert result(Tally(in_office=9, present=6, votes_for=2, votes_against=4), third).outcome == Outcome.ADOPTED


def test_no_outcome_rests_on_figures_that_do_not_add_up():
    with pytest.raises(RuleViolated) as refused:
        result(board_a((9, 2, 1)), rule())

    assert [violation.code for violation in refused.value.violations] == ["more_votes_than_voters"]


def test_a_fraction_is_compared_exactly_at_large_numbers():
    two_thirds = rule(**TWO_THIRDS, quorum=None)

    just = Tally(in_office=9000, present=9000, votes_for=6000, votes_against=3000)
    under = Tally(in_office=9000, present=9000, votes_for=5999, votes_against=3001)

    assert result(just, two_thirds).outcome == Outcome.ADOPTED
    assert result(under, two_thirds).outcome == Outcome.REJECTED
