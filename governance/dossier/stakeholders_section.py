"""Stakeholders in a dossier; those above the level of whoever exports stay behind."""

from collections.abc import Iterable, Iterator

from coopproject.exceptions import Violation
from governance.dossier.governance_sections import in_order, not_in_the_future
from governance.dossier.sections import Draft, Row, Section
from governance.models import Stakeholder
from governance.rules.stakeholders import family_of, stakeholder_violations


def _complete(row: Row, draft: Draft) -> Iterable[Violation]:
    """The family of a kind that the guide names may be left out."""
    if not row.obj.role_family:
        row.obj.role_family = family_of(row.obj.kind) or ""
    return ()


def _check(row: Row, draft: Draft) -> Iterator[Violation]:
    obj = row.obj
    for found in stakeholder_violations(
        role_family=obj.role_family,
        kind=obj.kind,
        kind_other=obj.kind_other,
        has_person=obj.person_id is not None,
        name=obj.name,
        contact=obj.contact,
    ):
        yield row.wrong(found.code, found.detail, found.pointer.removeprefix("/"))
    yield from not_in_the_future(row, draft, "associated_on")
    yield from in_order(row, "since", "until")


SECTION = Section(
    key="stakeholders",
    model=Stakeholder,
    fields=(
        "role_family",
        "kind",
        "kind_other",
        "person",
        "name",
        "contact",
        "expected",
        "associated_on",
        "since",
        "until",
        "end_reason",
        "confidentiality",
    ),
    optional=frozenset({"role_family"}),
    complete=_complete,
    check=_check,
)
