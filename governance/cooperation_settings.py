"""The settings that a cooperation may change, by their names. Apps register theirs; what no app knows is refused.

A setting that is mistyped must not be ignored in silence: it would look as if it were followed.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from typing import Any

from django.utils.translation import gettext_lazy as _

from coopproject import wording
from coopproject.exceptions import Violation

# (value, pointer) -> why it cannot be
type Validator = Callable[[Any, str], Iterable[Violation]]
_settings: dict[str, Validator] = {}


def register(name: str, validator: Validator) -> None:
    """Called from an app's `ready()`: a key of `Cooperation.settings`. A name registers once."""
    if _settings.setdefault(name, validator) is not validator:
        raise ValueError(f"setting {name} registered twice")


def violations(settings: Any, pointer: str = "/settings") -> Iterator[Violation]:
    """Every reason why these settings cannot be kept, each pointing to its key."""
    if not isinstance(settings, Mapping):
        yield Violation("invalid", _("Un objet JSON est attendu."), pointer)
        return
    for name, value in settings.items():
        where = f"{pointer}/{name.replace('~', '~0').replace('/', '~1')}"
        if name not in _settings:
            detail = wording.filled(_("Réglage inconnu. Admis : %(known)s."), known=", ".join(sorted(_settings)))
            yield Violation("unknown_setting", detail, where)
        else:
            yield from _settings[name](value, where)


def whole(low: int, high: int) -> Validator:
    """A whole number between two bounds, both included."""

    def validate(value: Any, pointer: str) -> Iterator[Violation]:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            detail = wording.filled(_("Un nombre entier de %(low)d à %(high)d est attendu."), low=low, high=high)
            yield Violation("invalid", detail, pointer)

    return validate


def flag(value: Any, pointer: str) -> Iterator[Violation]:
    """Yes or no."""
    if not isinstance(value, bool):
        yield Violation("invalid", _("true ou false est attendu."), pointer)


def one_of(known: Collection[str]) -> Validator:
    """One of these codes."""

    def validate(value: Any, pointer: str) -> Iterator[Violation]:
        if not isinstance(value, str) or value not in known:
            yield Violation("invalid_choice", _among(known), pointer)

    return validate


def several_of(known: Collection[str] | None = None, *, empty: bool = True) -> Validator:
    """A list of codes, each once; any words when no code is given."""

    def validate(value: Any, pointer: str) -> Iterator[Violation]:
        if not isinstance(value, list) or not all(isinstance(code, str) and code for code in value):
            yield Violation("invalid", _("Une liste de codes est attendue."), pointer)
            return
        if not value and not empty:
            yield Violation("invalid", _("Un code au moins est attendu."), pointer)
        for index, code in enumerate(value):
            if known is not None and code not in known:
                yield Violation("invalid_choice", _among(known), f"{pointer}/{index}")
            elif code in value[:index]:
                yield Violation("repeated", _("Chaque code n’est cité qu’une fois."), f"{pointer}/{index}")

    return validate


def _among(known: Collection[str]) -> Any:
    return wording.filled(_("Admis : %(known)s."), known=", ".join(sorted(known)))
