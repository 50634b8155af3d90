"""Giving and ending the roles of people. The root of the invariants is the cooperation."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coopproject import clock
from coopproject.exceptions import RuleViolated, Violation
from coopproject.locking import lock
from governance import journal
from governance.actor import Actor
from governance.enums import Confidentiality, RoleKind
from governance.models import Cooperation, Membership, Organisation, Person, Role
from governance.rules.belonging import Period, role_violations
from governance.services import records
from governance.services.levels import require_level, require_new_level

# Staff without an organisation and guests need no membership; whoever acts for an organisation does.
_GUESTS = frozenset({RoleKind.FUNDER, RoleKind.OBSERVER})
ERASED = Violation("person_erased", _("Cette personne est effacée : plus rien ne s’inscrit à son nom."))
_DECIDES = frozenset({RoleKind.BOARD_CHAIR, RoleKind.BOARD_MEMBER})
_HEADS = frozenset({RoleKind.BOARD_CHAIR, RoleKind.DIRECTOR})


@transaction.atomic
def role_create(
    *,
    actor: Actor,
    cooperation: Cooperation,
    person: Person,
    kind: str,
    organisation: Organisation | None = None,
    since: dt.date | None = None,
    until: dt.date | None = None,
    confidentiality: str = Confidentiality.NETWORK,
) -> Role:
    """Give a role from `since` (today). Refused for an organisation that is not a member then, or a second time.

    Nobody gives themselves a role that approves for an organisation, nor one that lets them act for, and read what is
    restricted to, an organisation that they do not head.
    """
    require_level(confidentiality, actor, [cooperation.pk])
    cooperation = lock(Cooperation.objects.all(), cooperation.pk)
    start = since or clock.today(cooperation.zone)
    role = Role(
        cooperation=cooperation,
        person=person,
        organisation=organisation,
        kind=kind,
        since=start,
        until=until,
        confidentiality=confidentiality,
    )
    found = [*_erased(person.pk, "/person"), *_violations(role, until), *_self_granted(role, actor, "/person")]
    if found:
        raise RuleViolated(*found)
    role = records.create(role, actor=actor, act="role.given", on_behalf_of=role.organisation_id)
    assert isinstance(role, Role)
    return role


@transaction.atomic
def role_update(*, pk: UUID, actor: Actor, expected_version: int | None, changes: dict[str, Any]) -> Role:
    """Move the last day of a role, or open it again: as much as giving it, so not for oneself where that is refused.

    Or say who may know of it: it gives the same rights at every level.
    """
    role = _locked(pk, expected_version)
    require_new_level(role, changes, actor, [role.cooperation_id])
    until = changes.get("until", role.until)
    found = [*_erased(role.person_id), *_violations(role, until), *_coordination_violations(role, until)]
    if role.until is not None and (until is None or until > role.until):
        found += _self_granted(role, actor, "/until")
    if found:
        raise RuleViolated(*found)
    saved = records.save_changes(role, actor=actor, changes=changes, on_behalf_of=role.organisation_id)
    assert isinstance(saved, Role)
    return saved


@transaction.atomic
def role_end(
    *, pk: UUID, actor: Actor, expected_version: int | None = None, until: dt.date | None = None, reason: str = ""
) -> Role:
    """End a role on `until` (today), never later than it would have ended by itself."""
    role = _locked(pk, expected_version)
    last_day = until or clock.today(role.cooperation.zone)
    if role.until is not None and role.until <= last_day:
        raise RuleViolated(Violation("role_ended", _("Ce rôle prend déjà fin au plus tard ce jour-là."), "/until"))
    if found := _violations(role, last_day) + _coordination_violations(role, last_day):
        raise RuleViolated(*found)
    end(role, last_day, actor=actor, reason=reason)
    return role


def end(role: Role, last_day: dt.date, *, actor: Actor, reason: str = "") -> None:
    """Write the last day of a role whose cooperation the caller has locked, and journal it."""
    before, role.until = role.until, last_day
    role.save(update_fields=["until"])
    journal.record(
        "role.ended",
        role,
        actor=actor,
        on_behalf_of=role.organisation_id,
        reason=reason,
        person=role.person_id,
        kind=role.kind,
        before=before,
        until=last_day,
    )


def _erased(person_id: UUID, pointer: str = "") -> list[Violation]:
    """Held against an erasure, which locks the person: what is given comes before it or is refused."""
    person = Person.objects.select_for_update(no_key=True).get(pk=person_id)
    return [] if person.erased_at is None else [Violation(ERASED.code, ERASED.detail, pointer)]


def _locked(pk: UUID, expected_version: int | None) -> Role:
    """The role, under the lock of its cooperation taken first."""
    cooperation_id = Role.objects.values_list("cooperation_id", flat=True).filter(pk=pk).first()
    if cooperation_id is not None:
        lock(Cooperation.objects.all(), cooperation_id)
    return lock(Role.objects.select_related("cooperation"), pk, expected_version)


def _violations(role: Role, until: dt.date | None) -> list[Violation]:
    memberships: list[Period] = []
    if role.organisation_id is not None:
        rows = Membership.objects.filter(cooperation_id=role.cooperation_id, organisation_id=role.organisation_id)
        memberships = [Period(row.joined_on, row.left_on) for row in rows]
    here = Role.objects.filter(cooperation_id=role.cooperation_id, person_id=role.person_id, kind=role.kind)
    others = [other for other in here.exclude(pk=role.pk) if other.organisation_id == role.organisation_id]
    return list(
        role_violations(
            period=Period(role.since, until),
            needs_membership=role.organisation_id is not None and role.kind not in _GUESTS,
            memberships=memberships,
            same_roles=[Period(other.since, other.until) for other in others],
        )
    )


def _self_granted(role: Role, actor: Actor, pointer: str) -> list[Violation]:
    """Why the actor may not give this role to themselves."""
    if role.person_id != actor.person_id:
        return []
    if role.kind in _DECIDES:
        detail = _("Nul ne se donne à soi-même un rôle dans une instance dirigeante.")
        return [Violation("self_granted", detail, pointer)]
    if role.organisation_id is None or role.kind in _GUESTS:
        return []
    if actor.holds(role.cooperation_id, _HEADS, organisation_id=role.organisation_id):
        return []
    detail = _("Nul ne se donne à soi-même un rôle pour le compte d’une organisation qu’il ne dirige pas.")
    return [Violation("self_granted", detail, pointer)]


def _coordination_violations(role: Role, until: dt.date | None) -> list[Violation]:
    """A cooperation keeps somebody who coordinates it after the role ends on `until`, earlier than it would have."""
    if role.kind != RoleKind.COORDINATION or until is None or (role.until is not None and role.until <= until):
        return []
    others = Role.objects.filter(cooperation_id=role.cooperation_id, kind=RoleKind.COORDINATION).exclude(pk=role.pk)
    if any(other.until is None or other.until > until for other in others):
        return []
    detail = _("La coopération n’aurait plus de coordination : donnez d’abord ce rôle à une autre personne.")
    return [Violation("last_coordination", detail, "/until")]
