"""What every act checks of the references that it is given."""

import datetime as dt
from collections.abc import Iterable, Iterator
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from coopproject import clock
from coopproject.exceptions import InvalidInput, Violation
from governance.enums import CircleKind
from governance.models import CircleStay, Cooperation, Organisation, Person, Role


def refuse(violations: Iterable[Violation]) -> None:
    """Raise InvalidInput with all of them, when there is one."""
    found = tuple(violations)
    if found:
        raise InvalidInput(*found)


def not_members(
    cooperation_id: UUID, organisations: Iterable[Organisation], *, on: dt.date, pointer: str
) -> Iterator[Violation]:
    """One violation per organisation that is not a member of the cooperation on that day."""
    members = set(
        CircleStay.objects.in_force(on)
        .filter(cooperation=cooperation_id, circle__in=CircleKind.values)
        .values_list("membership__organisation_id", flat=True)
        .order_by("pk")
    )
    for organisation in organisations:
        if organisation.pk not in members:
            yield Violation(
                "not_a_member",
                _("« %(name)s » n’est pas membre de la coopération.") % {"name": organisation},
                pointer,
            )


def without_role(
    cooperation: Cooperation, person: Person, *, pointer: str, organisation: Organisation | None = None
) -> Iterator[Violation]:
    """A violation when the person holds no role here today, or none that lasts, for that organisation when given."""
    today = clock.today(cooperation.zone)
    roles = Role.objects.in_force(today).filter(cooperation=cooperation, person=person).exclude(until=today)
    if organisation is not None:
        roles = roles.filter(organisation=organisation)
    if not roles.exists():
        yield Violation(
            "no_role", _("Cette personne n’exerce aucun rôle en vigueur à ce titre dans la coopération."), pointer
        )
