"""Keeps a set of programs running until told to stop."""

import contextlib
import os
import select
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from types import FrameType
from typing import NoReturn

from coopproject.embedded.processes import Child, Keeper, StartError

HEALTHY_AFTER = 60.0
"""Seconds after which a program that was restarted is trusted again."""
LONGEST_BACKOFF = 30.0


class Stopped(Exception):
    """Somebody asked us to stop."""


class StopRequest:
    """Ctrl-C, SIGTERM or a closed terminal, noticed at the next `pause` and never in the middle of an act."""

    def __init__(self) -> None:
        self._read, self._write = os.pipe()
        os.set_blocking(self._write, False)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._ask)

    def _ask(self, number: int, frame: FrameType | None) -> None:
        with contextlib.suppress(BlockingIOError):  # Asked often enough already.
            os.write(self._write, b".")

    def pause(self, seconds: float) -> None:
        """Wait, and raise Stopped as soon as somebody asks."""
        if select.select([self._read], [], [], seconds)[0]:
            raise Stopped


@dataclass
class Program:
    """Something to keep running: `start` starts it, or raises StartError."""

    name: str
    start: Callable[[], Child]
    child: Child | None = None
    failures: int = 0
    due: float = 0.0
    since: float = field(default=0.0)

    def begin(self) -> None:
        """Start it now."""
        self.child = self.start()
        self.since = time.monotonic()


def supervise(keeper: Keeper, programs: list[Program], pause: Callable[[float], None]) -> NoReturn:
    """Start again whatever ends, later and later while it fails. Returns only by what `pause` raises."""
    while True:
        for program in programs:
            _look_after(keeper, program)
        pause(0.5)


def _look_after(keeper: Keeper, program: Program) -> None:
    now = time.monotonic()
    if program.child and not program.child.running():
        code = program.child.process.returncode
        keeper.forget(program.child)
        program.child = None
        program.failures = 1 if now - program.since > HEALTHY_AFTER else program.failures + 1
        wait = min(LONGEST_BACKOFF, 2.0 ** (program.failures - 1))
        program.due = now + wait
        print(f"{program.name} ended by itself ({_cause(code)}): starting it again in {wait:.0f} s.", flush=True)
    if program.child is None and now >= program.due:
        try:
            program.begin()
        except StartError as error:
            program.failures += 1
            program.due = time.monotonic() + min(LONGEST_BACKOFF, 2.0 ** (program.failures - 1))
            print(f"{program.name}: {error}", flush=True)


def _cause(code: int) -> str:
    return f"code {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"
