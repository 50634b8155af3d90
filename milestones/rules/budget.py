"""A dedicated budget (S2): planned, committed, spent and what remains, in integer cents, exactly."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from coopproject import wording
from coopproject.exceptions import Violation
from coopproject.money import euros


class EntryKind(StrEnum):
    COMMITMENT = "commitment"
    ACTUAL = "actual"


@dataclass(frozen=True)
class Entry:
    """One entry of a line, in cents; corrections are negative entries. Entries of one line with the same `reference`
    speak of the same order (those without any, of one order too): what is spent on it is no longer to come."""

    kind: EntryKind | str
    amount: int
    reference: str = ""
    dated_on: date | None = None


@dataclass(frozen=True)
class BudgetSummary:
    """Cents. `outstanding`: committed and not spent yet. `engaged`: spent or still to be. `remaining` is negative when
    more is engaged than planned, `overrun` then says by how much. `planned` None: no plan, nothing remains to say."""

    planned: int | None
    committed: int
    actual: int
    outstanding: int
    engaged: int
    remaining: int | None
    overrun: int


def summarise(planned: int | None, entries: Iterable[Entry]) -> BudgetSummary:
    """The sums of one line, or of several lines whose references do not mix."""
    committed: dict[str, int] = {}
    spent: dict[str, int] = {}
    for entry in entries:
        sums = committed if entry.kind == EntryKind.COMMITMENT else spent
        sums[entry.reference] = sums.get(entry.reference, 0) + entry.amount
    actual = sum(spent.values())
    outstanding = sum(max(0, amount - spent.get(reference, 0)) for reference, amount in committed.items())
    engaged = actual + outstanding
    return BudgetSummary(
        planned,
        sum(committed.values()),
        actual,
        outstanding,
        engaged,
        None if planned is None else planned - engaged,
        0 if planned is None else max(0, engaged - planned),
    )


def add_up(summaries: Sequence[BudgetSummary]) -> BudgetSummary:
    """The sums of several lines; without plan as soon as one of them has none, since missing is not zero."""
    plans = [summary.planned for summary in summaries]
    planned = None if None in plans else sum(plan for plan in plans if plan is not None)
    engaged = sum(summary.engaged for summary in summaries)
    return BudgetSummary(
        planned,
        sum(summary.committed for summary in summaries),
        sum(summary.actual for summary in summaries),
        sum(summary.outstanding for summary in summaries),
        engaged,
        None if planned is None else planned - engaged,
        0 if planned is None else max(0, engaged - planned),
    )


def engagement_of(entry: Entry, existing: Sequence[Entry]) -> int:
    """By how many cents an entry raises what is engaged: spending what was already committed raises it by nothing."""
    return summarise(None, [*existing, entry]).engaged - summarise(None, existing).engaged


def entry_violations(
    entry: Entry, *, planned: int | None, existing: Sequence[Entry], today: date
) -> tuple[Violation, ...]:
    """Why an entry is refused, every reason.

    A commitment beyond what remains is an over-commitment. Money that was really spent is recorded whatever remains:
    hiding it would be worse, the overrun shows. A correction takes back no more than was entered.
    """
    found = []
    if entry.kind not in set(EntryKind):
        found.append(Violation("unknown_choice", _("Ce choix n’existe pas."), "/kind"))
    if isinstance(entry.amount, bool) or not isinstance(entry.amount, int):
        return (*found, Violation("not_whole_cents", _("Un montant s’arrête au centime."), "/amount"))
    if not entry.amount:
        found.append(Violation("amount_zero", _("Un montant nul n’est pas une écriture."), "/amount"))
    if entry.kind == EntryKind.ACTUAL and entry.dated_on is not None and entry.dated_on > today:
        found.append(Violation("in_future", _("Une dépense n’est pas datée dans l’avenir."), "/dated_on"))
    before = sum(other.amount for other in existing if (other.kind, other.reference) == (entry.kind, entry.reference))
    if entry.amount < 0 and before + entry.amount < 0:
        detail = format_lazy(
            _("La correction dépasse ce qui est inscrit, {before} €."), before=wording.amount(euros(before))
        )
        found.append(Violation("correction_too_large", detail, "/amount"))
    if entry.kind == EntryKind.COMMITMENT and entry.amount > 0:
        found += _over_commitment(entry, planned, existing)
    return tuple(found)


def _over_commitment(entry: Entry, planned: int | None, existing: Sequence[Entry]) -> list[Violation]:
    if planned is None:
        return [Violation("plan_missing", _("Aucun montant n’est prévu sur cette ligne."), "/amount")]
    remaining = summarise(planned, existing).remaining
    assert remaining is not None
    if engagement_of(entry, existing) <= max(0, remaining):
        return []
    detail = format_lazy(_("Il reste {remaining} € sur cette ligne."), remaining=wording.amount(euros(remaining)))
    return [Violation("over_commitment", detail, "/amount")]
