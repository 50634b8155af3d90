"""What the database itself refuses on the path, each by its name: a valid row, and one thing wrong."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError

from tests.cast import Cast
from tests.governance import path_factories as path

pytestmark = pytest.mark.django_db
type Rows = dict[str, Any]


@pytest.fixture
def rows(cast: Cast) -> Rows:
    """A valid row of each table."""
    mission, project = path.mission(cast), path.project(cast)
    return {
        "entry": path.journey_entry(cast),
        "other_entry": path.journey_entry(cast, since=cast.today),
        "level": path.journey_entry(cast, level="simple"),
        "other_level": path.journey_entry(cast, level="simple", since=cast.today),
        "scenario": path.scenario(cast),
        "mission": mission,
        "phase": path.phase(mission),
        "other_phase": path.phase(mission, 2),
        "deliverable": path.deliverable(mission),
        "project": project,
        "step": path.step(project),
        "other_step": path.step(project, 2),
    }


@pytest.mark.parametrize(
    ("name", "row", "wrong"),
    [
        ("governance_journey_challenge_or_level", "entry", {"challenge": ""}),
        ("governance_journey_challenge_or_level", "entry", {"level": "simple"}),
        ("governance_journey_level_of_cooperation", "level", {"organisation": "alpha"}),
        ("governance_journey_one_challenge_a_day", "other_entry", {"since": "entry"}),
        ("governance_journey_one_level_a_day", "other_level", {"since": "entry"}),
        ("governance_journey_restricted_to_a_member", "entry", {"confidentiality": "restricted"}),
        ("governance_scenario_costs_not_negative", "scenario", {"cost_once": -1}),
        ("governance_scenario_costs_not_negative", "scenario", {"cost_yearly": -1}),
        ("governance_scenario_proposed_on_a_day", "scenario", {"state": "proposed"}),
        ("governance_scenario_proposed_on_a_day", "scenario", {"proposed_on": dt.date(2026, 3, 2)}),
        ("governance_scenario_decided_with_its_reason", "scenario", {"state": "set_aside"}),
        (
            "governance_scenario_decided_with_its_reason",
            "scenario",
            {"state": "set_aside", "decided_on": dt.date(2026, 3, 2)},
        ),
        ("governance_scenario_decided_with_its_reason", "scenario", {"state_reason": "Parce que"}),
        ("governance_scenario_is_not_of_one_organisation", "scenario", {"confidentiality": "restricted"}),
        ("governance_mission_ends_after_it_starts", "mission", {"ends_on": dt.date(2001, 1, 1)}),
        ("governance_mission_is_not_of_one_organisation", "mission", {"confidentiality": "restricted"}),
        ("governance_one_phase_per_position", "other_phase", {"position": 1}),
        ("governance_phase_days_not_negative", "phase", {"planned_days": -1}),
        ("governance_phase_days_not_negative", "phase", {"done_days": -1}),
        ("governance_phase_dates_with_its_state", "phase", {"state": "under_way"}),
        ("governance_phase_dates_with_its_state", "phase", {"started_on": dt.date(2026, 3, 2)}),
        ("governance_phase_dates_with_its_state", "phase", {"state": "done", "started_on": dt.date(2026, 3, 2)}),
        (
            "governance_phase_dates_with_its_state",
            "phase",
            {"state": "done", "started_on": dt.date(2026, 3, 2), "finished_on": dt.date(2026, 3, 1)},
        ),
        ("governance_deliverable_proof_once_delivered", "deliverable", {"reference": "Ici"}),
        ("governance_deliverable_delivered_with_proof", "deliverable", {"delivered_on": dt.date(2026, 3, 2)}),
        ("governance_project_started_on_a_day", "project", {"started_on": None}),
        ("governance_project_started_on_a_day", "project", {"state": "draft"}),
        ("governance_project_created_with_its_reference", "project", {"created_on": dt.date(2026, 3, 2)}),
        ("governance_project_created_with_its_reference", "project", {"registration_reference": "W691234567"}),
        (
            "governance_project_created_with_its_reference",
            "project",
            {"state": "created", "created_on": dt.date(2026, 3, 2)},
        ),
        (
            "governance_project_abandoned_with_its_reason",
            "project",
            {"state": "abandoned", "abandoned_on": dt.date(2026, 3, 2)},
        ),
        ("governance_project_abandoned_with_its_reason", "project", {"abandoned_reason": "Trop tôt"}),
        ("governance_project_is_not_of_one_organisation", "project", {"confidentiality": "restricted"}),
        ("governance_one_step_per_position", "other_step", {"position": 1}),
        ("governance_step_done_on_a_day", "step", {"state": "done"}),
        ("governance_step_done_on_a_day", "step", {"evidence": "Reçu"}),
        ("governance_step_skipped_with_its_reason", "step", {"state": "skipped"}),
        ("governance_step_skipped_with_its_reason", "step", {"skipped_reason": "Sans objet"}),
    ],
)
def test_a_row_with_one_thing_wrong_is_refused(
    cast: Cast, rows: Rows, name: str, row: str, wrong: dict[str, Any]
) -> None:
    words: dict[str, Any] = {"alpha": cast.alpha, "entry": rows["entry"].since}
    values = {field: words.get(value, value) if isinstance(value, str) else value for field, value in wrong.items()}
    with pytest.raises(IntegrityError, match=name):
        type(rows[row]).objects.filter(pk=rows[row].pk).update(**values)
