"""What should be reminded, to whom and for which day, from today's state."""

import datetime as dt

import pytest

from governance.reminding import ExpectedReminder, ReminderKind
from milestones.models import Activity
from milestones.reminders import expected
from tests.cast import Cast
from tests.milestones import factories


@pytest.fixture
def activity(cast: Cast) -> Activity:
    made = factories.activity(cast)
    factories.mandate(cast, made, until=None)
    return made


def of_kind(cast: Cast, kind: ReminderKind) -> list[ExpectedReminder]:
    return [item for item in expected(cast.cooperation, cast.today) if item.kind == kind]


def test_the_pilot_is_told_of_open_milestones_only(cast: Cast, activity: Activity) -> None:
    row = factories.milestone(cast, activity)
    factories.milestone(cast, activity, state="completed", completed_on=cast.today)
    factories.milestone(cast, activity, state="cancelled", cancelled_on=cast.today, cancelled_reason="x")
    [found] = of_kind(cast, ReminderKind.MILESTONE_DUE)
    assert (found.subject, found.recipient_id, found.due_on) == (row, cast.pilot_beta.pk, row.due_on)


@pytest.mark.parametrize("until", [-1, None])
def test_without_a_pilot_the_coordination_is_told(cast: Cast, until: int | None) -> None:
    activity = factories.activity(cast)
    if until is not None:
        factories.mandate(cast, activity, until=cast.today + dt.timedelta(days=until))
    factories.milestone(cast, activity)
    assert [r.recipient_id for r in of_kind(cast, ReminderKind.MILESTONE_DUE)] == [cast.coordinator.pk]


def test_the_end_of_a_mandate_is_told_to_its_pilot_and_the_coordination(cast: Cast, activity: Activity) -> None:
    assert of_kind(cast, ReminderKind.MANDATE_ENDING) == []
    until = cast.today + dt.timedelta(days=20)
    activity.mandates.update(until=until)
    found = of_kind(cast, ReminderKind.MANDATE_ENDING)
    assert [r.recipient_id for r in found] == [cast.pilot_beta.pk, cast.coordinator.pk]
    assert {r.due_on for r in found} == {until}


def test_the_next_measurement_is_due_one_period_after_the_last(cast: Cast, activity: Activity) -> None:
    indicator = factories.indicator(cast, activity, frequency="monthly", baseline_on=dt.date(2026, 1, 31))
    [found] = of_kind(cast, ReminderKind.MEASUREMENT_DUE)
    assert (found.subject, found.due_on) == (indicator, dt.date(2026, 2, 28))
    draft = factories.measurement(cast, indicator, period_start=dt.date(2026, 2, 1), period_end=dt.date(2026, 2, 28))
    assert of_kind(cast, ReminderKind.MEASUREMENT_DUE)[0].due_on == dt.date(2026, 2, 28)
    draft.state = "submitted"
    draft.save()
    assert of_kind(cast, ReminderKind.MEASUREMENT_DUE)[0].due_on == dt.date(2026, 3, 28)
    indicator.retired_on = cast.today
    indicator.save()
    assert of_kind(cast, ReminderKind.MEASUREMENT_DUE) == []


def test_the_owner_is_told_of_an_open_action(cast: Cast) -> None:
    row = factories.corrective_action(cast, cast.director_alpha)
    factories.corrective_action(cast, state="completed", action_taken="x", completed_on=cast.today)
    [found] = of_kind(cast, ReminderKind.CORRECTIVE_ACTION_DUE)
    assert (found.subject, found.recipient_id, found.due_on) == (row, cast.director_alpha.pk, row.due_on)


def test_another_cooperation_reminds_of_nothing_here(cast: Cast) -> None:
    foreign = factories.activity(cast, cooperation=cast.foreign_cooperation)
    factories.milestone(cast, foreign)
    assert list(expected(cast.cooperation, cast.today)) == []
    assert [r.recipient_id for r in expected(cast.foreign_cooperation, cast.today)] == [cast.foreign_coordinator.pk]
