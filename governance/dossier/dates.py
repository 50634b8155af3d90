"""Dates of a dossier: absolute, or counted from its reference date so that an example stays true on any day.

`D-30` and `D+14` count days; `M-3` counts months and keeps the day number (the last day of a shorter month);
`M-3/1` is the first day of that month; `Y-1` is a year. An instant adds a time in UTC: `D-30T09:00:00Z`.
"""

import datetime as dt

from governance.rules.calendars import add_months

DATE_PATTERN = r"^(\d{4}-\d{2}-\d{2}|D([+-]\d{1,5})?|M[+-]\d{1,4}(/([1-9]|[12]\d|3[01]))?)$"
YEAR_PATTERN = r"^(\d{4}|Y([+-]\d{1,3})?)$"
INSTANT_PATTERN = (
    r"^(\d{4}-\d{2}-\d{2}|D([+-]\d{1,5})?|M[+-]\d{1,4}(/([1-9]|[12]\d|3[01]))?)"
    r"T\d{2}:\d{2}(:\d{2}(\.\d{1,6})?)?(Z|[+-]\d{2}:\d{2})$"
)


def read_date(text: str, reference: dt.date) -> dt.date:
    """The calendar day that a text of `DATE_PATTERN` names. ValueError or OverflowError when there is no such day."""
    if text[0] == "D":
        return reference + dt.timedelta(days=int(text[1:] or 0))
    if text[0] == "M":
        months, _slash, day = text[1:].partition("/")
        moved = add_months(reference, int(months))
        if (moved.year - reference.year) * 12 + moved.month - reference.month != int(months):
            raise OverflowError("beyond the calendar")
        return moved.replace(day=int(day)) if day else moved
    return dt.date.fromisoformat(text)


def read_year(text: str, reference: dt.date) -> int:
    """The year that a text of `YEAR_PATTERN` names."""
    return reference.year + int(text[1:] or 0) if text[0] == "Y" else int(text)


def read_instant(text: str, reference: dt.date) -> dt.datetime:
    """The instant, in UTC, that a text of `INSTANT_PATTERN` names. ValueError when there is none."""
    day, _t, time = text.partition("T")
    return dt.datetime.fromisoformat(f"{read_date(day, reference).isoformat()}T{time}").astimezone(dt.UTC)


def write_instant(instant: dt.datetime) -> str:
    return instant.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
