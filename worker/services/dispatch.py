"""Sending what is due: claim by lease, look again, send, mark only if the attempt is still ours (docs/adr/0003).

No transaction is open while the mail server answers. A crash between its acceptance and our mark repeats one message,
with the same Message-ID, once the lease is over; it never loses one. The database's clock decides.
"""

import datetime as dt
import logging
import random
import smtplib
import time
from collections.abc import Callable
from dataclasses import dataclass

from django.db import transaction
from django.db.models import F, Value

from coopproject import clock
from coopproject.logs import request_id
from worker import selectors, states
from worker.enums import ReminderState
from worker.enums import ReminderTransition as T
from worker.models import DatabaseNow, Reminder
from worker.rules import planning
from worker.services import mail, reconcile

logger = logging.getLogger(__name__)
LEASE = dt.timedelta(minutes=2)
"""Longer than the slowest send (the mail server is given 10 s for each of its answers)."""
MAX_ATTEMPTS = 15
"""With the delays of `planning.retry_delay`, about two days: longer than a mail server stays down."""
ATTEMPTS_EXHAUSTED = "attempts_exhausted"


@dataclass
class Dispatched:
    """What one run did. `failed` will be tried again; `lost` were taken over by another run meanwhile."""

    sent: int = 0
    cancelled: int = 0
    failed: int = 0
    dead: int = 0
    lost: int = 0


def dispatch_due(
    *, limit: int = 500, seconds: float = 40.0, stopping: Callable[[], bool] = lambda: False
) -> Dispatched:
    """Send what is due, one row at a time, until nothing is left, `limit` rows or `seconds` of this machine."""
    done = Dispatched()
    memory = selectors.LedgerMemory()
    began = time.monotonic()
    for _count in range(limit):
        if stopping() or time.monotonic() - began > seconds:
            break
        reminder = claim()
        if reminder is None:
            break
        outcome = attempt(reminder, memory)
        setattr(done, outcome, getattr(done, outcome) + 1)
    return done


@transaction.atomic
def claim() -> Reminder | None:
    """Take the lease of the row that has been due for longest, and count the attempt. None when nothing is due.

    Rows that another run is claiming are skipped, not waited for.
    """
    row = (
        Reminder.objects.claimable().order_by("due_at", "pk").select_for_update(skip_locked=True, of=("self",)).first()
    )
    if row is None:
        return None
    Reminder.objects.filter(pk=row.pk).update(
        attempts=F("attempts") + 1,
        attempt_token=F("attempt_token") + 1,
        lease_until=DatabaseNow() + Value(LEASE),
        retry_at=None,
    )
    row.refresh_from_db(fields=["attempts", "attempt_token", "lease_until", "retry_at"])
    return row


def attempt(reminder: Reminder, memory: selectors.LedgerMemory) -> str:
    """One attempt on a claimed row. Returns the name of the counter of `Dispatched` that it adds to."""
    token = request_id.set(reminder.request_id or request_id.get())
    try:
        if reminder.attempts > MAX_ATTEMPTS:
            # Only crashes lead here: an attempt that failed says so itself.
            return give_up(reminder, ATTEMPTS_EXHAUSTED)
        try:
            return _send(reminder, memory)
        except Exception as error:
            logger.warning("reminder_not_sent", exc_info=True, extra={"reminder": str(reminder.pk)})
            return fail(reminder, error)
    finally:
        request_id.reset(token)


def _send(reminder: Reminder, memory: selectors.LedgerMemory) -> str:
    ledger = memory.of(reminder.cooperation)
    if reminder.source in ledger.failed:
        raise RuntimeError(f"{reminder.source} could not be examined")
    owed = ledger.owed.get(selectors.key_of(reminder))
    if owed is None:
        return drop(reminder, ledger)
    recipient = reminder.recipient
    if not recipient.email:
        return give_up(reminder, reconcile.NO_ADDRESS)
    message = mail.compose(
        reminder, owed.expected, recipient=recipient, cooperation=ledger.cooperation, today=ledger.today
    )
    message.send(using="default")
    return mark_sent(reminder)


def _still_mine(reminder: Reminder) -> Reminder | None:
    """The row, locked, if no later attempt took it over. The number of the attempt fences off whoever comes late."""
    row = Reminder.objects.select_for_update(of=("self",)).get(pk=reminder.pk)
    mine = row.state == ReminderState.PENDING and row.attempt_token == reminder.attempt_token
    if not mine:
        logger.warning("reminder_attempt_lost", extra={"reminder": str(row.pk), "attempt": reminder.attempt_token})
    return row if mine else None


@transaction.atomic
def mark_sent(reminder: Reminder) -> str:
    """The mail server accepted it."""
    row = _still_mine(reminder)
    if row is None:
        return "lost"
    states.reminder.apply(row, T.MARK_SENT)
    row.sent_at, row.lease_until, row.last_error = clock.now(), None, ""
    row.save(update_fields=["state", "sent_at", "lease_until", "last_error"])
    return "sent"


@transaction.atomic
def drop(reminder: Reminder, ledger: selectors.Ledger) -> str:
    """It is not owed any more: the subject was done, or a later step speaks for it."""
    row = _still_mine(reminder)
    if row is None:
        return "lost"
    reconcile.cancel(row, ledger)
    return "cancelled"


@transaction.atomic
def give_up(reminder: Reminder, why: str) -> str:
    """Never try again by itself. The reason is served by the API and counted in the metrics."""
    row = _still_mine(reminder)
    if row is None:
        return "lost"
    states.reminder.apply(row, T.GIVE_UP)
    row.lease_until, row.last_error = None, why[:500]
    row.save(update_fields=["state", "lease_until", "last_error"])
    return "dead"


def _without_address(why: str, reminder: Reminder) -> str:
    """A refusal quotes the address; what is kept of it must not, or it would outlive the person's record."""
    address = reminder.recipient.email
    return why.replace(address, "…") if address else why


def fail(reminder: Reminder, error: Exception) -> str:
    """Wait, longer each time, then try again; give up at once when the server says that the address is wrong."""
    why = _without_address(f"{type(error).__name__}: {error}", reminder)
    refused_for_good = isinstance(error, smtplib.SMTPRecipientsRefused) and all(
        500 <= code < 600 for code, _answer in error.recipients.values()
    )
    if refused_for_good or reminder.attempts >= MAX_ATTEMPTS:
        return give_up(reminder, why)
    delay = planning.retry_delay(reminder.attempts, random.random())  # noqa: S311 - spreads load, guards nothing
    with transaction.atomic():
        row = _still_mine(reminder)
        if row is None:
            return "lost"
        Reminder.objects.filter(pk=row.pk).update(
            lease_until=None, retry_at=DatabaseNow() + Value(delay), last_error=why[:500]
        )
    return "failed"
