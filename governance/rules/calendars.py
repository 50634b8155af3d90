"""Public holidays, working days and month arithmetic, by the calendar of a site. Legal dates are local dates.

Sources: art. L3133-1 (the eleven days), L3134-13 (Alsace-Moselle) and L3422-2 (overseas) of the labour code;
art. 640 to 642 of the code of civil procedure (how a limit is counted). `domain.md` 6.
"""

import calendar as gregorian
from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from zoneinfo import ZoneInfo

import holidays
from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import InvalidInput, Violation

FIRST_YEAR, LAST_YEAR = 2008, 2100
"""The years whose public holidays are known: Whit Monday came back in 2008, the library stops in 2100."""


class SiteCalendar(StrEnum):
    """Where a site is: decides its public holidays and its time zone.

    `alsace_moselle` holds Good Friday, which only the communes with a Protestant or a mixed church have.
    New Caledonia, French Polynesia and Wallis-and-Futuna have a labour code of their own: not here.
    """

    METROPOLE = "metropole"
    ALSACE_MOSELLE = "alsace_moselle"
    GUADELOUPE = "guadeloupe"
    MARTINIQUE = "martinique"
    GUYANE = "guyane"
    REUNION = "reunion"
    MAYOTTE = "mayotte"
    SAINT_BARTHELEMY = "saint_barthelemy"
    SAINT_MARTIN = "saint_martin"
    SAINT_PIERRE_ET_MIQUELON = "saint_pierre_et_miquelon"


_SUBDIVISIONS: dict[SiteCalendar, str | None] = {
    SiteCalendar.METROPOLE: None,
    SiteCalendar.ALSACE_MOSELLE: "57",
    SiteCalendar.GUADELOUPE: "971",
    SiteCalendar.MARTINIQUE: "972",
    SiteCalendar.GUYANE: "973",
    SiteCalendar.REUNION: "974",
    SiteCalendar.MAYOTTE: "976",
    SiteCalendar.SAINT_BARTHELEMY: "BL",
    SiteCalendar.SAINT_MARTIN: "MF",
    SiteCalendar.SAINT_PIERRE_ET_MIQUELON: "PM",
}

_ZONES: dict[SiteCalendar, str] = {
    SiteCalendar.METROPOLE: "Europe/Paris",
    SiteCalendar.ALSACE_MOSELLE: "Europe/Paris",
    SiteCalendar.GUADELOUPE: "America/Guadeloupe",
    SiteCalendar.MARTINIQUE: "America/Martinique",
    SiteCalendar.GUYANE: "America/Cayenne",
    SiteCalendar.REUNION: "Indian/Reunion",
    SiteCalendar.MAYOTTE: "Indian/Mayotte",
    SiteCalendar.SAINT_BARTHELEMY: "America/St_Barthelemy",
    SiteCalendar.SAINT_MARTIN: "America/Marigot",
    SiteCalendar.SAINT_PIERRE_ET_MIQUELON: "America/Miquelon",
}

# The library lists some days of local custom beside those of the law; only the law extends a limit.
_ALSACE_MOSELLE_ONLY = "Vendredi saint"
_CUSTOMARY = frozenset({"Mi-Carême", "Fête de Victor Schoelcher"})


@cache
def public_holidays(year: int, calendar: SiteCalendar = SiteCalendar.METROPOLE) -> Mapping[date, str]:
    """The public holidays of a year and their French names, earliest first.

    Raises InvalidInput("date_out_of_range") for a year that is not known.
    """
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise InvalidInput(
            Violation(
                "date_out_of_range",
                _("Les jours fériés ne sont connus que de %(first)s à %(last)s.")
                % {"first": FIRST_YEAR, "last": LAST_YEAR},
            )
        )
    listed = holidays.country_holidays("FR", subdiv=_SUBDIVISIONS[calendar], years=year, language="fr")
    dropped = _CUSTOMARY if calendar is SiteCalendar.ALSACE_MOSELLE else _CUSTOMARY | {_ALSACE_MOSELLE_ONLY}
    legal: dict[date, str] = {}
    for day, joined in sorted(listed.items()):
        names = [name for name in joined.split("; ") if name not in dropped]
        if names:
            legal[day] = " ; ".join(names)
    return MappingProxyType(legal)


def is_public_holiday(day: date, calendar: SiteCalendar = SiteCalendar.METROPOLE) -> bool:
    return day in public_holidays(day.year, calendar)


def is_working_day(day: date, calendar: SiteCalendar = SiteCalendar.METROPOLE) -> bool:
    """Not a Saturday, not a Sunday, not a public holiday (art. 642 CPC); not the « jour ouvrable » of leave law."""
    return day.weekday() < gregorian.SATURDAY and not is_public_holiday(day, calendar)


def next_working_day(day: date, calendar: SiteCalendar = SiteCalendar.METROPOLE) -> date:
    """The first working day on or after `day`: `day` itself when it is one."""
    while not is_working_day(day, calendar):
        day += timedelta(days=1)
    return day


def add_months(day: date, months: int) -> date:
    """Same day number, `months` later (or earlier); the last day of that month if it has no such day (art. 641).

    Beyond the years 1 to 9999 of a computer's calendar: its first or its last day.
    """
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    if not date.min.year <= year <= date.max.year:
        return date.max if months > 0 else date.min
    last = gregorian.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(day.day, last))


def day_after(day: date) -> date:
    """The next day; the last day that the calendar of a computer knows (31 December 9999) is followed by itself."""
    return day if day == date.max else day + timedelta(days=1)


def zone(calendar: SiteCalendar = SiteCalendar.METROPOLE) -> ZoneInfo:
    return ZoneInfo(_ZONES[calendar])


def local_date(instant: datetime, calendar: SiteCalendar = SiteCalendar.METROPOLE) -> date:
    """The legal date of an instant at the site. The instant must be aware."""
    if instant.tzinfo is None:
        raise ValueError("an instant needs its time zone")
    return instant.astimezone(zone(calendar)).date()


def end_of_day(day: date, calendar: SiteCalendar = SiteCalendar.METROPOLE) -> datetime:
    """24:00 at the site on that day, in UTC: the first instant of the day after (art. 642)."""
    return datetime.combine(day + timedelta(days=1), time(), zone(calendar)).astimezone(UTC)
