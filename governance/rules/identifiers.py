"""Identifiers of French organisations: SIREN, SIRET, RNA, local register, NAF, IDCC (`domain.md` 6).

They are strings of digits, kept without spaces and shown grouped. `normalise_*` only cleans; `validate_*` takes a
normalised value, says nothing of an empty one and returns every violation.
"""

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import Violation

LA_POSTE_SIREN = "356000000"
NAF_2025_FROM = date(2027, 1, 1)
"""First day of NAF 2025 (decree 2025-736)."""

_SIREN = re.compile(r"[0-9]{9}")
_SIRET = re.compile(r"[0-9]{14}")
_RNA = re.compile(r"W([0-9]{9}|9[A-Z][0-9]{7})")
_NAF = re.compile(r"[0-9]{4}[A-Z]")
_IDCC = re.compile(r"[0-9]{4}")
LOCAL_REGISTER_MAX = 100


class NafVersion(StrEnum):
    REV_2 = "naf_rev_2"
    NAF_2025 = "naf_2025"


def strip_spaces(text: str) -> str:
    """Without any space: ordinary, non-breaking, narrow, thin, zero width or line break."""
    return "".join(char for char in text if not char.isspace() and unicodedata.category(char) not in {"Zs", "Cf"})


def normalise_siren(text: str) -> str:
    return strip_spaces(text)


def normalise_siret(text: str) -> str:
    return strip_spaces(text)


def normalise_rna(text: str) -> str:
    return strip_spaces(text).upper()


def normalise_naf(text: str) -> str:
    """`88.99b` becomes `8899B`."""
    return strip_spaces(text).replace(".", "").upper()


def normalise_idcc(text: str) -> str:
    """On four digits: `29` becomes `0029`."""
    stripped = strip_spaces(text)
    return stripped.zfill(4) if stripped else ""


def normalise_local_register(text: str) -> str:
    """Inner spaces, which belong to the reference, become single ones."""
    return " ".join(text.split())


def format_siren(siren: str) -> str:
    """`732 829 320`, with non-breaking spaces."""
    return "\u00a0".join((siren[:3], siren[3:6], siren[6:]))


def format_siret(siret: str) -> str:
    """`732 829 320 00074`, with non-breaking spaces."""
    return "\u00a0".join((siret[:3], siret[3:6], siret[6:9], siret[9:]))


def format_naf(naf: str) -> str:
    """`88.99B`."""
    return f"{naf[:2]}.{naf[2:]}"


def luhn(digits: str) -> bool:
    """Whether the sum of the digits, every second one from the right doubled, is a multiple of ten."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + position % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def siren_of(siret: str) -> str:
    return siret[:9]


def validate_siren(siren: str, pointer: str = "/siren") -> list[Violation]:
    if not siren:
        return []
    if not _SIREN.fullmatch(siren):
        return [Violation("siren_format", _("Un SIREN compte neuf chiffres."), pointer)]
    if not luhn(siren) or not siren.strip("0"):
        return [Violation("siren_checksum", _("Ce SIREN est inexact : sa clé de contrôle est fausse."), pointer)]
    return []


def validate_siret(siret: str, siren: str = "", pointer: str = "/siret") -> list[Violation]:
    """Luhn on 14 digits; for La Poste alone, a sum of digits that is a multiple of five is enough."""
    if not siret:
        return []
    if not _SIRET.fullmatch(siret):
        return [Violation("siret_format", _("Un SIRET compte quatorze chiffres."), pointer)]
    found = []
    of_la_poste = siren_of(siret) == LA_POSTE_SIREN and sum(map(int, siret)) % 5 == 0
    if validate_siren(siren_of(siret)) or not (luhn(siret) or of_la_poste):
        found.append(Violation("siret_checksum", _("Ce SIRET est inexact : sa clé de contrôle est fausse."), pointer))
    if siren and siren_of(siret) != siren:
        found.append(Violation("siret_not_of_siren", _("Ce SIRET n’appartient pas à ce SIREN."), pointer))
    return found


def validate_rna(rna: str, pointer: str = "/rna") -> list[Violation]:
    """`W` and nine digits, or overseas `W9`, a letter and seven digits. There is no check digit."""
    if not rna or _RNA.fullmatch(rna):
        return []
    return [
        Violation("rna_format", _("Un numéro RNA est un W suivi de neuf chiffres (ou W9, une lettre, sept)."), pointer)
    ]


def validate_local_register(reference: str, pointer: str = "/local_register") -> list[Violation]:
    """Free text of at most 100 characters: the court registers of Alsace-Moselle have no common form."""
    if len(reference) <= LOCAL_REGISTER_MAX:
        return []
    return [Violation("local_register_too_long", _("La référence compte au plus cent signes."), pointer)]


def naf_version_on(day: date) -> NafVersion:
    """The nomenclature in which a code of that day is written."""
    return NafVersion.NAF_2025 if day >= NAF_2025_FROM else NafVersion.REV_2


def validate_naf(naf: str, pointer: str = "/naf") -> list[Violation]:
    """Four digits and a letter, in both nomenclatures. Whether the code exists is not checked."""
    if not naf or _NAF.fullmatch(naf):
        return []
    return [Violation("naf_format", _("Un code NAF compte quatre chiffres et une lettre."), pointer)]


def validate_idcc(idcc: str, pointer: str = "/idcc") -> list[Violation]:
    """One to four digits, normalised on four. None is possible: an employer may have no branch agreement."""
    if not idcc or (_IDCC.fullmatch(idcc) and idcc.strip("0")):
        return []
    return [
        Violation("idcc_format", _("Un identifiant de convention collective compte un à quatre chiffres."), pointer)
    ]


@dataclass(frozen=True, kw_only=True)
class Identifiers:
    """Everything that identifies or classifies an organisation, normalised. "" where there is none."""

    siren: str = ""
    siret: str = ""
    rna: str = ""
    local_register: str = ""
    naf: str = ""
    idcc: str = ""

    @classmethod
    def cleaned(
        cls,
        *,
        siren: str = "",
        siret: str = "",
        rna: str = "",
        local_register: str = "",
        naf: str = "",
        idcc: str = "",
    ) -> "Identifiers":
        """From what people type. A valid SIRET brings its SIREN where none is given."""
        whole = normalise_siret(siret)
        return cls(
            siren=normalise_siren(siren) or ("" if not whole or validate_siret(whole) else siren_of(whole)),
            siret=whole,
            rna=normalise_rna(rna),
            local_register=normalise_local_register(local_register),
            naf=normalise_naf(naf),
            idcc=normalise_idcc(idcc),
        )

    def violations(self) -> list[Violation]:
        """Every violation; `identifier_missing` without SIREN (or SIRET), RNA and local register reference."""
        return list(self._violations())

    def _violations(self) -> Iterator[Violation]:
        if not (self.siren or self.siret or self.rna or self.local_register):
            yield Violation(
                "identifier_missing", _("Il faut un SIREN, un numéro RNA ou une référence à un registre local.")
            )
        checks: tuple[tuple[Callable[[str], list[Violation]], str], ...] = (
            (validate_siren, self.siren),
            (lambda siret: validate_siret(siret, self.siren), self.siret),
            (validate_rna, self.rna),
            (validate_local_register, self.local_register),
            (validate_naf, self.naf),
            (validate_idcc, self.idcc),
        )
        for check, value in checks:
            yield from check(value)
