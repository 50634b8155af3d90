"""Each due row leaves once, whatever falls, whoever else is sending, and whatever the mail server says."""

import datetime as dt
import smtplib
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.mail import EmailMessage
from django.db import connection

from governance.models import Consultation, Person
from tests.cast import Cast
from tests.clock import PARIS, set_clock
from tests.worker.factories import consultation, give_opinion, rows
from tests.worker.mailers import SETTINGS, Killed, Scripted
from worker.api.metrics import oldest_due_pending_seconds
from worker.enums import ReminderState
from worker.models import Reminder
from worker.rules.planning import retry_delay
from worker.selectors import LedgerMemory
from worker.services import dispatch, reconcile
from worker.services.dispatch import Dispatched

DUE = dt.datetime(2027, 3, 17, 7, 0, tzinfo=PARIS)
"""Fourteen days before the deadline, at seven."""
DEADLINE = dt.date(2027, 3, 31)


@pytest.fixture(autouse=True)
def _server(settings: Any) -> Iterator[None]:
    settings.MAILERS = SETTINGS
    Scripted.reset()
    yield
    Scripted.reset()


@pytest.fixture
def due(db: None) -> Reminder:
    """One reminder, to the director, due for an instant."""
    set_clock(DUE - dt.timedelta(days=1))
    cast = Cast()
    consultation(cast.cooperation, cast.beta, deadline=DEADLINE)
    Person.objects.filter(pk=cast.coordinator.pk).update(erased_at=DUE)
    reconcile.reconcile_all()
    set_clock(DUE)
    return rows(cast.director_beta)[0]


def after(delay: dt.timedelta) -> dt.datetime:
    return set_clock(DUE + delay)


def test_a_reminder_leaves_once_and_says_when(due: Reminder) -> None:
    assert dispatch.dispatch_due() == Dispatched(sent=1)
    assert dispatch.dispatch_due() == Dispatched()
    due.refresh_from_db()
    assert (due.state, due.sent_at, due.attempts, due.lease_until) == (ReminderState.SENT, DUE, 1, None)
    assert Scripted.identities() == [due.message_id]


def test_a_crash_between_the_server_and_our_mark_repeats_one_message_with_the_same_identity(due: Reminder) -> None:
    def die(message: EmailMessage) -> None:
        raise Killed

    Scripted.after = staticmethod(die)
    with pytest.raises(Killed):
        dispatch.dispatch_due()
    Scripted.after = staticmethod(lambda message: None)

    after(dispatch.LEASE - dt.timedelta(seconds=1))
    assert dispatch.dispatch_due() == Dispatched(), "its lease still runs: the first may be alive"
    after(dispatch.LEASE)
    assert dispatch.dispatch_due() == Dispatched(sent=1)
    assert dispatch.dispatch_due() == Dispatched()
    assert Scripted.identities() == [due.message_id, due.message_id]


def test_an_attempt_that_comes_back_after_its_lease_was_taken_over_marks_nothing(due: Reminder) -> None:
    first = dispatch.claim()
    after(dispatch.LEASE)
    second = dispatch.claim()
    assert first is not None
    assert second is not None
    assert first.attempt_token < second.attempt_token

    before = Reminder.objects.values().get(pk=due.pk)
    assert dispatch.mark_sent(first) == "lost"
    assert dispatch.fail(first, OSError("late")) == "lost"
    assert dispatch.give_up(first, "late") == "lost"
    assert Reminder.objects.values().get(pk=due.pk) == before

    assert dispatch.mark_sent(second) == "sent"
    assert dispatch.mark_sent(first) == "lost"


def test_a_sweep_leaves_to_its_sender_what_is_being_sent(due: Reminder) -> None:
    held = dispatch.claim()
    assert held is not None
    give_opinion(Consultation.objects.get(pk=due.subject_id), DEADLINE)
    assert reconcile.reconcile_all().cancelled == 4, "the steps to come"
    assert dispatch.mark_sent(held) == "sent"


