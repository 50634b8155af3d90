"""`/reminders/`: one's own, the coordination's, and nobody else's; being told later."""

import datetime as dt
from typing import Any

import pytest
from django.core import mail
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance.enums import Confidentiality
from governance.models import Consultation, JournalEntry
from tests.cast import Cast
from tests.clock import set_clock
from tests.requests import act, codes, pointers
from tests.worker.factories import consultation, give_opinion, rows
from worker.models import Reminder
from worker.services import reconcile, ticks

DEADLINE = dt.date(2027, 3, 31)
URL = "/api/v1/reminders/"
pytestmark = pytest.mark.django_db


@pytest.fixture
def everyone() -> Cast:
    """Twenty days before, with a consultation of alpha that waits, and a restricted one."""
    set_clock(DEADLINE - dt.timedelta(days=20))
    cast = Cast()
    consultation(cast.cooperation, cast.alpha, deadline=DEADLINE)
    consultation(
        cast.cooperation, cast.alpha, deadline=DEADLINE, title="Discret", confidentiality=Confidentiality.RESTRICTED
    )
    reconcile.reconcile_all()
    return cast


def listed(cast: Cast, who: Any, query: str = "") -> list[dict[str, Any]]:
    response = cast.api(who).get(f"{URL}?page_size=200{query}")
    assert response.status_code == 200, response.content
    results: list[dict[str, Any]] = response.json()["results"]
    return results


def test_each_sees_their_own_and_the_coordination_all_but_what_is_restricted(everyone: Cast) -> None:
    cast = everyone
    assert {row["recipient"] for row in listed(cast, cast.director_alpha)} == {str(cast.director_alpha.pk)}
    assert len(listed(cast, cast.director_alpha)) == 10
    assert len(listed(cast, cast.coordinator)) == 15
    assert {row["recipient"] for row in listed(cast, cast.coordinator)} == {
        str(person.pk) for person in (cast.director_alpha, cast.employees_alpha, cast.coordinator)
    }


@pytest.mark.parametrize(
    "who", ["facilitator", "director_beta", "chair_alpha", "funder", "foreign_coordinator", "former_chair", "stranger"]
)
def test_nobody_else_can_tell_that_there_is_one(everyone: Cast, who: str) -> None:
    person = getattr(everyone, who)
    one = rows(everyone.director_alpha)[0]
    assert listed(everyone, person) == []
    assert everyone.api(person).get(f"{URL}{one.pk}/").status_code == 404
    assert act(everyone.api(person), f"{URL}{one.pk}/snooze/", {"until": "2027-03-20"}).status_code == 404


def test_filters_narrow_and_unknown_ones_are_refused(everyone: Cast) -> None:
    one = rows(everyone.director_alpha)[0]
    assert len(listed(everyone, everyone.director_alpha, f"&subject_id={one.subject_id}")) == 5
    assert len(listed(everyone, everyone.director_alpha, "&state=sent")) == 0
    assert len(listed(everyone, everyone.director_alpha, "&kind=consultation_deadline&due_on=2027-03-31")) == 10
    assert everyone.api(everyone.director_alpha).get(f"{URL}?colour=red").status_code == 400


def test_a_reminder_is_not_written_by_hand(everyone: Cast) -> None:
    one = rows(everyone.director_alpha)[0]
    client = everyone.api(everyone.director_alpha)
    assert client.post(URL, {}).status_code == 405
    assert client.patch(f"{URL}{one.pk}/", {"state": "sent"}).status_code == 405
    assert client.delete(f"{URL}{one.pk}/").status_code == 405


def test_the_list_costs_the_same_for_two_rows_and_for_forty(everyone: Cast) -> None:
    client = everyone.api(everyone.director_alpha)
    for number in range(6):
        consultation(everyone.cooperation, everyone.alpha, deadline=DEADLINE, title=f"n° {number}")
    reconcile.reconcile_all()
    client.get(URL)  # the first use of a token is written down
    counts = []
    for size in (2, 40):
        with CaptureQueriesContext(connection) as queries:
            assert len(client.get(f"{URL}?page_size={size}").json()["results"]) == size
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_put_off_until_a_day_it_is_said_that_day_once(everyone: Cast) -> None:
    cast = everyone
    [subject] = {row.subject_id for row in rows(cast.coordinator)}
    one = rows(cast.director_alpha, subject_id=subject)[0]
    until = DEADLINE - dt.timedelta(days=5)
    response = act(cast.api(cast.director_alpha), f"{URL}{one.pk}/snooze/", {"until": until.isoformat()})
    assert response.status_code == 200, response.content
    assert response.json()["snoozed_until"] == until.isoformat()
    assert response.json()["abilities"] == {"snooze": True}
    received = []
    for days in (14, 7, 6, 5, 4, 1):
        set_clock(DEADLINE - dt.timedelta(days=days))
        ticks.every_tick()
        received.append(
            sum("Mutualiser" in message.subject for message in mail.outbox if message.to == [cast.director_alpha.email])
        )
    assert received == [0, 0, 0, 1, 1, 2]
    assert any(message.to == [cast.coordinator.email] for message in mail.outbox), "others are told as before"
    entry = JournalEntry.objects.get(act="reminder.snoozed")
    assert entry.payload == {"until": until.isoformat()}


def test_only_the_one_who_is_told_may_put_it_off(everyone: Cast) -> None:
    one = next(row for row in rows(everyone.director_alpha) if row.confidentiality != Confidentiality.RESTRICTED)
    before = list(Reminder.objects.order_by("pk").values())
    response = act(everyone.api(everyone.coordinator), f"{URL}{one.pk}/snooze/", {"until": "2027-03-20"})
    assert response.status_code == 403
    assert list(Reminder.objects.order_by("pk").values()) == before


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"until": "2027-03-11"}, "snooze_out_of_range", "/until"),
        ({"until": "2027-06-10"}, "snooze_out_of_range", "/until"),
        ({"until": "tomorrow"}, "invalid", "/until"),
        ({}, "required", "/until"),
        ({"until": "2027-03-20", "why": "holidays"}, "unknown_field", "/why"),
    ],
)
def test_a_day_that_makes_no_sense_is_refused(everyone: Cast, body: dict[str, str], code: str, pointer: str) -> None:
    one = rows(everyone.director_alpha)[0]
    before = list(Reminder.objects.order_by("pk").values())
    response = act(everyone.api(everyone.director_alpha), f"{URL}{one.pk}/snooze/", body)
    assert response.status_code == 400
    assert (codes(response), pointers(response)) == ({code}, {pointer})
    assert list(Reminder.objects.order_by("pk").values()) == before


def test_what_has_left_or_was_cancelled_cannot_be_put_off(everyone: Cast) -> None:
    one = rows(everyone.director_alpha)[0]
    for subject in list(Reminder.objects.values_list("subject_id", flat=True).distinct().order_by()):
        give_opinion(Consultation.objects.get(pk=subject), DEADLINE)
    reconcile.reconcile_all()
    response = act(everyone.api(everyone.director_alpha), f"{URL}{one.pk}/snooze/", {"until": "2027-03-20"})
    assert response.status_code == 409
    assert codes(response) == {"wrong_state"}
