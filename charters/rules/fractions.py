"""Exact shares (« deux tiers », « la moitié ») as they travel in JSON and as people read them. Never a float."""

import re
from fractions import Fraction

_EXACT = re.compile(r"\d{1,6}(/\d{1,6}|\.\d{1,9})?", re.ASCII)


def parse_fraction(value: object) -> Fraction | None:
    """The exact share written as `"2/3"`, `"0.5"` or an integer; None when it is anything else (a float included)."""
    if isinstance(value, Fraction):
        return value
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return Fraction(value)
    if isinstance(value, str) and _EXACT.fullmatch(value) and not re.search(r"/0+$", value):
        return Fraction(value)
    return None


def show_fraction(value: Fraction) -> str:
    """The exact value in figures that mean the same in every language: `4 1/2`, never a rounded `4.5`."""
    whole, rest = divmod(abs(value.numerator), value.denominator)
    sign = "−" if value < 0 else ""
    if not rest:
        return f"{sign}{whole}"
    part = f"{rest}/{value.denominator}"
    return f"{sign}{whole} {part}" if whole else f"{sign}{part}"
