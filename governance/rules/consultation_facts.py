"""The facts of one consultation of a staff body, and what makes them unusable (`domain.md` 1.2 to 1.6)."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import Violation
from governance.rules.calendars import FIRST_YEAR, LAST_YEAR, SiteCalendar
from governance.rules.regimes import Situation, regime_by_id

MAX_AGREED_DAYS, MAX_AGREED_MONTHS, MAX_SUSPENDED_DAYS = 1100, 36, 3660
"""Beyond these a number is taken for a typing error."""


class OpinionKind(StrEnum):
    """What the body answered. `no_position` is a recorded refusal; `deemed_negative` is computed, never typed."""

    FAVOURABLE = "favourable"
    FAVOURABLE_WITH_RESERVATIONS = "favourable_with_reservations"
    RESERVED = "reserved"
    UNFAVOURABLE = "unfavourable"
    NO_POSITION = "no_position"
    DEEMED_NEGATIVE = "deemed_negative"


@dataclass(frozen=True)
class Opinion:
    kind: OpinionKind
    given_on: date


@dataclass(frozen=True, kw_only=True)
class AgreedDelay:
    """The limit that an agreement fixes instead of the decree (C11), in days or in months: exactly one of them."""

    days: int | None = None
    months: int | None = None


@dataclass(frozen=True)
class JudgeOrder:
    """The president of the court was seized; `extended_to` is the date fixed, None until a ruling (C09, C10)."""

    seized_on: date
    extended_to: date | None = None


@dataclass(frozen=True, kw_only=True)
class ConsultationFacts:
    """What is known of one consultation of one employer. Dates are legal dates at the site.

    `bdese_required`: law or agreement wants the data in the BDESE, so that only the notice can start the clock (C15).
    `information_complete`: False while something that law or agreement requires is lacking.
    `regime_id`: the regime frozen at opening; "" asks for the one in force when the information was complete.
    """

    information_delivered_on: date | None = None
    bdese_notice_on: date | None = None
    bdese_required: bool = False
    information_complete: bool = True
    expert: bool = False
    both_levels: bool = False
    chsct: bool = False
    chsct_coordination: bool = False
    agreement: AgreedDelay | None = None
    common_agreement_on: date | None = None
    judge: JudgeOrder | None = None
    suspended_days: int = 0
    opinion: Opinion | None = None
    calendar: SiteCalendar = SiteCalendar.METROPOLE
    cse_first_elected_on: date | None = None
    regime_id: str = ""

    @property
    def start(self) -> date | None:
        """The day that starts the clock (R2312-5): the later of information and BDESE notice; None while incomplete."""
        if not self.information_complete or (self.bdese_required and self.bdese_notice_on is None):
            return None
        known = [day for day in (self.information_delivered_on, self.bdese_notice_on) if day is not None]
        return max(known, default=None)

    @property
    def situations(self) -> frozenset[Situation]:
        """An expert mission at either level of a two-level consultation is enough for the longest limit (1.8)."""
        flags = {
            Situation.STANDARD: True,
            Situation.EXPERT: self.expert,
            Situation.EXPERT_BOTH_LEVELS: self.expert and self.both_levels,
            Situation.CHSCT: self.chsct,
            Situation.CHSCT_COORDINATION: self.chsct_coordination,
        }
        return frozenset(situation for situation, holds in flags.items() if holds)


def facts_violations(facts: ConsultationFacts) -> list[Violation]:
    """What makes the facts unusable, all at once; empty when they can be computed with."""
    return list(_facts_violations(facts))


def _facts_violations(facts: ConsultationFacts) -> Iterator[Violation]:
    if facts.agreement is not None:
        days, months = facts.agreement.days, facts.agreement.months
        if (days is None) == (months is None):
            yield Violation(
                "agreement_unit", _("Un accord fixe le délai soit en jours, soit en mois."), pointer="/agreement"
            )
        if days is not None and not 1 <= days <= MAX_AGREED_DAYS:
            yield Violation(
                "agreement_length", _("Le délai convenu en jours n’est pas plausible."), pointer="/agreement/days"
            )
        if months is not None and not 1 <= months <= MAX_AGREED_MONTHS:
            yield Violation(
                "agreement_length", _("Le délai convenu en mois n’est pas plausible."), pointer="/agreement/months"
            )
    if not 0 <= facts.suspended_days <= MAX_SUSPENDED_DAYS:
        yield Violation(
            "suspension_length", _("Le nombre de jours de suspension n’est pas plausible."), pointer="/suspended_days"
        )
    if facts.judge and facts.judge.extended_to and facts.judge.extended_to < facts.judge.seized_on:
        yield Violation(
            "judge_order_before_seizure",
            _("Le juge ne peut fixer une date antérieure à sa saisine."),
            pointer="/judge/extended_to",
        )
    if facts.opinion is not None and facts.opinion.kind is OpinionKind.DEEMED_NEGATIVE:
        yield Violation(
            "deemed_negative_is_computed",
            _("L’avis réputé négatif résulte du seul écoulement du délai : il ne se saisit pas."),
            pointer="/opinion/kind",
        )
    if facts.regime_id and regime_by_id(facts.regime_id) is None:
        yield Violation("regime_unknown", _("Ce régime de consultation n’est pas connu."), pointer="/regime_id")
    for pointer, day in (
        ("/information_delivered_on", facts.information_delivered_on),
        ("/bdese_notice_on", facts.bdese_notice_on),
        ("/common_agreement_on", facts.common_agreement_on),
        ("/judge/extended_to", facts.judge.extended_to if facts.judge else None),
    ):
        # The end of a limit must still fall where public holidays are known.
        if day is not None and not FIRST_YEAR <= day.year <= LAST_YEAR - 20:
            yield Violation("date_out_of_range", _("Cette date n’est pas plausible."), pointer=pointer)
