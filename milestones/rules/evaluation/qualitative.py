"""Ordinal scales from 1 to 5 (domain.md 5.3, E14): compared, ranked, never averaged with quantities."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from coopproject.exact import Exact, exact
from coopproject.exceptions import Violation
from milestones.rules.evaluation.thresholds import Status

LOWEST, HIGHEST = 1, 5


@dataclass(frozen=True)
class Effect:
    """One motivation's effect, expected and proven on the scale; `proven` None when nothing proves it yet.

    `weight` (1 to 5) orders equals; it is never multiplied with a level.
    """

    ref: str
    expected: int
    proven: int | None
    weight: int = 0


@dataclass(frozen=True)
class EffectGap:
    """`gap` is proven − expected: negative is a disappointment; None when not proven, which is not zero."""

    ref: str
    expected: int
    proven: int | None
    gap: int | None
    status: Status


@dataclass(frozen=True)
class Value:
    """A validated value with its nature and unit, for a mean."""

    value: Exact
    nature: str
    unit: str


def level_violations(level: object, *, pointer: str = "") -> tuple[Violation, ...]:
    """A level is a whole number from 1 to 5."""
    if isinstance(level, int) and not isinstance(level, bool) and LOWEST <= level <= HIGHEST:
        return ()
    return (Violation("level_out_of_scale", _("Une appréciation va de 1 à 5."), pointer),)


def rank_effects(effects: Iterable[Effect]) -> tuple[EffectGap, ...]:
    """The largest disappointment first; among equals what weighs most, then what was expected most; what is not proven
    last (E14).

    One level below is amber, two or more red (a convention, K). Raises `ValueError` for a level off the scale.
    """
    gaps = []
    for effect in effects:
        if level_violations(effect.expected) or (effect.proven is not None and level_violations(effect.proven)):
            raise ValueError(f"a level of {effect.ref} is not on the scale from 1 to 5")
        gap = None if effect.proven is None else effect.proven - effect.expected
        found = EffectGap(effect.ref, effect.expected, effect.proven, gap, _status(gap))
        gaps.append(((gap is None, gap or 0, -effect.weight, -effect.expected), found))
    return tuple(found for _order, found in sorted(gaps, key=lambda item: item[0]))


def mean_violations(values: Sequence[Value]) -> tuple[Violation, ...]:
    """Why these values have no mean: none at all, qualitative ones, or several units."""
    found = []
    if not values:
        found.append(Violation("nothing_to_average", _("Aucune valeur : pas de moyenne.")))
    if any(value.nature == "qualitative" for value in values):
        found.append(
            Violation("qualitative_not_averaged", _("Une appréciation ne se moyenne pas, et jamais avec une quantité."))
        )
    if len({value.unit for value in values}) > 1:
        found.append(Violation("units_differ", _("Ces valeurs n’ont pas la même unité.")))
    return tuple(found)


def mean(values: Sequence[Value]) -> Fraction | None:
    """The exact mean of quantities of one unit; None when `mean_violations` says why there is none."""
    if mean_violations(values):
        return None
    return sum((exact(value.value) for value in values), Fraction(0)) / len(values)


def _status(gap: int | None) -> Status:
    if gap is None:
        return Status.NO_DATA
    return Status.GREEN if gap >= 0 else Status.AMBER if gap == -1 else Status.RED
