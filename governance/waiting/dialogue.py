"""What waits for a person in consultations, working groups and the communication plan."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Prefetch
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coopproject import wording
from governance.actor import Actor
from governance.enums import CommunicationState, ConsultationState, DecisionState, RoleKind
from governance.models import CommunicationAction, Consultation, ConsultationMeeting, WorkingGroup
from governance.policies import decisions as policies_decisions
from governance.rules.consultation_deadlines import DeadlineStatus
from governance.selectors.employers import consultation_deadline
from governance.waiting import Waiting

# A group or an action is announced to whoever is in charge so many days before: a convention of this project.
ANNOUNCED = dt.timedelta(days=14)


def of_consultations(actor: Actor, on: dt.date) -> Iterator[Waiting]:
    """For the employer's own people: hand over, record, answer, close; for its contact, the legal clock besides."""
    held = ConsultationMeeting.objects.filter(annulled_on__isnull=True).order_by("held_on", "pk")
    rows = (
        Consultation.objects.visible_to(actor)
        .exclude(state=ConsultationState.CLOSED)
        .exclude(decision__state=DecisionState.WITHDRAWN)
        .select_related("organisation", "decision")
        .prefetch_related(Prefetch("meetings", held))
        .order_by("pk")
    )
    for row in rows:
        if policies_decisions.consultation.allows(actor, "record_opinion", row):
            yield from _of_employer(row)
            contact = (RoleKind.EMPLOYEES_CONTACT,)
            if actor.holds(row.cooperation_id, contact, organisation_id=row.organisation_id):
                yield from _clock(row)


def _of_employer(row: Consultation) -> Iterator[Waiting]:
    limit = consultation_deadline(row)
    if row.state == ConsultationState.DRAFT:
        # Nothing is asked of an employer before the decision is put before the members.
        if row.decision.state == DecisionState.SUBMITTED:
            title = _("Transmettre au CSE l’information complète sur « %(what)s »")
            yield _waiting("information_to_send", title, row, row.decision.submitted_on)
    elif row.state == ConsultationState.INFORMATION_SENT:
        met = [meeting.held_on for meeting in row.meetings.all() if limit.start and meeting.held_on >= limit.start]
        if limit.status is DeadlineStatus.CLOCK_NOT_STARTED:
            title = _("Compléter l’information du CSE sur « %(what)s »")
            yield _waiting("information_to_complete", title, row, row.information_delivered_on)
        elif met:
            title = _("Enregistrer l’avis du CSE sur « %(what)s »")
            yield _waiting("opinion_to_record", title, row, met[0])
    elif row.state in {ConsultationState.OPINION_GIVEN, ConsultationState.DEEMED_NEGATIVE}:
        title = _("Répondre, avec vos motifs, à l’avis du CSE sur « %(what)s »")
        yield _waiting("response_to_give", title, row, row.opinion_on)
    elif row.state == ConsultationState.RESPONSE_RECORDED:
        yield _waiting("consultation_to_close", _("Clore la consultation sur « %(what)s »"), row, row.response_on)


def _clock(row: Consultation) -> Iterator[Waiting]:
    limit = consultation_deadline(row)
    if row.state == ConsultationState.INFORMATION_SENT and limit.answer_by is not None:
        title = wording.filled(
            _("Le CSE se prononce sur « %(what)s » au plus tard le %(day)s"),
            what=row.decision,
            day=wording.day(limit.answer_by),
        )
        yield Waiting(
            "consultation_clock", title, "consultations", row.pk, row.cooperation_id, limit.start, limit.answer_by
        )


def _waiting(code: str, title: str | Promise, row: Consultation, since: dt.date | None) -> Waiting:
    named = wording.filled(title, what=row.decision)
    return Waiting(code, named, "consultations", row.pk, row.cooperation_id, since)


def of_groups(actor: Actor, on: dt.date) -> Iterator[Waiting]:
    """For the lead of a group: a meeting to record, an output to hand over. For the owner of an action: to do it."""
    led = WorkingGroup.objects.visible_to(actor).filter(lead=actor.person_id, ended_on__isnull=True)
    for group in led.order_by("pk"):
        if group.next_meeting_on is not None and group.next_meeting_on <= on:
            title = wording.filled(_("Enregistrer la réunion du groupe « %(theme)s »"), theme=group.theme)
            yield Waiting(
                "group_meeting_to_record",
                title,
                "working-groups",
                group.pk,
                group.cooperation_id,
                group.next_meeting_on,
            )
        due = group.output_due_on
        if due is not None and group.delivered_on is None and due <= on + ANNOUNCED:
            title = wording.filled(_("Remettre la production du groupe « %(theme)s »"), theme=group.theme)
            yield Waiting(
                "group_output_to_deliver",
                title,
                "working-groups",
                group.pk,
                group.cooperation_id,
                since=due - ANNOUNCED,
                due_on=due,
            )
    mine = CommunicationAction.objects.visible_to(actor).filter(
        owner=actor.person_id, state=CommunicationState.PLANNED, planned_on__lte=on + ANNOUNCED
    )
    for action in mine.order_by("planned_on", "pk"):
        title = wording.filled(_("Mener l’action de communication « %(message)s »"), message=action.message)
        yield Waiting(
            "communication_to_do",
            title,
            "communication-actions",
            action.pk,
            action.cooperation_id,
            since=action.planned_on - ANNOUNCED,
            due_on=action.planned_on,
        )
