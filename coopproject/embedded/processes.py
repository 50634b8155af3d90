"""Child processes that never outlive the process that started them, nor the next start of it.

Three layers, since each fails somewhere: `Keeper.close` ends them in order; a watchdog ends them when this process is
killed; `end_leftovers` ends, at the next start on the same folder, whatever survived both.
"""

import contextlib
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import IO, Any, Self

import psutil

from coopproject.embedded import watchdog
from coopproject.embedded.watchdog import signal_group

LONGEST_SOCKET = 100
"""Bytes: macOS takes 103 for the path of a Unix socket, and Linux 107."""


class StartError(Exception):
    """Something that the person who starts us can put right: one sentence for them."""


@dataclass(eq=False)
class Child:
    """A process of ours, leader of its own process group.

    `stop_signal` asks it to stop politely; `grace` is how many seconds it is given before SIGKILL.
    """

    name: str
    process: subprocess.Popen[bytes]
    stop_signal: int = signal.SIGTERM
    grace: float = 5.0

    @property
    def pid(self) -> int:
        """Its process id, which is also that of its group."""
        return self.process.pid

    def running(self) -> bool:
        """Whether it still runs (and takes note of its end if not)."""
        return self.process.poll() is None


class Keeper:
    """Starts child processes and ends them all.

    `record` is a file that names the running children for the next start; without it there is nothing to come back to
    (a temporary folder). Every child is in a session of its own, so that Ctrl-C in the terminal reaches us alone and
    we choose the order in which they stop.
    """

    def __init__(self, record: Path | None = None) -> None:
        self.record = record
        self.children: list[Child] = []
        # Standard streams are ours to close: a watchdog that held them would make `make demo | tee` wait for it.
        self._watchdog = subprocess.Popen(
            [sys.executable, "-S", "-E", watchdog.__file__],
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
            cwd="/",
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def start(
        self,
        name: str,
        command: Sequence[str | Path],
        *,
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        output: int | IO[Any] | None = None,
        stop_signal: int = signal.SIGTERM,
        grace: float = 5.0,
        identity: Mapping[str, Any] | None = None,
    ) -> Child:
        """Start `command` under our watch. `identity` is what `Popen` takes to run as another user."""
        process = subprocess.Popen(
            [str(word) for word in command],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT if output is not None else None,
            env=None if env is None else dict(env),
            cwd=cwd,
            start_new_session=True,
            **(identity or {}),
        )
        child = Child(name, process, stop_signal, grace)
        self.children.append(child)
        self._tell(f"add {process.pid} {stop_signal:d}")
        self._write_record()
        return child

    def forget(self, child: Child) -> None:
        """Take note that a child has ended, and end what it may have left in its group."""
        signal_group(child.pid, signal.SIGKILL)
        child.process.wait()
        if child in self.children:
            self.children.remove(child)
            self._tell(f"gone {child.pid}")
            self._write_record()

    def stop(self, *children: Child) -> None:
        """Stop these children at the same time: politely, then by force after the grace of each."""
        began = time.monotonic()
        for child in children:
            if child.running():
                signal_group(child.pid, child.stop_signal)
        for child in children:
            with contextlib.suppress(subprocess.TimeoutExpired):
                child.process.wait(max(0.0, began + child.grace - time.monotonic()))
            self.forget(child)

    def remove_at_end(self, folder: Path) -> None:
        """Delete a temporary folder once everything has stopped, whatever happens to this process."""
        self._tell(f"remove {folder}")

    def close(self) -> None:
        """Stop every child, the last started first, then the watchdog."""
        for child in reversed(list(self.children)):
            self.stop(child)
        self._tell("bye")
        if self._watchdog.stdin:
            with contextlib.suppress(OSError):
                self._watchdog.stdin.close()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._watchdog.wait(5)
        if self.record:
            self.record.unlink(missing_ok=True)

    def _tell(self, order: str) -> None:
        if self._watchdog.stdin and not self._watchdog.stdin.closed:
            with contextlib.suppress(OSError):  # A watchdog that was killed must not stop the rest.
                self._watchdog.stdin.write(f"{order}\n".encode())
                self._watchdog.stdin.flush()

    def _write_record(self) -> None:
        if self.record is None:
            return
        rows = []
        for child in self.children:
            with contextlib.suppress(psutil.Error):
                row = {
                    "pid": child.pid,
                    "started": psutil.Process(child.pid).create_time(),
                    "signal": child.stop_signal,
                }
                rows.append(row)
        fresh = self.record.with_suffix(".new")
        fresh.write_text(json.dumps(rows))
        os.replace(fresh, self.record)


def socket_folder(folder: Path, name: str, keeper: Keeper) -> Path:
    """Where the Unix socket `name` goes: `folder`, or a private temporary one when the path is too long or too odd.

    (libpq reads a comma in a host as the end of that host; other signs have a meaning in a URL.)
    """
    path = str(folder / name)
    if len(os.fsencode(path)) <= LONGEST_SOCKET and re.fullmatch(r"[\w/.-]+", path, re.ASCII):
        return folder
    # Not TMPDIR, which may be as long. Should we be killed, the watchdog deletes it.
    short = Path(tempfile.mkdtemp(prefix="coop-", dir="/tmp"))
    keeper.remove_at_end(short)
    return short


def end_leftovers(record: Path) -> int:
    """End what a killed run left behind, and say how many processes it was.

    A process id is used again sooner or later: only one that was born at the recorded instant is ours.
    """
    try:
        rows = json.loads(record.read_text())
    except (OSError, ValueError):
        return 0
    ours: dict[int, int] = {}
    for row in rows:
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(row["pid"])
            if abs(process.create_time() - row["started"]) < 1 and process.status() != psutil.STATUS_ZOMBIE:
                ours[process.pid] = row["signal"]
    watchdog.end(ours)
    record.unlink(missing_ok=True)
    return len(ours)
