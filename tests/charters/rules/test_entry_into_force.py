"""The vectors at the end of domain.md 2.4, V17, and what each party waits for."""

from datetime import date
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charters.rules.entry_into_force import (
    BoardVote,
    EntryKind,
    EntryRule,
    Party,
    PartyStatus,
    Wait,
    entry_into_force,
    entry_rule_violations,
    version_in_force,
)
from charters.rules.voting import Compare
from coopproject.exceptions import InvalidInput

H1, H2 = "a" * 64, "b" * 64
PARTIES = [
    Party("A", "core", 3),
    Party("B", "core", 2),
    Party("C", "core", 2),
    Party("D", "active", 2),
    Party("E", "active", 1),
]
DAY = {name: date(2026, 3, day) for name, day in zip("ABCDE", (2, 9, 16, 5, 25), strict=True)}
ABCD = [BoardVote(name, H1, adopted=True, decided_on=DAY[name]) for name in "ABCD"]
LATER = date(2026, 6, 1)

ALL_MEMBERS = EntryRule(EntryKind.ALL_MEMBERS)
ALL_CORE = EntryRule(EntryKind.ALL_CORE_CIRCLE)
FOUR_OF_FIVE = EntryRule(EntryKind.N_OF_M, n=4, m=5)


def enter(rule, votes=ABCD, *, stated_on=None, at=LATER, parties=PARTIES, content_hash=H1):
    return entry_into_force(rule, parties, votes, content_hash=content_hash, stated_on=stated_on, at=at)


def test_all_core_circle_is_in_force_for_those_who_approved_and_pending_for_the_last():
    found = enter(ALL_CORE)

    assert (found.in_force, found.met_on) == (True, DAY["C"])
    assert [(s.party, s.status) for s in found.parties] == [
        ("A", PartyStatus.IN_FORCE),
        ("B", PartyStatus.IN_FORCE),
        ("C", PartyStatus.IN_FORCE),
        ("D", PartyStatus.IN_FORCE),
        ("E", PartyStatus.PENDING),
    ]
    assert (found.approved, found.pending) == (("A", "B", "C", "D"), ("E",))
    assert found.parties[4].waits_for == Wait.OWN_BOARD
    assert str(found.formula) == "3 sur 3 membres du noyau dur"


def test_all_members_is_not_in_force_and_those_who_approved_wait_for_the_others():
    found = enter(ALL_MEMBERS)

    assert (found.in_force, found.met_on, found.enters_on) == (False, None, None)
    assert {s.waits_for for s in found.parties[:4]} == {Wait.OTHER_BOARDS}
    assert {s.status for s in found.parties[:4]} == {PartyStatus.APPROVED}


def test_all_members_enters_on_the_day_of_the_last():
    found = enter(ALL_MEMBERS, [*ABCD, BoardVote("E", H1, adopted=True, decided_on=DAY["E"])])

    assert (found.in_force, found.met_on, found.pending) == (True, DAY["E"], ())
    assert str(found.formula) == "5 approbations sur 5 nécessaires (5 parties)"


@pytest.mark.parametrize("n", [1, 5])
def test_the_number_needed_goes_from_one_to_all(n):
    rule = EntryRule.from_dict({"kind": "n_of_m", "n": n, "m": 5})

    assert entry_rule_violations(rule, PARTIES) == ()
    assert enter(rule).met_on == (DAY["A"] if n == 1 else None)


def test_four_of_five_is_in_force_on_the_day_of_the_fourth():
    found = enter(FOUR_OF_FIVE)

    assert (found.in_force, found.enters_on) == (True, DAY["C"])
    assert str(found.formula) == "4 approbations sur 4 nécessaires (5 parties)"


@pytest.mark.parametrize(
    ("threshold", "compare", "in_force"),
    [("9/10", ">=", True), ("9/10", ">", False), ("89/100", ">", True), ("1", ">=", False)],
)
def test_a_weight_threshold_is_compared_exactly(threshold, compare, in_force):
    rule = EntryRule.from_dict({"kind": "weight_threshold", "threshold": threshold, "compare": compare})

    assert enter(rule).in_force is in_force


@pytest.mark.parametrize(
    ("compare", "formula"), [(">=", "poids 9 sur 10 (seuil ≥ 7 1/2)"), (">", "poids 9 sur 10 (seuil > 7 1/2)")]
)
def test_the_weights_are_shown_with_the_threshold(compare, formula):
    rule = EntryRule.from_dict({"kind": "weight_threshold", "threshold": "3/4", "compare": compare})

    assert str(enter(rule).formula) == formula


