"""What acts check of the references that they are given, and how they change a list of organisations."""

from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from coopproject import clock
from coopproject.exceptions import NotVisible, Violation
from governance import journal
from governance.actor import Actor
from governance.models import Cooperation, Organisation, Person, Role
from governance.selectors.legal_forms import members_today


def of_other_cooperations(cooperation_id: UUID, **references: Any) -> Iterator[Violation]:
    """One violation per reference that belongs to another cooperation. Absent references are skipped."""
    for name, reference in references.items():
        if reference is not None and reference.cooperation_id != cooperation_id:
            yield Violation("other_cooperation", _("Cet objet appartient à une autre coopération."), f"/{name}")


def not_members(cooperation: Cooperation, organisations: Iterable[Organisation], pointer: str) -> Iterator[Violation]:
    """One violation when some are not members of the cooperation today."""
    if not set(organisations) <= set(members_today(cooperation)):
        yield Violation("not_a_member", _("Chaque organisation citée est membre de la coopération."), pointer)


def hold_people(cooperation_id: UUID) -> None:
    """Against the departure of whoever is put in charge, which locks the cooperation first (docs/locking.md)."""
    Cooperation.objects.select_for_update(no_key=True).get(pk=cooperation_id)


def hold_people_of(model: Any, pk: UUID) -> None:
    """The same for what belongs to a cooperation. Raises NotVisible when there is no such row."""
    cooperation_id = model.objects.values_list("cooperation_id", flat=True).filter(pk=pk).first()
    if cooperation_id is None:
        raise NotVisible
    hold_people(cooperation_id)


def without_role(cooperation: Cooperation, person: Person | None, pointer: str) -> Iterator[Violation]:
    """A violation when the person, if any, holds no role here today, or none that lasts: today is their last day."""
    if person is None:
        return
    today = clock.today(cooperation.zone)
    roles = Role.objects.in_force(today).filter(cooperation=cooperation, person=person).exclude(until=today)
    if not roles.exists():
        detail = _("Cette personne n’exerce aucun rôle en vigueur dans la coopération, ou plus après aujourd’hui.")
        yield Violation("no_role", detail, pointer)


def set_organisations(obj: Any, name: str, organisations: Iterable[Organisation], *, actor: Actor, act: str) -> None:
    """Replace a list of organisations of a locked object, and journal it, if it differs."""
    related = getattr(obj, name)
    before = sorted(str(pk) for pk in related.values_list("pk", flat=True))
    after = sorted(str(organisation.pk) for organisation in organisations)
    if before != after:
        related.set(organisations)
        obj.save(update_fields=[])
        journal.record(act, obj, actor=actor, before=before, after=after)
