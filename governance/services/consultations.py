"""The acts on a consultation. Each takes the decision's row first: one lock for the decision and what holds it back."""

import datetime as dt
from dataclasses import replace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coopproject import clock
from coopproject.exceptions import InvalidInput, RuleViolated, Violation
from coopproject.locking import lock
from governance import states
from governance.actor import Actor
from governance.enums import ConsultationState, DecisionState, OpinionKind
from governance.enums import ConsultationTransition as T
from governance.models import Consultation, Decision, Organisation
from governance.rules.confidentiality import highest
from governance.rules.consultation_deadlines import Deadline, DeadlineStatus
from governance.rules.consultation_extensions import (
    Extension,
    before_the_start,
    extension_violations,
    impossible_dates,
    shortening_violations,
)
from governance.rules.cse_votes import CseVote, vote_result, vote_violations
from governance.rules.regimes import regime_for
from governance.selectors.employers import consultation_deadline, consultation_facts
from governance.services import records
from governance.services.consultation_frame import legal_day, lock_consultation, recompute, record_act, refuse_future


@transaction.atomic
def consultation_create(*, actor: Actor, decision: Decision, organisation: Organisation, **data: Any) -> Consultation:
    """Prepare the consultation of one employer that the decision concerns."""
    decision = lock(Decision.objects.all(), decision.pk)
    violations = []
    if decision.state in {DecisionState.TAKEN, DecisionState.WITHDRAWN}:
        violations.append(Violation("wrong_state", _("La décision n’est plus en cours."), "/decision"))
    if not decision.concerned.filter(pk=organisation.pk).exists():
        violations.append(
            Violation("not_concerned", _("La décision ne désigne pas cet employeur comme concerné."), "/organisation")
        )
    if violations:
        raise RuleViolated(*violations)
    consultation = Consultation(
        cooperation_id=decision.cooperation_id,
        decision=decision,
        organisation=organisation,
        **{"confidentiality": decision.confidentiality, **data},
    )
    _refuse_more_open_than_its_decision(consultation.confidentiality, decision)
    _refuse_two_units(consultation.agreement_days, consultation.agreement_months)
    records.create(consultation, actor=actor, on_behalf_of=organisation.pk)
    return consultation


@transaction.atomic
def consultation_update(
    *, pk: UUID, actor: Actor, expected_version: int | None, changes: dict[str, Any]
) -> Consultation:
    """Change the preparation of a consultation whose information has not left yet."""
    consultation = lock_consultation(pk, expected_version)
    if consultation.state != ConsultationState.DRAFT:
        raise RuleViolated(Violation("wrong_state", _("L’information est transmise : la préparation est close.")))
    if "confidentiality" in changes:
        _refuse_more_open_than_its_decision(changes["confidentiality"], consultation.decision)
    agreed = (changes.get(name, getattr(consultation, name)) for name in ("agreement_days", "agreement_months"))
    _refuse_two_units(*agreed)
    records.save_changes(consultation, actor=actor, changes=changes, on_behalf_of=consultation.organisation_id)
    return consultation


def _refuse_two_units(days: int | None, months: int | None) -> None:
    if days is not None and months is not None:
        detail = _("Un accord fixe le délai soit en jours, soit en mois.")
        raise InvalidInput(Violation("agreement_unit", detail, "/agreement_months"))


def _refuse_more_open_than_its_decision(level: str, decision: Decision) -> None:
    """A consultation tells what its decision is about: whoever may not know of the one may not know of the other."""
    if highest(level, decision.confidentiality) != level:
        level = decision.confidentiality
        detail = _("Une consultation n’est pas plus ouverte que sa décision (« %(level)s »).") % {"level": level}
        raise InvalidInput(Violation("more_open_than_its_decision", detail, "/confidentiality"))


