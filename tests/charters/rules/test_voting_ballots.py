"""The engine against a naive counter that walks through one ballot after another and knows no formula."""

import itertools
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from charters.rules.voting import Tally, result
from tests.charters.rules.voting_cases import majority, rule

MEMBERS = ("for", "against", "abstention", "blank_or_void", "recused", "absent")
BASES = ("expressed", "present", "present_or_represented", "in_office")
MAJORITIES = [
    majority("simple"),
    *(majority(kind, base) for kind, base in itertools.product(("absolute", "unanimous"), BASES)),
    *(
        majority("qualified", base, fraction, compare)
        for base, fraction, compare in itertools.product(BASES, ("1/2", "2/3", "3/4", "4/5", "1"), (">=", ">"))
        if (fraction, compare) != ("1", ">")
    ),
]


def naive(people, statutes):
    """Count one person at a time: (here, ballot). A proxy is a ballot of somebody who is not here."""
    removes = statutes["recusal"]["removes_from"]
    quorum_seats = attending = blanks = proxies = 0
    base = for_votes = against_votes = 0
    majority_base = statutes["majority"]["base"] or "expressed"
    for here, ballot in people:
        recused = ballot == "recused"
        taking_part = here or ballot != "absent"
        if not (recused and removes in ("quorum", "both")):
            quorum_seats += 1
            if here or (taking_part and statutes["quorum"]["counts"] == "present_or_represented"):
                attending += 1
        for_votes += ballot == "for"
        against_votes += ballot == "against"
        in_base = {
            "expressed": ballot in ("for", "against", "blank_or_void"),
            "present": here,
            "present_or_represented": taking_part,
            "in_office": True,
        }[majority_base]
        if ballot == "blank_or_void" and statutes["blank_or_void"] == "neutral" and majority_base != "present":
            in_base = False
        blanks += ballot == "blank_or_void"
        proxies += taking_part and not here and not (recused and removes in ("base", "both"))
        if recused and removes in ("base", "both"):
            in_base = False
        base += in_base
    if majority_base == "present" and statutes["blank_or_void"] == "neutral":
        base -= max(0, blanks - proxies)
    needed = Fraction(statutes["quorum"]["min"]) * quorum_seats
    reached = attending >= needed if statutes["quorum"]["compare"] == ">=" else attending > needed
    if not reached or attending == 0:
        return "no_quorum"

    kind = statutes["majority"]["kind"]
    if kind == "simple":
        return "adopted" if for_votes > against_votes else "rejected"
    if kind == "unanimous":
        return "adopted" if base > 0 and for_votes >= base and against_votes == 0 else "rejected"
    share = Fraction(statutes["majority"].get("fraction", "1/2"))
    at_least = kind == "qualified" and statutes["majority"]["compare"] == ">="
    enough = for_votes >= share * base if at_least else for_votes > share * base
    if majority_base == "present":
        enough = enough and (for_votes >= against_votes if at_least else for_votes > against_votes)
    return "adopted" if enough and for_votes else "rejected"


@st.composite
def meetings(draw):
    """People here or represented with a ballot, or away without one; and statutes that say how to count them."""
    ballots = st.sampled_from(["for", "for", "against", "abstention", "blank_or_void", "recused"])
    person = st.one_of(
        st.tuples(st.just(True), ballots), st.tuples(st.just(False), st.one_of(ballots, st.just("absent")))
    )
    people = draw(st.lists(person, min_size=1, max_size=25))
    if not any(here for here, _ in people):
        people = [(True, ballot if ballot != "absent" else "for") for _, ballot in people]
    statutes = draw(st.sampled_from(MAJORITIES)) | {
        "quorum": {
            "base": "in_office",
            "min": draw(st.sampled_from(["0", "1/4", "1/3", "1/2", "2/3", "1"])),
            "compare": ">=",
            "counts": draw(st.sampled_from(["present", "present_or_represented"])),
        },
        "blank_or_void": draw(st.sampled_from(["neutral", "counts_in_base"])),
        "recusal": {"removes_from": draw(st.sampled_from(["quorum", "base", "both", "none"]))},
        "proxy": {"allowed": True, "max_per_holder": None, "written": False, "same_body_only": False},
    }
    if statutes["majority"]["kind"] == "simple":
        statutes["blank_or_void"] = "neutral"
    return people, statutes


def counted(people) -> Tally:
    ballots = [ballot for _, ballot in people]
    return Tally(
        in_office=len(people),
        present=sum(here for here, _ in people),
        represented=sum(not here and ballot != "absent" for here, ballot in people),
        votes_for=ballots.count("for"),
        votes_against=ballots.count("against"),
        abstentions=ballots.count("abstention"),
        blank_or_void=ballots.count("blank_or_void"),
        recused=sum(here and ballot == "recused" for here, ballot in people),
        recused_represented=sum(not here and ballot == "recused" for here, ballot in people),
    )


@settings(max_examples=2500, deadline=None)
@given(meetings())
def test_the_engine_agrees_with_a_counter_of_ballots(meeting):
    people, statutes = meeting

    assert result(counted(people), rule(**statutes)).outcome == naive(people, statutes)


@settings(max_examples=500, deadline=None)
@given(meetings(), st.randoms(use_true_random=False))
def test_turning_one_vote_against_into_one_for_never_loses_a_motion(meeting, random):
    people, statutes = meeting
    against = [index for index, (_, ballot) in enumerate(people) if ballot == "against"]
    if not against or result(counted(people), rule(**statutes)).outcome != "adopted":
        return
    index = random.choice(against)
    turned = [*people[:index], (people[index][0], "for"), *people[index + 1 :]]

    assert result(counted(turned), rule(**statutes)).outcome == "adopted"
