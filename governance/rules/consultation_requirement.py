"""What a step of the cooperation needs from the staff body of one employer (`domain.md` 1.4).

One answer per employer: never a shared consultation, unless a *unité économique et sociale* is recognised.
"""

from collections.abc import Callable, Iterable
from dataclasses import replace
from datetime import date

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coopproject import wording
from coopproject.exceptions import InvalidInput
from governance.rules.calendars import add_months
from governance.rules.headcount import (
    CSE_THRESHOLD,
    FULL_POWERS_THRESHOLD,
    AdhocDeferral,
    SizeClass,
    ThresholdState,
    ThresholdStatus,
    employs,
    full_powers_from,
    threshold_status,
)
from governance.rules.regimes import Confidence, load_regimes, regime_for
from governance.rules.requirement_facts import (
    ASSESSMENT_CODES,
    CONSULTATION_CODES,
    BranchAgreement,
    CseStatus,
    EmployerFacts,
    Impact,
    Requirement,
    RequirementCode,
    RequirementPolicy,
    employer_violations,
    load_agreements,
)

__all__ = [
    "ASSESSMENT_CODES",
    "CONSULTATION_CODES",
    "CseStatus",
    "EmployerFacts",
    "Impact",
    "Requirement",
    "RequirementCode",
    "RequirementPolicy",
    "employer_violations",
    "requirement",
]


def requirement(
    employer: EmployerFacts,
    impacts: Iterable[Impact],
    on: date,
    *,
    policy: RequirementPolicy | None = None,
    agreements: tuple[BranchAgreement, ...] | None = None,
    assessment: str = "",
) -> Requirement:
    """What the step needs from this employer's staff body on that day, and why.

    `assessment`: the reasons that a person recorded where the answer is one of `ASSESSMENT_CODES`; it then no longer
    blocks. Raises InvalidInput on `employer_violations`.
    """
    if violations := employer_violations(employer, on):
        raise InvalidInput(*violations)
    case = _Case(
        employer=employer,
        impacts=frozenset(impacts),
        on=on,
        policy=policy or RequirementPolicy(),
        agreements=load_agreements() if agreements is None else agreements,
    )
    found = case.answer()
    if found.code in ASSESSMENT_CODES and assessment.strip():
        note = _("%(explanation)s Appréciation consignée : « %(assessment)s ».")
        explanation = wording.filled(note, explanation=found.explanation, assessment=assessment.strip())
        return replace(found, blocks=False, explanation=explanation)
    return found


