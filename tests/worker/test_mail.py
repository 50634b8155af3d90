"""What the mail says, to whom, in which language, under which identity."""

import datetime as dt

import pytest
from django.core import mail

from coopproject.logs import request_id
from governance.models import Person
from governance.reminding import ReminderKind
from tests.cast import Cast
from tests.clock import set_clock
from tests.worker.factories import consultation, rows
from worker.services import dispatch, reconcile, ticks
from worker.services.mail import _WORDS

DEADLINE = dt.date(2027, 3, 31)
pytestmark = pytest.mark.django_db


def one_mail(days_before: int, *, language: str = "fr", title: str = "Mutualiser la paie") -> mail.EmailMessage:
    set_clock(DEADLINE - dt.timedelta(days=days_before))
    cast = Cast()
    Person.objects.filter(pk=cast.director_alpha.pk).update(language=language)
    consultation(cast.cooperation, cast.alpha, deadline=DEADLINE, title=title)
    token = request_id.set("request-of-the-test")
    reconcile.reconcile_all()
    request_id.reset(token)
    dispatch.dispatch_due()
    [message] = [message for message in mail.outbox if message.to == [cast.director_alpha.email]]
    [row] = [row for row in rows(cast.director_alpha) if row.state == "sent"]
    assert message.extra_headers["Message-ID"] == row.message_id == f"<reminder.{row.pk}@testserver>"
    assert f"http://testserver/api/v1/consultations/{row.subject_id}/" in message.body
    return message


@pytest.mark.parametrize(
    ("days_before", "beginning"),
    [
        (14, "Dans 14 jours : "),
        (1, "Demain : "),
        (0, "Aujourd’hui : "),
        (-1, "En retard de 1 jour : "),
        (-9, "En retard de 9 jours : "),
    ],
)
def test_the_subject_says_when_and_what(days_before: int, beginning: str) -> None:
    message = one_mail(days_before)
    assert message.subject == f"{beginning}fin du délai de consultation du CSE sur « Mutualiser la paie (Alpha) »"
    assert "Bonjour Agnès," in message.body
    assert "Échéance : 31 mars 2027" in message.body
    assert "La Belle Équipe" in message.body


def test_the_mail_is_in_the_language_of_its_reader() -> None:
    assert "March 31, 2027" in one_mail(14, language="en").body


def test_the_mail_carries_the_request_that_caused_it_and_says_that_a_machine_sent_it() -> None:
    message = one_mail(14)
    assert message.extra_headers["X-Request-ID"] == "request-of-the-test"
    assert message.extra_headers["Auto-Submitted"] == "auto-generated"


def test_a_title_cannot_add_a_header_or_a_placeholder() -> None:
    message = one_mail(14, title="Paie\r\nBcc: intrus@coopproject.example %(name)s %s 100 %")
    assert "Bcc: intrus@coopproject.example %(name)s %s 100 % (Alpha)" in message.subject
    assert message.message()["Bcc"] is None
    assert message.recipients() == message.to


def test_every_kind_of_reminder_has_its_words() -> None:
    assert set(_WORDS) == set(ReminderKind)


def test_the_first_of_a_month_is_written_as_french_does(cast: Cast) -> None:
    consultation(cast.cooperation, cast.alpha, deadline=dt.date(2026, 5, 1))
    ticks.every_tick()
    assert "Échéance : 1er mai 2026" in mail.outbox[0].body
    assert mail.outbox[0].extra_headers["X-Request-ID"]
