"""Votes of the CSE: the vectors of domain.md 1.7 and C18."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopproject.exceptions import InvalidInput
from governance.rules.cse_votes import CseVote, vote_result, vote_violations


def vote(present: int, *counts: int) -> CseVote:
    votes_for, votes_against, votes_abstain, votes_blank = (*counts, 0, 0)[:4]
    return CseVote(
        present=present,
        votes_for=votes_for,
        votes_against=votes_against,
        votes_abstain=votes_abstain,
        votes_blank=votes_blank,
    )


@pytest.mark.parametrize(
    ("ballot", "adopted"),
    [
        (vote(5, 3, 2, 0), True),
        (vote(5, 2, 2, 1), False),
        (vote(4, 2, 2), False),
        (vote(4, 3, 1), True),
        (vote(1, 1, 0), True),
        (vote(5, 2, 0, 3), False),
        (vote(5, 2, 0, 0, 3), False),
        (vote(4, 2, 0, 2), False),
        (vote(3, 2, 0, 1), True),
        (vote(3, 0, 0, 3), False),
    ],
)
def test_a_resolution_needs_more_than_half_of_the_full_members_present(ballot: CseVote, adopted: bool) -> None:
    assert vote_result(ballot).adopted is adopted


def test_a_body_may_sit_whole() -> None:
    assert vote_violations(CseVote(present=5, votes_for=5, votes_against=0, seats=5)) == []


def test_the_formula_shows_what_was_compared() -> None:
    assert str(vote_result(vote(5, 3, 2)).formula).startswith("3 pour sur 5 présents")


@pytest.mark.parametrize(
    ("ballot", "codes"),
    [
        (vote(4, 3, 2), ["more_votes_than_present"]),
        (vote(5, 3, 1), ["fewer_votes_than_present"]),
        (vote(0, 0, 0), ["nobody_present"]),
        (vote(2, 3, -1), ["count_negative"]),
        (CseVote(present=6, votes_for=6, votes_against=0, seats=5), ["more_present_than_seats"]),
        (
            CseVote(present=-1, votes_for=-1, votes_against=1, seats=5),
            ["count_negative"] * 2 + ["more_votes_than_present"],
        ),
    ],
)
def test_a_count_that_cannot_be_is_refused_with_every_reason(ballot: CseVote, codes: list[str]) -> None:
    assert [violation.code for violation in vote_violations(ballot)] == codes
    with pytest.raises(InvalidInput):
        vote_result(ballot)


@given(st.lists(st.sampled_from(["for", "against", "abstain", "blank"]), min_size=1, max_size=35))
def test_everything_but_a_vote_for_weighs_against(ballots: list[str]) -> None:
    counted = vote(len(ballots), *(ballots.count(kind) for kind in ("for", "against", "abstain", "blank")))
    balance = sum(1 if ballot == "for" else -1 for ballot in ballots)
    assert vote_result(counted).adopted is (balance > 0)