class _Case:
    """The decision table, read from the top: the first line that applies answers."""

    def __init__(
        self,
        *,
        employer: EmployerFacts,
        impacts: frozenset[Impact],
        on: date,
        policy: RequirementPolicy,
        agreements: tuple[BranchAgreement, ...],
    ) -> None:
        self.employer, self.on, self.policy, self.agreements = employer, on, policy, agreements
        self.impacts = frozenset(impact for impact in impacts if self._counts(impact))
        elected = employer.cse_status is CseStatus.ELECTED
        ended = employer.mandate_ends_on is not None and employer.mandate_ends_on < on
        renewals = [day for day in (employer.mandate_started_on, employer.mandate_ends_on) if day is not None]
        self.reached_11 = threshold_status(
            employer.headcounts, CSE_THRESHOLD, on, renewals=renewals, lost_without_renewal=not elected
        )
        self.reached_50 = threshold_status(
            employer.headcounts, FULL_POWERS_THRESHOLD, on, renewals=renewals, lost_without_renewal=not elected
        )
        self.body_ended = elected and ended and self.reached_11.lost_on is not None
        self.has_body = elected and not self.body_ended
        self.size = self._size()

    def _counts(self, impact: Impact) -> bool:
        if impact is Impact.ENVIRONMENT:
            return any(regime.covers_environment(self.on) for regime in load_regimes())
        return True

    def _size(self) -> SizeClass:
        if self.employer.override is not None:
            return self.employer.override.size
        if self.reached_50.state is ThresholdState.REACHED:
            return SizeClass.FROM_50
        # A body that sits proves 11 well enough: only 50 then matters.
        doubts = {self.reached_50.state} if self.has_body else {self.reached_50.state, self.reached_11.state}
        if ThresholdState.UNKNOWN in doubts:
            return SizeClass.UNKNOWN
        under_11 = self.reached_11.state is ThresholdState.NOT_REACHED
        return SizeClass.UNDER_11 if under_11 else SizeClass.FROM_11_TO_49

    def answer(self) -> Requirement:
        lines: tuple[Callable[[], Requirement | None], ...] = (
            self._without_employee,
            self._without_body,
            self._by_size_50,
            self._specific,
            self._by_agreement,
            self._unknown,
        )
        for line in lines:
            if (found := line()) is not None:
                return found
        return self._inform()

    def _inform(self) -> Requirement:
        deferred = self.size is SizeClass.FROM_50
        sentence = (
            _("Seuil de 50 franchi depuis moins de douze mois : consultation différée par choix ; informez le CSE.")
            if deferred
            else _("Moins de 50 salariés : la loi n’impose pas de consulter le CSE sur ce projet ; l’informer est bon.")
        )
        return self._found(
            RequirementCode.INFORM_RECOMMENDED,
            sentence,
            "C. trav. L2312-2" if deferred else "C. trav. L2312-5 et L2312-6",
            Confidence.K if deferred else Confidence.A,
            self.reached_50,
            configurable="adhoc_deferral" if deferred else "",
        )

    def _without_employee(self) -> Requirement | None:
        figures = employs(self.employer.headcounts, self.on)
        if (
            self.employer.override is not None
            or (self.employer.has_employees if figures is None else figures) is not False
        ):
            return None
        return self._found(
            RequirementCode.NOT_APPLICABLE,
            _("Cet organisme n’a pas de salarié (les bénévoles ne comptent pas)."),
            "C. trav. L2311-1",
            Confidence.A,
        )

    def _without_body(self) -> Requirement | None:
        if self.has_body:
            return None
        if self.size is SizeClass.UNDER_11:
            return self._found(
                RequirementCode.NO_BODY,
                _("Pas de CSE obligatoire : informez directement les salariés."),
                "C. trav. L2311-2",
                Confidence.A,
                self.reached_11,
            )
        if self.employer.cse_status is CseStatus.CARENCE:
            return self._carence()
        if self.size is SizeClass.UNKNOWN and self.reached_11.state is not ThresholdState.REACHED:
            return None
        return self._body_missing(
            _("CSE obligatoire mais absent : l’employeur doit organiser les élections ; la décision est exposée.")
        )

    def _body_missing(self, sentence: str | Promise) -> Requirement:
        return self._found(
            RequirementCode.BODY_MISSING, sentence, "C. trav. L2311-2 et L2317-1", Confidence.A, self.reached_11
        )

    def _carence(self) -> Requirement:
        held_on, validity = self.employer.carence_on, self.policy.carence_validity_months
        if held_on is not None and validity is not None and add_months(held_on, validity) <= self.on:
            expired = _("Le procès-verbal de carence du %(day)s est périmé : des élections doivent être organisées.")
            lapsed = self._body_missing(wording.filled(expired, day=wording.day(held_on)))
            return replace(lapsed, confidence=Confidence.K, configurable="carence_validity_months")
        sentence: str | Promise = _(
            "Carence constatée à une date inconnue : joignez le procès-verbal et indiquez sa date."
        )
        if held_on is not None:
            known = _("Carence constatée le %(day)s : joignez le procès-verbal et informez directement les salariés.")
            sentence = wording.filled(known, day=wording.day(held_on))
        return self._found(
            RequirementCode.BODY_ABSENT_DOCUMENTED,
            sentence,
            "C. trav. L2314-9",
            Confidence.K,
            configurable="carence_validity_months",
        )

    def _by_size_50(self) -> Requirement | None:
        if self.size is not SizeClass.FROM_50:
            return None
        met_on = self.reached_50.met_on if self.employer.override is None else None
        elected_on = self.employer.cse_first_elected_on
        if elected_on is not None and elected_on > self.on:
            # On that day the body that sat was the one before it, a works committee.
            elected_on = None
        crossing = met_on is not None and (elected_on is None or elected_on < met_on)
        if met_on is not None:
            powers_from = full_powers_from(
                met_on,
                cse_first_elected_on=elected_on,
                mandate_ends_on=self.employer.mandate_ends_on,
                deferral=self.policy.adhoc_deferral,
            )
            if self.on < powers_from and crossing and self.policy.adhoc_deferral is not AdhocDeferral.NONE:
                return None
            if self.on < powers_from and not crossing:
                return self._specific() or self._by_agreement() or self._new_body(powers_from)
        duty, confidence = self._general_duty()
        if not self.impacts:
            return self._found(
                RequirementCode.CONSULT_TO_ASSESS,
                _(
                    "Au moins 50 salariés et aucun effet déclaré : une personne doit consigner pourquoi le CSE n’est "
                    "pas consulté. Une charte qui engage des personnes ou de l’argent a des effets."
                ),
                f"{duty} ; Cass. soc. 12 novembre 1997, n° 96-12.314",
                confidence,
                self.reached_50,
            )
        # The question on H07 stays open only during the twelve months after the crossing.
        open_question = crossing and met_on is not None and self.on < add_months(met_on, 12)
        return self._found(
            RequirementCode.CONSULT_REQUIRED,
            _("Au moins 50 salariés : le CSE est consulté avant la décision, donc avant le vote du conseil."),
            duty,
            Confidence.K if open_question else confidence,
            self.reached_50,
            configurable="adhoc_deferral" if open_question else "",
        )

    def _general_duty(self) -> tuple[str, Confidence]:
        """The article that asks for the consultation on that day, and how well it is established."""
        regime = regime_for(self.on, self.employer.cse_first_elected_on)
        if regime is None or regime.body == "cse":
            return "C. trav. L2312-8 et L2312-14", Confidence.A
        return regime.general_duty, regime.confidence

    def _new_body(self, powers_from: date) -> Requirement:
        sentence = _(
            "Au moins 50 salariés, mais le CSE élu après le franchissement du seuil n’a toutes ses attributions "
            "qu’à partir du %(day)s : une personne doit consigner s’il est consulté."
        )
        return self._found(
            RequirementCode.CONSULT_TO_ASSESS,
            wording.filled(sentence, day=wording.day(powers_from)),
            "C. trav. L2312-2",
            Confidence.A,
            self.reached_50,
        )

    def _specific(self) -> Requirement | None:
        lends_out = Impact.STAFF_LENDING_OUT in self.impacts
        receives = Impact.STAFF_LENDING_IN in self.impacts and self.policy.host_is_consulted
        if not self.has_body or not (lends_out or receives):
            return None
        sentence = (
            _("Prêt de personnel : le CSE de l’employeur prêteur est consulté au préalable, quelle que soit sa taille.")
            if lends_out
            else _("Prêt de personnel : le CSE de l’employeur d’accueil est consulté avant l’arrivée des salariés.")
        )
        return self._found(
            RequirementCode.CONSULT_SPECIFIC,
            sentence,
            "C. trav. L8241-2",
            Confidence.B if lends_out else Confidence.K,
            self.reached_50,
            configurable="" if lends_out else "host_is_consulted",
        )

    def _by_agreement(self) -> Requirement | None:
        if not self.has_body or not self.impacts or self.size is SizeClass.UNDER_11:
            return None
        sentence = _(
            "Un accord donne à ce CSE des attributions plus larges que la loi : il est consulté avant la décision."
        )
        if self.employer.wider_powers_ref.strip():
            reference = f"C. trav. L2312-4 ; {self.employer.wider_powers_ref.strip()}"
            return self._found(RequirementCode.CONSULT_BY_AGREEMENT, sentence, reference, Confidence.A, self.reached_50)
        for agreement in self.agreements:
            if agreement.holds(self.employer.idcc, self.on) and self._in_range(agreement):
                return self._found(
                    RequirementCode.CONSULT_BY_AGREEMENT,
                    sentence,
                    f"C. trav. L2312-4 ; {agreement.legal_ref}",
                    agreement.confidence,
                    self.reached_50,
                    configurable="" if agreement.confidence.settled else "branch_agreements",
                )
        return None

    def _in_range(self, agreement: BranchAgreement) -> bool:
        """Whether the size falls in the agreement's range; an exact range below 50 needs the figures."""
        if (agreement.at_least, agreement.below) == (CSE_THRESHOLD, FULL_POWERS_THRESHOLD) or self.employer.override:
            return True
        reached, passed = (
            threshold_status(self.employer.headcounts, threshold, self.on).state
            for threshold in (agreement.at_least, agreement.below)
        )
        return reached is not ThresholdState.NOT_REACHED and passed is not ThresholdState.REACHED

    def _unknown(self) -> Requirement | None:
        if self.size is not SizeClass.UNKNOWN:
            return None
        decisive = self.reached_50 if self.has_body else self.reached_11
        sentence = _("%(known)s Complétez les effectifs, ou consignez pourquoi le CSE est consulté ou non.")
        return self._found(
            RequirementCode.HEADCOUNT_UNKNOWN,
            wording.filled(sentence, known=decisive.explanation),
            "C. trav. L1111-2, L2311-2 et L2312-2",
            Confidence.B,
            configurable="unknown_headcount_blocks",
        )

    def _found(
        self,
        code: RequirementCode,
        sentence: str | Promise,
        legal_ref: str,
        confidence: Confidence,
        because: ThresholdStatus | None = None,
        *,
        configurable: str = "",
    ) -> Requirement:
        override, explanation = self.employer.override, sentence
        if override is not None:
            stated = _("%(sentence)s Taille retenue à la main : « %(reason)s ».")
            explanation = wording.filled(stated, sentence=sentence, reason=override.reason.strip())
        elif because is not None:
            explanation = wording.filled("%(sentence)s %(because)s", sentence=sentence, because=because.explanation)
        blocks = code in CONSULTATION_CODES | {RequirementCode.CONSULT_TO_ASSESS}
        if code is RequirementCode.HEADCOUNT_UNKNOWN:
            blocks = self.policy.unknown_headcount_blocks
        return Requirement(
            code=code,
            explanation=explanation,
            legal_ref=legal_ref,
            confidence=confidence,
            blocks=blocks,
            size=self.size,
            configurable=configurable,
            missing_months=tuple(sorted({*self.reached_11.missing, *self.reached_50.missing})),
        )