@transaction.atomic
def consultation_send_information(
    *,
    pk: UUID,
    actor: Actor,
    expected_version: int | None = None,
    delivered_on: dt.date,
    bdese_notice_on: dt.date | None = None,
    complete: bool = True,
    missing_information: str = "",
) -> Consultation:
    """Hand the information over, or complete it later. The clock starts when it is complete, never before.

    The regime in force that day is frozen here, with its policy for limits that end on a day of rest.
    """
    consultation = lock_consultation(pk, expected_version)
    today = legal_day(consultation)
    refuse_future(today, delivered_on=delivered_on, bdese_notice_on=bdese_notice_on)
    if not complete and not missing_information.strip():
        raise InvalidInput(Violation("missing_information_unnamed", _("Dites ce qui manque."), "/missing_information"))
    if consultation_facts(consultation).start is not None:
        raise RuleViolated(
            Violation("clock_already_started", _("L’information complète est déjà transmise : le délai court."))
        )
    before = consultation.information_delivered_on
    if before is not None and delivered_on < before:
        detail = _("Une première remise a eu lieu plus tard : ce qui la complète ne la précède pas.")
        raise InvalidInput(Violation("before_the_first_delivery", detail, "/delivered_on"))
    states.consultation.apply(consultation, T.SEND_INFORMATION)
    consultation.information_delivered_on = delivered_on
    consultation.bdese_notice_on = bdese_notice_on or consultation.bdese_notice_on
    consultation.information_recorded_on = today
    consultation.information_complete = complete
    consultation.missing_information = "" if complete else missing_information
    fields = ["state", "information_delivered_on", "information_recorded_on", "bdese_notice_on"]
    fields += ["information_complete", "missing_information"]
    if consultation_facts(consultation).start is not None:
        _freeze_regime(consultation)
        fields += ["regime", "weekend_extension"]
    fields += recompute(consultation)
    consultation.save(update_fields=fields)
    record_act(
        "information_sent",
        consultation,
        actor,
        delivered_on=delivered_on,
        complete=complete,
        regime=consultation.regime,
    )
    return consultation


def _freeze_regime(consultation: Consultation) -> None:
    start = consultation_facts(consultation).start
    assert start is not None, "complete information has a date"
    regime = regime_for(start, consultation.organisation.cse_first_elected_on)
    if regime is None:
        raise RuleViolated(
            Violation("regime_unknown", _("Aucun régime de consultation connu ne couvre cette date."), "/delivered_on")
        )
    consultation.regime = regime.id
    wanted = consultation.cooperation.settings.get("weekend_extension")
    consultation.weekend_extension = str(wanted or regime.weekend_extension)


def _taken_back(consultation: Consultation) -> list[str]:
    """What happened in time and is told late: silence had not spoken yet. Returns the fields to save."""
    if consultation.state != ConsultationState.DEEMED_NEGATIVE:
        return []
    states.consultation.apply(consultation, T.REOPEN)
    consultation.opinion, consultation.opinion_on = "", None
    return ["state", "opinion", "opinion_on"]


def _deadline_passed(day: dt.date, limit: Deadline, pointer: str = "") -> list[Violation]:
    """Why that day comes too late; empty when it does not."""
    if limit.deemed_negative_on is None or day <= limit.deemed_negative_on:
        return []
    detail = _("Le délai est expiré : le CSE est réputé avoir rendu un avis négatif.")
    return [Violation("deadline_passed", detail, pointer)]


def _require_running(consultation: Consultation, today: dt.date, *, after_end: bool = False) -> None:
    """The clock runs: information complete, no opinion yet, and the limit not over (unless `after_end`)."""
    violations = []
    if consultation.state != ConsultationState.INFORMATION_SENT:
        violations.append(Violation("wrong_state", _("La consultation n’attend pas d’avis.")))
    else:
        limit = consultation_deadline(consultation)
        if limit.status is not DeadlineStatus.RUNNING:
            violations.append(Violation("clock_not_started", limit.reasons[0].detail))
        elif not after_end:
            violations += _deadline_passed(today, limit)
    if violations:
        raise RuleViolated(*violations)


