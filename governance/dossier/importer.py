"""From a document to rows: shape, references, fields, coherence, constraints. Nothing is written if one is wrong."""

import datetime as dt
import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import rfc8785
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import InvalidInput, Violation
from coopproject.models import new_id
from governance.actor import Actor
from governance.dossier import fields, schema
from governance.dossier.sections import COOPERATION, Draft, Row, Section, sections


@dataclass
class Plan:
    """A document on its way into the database."""

    document: Mapping[str, Any]
    reference: dt.date
    # Whose knowledge limits which rows of the instance may be reused; None: the operator's or a batch's, no limit.
    reader: Actor | None
    rows: dict[str, list[Row]] = field(default_factory=dict)
    violations: list[Violation] = field(default_factory=list)
    # ref -> (key of its section, identifier)
    refs: dict[str, tuple[str, UUID]] = field(default_factory=dict)

    def stop_if_wrong(self) -> None:
        if self.violations:
            raise InvalidInput(*self.violations)

    @property
    def cooperation(self) -> Any:
        return self.rows[COOPERATION][0].obj


def fingerprint(document: Any) -> str:
    """SHA-256 of the RFC 8785 form: the same for the YAML and the JSON of one dossier."""
    return hashlib.sha256(rfc8785.dumps(document)).hexdigest()


def prepare(document: Any, *, today: dt.date, reader: Actor | None) -> Plan:
    """Everything that can be checked before writing. Raises InvalidInput with all violations of the stage reached."""
    if found := schema.violations(document):
        raise InvalidInput(*found)
    plan = Plan(document, _reference(document, today), reader)
    _index(plan)
    plan.stop_if_wrong()
    for section in sections():
        _build(plan, section)
        if section.is_shared:
            for part in section:
                _recognise(plan, part)
        else:
            for part in section:
                _refuse_taken(plan, part)
    plan.stop_if_wrong()
    draft = Draft(plan.rows, today)
    for hook in ("complete", "check"):
        for row in _all_rows(plan):
            if (run := getattr(row.section, hook)) is not None and not row.reused:
                plan.violations += run(row, draft)
        plan.stop_if_wrong()
    for row in _all_rows(plan):
        plan.violations += _field_violations(row)
    plan.stop_if_wrong()
    return plan


def _reference(document: Mapping[str, Any], today: dt.date) -> dt.date:
    if "reference_date" not in document:
        return today
    try:
        return dt.date.fromisoformat(document["reference_date"])
    except ValueError as error:
        raise InvalidInput(Violation("invalid_date", _("Cette date n’existe pas."), "/reference_date")) from error


def _listed(document: Mapping[str, Any], section: Section) -> Iterator[tuple[str, Mapping[str, Any]]]:
    found = document.get(section.key, [])
    if section.key == COOPERATION:
        yield f"/{section.key}", found
        return
    for index, data in enumerate(found):
        yield f"/{section.key}/{index}", data


def _nested(data: Mapping[str, Any], at: str, section: Section) -> Iterator[tuple[Section, str, Mapping[str, Any]]]:
    """A row, then the rows written inside it."""
    yield section, at, data
    for child in section.children:
        for index, inner in enumerate(data.get(child.key, [])):
            yield from _nested(inner, f"{at}/{child.key}/{index}", child)


def _index(plan: Plan) -> None:
    """Give each `ref` its identifier: its own when it is a UUID, else a new one."""
    for section in sections():
        for where, data in _listed(plan.document, section):
            for part, at, row in _nested(data, where, section):
                if "ref" not in row:
                    continue
                name = _normal(row["ref"])
                if name in plan.refs:
                    detail = _("Ce ref est déjà celui d’une autre ligne du dossier.")
                    plan.violations.append(Violation("duplicate_ref", detail, f"{at}/ref"))
                plan.refs[name] = (part.key, _as_uuid(name) or new_id())


def _as_uuid(ref: str) -> UUID | None:
    try:
        return UUID(ref) if len(ref) == 36 else None
    except ValueError:
        return None


def _normal(ref: str) -> str:
    identifier = _as_uuid(ref)
    return str(identifier) if identifier else ref


def _build(plan: Plan, section: Section) -> None:
    for where, data in _listed(plan.document, section):
        _build_row(plan, section, where, data, None)


def _build_row(plan: Plan, section: Section, at: str, data: Mapping[str, Any], parent: Row | None) -> None:
    values: dict[str, Any] = {}
    row = Row(section, at, data, None, parent)
    for column in section.columns:
        if column.name not in data:
            continue
        value, where = data[column.name], f"{at}/{column.name}"
        if column.many_to_many:
            row.many[column.name] = [
                found
                for index, ref in enumerate(value)
                if (found := _resolve(plan, column, ref, f"{where}/{index}")) is not None
            ]
        elif fields.is_reference(column):
            values[column.attname] = None if value is None else _resolve(plan, column, value, where)
        else:
            try:
                values[column.attname] = fields.decode(column, value, plan.reference)
            except fields.Unreadable as error:
                plan.violations.append(error.at(where))
            else:
                if adapt := section.adapt.get(column.name):
                    values[column.attname] = adapt(values[column.attname], lambda ref: _adapted(plan, ref))
    values["pk"] = plan.refs[_normal(data["ref"])][1] if "ref" in data else new_id()
    if parent is not None:
        values[section.attname(section.parent)] = parent.obj.pk
    if not section.is_shared and section.key != COOPERATION:
        values["cooperation_id"] = plan.cooperation.pk
    row.obj = section.model(**values)
    plan.rows.setdefault(section.key, []).append(row)
    if parent is not None:
        parent.children.setdefault(section.key, []).append(row)
    for child in section.children:
        for index, inner in enumerate(data.get(child.key, [])):
            _build_row(plan, child, f"{at}/{child.key}/{index}", inner, row)


