"""What people receive over the life of a subject, whatever is missed, repeated, moved or done meanwhile."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.core import mail

from governance.enums import Confidentiality, RoleKind
from governance.models import Consultation, Cooperation, Person, Role
from tests.cast import Cast
from tests.clock import PARIS, set_clock
from tests.worker.factories import consultation, give_opinion, rows
from worker import selectors
from worker.enums import CancelReason, ReminderState
from worker.models import Reminder, ReminderRule
from worker.services import dispatch, reconcile, ticks
from worker.services.dispatch import Dispatched
from worker.services.reconcile import Swept

DAY = dt.date(2027, 3, 31)
"""The deadline of the consultation; the day on which France's clocks have just changed (28 March)."""

pytestmark = pytest.mark.django_db


@pytest.fixture
def start() -> dt.date:
    """Sixty days before, before the cast is made."""
    set_clock(DAY - dt.timedelta(days=60))
    return DAY - dt.timedelta(days=60)


@pytest.fixture
def subject(start: dt.date, cast: Cast) -> Consultation:
    return consultation(cast.cooperation, cast.alpha, deadline=DAY)


def live(days_before: float) -> Dispatched:
    """One tick at noon (or at the given fraction of a day) that many days before the deadline."""
    noon = dt.datetime.combine(DAY, dt.time(12), PARIS)
    set_clock(noon - dt.timedelta(days=days_before))
    return ticks.every_tick()


def mails_to(person: Person) -> list[mail.EmailMessage]:
    return [message for message in mail.outbox if message.to == [person.email]]


# (days before the deadline, mails received so far)
LIFE = [
    (60, 0), (15, 0), (14, 1), (13, 1), (8, 1), (7, 2), (2, 2), (1, 3), (0, 3), (-1, 4), (-2, 4), (-7, 5), (-8, 5),
    (-60, 5),
]  # fmt: skip


def test_one_mail_leaves_at_each_step_and_none_between(subject: Consultation, cast: Cast) -> None:
    for days, expected in LIFE:
        live(days)
        assert len(mails_to(cast.director_alpha)) == expected, days
    assert [row.state for row in rows(cast.director_alpha)] == [ReminderState.SENT] * 5


def test_ticks_may_be_doubled_and_redelivered(subject: Consultation, cast: Cast) -> None:
    for days, expected in LIFE:
        live(days)
        live(days)
        reconcile.reconcile_all()
        dispatch.dispatch_due()
        assert len(mails_to(cast.director_alpha)) == expected, days


def test_a_sweep_that_runs_again_changes_nothing(subject: Consultation, cast: Cast) -> None:
    assert reconcile.reconcile_all().created == 15  # five steps for the contact, the director and the coordination
    assert reconcile.reconcile_all() == Swept()


def test_nothing_leaves_before_its_hour_in_the_zone_of_the_cooperation(subject: Consultation, cast: Cast) -> None:
    cast.cooperation.zone = "Indian/Mayotte"
    cast.cooperation.save()
    due = dt.datetime(2027, 3, 17, 4, 0, tzinfo=dt.UTC)  # seven in the morning there
    set_clock(due - dt.timedelta(seconds=1))
    ticks.every_tick()
    assert mail.outbox == []
    set_clock(due)
    ticks.every_tick()
    assert len(mails_to(cast.director_alpha)) == 1


@pytest.mark.parametrize("back_at", [5, 0, -3, -30])
@pytest.mark.parametrize("run", [ticks.every_tick, dispatch.dispatch_due], ids=["swept first", "dispatch alone"])
def test_after_weeks_of_absence_one_mail_says_what_is_waiting(
    subject: Consultation, cast: Cast, back_at: int, run: Callable[[], object]
) -> None:
    reconcile.reconcile_all()
    set_clock(DAY - dt.timedelta(days=back_at))
    run()
    run()
    assert len(mails_to(cast.director_alpha)) == 1
    due = [row for row in rows(cast.director_alpha) if row.state != ReminderState.PENDING]
    assert [row.state for row in due[:-1]] == [ReminderState.CANCELLED] * (len(due) - 1)
    assert {row.cancel_reason for row in due[:-1]} <= {CancelReason.SUPERSEDED}


def test_a_subject_found_late_is_told_once(subject: Consultation, cast: Cast) -> None:
    live(-40)
    live(-41)
    [message] = mails_to(cast.director_alpha)
    assert (
        message.subject
        == "En retard de 40 jours : fin du délai de consultation du CSE sur « Mutualiser la paie (Alpha) »"
    )


def test_when_the_date_moves_the_old_reminders_are_cancelled_and_the_new_ones_written(
    subject: Consultation, cast: Cast
) -> None:
    live(20)
    Consultation.objects.filter(pk=subject.pk).update(nominal_deadline=DAY + dt.timedelta(days=30))
    live(14)
    assert mails_to(cast.director_alpha) == []
    old = rows(cast.director_alpha, due_on=DAY)
    assert [row.cancel_reason for row in old] == [CancelReason.OBSOLETE] * 5
    live(-16)
    assert len(mails_to(cast.director_alpha)) == 1
    assert "30 avril 2027" in mails_to(cast.director_alpha)[0].body


