"""Giving and revoking the power to decide. The cooperation is locked: a taking comes before or after, never between."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coopproject import clock
from coopproject.exceptions import InvalidInput, NotVisible, RuleViolated, Violation
from coopproject.locking import lock
from governance import journal
from governance.actor import Actor
from governance.enums import Confidentiality, DecidedBy, DecisionState, RoleKind
from governance.models import Cooperation, Decision, Delegation, Role
from governance.services import records
from governance.services.levels import require_level, require_new_level


@transaction.atomic
def delegation_create(*, actor: Actor, role: Role, granted_by: Decision | None = None, **fields: Any) -> Delegation:
    """Give the coordinator who holds `role` the power to decide, by a decision taken here or the reference of an act.

    Raises InvalidInput for what cannot be; RuleViolated: `self_granted` (nobody gives themselves a delegation),
    `not_a_coordination_role`, `role_not_held`, `role_to_come`, and what is wrong with the decision that delegates.
    """
    Cooperation.objects.select_for_update(no_key=True).get(pk=role.cooperation_id)
    require_level(fields.get("confidentiality", Confidentiality.NETWORK), actor, [role.cooperation_id])
    # Read again under the lock: the role may have ended, the decision may be out of force.
    role = Role.objects.select_related("cooperation").get(pk=role.pk)
    granted_by = Decision.objects.get(pk=granted_by.pk) if granted_by is not None else None
    delegation = Delegation(cooperation_id=role.cooperation_id, role=role, granted_by=granted_by, **fields)
    if wrong := list(_wrong_input(delegation)):
        raise InvalidInput(*wrong)
    records.check(delegation)
    found = list(_violations(delegation, actor))
    if found:
        raise RuleViolated(*found)
    # Not everybody who may know of the delegation may know of the decision that gave it.
    told = {name: value for name, value in records.values_of(delegation).items() if name != "granted_by"}
    records.create(delegation, actor=actor, act="delegation.given", on_behalf_of=role.organisation_id, **told)
    return delegation


@transaction.atomic
def delegation_update(
    *, pk: UUID, actor: Actor, expected_version: int | None, changes: Mapping[str, Any]
) -> Delegation:
    """Say who may know of it, and no more: what it gives was decided once."""
    delegation = lock(Delegation.objects.select_related("role"), pk, expected_version)
    require_new_level(delegation, changes, actor, [delegation.cooperation_id])
    updated: Delegation = records.save_changes(
        delegation, actor=actor, changes=changes, on_behalf_of=delegation.role.organisation_id
    )
    return updated


@transaction.atomic
def delegation_revoke(
    *, pk: UUID, actor: Actor, expected_version: int | None = None, revoked_on: dt.date | None = None, reason: str
) -> Delegation:
    """End a delegation: `revoked_on` (today) is the first day without it. What was decided under it stands.

    Raises InvalidInput for a day to come or before the delegation; RuleViolated `delegation_ended`, `used_since` when a
    decision was taken under it on that day or later.
    """
    cooperation_id = Delegation.objects.filter(pk=pk).values_list("cooperation_id", flat=True).first()
    if cooperation_id is None:
        raise NotVisible
    Cooperation.objects.select_for_update(no_key=True).get(pk=cooperation_id)
    delegation: Delegation = lock(Delegation.objects.select_related("cooperation", "role"), pk, expected_version)
    today = clock.today(delegation.cooperation.zone)
    day = revoked_on or today
    if day > today:
        raise InvalidInput(Violation("in_the_future", _("Une révocation ne se constate pas d’avance."), "/revoked_on"))
    if day < delegation.since:
        detail = _("La délégation n’avait pas commencé ce jour-là.")
        raise InvalidInput(Violation("before_the_start", detail, "/revoked_on"))
    if delegation.revoked_on is not None or delegation.until < day:
        raise RuleViolated(Violation("delegation_ended", _("Cette délégation a déjà pris fin.")))
    if Decision.objects.filter(delegation=delegation, taken_on__gte=day).exists():
        detail = _("Une décision a été prise en vertu de cette délégation ce jour-là ou depuis.")
        raise RuleViolated(Violation("used_since", detail, "/revoked_on"))
    delegation.revoked_on, delegation.revoked_reason = day, reason
    delegation.save(update_fields=["revoked_on", "revoked_reason"])
    journal.record(
        "delegation.revoked",
        delegation,
        actor=actor,
        on_behalf_of=delegation.role.organisation_id,
        reason=reason,
        revoked_on=day,
    )
    return delegation


def _wrong_input(delegation: Delegation) -> Iterator[Violation]:
    """What no delegation can be, each pointing to its field; the database says the same."""
    if delegation.until < delegation.since:
        yield Violation("out_of_order", _("Une délégation ne finit pas avant d’avoir commencé."), "/until")
    if delegation.total_ceiling is not None and delegation.total_ceiling < delegation.ceiling:
        detail = _("Le plafond total ne peut être inférieur au plafond par décision.")
        yield Violation("total_below_ceiling", detail, "/total_ceiling")
    if delegation.granted_by is None and not delegation.reference.strip():
        detail = _("Une délégation nomme la décision ou l’acte qui la donne.")
        yield Violation("act_required", detail, "/reference")
    if delegation.granted_by is not None and delegation.granted_by.cooperation_id != delegation.cooperation_id:
        yield Violation("other_cooperation", _("Cette décision est d’une autre coopération."), "/granted_by")


def _violations(delegation: Delegation, actor: Actor) -> Iterator[Violation]:
    role, source = delegation.role, delegation.granted_by
    if role.person_id == actor.person_id:
        yield Violation("self_granted", _("Nul ne se donne à soi-même une délégation."), "/role")
    if role.kind != RoleKind.COORDINATION:
        detail = _("Une délégation se donne à qui exerce la coordination.")
        yield Violation("not_a_coordination_role", detail, "/role")
    if role.since > delegation.since or (role.until is not None and role.until < delegation.since):
        detail = _("Ce rôle n’est pas exercé le jour où la délégation commence.")
        yield Violation("role_not_held", detail, "/since")
    if role.since > clock.today(role.cooperation.zone):
        # A role that has not begun is forgotten when its organisation leaves first.
        yield Violation("role_to_come", _("Ce rôle n’a pas encore commencé."), "/role")
    if source is None:
        return
    if source.state != DecisionState.TAKEN or source.rejected or source.out_of_force_on is not None:
        detail = _("Seule une décision prise, adoptée et en vigueur donne une délégation.")
        yield Violation("not_in_force", detail, "/granted_by")
    elif source.taken_on is not None and delegation.since < source.taken_on:
        detail = _("Une délégation ne commence pas avant la décision qui la donne.")
        yield Violation("before_its_act", detail, "/since")
    if source.decided_by == DecidedBy.COORDINATION:
        detail = _("Une délégation n’en donne pas une autre.")
        yield Violation("delegated_in_turn", detail, "/granted_by")
