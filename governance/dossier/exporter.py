"""From rows to the canonical document: every date absolute, identifiers as refs, one order, one form."""

import json
from typing import Any
from uuid import UUID

from django.db import models

from governance.actor import Actor
from governance.dossier import fields
from governance.dossier.sections import COOPERATION, FORMAT, FORMAT_VERSION, Section, sections

# Bytes of files in one dossier: four megabytes of the five, once in base64.
_ROOM = 3 * 2**20


def document(cooperation: Any, *, reader: Actor | None = None) -> dict[str, Any]:
    """The dossier of a cooperation; only what `reader` may know of when one is given.

    A row whose required reference leads to something that the reader may not know of is left out with it.
    """
    found = _Collected(cooperation, reader)
    for section in sections():
        if not section.is_shared:
            found.collect(section, found.tenant_rows(section))
    for section in sections():
        if section.is_shared:
            found.collect(section, found.shared_rows(section))
    found.drop_orphans()
    written: dict[str, Any] = {"format": FORMAT, "format_version": FORMAT_VERSION}
    for section in sections():
        rows = [found.write(section, obj) for obj in found.objects[section.key]]
        if section.key == COOPERATION:
            written[section.key] = rows[0]
        elif rows:
            written[section.key] = rows
    return written


def text(written: dict[str, Any]) -> str:
    """The canonical text: two spaces, accents readable, a line feed at the end."""
    return json.dumps(written, indent=2, ensure_ascii=False) + "\n"


def _open_to(rows: Any, reader: Actor) -> Any:
    """Those that the reader may know of, where the model says who may."""
    return rows.visible_to(reader) if hasattr(rows, "visible_to") else rows


class _Collected:
    def __init__(self, cooperation: Any, reader: Actor | None) -> None:
        self.cooperation, self.reader = cooperation, reader
        self.objects: dict[str, list[Any]] = {}
        # The identifiers to which collected rows refer, by model.
        self.wanted: dict[Any, set[UUID]] = {}
        self.many: dict[tuple[str, UUID], list[UUID]] = {}
        # Children by their parent, once it is settled which stay.
        self.inside: dict[str, dict[UUID, list[Any]]] = {}
        # What is left for bytes in a document that must come back in.
        self.room = _ROOM

    def tenant_rows(self, section: Section) -> Any:
        if section.key == COOPERATION:
            return section.objects.filter(pk=self.cooperation.pk)
        rows = section.objects.filter(cooperation=self.cooperation)
        if section.only is not None:
            rows = rows.filter(section.only)
        return rows if self.reader is None else rows.visible_to(self.reader)

    def shared_rows(self, section: Section) -> Any:
        if not section.owner:
            named = section.objects.filter(pk__in=self.wanted.get(section.model, set()))
            # What a row names may be closed to its reader: an organisation, a person known by a closed role only.
            return named if self.reader is None else _open_to(named, self.reader)
        owner: Any = section.model._meta.get_field(section.owner)
        rows = section.objects.filter(**{f"{section.owner}__in": self._identifiers(owner.related_model)})
        return rows if self.reader is None else _open_to(rows, self.reader)

    def _identifiers(self, model: Any) -> list[UUID]:
        return [obj.pk for objects in self.objects.values() for obj in objects if type(obj) is model]

    def collect(self, section: Section, rows: Any) -> None:
        objects = list(rows.order_by("pk"))
        self.objects[section.key] = objects
        if self.reader is not None and section.conceal is not None:
            section.conceal(objects, self.reader)
        for column in section.columns:
            if column.many_to_many:
                self._collect_many(section, column, objects)
            elif column.is_relation:
                wanted = self.wanted.setdefault(column.related_model, set())
                wanted |= {value for obj in objects if (value := getattr(obj, column.attname)) is not None}
        for child in section.children:
            inner = child.objects.filter(**{f"{child.parent}__in": [obj.pk for obj in objects]})
            # A child may have a level of its own, or a rule of its own on who reads it.
            if self.reader is not None:
                inner = _open_to(inner, self.reader)
            self.collect(child, inner)
            self.objects[child.key] = list(inner.order_by(*child.order, "pk"))

    def _collect_many(self, section: Section, column: Any, objects: list[Any]) -> None:
        through = column.remote_field.through
        near, far = f"{column.m2m_field_name()}_id", f"{column.m2m_reverse_field_name()}_id"
        pairs = through.objects.filter(**{f"{near}__in": [obj.pk for obj in objects]})
        wanted = self.wanted.setdefault(column.related_model, set())
        for one, other in pairs.order_by(far).values_list(near, far):
            self.many.setdefault((f"{section.key}.{column.name}", one), []).append(other)
            wanted.add(other)

    def drop_orphans(self) -> None:
        """Until nothing changes: rows whose required reference is not in the dossier."""
        self.parts = [part for section in sections() for part in section]
        while True:
            self.known = {obj.pk for objects in self.objects.values() for obj in objects}
            dropped = False
            for part in self.parts:
                kept = [obj for obj in self.objects.get(part.key, []) if self._stands(part, obj)]
                dropped |= len(kept) != len(self.objects.get(part.key, []))
                self.objects[part.key] = kept
            if not dropped:
                return

    def _stands(self, part: Section, obj: Any) -> bool:
        names = [column.attname for column in part.columns if column.is_relation and not column.many_to_many]
        required = [name for name in names if not part.model._meta.get_field(name.removesuffix("_id")).null]
        if part.parent:
            required.append(part.attname(part.parent))
        return all(getattr(obj, name) in self.known for name in required)

    def write(self, section: Section, obj: Any) -> dict[str, Any]:
        row: dict[str, Any] = {"ref": str(obj.pk)}
        for column in section.columns:
            value = self._value(section, column, obj)
            # What may be missing is, once it was emptied: the name of a person who was erased.
            if not fields.is_left_out(column, value) and not (value == "" and column.name in section.optional):
                row[column.name] = value
        for child in section.children:
            inner = [self.write(child, each) for each in self._children(child, obj)]
            if inner:
                row[child.key] = inner
        return row

    def _children(self, child: Section, obj: Any) -> list[Any]:
        if child.key not in self.inside:
            attname = child.attname(child.parent)
            grouped = self.inside[child.key] = {}
            for each in self.objects[child.key]:
                grouped.setdefault(getattr(each, attname), []).append(each)
        return self.inside[child.key].get(obj.pk, [])

    def _value(self, section: Section, column: Any, obj: Any) -> Any:
        if column.many_to_many:
            found = self.many.get((f"{section.key}.{column.name}", obj.pk), [])
            return [str(value) for value in found if value in self.known]
        if isinstance(column, models.BinaryField):
            return self._bytes(column, obj)
        value = getattr(obj, column.attname)
        if column.is_relation:
            return str(value) if value in self.known else None
        return fields.encode(column, value)

    def _bytes(self, column: Any, obj: Any) -> Any:
        """In base64 while there is room; else nothing, and the row stands by its hash."""
        found = type(obj).objects.values_list(column.name, flat=True).get(pk=obj.pk)
        if found is None or len(found) > fields.MAX_BYTES or len(found) > self.room:
            return None
        self.room -= len(found)
        return fields.encode(column, found)
