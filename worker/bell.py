"""Ringing for the Celery worker after a commit: bounded to a second, its failure swallowed and counted.

A failure is nothing lost: the row is there, and the next tick finds it. After one, we keep silent for a while, so that
a broker that is down or frozen slows one request down, not each.
"""

import logging
import threading
import time

from coopproject.logs import request_id

logger = logging.getLogger(__name__)
TIMEOUT = 1.0
"""Seconds that a request may wait for the broker at most."""
SILENCE = 30.0
"""Seconds without ringing after a failure."""


class _Bell:
    def __init__(self) -> None:
        self.failures = 0
        self.silent_until = 0.0

    def ring(self, chain: str) -> None:
        if time.monotonic() < self.silent_until:
            return
        # A thread, because a frozen broker accepts the connection and then answers nothing, and the retries of the
        # client add up; only the time for which we wait is certain.
        outcome: list[BaseException | None] = []
        thread = threading.Thread(
            target=self._publish, args=(chain, request_id.get(), outcome), name="bell", daemon=True
        )
        thread.start()
        thread.join(TIMEOUT)
        if outcome != [None]:
            self.failures += 1
            self.silent_until = time.monotonic() + SILENCE
            reason = repr(outcome[0]) if outcome else f"no answer in {TIMEOUT} s"
            logger.warning("bell_not_rung", extra={"chain": chain, "reason": reason})

    @staticmethod
    def _publish(chain: str, request: str, outcome: list[BaseException | None]) -> None:
        from worker.tasks import changed_task

        request_id.set(request)
        try:
            changed_task.apply_async(args=[chain], retry=False)
        except Exception as error:  # noqa: BLE001 - each transport has its own errors, and all mean the same here
            outcome.append(error)
        else:
            outcome.append(None)


_bell = _Bell()


def ring(chain: str) -> None:
    """Ask the worker to sweep this cooperation now rather than at the next tick. Never raises."""
    _bell.ring(chain)


def failures() -> int:
    """Hints that could not be given since this process started."""
    return _bell.failures


def forget() -> None:
    """As in a fresh process: ring again, count from zero."""
    _bell.__init__()  # type: ignore[misc]
