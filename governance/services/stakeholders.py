"""Keeping the stakeholders of a cooperation: who they are, what is expected of them, since when they are heard."""

import datetime as dt
from collections.abc import Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coopproject import clock
from coopproject.exceptions import InvalidInput, RuleViolated, Violation
from coopproject.locking import lock
from governance import journal
from governance.actor import Actor
from governance.enums import Confidentiality
from governance.models import Cooperation, Role, Stakeholder
from governance.rules.stakeholders import family_of, stakeholder_violations
from governance.services import records
from governance.services.references import hold_people, hold_people_of


@transaction.atomic
def stakeholder_create(*, actor: Actor, cooperation: Cooperation, **fields: Any) -> Stakeholder:
    """Record a stakeholder from `since` (today). The guide says the family of a kind, but for another role."""
    hold_people(cooperation.pk)
    fields = {"since": clock.today(cooperation.zone), **fields}
    stakeholder = Stakeholder(cooperation=cooperation, **fields)
    if not stakeholder.role_family:
        stakeholder.role_family = family_of(stakeholder.kind) or ""
    if found := list(_violations(stakeholder)):
        raise InvalidInput(*found)
    records.create(stakeholder, actor=actor, **_told(stakeholder))
    return stakeholder


@transaction.atomic
def stakeholder_update(
    *, pk: UUID, actor: Actor, expected_version: int | None, changes: Mapping[str, Any]
) -> Stakeholder:
    """Correct what is said of a stakeholder. The journal keeps which fields changed: a contact is not for it.

    Raises RuleViolated `stakeholder_ended` for one that is no more.
    """
    if "person" in changes:
        hold_people_of(Stakeholder, pk)
    stakeholder = _locked(pk, expected_version)
    if stakeholder.until is not None and stakeholder.until < clock.today(stakeholder.cooperation.zone):
        raise RuleViolated(Violation("stakeholder_ended", _("Cette partie prenante ne l’est plus.")))
    wanted = dict(changes)
    if "kind" in wanted and "role_family" not in wanted:
        wanted["role_family"] = family_of(wanted["kind"]) or stakeholder.role_family
    changed = sorted(name for name, value in wanted.items() if getattr(stakeholder, name) != value)
    for name in changed:
        setattr(stakeholder, name, wanted[name])
    if found := list(_violations(stakeholder)):
        raise InvalidInput(*found)
    if changed:
        records.check(stakeholder)
        records.refuse_opening(stakeholder, changed)
        stakeholder.save(update_fields=changed)
        journal.record("stakeholder.updated", stakeholder, actor=actor, fields=changed, **_told(stakeholder))
    return stakeholder


@transaction.atomic
def stakeholder_end(
    *,
    pk: UUID,
    actor: Actor,
    expected_version: int | None = None,
    until: dt.date | None = None,
    reason: str,
) -> Stakeholder:
    """End it on `until` (today), never later than it would have ended by itself."""
    stakeholder = _locked(pk, expected_version)
    day = until or clock.today(stakeholder.cooperation.zone)
    found = []
    if stakeholder.until is not None and stakeholder.until <= day:
        found.append(Violation("stakeholder_ended", _("Elle prend déjà fin au plus tard ce jour-là."), "/until"))
    if day < stakeholder.since:
        found.append(Violation("ends_before_start", _("La fin ne peut pas précéder le début."), "/until"))
    if found:
        raise RuleViolated(*found)
    stakeholder.until, stakeholder.end_reason = day, reason
    stakeholder.save(update_fields=["until", "end_reason"])
    journal.record("stakeholder.ended", stakeholder, actor=actor, reason=reason, until=day)
    return stakeholder


def _locked(pk: UUID, expected_version: int | None) -> Stakeholder:
    stakeholder: Stakeholder = lock(Stakeholder.objects.select_related("cooperation"), pk, expected_version)
    return stakeholder


def _told(stakeholder: Stakeholder) -> dict[str, Any]:
    """What the journal may keep for ever: neither a name nor a contact."""
    names = ("role_family", "kind", "associated_on", "since", "until", "confidentiality")
    return {name: getattr(stakeholder, name) for name in names} | {"person": stakeholder.person_id}


def _violations(stakeholder: Stakeholder) -> Iterator[Violation]:
    yield from stakeholder_violations(
        role_family=stakeholder.role_family,
        kind=stakeholder.kind,
        kind_other=stakeholder.kind_other,
        has_person=stakeholder.person_id is not None,
        name=stakeholder.name,
        contact=stakeholder.contact,
    )
    known = Role.objects.filter(cooperation=stakeholder.cooperation_id, person=stakeholder.person_id)
    if stakeholder.person_id is not None and not known.exists():
        detail = _("Cette personne n’est pas connue de cette coopération : donnez-lui d’abord un rôle (observateur).")
        yield Violation("person_not_known_here", detail, "/person")
    if stakeholder.until is not None and stakeholder.until < stakeholder.since:
        yield Violation("ends_before_start", _("La fin ne peut pas précéder le début."), "/until")
    today = clock.today(stakeholder.cooperation.zone)
    if stakeholder.associated_on is not None and stakeholder.associated_on > today:
        detail = _("Le jour où elle a été associée ne peut être à venir.")
        yield Violation("in_the_future", detail, "/associated_on")
    if stakeholder.confidentiality == Confidentiality.RESTRICTED:
        detail = _("Une partie prenante ne se limite pas à une seule organisation.")
        yield Violation("level_not_allowed", detail, "/confidentiality")
