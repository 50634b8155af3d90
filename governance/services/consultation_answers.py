"""What the employer answers: to the opinion, to a body that finds the information lacking; and the end of the file."""

import datetime as dt
from collections.abc import Iterable
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import InvalidInput, RuleViolated, Violation
from governance import states
from governance.actor import Actor
from governance.enums import ConsultationState
from governance.enums import ConsultationTransition as T
from governance.models import Consultation, InformationContest
from governance.services import records
from governance.services.consultation_frame import legal_day, lock_consultation, recompute, record_act, refuse_future


@transaction.atomic
def consultation_record_response(
    *,
    pk: UUID,
    actor: Actor,
    expected_version: int | None = None,
    text: str,
    given_on: dt.date,
    meeting_on: dt.date | None = None,
    changes_made: Iterable[str] = (),
) -> Consultation:
    """Record what the employer does, with reasons, with the opinion (L2312-15).

    `meeting_on`: the meeting at which it was reported. `changes_made`: what the opinion changed, one sentence each.
    """
    consultation = lock_consultation(pk, expected_version)
    refuse_future(legal_day(consultation), given_on=given_on, meeting_on=meeting_on)
    found = []
    if not text.strip():
        found.append(Violation("required", _("La suite donnée est motivée : dites pourquoi."), "/text"))
    if consultation.opinion_on is not None:
        early = _("La suite donnée ne peut précéder l’avis.")
        found += [
            Violation("before_the_opinion", early, f"/{name}")
            for name, day in (("given_on", given_on), ("meeting_on", meeting_on))
            if day is not None and day < consultation.opinion_on
        ]
    if found:
        raise InvalidInput(*found)
    states.consultation.apply(consultation, T.RECORD_RESPONSE)
    consultation.response_text, consultation.response_on = text, given_on
    consultation.response_meeting_on, consultation.changes_made = meeting_on, list(changes_made)
    consultation.save(
        update_fields=["state", "response_text", "response_on", "response_meeting_on", "changes_made"],
    )
    record_act(
        "response_recorded",
        consultation,
        actor,
        given_on=given_on,
        meeting_on=meeting_on,
        changes=len(consultation.changes_made),
    )
    return consultation


@transaction.atomic
def consultation_close(*, pk: UUID, actor: Actor, expected_version: int | None = None) -> Consultation:
    """Close the file. Without a response it is closed as such, and a vital sign says so."""
    consultation = lock_consultation(pk, expected_version)
    answered = consultation.state == ConsultationState.RESPONSE_RECORDED
    states.consultation.apply(consultation, T.CLOSE)
    consultation.closed_on = legal_day(consultation)
    consultation.closed_without_response = not answered
    consultation.save(update_fields=["state", "closed_on", "closed_without_response"])
    record_act("closed", consultation, actor, without_response=not answered)
    return consultation


@transaction.atomic
def consultation_acknowledge_incomplete(
    *, pk: UUID, actor: Actor, expected_version: int | None = None, missing_information: str
) -> Consultation:
    """The employer records that the information was not complete after all: the clock had no right to run.

    It stops until the information is sent again, complete. Raises RuleViolated(`wrong_state`, `already_incomplete`).
    """
    consultation = lock_consultation(pk, expected_version)
    if consultation.state != ConsultationState.INFORMATION_SENT:
        raise RuleViolated(Violation("wrong_state", _("Seule une consultation qui attend un avis peut s’interrompre.")))
    if not consultation.information_complete:
        raise RuleViolated(Violation("already_incomplete", _("L’information est déjà dite incomplète.")))
    consultation.information_complete = False
    consultation.missing_information = missing_information
    # The regime is that of the day on which the information is complete: it is frozen again then.
    consultation.regime = consultation.weekend_extension = ""
    fields = ["information_complete", "missing_information", "regime", "weekend_extension"]
    consultation.save(update_fields=[*fields, *recompute(consultation)])
    record_act("information_found_incomplete", consultation, actor)
    return consultation


@transaction.atomic
def consultation_contest_information(
    *, pk: UUID, actor: Actor, expected_version: int | None = None, contested_on: dt.date, lacking: str
) -> Consultation:
    """Record that the body, as a body, finds the information lacking. No clock stops by it (C09)."""
    consultation = lock_consultation(pk, expected_version)
    refuse_future(legal_day(consultation), contested_on=contested_on)
    if consultation.state != ConsultationState.INFORMATION_SENT:
        detail = _("L’information se conteste une fois transmise et avant l’avis.")
        raise RuleViolated(Violation("wrong_state", detail))
    known = [day for day in (consultation.information_delivered_on, consultation.bdese_notice_on) if day is not None]
    if known and contested_on < min(known):
        detail = _("L’information n’était pas encore transmise ce jour-là.")
        raise InvalidInput(Violation("before_the_start", detail, "/contested_on"))
    contest = InformationContest(
        cooperation_id=consultation.cooperation_id,
        consultation=consultation,
        contested_on=contested_on,
        lacking=lacking,
    )
    if InformationContest.objects.filter(consultation=consultation, answered_on__isnull=True).exists():
        raise RuleViolated(Violation("contest_open", _("Une contestation attend déjà sa réponse.")))
    records.check(contest)
    contest.save(force_insert=True)
    consultation.save(update_fields=[])
    record_act("information_contested", consultation, actor, contest=contest.pk, contested_on=contested_on)
    return consultation


@transaction.atomic
def consultation_answer_contest(
    *, pk: UUID, actor: Actor, expected_version: int | None = None, answered_on: dt.date, answer: str
) -> Consultation:
    """Record what the employer answered to the body that found the information lacking."""
    consultation = lock_consultation(pk, expected_version)
    refuse_future(legal_day(consultation), answered_on=answered_on)
    contest = InformationContest.objects.filter(consultation=consultation, answered_on__isnull=True).first()
    if contest is None:
        raise RuleViolated(Violation("nothing_contested", _("Aucune contestation n’attend de réponse.")))
    if answered_on < contest.contested_on:
        detail = _("Une réponse ne précède pas ce à quoi elle répond.")
        raise InvalidInput(Violation("before_the_contest", detail, "/answered_on"))
    contest.answered_on, contest.answer = answered_on, answer
    contest.save(update_fields=["answered_on", "answer"])
    consultation.save(update_fields=[])
    record_act("contest_answered", consultation, actor, contest=contest.pk, answered_on=answered_on)
    return consultation