def test_a_date_that_moves_by_a_day_does_not_repeat_what_was_just_said(subject: Consultation, cast: Cast) -> None:
    live(7)
    Consultation.objects.filter(pk=subject.pk).update(nominal_deadline=DAY + dt.timedelta(days=1))
    live(7)
    assert len(mails_to(cast.director_alpha)) == 1
    live(6)  # seven days before the new date
    assert len(mails_to(cast.director_alpha)) == 2


def test_a_date_that_moves_there_and_back_owes_the_same_reminders_again(subject: Consultation, cast: Cast) -> None:
    live(20)
    before = {row.pk for row in rows(cast.director_alpha)}
    for deadline in (DAY + dt.timedelta(days=90), DAY):
        Consultation.objects.filter(pk=subject.pk).update(nominal_deadline=deadline)
        reconcile.reconcile_all()
    pending = rows(cast.director_alpha, state=ReminderState.PENDING)
    assert {row.pk for row in pending} == before
    assert {row.due_on for row in pending} == {DAY}


def test_when_the_director_changes_the_new_one_is_told_and_the_old_one_no_longer(
    subject: Consultation, cast: Cast
) -> None:
    live(20)
    Role.objects.filter(person=cast.director_alpha).update(until=DAY - dt.timedelta(days=19))
    successor = cast.person("Aline", "Directrice", RoleKind.DIRECTOR, cast.alpha)
    live(14)
    assert mails_to(cast.director_alpha) == []
    assert {row.state for row in rows(cast.director_alpha)} == {ReminderState.CANCELLED}
    assert len(mails_to(successor)) == 1


def test_what_is_done_meanwhile_is_cancelled_and_never_sent(subject: Consultation, cast: Cast) -> None:
    live(14)
    give_opinion(subject, DAY - dt.timedelta(days=10))
    for days, _mails in LIFE[4:]:
        live(days)
    assert len(mails_to(cast.director_alpha)) == 1
    assert {row.cancel_reason for row in rows(cast.director_alpha)[1:]} == {CancelReason.OBSOLETE}


def test_the_sender_looks_again_so_that_what_was_done_since_the_sweep_is_not_sent(
    subject: Consultation, cast: Cast
) -> None:
    reconcile.reconcile_all()
    give_opinion(subject, DAY - dt.timedelta(days=20))
    set_clock(DAY - dt.timedelta(days=14))
    assert dispatch.dispatch_due() == Dispatched(cancelled=3)
    assert mail.outbox == []


def test_nobody_is_told_of_what_the_api_would_hide_from_them(start: dt.date, cast: Cast) -> None:
    consultation(cast.cooperation, cast.alpha, deadline=DAY, confidentiality=Confidentiality.RESTRICTED)
    live(14)
    told = {message.to[0] for message in mail.outbox}
    assert told == {cast.director_alpha.email, cast.employees_alpha.email}
    assert rows(cast.coordinator) == []


def test_an_ended_cooperation_reminds_nobody(subject: Consultation, cast: Cast) -> None:
    live(20)
    Cooperation.objects.filter(pk=cast.cooperation.pk).update(ended_on=DAY - dt.timedelta(days=15))
    live(14)
    assert mail.outbox == []
    assert not Reminder.objects.filter(state=ReminderState.PENDING).exists()


def test_a_cooperation_has_its_own_steps(subject: Consultation, cast: Cast) -> None:
    ReminderRule.objects.create(cooperation=cast.cooperation, kind="consultation_deadline", days_before=[3, -2])
    received = []
    for days in (14, 7, 4, 3, 1, -1, -2, -7):
        live(days)
        received.append(len(mails_to(cast.director_alpha)))
    assert received == [0, 0, 0, 1, 1, 1, 2, 2]


def test_an_inactive_rule_silences_its_kind_and_what_was_written_is_cancelled(
    subject: Consultation, cast: Cast
) -> None:
    live(20)
    ReminderRule.objects.create(
        cooperation=cast.cooperation, kind="consultation_deadline", days_before=[14], active=False
    )
    live(14)
    assert mail.outbox == []
    assert not Reminder.objects.filter(state=ReminderState.PENDING).exists()


def test_an_app_that_cannot_be_examined_keeps_its_reminders_and_stops_no_other(
    subject: Consultation, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    live(20)
    with monkeypatch.context() as patch:
        patch.setattr("governance.reminders.Holders", None)
        assert reconcile.cooperation_reconcile(cooperation_id=cast.cooperation.pk) == Swept(failed=1)
        assert live(14) == Dispatched(failed=3)
        assert selectors.ledger(cast.cooperation).failed == {"governance"}
    assert mail.outbox == []
    live(13)
    assert len(mails_to(cast.director_alpha)) == 1
