"""What the worker forgets of a person who is erased: what was to be sent, and what mail servers said of them."""

from uuid import UUID

import pgtrigger
from django.apps import apps

from governance.erasing import Eraser
from worker import states
from worker.enums import CancelReason, ReminderState
from worker.enums import ReminderTransition as T
from worker.models import Reminder

# In place of an error that may quote an address.
ERASED = "erased"


def _hold(person_id: UUID) -> None:
    """Before the person: a sweep locks reminders, then refers to people."""
    rows = Reminder.objects.filter(recipient=person_id).select_for_update(of=("self",))
    list(rows.order_by("pk").values_list("pk", flat=True))


def _forget(person_id: UUID) -> None:
    """Cancel what waits, a mail being tried included; and keep no error that could quote an address, now or before.

    A row that a sweep wrote meanwhile is left to the next one: nobody is owed anything once erased.
    """
    rows = Reminder.objects.filter(recipient=person_id).select_for_update(of=("self",), skip_locked=True)
    for row in rows.order_by("pk"):
        if row.state == ReminderState.PENDING:
            states.reminder.apply(row, T.CANCEL)
            row.cancel_reason = CancelReason.OBSOLETE
            row.lease_until = row.retry_at = None
        row.last_error = ERASED if row.last_error else ""
        row.save(update_fields=["state", "cancel_reason", "lease_until", "retry_at", "last_error"])
    past = apps.get_model("worker", "ReminderEvent")
    # Past states are append-only against mistakes, not against the right to be erased (docs/adr/0022).
    with pgtrigger.ignore("worker.ReminderEvent:append_only"):
        past.objects.filter(recipient=person_id).exclude(last_error__in=["", ERASED]).update(last_error=ERASED)


ERASER = Eraser(hold=_hold, forget=_forget)
