"""The vectors S01–S05 of domain.md 2.5: votes weighted by college, exactly."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charters.rules.scic import Carry, College, college_result, college_violations
from coopproject.exceptions import InvalidInput


def colleges(*weights: int, votes=None) -> list[College]:
    votes = votes or [(1, 0)] * len(weights)
    return [
        College(code, Fraction(weight, 100), *cast)
        for code, weight, cast in zip("ABCDEFGHIJK", weights, votes, strict=False)
    ]


S01 = colleges(40, 35, 25, votes=[(6, 3), (10, 9), (2, 6)])


def test_s01_proportional_carries_each_college_as_it_voted():
    found = college_result(S01, Carry.PROPORTIONAL)

    assert found.adopted is True
    assert found.share_for == Fraction(40, 100) * Fraction(6, 9) + Fraction(35, 100) * Fraction(10, 19) + Fraction(
        1, 16
    )
    assert round(found.share_for * 10_000) == 5134


def test_s01_bloc_carries_each_college_whole():
    found = college_result(S01, Carry.BLOC)

    assert (found.adopted, found.share_for) == (True, Fraction(3, 4))
    assert str(found.formula) == "3/4 des voix > 1/2"


@pytest.mark.parametrize(
    ("weights", "found"),
    [
        ((40, 35, 25), []),
        ((50, 40, 10), []),
        ((55, 25, 20), [("college_too_heavy", "/colleges/0/weight")]),
        ((46, 45, 9), [("college_too_light", "/colleges/2/weight")]),
        ((50, 45, 5), [("college_too_light", "/colleges/2/weight")]),
        ((40, 35, 20), [("weights_do_not_add_up", "/colleges")]),
        ((50, 50), [("too_few_colleges", "/colleges")]),
        ((60, 45, 5), [("college_too_heavy", "/colleges/0/weight"), ("college_too_light", "/colleges/2/weight"),
                       ("weights_do_not_add_up", "/colleges")]),
    ],
    ids=["lawful", "at both limits", "S03", "nine", "S04", "S05", "two colleges", "all at once"],
)  # fmt: skip
def test_a_college_weighs_between_a_tenth_and_a_half(weights, found):
    assert [(violation.code, violation.pointer) for violation in college_violations(colleges(*weights))] == found
    if found:
        with pytest.raises(InvalidInput):
            college_result(colleges(*weights), Carry.BLOC)


# id, weights, votes of each college, proportional (share, adopted), bloc (share, adopted)
OF_OURS = [
    ("K-S02a the two ways disagree", (40, 35, 25), [(9, 8), (10, 9), (0, 8)], ("1279/3230", False), ("3/4", True)),
    ("K-S02b most heads, fewer weights", (50, 30, 20), [(1, 2), (30, 0), (0, 1)], ("7/15", False), ("3/10", False)),
    ("K-S02c exactly half in sevenths", (50, 30, 20), [(3, 4), (4, 3), (4, 3)], ("1/2", False), ("1/2", False)),
    ("K-S02d a tie in each college", (40, 35, 25), [(2, 2), (3, 3), (1, 1)], ("1/2", False), ("0", False)),
    ("K-S02e all of the lightest alone", (45, 45, 10), [(1, 1), (1, 1), (9, 0)], ("11/20", True), ("1/10", False)),
]


@pytest.mark.parametrize(
    ("weights", "votes", "proportional", "bloc"), [row[1:] for row in OF_OURS], ids=[row[0] for row in OF_OURS]
)
def test_each_way_of_carrying_the_votes_is_counted_exactly(weights, votes, proportional, bloc):
    for carry, (share, adopted) in ((Carry.PROPORTIONAL, proportional), (Carry.BLOC, bloc)):
        found = college_result(colleges(*weights, votes=votes), carry)
        assert (str(found.share_for), found.adopted) == (share, adopted)


def test_half_in_sevenths_reaches_half_where_reaching_it_suffices():
    """In floats 0.5 × 3/7 + 0.3 × 4/7 + 0.2 × 4/7 falls short of a half."""
    sevenths = colleges(50, 30, 20, votes=[(3, 4), (4, 3), (4, 3)])
    assert 0.5 * (3 / 7) + 0.3 * (4 / 7) + 0.2 * (4 / 7) < 0.5
    assert college_result(sevenths, Carry.PROPORTIONAL, reaching_suffices=True).adopted


@pytest.mark.parametrize("count", [3, 7, 10])
def test_equal_colleges_make_a_whole_up_to_ten(count):
    equal = [College(str(index), Fraction(1, count), 1, 0) for index in range(count)]
    assert college_violations(equal) == ()
    eleven = [College(str(index), Fraction(1, 11), 1, 0) for index in range(11)]
    assert {violation.code for violation in college_violations(eleven)} == {"college_too_light"}


def test_exactly_half_of_the_votes_is_not_a_majority():
    half = colleges(50, 30, 20, votes=[(3, 0), (0, 3), (0, 3)])

    assert college_result(half, Carry.PROPORTIONAL).adopted is False
    assert college_result(half, Carry.BLOC).adopted is False


def test_a_tie_inside_a_college_carries_nothing_in_bloc_and_half_in_proportion():
    tied = colleges(40, 35, 25, votes=[(3, 3), (1, 0), (1, 0)])

    assert college_result(tied, Carry.BLOC).share_for == Fraction(60, 100)
    assert college_result(tied, Carry.PROPORTIONAL).share_for == Fraction(80, 100)


def test_a_college_that_does_not_vote_keeps_its_weight_in_the_total():
    silent = colleges(50, 25, 25, votes=[(0, 0), (1, 0), (1, 0)])

    found = college_result(silent, Carry.PROPORTIONAL)

    assert (found.adopted, found.share_for, found.silent) == (False, Fraction(1, 2), ("A",))


def test_counts_that_are_no_people_and_colleges_named_twice_are_refused():
    wrong = [*colleges(40, 35), College("A", Fraction(25, 100), -1, True)]

    assert [v.code for v in college_violations(wrong)] == ["college_repeated", "not_a_count", "not_a_count"]


ballots = st.tuples(st.integers(0, 20), st.integers(0, 20))


@given(
    st.sampled_from([(40, 35, 25), (50, 40, 10), (34, 33, 33)]),
    st.tuples(ballots, ballots, ballots),
    st.sampled_from(Carry),
)
def test_for_and_against_never_both_win_and_stay_within_the_whole(weights, votes, carry):
    voted = college_result(colleges(*weights, votes=votes), carry)
    turned = college_result(colleges(*weights, votes=[(against, pro) for pro, against in votes]), carry)

    assert 0 <= voted.share_for <= 1
    assert voted.share_for + turned.share_for <= 1
    assert not (voted.adopted and turned.adopted)
