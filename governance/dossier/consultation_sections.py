"""The documents, the meetings and the contests of consultations, in a dossier."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import Violation
from governance.dossier.governance_sections import in_order, not_in_the_future
from governance.dossier.sections import Draft, Row, Section
from governance.enums import CouncilLevel
from governance.models import ConsultationDocument, ConsultationMeeting, InformationContest
from governance.rules.consultation_documents import DocumentFacts, document_violations, handed_hash


def _consultation(row: Row, draft: Draft) -> Any:
    return draft.by_id("consultations")[row.obj.consultation_id].obj


def _file_hash(row: Row, draft: Draft) -> str | None:
    return None if row.obj.file_id is None else draft.by_id("files")[row.obj.file_id].obj.sha256


def _document_complete(row: Row, draft: Draft) -> Iterator[Violation]:
    """The level of its consultation and the hash of what was handed over, where none is written."""
    if "source_level" not in row.data:
        row.obj.source_level = _consultation(row, draft).confidentiality
    if row.obj.handed_on is not None and "sha256" not in row.data:
        row.obj.sha256 = handed_hash(file_sha256=_file_hash(row, draft), reference=row.obj.reference)
    yield from ()


def _document_check(row: Row, draft: Draft) -> Iterator[Violation]:
    """What the act would refuse; a confidentiality that has run out since is a fact of the past."""
    obj = row.obj
    facts = DocumentFacts(
        has_file=obj.file_id is not None,
        reference=obj.reference,
        source_level=obj.source_level,
        by_nature=obj.confidential_by_nature,
        presented=obj.presented_as_confidential,
        notice=obj.notice,
        until=obj.confidential_until,
    )
    for found in document_violations(facts, obj.handed_on or obj.confidential_until or draft.today):
        yield Violation(found.code, found.detail, row.pointer + found.pointer)
    yield from not_in_the_future(row, draft, "handed_on")
    expected = handed_hash(file_sha256=_file_hash(row, draft), reference=obj.reference) if obj.handed_on else ""
    if obj.sha256 != expected:
        yield row.wrong("hash_mismatch", _("Cette empreinte n’est pas celle du document remis."), "sha256")


def _meeting_check(row: Row, draft: Draft) -> Iterator[Violation]:
    obj = row.obj
    yield from not_in_the_future(row, draft, "convened_on", "agenda_sent_on", "held_on", "annulled_on")
    yield from in_order(row, "convened_on", "held_on")
    yield from in_order(row, "agenda_sent_on", "held_on")
    if (obj.annulled_on is None) != (not obj.annulled_reason):
        yield row.wrong("required", _("Une réunion s’annule un jour, et pour un motif."), "annulled_reason")
    if obj.level == CouncilLevel.ESTABLISHMENT and not _consultation(row, draft).both_levels:
        yield row.wrong("one_level_only", _("Cette consultation ne se tient pas aux deux niveaux."), "level")


def _contest_check(row: Row, draft: Draft) -> Iterator[Violation]:
    yield from not_in_the_future(row, draft, "contested_on", "answered_on")
    yield from in_order(row, "contested_on", "answered_on")
    if (row.obj.answered_on is None) != (not row.obj.answer):
        yield row.wrong("required", _("Une réponse a un jour et des mots."), "answer")


SECTIONS = (
    Section(
        key="consultation_documents",
        model=ConsultationDocument,
        fields=(
            "consultation",
            "title",
            "file",
            "reference",
            "is_required",
            "source_level",
            "confidential_by_nature",
            "presented_as_confidential",
            "notice",
            "confidential_until",
            "handed_on",
            "sha256",
        ),
        optional=frozenset({"source_level"}),
        complete=_document_complete,
        check=_document_check,
    ),
    Section(
        key="consultation_meetings",
        model=ConsultationMeeting,
        fields=(
            "consultation",
            "level",
            "convened_on",
            "agenda_sent_on",
            "held_on",
            "annulled_on",
            "annulled_reason",
        ),
        check=_meeting_check,
    ),
    Section(
        key="information_contests",
        model=InformationContest,
        fields=("consultation", "contested_on", "lacking", "answered_on", "answer"),
        check=_contest_check,
    ),
)
