"""Which boards an amendment asks again, and whose approval it carries over (domain.md 2.3, step 8; ADR 0017)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from charters.rules.amendments import AmendmentKind


@dataclass(frozen=True)
class FrozenAnnex:
    """An annex as a frozen content states it. `concerns`: organisations; empty means every party."""

    key: str
    title: str
    digest: str
    concerns: frozenset[str] = frozenset()


def frozen_annexes(content: Mapping[str, Any]) -> tuple[FrozenAnnex, ...]:
    """The annexes of a frozen content, in its order."""
    return tuple(
        FrozenAnnex(
            str(annex.get("key") or annex["title"]),
            str(annex["title"]),
            str(annex["sha256"]),
            frozenset(str(organisation) for organisation in annex.get("concerns") or ()),
        )
        for annex in content.get("annexes") or ()
    )


def concerned(old: Sequence[FrozenAnnex], new: Sequence[FrozenAnnex], parties: Collection[str]) -> frozenset[str]:
    """The parties that any annex added, removed or modified concerns, by its former wording and by the new one.

    One that concerns nobody by name concerns all. Where no annex changed (their order only), nothing says who is
    concerned: all are.
    """
    former, latter = {annex.key: annex for annex in old}, {annex.key: annex for annex in new}
    changed = [key for key in former | latter if former.get(key) != latter.get(key)]
    everybody = frozenset(parties)
    if not changed:
        return everybody
    found: set[str] = set()
    for annex in (side[key] for key in changed for side in (former, latter) if key in side):
        if not annex.concerns:
            return everybody
        found |= annex.concerns
    return everybody & found


def asked(
    kind: AmendmentKind, parties: Collection[str], *, old: Sequence[FrozenAnnex], new: Sequence[FrozenAnnex]
) -> frozenset[str]:
    """The parties whose board an amendment of this kind asks for a vote. The others' approvals are carried over."""
    match kind:
        case AmendmentKind.INITIAL | AmendmentKind.SUBSTANTIAL:
            return frozenset(parties)
        case AmendmentKind.ANNEX_ONLY:
            return concerned(old, new, parties)
        case AmendmentKind.EDITORIAL:
            return frozenset()
