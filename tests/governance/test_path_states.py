"""The whole product of states and transitions of the path, with the allowed set written by hand."""

import itertools

import pytest

from governance import states_path
from governance.enums_path import (
    PhaseState,
    PhaseTransition,
    ProjectState,
    ProjectTransition,
    ScenarioState,
    ScenarioTransition,
    StepState,
    StepTransition,
)
from tests.governance.test_states import check

SCENARIO = {
    ("draft", "propose"): "proposed",
    ("draft", "set_aside"): "set_aside",
    ("proposed", "keep"): "kept",
    ("proposed", "set_aside"): "set_aside",
    ("proposed", "reopen"): "draft",
    ("kept", "set_aside"): "set_aside",
    ("set_aside", "reopen"): "draft",
}

PHASE = {
    ("planned", "start"): "under_way",
    ("under_way", "finish"): "done",
    ("done", "reopen"): "under_way",
}
PROJECT = {
    ("draft", "start"): "under_way",
    ("draft", "abandon"): "abandoned",
    ("under_way", "register"): "created",
    ("under_way", "abandon"): "abandoned",
    ("abandoned", "reopen"): "draft",
}
STEP = {
    ("open", "complete"): "done",
    ("open", "skip"): "skipped",
    ("done", "reopen"): "open",
    ("skipped", "reopen"): "open",
}
EVERYTHING = [
    (machine, allowed, state, transition)
    for machine, allowed, some_states, transitions in (
        (states_path.scenario, SCENARIO, ScenarioState, ScenarioTransition),
        (states_path.phase, PHASE, PhaseState, PhaseTransition),
        (states_path.project, PROJECT, ProjectState, ProjectTransition),
        (states_path.step, STEP, StepState, StepTransition),
    )
    for state, transition in itertools.product(some_states, transitions)
]


@pytest.mark.parametrize(("machine", "allowed", "state", "transition"), EVERYTHING)
def test_every_state_times_every_transition(
    machine: object, allowed: dict[tuple[str, str], str], state: str, transition: str
) -> None:
    check(machine, allowed, state, transition)
