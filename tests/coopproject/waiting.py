"""Waiting for other processes, by looking often and never by hoping that a time is enough."""

import threading
import time
from collections.abc import Callable

import psutil


def eventually(happens: Callable[[], object], within: float = 20) -> None:
    """Return as soon as `happens()` is true; fail after `within` seconds."""
    deadline = time.monotonic() + within
    while not happens():
        assert time.monotonic() < deadline, f"did not happen within {within} s"
        threading.Event().wait(0.05)


def gone(pid: int) -> bool:
    """Whether the process has ended (a zombie that nobody waits for has)."""
    try:
        return psutil.Process(pid).status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def descendants(pid: int) -> list[int]:
    """Every process below this one, found while it still runs."""
    return [process.pid for process in psutil.Process(pid).children(recursive=True)]
