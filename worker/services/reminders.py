"""The acts of people on reminders and on their rules."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coopproject import clock
from coopproject.exceptions import InvalidInput, Violation
from coopproject.locking import lock
from governance import journal
from governance.actor import Actor
from governance.services import records
from worker import states
from worker.enums import ReminderState
from worker.enums import ReminderTransition as T
from worker.models import Reminder, ReminderRule
from worker.rules import planning

MAX_SNOOZE_DAYS = 90


@transaction.atomic
def reminder_snooze(*, pk: UUID, actor: Actor, until: dt.date, expected_version: int | None = None) -> Reminder:
    """Say nothing more to this person about this subject and this day before `until`, then say it once.

    Refused once the reminder has left, was cancelled or given up (409 `wrong_state`), and for a day that is not after
    today or lies more than 90 days ahead (400). The other steps of the series wait too.
    """
    reminder = lock(Reminder.objects.all(), pk, expected_version)
    zone = reminder.cooperation.zone
    today = clock.today(zone)
    if not today < until <= today + dt.timedelta(days=MAX_SNOOZE_DAYS):
        sentence = _("Une date après aujourd’hui, dans les 90 jours.")
        raise InvalidInput(Violation("snooze_out_of_range", sentence, "/until"))
    states.reminder.apply(reminder, T.SNOOZE)
    series = Reminder.objects.filter(
        kind=reminder.kind,
        subject_type=reminder.subject_type,
        subject_id=reminder.subject_id,
        recipient_id=reminder.recipient_id,
        due_on=reminder.due_on,
        state=ReminderState.PENDING,
    )
    instant = planning.due_instant(until, zone)
    for row in series.select_for_update(of=("self",)).order_by("pk"):
        if row.due_at < instant:
            row.due_at, row.snoozed_until = instant, until
            row.save(update_fields=["due_at", "snoozed_until"])
    journal.record(
        "reminder.snoozed", reminder, actor=actor, confidentiality=reminder.confidentiality, until=until.isoformat()
    )
    return reminder


def reminder_rule_create(*, actor: Actor, **values: Any) -> ReminderRule:
    """Give a cooperation its own steps for one kind of reminder, in place of the default ones."""
    values["days_before"] = _checked_steps(values["days_before"])
    rule: ReminderRule = records.create(ReminderRule(**values), actor=actor)
    return rule


def reminder_rule_update(
    *, pk: UUID, actor: Actor, expected_version: int | None, changes: Mapping[str, Any]
) -> ReminderRule:
    """Change the steps, or switch the kind off. The next sweep writes and cancels reminders accordingly."""
    changes = dict(changes)
    if "days_before" in changes:
        changes["days_before"] = _checked_steps(changes["days_before"])
    rule: ReminderRule = records.update(
        ReminderRule.objects.all(), pk, actor=actor, expected_version=expected_version, changes=changes
    )
    return rule


def _checked_steps(days_before: list[int]) -> list[int]:
    """Latest first, each once; refused when there are none, too many, or some more than a year away."""
    steps = sorted(set(days_before), reverse=True)
    violations = []
    if not 1 <= len(steps) <= planning.MAX_STEPS:
        violations.append(Violation("steps_count", _("De une à dix étapes."), "/days_before"))
    if any(abs(days) > planning.MAX_DAYS for days in steps):
        violations.append(Violation("step_out_of_range", _("Une étape est à un an au plus."), "/days_before"))
    if violations:
        raise InvalidInput(*violations)
    return steps