@transaction.atomic
def consultation_designate_expert(
    *, pk: UUID, actor: Actor, expected_version: int | None = None, designated_on: dt.date, both_levels: bool = False
) -> Consultation:
    """Record that the CSE called an expert in: the limit becomes that of an expert mission (R2312-6).

    Called in after the end he lengthens nothing. Called in before, he does, on whatever day it is recorded: the
    opinion that silence was deemed to be is then taken back.
    """
    consultation = lock_consultation(pk, expected_version)
    today = legal_day(consultation)
    refuse_future(today, designated_on=designated_on)
    reopened = _taken_back(consultation)
    _require_running(consultation, today, after_end=True)
    limit = consultation_deadline(consultation)
    if limit.start is not None and designated_on < limit.start:
        raise InvalidInput(before_the_start("designated_on", limit.start))
    if violations := _deadline_passed(designated_on, limit, "/designated_on"):
        raise RuleViolated(*violations)
    consultation.expert_designated_on = designated_on
    consultation.both_levels = both_levels or consultation.both_levels
    consultation.save(update_fields=[*reopened, "expert_designated_on", "both_levels", *recompute(consultation)])
    told = {"designated_on": designated_on, "both_levels": both_levels}
    record_act("expert_designated", consultation, actor, reopened=bool(reopened), **told)
    return consultation


@transaction.atomic
def consultation_extend(
    *,
    pk: UUID,
    actor: Actor,
    expected_version: int | None = None,
    common_agreement_on: dt.date | None = None,
    judge_seized_on: dt.date | None = None,
    judge_fixed_on: dt.date | None = None,
    suspended_days: int | None = None,
) -> Consultation:
    """Lengthen the limit: common accord (a later day jointly fixed), judge seized or ruling, suspension in days.

    A judge seized after the nominal end is refused: seizing comes too late to move anything (domain.md C10). Seized
    in time he may rule after it: the opinion that silence was deemed to be is then taken back.
    """
    consultation = lock_consultation(pk, expected_version)
    today = legal_day(consultation)
    refuse_future(today, judge_seized_on=judge_seized_on)
    asked = Extension(
        common_agreement_on=common_agreement_on,
        judge_seized_on=judge_seized_on,
        judge_fixed_on=judge_fixed_on,
        already_seized_on=consultation.judge_seized_on,
    )
    limit = consultation_deadline(consultation)
    if limit.start is not None and limit.nominal is not None and limit.answer_by is not None:
        if violations := impossible_dates(asked, limit.start):
            raise InvalidInput(*violations)
        if violations := extension_violations(asked, limit.nominal, limit.answer_by):
            raise RuleViolated(*violations)
    # Only the judge, seized in time, moves a limit that is over.
    judged, reopened = common_agreement_on is None and suspended_days is None, list[str]()
    over = consultation.state == ConsultationState.DEEMED_NEGATIVE
    if judged and over and judge_fixed_on is not None:
        reopened = _taken_back(consultation)
    elif not (judged and over):
        _require_running(consultation, today, after_end=judged)
    given = {
        "common_agreement_on": common_agreement_on,
        "judge_seized_on": judge_seized_on,
        "judge_fixed_on": judge_fixed_on,
        "suspended_days": suspended_days,
    }
    told = {name: value for name, value in given.items() if value is not None}
    changes: dict[str, Any] = dict(told)
    for name, cause in (("extended_on", common_agreement_on), ("suspended_on", suspended_days)):
        if cause is not None:
            changes[name] = today
    for name, value in changes.items():
        setattr(consultation, name, value)
    computed = recompute(consultation)
    assert limit.nominal is not None, "a limit that runs, or is over, has its end"
    assert consultation.nominal_deadline is not None, "and keeps one"
    if violations := shortening_violations(limit.nominal, consultation.nominal_deadline, told):
        raise RuleViolated(*violations)
    consultation.save(update_fields=[*reopened, *changes, *computed])
    record_act("extended", consultation, actor, reopened=bool(reopened), **changes)
    return consultation