def _adapted(plan: Plan, ref: str) -> str:
    found = plan.refs.get(_normal(ref))
    return str(found[1]) if found else ref


def _resolve(plan: Plan, column: Any, ref: str, where: str) -> UUID | None:
    found = plan.refs.get(_normal(ref))
    if found is None:
        plan.violations.append(Violation("unknown_ref", _("Aucune ligne du dossier ne porte ce ref."), where))
        return None
    key, identifier = found
    if column.is_relation:
        target = next((part for section in sections() for part in section if part.key == key), None)
        if target is None or target.model is not column.related_model:
            detail = _("Ce ref est celui d’une ligne de « %(section)s », qui ne convient pas ici.")
            plan.violations.append(Violation("wrong_ref", detail % {"section": key}, where))
            return None
    return identifier


def _refuse_taken(plan: Plan, section: Section) -> None:
    """A row of a cooperation is new: an identifier that exists already would be someone else's row."""
    rows = {row.obj.pk: row for row in plan.rows.get(section.key, [])}
    for taken in section.objects.filter(pk__in=list(rows)).values_list("pk", flat=True):
        detail = _("Un objet porte déjà cet identifiant sur cette instance.")
        plan.violations.append(rows[taken].wrong("ref_taken", detail, "ref"))


def _recognise(plan: Plan, section: Section) -> None:
    """Find the rows that this instance has already. Identical ones are reused, others refused, unknown ones added."""
    rows = plan.rows.get(section.key, [])
    if not rows:
        return
    columns = [column for column in section.columns if not column.many_to_many]
    parent = [section.model._meta.get_field(section.parent)] if section.parent else []
    names = [column.attname for column in [*columns, *parent]]
    known = section.objects.in_bulk([row.obj.pk for row in rows])
    reused = {row.obj.pk for others in plan.rows.values() for row in others if row.reused}
    for row in rows:
        existing = known.get(row.obj.pk) or _same(section, row, reused)
        if existing is None:
            if plan.reader is not None and _owner_of(row) in reused:
                detail = _("Seul l’opérateur complète une organisation que l’instance connaît déjà.")
                plan.violations.append(row.wrong("not_yours_to_complete", detail))
            continue
        if plan.reader is not None and not _is_known(plan.reader, existing):
            detail = _("Cet identifiant est déjà employé : demandez à l’opérateur de l’instance.")
            plan.violations.append(row.wrong("ref_taken", detail))
            continue
        different = [name for name in names if getattr(existing, name) != getattr(row.obj, name)]
        for name in different:
            detail = _("L’instance a une autre valeur pour cet objet ; accordez-les avant d’importer.")
            plan.violations.append(row.wrong("differs_from_existing", detail, name.removesuffix("_id")))
        if not different:
            _reuse(plan, row, existing)


def _same(section: Section, row: Row, reused: set[UUID]) -> Any:
    """The row of the instance that is the same thing under another identifier. What belongs to a new row is new."""
    owner = _owner_of(row)
    if owner is not None and owner not in reused:
        return None
    for names in section.same_as:
        values = {name: getattr(row.obj, name) for name in map(section.attname, names)}
        known = all(value not in (None, "") for value in values.values())
        if known and (found := section.objects.filter(**values).order_by("pk").first()):
            return found
    return None


def _is_known(reader: Actor, existing: Any) -> bool:
    return bool(type(existing).objects.visible_to(reader).filter(pk=existing.pk).exists())


def _owner_of(row: Row) -> UUID | None:
    """The row to which this one belongs across cooperations: its organisation, its board."""
    owner = row.section.parent or row.section.owner
    return getattr(row.obj, row.section.attname(owner)) if owner else None


def _reuse(plan: Plan, row: Row, existing: Any) -> None:
    if "ref" in row.data:
        plan.refs[_normal(row.data["ref"])] = (row.section.key, existing.pk)
    row.obj, row.reused = existing, True
    for child in row.section.children:
        attname = child.attname(child.parent)
        for inner in row.children.get(child.key, []):
            setattr(inner.obj, attname, existing.pk)


def _all_rows(plan: Plan) -> Iterator[Row]:
    for section in sections():
        for part in section:
            yield from plan.rows.get(part.key, [])


def _field_violations(row: Row) -> Iterator[Violation]:
    """What the model's own fields refuse. References were resolved, generated columns are the database's."""
    if row.reused:
        return
    model = row.section.model
    left = {"pk", "id"} | {column.name for column in model._meta.concrete_fields if column.is_relation}
    left |= {name for name in row.section.optional if name not in row.data}
    try:
        row.obj.clean_fields(exclude=left)
    except ValidationError as error:
        for name, items in error.error_dict.items():
            for item in items:
                yield row.wrong(item.code or "invalid", str(next(iter(item.messages))), name)
