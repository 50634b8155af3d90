"""What is green, amber or red: a convention of this project (domain.md 5.4, confidence K), configurable."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields
from enum import StrEnum
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import InvalidInput, Violation


class Status(StrEnum):
    """`not_computable` is an answer: the figures do not allow one. `no_data` is not zero and is not red."""

    GREEN = "green"
    AMBER = "amber"
    RED = "red"
    NO_DATA = "no_data"
    STALE = "stale"
    NOT_STARTED = "not_started"
    NOT_COMPUTABLE = "not_computable"


@dataclass(frozen=True)
class Thresholds:
    """Shares are exact. Frozen into the evaluation that used them.

    `green_rate`, `amber_rate`: least rate of what was expected by then. `stale_after`: age of a value, in periods of
    its frequency. `money_green`, `money_amber`: greatest overspending, `under_use`: greatest underspending, as shares
    of the plan. `late_amber_days`: days late that are still amber. `hold_green`, `hold_amber`: greatest deviation from
    a value to maintain when the indicator states no tolerance, as shares of it; `tolerance_amber`: times the stated
    tolerance; `range_amber`: share of the width of a range, outside of it. `amber_levels`, `red_levels`: levels of the
    scale by which a quantity of that colour falls below what was expected of its effect.
    """

    green_rate: Fraction = Fraction(9, 10)
    amber_rate: Fraction = Fraction(7, 10)
    stale_after: Fraction = Fraction(3, 2)
    money_green: Fraction = Fraction(5, 100)
    money_amber: Fraction = Fraction(10, 100)
    under_use: Fraction = Fraction(20, 100)
    late_amber_days: int = 14
    hold_green: Fraction = Fraction(5, 100)
    hold_amber: Fraction = Fraction(10, 100)
    tolerance_amber: Fraction = Fraction(2)
    range_amber: Fraction = Fraction(10, 100)
    amber_levels: int = 1
    red_levels: int = 2
    confidence: str = "K"

    def to_dict(self) -> dict[str, object]:
        """JSON form; fractions as `"9/10"`."""
        return {
            field.name: str(value) if isinstance(value := getattr(self, field.name), Fraction) else value
            for field in fields(self)
        }

    @classmethod
    def from_dict(cls, data: Mapping[str, object], *, pointer: str = "") -> "Thresholds":
        """Read the JSON form; keys left out keep the convention. Raises `InvalidInput` with every violation."""
        known = {field.name: field.default for field in fields(cls)}
        values: dict[str, object] = {}
        found = []
        for key, value in data.items():
            read = _read(value, known[key]) if key in known else None
            if key not in known:
                found.append(Violation("unknown_field", _("Ce champ n’existe pas."), f"{pointer}/{key}"))
            elif read is None:
                found.append(Violation("not_exact", _("Un nombre exact et positif est attendu."), f"{pointer}/{key}"))
            else:
                values[key] = read
        thresholds = cls(**values)  # type: ignore[arg-type]
        found += [Violation(v.code, v.detail, pointer + v.pointer) for v in thresholds_violations(thresholds)]
        if found:
            raise InvalidInput(*found)
        return thresholds


def setting_violations(value: object, pointer: str) -> tuple[Violation, ...]:
    """Why the JSON form cannot be read; empty when it can."""
    if not isinstance(value, Mapping):
        return (Violation("invalid", _("Un objet JSON est attendu."), pointer),)
    try:
        Thresholds.from_dict(value, pointer=pointer)
    except InvalidInput as error:
        return error.violations
    return ()


def thresholds_violations(thresholds: Thresholds) -> tuple[Violation, ...]:
    """Amber lies between green and red, or it is no threshold."""
    pairs = (
        ("amber_rate", thresholds.amber_rate, thresholds.green_rate),
        ("money_green", thresholds.money_green, thresholds.money_amber),
        ("hold_green", thresholds.hold_green, thresholds.hold_amber),
        ("amber_levels", thresholds.amber_levels, thresholds.red_levels),
        ("tolerance_amber", Fraction(1), thresholds.tolerance_amber),
    )
    return tuple(
        Violation("thresholds_out_of_order", _("L’orange se situe entre le vert et le rouge."), f"/{name}")
        for name, smaller, larger in pairs
        if smaller > larger
    )


def _read(value: object, default: object) -> object:
    """The value in the type of its default, None when it is not exact or is negative."""
    if isinstance(default, str):
        return value if value in ("A", "B", "C", "K") else None
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 100_000:
        return value if isinstance(default, int) else Fraction(value)
    if isinstance(value, str) and isinstance(default, Fraction):
        exact = re.fullmatch(r"\d{1,6}(/0*[1-9]\d{0,5}|\.\d{1,9})?", value, re.ASCII)
        return Fraction(value) if exact else None
    return None
