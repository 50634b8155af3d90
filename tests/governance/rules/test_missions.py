"""Templates of accompaniment, days and lateness."""

import datetime as dt
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.enums_path import MissionTemplateCode
from governance.rules.missions import TEMPLATES, days_late, period_violations, template, total_days
from governance.rules.regimes import Confidence

DAYS = st.decimals(0, 9999, places=2)
DAY = dt.date(2026, 3, 2)


def test_the_templates_are_those_of_the_sources() -> None:
    assert [entry.code for entry in TEMPLATES] == list(MissionTemplateCode.values)
    assert [phase.code for phase in template("coorace").phases] == ["needs", "diagnosis", "structuring", "change"]
    assert len(template("coorace").phases[1].covers) == 7  # The seven axes of the S0 site support.
    assert [len(entry.phases) for entry in TEMPLATES] == [4, 5, 0]
    assert [entry.confidence for entry in TEMPLATES] == [Confidence.A, Confidence.B, None]
    # No source says how long a DLA lasts: nothing is invented.
    assert template("coorace").rhythm
    assert not template("dla").rhythm


@given(st.lists(st.tuples(st.none() | DAYS, DAYS), max_size=8))
def test_days_add_up_exactly_and_an_unknown_plan_is_never_exceeded(
    phases: list[tuple[Decimal | None, Decimal]],
) -> None:
    total = total_days(phases)
    assert total.done == sum((done for _planned, done in phases), Decimal(0))
    if not phases or any(planned is None for planned, _done in phases):
        assert (total.planned, total.exceeded_by) == (None, 0)
    else:
        assert total.planned is not None
        assert total.exceeded_by == max(Decimal(0), total.done - total.planned)


@pytest.mark.parametrize(
    ("due", "delivered", "late"),
    [(0, None, 5), (5, None, 0), (4, None, 1), (0, 0, 0), (0, 3, 3), (3, 0, 0), (None, None, 0)],
)
def test_lateness_counts_the_days_after_the_due_day(due: int | None, delivered: int | None, late: int) -> None:
    days = [None if offset is None else DAY + dt.timedelta(offset) for offset in (due, delivered)]
    assert days_late(days[0], days[1], DAY + dt.timedelta(5)) == late


def test_a_mission_ends_the_day_it_starts_at_the_earliest() -> None:
    assert period_violations(DAY, DAY) == []
    assert [found.code for found in period_violations(DAY, DAY - dt.timedelta(1))] == ["ends_before_it_starts"]
