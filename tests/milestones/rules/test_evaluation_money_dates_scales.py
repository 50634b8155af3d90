"""The vectors E12, E13 and E14 of domain.md 5.4, and the thresholds that anybody may change."""

import json
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopproject.exact import exact, rounded
from coopproject.exceptions import InvalidInput
from milestones.rules.evaluation import (
    Effect,
    Status,
    Thresholds,
    Value,
    evaluate_budget,
    evaluate_date,
    level_violations,
    mean,
    mean_violations,
    rank_effects,
    thresholds_violations,
)


@pytest.mark.parametrize(
    ("spent", "status", "under_use"),
    [
        (1_040_000, "green", False),
        (1_090_000, "amber", False),
        (1_120_000, "red", False),
        (700_000, "amber", True),
        (1_000_000, "green", False),
        (1_050_000, "green", False),
        (1_050_001, "amber", False),
        (1_100_000, "amber", False),
        (1_100_001, "red", False),
        (800_000, "green", False),
        (799_999, "amber", True),
        (0, "amber", True),
    ],
)
def test_e12_spending_is_judged_to_the_cent(spent, status, under_use):
    found = evaluate_budget(planned=1_000_000, spent=spent, ended=True)

    assert (found.status, found.under_use, found.gap) == (status, under_use, spent - 1_000_000)
    assert found.gap_ratio == Fraction(spent - 1_000_000, 1_000_000)


def test_spending_little_is_no_fault_before_the_end():
    assert evaluate_budget(planned=1_000_000, spent=0, ended=False).status == Status.GREEN
    assert evaluate_budget(planned=1_000_000, spent=1_120_000, ended=False).status == Status.RED


@pytest.mark.parametrize(
    ("planned", "spent", "status", "ratio"),
    [
        (0, 0, "green", None),
        (0, 1, "red", None),
        (1, 2, "red", 1),
        (None, 5, "not_computable", None),
        (100, None, "no_data", None),
    ],
)
def test_nothing_planned_and_nothing_known_are_different(planned, spent, status, ratio):
    found = evaluate_budget(planned=planned, spent=spent, ended=True)

    assert (found.status, found.gap_ratio) == (status, ratio)


DUE = date(2026, 9, 30)


@pytest.mark.parametrize(
    ("done_on", "days", "status"),
    [
        (date(2026, 10, 5), 5, "amber"),
        (date(2026, 9, 30), 0, "green"),
        (date(2026, 9, 20), -10, "green"),
        (date(2026, 10, 1), 1, "amber"),
        (date(2026, 10, 14), 14, "amber"),
        (date(2026, 10, 15), 15, "red"),
    ],
)
def test_e13_a_milestone_is_judged_by_its_days_late(done_on, days, status):
    found = evaluate_date(due_on=DUE, done_on=done_on, at=date(2027, 1, 1))

    assert (found.days_late, found.status, found.done) == (days, status, True)


@pytest.mark.parametrize(
    ("after", "days", "status"), [(-30, 0, "green"), (0, 0, "green"), (1, 1, "amber"), (15, 15, "red")]
)
def test_what_is_not_done_is_as_late_as_today(after, days, status):
    at = DUE + timedelta(days=after)

    assert evaluate_date(due_on=DUE, done_on=None, at=at).days_late == days
    assert evaluate_date(due_on=DUE, done_on=None, at=at).status == status
    assert evaluate_date(due_on=DUE, done_on=date(2027, 5, 1), at=at).done is False


def test_without_a_due_date_lateness_is_not_computable():
    assert evaluate_date(due_on=None, done_on=DUE, at=DUE).status == Status.NOT_COMPUTABLE
    assert [evaluate_date(due_on=None, done_on=day, at=DUE).done for day in (DUE, date(2026, 10, 1), None)] == [
        True,
        False,
        False,
    ]


def test_what_is_done_today_is_done():
    assert evaluate_date(due_on=DUE, done_on=DUE, at=DUE).done is True