def test_the_weights_that_the_charter_states_serve_parties_without_their_own():
    plain = [Party(party.id, party.circle) for party in PARTIES]
    data = {"kind": "weight_threshold", "threshold": "9/10", "weights": {"A": 3, "B": 2, "C": 2, "D": 2, "E": 1}}

    assert enter(EntryRule.from_dict(data), parties=plain).in_force is True
    missing = EntryRule.from_dict(data | {"weights": {"A": 3}})
    assert {violation.code for violation in entry_rule_violations(missing, plain)} == {"weight_missing"}


@pytest.mark.parametrize(
    ("stated_on", "at", "enters_on", "in_force"),
    [
        (date(2026, 3, 10), date(2026, 3, 16), date(2026, 3, 16), True),
        (date(2026, 4, 1), date(2026, 3, 31), date(2026, 4, 1), False),
        (date(2026, 4, 1), date(2026, 4, 1), date(2026, 4, 1), True),
    ],
)
def test_it_enters_on_the_later_of_the_threshold_day_and_the_stated_day(stated_on, at, enters_on, in_force):
    found = enter(ALL_CORE, stated_on=stated_on, at=at)

    assert (found.enters_on, found.in_force) == (enters_on, in_force)
    assert found.parties[0].waits_for == (None if in_force else Wait.ENTRY_DATE)


def test_v17_an_approval_of_another_text_does_not_count():
    votes = [*ABCD[:2], BoardVote("C", H2, adopted=True, decided_on=DAY["C"])]

    found = enter(ALL_CORE, votes)

    assert found.in_force is False
    assert found.parties[2].waits_for == Wait.APPROVED_ANOTHER_TEXT
    assert enter(ALL_CORE, votes, content_hash=H2).approved == ("C",)


def test_refusing_another_text_says_nothing_of_this_one():
    votes = [*ABCD[:2], BoardVote("C", H2, adopted=False, decided_on=DAY["C"])]

    assert enter(ALL_CORE, votes).parties[2].waits_for == Wait.OWN_BOARD


def test_a_refusal_is_not_an_approval_until_the_board_votes_again():
    refused = BoardVote("C", H1, adopted=False, decided_on=date(2026, 3, 10))

    assert enter(ALL_CORE, [*ABCD[:2], refused]).parties[2].waits_for == Wait.REJECTED_BY_OWN_BOARD
    assert enter(ALL_CORE, [ABCD[2], refused, *ABCD[:2]]).in_force is True


def test_a_refusal_after_the_entry_into_force_does_not_undo_it():
    refused = BoardVote("C", H1, adopted=False, decided_on=date(2026, 3, 20))

    found = enter(ALL_CORE, [*ABCD, refused])

    assert (found.in_force, found.approved) == (True, ("A", "B", "C", "D"))


def test_a_refusal_before_the_entry_into_force_takes_the_approval_back():
    withdrawn = BoardVote("A", H1, adopted=False, decided_on=date(2026, 3, 10))

    found = enter(ALL_CORE, [*ABCD, withdrawn])

    assert (found.in_force, found.pending) == (False, ("A", "E"))


def test_the_situation_is_the_one_of_the_day_asked_for():
    found = enter(ALL_CORE, at=date(2026, 3, 9))

    assert found.approved == ("A", "B", "D")
    assert found.in_force is False


def test_a_late_party_is_bound_from_its_own_approval():
    late = BoardVote("E", H1, adopted=True, decided_on=DAY["E"])

    found = enter(ALL_CORE, [*ABCD, late])

    assert [s.in_force_from for s in found.parties] == [DAY["C"]] * 4 + [DAY["E"]]


def test_strangers_do_not_vote():
    strangers = [BoardVote(name, H1, adopted=True, decided_on=DAY["A"]) for name in ("X", "Y", "Z")]

    assert enter(FOUR_OF_FIVE, [*ABCD[:1], *strangers]).approved == ("A",)
    assert enter(FOUR_OF_FIVE, [*ABCD[:1], *strangers]).in_force is False


