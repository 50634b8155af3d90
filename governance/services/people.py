"""The record of a person: name and work contact. The journal references people, it never names them."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import InvalidInput, RuleViolated, Violation
from coopproject.locking import lock
from coopproject.text import fold
from governance import journal
from governance.actor import Actor
from governance.enums import Confidentiality
from governance.models import Cooperation, Organisation, Person, Role
from governance.services import records, roles
from governance.services.roles import ERASED


@transaction.atomic
def person_create(
    *,
    actor: Actor,
    cooperation: Cooperation,
    kind: str,
    organisation: Organisation | None = None,
    since: dt.date | None = None,
    until: dt.date | None = None,
    confidentiality: str = Confidentiality.NETWORK,
    **fields: Any,
) -> Person:
    """Record somebody and give them their first role, so that they are known to this cooperation from the start.

    `confidentiality`: of that role; below its level, nobody knows of the person either.

    Always a new record, even when the address is known in another cooperation: the answer must not tell. The same
    name with the same address in this cooperation is refused.
    """
    cooperation = lock(Cooperation.objects.all(), cooperation.pk)
    _refuse_twice(cooperation, fields)
    person = record_person(actor=actor, **fields)
    roles.role_create(
        actor=actor,
        cooperation=cooperation,
        person=person,
        kind=kind,
        organisation=organisation,
        since=since,
        until=until,
        confidentiality=confidentiality,
    )
    return person


def record_person(*, actor: Actor, **fields: Any) -> Person:
    """Insert and journal one record, without any role. In the caller's transaction."""
    person = Person(**fields)
    records.create(person, actor=actor, language=person.language)
    return person


@transaction.atomic
def person_update(*, pk: UUID, actor: Actor, expected_version: int | None, changes: Mapping[str, Any]) -> Person:
    """Correct a record. The journal keeps which fields changed, not their values."""
    person = lock(Person.objects.all(), pk, expected_version)
    if person.erased_at is not None:
        raise RuleViolated(ERASED)
    changed = sorted(name for name, value in changes.items() if getattr(person, name) != value)
    if not changed:
        return person
    for name in changed:
        setattr(person, name, changes[name])
    records.check(person)
    person.save(update_fields=changed)
    journal.record("person.updated", person, actor=actor, fields=changed)
    return person


def _refuse_twice(cooperation: Cooperation, fields: Mapping[str, Any]) -> None:
    email = fields.get("email", "")
    if not email:
        return
    name = fold(f"{fields['family_name']} {fields['given_name']}")
    here = Role.objects.filter(cooperation=cooperation).values("person")
    if Person.objects.filter(pk__in=here, email__iexact=email, search_name=name).exists():
        raise InvalidInput(
            Violation(
                "already_known", _("Cette personne est déjà connue de la coopération : donnez-lui un rôle."), "/email"
            )
        )
