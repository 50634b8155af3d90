"""Saying who decides what. Another rule for the same subject is another circuit, from a later day."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import InvalidInput, Violation
from coopproject.locking import lock
from governance.actor import Actor
from governance.enums import DecidedBy
from governance.models import Cooperation, DecisionCircuit
from governance.services import records
from governance.services.levels import require_level, require_new_level


@transaction.atomic
def circuit_create(*, actor: Actor, cooperation: Cooperation, **fields: Any) -> DecisionCircuit:
    """Declare a circuit from a day on. Raises InvalidInput for a second one of that subject and day, and for a ceiling
    that is not the coordination's."""
    Cooperation.objects.select_for_update(no_key=True).get(pk=cooperation.pk)
    circuit = DecisionCircuit(cooperation=cooperation, **fields)
    require_level(circuit.confidentiality, actor, [cooperation.pk])
    found = []
    same = DecisionCircuit.objects.filter(cooperation=cooperation, subject=circuit.subject)
    if same.filter(valid_from=circuit.valid_from).exists():
        detail = _("Un circuit commence déjà ce jour-là pour cette matière.")
        found.append(Violation("already_recorded", detail, "/valid_from"))
    if circuit.ceiling is not None and circuit.decided_by != DecidedBy.COORDINATION:
        detail = _("Un plafond n’est que celui de la coordination.")
        found.append(Violation("not_applicable", detail, "/ceiling"))
    if found:
        raise InvalidInput(*found)
    records.create(circuit, actor=actor)
    return circuit


@transaction.atomic
def circuit_update(
    *, pk: UUID, actor: Actor, expected_version: int | None, changes: Mapping[str, Any]
) -> DecisionCircuit:
    """Say it in other words, or to fewer people. What it rules does not change: decisions were measured by it."""
    circuit = lock(DecisionCircuit.objects.all(), pk, expected_version)
    require_new_level(circuit, changes, actor, [circuit.cooperation_id])
    updated: DecisionCircuit = records.save_changes(circuit, actor=actor, changes=changes)
    return updated
