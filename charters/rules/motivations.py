"""Keeping the thread: what a revision asks of the motivations, and what holds one back from being deleted."""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Any

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from charters.rules.amendments import AmendmentKind
from coopproject.exceptions import Violation

RETIRED = Violation("retired", _("Elle a été abandonnée : elle ne change plus."))
# What members would read again; identifiers and codes of the matrix are not part of it.
_READ = ("code", "organisation", "label", "weight", "expected_level")
_READ_OF_AN_EFFECT = ("label", "due_on", "expected_level")


def refresh_warnings(
    *,
    kind: AmendmentKind,
    frozen: Sequence[Mapping[str, Any]],
    current: Sequence[Mapping[str, Any]],
    in_force_on: date | None,
    confirmed_on: date | None,
) -> list[Violation]:
    """Warning `motivations_not_refreshed`, which refuses nothing, for the draft of a substantial revision.

    `frozen` are the motivations of the text in force, `current` those of today, in the shape of a frozen content: the
    thread is refreshed when one of them changed, or when they were confirmed since that text entered into force.
    """
    if kind is not AmendmentKind.SUBSTANTIAL or in_force_on is None or not current:
        return []
    if confirmed_on is not None and confirmed_on >= in_force_on:
        return []
    if _as_read(frozen) != _as_read(current):
        return []
    detail = _(
        "Aucune motivation n’a changé depuis l’entrée en vigueur : relisez-les avec les membres, puis confirmez-les."
    )
    return [Violation("motivations_not_refreshed", detail, "/charter")]


def deletion_violations(*, versions: Collection[int], effects: int = 0, in_use: bool = False) -> list[Violation]:
    """Why a motivation or an effect can only be retired. `versions`: the numbers of the texts frozen with it."""
    found = []
    if versions:
        numbers = ", ".join(str(number) for number in sorted(versions))
        detail = format_lazy(_("Un texte a été figé avec elle (version {numbers}) : abandonnez-la."), numbers=numbers)
        found.append(Violation("frozen_in_a_version", detail))
    if effects:
        found.append(Violation("has_effects", _("Des effets en sont attendus : supprimez-les ou abandonnez-la.")))
    if in_use:
        found.append(Violation("in_use", _("Autre chose s’y rattache : abandonnez au lieu de supprimer.")))
    return found


def frozen_motivation(
    motivations: Sequence[Mapping[str, Any]], *, identifier: str, code: str
) -> Mapping[str, Any] | None:
    """The motivation among those of a frozen content; by its code in a content that names no identifiers."""
    for found in motivations:
        if found.get("id", identifier) == identifier and ("id" in found or found.get("code") == code):
            return found
    return None


def _as_read(motivations: Sequence[Mapping[str, Any]]) -> list[Any]:
    return [
        (
            [found.get(name) for name in _READ],
            [[effect.get(name) for name in _READ_OF_AN_EFFECT] for effect in found.get("effects", [])],
        )
        for found in motivations
    ]
