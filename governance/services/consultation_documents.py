"""Preparing the documents of a consultation, and handing them over: from then on their hash is what was handed."""

import datetime as dt
from collections.abc import Mapping
from copy import copy
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import InvalidInput, NotVisible, RuleViolated, Violation
from coopproject.locking import lock
from governance import journal
from governance.actor import Actor
from governance.enums import ConsultationState
from governance.models import Consultation, ConsultationDocument
from governance.rules.confidentiality import highest
from governance.rules.consultation_documents import DocumentFacts, document_violations, handed_hash, is_late
from governance.selectors.employers import consultation_facts
from governance.services import files, records
from governance.services.consultation_frame import legal_day, lock_consultation, record_act, refuse_future


@transaction.atomic
def document_create(*, actor: Actor, consultation: Consultation, **fields: Any) -> ConsultationDocument:
    """Prepare a document, at the level of the consultation unless its own is given. Only the employer knows of it yet.

    Raises RuleViolated(`wrong_state`) once the consultation is closed; InvalidInput: see `document_violations`.
    """
    consultation = lock_consultation(consultation.pk)
    _refuse_closed(consultation)
    document = ConsultationDocument(
        cooperation_id=consultation.cooperation_id,
        consultation=consultation,
        **{"source_level": consultation.confidentiality, **fields},
    )
    _refuse_impossible(document, legal_day(consultation))
    records.check(document)
    document.save(force_insert=True)
    _record("created", document, actor)
    return document


@transaction.atomic
def document_update(
    *, pk: UUID, actor: Actor, expected_version: int | None, changes: Mapping[str, Any]
) -> ConsultationDocument:
    """Change a document in preparation. Raises RuleViolated(`handed_over`) afterwards."""
    consultation, document = _lock(pk, expected_version)
    _refuse_handed(document)
    before = copy(document)
    for name, value in changes.items():
        setattr(document, name, value)
    _refuse_impossible(document, legal_day(consultation))
    changed = sorted(name for name in changes if getattr(before, name) != getattr(document, name))
    if changed:
        records.check(document)
        document.save(update_fields=changed)
        _record("updated", document, actor, changed=changed)
    return document


@transaction.atomic
def document_hand_over(
    *, pk: UUID, actor: Actor, expected_version: int | None = None, handed_on: dt.date
) -> ConsultationDocument:
    """Hand it to the works council: it is frozen by its hash and its readers know of it.

    One that comes after the information was said to be complete is late. It moves no clock: only the employer that
    records that the information was incomplete does (`consultation_acknowledge_incomplete`). Raises
    InvalidInput(`in_the_future`, `in_the_past`), RuleViolated(`handed_over`, `file_missing`, `wrong_state`).
    """
    consultation, document = _lock(pk, expected_version)
    refuse_future(legal_day(consultation), handed_on=handed_on)
    _refuse_handed(document)
    _refuse_closed(consultation)
    if document.file is not None and document.file.is_missing:
        raise RuleViolated(Violation("file_missing", _("Le fichier manque : déposez-le de nouveau d’abord.")))
    if document.confidential_until is not None and document.confidential_until < handed_on:
        detail = _("La confidentialité annoncée serait déjà échue ce jour-là.")
        raise InvalidInput(Violation("in_the_past", detail, "/handed_on"))
    document.handed_on = handed_on
    document.sha256 = handed_hash(
        file_sha256=document.file.sha256 if document.file else None, reference=document.reference
    )
    document.save(update_fields=["handed_on", "sha256"])
    late = is_late(handed_on, consultation_facts(consultation).start)
    _record(
        "handed_over",
        document,
        actor,
        handed_on=handed_on,
        sha256=document.sha256,
        required=document.is_required,
        late_information=late,
    )
    if late and document.is_required:
        consultation.save(update_fields=[])
        level = _level(document)
        record_act(
            "late_information", consultation, actor, confidentiality=level, document=document.pk, handed_on=handed_on
        )
    return document


@transaction.atomic
def document_restore_file(
    *, pk: UUID, actor: Actor, expected_version: int | None = None, content: bytes
) -> ConsultationDocument:
    """Bring back the bytes of a file that a dossier told of by its hash: the very same ones."""
    _consultation, document = _lock(pk, expected_version)
    if document.file is None:
        raise RuleViolated(Violation("no_file", _("Ce document est une référence : il n’attend aucun fichier.")))
    files.restore(document.file, content)
    _record("file_restored", document, actor, sha256=document.file.sha256)
    return document


def _lock(pk: UUID, expected_version: int | None) -> tuple[Consultation, ConsultationDocument]:
    consultation_id = ConsultationDocument.objects.filter(pk=pk).values_list("consultation_id", flat=True).first()
    if consultation_id is None:
        raise NotVisible
    consultation = lock_consultation(consultation_id)
    document: ConsultationDocument = lock(ConsultationDocument.objects.prefetch_related("file"), pk, expected_version)
    document.consultation = consultation
    return consultation, document


def _refuse_closed(consultation: Consultation) -> None:
    if consultation.state == ConsultationState.CLOSED:
        raise RuleViolated(Violation("wrong_state", _("La consultation est close.")))


def _refuse_handed(document: ConsultationDocument) -> None:
    if document.handed_on is not None:
        detail = _("Ce document est remis : il ne change plus. Remettez-en un autre.")
        raise RuleViolated(Violation("handed_over", detail))


def _refuse_impossible(document: ConsultationDocument, today: dt.date) -> None:
    facts = DocumentFacts(
        has_file=document.file_id is not None,
        reference=document.reference,
        source_level=document.source_level,
        by_nature=document.confidential_by_nature,
        presented=document.presented_as_confidential,
        notice=document.notice,
        until=document.confidential_until,
    )
    if found := document_violations(facts, today):
        raise InvalidInput(*found)


def _record(done: str, document: ConsultationDocument, actor: Actor, **payload: Any) -> None:
    """Without the title: the journal is read by others."""
    journal.record(
        f"consultation_document.{done}",
        document,
        actor=actor,
        on_behalf_of=document.consultation.organisation_id,
        confidentiality=_level(document),
        consultation=document.consultation_id,
        **payload,
    )


def _level(document: ConsultationDocument) -> str:
    """The more closed of the two: nobody reads in the journal of a document that they may not know of."""
    return highest(document.consultation.confidentiality, document.source_level)
