"""What may be entered as a measurement, and who may validate it."""

from datetime import date
from decimal import Decimal

import pytest

from milestones.rules.measurements import (
    MeasurementFacts,
    Nature,
    Unit,
    measurement_violations,
    unit_violations,
    validation_violations,
)

TODAY = date(2026, 11, 22)
OCTOBER = {
    "period_start": date(2026, 10, 1),
    "period_end": date(2026, 10, 31),
    "measured_on": date(2026, 11, 3),
    "value": 12,
}


def codes(changes, unit="count", others=()):
    nature = "qualitative" if unit in ("score", "text") else "quantitative"
    facts = MeasurementFacts(**(OCTOBER | changes))
    found = measurement_violations(facts, nature=nature, unit=unit, others=others, today=TODAY)
    return [(violation.code, violation.pointer) for violation in found]


@pytest.mark.parametrize(
    ("changes", "unit", "found"),
    [
        ({}, "count", []),
        ({"value": 0}, "count", []),
        ({"value": None}, "count", [("value_missing", "/value")]),
        ({"value": Decimal("12.0")}, "count", []),
        ({"value": Decimal("12.5")}, "count", [("not_whole", "/value")]),
        ({"value": -1}, "count", [("negative_value", "/value")]),
        ({"value": 0.5}, "percent", [("not_exact", "/value")]),
        ({"value": Decimal("NaN")}, "percent", [("not_exact", "/value")]),
        ({"value": Decimal("-3.5")}, "percent", []),
        ({"value": 130}, "percent", []),
        ({"value": Decimal("7.25")}, "hours", []),
        ({"value": Decimal("-0.25")}, "hours", [("negative_value", "/value")]),
        ({"value": -120_000}, "eur_cents", []),
        ({"value": Decimal("0.5")}, "eur_cents", [("not_whole", "/value")]),
        ({"value": 5}, "score", []),
        ({"value": Decimal(5)}, "score", []),
        ({"value": 6}, "score", [("level_out_of_scale", "/value")]),
        ({"value": Decimal("4.5")}, "score", [("level_out_of_scale", "/value")]),
        ({"value": None, "comment": "Plus de confiance."}, "text", []),
        ({"value": None}, "text", [("value_missing", "/comment")]),
        ({"comment": "Plus."}, "text", [("value_contradicts_unit", "/value")]),
    ],
)
def test_a_value_suits_its_unit_and_zero_is_a_value(changes, unit, found):
    assert codes(changes, unit) == found


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"period_start": date(2026, 11, 1)}, [("period_order", "/period_start")]),
        ({"period_start": date(2026, 10, 31)}, []),
        ({"period_end": date(2026, 11, 23)}, [("in_future", "/period_end")]),
        ({"period_end": TODAY, "measured_on": TODAY}, []),
        ({"measured_on": date(2026, 11, 23)}, [("in_future", "/measured_on")]),
        ({"measured_on": date(2026, 10, 1)}, []),
        ({"measured_on": date(2026, 9, 30)}, [("measured_before_period", "/measured_on")]),
        ({"measured_on": date(2026, 11, 30), "period_end": date(2026, 11, 30), "value": None},
         [("in_future", "/period_end"), ("in_future", "/measured_on"), ("value_missing", "/value")]),
    ],
)  # fmt: skip
def test_a_period_runs_forward_and_is_over(changes, found):
    if changes.get("period_start") == date(2026, 11, 1):
        changes = changes | {"measured_on": date(2026, 11, 3)}

    assert codes(changes) == found


@pytest.mark.parametrize(
    ("start", "end", "overlaps"),
    [
        (date(2026, 9, 1), date(2026, 9, 30), False),
        (date(2026, 9, 1), date(2026, 10, 1), True),
        (date(2026, 10, 31), date(2026, 11, 20), True),
        (date(2026, 11, 1), date(2026, 11, 20), False),
        (date(2026, 10, 10), date(2026, 10, 11), True),
        (date(2026, 1, 1), date(2026, 11, 20), True),
    ],
)
def test_two_measurements_do_not_share_a_day(start, end, overlaps):
    other = MeasurementFacts(start, end, end, 1)

    assert codes({}, others=[other]) == ([("period_overlap", "/period_start")] if overlaps else [])


def test_a_single_day_is_a_period_that_may_overlap():
    day = {"period_start": date(2026, 10, 31), "period_end": date(2026, 10, 31)}
    october = MeasurementFacts(**OCTOBER)

    assert codes(day, others=[october]) == [("period_overlap", "/period_start")]


def test_nobody_validates_their_own_measurement():
    assert [v.code for v in validation_violations(entered_by=["ana", "bob"], validated_by="bob")] == ["self_validation"]
    assert validation_violations(entered_by=["ana", "bob"], validated_by="cleo") == ()


ALLOWED = {
    ("quantitative", "count"), ("quantitative", "eur_cents"), ("quantitative", "percent"), ("quantitative", "hours"),
    ("qualitative", "score"), ("qualitative", "text"),
}  # fmt: skip


@pytest.mark.parametrize("nature", Nature)
@pytest.mark.parametrize("unit", Unit)
def test_a_quantity_is_counted_and_an_appreciation_is_not(nature, unit):
    codes = [violation.code for violation in unit_violations(nature, unit)]

    assert codes == ([] if (nature, unit) in ALLOWED else ["unit_contradicts_nature"])


def test_unknown_natures_and_units_are_refused():
    assert [v.pointer for v in unit_violations("vague", "count")] == ["/nature"]
    assert [v.pointer for v in unit_violations("quantitative", "miles")] == ["/unit"]
