"""What the departure of a person leaves behind among stakeholders: the part that they had by name."""

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from uuid import UUID

from django.db.models import Q
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coopproject import wording
from coopproject.exceptions import NotAllowed
from coopproject.locking import hold
from governance.actor import Actor
from governance.departures import Consequence
from governance.enums import StakeholderKind
from governance.handovers import Leaver, Leaving, LeftOpen, Matter
from governance.models import Cooperation, Person, Stakeholder
from governance.policies.members import stakeholder as policy
from governance.services import stakeholders as services


def of_person(actor: Actor, cooperation: Cooperation, person_id: UUID, on: dt.date) -> Iterator[Consequence]:
    """Each part that has not ended by then, nor before it begins."""
    rows = Stakeholder.objects.visible_to(actor).filter(cooperation=cooperation, person=person_id)
    for row in rows.filter(Q(until__isnull=True) | Q(until__gt=on)).order_by("pk"):
        yield Consequence(
            "stakeholder_named",
            wording.filled(_("Cette personne reste inscrite comme partie prenante (%(kind)s)."), kind=_kind(row)),
            _("Inscrire qui la remplace, ou dire pourquoi elle reste inscrite."),
            "stakeholders",
            row.pk,
            day=row.until,
        )


def _kind(row: Stakeholder) -> str | Promise:
    return row.kind_other or StakeholderKind(row.kind).label


def _take(leaving: Leaving, row: Stakeholder, to: Person) -> None:
    """End the part of who leaves and give the same one to the successor, whom nobody has heard yet.

    One that has not begun only changes its name.
    """
    if not (policy.allows(leaving.actor, "end", row) and policy.allows(leaving.actor, "update", row)):
        raise NotAllowed(policy.refusal("end"))
    if row.since > leaving.last_day:
        services.stakeholder_update(pk=row.pk, actor=leaving.actor, expected_version=None, changes={"person": to})
        return
    services.stakeholder_end(pk=row.pk, actor=leaving.actor, until=leaving.last_day, reason=leaving.reason)
    same = {name: getattr(row, name) for name in ("role_family", "kind", "kind_other")}
    if Stakeholder.objects.in_force(leaving.next_day).filter(cooperation=row.cooperation, person=to, **same).exists():
        return
    services.stakeholder_create(
        actor=leaving.actor,
        cooperation=leaving.cooperation,
        person=to,
        since=leaving.next_day,
        until=row.until,
        expected=row.expected,
        confidentiality=row.confidentiality,
        **same,
    )


def _unsettled(_cooperation: Cooperation, left: Sequence[LeftOpen], on: dt.date) -> Iterable[LeftOpen]:
    for item in left:
        if item.obj.person_id == item.person_id and (item.obj.until is None or item.obj.until >= on):
            yield item


MATTERS = {
    "stakeholder_named": Matter(
        Stakeholder, _kind, _unsettled, _("Inscrire qui la remplace, ou mettre fin à son inscription."), _take
    )
}


def _hold(cooperation: Cooperation, person_id: UUID) -> None:
    hold(Stakeholder.objects.filter(cooperation=cooperation, person=person_id))


LEAVER = Leaver(_hold)