@transaction.atomic
def consultation_record_opinion(
    *,
    pk: UUID,
    actor: Actor,
    expected_version: int | None = None,
    kind: OpinionKind,
    given_on: dt.date,
    text: str = "",
    votes: dict[str, int] | None = None,
) -> Consultation:
    """Record the explicit opinion of the CSE. An unfavourable one unblocks as well: it does not bind (C17).

    `votes`: counts of full members (`present`, `for`, `against`, `abstain`, `blank`), never names. Refused while the
    information is incomplete, before it, in the future, or of a day when the limit was over. An opinion of its time
    that is recorded late, as minutes come late, replaces what silence was deemed to be.
    """
    consultation = lock_consultation(pk, expected_version)
    today = legal_day(consultation)
    refuse_future(today, given_on=given_on)
    if kind == OpinionKind.DEEMED_NEGATIVE:
        raise InvalidInput(
            Violation("deemed_negative_is_computed", _("L’avis réputé négatif ne se saisit pas."), "/kind")
        )
    reopened = _taken_back(consultation)
    _require_running(consultation, today, after_end=True)
    limit = consultation_deadline(consultation)
    violations = []
    if limit.start is not None and given_on < limit.start:
        violations.append(
            Violation(
                "opinion_before_information",
                _("Un avis antérieur à l’information complète ne compte pas."),
                "/given_on",
            )
        )
    violations += _deadline_passed(given_on, limit, "/given_on")
    if violations:
        raise RuleViolated(*violations)
    counted = _counted(votes, kind)
    states.consultation.apply(consultation, T.RECORD_OPINION)
    consultation.opinion, consultation.opinion_on, consultation.opinion_text = kind, given_on, text
    for name, value in counted.items():
        setattr(consultation, name, value)
    fields = ["state", "opinion", "opinion_on", "opinion_text", *counted]
    consultation.save(update_fields=[*fields, *recompute(consultation)])
    told = {"kind": str(kind), "given_on": given_on, **counted}
    record_act("opinion_recorded", consultation, actor, reopened=bool(reopened), **told)
    return consultation


def _counted(votes: dict[str, int] | None, kind: OpinionKind) -> dict[str, int]:
    if not votes:
        return {}
    cast = {f"votes_{name}": votes.get(name, 0) for name in ("for", "against", "abstain", "blank")}
    ballot = CseVote(present=votes["present"], **cast)
    if found := vote_violations(ballot):
        raise InvalidInput(
            *(replace(each, pointer=f"/votes/{each.pointer.split('_')[-1].lstrip('/')}") for each in found)
        )
    result = vote_result(ballot)
    if kind in {OpinionKind.FAVOURABLE, OpinionKind.FAVOURABLE_WITH_RESERVATIONS} and not result.adopted:
        raise InvalidInput(Violation("opinion_not_adopted", result.formula, "/votes"))
    return {"votes_present": ballot.present, **cast}


@transaction.atomic
def consultation_deem_negative(*, pk: UUID, actor: Actor) -> Consultation | None:
    """Let silence speak: the limit is over, the opinion is deemed negative. None when it is not (any longer) due."""
    consultation = lock_consultation(pk)
    limit = consultation_deadline(consultation)
    over = limit.deemed_negative_on is not None and legal_day(consultation) > limit.deemed_negative_on
    if consultation.state != ConsultationState.INFORMATION_SENT or not over:
        return None
    states.consultation.apply(consultation, T.DEEM_NEGATIVE)
    consultation.opinion, consultation.opinion_on = OpinionKind.DEEMED_NEGATIVE, limit.deemed_negative_on
    consultation.save(update_fields=["state", "opinion", "opinion_on"])
    record_act("deemed_negative", consultation, actor, deemed_on=limit.deemed_negative_on)
    return consultation


def consultations_deem_negative_due() -> int:
    """The tick: every consultation whose limit is over, one transaction each. Returns how many were deemed."""
    actor = Actor.system("consultations")
    # Tomorrow in the earliest zone: the service looks again at the legal day of each cooperation.
    due = Consultation.objects.filter(
        state=ConsultationState.INFORMATION_SENT, act_from__lte=clock.today("Pacific/Auckland")
    ).order_by("pk")
    return sum(consultation_deem_negative(pk=pk, actor=actor) is not None for pk in due.values_list("pk", flat=True))