@pytest.mark.parametrize(
    ("rule", "parties", "found"),
    [
        (ALL_MEMBERS, [], ["no_parties"]),
        (ALL_CORE, PARTIES[3:], ["no_core_member"]),
        (FOUR_OF_FIVE, PARTIES[:4], ["m_differs_from_parties"]),
        (EntryRule(EntryKind.N_OF_M, n=6), PARTIES, ["n_out_of_range"]),
        (EntryRule(EntryKind.N_OF_M, n=0), PARTIES, ["n_out_of_range"]),
        (ALL_MEMBERS, [*PARTIES, PARTIES[0]], ["party_repeated"]),
        (EntryRule(EntryKind.WEIGHT_THRESHOLD, threshold=Fraction(1, 2)), [Party("A", "core")], ["weight_missing"]),
        (EntryRule(EntryKind.WEIGHT_THRESHOLD, threshold=Fraction(1, 2)), [Party("A", "core", 0)], ["no_weight"]),
        (EntryRule(EntryKind.WEIGHT_THRESHOLD), [Party("A", "core", -1)], ["weight_negative", "threshold_missing"]),
    ],
)  # fmt: skip
def test_a_rule_that_nobody_could_meet_or_that_nobody_would_meet_is_refused(rule, parties, found):
    assert [violation.code for violation in entry_rule_violations(rule, parties)] == found
    with pytest.raises(InvalidInput):
        enter(rule, parties=parties)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ({"kind": "most"}, [("unknown_choice", "/kind")]),
        ({"kind": "n_of_m"}, [("must_be_declared", "/n")]),
        ({"kind": "n_of_m", "n": 5, "m": 4}, [("out_of_range", "/n")]),
        ({"kind": "n_of_m", "n": 4, "threshold": "1/2"}, [("not_applicable", "/threshold")]),
        ({"kind": "all_members", "n": 4}, [("not_applicable", "/n")]),
        ({"kind": "weight_threshold", "threshold": 0.5, "compare": ">"}, [("not_exact", "/threshold")]),
        ({"kind": "weight_threshold", "threshold": "1", "compare": ">"}, [("out_of_range", "/threshold")]),
        ({"kind": "weight_threshold"}, [("must_be_declared", "/threshold")]),
        ({"kind": "weight_threshold", "threshold": "1/2", "weights": {"A": 1.5}}, [("wrong_type", "/weights/A")]),
        ({"kind": "weight_threshold", "threshold": "1/2", "weights": [1]}, [("wrong_type", "/weights")]),
        ({"kind": "all_members", "weights": {"A": 1}}, [("not_applicable", "/weights")]),
    ],
)
def test_each_wrong_key_of_the_rule_is_pointed_at(data, found):
    with pytest.raises(InvalidInput) as refused:
        EntryRule.from_dict(data)

    assert [(violation.code, violation.pointer) for violation in refused.value.violations] == found


@pytest.mark.parametrize(
    "rule",
    [
        ALL_MEMBERS,
        ALL_CORE,
        FOUR_OF_FIVE,
        EntryRule(EntryKind.WEIGHT_THRESHOLD, threshold=Fraction(2, 3), compare=Compare.MORE_THAN),
        EntryRule(EntryKind.WEIGHT_THRESHOLD, threshold=Fraction(2, 3), weights=(("A", 2), ("B", 0))),
    ],
)
def test_a_rule_goes_through_json_and_back_unchanged(rule):
    assert EntryRule.from_dict(rule.to_dict()) == rule


def test_the_former_version_stays_in_force_until_the_next_one_enters():
    versions = [("v1", date(2025, 1, 1)), ("v2", None), ("v3", date(2026, 4, 1))]

    assert version_in_force(versions, at=date(2024, 12, 31)) is None
    assert version_in_force(versions, at=date(2026, 3, 31)) == "v1"
    assert version_in_force(versions, at=date(2026, 4, 1)) == "v3"
    assert version_in_force([*versions, ("v4", date(2026, 4, 1))], at=date(2026, 4, 1)) == "v4"


@given(
    st.lists(st.tuples(st.sampled_from("ABCDE"), st.booleans(), st.integers(1, 28)), max_size=12), st.integers(1, 28)
)
def test_the_order_in_which_votes_are_told_changes_nothing_and_time_only_adds_approvals(votes, day):
    each = {(name, day): BoardVote(name, H1, adopted, date(2026, 3, day)) for name, adopted, day in votes}
    only_yes = [BoardVote(vote.party, H1, adopted=True, decided_on=vote.decided_on) for vote in each.values()]
    at = date(2026, 3, day)

    assert enter(FOUR_OF_FIVE, each.values(), at=at) == enter(FOUR_OF_FIVE, reversed(each.values()), at=at)
    assert set(enter(FOUR_OF_FIVE, only_yes, at=at).approved) <= set(enter(FOUR_OF_FIVE, only_yes).approved)
