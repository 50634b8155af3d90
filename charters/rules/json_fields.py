"""Reading the keys of a JSON object that a person filled in: every wrong key is collected, with its pointer."""

from enum import StrEnum
from fractions import Fraction

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from charters.rules.fractions import parse_fraction
from coopproject.exceptions import Violation

MUST_BE_DECLARED = "must_be_declared"


class Fields:
    """The keys of one JSON object at `pointer`, read one by one; what is wrong is appended to `found`.

    Each reader gives None for a key that is missing (`must_be_declared`) or wrong; the caller looks at `found`.
    """

    def __init__(self, data: object, pointer: str, found: list[Violation]) -> None:
        self.pointer, self.found = pointer, found
        self.data: dict[str, object] = data if isinstance(data, dict) else {}
        if not isinstance(data, dict):
            self.refuse("wrong_type", _("Un objet est attendu."))
        self.readable = isinstance(data, dict)

    def refuse(self, code: str, detail: str | Promise, key: str | None = None) -> None:
        where = self.pointer if key is None else f"{self.pointer}/{key.replace('~', '~0').replace('/', '~1')}"
        self.found.append(Violation(code, detail, where))

    def only(self, *known: str) -> "Fields":
        for key in self.data:
            if key not in known:
                self.refuse("unknown_field", _("Ce champ n’existe pas."), str(key))
        return self

    def declared(self, key: str) -> bool:
        if key in self.data:
            return True
        if self.readable:
            self.refuse(MUST_BE_DECLARED, _("À déclarer d’après les statuts : rien n’est supposé."), key)
        return False

    def absent(self, *keys: str) -> None:
        for key in keys:
            if self.data.get(key) is not None:
                self.refuse("not_applicable", _("Sans objet avec les autres choix."), key)

    def choice[E: StrEnum](self, key: str, choices: type[E]) -> E | None:
        if not self.declared(key):
            return None
        value = self.data[key]
        try:
            if isinstance(value, str):
                return choices(value)
        except ValueError:
            pass
        self.refuse("unknown_choice", _("Ce choix n’existe pas."), key)
        return None

    def flag(self, key: str) -> bool | None:
        if not self.declared(key):
            return None
        value = self.data[key]
        if isinstance(value, bool):
            return value
        self.refuse("wrong_type", _("Vrai ou faux est attendu."), key)
        return None

    def whole(self, key: str, minimum: int, *, nullable: bool = False) -> int | None:
        if not self.declared(key):
            return None
        value = self.data[key]
        if value is None and nullable:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            self.refuse("wrong_type", _("Un nombre entier est attendu."), key)
        elif not minimum <= value <= 1_000_000_000:
            self.refuse("out_of_range", _("Ce nombre est hors des limites."), key)
        else:
            return value
        return None

    def share(self, key: str, *, zero: bool) -> Fraction | None:
        if not self.declared(key):
            return None
        value = parse_fraction(self.data[key])
        if value is None:
            self.refuse("not_exact", _("Une fraction exacte est attendue, par exemple « 2/3 »."), key)
        elif not (0 <= value <= 1 and (zero or value > 0)):
            self.refuse("out_of_range", _("Une part se situe entre 0 et 1."), key)
        else:
            return value
        return None

    def section(self, key: str, *known: str) -> "Fields | None":
        if not self.declared(key):
            return None
        return Fields(self.data[key], f"{self.pointer}/{key}", self.found).only(*known)
