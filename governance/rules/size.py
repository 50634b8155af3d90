"""The size from which a cooperation needs functions of its own: about ten participants (seed S2, RTES 2014)."""

import datetime as dt
from collections.abc import Iterable
from enum import StrEnum

from governance.rules.belonging import Period


class Crossing(StrEnum):
    """What a change of the number of participants does to the threshold."""

    REACHED = "reached"
    LEFT = "left"
    NONE = "none"


def crossing(before: int, after: int, threshold: int) -> Crossing:
    """Whether the threshold is reached, or no longer is."""
    if before < threshold <= after:
        return Crossing.REACHED
    return Crossing.LEFT if after < threshold <= before else Crossing.NONE


def count_on(periods: Iterable[Period], day: dt.date) -> int:
    """How many take part on that day."""
    return sum(period.contains(day) for period in periods)


def reached_on(periods: Iterable[Period], threshold: int, on: dt.date) -> dt.date | None:
    """The first day since which there have been that many without a break, on a day on which there are; else None."""
    known = list(periods)
    if count_on(known, on) < threshold:
        return None
    # The number changes when one enters, and on the morrow of a last day.
    days = {period.since for period in known}
    days |= {period.until + dt.timedelta(days=1) for period in known if period.until is not None}
    since = on
    for day in sorted((day for day in days if day <= on), reverse=True):
        if count_on(known, day) < threshold:
            return since
        since = day
    return since
