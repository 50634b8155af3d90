"""The level of a whole object under a clause: raised when it is set, given back when it ends, whatever its state.

A level says who reads, not what is said: a decision that is taken can still be closed. What a clause raised is written
in its `restores`, so that its end gives back exactly that and nothing that people changed meanwhile.
"""

import datetime as dt
import logging
from collections.abc import Iterable
from typing import Any

from django.db import transaction

from coopproject import clock
from governance import journal
from governance.actor import Actor
from governance.covering import Covered, Whole, coverable
from governance.models import ConfidentialityClause
from governance.rules.clauses import below, handed_over
from governance.rules.confidentiality import highest
from governance.selectors.clauses import level_held, others_over
from governance.services import records

logger = logging.getLogger(__name__)


def raise_level(covered: Covered, level: str, actor: Actor) -> list[dict[str, str]]:
    """Close the object and what follows it up to this level. Returns what to give back; its row stays locked."""
    whole = covered.item.whole
    assert whole is not None, "refused as `not_covered_whole`"
    root = whole.lock(covered.obj.pk)
    raised = []
    for obj in (root, *whole.followers(root)):
        if below(obj.confidentiality, level):
            raised.append({"id": str(obj.pk), "level": str(obj.confidentiality)})
            _write(obj, level, actor)
    return raised


def lock_covered(clause: ConfidentialityClause) -> Any:
    """The row of the whole object that a clause covers, locked before the clause; None when there is none."""
    covers = clause.covers
    if covers is None or covers.get("fields"):
        return None
    item = coverable().get(covers["resource"])
    # What was deleted since has nothing to get back.
    if item is None or item.whole is None or not item.model.objects.filter(pk=covers["id"]).exists():
        return None
    return item.whole.lock(covers["id"])


def give_back(clause: ConfidentialityClause, root: Any, actor: Actor) -> None:
    """Bring back to its former level what this clause raised, as far as no other clause in force holds it.

    What somebody brought to another level meanwhile keeps it. The caller has locked `root`, then the clause, which no
    longer holds, and saves it.
    """
    restores, clause.restores = clause.restores, []
    if root is None or not restores:
        return
    assert clause.covers is not None, "it covers the root"
    for other in others_over(clause):
        found = [row for row in restores if below(row["level"], other.confidentiality)]
        kept = handed_over(found, of=clause.confidentiality, to=other.restores)
        if kept != other.restores:
            other.restores = kept
            other.save(update_fields=["restores"])
    whole = coverable()[clause.covers["resource"]].whole
    assert whole is not None, "it was raised"
    _lower(root, whole, clause.confidentiality, {row["id"]: row["level"] for row in restores}, actor)


def _lower(root: Any, whole: Whole, level: str, former: dict[str, str], actor: Actor) -> None:
    before = root.confidentiality
    if str(root.pk) in former:
        _back(root, level, [former[str(root.pk)], *whole.floors(root)], actor)
    for obj in whole.followers(root):
        if whole.mirrors:
            if root.confidentiality != before:
                _write(obj, root.confidentiality, actor)
        elif str(obj.pk) in former:
            _back(obj, level, [former[str(obj.pk)], root.confidentiality, *whole.floors(obj)], actor)


def _back(obj: Any, level: str, wanted: Iterable[str], actor: Actor) -> None:
    held = level_held(obj)
    lowered = highest(*wanted, *([held] if held else []))
    if obj.confidentiality == level and below(lowered, level):
        _write(obj, lowered, actor)


def _write(obj: Any, level: str, actor: Actor) -> None:
    records.save_changes(
        obj, actor=actor, changes={"confidentiality": level}, on_behalf_of=getattr(obj, "organisation_id", None)
    )


def clauses_end_due() -> int:
    """Give back what the clauses whose last day is past had raised. Safe to repeat; returns how many ended."""
    lately = (clock.now() + dt.timedelta(days=1)).date()
    due = ConfidentialityClause.objects.filter(until__lt=lately, lifted_on__isnull=True).exclude(restores=[])
    ended = 0
    for clause in due.order_by("pk"):
        try:
            ended += _end(clause)
        except Exception:
            # It stays closed, and is tried again at the next tick; the others end.
            logger.exception("clause_end_failed", extra={"clause": str(clause.pk)})
    return ended


@transaction.atomic
def _end(found: ConfidentialityClause) -> bool:
    actor = Actor.system("clauses")
    root = lock_covered(found)
    clause = (
        ConfidentialityClause.objects.select_related("cooperation").select_for_update(of=("self",)).get(pk=found.pk)
    )
    today = clock.today(clause.cooperation.zone)
    if clause.until is None or clause.until >= today or clause.lifted_on is not None or not clause.restores:
        return False
    give_back(clause, root, actor)
    clause.save(update_fields=["restores"])
    journal.record("confidentiality_clause.ended", clause, actor=actor, on_behalf_of=clause.on_behalf_of_id)
    return True
