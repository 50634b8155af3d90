"""What a document handed to a works council must carry, and what the duty of discretion needs (`domain.md` C28)."""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import Violation
from governance.enums import Confidentiality
from governance.rules.confidentiality import LEVELS

# From this level on a document leaves only « présenté comme confidentiel ».
CLOSED_FROM = Confidentiality.CORE
DISCRETION_REFERENCE = "C. trav. L2315-3"


@dataclass(frozen=True, kw_only=True)
class DocumentFacts:
    """What is said of a document before it is handed over. `until` is the employer's own choice, not law."""

    has_file: bool
    reference: str
    source_level: str
    by_nature: bool
    presented: bool
    notice: str
    until: date | None


def is_closed(level: str) -> bool:
    """Whether a document of this level must be presented as confidential."""
    return LEVELS.index(Confidentiality(level)) >= LEVELS.index(CLOSED_FROM)


def binds_to_discretion(*, by_nature: bool, presented: bool) -> bool:
    """The duty of discretion needs both: confidential by nature *and* presented as such (L2315-3)."""
    return by_nature and presented


def document_violations(facts: DocumentFacts, today: date) -> list[Violation]:
    """What makes the document impossible, all at once."""
    return list(_document_violations(facts, today))


def _document_violations(facts: DocumentFacts, today: date) -> Iterator[Violation]:
    if facts.has_file and facts.reference:
        detail = _("Un fichier ou une référence, pas les deux.")
        yield Violation("file_or_reference", detail, "/reference")
    if not facts.has_file and not facts.reference.strip():
        detail = _("Joignez le fichier, ou donnez la référence du document remis.")
        yield Violation("file_or_reference", detail, "/file")
    if is_closed(facts.source_level) and not facts.presented:
        detail = _(
            "Un document du noyau dur, d’une instance ou d’une seule organisation est remis « présenté comme "
            "confidentiel » : sans cela, les représentants du personnel ne sont pas tenus à la discrétion (C. trav. "
            "L2315-3)."
        )
        yield Violation("notice_required", detail, "/presented_as_confidential")
    if facts.presented and not facts.notice.strip():
        yield Violation("notice_required", _("Écrivez la mention que porte le document."), "/notice")
    if not facts.presented:
        detail = _("Ce document n’est pas présenté comme confidentiel.")
        for name, given in (("notice", bool(facts.notice)), ("confidential_until", facts.until is not None)):
            if given:
                yield Violation("not_presented_as_confidential", detail, f"/{name}")
    if facts.until is not None and facts.until < today:
        yield Violation("in_the_past", _("Cette durée est déjà écoulée."), "/confidential_until")


def handed_hash(*, file_sha256: str | None, reference: str) -> str:
    """The SHA-256 under which a document is handed over: of the file, or of its reference in UTF-8."""
    return file_sha256 or hashlib.sha256(reference.encode()).hexdigest()


def is_late(handed_on: date | None, start: date | None) -> bool:
    """Whether the document came after the day on which the information was said to be complete."""
    return handed_on is not None and start is not None and handed_on > start
