"""The vectors K01, K02, K04, K14 and K15 of domain.md 4.1: splits to the cent."""

from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopproject.exceptions import InvalidInput
from coopproject.money import cents, euros, round_to_cents, split
from milestones.rules.money import modulated_weights

TURNOVER = {"A": 1_250_000, "B": 480_000, "C": 90_000}
FTE = {"A": Decimal("32.5"), "B": 11, "C": Decimal("2.5")}


@pytest.mark.parametrize(
    ("total", "alpha", "shares"),
    [
        (1_000_000, 1, {"A": 686_813, "B": 263_736, "C": 49_451}),
        (1_000_000, 0, {"A": 706_522, "B": 239_130, "C": 54_348}),
        (1_000_000, Decimal("0.5"), {"A": 696_668, "B": 251_433, "C": 51_899}),
    ],
    ids=["K01", "K02", "half and half"],
)
def test_a_budget_is_shared_by_a_modulated_key(total, alpha, shares):
    assert split(total, modulated_weights(TURNOVER, FTE, alpha=alpha)) == shares


def test_k04_the_cent_left_over_goes_to_the_first_of_equals():
    assert split(10_000, {"C": 1, "B": 1, "A": 1}) == {"C": 3_333, "B": 3_333, "A": 3_334}


def test_the_cents_left_over_go_to_the_largest_remainders():
    assert split(100, {"A": 1, "B": 3, "C": 3}) == {"A": 14, "B": 43, "C": 43}


def test_k14_without_any_weight_there_is_no_division():
    with pytest.raises(InvalidInput) as refused:
        split(10_000, {"A": 0, "B": 0})

    assert [violation.code for violation in refused.value.violations] == ["no_base"]


def test_k15_a_member_at_zero_pays_nothing_and_the_sum_holds():
    assert split(10_001, {"A": 1, "B": 0, "C": 1}) == {"A": 5_001, "B": 0, "C": 5_000}


def test_a_missing_figure_is_not_zero():
    with pytest.raises(InvalidInput) as refused:
        modulated_weights({"A": 1}, {"A": 1, "B": 2}, alpha=Decimal("0.5"))

    assert [(v.code, v.pointer) for v in refused.value.violations] == [("base_missing", "/turnover/B")]
    assert modulated_weights({"A": 0}, {"A": 1, "B": 3}, alpha=0) == {"A": Fraction(1, 4), "B": Fraction(3, 4)}


@pytest.mark.parametrize(
    ("turnover", "alpha", "pointer"), [({"A": 0}, 1, "/turnover"), ({"A": 1}, 2, "/alpha"), ({"A": 1}, -1, "/alpha")]
)
def test_a_key_that_divides_by_nothing_is_refused(turnover, alpha, pointer):
    with pytest.raises(InvalidInput) as refused:
        modulated_weights(turnover, {"A": 1}, alpha=alpha)

    assert [violation.pointer for violation in refused.value.violations] == [pointer]


def test_a_negative_weight_is_refused():
    with pytest.raises(InvalidInput) as refused:
        split(100, {"A": 2, "B": -1})

    assert [(v.code, v.pointer) for v in refused.value.violations] == [("weight_negative", "/weights/B")]


@pytest.mark.parametrize(
    ("amount", "shown"),
    [(Fraction(1, 2), 1), (Fraction(-1, 2), -1), (Fraction(149, 100), 1), (Decimal("2.5"), 3), (7, 7)],
)
def test_a_line_is_rounded_half_up(amount, shown):
    assert round_to_cents(amount) == shown


def test_euros_and_cents_are_the_same_amount():
    assert cents(Decimal("1200.05")) == 120_005
    assert str(euros(120_000)) == "1200.00"
    with pytest.raises(InvalidInput):
        cents(Decimal("0.005"))


weights = st.dictionaries(st.text("ABCDEF", min_size=1, max_size=2), st.fractions(0, 1000), min_size=1).filter(
    lambda table: any(table.values())
)


@given(st.integers(-(10**9), 10**9), weights)
def test_shares_add_up_stay_within_a_cent_and_follow_the_weights(total, table):
    shares = split(total, table)

    assert sum(shares.values()) == total
    base = sum(table.values())
    assert all(abs(shares[member] - total * weight / base) < 1 for member, weight in table.items())
    ordered = sorted(table, key=lambda member: table[member])
    assert all(
        abs(shares[low]) <= abs(shares[high]) for low, high in pairwise(ordered)
        if table[low] < table[high]
    )  # fmt: skip
    assert split(-total, table) == {member: -share for member, share in shares.items()}
    assert split(total, dict(reversed(table.items()))) == shares