def test_e14_the_largest_disappointment_comes_first():
    effects = [
        Effect("met", 3, 3),
        Effect("unproven", 5, None),
        Effect("weak", 4, 2),
        Effect("surprise", 1, 4),
        Effect("lost", 5, 3),
        Effect("almost", 2, 1),
    ]

    found = rank_effects(effects)

    assert [(gap.ref, gap.gap, gap.status) for gap in found] == [
        ("lost", -2, Status.RED),
        ("weak", -2, Status.RED),
        ("almost", -1, Status.AMBER),
        ("met", 0, Status.GREEN),
        ("surprise", 3, Status.GREEN),
        ("unproven", None, Status.NO_DATA),
    ]


@pytest.mark.parametrize("level", [0, 6, -1, True, "3", 2.0, None])
def test_a_level_off_the_scale_is_refused(level):
    assert [violation.code for violation in level_violations(level)] == ["level_out_of_scale"]


@pytest.mark.parametrize("effect", [Effect("a", 0, 3), Effect("a", 3, 6)])
def test_an_effect_off_the_scale_is_not_ranked(effect):
    with pytest.raises(ValueError, match="scale"):
        rank_effects([effect])


def test_an_appreciation_is_never_averaged():
    hours = [Value(3, "quantitative", "hours"), Value(Decimal("4.5"), "quantitative", "hours")]
    opinion = Value(4, "qualitative", "score")

    assert mean(hours) == Fraction(15, 4)
    assert mean([*hours, opinion]) is None
    assert {v.code for v in mean_violations([*hours, opinion])} == {"qualitative_not_averaged", "units_differ"}
    assert [v.code for v in mean_violations([opinion, opinion])] == ["qualitative_not_averaged"]
    assert [v.code for v in mean_violations([])] == ["nothing_to_average"]


def test_the_thresholds_are_a_convention_that_says_so_and_go_through_json():
    custom = Thresholds.from_dict({"green_rate": "0.95", "late_amber_days": 7})

    assert Thresholds().confidence == "K"
    assert (custom.green_rate, custom.late_amber_days, custom.amber_rate) == (Fraction(19, 20), 7, Fraction(7, 10))
    assert Thresholds.from_dict(json.loads(json.dumps(custom.to_dict()))) == custom
    assert thresholds_violations(Thresholds()) == ()


@pytest.mark.parametrize(
    ("data", "found"),
    [
        ({"green_rate": 0.9}, [("not_exact", "/green_rate")]),
        ({"green_rate": "-1"}, [("not_exact", "/green_rate")]),
        ({"late_amber_days": "14"}, [("not_exact", "/late_amber_days")]),
        ({"late_amber_days": -1}, [("not_exact", "/late_amber_days")]),
        ({"orange": 1}, [("unknown_field", "/orange")]),
        ({"green_rate": "1/2", "money_green": "1/5"},
         [("thresholds_out_of_order", "/amber_rate"), ("thresholds_out_of_order", "/money_green")]),
        ({"hold_green": "1/2"}, [("thresholds_out_of_order", "/hold_green")]),
        ({"tolerance_amber": "1/2"}, [("thresholds_out_of_order", "/tolerance_amber")]),
    ],
)  # fmt: skip
def test_thresholds_that_make_no_sense_are_refused(data, found):
    with pytest.raises(InvalidInput) as refused:
        Thresholds.from_dict(data)

    assert [(violation.code, violation.pointer) for violation in refused.value.violations] == found


@pytest.mark.parametrize(
    ("value", "places", "shown"),
    [
        ("1/3", 2, "0.33"),
        ("2/3", 2, "0.67"),
        ("1/8", 2, "0.13"),
        ("-1/8", 2, "-0.13"),
        ("5/2", 0, "3"),
        ("1", 2, "1.00"),
    ],
)
def test_figures_are_shown_half_up(value, places, shown):
    assert str(rounded(Fraction(value), places)) == shown


@pytest.mark.parametrize("value", [0.5, "1", True, Decimal("NaN"), None])
def test_only_exact_numbers_come_in(value):
    with pytest.raises(TypeError):
        exact(value)


@given(st.integers(1, 10**9), st.integers(0, 10**9), st.integers(0, 10**9), st.booleans())
def test_spending_more_beyond_the_plan_is_never_judged_better(planned, one, other, ended):
    order = [Status.GREEN, Status.AMBER, Status.RED]
    less, more = sorted((planned + one, planned + other))

    first = evaluate_budget(planned=planned, spent=less, ended=ended)
    second = evaluate_budget(planned=planned, spent=more, ended=ended)

    assert order.index(first.status) <= order.index(second.status)
