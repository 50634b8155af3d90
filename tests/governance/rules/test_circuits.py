"""Delays are exact, a decision leaves its circuit or not, and a contradiction is between two decisions in force."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction
from statistics import median
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.rules.circuits import Circuit, TakenDecision, circuit_of, contradictions, delays, outside

START = dt.date(2026, 1, 1)


def day(number: int) -> dt.date:
    return START + dt.timedelta(days=number)


@given(st.lists(st.tuples(st.integers(0, 300), st.integers(0, 1000)), max_size=30))
def test_averages_and_medians_of_whole_days_are_exact(periods: list[tuple[int, int]]) -> None:
    found = delays((day(start), day(start + length)) for start, length in periods)
    lengths = [length for _start, length in periods]
    assert (found.count, found.total) == (len(lengths), sum(lengths))
    if not lengths:
        assert (found.average, found.median) == (None, None)
        return
    assert found.average == Fraction(sum(lengths), len(lengths))
    assert found.median == Fraction(median([Fraction(length) for length in lengths]))
    assert found.average is not None
    assert min(lengths) <= found.average <= max(lengths)


def taken(number: int, on: int = 0, **fields: Any) -> TakenDecision:
    return TakenDecision(UUID(int=number), fields.pop("subject", "achats"), day(on), **fields)


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        ({}, {"rejected": True}, "adopted_and_rejected"),
        ({"choice": "a"}, {"choice": "b"}, "chose_differently"),
        ({"choice": "a"}, {"choice": "a"}, None),
        ({"choice": "a"}, {}, None),
        ({"rejected": True}, {"rejected": True}, None),
        ({}, {"rejected": True, "subject": "paie"}, None),
        ({"subject": ""}, {"rejected": True, "subject": ""}, None),
        ({"out_of_force_on": day(9)}, {"rejected": True, "on": 9}, None),
        ({"out_of_force_on": day(11)}, {"rejected": True, "on": 9}, "adopted_and_rejected"),
        ({}, {"rejected": True, "on": 11}, None),
    ],
)
def test_two_decisions_in_force_contradict_each_other_or_not(one: Any, other: Any, why: str | None) -> None:
    found = contradictions([taken(1, **one), taken(2, **other)], day(10))
    assert [str(pair.why) for pair in found] == ([why] if why else [])


decisions = st.lists(
    st.builds(
        lambda number, on, subject, rejected, choice, lasts: TakenDecision(
            UUID(int=number), subject, day(on), rejected, "" if rejected else choice, lasts and day(on + lasts)
        ),
        st.integers(1, 10**6),
        st.integers(0, 20),
        st.sampled_from(["", "achats", "paie"]),
        st.booleans(),
        st.sampled_from(["", "a", "b"]),
        st.one_of(st.none(), st.integers(1, 20)),
    ),
    max_size=8,
    unique_by=lambda found: found.id,
)


@given(decisions, st.integers(0, 40))
def test_contradictions_do_not_depend_on_the_order_and_each_says_a_true_difference(
    rows: list[TakenDecision], on: int
) -> None:
    found = contradictions(rows, day(on))
    assert found == contradictions(reversed(rows), day(on))
    by_id = {row.id: row for row in rows}
    for pair in found:
        one, other = by_id[pair.first], by_id[pair.second]
        assert one.subject == other.subject == pair.subject != ""
        assert one.in_force(day(on))
        assert other.in_force(day(on))
        assert one.taken_on <= other.taken_on == pair.since
        assert one.rejected != other.rejected or {one.choice, other.choice} == {"a", "b"}
    # Whoever supersedes puts the other out of force: then nothing is left to contradict.
    ended = [TakenDecision(row.id, row.subject, row.taken_on, row.rejected, row.choice, row.taken_on) for row in rows]
    assert contradictions(ended, day(on)) == []


CIRCUITS = [
    Circuit(UUID(int=1), "achats", "assembly", day(0)),
    Circuit(UUID(int=2), "achats", "coordination", day(10), Decimal("500.00")),
]


@pytest.mark.parametrize(("on", "found"), [(-1, None), (0, 1), (9, 1), (10, 2), (400, 2)])
def test_the_circuit_of_a_day_is_the_last_that_began(on: int, found: int | None) -> None:
    circuit = circuit_of(CIRCUITS, "achats", day(on))
    assert (circuit.id.int if circuit else None) == found
    assert circuit_of(CIRCUITS, "paie", day(on)) is None


@pytest.mark.parametrize(
    ("decided_by", "amount", "expected"),
    [
        ("coordination", "500.00", []),
        ("coordination", "500.01", ["above_the_ceiling"]),
        ("coordination", None, []),
        ("assembly", "900.00", ["decided_by_another"]),
        ("", "1.00", ["decided_by_another"]),
    ],
)
def test_a_decision_leaves_its_circuit_by_who_takes_it_or_by_its_amount(
    decided_by: str, amount: str | None, expected: list[str]
) -> None:
    found = outside(CIRCUITS[1], decided_by, Decimal(amount) if amount else None)
    assert [str(reason) for reason in found] == expected
