"""What the departure of a person leaves behind among stakeholders: the part that they had by name."""

import datetime as dt
from collections.abc import Iterator
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from coopproject import wording
from governance.actor import Actor
from governance.departures import Consequence
from governance.enums import StakeholderKind
from governance.models import Cooperation, Stakeholder


def of_person(actor: Actor, cooperation: Cooperation, person_id: UUID, on: dt.date) -> Iterator[Consequence]:
    """Each part that has not ended by then."""
    rows = Stakeholder.objects.in_force(on).visible_to(actor).filter(cooperation=cooperation, person=person_id)
    for row in rows.exclude(until=on).order_by("pk"):
        kind = row.kind_other or StakeholderKind(row.kind).label
        yield Consequence(
            "stakeholder_named",
            wording.filled(_("Cette personne reste inscrite comme partie prenante (%(kind)s)."), kind=kind),
            _("Mettre fin à cette inscription, ou inscrire qui la remplace."),
            "stakeholders",
            row.pk,
            day=row.until,
        )
