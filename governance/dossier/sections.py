"""What a dossier is made of. A section is a list of rows of one model; each app registers its own in `dossier.py`."""

import datetime as dt
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import Model, Q

from coopproject.exceptions import Violation
from governance.actor import Actor

FORMAT = "coopproject-dossier"
FORMAT_VERSION = 1
COOPERATION = "cooperation"


@dataclass
class Row:
    """One row while it is imported: where it stands, what was written, and the object that it becomes."""

    section: "Section"
    pointer: str
    data: Mapping[str, Any]
    obj: Any
    parent: "Row | None" = None
    children: dict[str, list["Row"]] = field(default_factory=dict)
    many: dict[str, list[UUID]] = field(default_factory=dict)
    # The row stands already on this instance, identical: nothing to write.
    reused: bool = False

    def wrong(self, code: str, detail: Any, name: str = "") -> Violation:
        """A violation that points to this row, or to one of its fields."""
        return Violation(code, detail, f"{self.pointer}/{name}" if name else self.pointer)


@dataclass(frozen=True)
class Draft:
    """All rows of a dossier, for the hooks that complete or check them across sections."""

    rows: Mapping[str, Sequence[Row]]
    today: dt.date
    _by_id: dict[str, dict[UUID, Row]] = field(default_factory=dict)
    _by_organisation: dict[str, dict[UUID, list[Row]]] = field(default_factory=dict)

    def __getitem__(self, key: str) -> Sequence[Row]:
        return self.rows.get(key, ())

    def by_id(self, key: str) -> dict[UUID, Row]:
        """The rows of a section by the identifier of their object."""
        if key not in self._by_id:
            self._by_id[key] = {row.obj.pk: row for row in self[key]}
        return self._by_id[key]

    def of_organisation(self, key: str, organisation_id: UUID) -> Sequence[Row]:
        """The rows of a section that name this organisation; indexed once, so that a hostile length costs no more."""
        if key not in self._by_organisation:
            found = self._by_organisation.setdefault(key, {})
            for row in self[key]:
                found.setdefault(row.obj.organisation_id, []).append(row)
        return self._by_organisation[key].get(organisation_id, ())


type Resolve = Callable[[str], str]


@dataclass(frozen=True, kw_only=True)
class Section:
    """Rows of one model.

    `key`: plural snake_case, the key in the document. `fields`: names in the order in which they are written.
    `children`: sections written inside their row, each with `parent`, the name of its reference to it.
    `order`: lookups by which children are exported; other rows follow their identifier.
    `owner`: for rows that exist across cooperations, the reference whose target brings them into a dossier ("" for
    organisations and people, which come when something refers to them). None: the rows of the cooperation.
    `same_as`: for such rows, the sets of fields by which one is recognised on the instance.
    `optional`: fields that may be missing though the model requires them (`complete` or `check` sees to them).
    `complete`: fills in what an author may leave out; runs before `check`, which says what does not hold together.
    `adapt`: field name -> replaces the references inside a JSON value by identifiers.
    `only`: the rows of the cooperation that travel, where not all of them do.
    `conceal`: empties, in memory, the fields of the rows that the reader may not know of.
    """

    key: str
    model: type[Model]
    fields: tuple[str, ...]
    children: tuple["Section", ...] = ()
    parent: str = ""
    order: tuple[str, ...] = ("pk",)
    owner: str | None = None
    same_as: tuple[tuple[str, ...], ...] = ()
    optional: frozenset[str] = frozenset()
    complete: Callable[[Row, Draft], Iterable[Violation]] | None = None
    check: Callable[[Row, Draft], Iterable[Violation]] | None = None
    adapt: Mapping[str, Callable[[Any, Resolve], Any]] = field(default_factory=dict)
    only: Q | None = None
    conceal: Callable[[Sequence[Any], Actor], None] | None = None

    @property
    def is_shared(self) -> bool:
        return self.owner is not None

    @property
    def columns(self) -> list[Any]:
        """The fields of the model, in the order of the section."""
        return [self.model._meta.get_field(name) for name in self.fields]

    @property
    def objects(self) -> Any:
        """The manager of the model."""
        model: Any = self.model
        return model.objects

    def attname(self, name: str) -> str:
        """The attribute that holds the identifier of a reference: `organisation` -> `organisation_id`."""
        column: Any = self.model._meta.get_field(name)
        return str(column.attname)

    def __iter__(self) -> Iterator["Section"]:
        """This section, then its children."""
        yield self
        for child in self.children:
            yield from child


_sections: dict[str, Section] = {}


def register(*sections: Section) -> None:
    """Called from an app's `ready()`, in the order of the document. A key and a model register once."""
    taken = {model.model for known in _sections.values() for model in known}
    for section in sections:
        if _sections.get(section.key) is section:
            continue
        if section.key in _sections or any(part.model in taken for part in section):
            raise ValueError(f"dossier section {section.key} registered twice")
        _sections[section.key] = section


def sections() -> list[Section]:
    """Every section, in the order of the document; the first is the cooperation itself."""
    return list(_sections.values())


def section_of(model: type[Model]) -> Section | None:
    """The section, nested ones included, that holds the rows of a model."""
    for section in _sections.values():
        for part in section:
            if part.model is model:
                return part
    return None
