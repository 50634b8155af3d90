"""Hypotheses of structure in a dossier."""

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import Violation
from governance.dossier.governance_sections import in_order, not_in_the_future
from governance.dossier.sections import Draft, Resolve, Row, Section
from governance.models import StructureScenario
from governance.rules.legal_forms.told import told_violations
from governance.rules.scenarios import feature_violations, repeated_forms


def facts_by_organisation(facts: Any, resolve: Resolve) -> Any:
    """What is told of a form, where the organisations that it names have their identifiers."""
    members = facts.get("members") if isinstance(facts, dict) else None
    if not isinstance(members, list):
        return facts
    return facts | {
        "members": [
            member | {"organisation": resolve(member["organisation"])}
            if isinstance(member, dict) and isinstance(member.get("organisation"), str)
            else member
            for member in members
        ]
    }


def at(row: Row, found: list[Violation]) -> Iterator[Violation]:
    """The same violations, where they stand in the document."""
    for violation in found:
        yield Violation(violation.code, violation.detail, row.pointer + violation.pointer)


def outside_the_cooperation(row: Row, draft: Draft, name: str) -> Iterator[Violation]:
    """The organisations of a list are, or were, members."""
    members = {membership.obj.organisation_id for membership in draft["memberships"]}
    if not set(row.many.get(name, ())) <= members:
        yield row.wrong("not_a_member", _("Chaque organisation citée est membre de la coopération."), name)


def _check(row: Row, draft: Draft) -> Iterator[Violation]:
    obj = row.obj
    told = told_violations(obj.facts, {str(pk) for pk in row.many.get("members", ())})
    yield from at(row, [*repeated_forms(obj.forms), *feature_violations(obj.features), *told])
    yield from not_in_the_future(row, draft, "proposed_on", "decided_on")
    yield from in_order(row, "proposed_on", "decided_on")
    yield from outside_the_cooperation(row, draft, "members")


SECTION = Section(
    key="structure_scenarios",
    model=StructureScenario,
    fields=(
        "title",
        "forms",
        "scheme",
        "members",
        "facts",
        "features",
        "pooled",
        "governance",
        "cost_once",
        "cost_yearly",
        "impact_flags",
        "staff",
        "advantages",
        "drawbacks",
        "risks",
        "reversibility",
        "state",
        "proposed_on",
        "decided_on",
        "state_reason",
        "confidentiality",
    ),
    adapt={"facts": facts_by_organisation},
    check=_check,
)
