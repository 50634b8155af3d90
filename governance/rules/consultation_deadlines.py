"""When a staff body is deemed consulted, and from which day the employer may decide (`domain.md` 1.5).

A limit in months ends on the same day number (art. 641 CPC), never after 30 days. At its end silence is a negative
opinion and the consultation is done: silence unblocks. An opinion, even unfavourable, unblocks the day it is given.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coopproject import wording
from coopproject.exceptions import InvalidInput, Violation
from governance.rules.calendars import SiteCalendar, add_months, end_of_day, next_working_day
from governance.rules.consultation_facts import (
    AgreedDelay,
    ConsultationFacts,
    JudgeOrder,
    Opinion,
    OpinionKind,
    facts_violations,
)
from governance.rules.regimes import (
    Confidence,
    Regime,
    Situation,
    WeekendExtension,
    load_regimes,
    regime_by_id,
    regime_for,
)

__all__ = [
    "AgreedDelay",
    "ConsultationFacts",
    "Deadline",
    "DeadlinePolicy",
    "DeadlineStatus",
    "JudgeOrder",
    "Opinion",
    "OpinionKind",
    "Reason",
    "Regime",
    "Situation",
    "WeekendExtension",
    "day_limit",
    "deadline",
    "decision_violations",
    "earliest_decision_on",
    "facts_violations",
    "load_regimes",
    "regime_for",
    "too_early",
]


@dataclass(frozen=True, kw_only=True)
class DeadlinePolicy:
    """The points that law leaves open (`domain.md` 1.8). The defaults are the prudent ones.

    `refusal_ends_consultation`: a recorded refusal to give an opinion counts as one; else the limit runs to its end,
    for the body may still seize the judge until then.
    """

    weekend_extension: WeekendExtension = WeekendExtension.PRUDENT
    expert_challenge_suspends: bool = True
    refusal_ends_consultation: bool = False

    @classmethod
    def of(cls, regime: Regime) -> "DeadlinePolicy":
        """The policy that the regime's dated data asks for."""
        return cls(
            weekend_extension=regime.weekend_extension, expert_challenge_suspends=regime.expert_challenge_suspends
        )


class DeadlineStatus(StrEnum):
    RUNNING = "running"
    CLOCK_NOT_STARTED = "clock_not_started"
    REGIME_UNKNOWN = "regime_unknown"


@dataclass(frozen=True)
class Reason:
    """One step of the computation: a stable code and a sentence for people."""

    code: str
    detail: str | Promise


@dataclass(frozen=True, kw_only=True)
class Deadline:
    """The limit of one consultation. Every date is None when `status` is not `running`.

    `nominal`: the date by number. `extended`: the first working day on or after it. `answer_by`: the last day to tell
    the body (prudent: the nominal one). `deemed_negative_on`: silence counts as a negative opinion at 24:00 that day.
    `opinion_on`: the explicit opinion that counts. `act_from`: first day on which a decision is accepted.
    `establishment_due_on`: last day for the establishments' opinions to reach the central body (R2312-6 II).
    `months` and `days`: the length used, one of them None.
    """

    status: DeadlineStatus
    policy: DeadlinePolicy
    reasons: tuple[Reason, ...]
    regime_id: str = ""
    legal_ref: str = ""
    confidence: Confidence | None = None
    calendar: SiteCalendar = SiteCalendar.METROPOLE
    start: date | None = None
    months: int | None = None
    days: int | None = None
    nominal: date | None = None
    extended: date | None = None
    answer_by: date | None = None
    deemed_negative_on: date | None = None
    establishment_due_on: date | None = None
    opinion_on: date | None = None
    act_from: date | None = None

    @property
    def deemed_negative_at(self) -> datetime | None:
        """24:00 at the site on the deemed day, in UTC."""
        return None if self.deemed_negative_on is None else end_of_day(self.deemed_negative_on, self.calendar)


