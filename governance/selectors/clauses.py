"""What the clauses in force hide from a reader, and what they hold closed."""

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from coopproject import clock
from governance import covering
from governance.actor import Actor
from governance.models import ConfidentialityClause
from governance.rules.clauses import below
from governance.rules.confidentiality import highest


@dataclass
class Hidden:
    """By model (`app.model`) and identifier: field -> the level that is asked; and the objects hidden as a whole."""

    fields: dict[tuple[str, str], dict[str, str]] = field(default_factory=dict)
    whole: set[str] = field(default_factory=set)


def hidden_from(actor: Actor) -> Hidden:
    """What the clauses in force keep from this actor: one query, however many objects are then looked at."""
    found = Hidden()
    labels = {name: item.label for name, item in covering.coverable().items()}
    now = clock.now()
    # Two days ago is over in every zone.
    lately = (now - dt.timedelta(days=2)).date()
    rows = ConfidentialityClause.objects.filter(
        Q(until__isnull=True) | Q(until__gte=lately),
        lifted_on__isnull=True,
        cooperation__in=actor.cooperation_ids,
        covers__isnull=False,
    ).select_related("cooperation")
    for clause in rows.order_by("pk"):
        if actor.may_know(clause.cooperation_id, clause.confidentiality) or not _holds(clause, now):
            continue
        covers = clause.covers
        if not covers.get("fields"):
            found.whole.add(covers["id"])
        asked = found.fields.setdefault((labels.get(covers["resource"], ""), covers["id"]), {})
        for name in covers.get("fields", ()):
            asked[name] = highest(asked.get(name, clause.confidentiality), clause.confidentiality)
    return found


def _holds(clause: ConfidentialityClause, now: dt.datetime) -> bool:
    """In force today, in the zone of its cooperation."""
    day = clock.local_date(now, clause.cooperation.zone)
    return clause.since <= day and (clause.until is None or clause.until >= day) and clause.lifted_on is None


def level_held(obj: Any) -> str | None:
    """The level below which the clauses in force keep this whole object from going; None when none covers it."""
    rows = ConfidentialityClause.objects.filter(covers__id=str(obj.pk))
    now = clock.now()
    levels = [
        clause.confidentiality
        for clause in rows.select_related("cooperation")
        if not clause.covers.get("fields") and _holds(clause, now)
    ]
    return highest(*levels) if levels else None


def others_over(clause: ConfidentialityClause) -> list[ConfidentialityClause]:
    """The other clauses in force that cover the same whole object, locked."""
    assert clause.covers is not None, "it covers an object"
    rows = ConfidentialityClause.objects.filter(cooperation=clause.cooperation_id, covers__id=clause.covers["id"])
    now = clock.now()
    locked = rows.exclude(pk=clause.pk).select_related("cooperation").select_for_update(of=("self",)).order_by("pk")
    return [other for other in locked if not other.covers.get("fields") and _holds(other, now)]


def opens_too_far(obj: Any, level: str) -> str | None:
    """The level that a clause in force asks of this object, when `level` would be more open; else None."""
    held = level_held(obj)
    return held if held is not None and below(level, held) else None


def known_ids(models: Mapping[str, Any], named: Iterable[Mapping[str, Any] | None], actor: Actor) -> set[str]:
    """Of the objects named (`resource`, `id`), those that the actor may know of: one query per resource."""
    wanted: dict[str, set[str]] = {}
    for item in named:
        if item is not None and item["resource"] in models:
            wanted.setdefault(item["resource"], set()).add(item["id"])
    return {
        str(pk)
        for resource, ids in wanted.items()
        for pk in models[resource].objects.visible_to(actor).filter(pk__in=sorted(ids)).values_list("pk", flat=True)
    }
