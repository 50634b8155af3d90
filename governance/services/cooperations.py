"""Starting a cooperation and keeping its settings."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import InvalidInput, Violation
from governance import cooperation_settings
from governance.actor import Actor
from governance.enums import RoleKind
from governance.models import Cooperation, Person
from governance.rules.cooperation_fields import field_violations
from governance.services import people, records, roles


@transaction.atomic
def cooperation_create(*, actor: Actor, coordinator: Mapping[str, Any] | None = None, **fields: Any) -> Cooperation:
    """Start a cooperation. Whoever creates it coordinates it, and so does the person described in `coordinator`.

    An operator without a record of person must name a coordinator: a cooperation without one could be reached by
    nobody.
    """
    found = _violations(fields)
    if actor.person_id is None and coordinator is None:
        found.append(
            Violation(
                "required", _("Indiquez qui coordonnera : votre compte n’est lié à aucune personne."), "/coordinator"
            )
        )
    if found:
        raise InvalidInput(*found)
    cooperation = Cooperation(**fields)
    records.create(cooperation, actor=actor)
    coordinators = [Person.objects.get(pk=actor.person_id)] if actor.person_id else []
    if coordinator is not None:
        coordinators.append(people.record_person(actor=actor, **coordinator))
    for person in coordinators:
        roles.role_create(actor=actor, cooperation=cooperation, person=person, kind=RoleKind.COORDINATION)
    return cooperation


def cooperation_update(
    *, pk: UUID, actor: Actor, expected_version: int | None, changes: Mapping[str, Any]
) -> Cooperation:
    """Change what is said of the cooperation and its settings."""
    if found := _violations(changes):
        raise InvalidInput(*found)
    updated = records.update(
        Cooperation.objects.all(), pk, actor=actor, expected_version=expected_version, changes=changes
    )
    assert isinstance(updated, Cooperation)
    return updated


def _violations(fields: Mapping[str, Any]) -> list[Violation]:
    return [*field_violations(fields), *cooperation_settings.violations(fields.get("settings", {}))]
