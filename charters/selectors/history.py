"""What `GET /charters/{id}/history/` says: who changed what, when and why, version by version."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet, Window
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import RowNumber

from charters.models import Article, Charter, CharterVersion
from charters.rules.content import ArticleText
from charters.rules.diff import ChangeKind, change_counts
from charters.speaking import STAFF
from coopproject import clock
from governance.actor import Actor
from governance.models import JournalEntry, Person, Role

# How many of the latest changes of its articles are told with a version; the journal has them all.
EDITS = 30
# Acts of the journal -> what the history calls them.
_ACTS = {
    "charter_version.created": "drafted",
    "charter_version.amended": "drafted",
    "charter_version.submitted": "submitted",
    "charter_version.withdrawn": "withdrawn",
    "charter_version.rejected": "rejected",
    "charter_version.entered_into_force": "entered_into_force",
    "charter_version.superseded": "superseded",
}
_EDITS = {
    "article.created": "created",
    "article.updated": "updated",
    "article.moved": "moved",
    "article.deleted": "deleted",
}


def versions_of(charter: Charter, reader: Actor) -> QuerySet[CharterVersion]:
    """The versions of a charter with the number of organisations that approved each, as far as the reader may know;
    their frozen texts left out."""
    versions = CharterVersion.objects.filter(charter=charter).defer("content")
    closed = sorted(reader.closed_members.get(charter.cooperation_id, ()))
    known = ~Q(approvals__organisation__in=closed)
    counted: QuerySet[CharterVersion] = versions.annotate(
        approving=Count("approvals__organisation", distinct=True, filter=known)
    )
    return counted


def history(charter: Charter, versions: Sequence[CharterVersion]) -> list[dict[str, Any]]:
    """One row for each of these versions, in their order. The number of queries does not grow with theirs."""
    pks = [version.pk for version in versions]
    replaced = _replaced(charter, versions)
    texts = _texts({*pks, *(former for former in replaced.values() if former)})
    acts = list(
        JournalEntry.objects.filter(
            object_type=CharterVersion._meta.label_lower, object_id__in=[str(pk) for pk in pks], act__in=_ACTS
        ).order_by("sequence")
    )
    edits = _edits(charter, pks)
    people = _People(charter, [*acts, *edits])
    of_version: dict[str, list[JournalEntry]] = defaultdict(list)
    for entry in acts:
        of_version[entry.object_id].append(entry)
    in_version: dict[str, list[Any]] = defaultdict(list)
    for edit in edits:
        in_version[edit.payload["charter_version"]].append(edit)
    rows = []
    for version in versions:
        former = replaced[version.pk]
        kinds = change_counts(texts[former] if former else [], texts[version.pk])
        own = in_version[str(version.pk)]
        rows.append(
            {
                "version": version,
                "approvals": version.approving,  # type: ignore[attr-defined]
                "compared_with": former,
                "counts": {str(kind): kinds[kind] for kind in ChangeKind},
                "diff": f"/api/v1/charter-versions/{version.pk}/diff/" + (f"?against={former}" if former else ""),
                "acts": [people.told(entry) | {"act": _ACTS[entry.act]} for entry in of_version[str(version.pk)]],
                "edit_count": own[0].total if own else 0,
                "edits": [people.told(entry) | _edit(entry, texts[version.pk]) for entry in own],
            }
        )
    return rows


def _replaced(charter: Charter, versions: Iterable[CharterVersion]) -> dict[UUID, UUID | None]:
    """The text that each replaced or would replace: the last earlier one that entered into force, else the former."""
    every = list(
        CharterVersion.objects.filter(charter=charter).order_by("-number").values_list("number", "pk", "in_force_on")
    )
    found: dict[UUID, UUID | None] = {}
    for version in versions:
        earlier = [(pk, in_force_on) for number, pk, in_force_on in every if number < version.number]
        entered = [pk for pk, in_force_on in earlier if in_force_on is not None]
        found[version.pk] = entered[0] if entered else earlier[0][0] if earlier else None
    return found


def _texts(versions: Iterable[UUID]) -> dict[UUID, list[ArticleText]]:
    texts: dict[UUID, list[ArticleText]] = defaultdict(list)
    rows = Article.objects.filter(charter_version__in=list(versions)).order_by("charter_version", "position")
    for pk, section, title, body, key in rows.values_list("charter_version", "section", "title", "body", "key"):
        texts[pk].append(ArticleText(str(section), title, body, key))
    return texts


def _edits(charter: Charter, versions: Iterable[UUID]) -> list[Any]:
    """The latest changes of the articles of each version, newest first, with their number (`total`)."""
    of = KeyTextTransform("charter_version", "payload")
    entries = JournalEntry.objects.filter(
        cooperation_id=charter.cooperation_id,
        object_type=Article._meta.label_lower,
        act__in=_EDITS,
        payload__charter_version__in=[str(pk) for pk in versions],
    )
    ranked = entries.annotate(
        rank=Window(RowNumber(), partition_by=[of], order_by=F("sequence").desc()),
        total=Window(Count("pk"), partition_by=[of]),
    )
    return list(ranked.filter(rank__lte=EDITS).order_by("-sequence"))


def _edit(entry: JournalEntry, texts: Sequence[ArticleText]) -> dict[str, Any]:
    payload = entry.payload
    key = payload["key"]
    title = next((article.title for article in texts if article.key == key), payload.get("title", ""))
    changed = sorted(payload["after"]) if entry.act == "article.updated" else []
    return {
        "act": _EDITS[entry.act],
        "article": entry.object_id,
        "key": key,
        "title": title,
        "changed": ["position"] if entry.act == "article.moved" else changed,
    }


@dataclass(frozen=True)
class _Held:
    kind: str
    organisation_id: UUID | None
    since: dt.date
    until: dt.date | None


class _People:
    """Who acted, by name, and in which capacity on that day: two queries for all."""

    def __init__(self, charter: Charter, entries: Iterable[JournalEntry]) -> None:
        self.zone = charter.cooperation.zone
        known = {UUID(person_id) for entry in entries if (person_id := _person(entry))}
        people = Person.objects.filter(pk__in=known).order_by("pk")
        self.names = {str(person.pk): str(person) for person in people}
        self.roles: dict[str, list[_Held]] = defaultdict(list)
        roles = Role.objects.filter(cooperation_id=charter.cooperation_id, person__in=known).order_by("since", "pk")
        for person_id, *held in roles.values_list("person", "kind", "organisation", "since", "until"):
            self.roles[str(person_id)].append(_Held(*held))

    def told(self, entry: JournalEntry) -> dict[str, Any]:
        person_id = _person(entry)
        return {
            "at": entry.recorded_at,
            "person": person_id,
            "name": self.names.get(person_id or "", ""),
            "capacity": self._capacity(person_id or "", entry),
            "reason": entry.reason,
        }

    def _capacity(self, person_id: str, entry: JournalEntry) -> str:
        """Of the roles held that day, the one for which the act was done; else that of the staff, who write."""
        day = clock.local_date(entry.recorded_at, self.zone)
        held = [one for one in self.roles[person_id] if one.since <= day and (one.until is None or day <= one.until)]
        if entry.on_behalf_of_id:
            held = [one for one in held if one.organisation_id == entry.on_behalf_of_id]
        kinds = sorted((one.kind for one in held), key=lambda kind: (kind not in STAFF, kind))
        return kinds[0] if kinds else ""


def _person(entry: JournalEntry) -> str | None:
    kind, _colon, identifier = entry.actor.partition(":")
    return identifier if kind == "person" else None
