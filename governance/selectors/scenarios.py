"""Hypotheses of structure side by side, with what the existing rules say of each. Nothing here ranks them."""

import datetime as dt
from collections.abc import Iterable
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext_lazy as _

from coopproject import clock
from governance.actor import Actor
from governance.enums import ImpactFlag
from governance.enums_path import GroupScheme
from governance.models import Cooperation, MonthlyHeadcount, Organisation, StructureScenario
from governance.rules.consultation_requirement import requirement
from governance.rules.legal_forms import form_by_code
from governance.rules.orientation import TABLE, CooperationType, Family, OrientationFacts, orientation_violations
from governance.rules.requirement_facts import CONSULTATION_CODES, Impact, RequirementPolicy
from governance.rules.scenarios import FEATURES, ROWS, SENTENCES, compare, family_of
from governance.selectors.employers import HEADCOUNT_DAYS, employer_facts
from governance.selectors.form_findings import errors_of, findings_of
from governance.selectors.orientation import told_so_far

_FAMILIES = {Family.FUNCTIONAL: _("fonctionnelle, sans nouvelle personne morale"), Family.ORGANIC: _("organique")}


def side_by_side(cooperation: Cooperation, actor: Actor) -> dict[str, Any]:
    """Every hypothesis that the reader may know of, under the same heads, and which heads divide them.

    Those that were set aside stay: why they were is part of the choice.
    """
    today = clock.today(cooperation.zone)
    headcounts = MonthlyHeadcount.objects.filter(
        month__gte=today - dt.timedelta(days=HEADCOUNT_DAYS), month__lte=today
    ).order_by("month")
    rows = list(
        StructureScenario.objects.visible_to(actor)
        .filter(cooperation=cooperation)
        .prefetch_related(
            Prefetch("members", Organisation.objects.order_by("search_name", "pk")),
            Prefetch("members__headcounts", headcounts),
        )
        .order_by("created_at", "pk")
    )
    told = told_so_far(cooperation, actor, today)
    columns = [_column(row, cooperation, told, today) for row in rows]
    compared = compare([_heads(row, column) for row, column in zip(rows, columns, strict=True)])
    return {
        "cooperation": cooperation.pk,
        "on": today,
        "currency": cooperation.currency,
        "orientation_missing": orientation_violations(told),
        "scenarios": columns,
        "rows": [
            {
                "code": row.code,
                "label": ROWS.get(row.code) or FEATURES[row.code],
                "divides": row.divides,
                "values": [
                    {"scenario": column["id"], "said": said} for column, said in zip(columns, row.values, strict=True)
                ],
            }
            for row in compared
        ],
        "names": _names(rows, columns),
    }


def _names(rows: Iterable[StructureScenario], columns: Iterable[dict[str, Any]]) -> dict[str, str]:
    """What the identifiers and codes of the comparison mean, for whoever reads it: members, forms, schemes, effects."""
    said = {str(member.pk): member.name for row in rows for member in row.members.all()}
    said |= {str(form["form"]): str(form["name"]) for column in columns for form in column["forms"]}
    said |= {scheme: str(GroupScheme(scheme).label) for row in rows if (scheme := row.scheme)}
    said |= {flag: str(ImpactFlag(flag).label) for row in rows for flag in row.impact_flags}
    said |= {str(family): str(label) for family, label in _FAMILIES.items()}
    return said


def _column(row: StructureScenario, cooperation: Cooperation, told: OrientationFacts, today: dt.date) -> dict[str, Any]:
    members = list(row.members.all())
    return {
        "id": row.pk,
        "title": row.title,
        "state": row.state,
        "state_reason": row.state_reason,
        "scheme": GroupScheme(row.scheme).label if row.scheme else "",
        "family": family_of(row.forms),
        "forms": [_form(code, row, members, cooperation, told) for code in row.forms],
        "employers": list(_employers(row, members, RequirementPolicy.of(cooperation.settings), today)),
    }


def _form(
    code: str, row: StructureScenario, members: list[Organisation], cooperation: Cooperation, told: OrientationFacts
) -> dict[str, Any]:
    """A form, what stands against it, and what the orientation table says of it once it may answer."""
    entry = form_by_code(code)
    assert entry is not None
    findings = findings_of(cooperation, code, members, row.facts)
    carries = None
    if entry.orientation is not None and not orientation_violations(told):
        carries = [kind for kind in CooperationType if kind in told.types and entry.orientation in TABLE[kind]]
    return {
        "form": code,
        "name": entry.name,
        "family": entry.family,
        "orientation": entry.orientation,
        "carries": carries,
        "lacks": None if carries is None else [kind for kind in CooperationType if kind in told.types - set(carries)],
        "checked": findings is not None,
        "findings": findings or (),
    }


def _employers(
    row: StructureScenario, members: Iterable[Organisation], policy: RequirementPolicy, today: dt.date
) -> Iterable[dict[str, Any]]:
    """What each employer would owe its staff body if this hypothesis became a decision (`domain.md` 1.4)."""
    impacts = [Impact(flag) for flag in row.impact_flags]
    for member in members:
        answer = requirement(employer_facts(member, today), impacts, today, policy=policy)
        yield {
            "organisation": member.pk,
            "name": member.name,
            "code": str(answer.code),
            "consultation": answer.code in CONSULTATION_CODES,
            "detail": answer.explanation,
            "legal_reference": answer.legal_ref,
            "confidence": str(answer.confidence),
        }


def _heads(row: StructureScenario, column: dict[str, Any]) -> dict[str, list[str]]:
    found = {
        "forms": sorted(row.forms),
        "scheme": [row.scheme],
        "family": [str(column["family"] or "")],
        "members": sorted(str(member.pk) for member in row.members.all()),
        "impact_flags": sorted(row.impact_flags),
        "employers": [str(item["organisation"]) for item in column["employers"] if item["consultation"]],
        "errors": sorted({error.code for form in column["forms"] for error in errors_of(form["findings"])}),
    }
    for name in (*SENTENCES, "cost_once", "cost_yearly"):
        found[name] = [str(getattr(row, name))] if getattr(row, name) not in (None, "") else []
    for name, answer in row.features.items():
        found[name] = [answer]
    return {name: [said for said in values if said] for name, values in found.items()}
