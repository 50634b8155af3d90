"""Budget lines and entries. What a pilot engages counts against the ceiling of the mandate."""

import datetime as dt
from collections.abc import Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coopproject import clock
from coopproject.exceptions import InvalidInput, RuleViolated, Violation
from coopproject.locking import lock
from coopproject.money import cents
from governance.actor import Actor
from governance.enums import RoleKind
from governance.services import records
from milestones.models import Activity, BudgetEntry, BudgetLine, Mandate, Milestone
from milestones.rules.budget import Entry, engagement_of, entry_violations
from milestones.rules.mandates import ceiling_violations
from milestones.services.checks import refuse
from milestones.services.mandates import mandate_in_force


@transaction.atomic
def budget_line_create(
    *, actor: Actor, activity: Activity, milestone: Milestone | None = None, **data: Any
) -> BudgetLine:
    """Plan an amount for an activity, or for one of its milestones."""
    refuse(_of_the_activity(activity.pk, milestone))
    line = BudgetLine(cooperation=activity.cooperation, activity=activity, milestone=milestone, **data)
    created: BudgetLine = records.create(line, actor=actor)
    return created


@transaction.atomic
def budget_line_update(*, pk: UUID, actor: Actor, expected_version: int | None, changes: dict[str, Any]) -> BudgetLine:
    """Change the label, the milestone or the plan; the journal keeps the amount before."""
    line: BudgetLine = lock(BudgetLine.objects.all(), pk, expected_version)
    refuse(_of_the_activity(line.activity_id, changes.get("milestone")))
    records.save_changes(line, actor=actor, changes=changes)
    return line


@transaction.atomic
def budget_entry_create(
    *,
    actor: Actor,
    line: BudgetLine,
    kind: str,
    amount: Decimal,
    dated_on: dt.date | None = None,
    reference: str = "",
) -> BudgetEntry:
    """Record an amount committed or spent; a correction is an entry of opposite sign with the same reference.

    Refused (409): a commitment beyond what remains of the line (`over_commitment`), a correction larger than what it
    corrects, and for a pilot what goes beyond the mandate's ceiling (`mandate_ceiling_exceeded`).
    """
    line = lock(BudgetLine.objects.select_related("cooperation"), line.pk)
    today = clock.today(line.cooperation.zone)
    mandate = None
    if not actor.holds(line.cooperation_id, {RoleKind.COORDINATION}) and not actor.system_name:
        mandate = mandate_in_force(line.activity_id, actor.person_id, today)
        if mandate is None:
            raise RuleViolated(Violation("no_mandate", _("Aucun mandat en vigueur sur cette activité.")))
    entry = Entry(kind, cents(amount), reference, dated_on or today)
    existing = [_entry(row) for row in line.entries.order_by("pk")]
    violations = list(entry_violations(entry, planned=cents(line.planned), existing=existing, today=today))
    if mandate is not None and mandate.spending_ceiling is not None:
        violations += ceiling_violations(
            cents(mandate.spending_ceiling),
            already=engaged_under(mandate),
            amount=engagement_of(entry, existing),
        )
    if violations:
        _raise(violations)
    row = BudgetEntry(
        cooperation=line.cooperation,
        line=line,
        kind=kind,
        amount=amount,
        dated_on=dated_on or today,
        reference=reference,
        entered_by_id=actor.person_id,
        mandate=mandate,
    )
    created: BudgetEntry = records.create(
        row, actor=actor, on_behalf_of=mandate.organisation_id if mandate is not None else None
    )
    return created


def engaged_under(mandate: Mandate) -> int:
    """Cents engaged under this mandate: each of its entries counts for what it added to its line when it came.

    So paying what the coordination had already committed costs the pilot's ceiling nothing.
    """
    rows = BudgetEntry.objects.filter(line__in=BudgetEntry.objects.filter(mandate=mandate).values("line"))
    before: dict[UUID, list[Entry]] = {}
    total = 0
    for row in rows.order_by("pk"):
        entries = before.setdefault(row.line_id, [])
        if row.mandate_id == mandate.pk:
            total += engagement_of(_entry(row), entries)
        entries.append(_entry(row))
    return total


def _entry(row: BudgetEntry) -> Entry:
    return Entry(row.kind, cents(row.amount), row.reference, row.dated_on)


def _of_the_activity(activity_id: UUID, milestone: Milestone | None) -> list[Violation]:
    if milestone is None or milestone.activity_id == activity_id:
        return []
    return [Violation("other_activity", _("Ce jalon est celui d’une autre activité."), "/milestone")]


def _raise(violations: Sequence[Violation]) -> None:
    if all(violation.code in {"unknown_choice", "amount_zero", "in_future"} for violation in violations):
        raise InvalidInput(*violations)
    raise RuleViolated(*violations)
