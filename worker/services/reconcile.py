"""The sweep: compare the reminders that should exist with those that do, create, reopen, cancel. It remembers nothing.

A date that moved, a pilot who changed, a tick that was missed, a backup that was restored: the next sweep is right.
"""

import datetime as dt
import logging
from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Q

from coopproject.logs import request_id
from coopproject.models import new_id
from governance import journal
from governance.models import Cooperation, Person
from worker import selectors, states
from worker.enums import CancelReason, ReminderState
from worker.enums import ReminderTransition as T
from worker.models import Reminder
from worker.rules import planning

logger = logging.getLogger(__name__)
NO_ADDRESS = "no_address"

type Snoozes = dict[tuple[selectors.About, dt.date], dt.date]


@dataclass
class Swept:
    """What one sweep changed."""

    created: int = 0
    reopened: int = 0
    moved: int = 0
    cancelled: int = 0
    failed: int = 0

    def __iadd__(self, other: "Swept") -> "Swept":
        for name, value in asdict(other).items():
            setattr(self, name, getattr(self, name) + value)
        return self


def reconcile_all() -> Swept:
    """Sweep every cooperation, each in its own transaction: an error in one leaves the others swept."""
    total = Swept()
    for cooperation_id in Cooperation.objects.order_by("pk").values_list("pk", flat=True):
        try:
            total += cooperation_reconcile(cooperation_id=cooperation_id)
        except Exception:
            logger.exception("reconcile_failed", extra={"cooperation": str(cooperation_id)})
            total.failed += 1
    return total


@transaction.atomic
def cooperation_reconcile(*, cooperation_id: UUID) -> Swept:
    """Sweep one cooperation. Two sweeps of the same one wait for each other; running it again changes nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"reminders:{cooperation_id}"])
    cooperation = Cooperation.objects.filter(pk=cooperation_id).first()
    if cooperation is None:
        return Swept()
    ledger = selectors.ledger(cooperation)
    swept = Swept(failed=len(ledger.failed))
    rows = _rows(ledger)
    snoozes = _snoozes(rows.values())
    for key, row in rows.items():
        # A row that somebody is sending now is theirs: they look again before they send.
        in_flight = row.lease_until is not None and row.lease_until > ledger.now
        untouchable = in_flight or row.source in ledger.failed
        if row.state == ReminderState.PENDING and key not in ledger.owed and not untouchable:
            cancel(row, ledger)
            swept.cancelled += 1
    missing = []
    for key, owed in ledger.owed.items():
        found = rows.get(key)
        if found is None:
            missing.append(_new(owed, ledger, snoozes))
        elif found.state in {ReminderState.CANCELLED, ReminderState.DEAD}:
            swept.reopened += _reopen(found, owed, ledger, snoozes)
        elif found.state == ReminderState.PENDING:
            swept.moved += _refresh(found, owed, ledger, snoozes)
    Reminder.objects.bulk_create(missing)
    swept.created = len(missing)
    return swept


def _rows(ledger: selectors.Ledger) -> dict[selectors.Key, Reminder]:
    """The rows that may have to change, locked: all that wait, and all about a subject of which something is owed."""
    subjects = {owed.expected.subject_id for owed in ledger.owed.values()}
    waiting = Q(state=ReminderState.PENDING) | Q(subject_id__in=subjects)
    rows = Reminder.objects.filter(waiting, cooperation=ledger.cooperation).select_for_update(of=("self",))
    return {selectors.key_of(row): row for row in rows.order_by("pk")}


def _snoozes(rows: Iterable[Reminder]) -> Snoozes:
    """The latest day to which the recipient put each series off."""
    found: Snoozes = {}
    for row in rows:
        if row.snoozed_until is not None and row.state != ReminderState.SENT:
            series = (row.about, row.due_on)
            found[series] = max(found.get(series, row.snoozed_until), row.snoozed_until)
    return found


def cancel(row: Reminder, ledger: selectors.Ledger) -> None:
    """Note that a reminder will not leave, and why. The caller holds its lock."""
    still_expected = (row.about, row.due_on) in ledger.expected
    row.cancel_reason = CancelReason.SUPERSEDED if still_expected else CancelReason.OBSOLETE
    states.reminder.apply(row, T.CANCEL)
    row.lease_until = row.retry_at = None
    row.save(update_fields=["state", "cancel_reason", "lease_until", "retry_at"])


def message_id(identifier: UUID) -> str:
    """Given once, kept for ever: a repeat after a crash is recognised as the same message."""
    return f"<reminder.{identifier}@{urlsplit(settings.SITE_URL).hostname or 'localhost'}>"


def _facts(owed: selectors.Owed, ledger: selectors.Ledger, snoozes: Snoozes) -> dict[str, Any]:
    snoozed = snoozes.get((owed.expected.about, owed.step.due_on))
    due_at = owed.step.due_at
    return {
        "due_at": max(due_at, planning.due_instant(snoozed, ledger.cooperation.zone)) if snoozed else due_at,
        "snoozed_until": snoozed,
        "confidentiality": journal.level_of(owed.expected.subject),
        "source": owed.source,
    }


def _new(owed: selectors.Owed, ledger: selectors.Ledger, snoozes: Snoozes) -> Reminder:
    identifier = new_id()
    return Reminder(
        id=identifier,
        cooperation=ledger.cooperation,
        kind=owed.expected.kind,
        subject_type=owed.expected.subject_type,
        subject_id=owed.expected.subject_id,
        recipient_id=owed.expected.recipient_id,
        occurrence=owed.step.occurrence,
        due_on=owed.step.due_on,
        days_before=owed.step.days_before,
        message_id=message_id(identifier),
        request_id=request_id.get(),
        **_facts(owed, ledger, snoozes),
    )


def _refresh(row: Reminder, owed: selectors.Owed, ledger: selectors.Ledger, snoozes: Snoozes) -> bool:
    facts = _facts(owed, ledger, snoozes)
    changed = {name for name, value in facts.items() if getattr(row, name) != value}
    if changed:
        for name in changed:
            setattr(row, name, facts[name])
        row.save(update_fields=changed)
    return bool(changed)


def _reopen(row: Reminder, owed: selectors.Owed, ledger: selectors.Ledger, snoozes: Snoozes) -> bool:
    """Owe again what was cancelled; and what was given up only for want of an address that is there now."""
    if row.state == ReminderState.DEAD and not (
        row.last_error == NO_ADDRESS and Person.objects.filter(pk=row.recipient_id).exclude(email="").exists()
    ):
        return False
    states.reminder.apply(row, T.REOPEN)
    row.cancel_reason, row.last_error, row.attempts = "", "", 0
    row.lease_until = row.retry_at = None
    row.request_id = request_id.get()
    for name, value in _facts(owed, ledger, snoozes).items():
        setattr(row, name, value)
    row.save()
    return True
