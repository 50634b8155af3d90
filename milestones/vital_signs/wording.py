"""How days and figures are written in the sentences of signs, in the reader's language."""

import datetime as dt
from decimal import Decimal
from fractions import Fraction

from django.utils.formats import date_format, number_format
from django.utils.translation import ngettext

from milestones.rules.exact import rounded


def day(value: dt.date) -> str:
    """« 12 mars 2026 »."""
    return date_format(value, "DATE_FORMAT")


def days(count: int) -> str:
    return ngettext("%(count)d jour", "%(count)d jours", count) % {"count": count}


def minutes(count: int) -> str:
    """Hours and minutes: 150 is « 2 h 30 »."""
    hours, rest = divmod(count, 60)
    return f"{hours} h {rest:02d}" if rest else f"{hours} h"


def money(cents: int) -> str:
    return number_format(Decimal(cents).scaleb(-2), decimal_pos=2, force_grouping=True)


def number(value: Fraction) -> str:
    """At most two decimals, none when it is whole."""
    shown = rounded(value, 2)
    return number_format(shown, decimal_pos=0 if shown == int(shown) else 2, force_grouping=True)


def percent(value: Fraction) -> str:
    """One decimal, cut and never rounded up: 0.8999 must not read as 90 %."""
    tenths = int(value * 1000)
    return f"{number_format(Decimal(tenths).scaleb(-1), decimal_pos=1)} %"
