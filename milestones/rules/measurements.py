"""Measurements: what may be entered, and who may validate it (domain.md 5.3)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from coopproject import wording
from coopproject.exceptions import Violation
from milestones.rules.evaluation import level_violations


class Nature(StrEnum):
    QUANTITATIVE = "quantitative"
    QUALITATIVE = "qualitative"


class Unit(StrEnum):
    """`hours` are entered in hours and minutes elsewhere and stored as decimal hours; `eur_cents` are whole."""

    COUNT = "count"
    EUR_CENTS = "eur_cents"
    PERCENT = "percent"
    HOURS = "hours"
    SCORE = "score"
    TEXT = "text"


UNITS_OF = {
    Nature.QUANTITATIVE: frozenset({Unit.COUNT, Unit.EUR_CENTS, Unit.PERCENT, Unit.HOURS}),
    Nature.QUALITATIVE: frozenset({Unit.SCORE, Unit.TEXT}),
}
WHOLE = frozenset({Unit.COUNT, Unit.EUR_CENTS})
NEVER_NEGATIVE = frozenset({Unit.COUNT, Unit.HOURS})


@dataclass(frozen=True)
class MeasurementFacts:
    """One measurement of one indicator; periods hold both their days. `comment` is what a `text` indicator records."""

    period_start: date
    period_end: date
    measured_on: date
    value: Decimal | int | None
    comment: str = ""
    ref: str = ""


def unit_violations(nature: str, unit: str, *, pointer: str = "/unit") -> tuple[Violation, ...]:
    """A quantity is counted, an appreciation is a score or a text: the two never mix."""
    if nature not in set(Nature):
        return (Violation("unknown_choice", _("Ce choix n’existe pas."), "/nature"),)
    if unit not in set(Unit):
        return (Violation("unknown_choice", _("Ce choix n’existe pas."), pointer),)
    if unit in UNITS_OF[Nature(nature)]:
        return ()
    return (Violation("unit_contradicts_nature", _("Cette unité ne convient pas à cette nature."), pointer),)


def measurement_violations(
    measurement: MeasurementFacts,
    *,
    nature: str,
    unit: str,
    others: Iterable[MeasurementFacts] = (),
    today: date,
    pointer: str = "",
) -> tuple[Violation, ...]:
    """Why a measurement cannot be entered. `others` are the current measurements of the same indicator, without those
    that this one corrects: a correction is a new row, and replaces."""
    return (
        *unit_violations(nature, unit),
        *_period_violations(measurement, others, today, pointer),
        *_value_violations(measurement, unit, pointer),
    )


def validation_violations(*, entered_by: Iterable[str], validated_by: str) -> tuple[Violation, ...]:
    """Nobody validates a measurement that they entered, submitted or corrected themselves."""
    if validated_by not in set(entered_by):
        return ()
    return (Violation("self_validation", _("Une mesure est validée par une autre personne que celle qui l’a saisie.")),)


def _period_violations(
    measurement: MeasurementFacts, others: Iterable[MeasurementFacts], today: date, pointer: str
) -> Iterator[Violation]:
    start, end = measurement.period_start, measurement.period_end
    if start > end:
        yield Violation("period_order", _("La période commence après sa fin."), f"{pointer}/period_start")
    if end > today:
        yield Violation("in_future", _("La période n’est pas encore terminée."), f"{pointer}/period_end")
    if measurement.measured_on > today:
        yield Violation("in_future", _("La mesure est datée dans l’avenir."), f"{pointer}/measured_on")
    if measurement.measured_on < start:
        yield Violation("measured_before_period", _("La mesure est antérieure à sa période."), f"{pointer}/measured_on")
    if start > end:
        return
    for other in others:
        if start <= other.period_end and other.period_start <= end:
            yield Violation(
                "period_overlap",
                format_lazy(
                    _("Cette période recouvre celle du {start} au {end}."),
                    start=wording.day(other.period_start),
                    end=wording.day(other.period_end),
                ),
                f"{pointer}/period_start",
            )


def _value_violations(measurement: MeasurementFacts, unit: str, pointer: str) -> Iterator[Violation]:
    value, where = measurement.value, f"{pointer}/value"
    if unit == Unit.TEXT:
        if value is not None:
            yield Violation("value_contradicts_unit", _("Cet indicateur se décrit, il ne se chiffre pas."), where)
        if not measurement.comment.strip():
            yield Violation("value_missing", _("Une description est attendue."), f"{pointer}/comment")
        return
    if value is None:
        yield Violation("value_missing", _("Une valeur est attendue ; zéro se saisit."), where)
        return
    if isinstance(value, bool) or not isinstance(value, (int, Decimal)) or not Decimal(value).is_finite():
        yield Violation("not_exact", _("Un nombre exact est attendu."), where)
        return
    if unit == Unit.SCORE:
        level = int(value) if value == int(value) else value
        yield from level_violations(level, pointer=where)
        return
    if unit in WHOLE and value != int(value):
        yield Violation("not_whole", _("Un nombre entier est attendu."), where)
    if unit in NEVER_NEGATIVE and value < 0:
        yield Violation("negative_value", _("Cette valeur ne peut être négative."), where)
