"""The sign of what goes on in the charge of somebody who exercises nothing here any more.

Whoever sees a person off answers only for what they may know of; a role may end alone, and a dossier brings no journal.
What was left open knowingly is told, with its reason, by `governance.left_open` alone.
"""

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Max, Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coopproject import wording
from governance import left_open
from governance.actor import Actor
from governance.handovers import DAY
from governance.models import Cooperation, Role
from governance.reminding import resource_name
from governance.vital_signs import Concern, Examiner, Severity, VitalSign


@dataclass(frozen=True)
class Charge:
    """What somebody is in charge of by name: `holder` is the field, `ongoing` what goes on after a day."""

    model: type[Any]
    holder: str
    ongoing: Callable[[dt.date], Q]
    clears: str | Promise
    label: Callable[[Any], str] = str


def examiner(*charges: Charge) -> Examiner:
    """What an app registers for its own."""

    def examine(cooperation: Cooperation, actor: Actor, on: dt.date) -> Iterator[VitalSign]:
        acting = Role.objects.in_force(on).filter(cooperation=cooperation).order_by().values("person")
        orphans = [
            (charge, row)
            for charge in charges
            for row in charge.model.objects.visible_to(actor)
            .filter(charge.ongoing(on), cooperation=cooperation, **{f"{charge.holder}__isnull": False})
            .exclude(**{f"{charge.holder}__in": acting})
            .order_by("pk")
        ]
        if orphans:
            told = {concern.id for sign in left_open.examine(cooperation, actor, on) for concern in sign.objects}
            orphans = [(charge, row) for charge, row in orphans if str(row.pk) not in told]
        gone = _gone_since(cooperation, {_holder(charge, row) for charge, row in orphans}, on)
        for charge, row in orphans:
            yield VitalSign(
                code="in_charge_gone",
                severity=Severity.WARNING,
                title=wording.filled(_("Plus personne n’en est chargé : %(what)s"), what=charge.label(row)),
                why=_("La personne qui en est chargée n’exerce plus aucun rôle dans la coopération."),
                clears=charge.clears,
                since=gone.get(_holder(charge, row)),
                objects=(Concern(resource_name(charge.model), str(row.pk), charge.label(row)),),
            )

    return examine


def _holder(charge: Charge, row: Any) -> UUID:
    found: UUID = getattr(row, f"{charge.holder}_id")
    return found


def _gone_since(cooperation: Cooperation, people: set[UUID], on: dt.date) -> dict[UUID, dt.date]:
    """The first day without any role, of those who had one."""
    if not people:
        return {}
    ended = Role.objects.filter(cooperation=cooperation, person__in=people, until__lt=on).order_by()
    return {
        person: last + DAY
        for person, last in ended.values("person").annotate(last=Max("until")).values_list("person", "last")
    }
