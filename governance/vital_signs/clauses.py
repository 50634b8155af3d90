"""Clauses of confidentiality whose day comes, and what those that are over leave behind."""

import datetime as dt
from collections.abc import Iterator
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coopproject import wording
from governance import covering, journal
from governance.actor import Actor
from governance.enums import ClauseState
from governance.models import ConfidentialityClause, Cooperation
from governance.rules.clauses import below, clause_state, is_ending
from governance.selectors.clauses import known_ids
from governance.vital_signs import Concern, Severity, VitalSign

# How long after its last day a clause whose fields opened is still said to have ended.
TOLD_DAYS = 30
# Every code that `examine` can raise.
CODES = frozenset({"clause_ending", "clause_ended"})


def examine(cooperation: Cooperation, actor: Actor, on: dt.date) -> Iterator[VitalSign]:
    """The signs about the clauses that this actor may know of."""
    rows = list(ConfidentialityClause.objects.visible_to(actor).filter(cooperation=cooperation).order_by("pk"))
    models = {name: item.model for name, item in covering.coverable().items()}
    known = known_ids(models, (row.covers for row in rows), actor)
    for clause in rows:
        state = clause_state(on, until=clause.until, lifted_on=clause.lifted_on)
        concern = Concern("confidentiality-clauses", str(clause.pk), str(clause))
        if state is ClauseState.IN_FORCE and is_ending(on, clause.until):
            yield VitalSign(
                code="clause_ending",
                severity=Severity.WARNING,
                title=wording.filled(_("Clause de confidentialité qui prend fin : %(title)s"), title=clause.title),
                why=wording.filled(_ending(clause), day=wording.day(clause.until)),
                clears=_("Convenir d’une nouvelle clause, ou laisser celle-ci finir à son jour."),
                since=on,
                objects=(concern,),
            )
        elif state is not ClauseState.IN_FORCE:
            yield from _over(clause, state, concern, known, on)


def _ending(clause: ConfidentialityClause) -> Promise:
    if clause.covers is None:
        return _("Elle tient jusqu’au %(day)s.")
    if clause.covers.get("fields"):
        return _("Elle tient jusqu’au %(day)s ; les champs qu’elle ferme s’ouvrent le lendemain.")
    if clause.restores:
        return _("Elle tient jusqu’au %(day)s ; l’objet qu’elle couvre revient le lendemain à son niveau d’avant.")
    return _("Elle tient jusqu’au %(day)s ; l’objet qu’elle couvre gardera son niveau tant que personne ne l’abaisse.")


def _over(
    clause: ConfidentialityClause, state: ClauseState, concern: Concern, known: set[str], on: dt.date
) -> Iterator[VitalSign]:
    """For a month: fields opened by themselves; a whole object still as closed, until somebody opens it."""
    ended = clause.lifted_on if state is ClauseState.LIFTED else clause.until
    assert ended is not None, "a clause that is over has its day"
    covered = clause.covers if clause.covers is not None and clause.covers["id"] in known else None
    if covered is None or (on - ended).days > TOLD_DAYS:
        return
    whole = not covered.get("fields")
    if whole and not _still_closed(covered, clause.confidentiality):
        return
    yield VitalSign(
        code="clause_ended",
        severity=Severity.WARNING if whole else Severity.INFO,
        title=wording.filled(_("Clause de confidentialité terminée : %(title)s"), title=clause.title),
        why=_WHOLE if whole else _FIELDS,
        clears=_("Abaisser le niveau de l’objet, ou poser une nouvelle clause.") if whole else _("Rien : le relire."),
        since=ended,
        objects=(concern, Concern(covered["resource"], covered["id"], str(clause))),
    )


_WHOLE = _("Elle ne tient plus l’objet qu’elle couvrait ; il garde son niveau tant que personne ne l’abaisse.")
_FIELDS = _("Les champs qu’elle fermait sont de nouveau au niveau de leur objet.")


def _still_closed(covered: dict[str, Any], level: str) -> bool:
    model = covering.coverable()[covered["resource"]].model
    return not below(journal.level_of(model.objects.get(pk=covered["id"])), level)
