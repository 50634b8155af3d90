"""A retry replays, whoever loses a right loses the replay, and old answers are forgotten."""

import datetime as dt
import threading
from typing import Any

import pytest
from django.db import connection

from coopproject.models import IdempotencyKey
from governance.models import Decision, Role
from tests.cast import Cast
from tests.clock import clock_at, set_clock
from tests.governance import factories
from tests.requests import act
from worker.services.ticks import forget_old_answers

KEY = {"Idempotency-Key": "the-same-key"}


def body(cast: Cast, title: str = "Cuisiner ensemble") -> dict[str, Any]:
    return {"cooperation": str(cast.cooperation.pk), "title": title}


def test_a_creation_sent_twice_creates_once(cast: Cast) -> None:
    client = cast.api(cast.coordinator)
    first = client.post("/api/v1/decisions/", body(cast), headers=KEY)
    again = client.post("/api/v1/decisions/", body(cast), headers=KEY)
    assert (first.status_code, again.status_code, first.content) == (201, 201, again.content)
    assert (again["Location"], again["ETag"]) == (first["Location"], first["ETag"])
    assert Decision.objects.count() == 1


def test_another_body_another_path_or_a_refusal_do_not_replay(cast: Cast) -> None:
    client = cast.api(cast.coordinator)
    refused = client.post("/api/v1/decisions/", {"cooperation": str(cast.cooperation.pk)}, headers=KEY)
    assert refused.status_code == 400
    assert client.post("/api/v1/decisions/", body(cast), headers=KEY).status_code == 201
    assert client.post("/api/v1/decisions/", body(cast, "Autre"), headers=KEY).status_code == 422
    assert client.post("/api/v1/charters/", body(cast), headers=KEY).status_code == 422
    assert Decision.objects.count() == 1


def test_the_key_of_another_person_is_another_key(cast: Cast) -> None:
    assert cast.api(cast.coordinator).post("/api/v1/decisions/", body(cast), headers=KEY).status_code == 201
    other = cast.api(cast.facilitator).post("/api/v1/decisions/", body(cast), headers=KEY)
    assert (other.status_code, "Idempotency-Replayed" in other) == (201, False)


def test_whoever_lost_the_right_to_see_the_object_gets_no_replay(cast: Cast) -> None:
    decision = factories.decision(cast, cast.gamma)
    path = f"/api/v1/decisions/{decision.pk}/take/"
    assert act(cast.api(cast.coordinator), path, {"outcome": "Oui"}, **KEY).status_code == 200
    Role.objects.filter(person=cast.coordinator).update(until=cast.today - dt.timedelta(days=1))
    assert act(cast.api(cast.coordinator), path, {"outcome": "Oui"}, **KEY).status_code == 404


@pytest.mark.parametrize("key", ["short", "x" * 256, "with space!", "accentué-é"])
def test_a_key_that_could_be_nobodys_is_refused(cast: Cast, key: str) -> None:
    headers = {"Idempotency-Key": key}
    response = cast.api(cast.coordinator).post("/api/v1/decisions/", body(cast), headers=headers)
    assert response.status_code == 400
    assert not Decision.objects.exists()


def test_old_answers_are_forgotten_and_recent_ones_kept(cast: Cast) -> None:
    cast.api(cast.coordinator).post("/api/v1/decisions/", body(cast), headers=KEY)
    set_clock(cast.today + dt.timedelta(days=29))
    forget_old_answers()
    assert IdempotencyKey.objects.count() == 1
    set_clock(cast.today + dt.timedelta(days=32))
    forget_old_answers()
    assert not IdempotencyKey.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_the_same_request_at_the_same_instant_acts_once() -> None:
    with clock_at(dt.date(2026, 6, 1)):
        cast = Cast()
        cast.token(cast.coordinator)
        answers: list[int] = []

        def send() -> None:
            try:
                client = cast.api(cast.coordinator)
                answers.append(client.post("/api/v1/decisions/", body(cast), headers=KEY).status_code)
            finally:
                connection.close()

        threads = [threading.Thread(target=send) for _index in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert set(answers) <= {201, 409}
        assert 201 in answers
        assert Decision.objects.count() == 1
