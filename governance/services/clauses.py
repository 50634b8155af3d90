"""Setting a confidentiality clause, and lifting it. The register keeps both for ever."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coopproject import clock
from coopproject.exceptions import InvalidInput, NotAllowed, RuleViolated, Violation
from coopproject.locking import lock
from governance import journal
from governance.actor import Actor
from governance.covering import Covered
from governance.enums import ClauseSource, ClauseState, RoleKind
from governance.models import ConfidentialityClause, Cooperation, Organisation
from governance.rules.clauses import clause_state, level_violations
from governance.selectors.identity import open_cooperation_ids
from governance.selectors.legal_forms import members_today
from governance.services import records
from governance.services.clause_levels import give_back, lock_covered, raise_level

# What the entry says of itself already.
_OF_THE_ENTRY = frozenset({"reason", "confidentiality", "on_behalf_of"})


@transaction.atomic
def clause_create(
    *,
    actor: Actor,
    cooperation: Cooperation,
    confidentiality: str,
    bound: Sequence[Organisation] = (),
    covers: Covered | None = None,
    text_at: Mapping[str, str] | None = None,
    until: dt.date | None = None,
    on_behalf_of: Organisation | None = None,
    **fields: Any,
) -> ConfidentialityClause:
    """Write a clause into the register, in force from today. What it covers as a whole is raised to its level first,
    whatever its state, and `restores` says what its end gives back.

    Raises InvalidInput with every reason; NotAllowed when a member covers what is not its own.
    """
    today = clock.today(cooperation.zone)
    clause = ConfidentialityClause(
        cooperation=cooperation,
        confidentiality=confidentiality,
        covers=covers.as_data() if covers else None,
        text_at=dict(text_at) if text_at else None,
        since=today,
        until=until,
        set_by_id=actor.person_id,
        on_behalf_of=on_behalf_of,
        **fields,
    )
    if covers is not None:
        _require_own(actor, covers, on_behalf_of)
    found = [*_violations(clause, bound, today), *_of_level(clause, covers, actor)]
    if found:
        raise InvalidInput(*found)
    if covers is not None and not covers.fields:
        clause.restores = raise_level(covers, confidentiality, actor)
    records.check(clause)
    clause.save(force_insert=True)
    clause.bound.set(bound)
    journal.record(
        "confidentiality_clause.created",
        clause,
        actor=actor,
        on_behalf_of=on_behalf_of.pk if on_behalf_of else None,
        reason=clause.reason,
        **{name: value for name, value in records.values_of(clause).items() if name not in _OF_THE_ENTRY},
        bound=sorted(str(organisation.pk) for organisation in bound),
    )
    return clause


@transaction.atomic
def clause_lift(*, pk: UUID, actor: Actor, expected_version: int | None = None, reason: str) -> ConfidentialityClause:
    """End a clause before its day. Its fields open at once, and what it raised comes back to the level that it had."""
    found = ConfidentialityClause.objects.filter(pk=pk).first()
    root = lock_covered(found) if found is not None else None
    clause: ConfidentialityClause = lock(
        ConfidentialityClause.objects.select_related("cooperation"), pk, expected_version
    )
    today = clock.today(clause.cooperation.zone)
    if clause_state(today, until=clause.until, lifted_on=clause.lifted_on) is not ClauseState.IN_FORCE:
        raise RuleViolated(Violation("wrong_state", _("Cette clause n’est plus en vigueur.")))
    clause.lifted_on, clause.lifted_by_id, clause.lift_reason = today, actor.person_id, reason
    records.check(clause)
    clause.save(update_fields=["lifted_on", "lifted_by", "lift_reason"])
    if clause.restores:
        give_back(clause, root, actor)
        clause.save(update_fields=["restores"])
    journal.record(
        "confidentiality_clause.lifted", clause, actor=actor, on_behalf_of=clause.on_behalf_of_id, reason=reason
    )
    return clause


def _require_own(actor: Actor, covers: Covered, on_behalf_of: Organisation | None) -> None:
    """The coordination covers anything; whoever heads a member, what is that member's own."""
    if any(actor.holds(pk, (RoleKind.COORDINATION,)) for pk in _cooperations_of(covers.obj)):
        return
    if on_behalf_of is None or getattr(covers.obj, "organisation_id", None) != on_behalf_of.pk:
        raise NotAllowed(_("Une organisation ne couvre que ce qui est à elle ; le reste est à la coordination."))


def _violations(clause: ConfidentialityClause, bound: Iterable[Organisation], today: dt.date) -> Iterable[Violation]:
    if clause.until is not None and clause.until < today:
        yield Violation("in_the_past", _("Une clause qui se pose aujourd’hui ne finit pas hier."), "/until")
    members = {organisation.pk for organisation in members_today(clause.cooperation)}
    not_member = _("Cette organisation n’est pas membre de la coopération.")
    for index, organisation in enumerate(bound):
        if organisation.pk not in members:
            yield Violation("not_a_member", not_member, f"/bound/{index}")
    if clause.on_behalf_of is not None and clause.on_behalf_of.pk not in members:
        yield Violation("not_a_member", not_member, "/on_behalf_of")
    if clause.source != ClauseSource.EMPLOYMENT_CONTRACT:
        detail = _("Seule une clause de contrats de travail dit combien de personnes elle tient, et leurs fonctions.")
        for name in ("bound_people", "bound_functions"):
            if getattr(clause, name) not in (None, ""):
                yield Violation("contracts_only", detail, f"/{name}")


def _of_level(clause: ConfidentialityClause, covers: Covered | None, actor: Actor) -> list[Violation]:
    if covers is None:
        return level_violations(clause.confidentiality, _levels(actor, clause), None, whole=False)
    found = []
    if clause.cooperation_id not in _cooperations_of(covers.obj):
        detail = _("Cet objet est celui d’une autre coopération.")
        found.append(Violation("other_cooperation", detail, "/covers/id"))
    if not covers.fields and covers.item.whole is None:
        detail = _("Cet objet n’a pas de niveau à lui : nommez les champs que la clause couvre.")
        found.append(Violation("not_covered_whole", detail, "/covers/fields"))
    own = journal.level_of(covers.obj)
    return found + level_violations(clause.confidentiality, _levels(actor, clause), own, whole=not covers.fields)


def _cooperations_of(obj: Any) -> Collection[UUID]:
    """Where the object may be covered: in its cooperation; a board, in those of which its organisation is a member."""
    if hasattr(obj, "cooperation_id"):
        return (obj.cooperation_id,)
    return open_cooperation_ids(obj.organisation)


def _levels(actor: Actor, clause: ConfidentialityClause) -> frozenset[str]:
    return frozenset(actor.levels.get(clause.cooperation_id, frozenset()))
