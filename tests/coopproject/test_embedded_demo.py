"""`make demo` as a person meets it: from nothing to a site that answers, and to nothing left."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.coopproject.waiting import descendants, eventually, gone

PROJECT = Path(__file__).resolve().parents[2]
LEFT_OUT = ("TEST_", "PYTEST_", "DJANGO_", "APP_ENV", "EMAIL_URL", "SITE_URL", "ALLOWED_HOSTS", "MAKE", "MFLAGS")


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="coop-d-", ignore_cleanup_errors=True) as name:
        yield Path(name)


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        number: int = probe.getsockname()[1]
    return number


class Running:
    """A demo in its own process."""

    def __init__(self, data: Path, port: int, *, command: tuple[str, ...] = (), **variables: str) -> None:
        self.port = port
        self.log = data.parent / "said.txt"
        kept = {name: value for name, value in os.environ.items() if not name.startswith(LEFT_OUT)}
        with self.log.open("ab") as output:
            self.process = subprocess.Popen(
                command or (sys.executable, "-m", "coopproject.embedded.demo"),
                cwd=PROJECT,
                env=kept | {"PORT": str(port), "DATA_DIR": str(data)} | variables,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    def status(self, path: str = "/readyz") -> int | None:
        """The HTTP status of a page, or None when nobody answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
        try:
            connection.request("GET", path)
            return connection.getresponse().status
        except (OSError, http.client.HTTPException):
            return None
        finally:
            connection.close()

    def said(self) -> str:
        return self.log.read_text(encoding="utf-8")

    def until_announced(self, times: int = 1) -> None:
        def announced() -> bool:
            assert self.process.poll() is None, self.said()
            return self.said().count("Ctrl-C stops everything") == times

        eventually(announced, within=180)

    def worker(self) -> psutil.Process | None:
        for process in psutil.Process(self.process.pid).children(recursive=True):
            with contextlib.suppress(psutil.Error):
                if "--pool" in process.cmdline():
                    return process
        return None

    def stop(self, number: int) -> tuple[int, list[int]]:
        """Send a signal; return the exit code and the processes that were below it."""
        below = descendants(self.process.pid)
        self.process.send_signal(number)
        try:
            return self.process.wait(10), below
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise


@contextlib.contextmanager
def running(data: Path, port: int, **more: str) -> Iterator[Running]:
    demo = Running(data, port, **more)
    try:
        yield demo
    finally:
        if demo.process.poll() is None:
            demo.process.kill()
            demo.process.wait()


def once(data: Path, port: int, **variables: str) -> tuple[int, list[str]]:
    """Start a demo that is expected to refuse; return its exit code and the lines that it said."""
    demo = Running(data, port, **variables)
    try:
        code = demo.process.wait(60)
    finally:
        demo.process.kill()
    return code, demo.said().splitlines()


def test_the_demo_answers_mends_itself_refuses_a_second_one_stops_clean_and_keeps_its_data(
    folder: Path, port: int
) -> None:
    data = folder / "data"
    with running(data, port) as demo:
        demo.until_announced()
        assert demo.status("/readyz") == 200
        assert demo.status("/api/v1/docs/") == 200
        secrets = (data / "secrets.json").read_text()
        assert (data / "secrets.json").stat().st_mode & 0o077 == 0

        second = folder / "second"
        second.mkdir()
        refused = Running(data, port + 1)
        refused.log = demo.log
        assert refused.process.wait(30) == 1
        assert f"in use by another demo (process {demo.process.pid}, http://127.0.0.1:{port})" in demo.said()
        assert once(second / "data", port) == (1, [f"Port {port} is already taken: choose another with PORT=…"])

        killed = demo.worker()
        assert killed
        killed.kill()
        eventually(lambda: (found := demo.worker()) and found.pid != killed.pid, within=30)
        assert "The worker ended by itself (signal SIGKILL): starting it again in 1 s." in demo.said()

        code, below = demo.stop(signal.SIGTERM)
        assert code == 0
        assert len(below) > 6
        assert [pid for pid in below if not gone(pid)] == []
        assert demo.status() is None

    with running(data, port) as demo:
        demo.until_announced(times=2)
        assert (data / "secrets.json").read_text() == secrets
        code, below = demo.stop(signal.SIGINT)
        assert code == 0
        assert [pid for pid in below if not gone(pid)] == []


def test_a_sigterm_to_make_reaches_the_demo_and_leaves_nothing(folder: Path, port: int) -> None:
    makefile = PROJECT / "Makefile"
    # The recipe itself, without making an environment that is already here.
    command = ("make", "-f", str(makefile), "-o", "env", "demo", f"BIN={Path(sys.executable).parent}")
    with running(folder / "data", port, command=command) as demo:
        eventually(lambda: "Bringing the database" in demo.said(), within=60)
        code, below = demo.stop(signal.SIGTERM)
        assert code == -signal.SIGTERM
        assert len(below) >= 3
        eventually(lambda: all(gone(pid) for pid in below), within=1)


@pytest.mark.parametrize("port_text", ["0", "65536", "http", "-1", "８０"])
def test_a_port_that_is_none_is_refused_with_one_sentence(folder: Path, port_text: str) -> None:
    code, lines = once(folder / "data", 0, PORT=port_text)
    assert (code, lines) == (1, [f"PORT={port_text} is not a port: give a number from 1 to 65535."])
    assert not (folder / "data").exists()
