"""Which boards an amendment asks again; the entry rule with carried and new approvals (domain.md 2.3, step 8)."""

from datetime import date, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charters.rules.amendments import AmendmentKind
from charters.rules.carrying import asked, concerned, frozen_annexes
from charters.rules.content import AnnexText
from charters.rules.entry_into_force import (
    BoardVote,
    EntryKind,
    EntryRule,
    Party,
    PartyStatus,
    entry_into_force,
)

PARTIES = "ABCDE"
HASH = "a" * 64
SUBMITTED = date(2026, 3, 1)


def annex(key, *concerns, digest="1"):
    return AnnexText(f"Annexe {key}", file_sha256=digest * 64, key=key, concerns=concerns)


@pytest.mark.parametrize(
    ("old", "new", "found"),
    [
        ([], [annex("x", "A")], "A"),
        ([annex("x", "A")], [], "A"),
        ([annex("x", "A")], [annex("x", "A", digest="2")], "A"),
        ([annex("x", "A")], [annex("x", "B")], "AB"),
        ([annex("x", "A")], [annex("x")], "ABCDE"),
        ([annex("x")], [annex("x", "A")], "ABCDE"),
        ([annex("x", "A")], [annex("x", "A"), annex("y", "C", "D")], "CD"),
        ([annex("x", "A"), annex("y")], [annex("x", "B"), annex("y")], "AB"),
        ([annex("x", "A"), annex("y")], [annex("x", "A"), annex("y", digest="2")], "ABCDE"),
        ([annex("x", "A")], [annex("x", "A"), annex("y", "Z")], ""),
        ([annex("x", "A"), annex("y", "B")], [annex("y", "B"), annex("x", "A")], "ABCDE"),
        ([], [], "ABCDE"),
    ],
)
def test_whoever_a_changed_annex_concerns_or_concerned_is_asked(old, new, found):
    assert concerned(old, new, PARTIES) == frozenset(found)


def test_a_title_that_changes_changes_the_annex():
    renamed = AnnexText("Autre titre", file_sha256="1" * 64, key="x", concerns=("A",))
    assert concerned([annex("x", "A")], [renamed], PARTIES) == frozenset("A")


@pytest.mark.parametrize(
    ("kind", "found"), [("initial", "ABCDE"), ("substantial", "ABCDE"), ("annex_only", "A"), ("editorial", "")]
)
def test_the_kind_of_amendment_decides_who_is_asked(kind, found):
    assert asked(AmendmentKind(kind), PARTIES, old=[], new=[annex("x", "A")]) == frozenset(found)


def test_annexes_are_read_as_the_content_froze_them():
    content = {
        "annexes": [
            {"key": "k", "title": "Budget", "sha256": "1" * 64, "concerns": ["A", "B"]},
            {"title": "Sans clé", "sha256": "2" * 64},
        ]
    }
    assert frozen_annexes(content) == (
        AnnexText("Budget", file_sha256="1" * 64, key="k", concerns=("A", "B")),
        AnnexText("Sans clé", file_sha256="2" * 64, key="Sans clé"),
    )
    assert frozen_annexes({}) == ()


def enter(rule, carried, new, asked_parties, at=date(2026, 6, 1)):
    return entry_into_force(
        rule,
        [Party(name, "core" if name in "AB" else "active", weight) for name, weight in WEIGHTS.items()],
        [BoardVote(name, HASH, adopted=True, decided_on=day) for name, day in new],
        content_hash=HASH,
        stated_on=None,
        at=at,
        carried=dict.fromkeys(carried, SUBMITTED),
        asked=frozenset(asked_parties),
    )


WEIGHTS = {"A": 3, "B": 2, "C": 2, "D": 2, "E": 1}
ALL = EntryRule(EntryKind.ALL_MEMBERS)


def test_the_boards_asked_complete_those_whose_approval_is_carried():
    found = enter(ALL, "ABCD", [], "E")
    assert (found.in_force, found.parties[0].status) == (False, PartyStatus.CARRIED)
    assert found.pending == ("E",)
    day = SUBMITTED + timedelta(days=9)
    done = enter(ALL, "ABCD", [("E", day)], "E")
    assert (done.in_force, done.met_on) == (True, day)


def test_what_others_had_approved_never_puts_in_force_what_no_board_concerned_has_voted():
    two = EntryRule(EntryKind.N_OF_M, n=2)
    assert enter(two, "ABCD", [], "E").met_on is None
    day = SUBMITTED + timedelta(days=3)
    assert enter(two, "ABC", [("E", day)], "DE").met_on == day


def test_an_amendment_that_concerns_no_party_counts_from_its_submission():
    assert enter(ALL, PARTIES, [], "").met_on == SUBMITTED


rules = st.one_of(
    st.just(ALL),
    st.just(EntryRule(EntryKind.ALL_CORE_CIRCLE)),
    st.integers(1, 5).map(lambda n: EntryRule(EntryKind.N_OF_M, n=n)),
    st.integers(1, 10).map(lambda n: EntryRule(EntryKind.WEIGHT_THRESHOLD, threshold=Fraction(n, 10))),
)
new_votes = st.dictionaries(st.sampled_from(PARTIES), st.integers(0, 40), max_size=5)


some = st.sets(st.sampled_from(PARTIES))


@given(rule=rules, asked_parties=some, holders=some, new=new_votes)
def test_carried_and_new_give_what_a_naive_recount_gives(rule, asked_parties, holders, new):
    """Day after day: who has approved by then, carried or by vote, put through the rule by hand."""
    carried = holders - asked_parties
    votes = [(name, SUBMITTED + timedelta(days=day)) for name, day in new.items() if name not in carried]
    met_on = None
    for offset in range(41):
        day = SUBMITTED + timedelta(days=offset)
        voted = {name for name, on in votes if on <= day}
        approved = carried | voted
        enough = {
            EntryKind.ALL_MEMBERS: approved == set(PARTIES),
            EntryKind.ALL_CORE_CIRCLE: {"A", "B"} <= approved,
            EntryKind.N_OF_M: len(approved) >= (rule.n or 0),
            EntryKind.WEIGHT_THRESHOLD: Fraction(sum(WEIGHTS[name] for name in approved), 10) >= (rule.threshold or 0),
        }[rule.kind]
        heard = not carried or not asked_parties or bool(asked_parties & voted)
        if enough and heard:
            met_on = day
            break
    found = enter(rule, carried, votes, asked_parties)
    assert found.met_on == met_on
    assert set(found.approved) == carried | {name for name, _on in votes}
