"""Which steps of a series exist, and which one may leave now: pure dates, one answer whatever was missed before."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from governance.rules.clauses import ENDING_DAYS

DEFAULT_STEPS = (14, 7, 1, -1, -7)
"""Days before the day awaited; negative once it is past."""
_STEPS_OF = {
    "agreement_notice": (60, 30, 14, 1),
    "agreement_term": (60, 30, 7),
    "working_group_meeting": (7, 1),
    "clause_ending": (ENDING_DAYS, 7, 1),
}
"""Where a board must meet before it: earlier, and nothing once it is too late."""
SEND_AT = dt.time(7)
"""Local time: in the mailbox when the day begins, never in the night."""
MAX_STEPS = 10
MAX_DAYS = 365


def default_steps(kind: str) -> tuple[int, ...]:
    """The steps of a kind of reminder for which the cooperation has no rule of its own."""
    return _STEPS_OF.get(kind, DEFAULT_STEPS)


@dataclass(frozen=True, order=True)
class Step:
    """One reminder of a series: the instant from which it is due, and the day awaited that it tells of."""

    due_at: dt.datetime
    due_on: dt.date
    days_before: int

    @property
    def occurrence(self) -> str:
        """Its name within the series, stable whatever the day on which it is computed: `2026-03-31/+7`."""
        return f"{self.due_on.isoformat()}/{self.days_before:+d}"


def due_instant(day: dt.date, zone: str) -> dt.datetime:
    """The instant, in UTC, at which a reminder of that day becomes due."""
    return dt.datetime.combine(day, SEND_AT, ZoneInfo(zone)).astimezone(dt.UTC)


def steps(due_on: dt.date, days_before: Iterable[int], zone: str) -> list[Step]:
    """Every step of a series, earliest first, each once."""
    return sorted(Step(due_instant(due_on - dt.timedelta(days=days), zone), due_on, days) for days in set(days_before))


def owed(series: Iterable[Step], now: dt.datetime, last_told_at: dt.datetime | None) -> list[Step]:
    """The steps that should wait to be sent: those to come, and of those already due only the latest.

    The latest is left out too when the recipient was told (`last_told_at`) since it became due. So a first sweep, one
    that was missed for three weeks, or a date that moves by a day sends one reminder or none, never a burst.
    """
    ordered = sorted(series)
    past = [step for step in ordered if step.due_at <= now]
    future = ordered[len(past) :]
    if past and (last_told_at is None or last_told_at < past[-1].due_at):
        return [past[-1], *future]
    return future


def retry_delay(attempt: int, chance: float) -> dt.timedelta:
    """How long to wait after failed attempt number `attempt` (from 1): doubling from one minute up to six hours.

    `chance`, in [0, 1), spreads it between half and the whole, so that many rows do not come back at the same instant.
    """
    whole = min(60 * 2 ** (attempt - 1), 6 * 3600)
    return dt.timedelta(seconds=whole * (0.5 + chance / 2))
