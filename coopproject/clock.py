"""One clock: the database's.

Every `now` of the domain is asked of PostgreSQL through the function `coop_now()` (migration coopproject 0001), so
that two web servers and a worker with a wrong clock agree on what is due. Tests replace that function inside their
transaction instead of patching Python. See docs/adr/0002.
"""

import datetime as dt
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import connection


def now() -> dt.datetime:
    """The database's instant, aware, in UTC."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT coop_now()")
        row = cursor.fetchone()
    assert row is not None
    instant: dt.datetime = row[0]
    return instant.astimezone(dt.UTC)


def local_date(instant: dt.datetime, zone: str | None = None) -> dt.date:
    """The calendar day of an instant in a legal zone (default Europe/Paris). A legal day ends at 24:00 there."""
    return instant.astimezone(ZoneInfo(zone or settings.LEGAL_TIME_ZONE)).date()


def today(zone: str | None = None) -> dt.date:
    """Today's legal date in `zone` (default Europe/Paris)."""
    return local_date(now(), zone)
