"""What charters knows of the departure of a member: the notice that it owes, and what it leaves behind."""

import datetime as dt
from collections.abc import Iterator
from uuid import UUID

from django.db.models import Q

from charters.models import CharterVersion
from charters.selectors.entry import EntryReader
from charters.selectors.record import Record
from governance.departures import NoticeTerm
from governance.models import Cooperation


def exit_notices(cooperation: Cooperation, organisation_id: UUID, on: dt.date) -> Iterator[NoticeTerm]:
    """The notice that each text in force on that day asks of this member: of whoever it binds, by its frozen terms."""
    applied = CharterVersion.objects.filter(
        Q(superseded_on__isnull=True) | Q(superseded_on__gt=on),
        cooperation=cooperation,
        charter__archived_on__isnull=True,
        in_force_on__lte=on,
    )
    versions = list(applied.select_related("charter__cooperation").order_by("in_force_on", "pk"))
    record = Record(versions)
    for version in versions:
        months = record.terms(version.pk).exit_notice_months
        if months is None:
            continue
        row = EntryReader(version, on, record).read().row(organisation_id)
        if row is not None and row.in_force_from is not None and row.in_force_from <= on:
            yield NoticeTerm(months, "charter-versions", version.pk)
