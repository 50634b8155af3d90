"""`/metrics`: for the operator and for this machine, and for nobody else."""

import datetime as dt

import pytest
from rest_framework.test import APIClient

from tests.cast import Cast
from tests.clock import set_clock
from tests.worker.factories import consultation
from worker.services import reconcile

pytestmark = pytest.mark.django_db


def test_it_says_how_long_the_oldest_reminder_has_been_waiting(cast: Cast) -> None:
    consultation(cast.cooperation, cast.beta, deadline=cast.today + dt.timedelta(days=30))
    reconcile.reconcile_all()
    set_clock(dt.datetime.combine(cast.today + dt.timedelta(days=16), dt.time(8, 30)))
    response = APIClient().get("/metrics")
    assert response.status_code == 200
    assert response["Content-Type"].startswith("text/plain; version=0.0.4")
    lines = response.content.decode().splitlines()
    assert "oldest_due_pending_seconds 5400.000" in lines
    assert 'reminders{state="pending"} 10' in lines
    assert 'reminders{state="dead"} 0' in lines


def test_it_does_not_exist_for_others_even_through_a_proxy_on_this_machine(cast: Cast) -> None:
    assert APIClient(REMOTE_ADDR="192.0.2.7").get("/metrics").status_code == 404
    assert APIClient(HTTP_X_FORWARDED_FOR="192.0.2.7").get("/metrics").status_code == 404
    client = cast.api(cast.coordinator)
    client.defaults["REMOTE_ADDR"] = "192.0.2.7"
    assert client.get("/metrics").status_code == 404


def test_an_operator_reads_it_from_anywhere(cast: Cast) -> None:
    account = cast.stranger.account
    account.is_staff = True
    account.save()
    client = cast.api(cast.stranger)
    client.defaults["REMOTE_ADDR"] = "192.0.2.7"
    assert client.get("/metrics").status_code == 200
