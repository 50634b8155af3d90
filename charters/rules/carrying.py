"""Which boards an amendment asks again, and whose approval it carries over (domain.md 2.3, step 8; ADR 0017)."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from charters.rules.amendments import AmendmentKind, changed_annexes
from charters.rules.content import AnnexText


def frozen_annexes(content: Mapping[str, Any]) -> tuple[AnnexText, ...]:
    """The annexes of a frozen content, in its order, known by their hashes."""
    return tuple(
        AnnexText(
            str(annex["title"]),
            file_sha256=str(annex["sha256"]),
            key=str(annex.get("key") or annex["title"]),
            concerns=tuple(str(organisation) for organisation in annex.get("concerns") or ()),
        )
        for annex in content.get("annexes") or ()
    )


def concerned(old: Sequence[AnnexText], new: Sequence[AnnexText], parties: Collection[str]) -> frozenset[str]:
    """The parties that any annex added, removed or modified concerns, by its former wording and by the new one.

    One that concerns nobody by name concerns all. Where no annex changed (their order only), nothing says who is
    concerned: all are.
    """
    everybody = frozenset(parties)
    changed = set(changed_annexes(old, new))
    found: set[str] = set()
    for annex in (*old, *new):
        if annex.key in changed:
            found |= set(annex.concerns) or everybody
    return everybody & found if changed else everybody


def asked(
    kind: AmendmentKind, parties: Collection[str], *, old: Sequence[AnnexText], new: Sequence[AnnexText]
) -> frozenset[str]:
    """The parties whose board an amendment of this kind asks for a vote. The others' approvals are carried over."""
    match kind:
        case AmendmentKind.INITIAL | AmendmentKind.SUBSTANTIAL:
            return frozenset(parties)
        case AmendmentKind.ANNEX_ONLY:
            return concerned(old, new, parties)
        case AmendmentKind.EDITORIAL:
            return frozenset()
