"""From stored rows to the value objects that the rules of consultation work on."""

import datetime as dt
from dataclasses import replace

from django.db.models import Prefetch, QuerySet

from coopproject.exceptions import Violation
from governance.models import Consultation, Decision, MonthlyHeadcount, Organisation
from governance.rules.calendars import SiteCalendar
from governance.rules.consultation_deadlines import (
    AgreedDelay,
    ConsultationFacts,
    Deadline,
    DeadlinePolicy,
    JudgeOrder,
    Opinion,
    OpinionKind,
    WeekendExtension,
    deadline,
)
from governance.rules.headcount import SizeClass, SizeOverride
from governance.rules.regimes import regime_by_id
from governance.rules.requirement_facts import CseStatus, EmployerFacts, record_violations

# A figure older than this cannot change any threshold: the law looks at twelve months and at the current mandate.
HEADCOUNT_DAYS = 366 * 5
_FIELDS = {
    "/agreement": "/agreement_months",
    "/agreement/days": "/agreement_days",
    "/agreement/months": "/agreement_months",
    "/judge/extended_to": "/judge_fixed_on",
    "/opinion/kind": "/opinion",
    "/regime_id": "/regime",
}
_OF_AN_EMPLOYER = {
    "/cse_first_elected_on": "/cse_first_elected_on",
    "/carence_on": "/carence_recorded_on",
    "/mandate_ends_on": "/cse_mandate_ends_on",
    "/override/size": "/size_override",
    "/override/reason": "/size_override_reason",
}


def with_facts(decisions: QuerySet[Decision], today: dt.date) -> QuerySet[Decision]:
    """Decisions with everything that their requirements read, in a constant number of queries."""
    headcounts = MonthlyHeadcount.objects.filter(
        month__gte=today - dt.timedelta(days=HEADCOUNT_DAYS), month__lte=today
    ).order_by("month")
    return decisions.select_related("cooperation").prefetch_related(
        Prefetch("concerned", Organisation.objects.order_by("search_name", "pk")),
        Prefetch("concerned__headcounts", headcounts),
        Prefetch("consultations", Consultation.objects.select_related("organisation").order_by("pk")),
    )


def employer_facts(organisation: Organisation, today: dt.date) -> EmployerFacts:
    """What the rules need to know of one employer. Reads the prefetched `headcounts`."""
    headcounts = {row.month: row.value for row in organisation.headcounts.all() if row.month <= today}
    return replace(_staff_body(organisation), headcounts=headcounts)


def staff_body_violations(organisation: Organisation, today: dt.date) -> list[Violation]:
    """What cannot be recorded of its staff body and of its size, by the fields of the organisation."""
    found = record_violations(_staff_body(organisation), today)
    return [replace(violation, pointer=_OF_AN_EMPLOYER[violation.pointer]) for violation in found]


def _staff_body(organisation: Organisation) -> EmployerFacts:
    override = None
    if organisation.size_override:
        override = SizeOverride(SizeClass(organisation.size_override), organisation.size_override_reason)
    return EmployerFacts(
        override=override,
        cse_status=CseStatus(organisation.cse_status),
        carence_on=organisation.carence_recorded_on,
        cse_first_elected_on=organisation.cse_first_elected_on,
        mandate_started_on=organisation.cse_mandate_started_on,
        mandate_ends_on=organisation.cse_mandate_ends_on,
        idcc=organisation.idcc,
        wider_powers_ref=organisation.wider_powers_reference,
    )


def consultation_facts(consultation: Consultation) -> ConsultationFacts:
    """The facts of one consultation, as `governance.rules.consultation_deadlines` computes with them."""
    judge = None
    if consultation.judge_seized_on is not None:
        judge = JudgeOrder(consultation.judge_seized_on, consultation.judge_fixed_on)
    opinion = None
    if consultation.opinion_on is not None and consultation.opinion != OpinionKind.DEEMED_NEGATIVE:
        opinion = Opinion(OpinionKind(consultation.opinion), consultation.opinion_on)
    agreement = None
    if consultation.agreement_days or consultation.agreement_months:
        agreement = AgreedDelay(days=consultation.agreement_days, months=consultation.agreement_months)
    return ConsultationFacts(
        information_delivered_on=consultation.information_delivered_on,
        bdese_notice_on=consultation.bdese_notice_on,
        bdese_required=consultation.bdese_required,
        information_complete=consultation.information_complete,
        expert=consultation.expert_designated_on is not None,
        both_levels=consultation.both_levels,
        agreement=agreement,
        common_agreement_on=consultation.common_agreement_on,
        judge=judge,
        suspended_days=consultation.suspended_days,
        opinion=opinion,
        calendar=SiteCalendar(consultation.organisation.site_calendar),
        cse_first_elected_on=consultation.organisation.cse_first_elected_on,
        regime_id=consultation.regime,
    )


def named_by_field(violation: Violation) -> Violation:
    """The same violation of the facts, whose pointer names the stored field."""
    return replace(violation, pointer=_FIELDS.get(violation.pointer, violation.pointer))


def consultation_deadline(consultation: Consultation) -> Deadline:
    """The limit of a consultation, under the policy that was frozen with its regime."""
    facts = consultation_facts(consultation)
    regime = regime_by_id(consultation.regime)
    if regime is None or not consultation.weekend_extension:
        return deadline(facts)
    extension = WeekendExtension(consultation.weekend_extension)
    return deadline(facts, replace(DeadlinePolicy.of(regime), weekend_extension=extension))