def deadline(facts: ConsultationFacts, policy: DeadlinePolicy | None = None) -> Deadline:
    """The limit of a consultation under the regime in force and the policy (by default the regime's own).

    Raises InvalidInput with every violation of `facts_violations`.
    """
    if violations := facts_violations(facts):
        raise InvalidInput(*violations)
    start = facts.start
    if start is None:
        return Deadline(
            status=DeadlineStatus.CLOCK_NOT_STARTED,
            policy=policy or DeadlinePolicy(),
            reasons=(Reason("clock_not_started", _not_started(facts)),),
            calendar=facts.calendar,
        )
    regime = regime_by_id(facts.regime_id) if facts.regime_id else regime_for(start, facts.cse_first_elected_on)
    if regime is None:
        return Deadline(
            status=DeadlineStatus.REGIME_UNKNOWN,
            policy=policy or DeadlinePolicy(),
            reasons=(Reason("regime_unknown", _("Aucun régime de consultation connu ne couvre cette date.")),),
            calendar=facts.calendar,
            start=start,
        )
    return _running(facts, start, regime, policy or DeadlinePolicy.of(regime))


def _not_started(facts: ConsultationFacts) -> str | Promise:
    if facts.bdese_required and facts.bdese_notice_on is None:
        return _("Le délai n’a pas commencé : l’information de la mise à disposition dans la BDESE n’a pas été donnée.")
    return _("Le délai n’a pas commencé : l’information complète n’a pas été remise.")


def _running(facts: ConsultationFacts, start: date, regime: Regime, policy: DeadlinePolicy) -> Deadline:
    reasons: list[Reason] = []
    months, days, nominal = _length(facts, start, regime, reasons)
    nominal = _moved(facts, nominal, policy, reasons)
    extended = next_working_day(nominal, facts.calendar)
    weekend = policy.weekend_extension
    if extended != nominal:
        reasons.append(
            Reason("not_a_working_day", _("L’échéance tombe un samedi, un dimanche ou un jour férié (art. 642 CPC)."))
        )
    answer_by = extended if weekend is WeekendExtension.EXTENDED else nominal
    deemed = nominal if weekend is WeekendExtension.NOMINAL else extended
    opinion_on = _opinion_that_counts(facts, start, deemed, policy, reasons)
    return Deadline(
        status=DeadlineStatus.RUNNING,
        policy=policy,
        reasons=tuple(reasons),
        regime_id=regime.id,
        legal_ref=regime.legal_ref,
        confidence=regime.confidence,
        calendar=facts.calendar,
        start=start,
        months=months,
        days=days,
        nominal=nominal,
        extended=extended,
        answer_by=answer_by,
        deemed_negative_on=deemed,
        establishment_due_on=_establishment_due(facts, start, regime, answer_by),
        opinion_on=opinion_on,
        act_from=opinion_on or deemed + timedelta(days=1),
    )


def _length(
    facts: ConsultationFacts, start: date, regime: Regime, reasons: list[Reason]
) -> tuple[int | None, int | None, date]:
    """Months or days of the limit, and its end before anything moves it."""
    if facts.agreement is None:
        months = regime.months_for(facts.situations)
        if facts.expert:
            reasons.append(Reason("expert", _("Un expert assiste le CSE : le délai est celui d’une expertise.")))
        reasons.append(
            Reason(
                "decree",
                wording.filled(
                    _("Délai réglementaire : %(count)s mois (%(ref)s)."), count=months, ref=regime.legal_ref
                ),
            )
        )
        return months, None, add_months(start, months)
    if facts.agreement.months is not None:
        months = facts.agreement.months
        reasons.append(Reason("agreement", wording.filled(_("Délai fixé par accord : %(count)s mois."), count=months)))
        return months, None, add_months(start, months)
    assert facts.agreement.days is not None, "facts_violations requires days or months"
    days = max(facts.agreement.days, regime.agreement_floor_days)
    reasons.append(
        Reason("agreement", wording.filled(_("Délai fixé par accord : %(count)s jours."), count=facts.agreement.days))
    )
    if days != facts.agreement.days:
        reasons.append(
            Reason(
                "agreement_below_floor",
                wording.filled(
                    _("Un accord ne pouvait descendre sous %(count)s jours : ce plancher s’applique."), count=days
                ),
            )
        )
    return None, days, start + timedelta(days=days)