def test_the_clock_of_the_database_decides_not_that_of_the_worker(due: Reminder) -> None:
    set_clock(DUE - dt.timedelta(seconds=1))
    with time_machine.travel(DUE + dt.timedelta(days=400)):
        assert dispatch.dispatch_due() == Dispatched()
    set_clock(DUE)
    with time_machine.travel(DUE - dt.timedelta(days=400)):
        assert dispatch.dispatch_due() == Dispatched(sent=1)


def refuse(error: Exception) -> None:
    def raise_it(message: EmailMessage) -> None:
        raise error

    Scripted.before = staticmethod(raise_it)


def test_a_server_that_is_down_is_tried_again_later_and_longer_each_time(due: Reminder) -> None:
    refuse(ConnectionRefusedError("no server"))
    waited = []
    for _attempt in range(4):
        assert dispatch.dispatch_due() == Dispatched(failed=1)
        due.refresh_from_db()
        assert due.retry_at is not None
        assert due.lease_until is None
        assert "no server" in due.last_error
        now = due.retry_at - dt.timedelta(seconds=1)
        set_clock(now)
        assert dispatch.dispatch_due() == Dispatched()
        waited.append(due.retry_at)
        set_clock(due.retry_at)
    assert oldest_due_pending_seconds() == (waited[-1] - DUE).total_seconds()
    Scripted.reset()
    assert dispatch.dispatch_due() == Dispatched(sent=1)
    due.refresh_from_db()
    assert (due.state, due.last_error) == (ReminderState.SENT, "")
    assert oldest_due_pending_seconds() == 0


@pytest.mark.parametrize("chance", [0.0, 0.999])
def test_delays_double_from_a_minute_and_stay_under_six_hours(chance: float) -> None:
    delays = [retry_delay(attempt, chance) for attempt in range(1, dispatch.MAX_ATTEMPTS + 1)]
    assert dt.timedelta(seconds=30) <= delays[0] <= dt.timedelta(minutes=1)
    assert delays == sorted(delays)
    assert delays[-1] <= dt.timedelta(hours=6)
    assert sum(delays, dt.timedelta()) > dt.timedelta(hours=18)


def test_after_the_last_attempt_it_is_dead_with_its_reason_and_never_tried_again(due: Reminder) -> None:
    refuse(ConnectionRefusedError("no server"))
    now = DUE
    for _attempt in range(dispatch.MAX_ATTEMPTS - 1):
        assert dispatch.dispatch_due() == Dispatched(failed=1)
        now = set_clock(now + dt.timedelta(hours=6))
    assert dispatch.dispatch_due() == Dispatched(dead=1)
    due.refresh_from_db()
    assert (due.state, due.attempts) == (ReminderState.DEAD, dispatch.MAX_ATTEMPTS)
    assert due.last_error == "ConnectionRefusedError: no server"
    Scripted.reset()
    set_clock(now + dt.timedelta(hours=6))
    reconcile.reconcile_all()
    assert dispatch.dispatch_due() == Dispatched()
    assert Scripted.accepted == []


def test_a_row_that_kills_its_sender_each_time_ends_dead(due: Reminder) -> None:
    def die(message: EmailMessage) -> None:
        raise Killed

    Scripted.before = staticmethod(die)
    now = DUE
    for _attempt in range(dispatch.MAX_ATTEMPTS):
        with pytest.raises(Killed):
            dispatch.dispatch_due()
        now = set_clock(now + dispatch.LEASE)
    assert dispatch.dispatch_due() == Dispatched(dead=1)
    due.refresh_from_db()
    assert due.last_error == dispatch.ATTEMPTS_EXHAUSTED


@pytest.mark.parametrize(("code", "state"), [(550, ReminderState.DEAD), (450, ReminderState.PENDING)])
def test_an_address_refused_for_good_is_given_up_at_once(due: Reminder, code: int, state: str) -> None:
    refuse(smtplib.SMTPRecipientsRefused({due.recipient.email: (code, b"unknown")}))
    dispatch.dispatch_due()
    due.refresh_from_db()
    assert due.state == state
    assert str(code) in due.last_error
    # A refusal quotes the address; it must not outlive the record of the person.
    assert due.recipient.email not in due.last_error


