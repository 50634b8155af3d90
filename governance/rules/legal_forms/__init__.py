"""Legal forms of a cooperation: what each is (`catalogue`) and whether given members may take it (`checks`)."""

from governance.rules.legal_forms.catalogue import CHECKED_ON, FORMS, form_by_code
from governance.rules.legal_forms.checks import LIMITS, check_form, require_possible
from governance.rules.legal_forms.entries import Constraint, FormCode, LegalFormEntry, PublicBodies
from governance.rules.legal_forms.facts import (
    WHOLE,
    CollegeShare,
    FormFacts,
    MemberCategory,
    MemberFacts,
    facts_violations,
)
from governance.rules.legal_forms.findings import Finding, FindingSeverity

__all__ = [
    "CHECKED_ON",
    "FORMS",
    "LIMITS",
    "WHOLE",
    "CollegeShare",
    "Constraint",
    "Finding",
    "FindingSeverity",
    "FormCode",
    "FormFacts",
    "LegalFormEntry",
    "MemberCategory",
    "MemberFacts",
    "PublicBodies",
    "check_form",
    "facts_violations",
    "form_by_code",
    "require_possible",
]
