"""The facts that decide whether a staff body is consulted, and the shape of the answer (`domain.md` 1.4, 1.8)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import Violation
from governance.rules.headcount import AdhocDeferral, SizeClass, SizeOverride, headcount_violations
from governance.rules.regimes import Confidence

_FILE = Path(__file__).parent.parent / "data" / "branch_agreements.yaml"


class CseStatus(StrEnum):
    """`carence`: elections were held and nobody was elected; the minutes say so."""

    NONE = "none"
    ELECTED = "elected"
    CARENCE = "carence"


class Impact(StrEnum):
    """What a step changes for the staff of the employer."""

    ORG_OR_MANAGEMENT = "org_or_management"
    STAFF_VOLUME = "staff_volume"
    LEGAL_OR_ECONOMIC_ORGANISATION = "legal_or_economic_organisation"
    WORKING_CONDITIONS = "working_conditions"
    TECHNOLOGY_OR_SAFETY = "technology_or_safety"
    ENVIRONMENT = "environment"
    STAFF_LENDING_OUT = "staff_lending_out"
    STAFF_LENDING_IN = "staff_lending_in"
    TRANSFER_OF_STAFF = "transfer_of_staff"


class RequirementCode(StrEnum):
    NOT_APPLICABLE = "not_applicable"
    NO_BODY = "no_body"
    BODY_MISSING = "body_missing"
    BODY_ABSENT_DOCUMENTED = "body_absent_documented"
    INFORM_RECOMMENDED = "inform_recommended"
    CONSULT_SPECIFIC = "consult_specific"
    CONSULT_BY_AGREEMENT = "consult_by_agreement"
    CONSULT_REQUIRED = "consult_required"
    CONSULT_TO_ASSESS = "consult_to_assess"
    HEADCOUNT_UNKNOWN = "headcount_unknown"


CONSULTATION_CODES = frozenset(
    {RequirementCode.CONSULT_SPECIFIC, RequirementCode.CONSULT_BY_AGREEMENT, RequirementCode.CONSULT_REQUIRED}
)
"""Cleared by a consultation that is done."""

ASSESSMENT_CODES = frozenset({RequirementCode.CONSULT_TO_ASSESS, RequirementCode.HEADCOUNT_UNKNOWN})
"""Cleared by a person who records, with reasons, that no consultation is due (or by the missing facts)."""


@dataclass(frozen=True, kw_only=True)
class EmployerFacts:
    """What is known of one employer (legal entity, not site) about its staff body.

    `has_employees`: False states that there is none, for an association that records no headcount; figures prevail.
    `mandate_started_on`, `mandate_ends_on`: of the current CSE. `wider_powers_ref`: the company agreement or usage
    that widens the powers of the CSE of a smaller employer (C30), "" if none.
    """

    headcounts: Mapping[date, Decimal] = field(default_factory=dict)
    has_employees: bool | None = None
    override: SizeOverride | None = None
    cse_status: CseStatus = CseStatus.NONE
    carence_on: date | None = None
    cse_first_elected_on: date | None = None
    mandate_started_on: date | None = None
    mandate_ends_on: date | None = None
    idcc: str = ""
    wider_powers_ref: str = ""


@dataclass(frozen=True, kw_only=True)
class RequirementPolicy:
    """The points that law leaves open (`domain.md` 1.8), prudent by default.

    `carence_validity_months`: how long minutes that record the absence of candidates stand; None = for ever.
    `host_is_consulted`: receiving lent staff asks for the host's body too, whatever its size.
    `unknown_headcount_blocks`: a size that cannot be told holds the decision back until a person has assessed it.
    """

    adhoc_deferral: AdhocDeferral = AdhocDeferral.NONE
    carence_validity_months: int | None = 48
    host_is_consulted: bool = True
    unknown_headcount_blocks: bool = True

    @classmethod
    def of(cls, settings: Mapping[str, Any]) -> "RequirementPolicy":
        """What a cooperation chose, by the names of `Requirement.configurable`; an unknown value is not followed.

        That a size which cannot be told holds a decision back is no open point of law: nobody sets it aside.
        """
        deferral, months = settings.get("adhoc_deferral"), settings.get("carence_validity_months")
        return cls(
            adhoc_deferral=AdhocDeferral(deferral) if deferral in set(AdhocDeferral) else cls.adhoc_deferral,
            carence_validity_months=months if type(months) is int and months > 0 else cls.carence_validity_months,
            host_is_consulted=settings.get("host_is_consulted") is not False,
        )


@dataclass(frozen=True, kw_only=True)
class Requirement:
    """The answer for one employer, one step, one day.

    `blocks`: the decision waits until this is cleared. `configurable`: the setting of `RequirementPolicy` (or
    "branch_agreements") on which the answer rests, "" when law settles it. `size`: the size that was retained.
    """

    code: RequirementCode
    explanation: str | Promise
    legal_ref: str
    confidence: Confidence
    blocks: bool
    size: SizeClass
    configurable: str = ""
    missing_months: tuple[date, ...] = ()


@dataclass(frozen=True)
class BranchAgreement:
    """Wider powers by branch agreement; sizes in employees, `at_least` included and `below` excluded."""

    idcc: str
    valid_from: date
    valid_to: date | None
    at_least: int
    below: int
    legal_ref: str
    confidence: Confidence

    def holds(self, idcc: str, on: date) -> bool:
        same = self.idcc.lstrip("0") == idcc.strip().lstrip("0")
        return same and self.valid_from <= on and (self.valid_to is None or on <= self.valid_to)


def parse_agreements(rows: Iterable[Mapping[str, Any]]) -> tuple[BranchAgreement, ...]:
    return tuple(BranchAgreement(**{**row, "confidence": Confidence(row["confidence"])}) for row in rows)


@cache
def load_agreements() -> tuple[BranchAgreement, ...]:
    """The branch agreements of the reference file."""
    return parse_agreements(yaml.safe_load(_FILE.read_text(encoding="utf-8")))


def record_violations(employer: EmployerFacts, today: date) -> list[Violation]:
    """What cannot be recorded of a staff body and of a size stated by hand, all at once. Facts are past or of today: an
    election or minutes to come would spare a consultation that is due."""
    found = []
    future = _("Cette date est dans le futur.")
    for name in ("cse_first_elected_on", "carence_on"):
        day: date | None = getattr(employer, name)
        if day is not None and day > today:
            found.append(Violation("in_the_future", future, f"/{name}"))
    return [*found, *_own_violations(employer)]


def employer_violations(employer: EmployerFacts, on: date) -> list[Violation]:
    """What makes the facts unusable, all at once."""
    return [*headcount_violations(employer.headcounts, on), *_own_violations(employer)]


def _own_violations(employer: EmployerFacts) -> list[Violation]:
    found = []
    if employer.override is not None:
        found += employer.override.violations()
    started, ends = employer.mandate_started_on, employer.mandate_ends_on
    if started is not None and ends is not None and ends < started:
        found.append(
            Violation("mandate_order", _("Le mandat du CSE finit avant d’avoir commencé."), "/mandate_ends_on")
        )
    return found
