"""Accompaniment missions, their phases and deliverables. The mission's row is the lock of all three."""

import datetime as dt
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from coopproject import clock, wording
from coopproject.exceptions import InvalidInput, NotVisible, RuleViolated, Violation
from coopproject.locking import lock
from governance import journal, states_path
from governance.actor import Actor
from governance.enums_path import PhaseState
from governance.enums_path import PhaseTransition as T
from governance.models import Cooperation, MissionDeliverable, MissionPhase, StoredFile, SupportMission
from governance.rules.missions import period_violations, template
from governance.services import files, records
from governance.services.references import hold_people, hold_people_of, without_role

_DELIVERED = Violation("already_delivered", _("Ce livrable est remis : reprenez-le (reopen) avant de le changer."))


@transaction.atomic
def mission_create(*, actor: Actor, cooperation: Cooperation, **fields: Any) -> SupportMission:
    """Begin a mission, with the phases of its template, to be planned. Raises InvalidInput with every reason."""
    hold_people(cooperation.pk)
    mission = SupportMission(cooperation=cooperation, **fields)
    _require_sound(mission, check_referent=True)
    records.create(
        mission,
        actor=actor,
        template=mission.template,
        starts_on=mission.starts_on,
        ends_on=mission.ends_on,
        referent=mission.referent_id,
    )
    # Kept in the language of the records: the phase of an old mission does not change with a translation.
    with wording.in_the_language_of_records():
        for position, phase in enumerate(template(mission.template).phases, 1):
            MissionPhase.objects.create(
                cooperation=cooperation, mission=mission, position=position, code=phase.code, name=str(phase.name)
            )
    return mission


@transaction.atomic
def mission_update(
    *, pk: UUID, actor: Actor, expected_version: int | None, changes: Mapping[str, Any]
) -> SupportMission:
    """Change what is said of a mission. Its template is fixed: its phases are its own from the first day."""
    if "referent" in changes:
        hold_people_of(SupportMission, pk)
    mission: SupportMission = lock(SupportMission.objects.select_related("cooperation"), pk, expected_version)
    tried = SupportMission(
        cooperation=mission.cooperation,
        **{name: changes.get(name, getattr(mission, name)) for name in ("starts_on", "ends_on", "referent")},
    )
    _require_sound(tried, check_referent="referent" in changes)
    given = dict(changes)
    contact = given.pop("provider_contact", mission.provider_contact)
    records.save_changes(mission, actor=actor, changes=given)
    if contact != mission.provider_contact:
        # A name: the journal, which nobody can change, says that it changed and not what it was.
        mission.provider_contact = contact
        records.check(mission)
        mission.save(update_fields=["provider_contact"])
        journal.record("support_mission.contact_changed", mission, actor=actor)
    return mission


@transaction.atomic
def phase_create(*, actor: Actor, mission: SupportMission, position: int | None = None, **fields: Any) -> MissionPhase:
    """Add a phase, last unless told otherwise. Raises InvalidInput where another has that position."""
    mission = lock(SupportMission.objects.all(), mission.pk)
    last = mission.phases.aggregate(last=Max("position"))["last"] or 0
    phase = MissionPhase(
        cooperation_id=mission.cooperation_id, mission=mission, position=position or last + 1, **fields
    )
    records.create(phase, actor=actor, mission=mission.pk, position=phase.position, planned_days=phase.planned_days)
    return phase


@transaction.atomic
def phase_update(*, pk: UUID, actor: Actor, expected_version: int | None, changes: Mapping[str, Any]) -> MissionPhase:
    """Change the days, the name or the notes of a phase. The days of a phase that is planned are not done yet.

    Raises RuleViolated(`phase_not_started`).
    """
    phase = _phase(pk, expected_version)
    if phase.state == PhaseState.PLANNED and changes.get("done_days"):
        detail = _("Cette phase n’a pas commencé : aucun jour n’y est fait.")
        raise RuleViolated(Violation("phase_not_started", detail, "/done_days"))
    records.save_changes(phase, actor=actor, changes=changes)
    return phase


