"""Planned, committed, spent and what remains, to the cent."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milestones.rules.budget import Entry, EntryKind, add_up, engagement_of, entry_violations, summarise

TODAY = date(2026, 11, 22)
COMMITMENT, ACTUAL = EntryKind.COMMITMENT, EntryKind.ACTUAL


def commit(amount, reference=""):
    return Entry(COMMITMENT, amount, reference)


def spend(amount, reference="", on=None):
    return Entry(ACTUAL, amount, reference, on)


@pytest.mark.parametrize(
    ("entries", "committed", "actual", "outstanding", "remaining"),
    [
        ([], 0, 0, 0, 10_000),
        ([commit(4_000)], 4_000, 0, 4_000, 6_000),
        ([commit(4_000), spend(3_000)], 4_000, 3_000, 1_000, 6_000),
        ([commit(4_000, "D1"), spend(3_000, "D2")], 4_000, 3_000, 4_000, 3_000),
        ([commit(4_000, "D1"), spend(5_000, "D1")], 4_000, 5_000, 0, 5_000),
        ([commit(4_000, "D1"), commit(2_000, "D2"), spend(5_000, "D1")], 6_000, 5_000, 2_000, 3_000),
        ([commit(4_000), commit(-1_500)], 2_500, 0, 2_500, 7_500),
        ([spend(12_000)], 0, 12_000, 0, -2_000),
    ],
)
def test_what_is_spent_on_an_order_is_no_longer_to_come(entries, committed, actual, outstanding, remaining):
    found = summarise(10_000, entries)

    assert (found.committed, found.actual, found.outstanding, found.remaining) == (
        committed,
        actual,
        outstanding,
        remaining,
    )
    assert found.engaged == actual + outstanding
    assert found.overrun == max(0, -remaining)


def test_without_a_plan_nothing_remains_to_say():
    assert (summarise(None, [spend(5)]).remaining, summarise(None, [spend(5)]).overrun) == (None, 0)
    assert add_up([summarise(None, []), summarise(10, [])]).remaining is None


def test_lines_add_up_without_mixing_their_orders():
    lines = [summarise(1_000, [commit(600)]), summarise(500, [spend(700)])]

    found = add_up(lines)

    assert (found.planned, found.outstanding, found.actual, found.remaining) == (1_500, 600, 700, 200)


def test_lines_overrun_together_only_when_their_plans_do():
    assert add_up([summarise(100, [spend(150)]), summarise(100, [])]).overrun == 0
    assert add_up([summarise(100, [spend(150)]), summarise(100, [spend(51)])]).overrun == 1
    assert add_up([summarise(None, [spend(150)])]).overrun == 0


EXISTING = [commit(4_000, "D1"), spend(1_000, "D1")]


@pytest.mark.parametrize(
    ("entry", "found"),
    [
        (commit(6_000), []),
        (commit(6_001), [("over_commitment", "/amount")]),
        (spend(3_000, "D1"), []),
        (spend(50_000), []),
        (commit(0), [("amount_zero", "/amount")]),
        (commit(-4_000, "D1"), []),
        (commit(-4_001, "D1"), [("correction_too_large", "/amount")]),
        (spend(-1_001, "D1"), [("correction_too_large", "/amount")]),
        (spend(-1, "D2"), [("correction_too_large", "/amount")]),
        (spend(10, on=TODAY), []),
        (spend(10, on=date(2026, 11, 23)), [("in_future", "/dated_on")]),
        (Entry("gift", 10), [("unknown_choice", "/kind")]),
        (commit(1.5), [("not_whole_cents", "/amount")]),
    ],
)
def test_an_entry_is_refused_with_every_reason(entry, found):
    violations = entry_violations(entry, planned=10_000, existing=EXISTING, today=TODAY)

    assert [(violation.code, violation.pointer) for violation in violations] == found


def test_nothing_is_committed_on_a_line_without_plan():
    assert [v.code for v in entry_violations(commit(1), planned=None, existing=[], today=TODAY)] == ["plan_missing"]
    assert entry_violations(spend(1), planned=None, existing=[], today=TODAY) == ()


def test_a_line_already_overrun_takes_no_further_commitment():
    found = entry_violations(commit(1, "D2"), planned=10, existing=[spend(11)], today=TODAY)

    assert [violation.code for violation in found] == ["over_commitment"]


def test_spending_what_was_committed_engages_nothing_more():
    assert engagement_of(spend(3_000, "D1"), EXISTING) == 0
    assert engagement_of(spend(3_001, "D1"), EXISTING) == 1
    assert engagement_of(commit(500), EXISTING) == 500


entries = st.lists(
    st.builds(Entry, st.sampled_from(EntryKind), st.integers(-500, 500), st.sampled_from(["", "D1", "D2"])), max_size=12
)


@given(st.integers(0, 5_000), entries)
def test_a_commitment_that_is_accepted_never_overruns_the_plan(planned, stream):
    accepted: list[Entry] = []
    for entry in stream:
        if entry.kind == COMMITMENT and not entry_violations(entry, planned=planned, existing=accepted, today=TODAY):
            accepted.append(entry)

    found = summarise(planned, accepted)

    assert found.overrun == 0
    assert found.remaining == planned - found.committed
