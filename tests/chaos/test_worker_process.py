"""A real worker, a real broker, a real database, mails in files: what is killed or flushed loses nothing."""

import contextlib
import datetime as dt
import email
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from email.message import Message
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from django.db import connection

from coopproject.logs import request_id
from tests.cast import Cast
from tests.worker.factories import consultation
from worker.app import app
from worker.enums import ReminderState
from worker.models import Reminder
from worker.tasks import changed_task, dispatch_task, reconcile_task

ROOT = Path(__file__).resolve().parents[2]


class Machine:
    """Processes of ours on the test's own database and broker."""

    def __init__(self, folder: Path) -> None:
        self.mails = folder / "mails"
        self.mails.mkdir()
        self.log = folder / "log"
        self.running: list[subprocess.Popen[bytes]] = []

    def start(self, *words: str) -> subprocess.Popen[bytes]:
        url = urlsplit(os.environ["DATABASE_URL"])
        folder = url.path.rpartition("/")[0]
        database = connection.settings_dict["NAME"]
        environment = os.environ | {
            "DATABASE_URL": url._replace(path=f"{folder}/{quote(database)}").geturl(),
            "EMAIL_URL": f"filemail:///{quote(str(self.mails))}",
        }
        with self.log.open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, *words], cwd=ROOT, env=environment, stdout=log, stderr=log, start_new_session=True
            )
        self.running.append(process)
        return process

    def worker(self) -> subprocess.Popen[bytes]:
        """As the demo starts it."""
        return self.start(
            *("-m", "celery", "-A", "worker.app", "worker", "--pool", "threads", "--concurrency", "2"),
            *("--without-gossip", "--without-mingle", "--without-heartbeat", "--loglevel", "INFO"),
        )

    def messages(self) -> list[Message]:
        found: list[Message] = []
        for file in sorted(self.mails.iterdir()):
            # Django's file backend ends each message with a line of dashes.
            texts = file.read_text().split("-" * 79)
            found += [email.message_from_string(text.lstrip()) for text in texts if text.strip()]
        return found

    def until(self, condition: Callable[[], bool], seconds: float = 60) -> None:
        pause = threading.Event()
        for _turn in range(int(seconds / 0.1)):
            if condition():
                return
            pause.wait(0.1)
        raise AssertionError(f"waited {seconds} s in vain:\n{self.log.read_text()[-4000:]}")

    def stop(self) -> None:
        for process in self.running:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait(20)


@pytest.fixture
def machine(transactional_db: None, tmp_path: Path) -> Iterator[Machine]:
    flush()
    machine = Machine(tmp_path)
    yield machine
    machine.stop()
    flush()


def flush() -> None:
    """The broker forgets everything."""
    with app.connection_for_write() as broker:
        broker.default_channel.client.flushdb()


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    """Committed: other processes must see it. One consultation, past for three days, for three people."""
    cast = Cast()
    consultation(cast.cooperation, cast.alpha, deadline=cast.today - dt.timedelta(days=3))
    return cast


def settled() -> bool:
    """Nothing due is left to send."""
    return Reminder.objects.filter(state=ReminderState.SENT).exists() and not Reminder.objects.due().exists()


def identities(machine: Machine) -> list[Any]:
    return sorted(str(message["Message-ID"]) for message in machine.messages())


def sent() -> list[str]:
    return sorted(Reminder.objects.filter(state=ReminderState.SENT).values_list("message_id", flat=True))


def test_a_ring_makes_the_mails_leave_with_the_id_of_its_request(cast: Cast, machine: Machine) -> None:
    worker = machine.worker()
    token = request_id.set("request-of-the-test")
    changed_task.apply_async(args=[str(cast.cooperation.pk)])
    request_id.reset(token)
    machine.until(settled)
    assert identities(machine) == sent()
    assert len(sent()) == 3
    assert {message["X-Request-ID"] for message in machine.messages()} == {"request-of-the-test"}

    worker.send_signal(signal.SIGTERM)
    assert worker.wait(10) == 0, "a polite stop is quick and clean"


def test_a_broker_that_forgot_everything_and_a_worker_that_was_killed_lose_and_double_nothing(
    cast: Cast, machine: Machine
) -> None:
    changed_task.apply_async(args=[str(cast.cooperation.pk)])
    flush()
    worker = machine.worker()
    for _double in range(2):
        reconcile_task.apply_async()
    machine.until(Reminder.objects.exists)
    os.killpg(worker.pid, signal.SIGKILL)
    worker.wait(20)
    flush()

    machine.worker()
    for _double in range(3):
        dispatch_task.apply_async()
    machine.until(settled)
    assert identities(machine) == sent()
    assert len(sent()) == 3


def test_without_celery_the_loop_does_the_same_and_stops_politely(cast: Cast, machine: Machine) -> None:
    loop = machine.start("manage.py", "dispatch", "--loop", "--interval", "0.2")
    machine.until(settled)
    loop.send_signal(signal.SIGTERM)
    assert loop.wait(10) == 0
    assert identities(machine) == sent()
    assert len(sent()) == 3
