"""What every section asks of its dates."""

import datetime as dt
from collections.abc import Iterator
from itertools import pairwise

from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import Violation
from governance.dossier.sections import Draft, Row
from governance.rules.files import MediaType


def not_in_the_future(row: Row, draft: Draft, *names: str) -> Iterator[Violation]:
    """Facts are past or of today."""
    for name in names:
        value = getattr(row.obj, name)
        day = value.date() if isinstance(value, dt.datetime) else value
        # An instant is compared by its day in UTC, at most one day behind the legal one.
        if day is not None and day > draft.today:
            yield row.wrong("in_the_future", _("Cette date est à venir : le fait ne peut être constaté."), name)


def in_order(row: Row, *names: str) -> Iterator[Violation]:
    """The dates that are known follow each other as named."""
    known = [(name, value) for name in names if (value := getattr(row.obj, name)) is not None]
    for (before, first), (name, second) in pairwise(known):
        if second < first:
            detail = _("Cette date ne peut précéder « %(before)s ».") % {"before": before}
            yield row.wrong("out_of_order", detail, name)


def minutes_are_a_pdf(row: Row, draft: Draft) -> Iterator[Violation]:
    """Minutes are joined as a PDF, as when they are recorded here."""
    held = row.obj.minutes_file_id
    if held is not None and draft.by_id("files")[held].obj.media_type != MediaType.PDF:
        yield row.wrong("not_a_pdf", _("Un procès-verbal se joint en PDF."), "minutes_file")
