"""The machines of milestones, as the whole product of states and transitions. `ALLOWED` is written by hand."""

import itertools
from types import SimpleNamespace
from typing import Any

import pytest

from coopproject.exceptions import RuleViolated
from milestones import states
from milestones.enums import (
    ActionState,
    ActionTransition,
    EvaluationState,
    EvaluationTransition,
    MandateState,
    MandateTransition,
    MeasurementState,
    MeasurementTransition,
    MilestoneState,
    MilestoneTransition,
)

ALLOWED: dict[str, dict[tuple[str, str], str]] = {
    "mandate": {
        ("proposed", "accept"): "accepted",
        ("suspended", "accept"): "accepted",
        ("accepted", "suspend"): "suspended",
        ("proposed", "end"): "ended",
        ("accepted", "end"): "ended",
        ("suspended", "end"): "ended",
    },
    "milestone": {
        ("planned", "start"): "started",
        ("planned", "complete"): "completed",
        ("started", "complete"): "completed",
        ("planned", "reschedule"): "planned",
        ("started", "reschedule"): "started",
        ("planned", "cancel"): "cancelled",
        ("started", "cancel"): "cancelled",
    },
    "measurement": {
        ("draft", "submit"): "submitted",
        ("returned", "submit"): "submitted",
        ("submitted", "validate"): "validated",
        ("submitted", "return"): "returned",
    },
    "evaluation": {("planned", "open"): "open", ("open", "close"): "closed"},
    "corrective_action": {("open", "complete"): "completed", ("completed", "verify"): "verified"},
}
MACHINES: dict[str, tuple[Any, Any]] = {
    "mandate": (MandateState, MandateTransition),
    "milestone": (MilestoneState, MilestoneTransition),
    "measurement": (MeasurementState, MeasurementTransition),
    "evaluation": (EvaluationState, EvaluationTransition),
    "corrective_action": (ActionState, ActionTransition),
}
PRODUCT = [
    (name, str(state), str(transition))
    for name, (every_state, every_transition) in MACHINES.items()
    for state, transition in itertools.product(every_state, every_transition)
]


@pytest.mark.parametrize(("name", "state", "transition"), PRODUCT)
def test_every_state_times_every_transition(name: str, state: str, transition: str) -> None:
    machine = getattr(states, name)
    row = SimpleNamespace(state=state)
    wanted = ALLOWED[name].get((state, transition))
    if wanted is None:
        with pytest.raises(RuleViolated) as refused:
            machine.apply(row, transition)
        assert [violation.code for violation in refused.value.violations] == ["wrong_state"]
        assert row.state == state
    else:
        machine.apply(row, transition)
        assert row.state == wanted
