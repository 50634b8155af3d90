"""A delegation lets its holder decide on its days, within its scope, up to its ceilings, and not a cent more."""

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.rules.delegations import Asked, DelegationFacts, answers

HOLDER, OTHER, ID = UUID(int=1), UUID(int=2), UUID(int=3)
SINCE, UNTIL = dt.date(2026, 1, 1), dt.date(2026, 12, 31)
HELD = DelegationFacts(ID, HOLDER, SINCE, UNTIL, Decimal("1000.00"))
ASKED = Asked("achats", ("working_conditions",), Decimal("1000.00"))
DAY = dt.date(2026, 6, 1)


def said(held: DelegationFacts = HELD, asked: Asked = ASKED, on: dt.date = DAY, person: UUID | None = HOLDER) -> Any:
    return [str(answer.code) for answer in answers([held], asked, on, person=person)]


@pytest.mark.parametrize(
    ("changes", "on", "expected"),
    [
        ({}, DAY, ["delegation_held"]),
        ({}, SINCE, ["delegation_held"]),
        ({}, UNTIL, ["delegation_held"]),
        ({}, SINCE - dt.timedelta(days=1), ["delegation_missing"]),
        ({}, UNTIL + dt.timedelta(days=1), ["delegation_expired"]),
        ({"revoked_on": DAY}, DAY, ["delegation_expired"]),
        ({"revoked_on": DAY}, DAY - dt.timedelta(days=1), ["delegation_held"]),
        ({"ceiling": Decimal("999.99")}, DAY, ["above_ceiling"]),
        ({"total_ceiling": Decimal("1500.00"), "spent": Decimal("500.00")}, DAY, ["delegation_held"]),
        ({"total_ceiling": Decimal("1500.00"), "spent": Decimal("500.01")}, DAY, ["above_ceiling"]),
        ({"subjects": ("achats", "paie")}, DAY, ["delegation_held"]),
        ({"subjects": ("paie",)}, DAY, ["outside_scope"]),
        ({"excluded_impacts": ("working_conditions",)}, DAY, ["outside_scope"]),
        ({"excluded_impacts": ("staff_volume",)}, DAY, ["delegation_held"]),
        ({"person": OTHER}, DAY, ["delegation_missing"]),
        (
            {"subjects": ("paie",), "ceiling": Decimal(0)},
            UNTIL + dt.timedelta(days=1),
            ["delegation_expired", "outside_scope", "above_ceiling"],
        ),
    ],
)
def test_every_reason_is_said_at_once(changes: dict[str, Any], on: dt.date, expected: list[str]) -> None:
    assert said(replace(HELD, **changes), on=on) == expected


def test_without_a_name_anybodys_delegation_answers_and_without_any_nobodys() -> None:
    assert said(replace(HELD, person=OTHER), person=None) == ["delegation_held"]
    assert [answer.code for answer in answers([], ASKED, DAY)] == ["delegation_missing"]


def test_the_delegation_that_comes_nearest_speaks_and_one_that_allows_it_suffices() -> None:
    far = replace(HELD, id=UUID(int=4), subjects=("paie",), ceiling=Decimal(1))
    near = replace(HELD, id=UUID(int=5), ceiling=Decimal("999.99"))
    found = answers([far, near], ASKED, DAY, person=HOLDER)
    assert [(str(answer.code), answer.delegation) for answer in found] == [("above_ceiling", near.id)]
    (held,) = answers([far, near, HELD], ASKED, DAY, person=HOLDER)
    assert (held.code, held.delegation) == ("delegation_held", ID)


amounts = st.decimals(min_value=0, max_value=10**9, places=2)


@given(ceiling=amounts, spent=amounts, amount=amounts, room=amounts)
def test_no_ceiling_is_ever_passed(ceiling: Decimal, spent: Decimal, amount: Decimal, room: Decimal) -> None:
    held = replace(HELD, ceiling=ceiling, total_ceiling=ceiling + room, spent=spent)
    allowed = said(held, replace(ASKED, amount=amount)) == ["delegation_held"]
    assert allowed == (amount <= ceiling and spent + amount <= ceiling + room)


@given(days=st.integers(-400, 800), end=st.integers(0, 700))
def test_it_holds_on_each_of_its_days_and_on_no_other(days: int, end: int) -> None:
    held = replace(HELD, until=SINCE + dt.timedelta(days=end))
    assert (said(held, on=SINCE + dt.timedelta(days=days)) == ["delegation_held"]) == (0 <= days <= end)