@transaction.atomic
def phase_start(
    *, pk: UUID, actor: Actor, expected_version: int | None = None, started_on: dt.date | None = None
) -> MissionPhase:
    """Begin a phase, whatever the others are at. Raises InvalidInput for a day to come or before the mission."""
    phase = _phase(pk, expected_version)
    day = started_on or _today(phase)
    found = _future(phase, day, "/started_on")
    if day < phase.mission.starts_on:
        found.append(Violation("before_start", _("La mission n’avait pas commencé ce jour-là."), "/started_on"))
    if found:
        raise InvalidInput(*found)
    states_path.phase.apply(phase, T.START)
    phase.started_on = day
    phase.save(update_fields=["state", "started_on"])
    journal.record("mission_phase.started", phase, actor=actor, started_on=day)
    return phase


@transaction.atomic
def phase_finish(
    *, pk: UUID, actor: Actor, expected_version: int | None = None, finished_on: dt.date | None = None
) -> MissionPhase:
    """End a phase. Deliverables may still be awaited: signs say so."""
    phase = _phase(pk, expected_version)
    if violations := states_path.phase.violations(phase.state, T.FINISH):
        raise RuleViolated(*violations)
    day = finished_on or _today(phase)
    found = _future(phase, day, "/finished_on")
    if phase.started_on is not None and day < phase.started_on:
        detail = _("Cette date ne peut précéder le début de la phase.")
        found.append(Violation("out_of_order", detail, "/finished_on"))
    if found:
        raise InvalidInput(*found)
    states_path.phase.apply(phase, T.FINISH)
    phase.finished_on = day
    phase.save(update_fields=["state", "finished_on"])
    journal.record("mission_phase.finished", phase, actor=actor, finished_on=day)
    return phase


@transaction.atomic
def phase_reopen(*, pk: UUID, actor: Actor, expected_version: int | None = None, reason: str) -> MissionPhase:
    """Take up again a phase that was done, and say why. Its first day and its days stay."""
    phase = _phase(pk, expected_version)
    states_path.phase.apply(phase, T.REOPEN)
    finished_on, phase.finished_on, phase.reopened_reason = phase.finished_on, None, reason
    phase.save(update_fields=["state", "finished_on", "reopened_reason"])
    journal.record("mission_phase.reopened", phase, actor=actor, reason=reason, finished_on=finished_on)
    return phase


@transaction.atomic
def deliverable_create(
    *, actor: Actor, mission: SupportMission, phase: MissionPhase | None = None, **fields: Any
) -> MissionDeliverable:
    """Expect something of a mission. Raises InvalidInput(`another_mission`)."""
    mission = lock(SupportMission.objects.all(), mission.pk)
    deliverable = MissionDeliverable(cooperation_id=mission.cooperation_id, mission=mission, phase=phase, **fields)
    _require_own_phase(deliverable)
    records.create(deliverable, actor=actor, mission=mission.pk, phase=deliverable.phase_id, due_on=deliverable.due_on)
    return deliverable


@transaction.atomic
def deliverable_update(
    *, pk: UUID, actor: Actor, expected_version: int | None, changes: Mapping[str, Any]
) -> MissionDeliverable:
    """Change what is awaited. Raises RuleViolated(`already_delivered`), InvalidInput(`another_mission`)."""
    deliverable = _deliverable(pk, expected_version)
    _require_own_phase(MissionDeliverable(mission=deliverable.mission, phase=changes.get("phase", deliverable.phase)))
    if deliverable.delivered_on is not None:
        raise RuleViolated(_DELIVERED)
    records.save_changes(deliverable, actor=actor, changes=changes)
    return deliverable


