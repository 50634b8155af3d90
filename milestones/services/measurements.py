"""Measurements: entered by one person, validated by another, never changed afterwards."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coopproject import clock
from coopproject.exceptions import InvalidInput, NotAllowed, NotVisible, RuleViolated, Violation
from coopproject.locking import lock
from governance import journal
from governance.actor import Actor
from governance.models import Person
from governance.services import records
from milestones import states
from milestones.enums import MeasurementState
from milestones.enums import MeasurementTransition as T
from milestones.models import Indicator, Measurement
from milestones.rules.measurements import MeasurementFacts, measurement_violations, validation_violations
from milestones.services.checks import refuse, without_role

_EDITABLE = (MeasurementState.DRAFT, MeasurementState.RETURNED)


@transaction.atomic
def measurement_create(
    *, actor: Actor, indicator: Indicator, corrects: Measurement | None = None, **data: Any
) -> Measurement:
    """Enter a draft. With `corrects`, it is to replace a validated measurement of the same indicator."""
    if actor.person_id is None:
        raise NotAllowed(_("Une mesure est saisie par une personne."))
    indicator = lock(Indicator.objects.select_related("cooperation"), indicator.pk)
    data.setdefault("measured_on", clock.today(indicator.cooperation.zone))
    measurement = Measurement(
        cooperation=indicator.cooperation,
        indicator=indicator,
        corrects=corrects,
        entered_by_id=actor.person_id,
        **data,
    )
    found = list(_correction_violations(indicator, corrects))
    if indicator.retired_on is not None:
        found.append(Violation("indicator_retired", _("Cet indicateur est abandonné.")))
    _require_sound(measurement, found)
    created: Measurement = records.create(measurement, actor=actor)
    return created


@transaction.atomic
def measurement_update(*, pk: UUID, actor: Actor, expected_version: int | None, changes: dict[str, Any]) -> Measurement:
    """Change a draft or what was returned. What was submitted is read by someone else, what was validated stays."""
    measurement = _lock(pk, expected_version)
    if measurement.state not in _EDITABLE:
        raise RuleViolated(
            Violation(
                "wrong_state", _("Une mesure soumise ne se modifie plus ; validée, elle se corrige par une autre.")
            )
        )
    before = {name: getattr(measurement, name) for name in changes}
    for name, value in changes.items():
        setattr(measurement, name, value)
    _require_sound(measurement, [])
    for name, value in before.items():
        setattr(measurement, name, value)
    records.save_changes(measurement, actor=actor, changes=changes)
    return measurement


@transaction.atomic
def measurement_submit(*, pk: UUID, actor: Actor, expected_version: int | None = None) -> Measurement:
    """Hand the measurement over for validation."""
    measurement = _lock(pk, expected_version)
    states.measurement.apply(measurement, T.SUBMIT)
    measurement.submitted_at = clock.now()
    measurement.save(update_fields=["state", "submitted_at"])
    journal.record("measurement.submitted", measurement, actor=actor, indicator=measurement.indicator_id)
    return measurement


@transaction.atomic
def measurement_validate(*, pk: UUID, actor: Actor, expected_version: int | None = None) -> Measurement:
    """Someone else than the one who entered it vouches for it (`self_validation`). From now on the figures use it."""
    measurement = _lock(pk, expected_version)
    violations = states.measurement.violations(measurement.state, T.VALIDATE)
    violations += validation_violations(entered_by=[str(measurement.entered_by_id)], validated_by=str(actor.person_id))
    if violations:
        raise RuleViolated(*violations)
    states.measurement.apply(measurement, T.VALIDATE)
    measurement.validated_by_id, measurement.validated_at = actor.person_id, clock.now()
    measurement.save(update_fields=["state", "validated_by", "validated_at"])
    journal.record(
        "measurement.validated",
        measurement,
        actor=actor,
        indicator=measurement.indicator_id,
        period_start=measurement.period_start,
        period_end=measurement.period_end,
        value=measurement.value,
        corrects=measurement.corrects_id,
    )
    return measurement


@transaction.atomic
def measurement_return(*, pk: UUID, actor: Actor, expected_version: int | None = None, reason: str) -> Measurement:
    """Send it back to the one who entered it, with the reason."""
    measurement = _lock(pk, expected_version)
    states.measurement.apply(measurement, T.RETURN)
    measurement.return_reason = reason
    measurement.save(update_fields=["state", "return_reason"])
    journal.record("measurement.returned", measurement, actor=actor, reason=reason, indicator=measurement.indicator_id)
    return measurement


@transaction.atomic
def measurement_hand_over(*, pk: UUID, actor: Actor, expected_version: int | None = None, to: Person) -> Measurement:
    """Another person resumes a draft, or what was returned, in place of who entered it: theirs to change and submit."""
    measurement = _lock(pk, expected_version)
    if measurement.state not in _EDITABLE:
        raise RuleViolated(Violation("wrong_state", _("Une mesure soumise ou validée ne se reprend pas.")))
    refuse(without_role(measurement.cooperation, to, pointer="/to"))
    saved: Measurement = records.save_changes(
        measurement, actor=actor, changes={"entered_by": to}, act="measurement.handed_over"
    )
    return saved


def _lock(pk: UUID, expected_version: int | None) -> Measurement:
    indicator_id = Measurement.objects.filter(pk=pk).values_list("indicator", flat=True).first()
    if indicator_id is None:
        raise NotVisible
    lock(Indicator.objects.all(), indicator_id)
    measurement: Measurement = lock(
        Measurement.objects.select_related("cooperation", "indicator"), pk, expected_version
    )
    return measurement


def _correction_violations(indicator: Indicator, corrects: Measurement | None) -> Iterable[Violation]:
    if corrects is None:
        return
    if corrects.indicator_id != indicator.pk:
        yield Violation("other_indicator", _("La mesure corrigée est celle d’un autre indicateur."), "/corrects")
    if corrects.state != MeasurementState.VALIDATED:
        yield Violation(
            "not_validated", _("Seule une mesure validée se corrige par une autre ; modifiez celle-ci."), "/corrects"
        )
    if corrects.corrections.exists():
        yield Violation("already_corrected", _("Cette mesure a déjà une correction."), "/corrects")


def _require_sound(measurement: Measurement, found: list[Violation]) -> None:
    """What is wrong in the body is a 400; what other rows make wrong (an overlap, a state) a 409, all at once."""
    indicator = measurement.indicator
    replaced = Measurement.objects.filter(indicator=indicator, corrects__isnull=False).values("corrects")
    others = indicator.measurements.exclude(pk__in=replaced).exclude(pk=measurement.pk)
    if measurement.corrects_id is not None:
        others = others.exclude(pk=measurement.corrects_id)
    violations = measurement_violations(
        _facts(measurement),
        nature=indicator.nature,
        unit=indicator.unit,
        others=[_facts(other) for other in others.order_by("pk")],
        today=clock.today(measurement.cooperation.zone),
    )
    shape = [
        Violation(violation.code, violation.detail, violation.pointer.replace("/comment", "/text"))
        for violation in violations
        if violation.code != "period_overlap"
    ]
    if shape:
        raise InvalidInput(*shape)
    found = [*found, *(violation for violation in violations if violation.code == "period_overlap")]
    if found:
        raise RuleViolated(*found)


def _facts(measurement: Measurement) -> MeasurementFacts:
    return MeasurementFacts(
        period_start=measurement.period_start,
        period_end=measurement.period_end,
        measured_on=measurement.measured_on,
        value=measurement.value,
        comment=measurement.text,
        ref=str(measurement.pk),
    )
