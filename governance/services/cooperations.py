"""Starting a cooperation and keeping its settings."""

import zoneinfo
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coopproject import wording
from coopproject.exceptions import InvalidInput, Violation
from governance.actor import Actor
from governance.enums import RoleKind
from governance.models import Cooperation, Person
from governance.models.organisations import DEFAULT_FIGURES_LEVEL, FIGURES_LEVEL
from governance.rules.confidentiality import LEVELS
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
    found = []
    if "zone" in fields and fields["zone"] not in zoneinfo.available_timezones():
        found.append(
            Violation("unknown_zone", _("Un fuseau de la base IANA est attendu, p. ex. Europe/Paris."), "/zone")
        )
    currency = fields.get("currency", "EUR")
    if not (len(currency) == 3 and currency.isascii() and currency.isalpha() and currency.isupper()):
        found.append(Violation("invalid", _("Un code ISO 4217 de trois lettres est attendu, p. ex. EUR."), "/currency"))
    types = fields.get("types", [])
    if len(set(types)) != len(types):
        found.append(Violation("repeated", _("Chaque forme n’est citée qu’une fois."), "/types"))
    if not isinstance(fields.get("settings", {}), dict):
        found.append(Violation("invalid", _("Un objet JSON est attendu."), "/settings"))
    elif fields.get("settings", {}).get(FIGURES_LEVEL, DEFAULT_FIGURES_LEVEL) not in LEVELS:
        detail = _("Un niveau de confidentialité est attendu : %(known)s.")
        known = wording.filled(detail, known=", ".join(LEVELS))
        found.append(Violation("unknown_choice", known, f"/settings/{FIGURES_LEVEL}"))
    return found
