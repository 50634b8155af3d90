"""Exact numbers: what comes in as an integer, a decimal or a fraction stays exact; a float is refused."""

from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction

type Exact = Fraction | Decimal | int


def exact(value: Exact) -> Fraction:
    """The same number as a fraction. Raises `TypeError` for a float, whose digits are not those that were typed."""
    if isinstance(value, bool) or not isinstance(value, (Fraction, Decimal, int)):
        raise TypeError(f"an exact number is expected, not {type(value).__name__}")
    if isinstance(value, Decimal) and not value.is_finite():
        raise TypeError("a finite number is expected")
    return Fraction(value)


def rounded(value: Fraction, places: int) -> Decimal:
    """The decimal to show, half-up at `places` (away from zero for negatives). For display: rules never compare it."""
    scaled = round_half_up(value * 10**places)
    return Decimal(scaled).scaleb(-places).quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_UP)


def round_half_up(value: Fraction) -> int:
    """The nearest integer, a half going away from zero: 0.5 gives 1, −0.5 gives −1."""
    sign = -1 if value < 0 else 1
    return sign * ((2 * abs(value.numerator) + value.denominator) // (2 * value.denominator))