def test_who_has_no_address_is_told_as_soon_as_there_is_one(due: Reminder) -> None:
    address = due.recipient.email
    Person.objects.filter(pk=due.recipient_id).update(email="")
    assert dispatch.dispatch_due() == Dispatched(dead=1)
    reconcile.reconcile_all()
    due.refresh_from_db()
    assert (due.state, due.last_error) == (ReminderState.DEAD, reconcile.NO_ADDRESS)
    Person.objects.filter(pk=due.recipient_id).update(email=address)
    assert reconcile.reconcile_all().reopened == 1
    assert dispatch.dispatch_due() == Dispatched(sent=1)


def test_one_row_that_fails_stops_no_other(db: None) -> None:
    set_clock(DUE)
    cast = Cast()
    consultation(cast.cooperation, cast.alpha, deadline=DEADLINE)
    reconcile.reconcile_all()

    def refuse_one(message: EmailMessage) -> None:
        if message.to == [cast.director_alpha.email]:
            raise ValueError("cannot be sent")

    Scripted.before = staticmethod(refuse_one)
    assert dispatch.dispatch_due() == Dispatched(sent=2, failed=1)


def test_a_run_stops_between_two_rows_when_asked_to(due: Reminder) -> None:
    assert dispatch.dispatch_due(stopping=lambda: True) == Dispatched()
    assert dispatch.dispatch_due(seconds=-1) == Dispatched()
    assert dispatch.dispatch_due(limit=0) == Dispatched()
    assert dispatch.dispatch_due() == Dispatched(sent=1)


@pytest.fixture
def many(transactional_db: None) -> Cast:
    """Twenty-four reminders due in the past, committed."""
    cast = Cast()
    for number in range(8):
        consultation(
            cast.cooperation, cast.alpha, deadline=cast.today - dt.timedelta(days=3), title=f"Décision {number}"
        )
    reconcile.reconcile_all()
    return cast


def in_threads(count: int, work: Any) -> None:
    barrier = threading.Barrier(count)

    def run() -> None:
        barrier.wait(20)
        try:
            work()
        finally:
            connection.close()

    threads = [threading.Thread(target=run) for _number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
        assert not thread.is_alive()


def test_several_senders_at_once_send_each_row_once(many: Cast) -> None:
    in_threads(4, dispatch.dispatch_due)
    assert len(Scripted.identities()) == 24
    assert len(set(Scripted.identities())) == 24
    assert not Reminder.objects.due().exists()
    assert set(Reminder.objects.exclude(state="pending").values_list("state", "attempts")) == {("sent", 1)}


def test_several_sweeps_at_once_write_each_row_once(many: Cast) -> None:
    consultation(many.cooperation, many.beta, deadline=many.today + dt.timedelta(days=60), title="De plus")
    before = Reminder.objects.count()
    swept: list[reconcile.Swept] = []
    in_threads(3, lambda: swept.append(reconcile.reconcile_all()))
    assert sorted(sweep.created for sweep in swept) == [0, 0, 10]
    assert not any(sweep.failed for sweep in swept)
    assert Reminder.objects.count() == before + 2 * 5


def test_while_one_waits_for_the_mail_server_another_sends_the_rest_and_not_that_row(many: Cast) -> None:
    inside, go = threading.Event(), threading.Event()
    held: list[EmailMessage] = []

    def wait_with_the_first(message: EmailMessage) -> None:
        if not held:
            held.append(message)
            inside.set()
            assert go.wait(30)

    Scripted.before = staticmethod(wait_with_the_first)

    def slow() -> None:
        row = dispatch.claim()
        assert row is not None
        assert dispatch.attempt(row, LedgerMemory()) == "sent"

    outcome: list[Dispatched] = []

    def fast() -> None:
        assert inside.wait(30)
        outcome.append(dispatch.dispatch_due())
        go.set()

    tasks = iter([slow, fast])
    in_threads(2, lambda: next(tasks)())
    assert outcome == [Dispatched(sent=23)]
    assert len(set(Scripted.identities())) == len(Scripted.identities()) == 24
