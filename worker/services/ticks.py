"""What the clock alone makes happen, and what the bell asks for: one call per tick, each safe to repeat."""

import logging
import uuid
from collections.abc import Callable
from uuid import UUID

from django.db import OperationalError, close_old_connections, connection

from charters.services.agreement_life import agreement_tick
from charters.services.entry import entry_tick
from coopproject.api import idempotency
from coopproject.logs import request_id
from governance.services import files
from governance.services.clause_levels import clauses_end_due
from governance.services.consultations import consultations_deem_negative_due
from worker.services import dispatch, reconcile

logger = logging.getLogger(__name__)


def cooperation_changed(*, chain: str) -> None:
    """Sweep the cooperation that rang, then send what is due at once. "" (no cooperation) waits for the next sweep."""
    if chain:
        reconcile.cooperation_reconcile(cooperation_id=UUID(chain))
        dispatch.dispatch_due()


def deem_negative() -> None:
    """Works councils that have not answered by the end of their period are deemed to have given a negative opinion."""
    consultations_deem_negative_due()


def enter_into_force() -> None:
    """Charter versions and agreements whose day has come enter into force; agreements past their term end.

    Objects whose clause of confidentiality is over come back to the level that they had.
    """
    entry_tick()
    agreement_tick()
    clauses_end_due()


def forget_old_answers() -> None:
    """Answers kept for retries are forgotten once nobody can be retrying."""
    idempotency.forget_old_answers()


def forget_unused_files() -> None:
    """Uploads that nothing used for a month are forgotten."""
    files.forget_unused_files()


def every_tick(stopping: Callable[[], bool] = lambda: False) -> dispatch.Dispatched:
    """All of it once, in the order in which one causes the other: what `manage.py dispatch` does without Celery.

    Log lines, rows and mails of one pass share a request id of their own.
    """
    token = request_id.set(str(uuid.uuid4()))
    try:
        return _tick(stopping)
    finally:
        request_id.reset(token)


def _tick(stopping: Callable[[], bool]) -> dispatch.Dispatched:
    for tick in (deem_negative, enter_into_force, forget_old_answers, forget_unused_files):
        try:
            tick()
        except Exception:
            # Reminders must leave whatever happens to the rest.
            logger.exception("tick_failed", extra={"tick": tick.__name__})
    reconcile.reconcile_all()
    return dispatch.dispatch_due(stopping=stopping)


def keep_ticking(*, interval: float, wait: Callable[[float], bool], stopping: Callable[[], bool]) -> None:
    """Every `interval` seconds until `stopping()`; `wait` returns early when asked to stop. Survives a database that
    goes away and comes back."""
    while not stopping():
        try:
            close_old_connections()
            every_tick(stopping)
        except OperationalError:
            logger.exception("database_unavailable")
            connection.close()
        wait(interval)
