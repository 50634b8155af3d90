"""Accompaniment missions in a dossier, with their phases and deliverables."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import Violation
from governance.dossier.governance_sections import in_order, not_in_the_future
from governance.dossier.sections import Draft, Row, Section
from governance.enums_path import PhaseState
from governance.models import MissionDeliverable, MissionPhase, SupportMission


def _mission_check(row: Row, draft: Draft) -> Iterator[Violation]:
    yield from in_order(row, "starts_on", "ends_on")


def _phase_check(row: Row, draft: Draft) -> Iterator[Violation]:
    yield from not_in_the_future(row, draft, "started_on", "finished_on")
    yield from in_order(row, "started_on", "finished_on")
    if row.parent is not None and row.obj.started_on is not None and row.obj.started_on < row.parent.obj.starts_on:
        yield row.wrong("before_start", _("La mission n’avait pas commencé ce jour-là."), "started_on")
    if row.obj.state == PhaseState.PLANNED and row.obj.done_days:
        yield row.wrong("phase_not_started", _("Cette phase n’a pas commencé : aucun jour n’y est fait."), "done_days")


def _deliverable_check(row: Row, draft: Draft) -> Iterator[Violation]:
    yield from not_in_the_future(row, draft, "delivered_on")
    if row.obj.phase_id is not None:
        phase = draft.by_id("mission_phases")[row.obj.phase_id].obj
        if phase.mission_id != row.obj.mission_id:
            yield row.wrong("another_mission", _("Cette phase est celle d’une autre mission."), "phase")


SECTION = Section(
    key="support_missions",
    model=SupportMission,
    fields=(
        "title",
        "template",
        "provider",
        "provider_contact",
        "referent",
        "funder",
        "purpose",
        "starts_on",
        "ends_on",
        "confidentiality",
    ),
    children=(
        Section(
            key="mission_phases",
            model=MissionPhase,
            parent="mission",
            fields=(
                "position",
                "code",
                "name",
                "state",
                "planned_days",
                "done_days",
                "started_on",
                "finished_on",
                "reopened_reason",
                "notes",
            ),
            order=("position",),
            check=_phase_check,
        ),
        Section(
            key="mission_deliverables",
            model=MissionDeliverable,
            parent="mission",
            fields=("phase", "title", "due_on", "delivered_on", "reference", "file"),
            order=("due_on", "pk"),
            check=_deliverable_check,
        ),
    ),
    check=_mission_check,
)