def _moved(facts: ConsultationFacts, nominal: date, policy: DeadlinePolicy, reasons: list[Reason]) -> date:
    """The nominal end after a common agreement, the judge and a suspension, in that order. Never earlier."""
    if facts.common_agreement_on is not None and facts.common_agreement_on > nominal:
        nominal = facts.common_agreement_on
        reasons.append(
            Reason(
                "common_agreement", _("Délai prolongé d’un commun accord (Cass. soc. 8 juillet 2020, n° 19-10.987).")
            )
        )
    suspended = timedelta(days=facts.suspended_days if policy.expert_challenge_suspends else 0)
    if facts.judge is not None:
        # What suspends the limit keeps it open for the judge too; so does the working day after it, where that binds.
        last = nominal + suspended
        if policy.weekend_extension is WeekendExtension.EXTENDED:
            last = next_working_day(last, facts.calendar)
        nominal = _judged(facts.judge, nominal, last, reasons)
    if suspended:
        nominal += suspended
        reasons.append(
            Reason(
                "suspended",
                wording.filled(
                    _("Délai suspendu %(count)s jours par la contestation de l’expertise."), count=facts.suspended_days
                ),
            )
        )
    return nominal


def _judged(judge: JudgeOrder, nominal: date, last: date, reasons: list[Reason]) -> date:
    """The judge may rule after the limit, but must be seized on its last day at the latest (C10). He only extends."""
    if judge.seized_on > last:
        reasons.append(Reason("judge_seized_too_late", _("Le juge a été saisi après l’expiration du délai.")))
    elif judge.extended_to is None:
        reasons.append(Reason("judge_seized", _("Le juge est saisi : sa saisine seule ne prolonge pas le délai.")))
    elif judge.extended_to > nominal:
        reasons.append(Reason("judge_order", _("Délai prolongé par le juge (C. trav. L2312-15).")))
        return judge.extended_to
    return nominal


def _opinion_that_counts(
    facts: ConsultationFacts, start: date, deemed: date, policy: DeadlinePolicy, reasons: list[Reason]
) -> date | None:
    opinion = facts.opinion
    if opinion is None:
        return None
    if opinion.kind is OpinionKind.NO_POSITION and not policy.refusal_ends_consultation:
        reasons.append(
            Reason("refusal_recorded", _("Le refus de donner un avis n’est pas un avis : le délai court à son terme."))
        )
    elif opinion.given_on < start:
        reasons.append(
            Reason("opinion_before_information", _("Un avis antérieur à l’information complète ne compte pas."))
        )
    elif opinion.given_on > deemed:
        reasons.append(
            Reason("opinion_after_deadline", _("Avis rendu après l’échéance : l’avis est déjà réputé négatif."))
        )
    else:
        reasons.append(Reason("opinion_given", _("Un avis exprès a été rendu : il ne lie pas l’employeur.")))
        return opinion.given_on
    return None


def _establishment_due(facts: ConsultationFacts, start: date, regime: Regime, answer_by: date) -> date | None:
    if not facts.both_levels or regime.establishment_days_before is None:
        return None
    if regime.establishment_rule_from is not None and start < regime.establishment_rule_from:
        return None
    return answer_by - timedelta(days=regime.establishment_days_before)


def earliest_decision_on(facts: ConsultationFacts, policy: DeadlinePolicy | None = None) -> date | None:
    """First day on which a decision is accepted; None while the clock has not started."""
    return deadline(facts, policy).act_from


def decision_violations(limit: Deadline, decided_on: date) -> list[Violation]:
    """Why a decision of that day (a board vote, even a conditional one) comes too early; empty when it does not."""
    if limit.status is DeadlineStatus.CLOCK_NOT_STARTED:
        return [Violation("clock_not_started", limit.reasons[0].detail)]
    if limit.status is DeadlineStatus.REGIME_UNKNOWN:
        return [Violation("regime_unknown", limit.reasons[0].detail)]
    assert limit.act_from is not None, "a running limit has its date"
    if decided_on >= limit.act_from:
        return []
    sentence = _("La consultation n’est pas achevée : la décision peut être prise à partir du %(day)s, ou dès l’avis.")
    detail = wording.filled(sentence, day=wording.day(limit.act_from))
    return [Violation("decision_before_consultation", detail)]


def too_early(facts: ConsultationFacts, decided_on: date, policy: DeadlinePolicy | None = None) -> list[Violation]:
    """`decision_violations` from the facts."""
    return decision_violations(deadline(facts, policy), decided_on)


def day_limit(start: date, days: int, calendar: SiteCalendar = SiteCalendar.METROPOLE) -> tuple[date, date]:
    """A limit in days (art. 641, 642 CPC): the day of the act does not count. Nominal end, then the end extended."""
    if days < 0:
        raise ValueError("a limit is not negative")
    nominal = start + timedelta(days=days)
    return nominal, next_working_day(nominal, calendar)
