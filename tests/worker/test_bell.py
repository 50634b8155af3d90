"""The bell is a hint: once per transaction, a second at most, and nobody suffers when it is broken."""

import contextlib
import os
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from pytest_django import DjangoCaptureOnCommitCallbacks

from coopproject import bell as kernel_bell
from coopproject.logs import request_id
from tests.cast import Cast
from worker import bell
from worker.app import app
from worker.models import ReminderRule

RULE = {"kind": "milestone_due", "days_before": [10, 3]}


@contextmanager
def broker_at(url: str) -> Iterator[None]:
    """Celery's app talks to this address inside the block (it reads the environment before its settings)."""
    saved = os.environ["CELERY_BROKER_URL"]

    def use(address: str) -> None:
        os.environ["CELERY_BROKER_URL"] = address
        app.amqp._producer_pool = None
        app._pool = None

    use(url)
    bell.forget()
    try:
        yield
    finally:
        use(saved)
        bell.forget()


@pytest.fixture
def messages() -> Iterator[list[Any]]:
    """What is waiting in the queue of this test's own Valkey database, read at the end of the test."""
    with app.connection_for_read() as connection:
        connection.default_channel.client.flushdb()
    bell.forget()
    yield []
    with app.connection_for_read() as connection:
        connection.default_channel.client.flushdb()


def queued() -> list[tuple[str, list[Any], str | None]]:
    """(task, arguments, request id) of each message that the worker would receive."""
    found = []
    with (
        app.connection_for_read() as connection,
        connection.SimpleQueue("celery") as queue,
        contextlib.suppress(queue.Empty),
    ):
        while True:
            message = queue.get(block=False)
            found.append((message.headers["task"], message.payload[0], message.headers.get("request_id")))
            message.ack()
    return found


def create_rule(cast: Cast, **headers: str) -> Any:
    body = {"cooperation": str(cast.cooperation.pk), **RULE}
    return cast.api(cast.coordinator).post("/api/v1/reminder-rules/", body, headers=headers)


def test_a_change_rings_once_it_is_committed_with_the_id_of_its_request(
    cast: Cast, messages: list[Any], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        response = create_rule(cast, **{"X-Request-ID": "request-0001"})
        assert response.status_code == 201
        assert queued() == []
        # Outside this harness the request is still running when its transaction is committed.
        token = request_id.set("request-0001")
    request_id.reset(token)
    assert queued() == [("worker.changed", [str(cast.cooperation.pk)], "request-0001")]


def test_many_changes_in_one_transaction_ring_once_for_each_cooperation(
    db: None, messages: list[Any], django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        for chain in ("a", "b", "a", "a"):
            kernel_bell.ring_on_commit(chain)
        with transaction.atomic():
            kernel_bell.ring_on_commit("undone")
            transaction.set_rollback(True)
    assert [arguments for _task, arguments, _request in queued()] == [["a"], ["b"]]


def test_with_the_broker_down_the_api_answers_and_the_row_is_there(
    cast: Cast, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    with broker_at("redis+socket:///nowhere/valkey.sock"):
        with django_capture_on_commit_callbacks(execute=True):
            assert create_rule(cast).status_code == 201
        assert bell.failures() == 1
        assert ReminderRule.objects.count() == 1


def test_a_frozen_broker_costs_a_second_once_and_then_nothing(tmp_path: Path) -> None:
    """It accepts connections and never answers: what a stopped process does."""
    address = tmp_path / "frozen.sock"
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        server.bind(str(address))
        server.listen(16)
        with broker_at(f"redis+socket://{address}"):
            began = time.monotonic()
            bell.ring("a")
            first = time.monotonic() - began
            bell.ring("a")
            both = time.monotonic() - began
            assert bell.failures() == 1
        assert first < bell.TIMEOUT + 0.5
        assert both - first < 0.5
    for thread in threading.enumerate():
        if thread.name == "bell":
            thread.join(30)


def test_after_a_silence_it_rings_again(messages: list[Any]) -> None:
    with broker_at("redis+socket:///nowhere/valkey.sock"):
        bell.ring("a")
    bell.ring("b")
    assert [arguments for _task, arguments, _request in queued()] == [["b"]]
