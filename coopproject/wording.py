"""How sentences are put together and days and figures written in them, in the language of whoever reads.

All is lazy: a rule makes the sentence, the reader's language is known only where it is shown.
"""

import datetime as dt
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.formats import date_format, number_format
from django.utils.functional import Promise, lazy


def _filled(template: str | Promise, values: dict[str, Any]) -> str:
    return str(template) % values


def _day(value: dt.date) -> str:
    text = date_format(value, "DATE_FORMAT")
    # Django's French format writes « 1 mai » where French says « 1er mai ».
    return text.replace("1 ", "1er ", 1) if value.day == 1 and translation.get_language() == "fr" else text


def _month(value: dt.date) -> str:
    return date_format(value, "YEAR_MONTH_FORMAT")


def _amount(value: Decimal) -> str:
    return number_format(value, decimal_pos=2, force_grouping=True)


def _going_on(sentence: str | Promise) -> str:
    text = str(sentence)
    # « Le délai » goes on in lower case, « CSE » stays as it is.
    return text[:1].lower() + text[1:] if text[1:2] == " " or text[1:2].islower() else text


_lazy_filled: Any = lazy(_filled, str)
_lazy_going_on: Any = lazy(_going_on, str)
_lazy_day: Any = lazy(_day, str)
_lazy_month: Any = lazy(_month, str)
_lazy_amount: Any = lazy(_amount, str)


def filled(template: str | Promise, **values: Any) -> Promise:
    """`template % values`, written only when it is read: the values may be sentences, days and amounts of here."""
    sentence: Promise = _lazy_filled(template, values)
    return sentence


def going_on(sentence: str | Promise) -> Promise:
    """A sentence of this program after a colon: « Alpha : le délai court. » Not for what begins with a name."""
    written: Promise = _lazy_going_on(sentence)
    return written


def day(value: dt.date) -> Promise:
    """« 1er mai 2026 », “May 1, 2026”."""
    written: Promise = _lazy_day(value)
    return written


def month(value: dt.date) -> Promise:
    """« mai 2026 », “May 2026”, from any day of that month."""
    written: Promise = _lazy_month(value)
    return written


def amount(value: Decimal) -> Promise:
    """« 1 200,00 », “1,200.00”: no currency."""
    written: Promise = _lazy_amount(value)
    return written


def in_the_language_of_records() -> translation.override:
    """What is kept (a decision's requirements, a vote's count) reads the same whoever acted: French, as the law does.

    Use: `with in_the_language_of_records(): row.explanation = str(sentence)`.
    """
    return translation.override(settings.LANGUAGE_CODE)
