"""How days and figures are written in the sentences of signs, in the reader's language."""

from decimal import Decimal
from fractions import Fraction

from django.utils.formats import number_format
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _

from coopproject.exact import rounded
from coopproject.wording import amount, day

__all__ = ["day", "days", "minutes", "money", "number", "percent"]


def days(count: int) -> str:
    # French is the source language: without a catalogue of its own, gettext would write « 0 jours » as English does.
    number = 1 if count == 0 and get_language() == "fr" else count
    return ngettext("%(count)d jour", "%(count)d jours", number) % {"count": count}


def minutes(count: int) -> str:
    """Hours and minutes: 150 is « 2 h 30 »."""
    hours, rest = divmod(count, 60)
    return f"{hours} h {rest:02d}" if rest else f"{hours} h"


def money(cents: int) -> str:
    return str(amount(Decimal(cents).scaleb(-2)))


def number(value: Fraction) -> str:
    """At most two decimals, none when it is whole."""
    shown = rounded(value, 2)
    return number_format(shown, decimal_pos=0 if shown == int(shown) else 2, force_grouping=True)


def percent(value: Fraction) -> str:
    """One decimal, cut and never rounded up: 0.8999 must not read as 90 %."""
    tenths = int(value * 1000)
    return _("%(number)s %%") % {"number": number_format(Decimal(tenths).scaleb(-1), decimal_pos=1)}
