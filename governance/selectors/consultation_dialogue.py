"""From stored rows to the facts of the dialogue with a works council, as far as the reader may know of them."""

import datetime as dt
from typing import Any

from django.db.models import Prefetch, QuerySet

from governance.actor import Actor
from governance.models import (
    Consultation,
    ConsultationDocument,
    ConsultationMeeting,
    InformationContest,
    MonthlyHeadcount,
    Organisation,
)
from governance.models.consultation_documents import EMPLOYER_KINDS
from governance.rules.adjustable import adjusted
from governance.rules.consultation_documents import DISCRETION_REFERENCE, binds_to_discretion, is_late
from governance.rules.consultation_requirement import requirement
from governance.rules.consultation_situations import Contest, DialogueFacts, Meeting
from governance.rules.headcount import SizeClass
from governance.selectors.employers import consultation_deadline, consultation_facts, employer_facts


def with_dialogue(consultations: QuerySet[Any]) -> QuerySet[Any]:
    """Consultations with all that `dialogue_facts` reads, in a constant number of queries."""
    headcounts = MonthlyHeadcount.objects.order_by("month")
    return consultations.select_related("organisation", "decision", "cooperation").prefetch_related(
        Prefetch("organisation__headcounts", headcounts),
        Prefetch("documents", ConsultationDocument.objects.order_by("created_at", "pk")),
        Prefetch("meetings", ConsultationMeeting.objects.order_by("held_on", "pk")),
        Prefetch("contests", InformationContest.objects.order_by("contested_on", "pk")),
    )


def dialogue_facts(consultation: Consultation, actor: Actor | None, today: dt.date) -> DialogueFacts:
    """The facts of one consultation that `with_dialogue` has read, without the documents hidden to the reader."""
    taken = consultation.decision.taken_on
    return DialogueFacts(
        clock=consultation_facts(consultation),
        limit=consultation_deadline(consultation),
        required_handed_on=tuple(
            document.handed_on
            for document in consultation.documents.all()
            if document.is_required and document.handed_on is not None and _is_known(document, consultation, actor)
        ),
        meetings=tuple(
            Meeting(meeting.held_on, meeting.agenda_sent_on)
            for meeting in consultation.meetings.all()
            if meeting.annulled_on is None
        ),
        contests=tuple(
            Contest(contest.contested_on, contest.lacking, contest.answered_on)
            for contest in consultation.contests.all()
        ),
        recorded_on=consultation.information_recorded_on,
        from_50=_has_fifty(consultation.organisation, today),
        extended_on=consultation.extended_on,
        suspended_on=consultation.suspended_on,
        opinion_on=consultation.opinion_on,
        response_on=consultation.response_on,
        closed_on=consultation.closed_on,
        closed_without_response=consultation.closed_without_response,
        decided_on=taken,
        response_days=adjusted(consultation.cooperation.settings, "cse_response_days"),
    )


def _has_fifty(organisation: Organisation, today: dt.date) -> bool | None:
    size = requirement(employer_facts(organisation, today), (), today).size
    return None if size is SizeClass.UNKNOWN else size is SizeClass.FROM_50


def _is_known(document: ConsultationDocument, consultation: Consultation, actor: Actor | None) -> bool:
    """Python twin of `ConsultationDocument.objects.visible_to`, for who knows of the consultation already."""
    if actor is None:
        return False
    employer = consultation.organisation_id
    return actor.holds(consultation.cooperation_id, EMPLOYER_KINDS, organisation_id=employer) or (
        document.handed_on is not None and actor.may_know(consultation.cooperation_id, document.source_level)
    )


def handed_list(consultation: Consultation, actor: Actor) -> dict[str, Any]:
    """What was handed over and under which notice, as the representatives receive it: hashes, no bytes."""
    start = consultation_facts(consultation).start
    rows = (
        ConsultationDocument.objects.visible_to(actor)
        .filter(consultation=consultation, handed_on__isnull=False)
        .order_by("handed_on", "created_at", "pk")
    )
    return {
        "consultation": consultation.pk,
        "organisation": str(consultation.organisation),
        "decision": str(consultation.decision),
        "information_delivered_on": consultation.information_delivered_on,
        "legal_reference": DISCRETION_REFERENCE,
        "confidence": "A",
        "documents": [
            {
                "id": row.pk,
                "title": row.title,
                "reference": row.reference,
                "sha256": row.sha256,
                "handed_on": row.handed_on,
                "late_information": is_late(row.handed_on, start),
                "is_required": row.is_required,
                "confidential_by_nature": row.confidential_by_nature,
                "presented_as_confidential": row.presented_as_confidential,
                "duty_of_discretion": binds_to_discretion(
                    by_nature=row.confidential_by_nature, presented=row.presented_as_confidential
                ),
                "notice": row.notice,
                "confidential_until": row.confidential_until,
            }
            for row in rows
        ],
    }
