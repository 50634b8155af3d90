"""What the database itself refuses in reminders and their rules, each by its name."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError

from tests.cast import Cast
from worker.models import Reminder, ReminderRule

DUE = dt.date(2026, 12, 1)


def reminder(cast: Cast, **fields: Any) -> Reminder:
    values = {
        "kind": "milestone_due",
        "subject_type": "milestones",
        "subject_id": cast.cooperation.pk,
        "recipient": cast.chair_alpha,
        "occurrence": "2026-12-01/7",
        "due_on": DUE,
        "days_before": 7,
        "due_at": dt.datetime(2026, 11, 24, 8, tzinfo=dt.UTC),
        "confidentiality": "active",
        "source": "test",
        "message_id": "<1@coopproject.example>",
        **fields,
    }
    return Reminder.objects.create(cooperation=cast.cooperation, **values)


@pytest.mark.parametrize(
    ("name", "wrong"),
    [
        ("worker_reminder_sent_has_an_instant", {"state": "sent"}),
        ("worker_reminder_sent_has_an_instant", {"sent_at": dt.datetime(2026, 11, 24, tzinfo=dt.UTC)}),
        ("worker_reminder_cancelled_has_a_reason", {"state": "cancelled"}),
        ("worker_reminder_cancelled_has_a_reason", {"cancel_reason": "done"}),
        ("worker_reminder_dead_has_a_reason", {"state": "dead"}),
        ("worker_reminder_token_counts_every_attempt", {"attempts": 1, "attempt_token": 0}),
    ],
)
def test_a_reminder_with_one_thing_wrong_is_refused(cast: Cast, name: str, wrong: dict[str, Any]) -> None:
    made = reminder(cast)
    with pytest.raises(IntegrityError, match=name):
        Reminder.objects.filter(pk=made.pk).update(**wrong)


def test_a_step_reminds_a_person_of_a_subject_once(cast: Cast) -> None:
    reminder(cast)
    reminder(cast, recipient=cast.chair_beta, message_id="<2@coopproject.example>")
    reminder(cast, occurrence="2026-12-01/0", message_id="<3@coopproject.example>")
    with pytest.raises(IntegrityError, match="worker_one_reminder_per_occurrence"):
        reminder(cast, message_id="<4@coopproject.example>")


def test_a_cooperation_has_one_rule_per_kind(cast: Cast) -> None:
    ReminderRule.objects.create(cooperation=cast.cooperation, kind="review_due", days_before=[7])
    ReminderRule.objects.create(cooperation=cast.foreign_cooperation, kind="review_due", days_before=[7])
    with pytest.raises(IntegrityError, match="worker_one_rule_per_kind"):
        ReminderRule.objects.create(cooperation=cast.cooperation, kind="review_due", days_before=[1])
