"""What the checks of forms say of organisations and of what is told besides."""

from collections.abc import Iterable, Mapping
from typing import Any

from governance.models import Cooperation, Organisation
from governance.rules.legal_forms import Finding, FindingSeverity, check_form
from governance.rules.legal_forms.told import form_facts
from governance.selectors.legal_forms import member_facts, waived_rules


def findings_of(
    cooperation: Cooperation, form: str, members: Iterable[Organisation], told: Mapping[str, Any]
) -> tuple[Finding, ...] | None:
    """Every finding, errors first; None while there is nobody to check the form on."""
    facts = form_facts(told, {str(member.pk): member_facts(member) for member in members})
    return check_form(form, facts, waived=waived_rules(cooperation)) if facts.members else None


def errors_of(findings: Iterable[Finding] | None) -> list[Finding]:
    """Those that stand against the form."""
    return [finding for finding in findings or () if finding.severity is FindingSeverity.ERROR]
