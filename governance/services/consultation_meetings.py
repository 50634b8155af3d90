"""The meetings of a works council on one project: recorded once held, annulled with a reason, never deleted."""

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import InvalidInput, NotVisible, RuleViolated, Violation
from coopproject.locking import lock
from governance import journal
from governance.actor import Actor
from governance.enums import ConsultationState, CouncilLevel
from governance.models import Consultation, ConsultationMeeting
from governance.services import records
from governance.services.consultation_frame import legal_day, lock_consultation, refuse_future


@transaction.atomic
def meeting_create(
    *,
    actor: Actor,
    consultation: Consultation,
    convened_on: dt.date,
    held_on: dt.date,
    agenda_sent_on: dt.date | None = None,
    level: str = CouncilLevel.CENTRAL,
) -> ConsultationMeeting:
    """Record a meeting that was held.

    Raises InvalidInput: `in_the_future`, `after_the_meeting`, `one_level_only`; RuleViolated(`wrong_state`) before
    anything was handed over or once the consultation is closed.
    """
    consultation = lock_consultation(consultation.pk)
    today = legal_day(consultation)
    refuse_future(today, convened_on=convened_on, agenda_sent_on=agenda_sent_on, held_on=held_on)
    found = []
    for name, day in (("convened_on", convened_on), ("agenda_sent_on", agenda_sent_on)):
        if day is not None and day > held_on:
            found.append(Violation("after_the_meeting", _("Cette date suit la réunion."), f"/{name}"))
    if level == CouncilLevel.ESTABLISHMENT and not consultation.both_levels:
        detail = _("Cette consultation ne se tient pas aux deux niveaux.")
        found.append(Violation("one_level_only", detail, "/level"))
    if found:
        raise InvalidInput(*found)
    if consultation.state in {ConsultationState.DRAFT, ConsultationState.CLOSED}:
        raise RuleViolated(Violation("wrong_state", _("Une réunion se tient entre l’information et la clôture.")))
    meeting = ConsultationMeeting(
        cooperation_id=consultation.cooperation_id,
        consultation=consultation,
        level=level,
        convened_on=convened_on,
        agenda_sent_on=agenda_sent_on,
        held_on=held_on,
    )
    records.create(meeting, actor=actor, on_behalf_of=consultation.organisation_id)
    return meeting


@transaction.atomic
def meeting_annul(*, pk: UUID, actor: Actor, expected_version: int | None = None, reason: str) -> ConsultationMeeting:
    """Take back a meeting recorded by mistake; it stays, with the reason. Raises RuleViolated(`already_annulled`)."""
    consultation_id = ConsultationMeeting.objects.filter(pk=pk).values_list("consultation_id", flat=True).first()
    if consultation_id is None:
        raise NotVisible
    consultation = lock_consultation(consultation_id)
    meeting: ConsultationMeeting = lock(ConsultationMeeting.objects.all(), pk, expected_version)
    meeting.consultation = consultation
    if meeting.annulled_on is not None:
        raise RuleViolated(Violation("already_annulled", _("Cette réunion est déjà annulée.")))
    meeting.annulled_on, meeting.annulled_reason = legal_day(consultation), reason
    meeting.save(update_fields=["annulled_on", "annulled_reason"])
    journal.record(
        "consultation_meeting.annulled",
        meeting,
        actor=actor,
        on_behalf_of=consultation.organisation_id,
        reason=reason,
        consultation=consultation.pk,
    )
    return meeting
