"""Keys of shared costs: what is refused, and splits that always add up."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charters.enums import CostBasis
from charters.rules.cost_keys import WHOLE, Basis, key_violations, split_by_key
from coopproject.exceptions import InvalidInput

PARTIES = ("a", "b", "c")


@pytest.mark.parametrize(
    ("basis", "shares", "expected"),
    [
        ("fixed_shares", {"a": 5000, "b": 3000, "c": 2000}, set()),
        ("fixed_shares", {"a": 10_000, "b": 0, "c": 0}, set()),
        ("fixed_shares", {"a": 5000, "b": 3000, "c": 1999}, {("shares_do_not_add_up", "/shares")}),
        ("fixed_shares", {"a": 5000, "b": 5000}, {("share_missing", "/shares/c")}),
        ("fixed_shares", {}, {("share_missing", f"/shares/{party}") for party in PARTIES}),
        (
            "fixed_shares",
            {"a": 5000, "b": 3000, "c": 2000, "z": 0},
            {("not_a_party", "/shares/z")},
        ),
        ("fixed_shares", {"a": 50.0, "b": True, "c": "1"}, {("not_basis_points", f"/shares/{p}") for p in PARTIES}),
        ("fixed_shares", {"a": -1, "b": 10_001, "c": 0}, {("not_basis_points", f"/shares/{p}") for p in "ab"}),
        ("headcount", {}, set()),
        ("headcount", {"a": 10_000}, {("shares_not_expected", "/shares")}),
        ("dice", {}, {("unknown_choice", "/basis")}),
    ],
)
def test_a_key_says_what_is_wrong_with_it(
    basis: str, shares: dict[str, object], expected: set[tuple[str, str]]
) -> None:
    assert {(found.code, found.pointer) for found in key_violations(basis, shares, PARTIES)} == expected


def test_the_choices_of_the_database_are_those_of_the_rule() -> None:
    assert CostBasis.values == list(Basis)


def test_each_basis_splits_to_the_cent() -> None:
    assert split_by_key(10_000, basis="equal", parties=PARTIES) == {"a": 3334, "b": 3333, "c": 3333}
    fixed = {"a": 2500, "b": 2500, "c": 5000}
    assert split_by_key(-101, basis="fixed_shares", parties=PARTIES, shares=fixed) == {"a": -25, "b": -25, "c": -51}
    measured = split_by_key(1000, basis="headcount", parties=("a", "b"), measures={"a": Decimal("32.5"), "b": 0})
    assert measured == {"a": 1000, "b": 0}


def test_a_figure_that_is_missing_is_not_zero() -> None:
    with pytest.raises(InvalidInput) as refused:
        split_by_key(1000, basis="usage", parties=PARTIES, measures={"a": 1})
    assert {found.pointer for found in refused.value.violations} == {"/measures/b", "/measures/c"}
    with pytest.raises(InvalidInput) as empty:
        split_by_key(1000, basis="usage", parties=PARTIES, measures=dict.fromkeys(PARTIES, 0))
    assert [found.code for found in empty.value.violations] == ["no_base"]


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(0, WHOLE), min_size=1, max_size=8))
def test_fixed_shares_add_up_and_stay_within_a_cent_of_the_exact_part(amount: int, cuts: list[int]) -> None:
    bounds = [0, *sorted(cuts), WHOLE]
    shares = {f"p{index}": bounds[index + 1] - bounds[index] for index in range(len(bounds) - 1)}
    parts = split_by_key(amount, basis="fixed_shares", parties=tuple(shares), shares=shares)
    assert sum(parts.values()) == amount
    assert all(abs(parts[party] - Fraction(amount * shares[party], WHOLE)) < 1 for party in shares)
