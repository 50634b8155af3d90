"""The sign of what somebody who left a cooperation left open knowingly, until somebody takes it.

The journal is the memory of what was said (`<object>.left_open`); whether it still stands is read from today's state.
"""

import datetime as dt
from collections.abc import Iterator
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from coopproject import wording
from governance import handovers
from governance.actor import Actor
from governance.handovers import DAY, LeftOpen, Matter
from governance.models import Cooperation, JournalEntry
from governance.reminding import resource_name
from governance.services.records import object_name
from governance.vital_signs import Concern, Severity, VitalSign


def examine(cooperation: Cooperation, actor: Actor, on: dt.date) -> Iterator[VitalSign]:
    """One sign for each thing that was left open and that nobody has taken; about what the actor may know of."""
    known = handovers.matters()
    acts = {f"{object_name(matter.model())}.left_open" for matter in known.values()}
    entries = JournalEntry.objects.visible_to(actor).filter(cooperation=cooperation, act__in=sorted(acts))
    by_code: dict[str, dict[str, JournalEntry]] = {}
    for entry in entries.order_by("sequence"):
        by_code.setdefault(entry.payload.get("code", ""), {})[entry.object_id] = entry
    for code in sorted(set(by_code) & set(known)):
        yield from _signs(known[code], by_code[code], cooperation, actor, on)


def _signs(
    matter: Matter, entries: dict[str, JournalEntry], cooperation: Cooperation, actor: Actor, on: dt.date
) -> Iterator[VitalSign]:
    visible = matter.model.objects.visible_to(actor).filter(pk__in=list(entries)).order_by("pk")
    left = [_left_open(obj, entries[str(obj.pk)]) for obj in visible]
    for item in matter.unsettled(cooperation, [item for item in left if item.since <= on], on):
        label = matter.label(item.obj)
        yield VitalSign(
            code="left_open",
            severity=Severity.WARNING,
            title=wording.filled(_("Laissé ouvert par un départ : %(label)s"), label=label),
            why=wording.filled(_("Personne ne l’a pris depuis. Ce qui en fut dit : %(reason)s"), reason=item.reason),
            clears=matter.clears,
            since=item.since,
            objects=(Concern(resource_name(matter.model), str(item.obj.pk), str(label)),),
        )


def _left_open(obj: object, entry: JournalEntry) -> LeftOpen:
    day = dt.date.fromisoformat(entry.payload["left_on"])
    return LeftOpen(obj, UUID(entry.payload["person"]), entry.reason, day + DAY)