@transaction.atomic
def deliverable_deliver(
    *,
    pk: UUID,
    actor: Actor,
    expected_version: int | None = None,
    delivered_on: dt.date | None = None,
    reference: str = "",
    file: StoredFile | None = None,
) -> MissionDeliverable:
    """Record that it was handed over: a file, or where it is.

    Raises InvalidInput (`in_the_future`, `proof_missing`), RuleViolated(`already_delivered`).
    """
    deliverable = _deliverable(pk, expected_version)
    if deliverable.delivered_on is not None:
        raise RuleViolated(_DELIVERED)
    day = delivered_on or _today(deliverable)
    found = _future(deliverable, day, "/delivered_on")
    if file is None and not reference.strip():
        detail = _("Un livrable remis est un fichier, ou une référence pour le trouver.")
        found.append(Violation("proof_missing", detail, "/reference"))
    if found:
        raise InvalidInput(*found)
    deliverable.delivered_on, deliverable.reference, deliverable.file = day, reference, file
    records.check(deliverable)
    deliverable.save(update_fields=["delivered_on", "reference", "file"])
    journal.record(
        "mission_deliverable.delivered",
        deliverable,
        actor=actor,
        delivered_on=day,
        reference=reference,
        file_sha256=file.sha256 if file else None,
    )
    return deliverable


@transaction.atomic
def deliverable_reopen(
    *, pk: UUID, actor: Actor, expected_version: int | None = None, reason: str
) -> MissionDeliverable:
    """Await it again, and say why; the journal keeps what had been handed over. RuleViolated: `not_delivered`."""
    deliverable = _deliverable(pk, expected_version)
    if deliverable.delivered_on is None:
        raise RuleViolated(Violation("not_delivered", _("Ce livrable n’est pas remis.")))
    had = {"delivered_on": deliverable.delivered_on, "reference": deliverable.reference}
    had["file_sha256"] = deliverable.file.sha256 if deliverable.file else None
    deliverable.delivered_on, deliverable.reference, deliverable.file = None, "", None
    deliverable.save(update_fields=["delivered_on", "reference", "file"])
    journal.record("mission_deliverable.reopened", deliverable, actor=actor, reason=reason, had=had)
    return deliverable


@transaction.atomic
def deliverable_restore_file(
    *, pk: UUID, actor: Actor, expected_version: int | None = None, content: bytes
) -> MissionDeliverable:
    """Bring back the bytes of a file that a dossier told of by its hash. Raises InvalidInput(`other_bytes`),
    RuleViolated(`no_file`, `file_not_missing`)."""
    deliverable = _deliverable(pk, expected_version)
    if deliverable.file is None:
        raise RuleViolated(Violation("no_file", _("Cet objet n’attend aucun fichier.")))
    files.restore(deliverable.file, content)
    journal.record("mission_deliverable.file_restored", deliverable, actor=actor, file_sha256=deliverable.file.sha256)
    return deliverable


def _phase(pk: UUID, expected_version: int | None) -> MissionPhase:
    mission = _mission_of(MissionPhase, pk)
    phase: MissionPhase = lock(MissionPhase.objects.all(), pk, expected_version)
    phase.mission = mission
    return phase


def _deliverable(pk: UUID, expected_version: int | None) -> MissionDeliverable:
    mission = _mission_of(MissionDeliverable, pk)
    deliverable: MissionDeliverable = lock(MissionDeliverable.objects.all(), pk, expected_version)
    deliverable.mission = mission
    return deliverable


def _mission_of(model: Any, pk: UUID) -> SupportMission:
    """The mission, locked before its child."""
    mission_id = model.objects.filter(pk=pk).values_list("mission_id", flat=True).first()
    if mission_id is None:
        raise NotVisible
    mission: SupportMission = lock(SupportMission.objects.select_related("cooperation"), mission_id)
    return mission


def _today(child: MissionPhase | MissionDeliverable) -> dt.date:
    return clock.today(child.mission.cooperation.zone)


def _future(child: MissionPhase | MissionDeliverable, day: dt.date, pointer: str) -> list[Violation]:
    detail = _("Cette date est à venir : le fait ne peut être constaté.")
    return [Violation("in_the_future", detail, pointer)] if day > _today(child) else []


def _require_own_phase(deliverable: MissionDeliverable) -> None:
    if deliverable.phase is not None and deliverable.phase.mission_id != deliverable.mission.pk:
        raise InvalidInput(Violation("another_mission", _("Cette phase est celle d’une autre mission."), "/phase"))


def _require_sound(mission: SupportMission, *, check_referent: bool) -> None:
    found = period_violations(mission.starts_on, mission.ends_on)
    if check_referent:
        found += without_role(mission.cooperation, mission.referent, "/referent")
    if found:
        raise InvalidInput(*found)
