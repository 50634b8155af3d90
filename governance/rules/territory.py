"""Where an organisation is: commune, department and employment area (bassin d’emploi), by their INSEE codes.

A code has a shape and the commune says its department; whether a code of the right shape exists today is not asked:
communes merge every year, and an organisation may still be recorded under its former one.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import Violation
from governance.rules.identifiers import strip_spaces

# 01 to 95 but 20, which became 2A and 2B in 1976; the overseas departments and collectivities on three digits.
_METROPOLE = r"(?:0[1-9]|1[0-9]|2[1-9AB]|[3-8][0-9]|9[0-5])"
_OVERSEAS = r"(?:97[1-8]|98[4-9])"
_DEPARTMENT = re.compile(rf"{_METROPOLE}|{_OVERSEAS}")
_COMMUNE = re.compile(rf"{_METROPOLE}[0-9]{{3}}|{_OVERSEAS}[0-9]{{2}}")
_EMPLOYMENT_AREA = re.compile(r"[0-9]{4}")


def is_department(code: str) -> bool:
    """Whether the code has the shape of a department: `01`, `2A`, `974`."""
    return _DEPARTMENT.fullmatch(code) is not None


def department_of(commune: str) -> str:
    """The department in the code of a commune: `69123` is in `69`, `2A004` in `2A`, `97411` in `974`; else empty."""
    if _COMMUNE.fullmatch(commune) is None:
        return ""
    return commune[:3] if commune[:2] in {"97", "98"} else commune[:2]


@dataclass(frozen=True)
class Territory:
    """The three codes of one organisation; an empty one says nothing."""

    commune_code: str = ""
    department_code: str = ""
    employment_area_code: str = ""

    @classmethod
    def cleaned(cls, *, commune_code: str, department_code: str, employment_area_code: str) -> "Territory":
        """As people type them: spaces and case apart."""
        return cls(
            strip_spaces(commune_code).upper(),
            strip_spaces(department_code).upper(),
            strip_spaces(employment_area_code),
        )

    def violations(self) -> Iterator[Violation]:
        """Every code that cannot be, and a department that is not that of the commune."""
        if self.commune_code and not department_of(self.commune_code):
            detail = _("Un code INSEE de commune a cinq caractères : 69123, 2A004, 97411.")
            yield Violation("commune_format", detail, "/commune_code")
        if self.department_code and not is_department(self.department_code):
            detail = _("Un code de département est attendu : 01 à 95, 2A, 2B, 971 à 978, 984 à 989.")
            yield Violation("department_format", detail, "/department_code")
        elif self.department_code and department_of(self.commune_code) not in {"", self.department_code}:
            detail = _("Ce département n’est pas celui de la commune.")
            yield Violation("department_differs_from_commune", detail, "/department_code")
        if self.employment_area_code and not _EMPLOYMENT_AREA.fullmatch(self.employment_area_code):
            detail = _("Un code INSEE de zone d’emploi (bassin d’emploi) a quatre chiffres.")
            yield Violation("employment_area_format", detail, "/employment_area_code")
