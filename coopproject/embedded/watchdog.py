"""Last keeper of the child processes: ends them when the process that started them is gone, even by SIGKILL.

Run as a script, with the standard library only. Reads one order a line on standard input:

- `add PID SIGNAL`: should the parent die, end the process group PID with that signal, then with SIGKILL;
- `gone PID`: that process has ended;
- `remove PATH`: a temporary folder to delete at the very end;
- `bye`: the parent has ended everything itself, only the folders are left.

The end of the input without `bye` means that the parent died.
"""

import os
import shutil
import signal
import sys
import time

GRACE = 5.0
"""Seconds between the first signal and SIGKILL."""


def signal_group(pid: int, number: int) -> bool:
    """Send a signal to the process group `pid`; false when nothing of it is left."""
    try:
        os.killpg(pid, number)
    except (ProcessLookupError, PermissionError):  # macOS answers EPERM for a group of zombies.
        return False
    return True


def end(groups: dict[int, int]) -> None:
    """End every group, politely first."""
    alive = [pid for pid, number in groups.items() if signal_group(pid, number)]
    deadline = time.monotonic() + GRACE
    while alive and time.monotonic() < deadline:
        time.sleep(0.05)
        alive = [pid for pid in alive if signal_group(pid, 0)]
    for pid in alive:
        signal_group(pid, signal.SIGKILL)


def main() -> None:
    """Follow the orders until the input ends."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    groups: dict[int, int] = {}
    folders: list[str] = []
    for line in sys.stdin:
        order, _, rest = line.rstrip("\n").partition(" ")
        if order == "add":
            pid, first_signal = rest.split()
            groups[int(pid)] = int(first_signal)
        elif order == "gone":
            groups.pop(int(rest), None)
        elif order == "remove":
            folders.append(rest)
        elif order == "bye":
            groups.clear()
            break
    end(groups)
    for folder in folders:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
