"""Everything that the instance holds about one person, as JSON in pieces: its size has no bound, its memory has."""

import json
from collections.abc import Iterable, Iterator
from typing import Any

from django.db import models
from django.db.models import GeneratedField, Q

from coopproject import clock
from governance import personal_data
from governance.dossier import fields
from governance.dossier.dates import write_instant
from governance.journal import actor_reference
from governance.models import JournalEntry, Person
from governance.personal_data import Column, Share

FORMAT = "coopproject-person"
FORMAT_VERSION = 1
# What proves who somebody is, to us or to others, is shown to nobody.
_SECRETS = frozenset({"password", "secret_hash"})
_STEP = 500


def pieces(person: Person) -> Iterator[str]:
    """The document, one query for each table that it reads (docs/reference/person-export.md)."""
    columns = list(personal_data.columns())
    yield _opening(person)
    for key, share, past in (("rows", Share.ROW, False), ("past", Share.ROW, True), ("acts", Share.ACT, False)):
        yield f',\n"{key}": {{'
        yield from _tables(person, [column for column in columns if personal_data.share_of(column) is share], past=past)
        yield "}"
    yield ',\n"journal": {"by_them": '
    yield from _list(_entry(entry) for entry in _by_them(person))
    yield ', "about_them": '
    yield from _list(_entry(entry) for entry in _about_them(person))
    yield f'}},\n"left_out": {_dumped(personal_data.left_out())}}}\n'


def _opening(person: Person) -> str:
    head = {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "exported_at": write_instant(clock.now()),
        "person": _row(person),
    }
    return _dumped(head)[:-1]


def _tables(person: Person, columns: Iterable[Column], *, past: bool) -> Iterator[str]:
    between = "\n"
    for column in columns:
        source = column.past if past else column
        if source is None:
            continue
        rows = source.rows(person.pk).iterator(chunk_size=_STEP)
        written = _act if personal_data.share_of(column) is Share.ACT else _row
        found = _list(written(row) for row in rows)
        yield f"{between}{_dumped(column.label)}: "
        yield from found
        between = ",\n"


def _list(rows: Iterable[dict[str, Any]]) -> Iterator[str]:
    yield "["
    between = "\n"
    for row in rows:
        yield between + _dumped(row)
        between = ",\n"
    yield "]"


def _row(obj: Any) -> dict[str, Any]:
    """Every stored value but secrets and bytes; references by identifier, so that nobody else is named."""
    return {
        column.name: str(value)
        if column.is_relation and (value := getattr(obj, column.attname)) is not None
        else fields.encode(column, getattr(obj, column.attname))
        for column in obj._meta.concrete_fields
        if column.name not in _SECRETS and not isinstance(column, GeneratedField | models.BinaryField)
    }


def _act(obj: Any) -> dict[str, Any]:
    """That there is a row on which they acted: what it says is told by the API, to whoever may know of it."""
    written, at = {"id": str(obj.pk)}, getattr(obj, "created_at", None)
    cooperation = getattr(obj, "cooperation_id", None)
    return (
        written
        | ({"created_at": write_instant(at)} if at is not None else {})
        | ({"cooperation": str(cooperation)} if cooperation else {})
    )


def _by_them(person: Person) -> Iterator[JournalEntry]:
    from governance.actor import Actor

    mine = JournalEntry.objects.filter(actor=actor_reference(Actor(person_id=person.pk)))
    return mine.order_by("recorded_at", "pk").iterator(chunk_size=_STEP)


def _about_them(person: Person) -> Iterator[JournalEntry]:
    account = getattr(person, "account", None)
    about = Q(object_type="governance.person", object_id=str(person.pk))
    if account is not None:
        about |= Q(object_type="governance.user", object_id=str(account.pk))
        keys = [str(key) for key in account.tokens.order_by("pk").values_list("pk", flat=True)]
        about |= Q(object_type="governance.apitoken", object_id__in=keys)
    return JournalEntry.objects.filter(about).order_by("recorded_at", "pk").iterator(chunk_size=_STEP)


def _entry(entry: JournalEntry) -> dict[str, Any]:
    return _row(entry)


def _dumped(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
