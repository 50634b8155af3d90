"""Annexes in a dossier, inside their version."""

from collections.abc import Iterable, Iterator

from django.utils.translation import gettext_lazy as _

from charters.models import Charter, CharterAnnex
from charters.rules.content import AnnexText
from coopproject.exceptions import Violation
from governance.dossier.sections import Draft, Row, Section
from governance.rules.confidentiality import LEVELS


def annex_texts(row: Row, draft: Draft) -> list[AnnexText]:
    """The annexes written inside a version, as the rules read them, in their order."""
    stored = draft.by_id("files")
    found = sorted(row.children.get("annexes", []), key=lambda annex: annex.obj.position)
    return [
        AnnexText(
            annex.obj.title,
            annex.obj.body,
            stored[annex.obj.file_id].obj.sha256 if annex.obj.file_id in stored else None,
            annex.obj.key,
            tuple(sorted(str(organisation) for organisation in annex.many.get("concerns", ()))),
        )
        for annex in found
    ]


def _charter(row: Row, draft: Draft) -> Charter:
    assert row.parent is not None
    charter: Charter = draft.by_id("charters")[row.parent.obj.charter_id].obj
    return charter


def _complete(row: Row, draft: Draft) -> Iterable[Violation]:
    """The level of its charter where none is written."""
    if "confidentiality" not in row.data:
        row.obj.confidentiality = _charter(row, draft).confidentiality
    return ()


def _check(row: Row, draft: Draft) -> Iterator[Violation]:
    annex, charter = row.obj, _charter(row, draft)
    if LEVELS.index(annex.confidentiality) < LEVELS.index(charter.confidentiality):
        detail = _("Une annexe n’est jamais plus ouverte que sa charte.")
        yield row.wrong("lower_than_charter", detail, "confidentiality")
    members = {membership.obj.organisation_id for membership in draft["memberships"]}
    if any(organisation not in members for organisation in row.many.get("concerns", ())):
        yield row.wrong("not_a_member", _("Cette organisation n’est pas membre."), "concerns")


SECTION = Section(
    key="annexes",
    model=CharterAnnex,
    parent="charter_version",
    fields=("key", "position", "title", "body", "file", "confidentiality", "concerns"),
    order=("position",),
    complete=_complete,
    check=_check,
)
