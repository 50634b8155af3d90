"""The requirement that consultations put on a decision: one per employer concerned, explained (domain.md 1.4, 1.5)."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coopproject import wording
from governance.enums import ConsultationState
from governance.gate import Requirement, RequirementStatus
from governance.models import Consultation, Decision, Organisation
from governance.rules.consultation_deadlines import Deadline, DeadlineStatus, Reason, decision_violations
from governance.rules.consultation_requirement import ASSESSMENT_CODES, CONSULTATION_CODES, requirement
from governance.rules.consultation_situations import recorded_after_limit, told_after_limit
from governance.rules.requirement_facts import Impact, RequirementCode, RequirementPolicy
from governance.rules.requirement_facts import Requirement as Answer
from governance.selectors.employers import consultation_deadline, employer_facts

# The same answers without what headcounts say, for whoever may not read them and for what is kept (docs/adr/0025).
_ASSESS_CLOSED = _("%(name)s : à apprécier, au vu de ses effectifs.")
_MISSING_CLOSED = _("%(name)s : aucune consultation du CSE n’est ouverte.")
_NOTHING_CLOSED = _("%(name)s : aucune consultation n’est attendue, au vu de ses effectifs.")


def provide(decision: Decision, on: dt.date) -> Iterator[Requirement]:
    """The state of the consultation of each employer that the decision concerns, on that day."""
    impacts = [Impact(flag) for flag in decision.impact_flags]
    existing = {consultation.organisation_id: consultation for consultation in decision.consultations.all()}
    policy = RequirementPolicy.of(decision.cooperation.settings)
    for organisation in decision.concerned.all():
        facts = employer_facts(organisation, on)
        answer = requirement(facts, impacts, on, policy=policy, assessment=decision.no_impact_reason)
        yield _of_employer(decision, organisation, answer, existing.get(organisation.pk), on)


def _of_employer(
    decision: Decision, organisation: Organisation, answer: Answer, consultation: Consultation | None, on: dt.date
) -> Requirement:
    common: dict[str, Any] = {
        "organisation_id": organisation.pk,
        "basis": str(answer.code),
        "legal_reference": answer.legal_ref,
        "confidence": str(answer.confidence),
        "reasons": tuple(_basis(answer)),
    }
    name = str(organisation)
    if answer.code in CONSULTATION_CODES:
        return _consultation(name, answer, consultation, on, decision, common)
    if answer.blocks:
        return Requirement(
            code=str(answer.code),
            status=RequirementStatus.TO_ASSESS,
            detail=wording.filled(_("%(name)s : %(why)s"), name=name, why=wording.going_on(answer.explanation)),
            withheld=wording.filled(_ASSESS_CLOSED, name=name),
            clears=_("Consigner dans la décision pourquoi aucune consultation n’est due, ou compléter les effectifs."),
            since=decision.submitted_on,
            **common,
        )
    elections = _("L’employeur doit organiser l’élection du CSE.")
    return Requirement(
        code=str(answer.code),
        status=RequirementStatus.MET if answer.code in ASSESSMENT_CODES else RequirementStatus.NOT_APPLICABLE,
        detail=wording.filled(_("%(name)s : %(why)s"), name=name, why=wording.going_on(answer.explanation)),
        withheld=wording.filled(_NOTHING_CLOSED, name=name),
        clears=elections if answer.code == RequirementCode.BODY_MISSING else "",
        **common,
    )


def _consultation(
    name: str,
    answer: Answer,
    consultation: Consultation | None,
    on: dt.date,
    decision: Decision,
    common: dict[str, Any],
) -> Requirement:
    if consultation is None:
        return Requirement(
            code="consultation_missing",
            status=RequirementStatus.BLOCKED,
            detail=wording.filled(
                _("%(name)s : aucune consultation du CSE n’est ouverte. %(why)s"), name=name, why=answer.explanation
            ),
            withheld=wording.filled(_MISSING_CLOSED, name=name),
            clears=_("Ouvrir la consultation et transmettre l’information complète."),
            since=decision.submitted_on,
            **common,
        )
    limit = consultation_deadline(consultation)
    found = decision_violations(limit, on)
    common["objects"] = ({"resource": "consultations", "id": str(consultation.pk)},)
    common["reasons"] = (*common["reasons"], *_reasons(limit, consultation))
    if limit.confidence is not None:
        common["legal_reference"] = f"{answer.legal_ref} ; {limit.legal_ref}" if limit.legal_ref else answer.legal_ref
        # The weaker of the two, in the order of the alphabet: what rests on both is no surer than either.
        common["confidence"] = max(str(answer.confidence), str(limit.confidence))
    if not found:
        said = wording.filled(_("%(name)s : %(how)s"), name=name, how=_how(limit))
        return Requirement(
            code="consultation_done",
            status=RequirementStatus.MET,
            detail=said,
            withheld=said,
            since=limit.act_from,
            holds_from=limit.act_from,
            **common,
        )
    violation = found[0]
    said = wording.filled(_("%(name)s : %(why)s"), name=name, why=wording.going_on(violation.detail))
    started = limit.status is DeadlineStatus.RUNNING
    return Requirement(
        code=violation.code,
        status=RequirementStatus.OPEN if started else RequirementStatus.BLOCKED,
        detail=said,
        withheld=said,
        clears=_clears(limit, consultation),
        since=limit.start or decision.submitted_on,
        holds_from=limit.act_from,
        **common,
    )


def _basis(answer: Answer) -> Iterator[Reason]:
    """Why a consultation is due or not, and the months whose headcount nobody recorded: never taken for zero."""
    yield Reason(str(answer.code), answer.explanation)
    if answer.missing_months:
        names = {f"month_{index}": wording.month(month) for index, month in enumerate(answer.missing_months)}
        months = wording.filled(", ".join(f"%({name})s" for name in names), **names)
        yield Reason("headcounts_missing", wording.filled(_("Mois sans effectif : %(months)s."), months=months))


def _reasons(limit: Deadline, consultation: Consultation) -> Iterator[Reason]:
    """What lengthened, started or ended this council's time limit."""
    yield from limit.reasons
    if consultation.state != ConsultationState.DRAFT and consultation.missing_information:
        lacking = _("Il manque encore : %(what)s")
        yield Reason("information_missing", wording.filled(lacking, what=consultation.missing_information))
    late = consultation.information_recorded_on
    if late is not None and recorded_after_limit(limit, late):
        yield Reason("recorded_after_limit", told_after_limit(late))
    if limit.opinion_on is not None:
        kind, day = consultation.get_opinion_display(), wording.day(limit.opinion_on)
        yield Reason("opinion_kind", wording.filled(_("Avis %(kind)s, le %(day)s."), kind=kind, day=day))


def _how(limit: Deadline) -> Promise:
    if limit.opinion_on is not None:
        given = _("avis du CSE rendu le %(day)s ; il ne lie pas l’employeur.")
        return wording.filled(given, day=wording.day(limit.opinion_on))
    assert limit.deemed_negative_on is not None, "a limit that has passed has its end"
    deemed = _("CSE réputé consulté, avis négatif, à l’expiration du délai le %(day)s.")
    return wording.filled(deemed, day=wording.day(limit.deemed_negative_on))


def _clears(limit: Deadline, consultation: Consultation) -> str | Promise:
    if limit.act_from is None:
        return _("Transmettre au CSE l’information complète : le délai ne court pas avant.")
    day = wording.day(limit.act_from)
    if consultation.state == ConsultationState.INFORMATION_SENT:
        return wording.filled(_("Un avis exprès du CSE, ou l’attente du %(day)s."), day=day)
    return wording.filled(_("L’attente du %(day)s."), day=day)
