"""Writing a plan: in bulk when all is well, row by row to name what a constraint of the database refuses."""

from collections.abc import Iterator

from django.db import DatabaseError, IntegrityError, OperationalError, connection, transaction
from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import InvalidInput, Violation
from governance.dossier.importer import Plan
from governance.dossier.sections import Row, Section, sections

_BATCH = 500


def write(plan: Plan) -> dict[str, int]:
    """Insert every new row. Returns how many by section. Must run in a transaction, which a refusal rolls back.

    References between rows are checked last, so that the order of sections is free.
    """
    counts: dict[str, int] = {}
    refused: list[Violation] = []
    for section in sections():
        for part in _inner_first(section):
            rows = [row for row in plan.rows.get(part.key, []) if not row.reused]
            if rows:
                counts[part.key] = len(rows)
                refused += _insert(part, rows)
            if not refused:
                for row in rows:
                    _link(row)
    if not refused:
        refused = _check_references()
    if refused:
        raise InvalidInput(*refused)
    return counts


def _inner_first(section: Section) -> Iterator[Section]:
    """Rows written inside a row go before it: a trigger may freeze them once the outer one says so."""
    yield from section.children
    yield section


def _insert(section: Section, rows: list[Row]) -> list[Violation]:
    try:
        with transaction.atomic():
            section.objects.bulk_create([row.obj for row in rows], batch_size=_BATCH)
    except OperationalError:
        raise
    except DatabaseError:
        return list(_culprits(section, rows))
    return []


def _culprits(section: Section, rows: list[Row]) -> Iterator[Violation]:
    for row in rows:
        row.obj._state.adding = True
        try:
            with transaction.atomic():
                section.objects.bulk_create([row.obj])
        except OperationalError:
            raise
        except DatabaseError as error:
            yield _refusal(row, error)


def _refusal(row: Row, error: DatabaseError) -> Violation:
    """The name of the constraint is the code; its sentence is the model's when it has one."""
    name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or "refused_by_the_database"
    for constraint in row.section.model._meta.constraints:
        own_words = constraint.violation_error_message
        if constraint.name == name and own_words not in (None, constraint.default_violation_error_message):
            return row.wrong(name, own_words)
    return row.wrong(name, _("Une règle de la base s’y oppose."))


def _link(row: Row) -> None:
    for name, identifiers in row.many.items():
        if identifiers:
            getattr(row.obj, name).add(*identifiers)


def _check_references() -> list[Violation]:
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            cursor.execute("SET CONSTRAINTS ALL DEFERRED")
    except IntegrityError as error:
        name = getattr(getattr(error.__cause__, "diag", None), "constraint_name", None) or "refused_by_the_database"
        return [Violation(name, _("Une référence ne mène à rien."))]
    return []
