"""The transition tables of the path to a form. `apply` is the only writer of `.state`."""

from coopproject.statemachine import StateMachine
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

scenario: StateMachine[ScenarioState, ScenarioTransition] = StateMachine(
    {
        (ScenarioState.DRAFT, ScenarioTransition.PROPOSE): ScenarioState.PROPOSED,
        (ScenarioState.PROPOSED, ScenarioTransition.KEEP): ScenarioState.KEPT,
        (ScenarioState.DRAFT, ScenarioTransition.SET_ASIDE): ScenarioState.SET_ASIDE,
        (ScenarioState.PROPOSED, ScenarioTransition.SET_ASIDE): ScenarioState.SET_ASIDE,
        # What was kept may be given up, said and dated as the rest.
        (ScenarioState.KEPT, ScenarioTransition.SET_ASIDE): ScenarioState.SET_ASIDE,
        (ScenarioState.PROPOSED, ScenarioTransition.REOPEN): ScenarioState.DRAFT,
        (ScenarioState.SET_ASIDE, ScenarioTransition.REOPEN): ScenarioState.DRAFT,
    }
)

# Phases are not a ladder either: any may begin first, and one that is done may be taken up again.
phase: StateMachine[PhaseState, PhaseTransition] = StateMachine(
    {
        (PhaseState.PLANNED, PhaseTransition.START): PhaseState.UNDER_WAY,
        (PhaseState.UNDER_WAY, PhaseTransition.FINISH): PhaseState.DONE,
        (PhaseState.DONE, PhaseTransition.REOPEN): PhaseState.UNDER_WAY,
    }
)

project: StateMachine[ProjectState, ProjectTransition] = StateMachine(
    {
        (ProjectState.DRAFT, ProjectTransition.START): ProjectState.UNDER_WAY,
        (ProjectState.UNDER_WAY, ProjectTransition.REGISTER): ProjectState.CREATED,
        (ProjectState.DRAFT, ProjectTransition.ABANDON): ProjectState.ABANDONED,
        (ProjectState.UNDER_WAY, ProjectTransition.ABANDON): ProjectState.ABANDONED,
        (ProjectState.ABANDONED, ProjectTransition.REOPEN): ProjectState.DRAFT,
    }
)

step: StateMachine[StepState, StepTransition] = StateMachine(
    {
        (StepState.OPEN, StepTransition.COMPLETE): StepState.DONE,
        (StepState.OPEN, StepTransition.SKIP): StepState.SKIPPED,
        (StepState.DONE, StepTransition.REOPEN): StepState.OPEN,
        (StepState.SKIPPED, StepTransition.REOPEN): StepState.OPEN,
    }
)
