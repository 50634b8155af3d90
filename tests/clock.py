"""Setting the domain's clock: the database's function `coop_now()` is replaced inside the test's transaction."""

import datetime as dt
from collections.abc import Iterator
from contextlib import contextmanager
from zoneinfo import ZoneInfo

from django.db import connection

PARIS = ZoneInfo("Europe/Paris")


def instant(when: dt.datetime | dt.date) -> dt.datetime:
    """A date means noon in Paris of that day."""
    if isinstance(when, dt.datetime):
        return when if when.tzinfo else when.replace(tzinfo=PARIS)
    return dt.datetime.combine(when, dt.time(12), PARIS)


def set_clock(when: dt.datetime | dt.date) -> dt.datetime:
    """Make it that instant for the rest of the test (a transactional test must call `reset_clock`)."""
    moment = instant(when)
    _define(f"timestamptz '{moment.isoformat()}'")
    return moment


def reset_clock() -> None:
    _define("clock_timestamp()")


@contextmanager
def clock_at(when: dt.datetime | dt.date) -> Iterator[dt.datetime]:
    """The clock stands there inside the block; for transactional tests too."""
    try:
        yield set_clock(when)
    finally:
        reset_clock()


def _define(expression: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "CREATE OR REPLACE FUNCTION coop_now() RETURNS timestamptz LANGUAGE sql VOLATILE "
            f"AS $$ SELECT {expression} $$"
        )
