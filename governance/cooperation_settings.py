"""What a cooperation may change by its `settings`, checked when they are written: what reads them need not doubt them.

Each app registers the keys that it reads. A key that nobody registered is kept as it is: another version may know it.
"""

from collections.abc import Callable, Iterable, Mapping

from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import Violation
from governance.rules.regimes import WeekendExtension

# (value, JSON pointer under which it lies) -> why it cannot be used
type Check = Callable[[object, str], Iterable[Violation]]
_checks: dict[str, Check] = {}


def register(key: str, check: Check) -> None:
    """Called from an app's `ready()`. A key registers once."""
    if _checks.setdefault(key, check) is not check:
        raise ValueError(f"setting {key} registered twice")


def violations(settings: object, pointer: str = "/settings") -> list[Violation]:
    """Every reason why these settings cannot be used."""
    if not isinstance(settings, Mapping):
        return [Violation("invalid", _("Un objet JSON est attendu."), pointer)]
    known = [key for key in sorted(_checks) if key in settings]
    return [found for key in known for found in _checks[key](settings[key], f"{pointer}/{key}")]


def weekend_extension(value: object, pointer: str) -> list[Violation]:
    """What becomes of a limit that ends on a day of rest: one of `WeekendExtension`."""
    if isinstance(value, str) and value in set(WeekendExtension):
        return []
    admitted = ", ".join(WeekendExtension)
    return [Violation("invalid_choice", _("Valeurs admises : %(codes)s.") % {"codes": admitted}, pointer)]


def days(value: object, pointer: str) -> list[Violation]:
    """A whole number of days, from 1 to 3660 (ten years)."""
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= 3660:
        return []
    return [Violation("invalid", _("Un nombre entier de jours est attendu, de 1 à 3660."), pointer)]


def codes(value: object, pointer: str) -> list[Violation]:
    """A list of codes."""
    if isinstance(value, list) and all(isinstance(code, str) for code in value):
        return []
    return [Violation("invalid", _("Une liste de codes est attendue."), pointer)]
