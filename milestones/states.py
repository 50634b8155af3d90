"""The transition tables of milestones. `apply` is the only writer of `.state`."""

from coopproject.statemachine import StateMachine
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

mandate: StateMachine[MandateState, MandateTransition] = StateMachine(
    {
        (MandateState.PROPOSED, MandateTransition.ACCEPT): MandateState.ACCEPTED,
        # A suspended mandate resumes when its pilot accepts again.
        (MandateState.SUSPENDED, MandateTransition.ACCEPT): MandateState.ACCEPTED,
        (MandateState.ACCEPTED, MandateTransition.SUSPEND): MandateState.SUSPENDED,
        # A proposal that is declined or withdrawn ends too.
        (MandateState.PROPOSED, MandateTransition.END): MandateState.ENDED,
        (MandateState.ACCEPTED, MandateTransition.END): MandateState.ENDED,
        (MandateState.SUSPENDED, MandateTransition.END): MandateState.ENDED,
    }
)

milestone: StateMachine[MilestoneState, MilestoneTransition] = StateMachine(
    {
        (MilestoneState.PLANNED, MilestoneTransition.START): MilestoneState.STARTED,
        (MilestoneState.STARTED, MilestoneTransition.COMPLETE): MilestoneState.COMPLETED,
        # Reached at once: an agreement signed, a meeting held.
        (MilestoneState.PLANNED, MilestoneTransition.COMPLETE): MilestoneState.COMPLETED,
        (MilestoneState.PLANNED, MilestoneTransition.RESCHEDULE): MilestoneState.PLANNED,
        (MilestoneState.STARTED, MilestoneTransition.RESCHEDULE): MilestoneState.STARTED,
        (MilestoneState.PLANNED, MilestoneTransition.CANCEL): MilestoneState.CANCELLED,
        (MilestoneState.STARTED, MilestoneTransition.CANCEL): MilestoneState.CANCELLED,
    }
)

measurement: StateMachine[MeasurementState, MeasurementTransition] = StateMachine(
    {
        (MeasurementState.DRAFT, MeasurementTransition.SUBMIT): MeasurementState.SUBMITTED,
        (MeasurementState.RETURNED, MeasurementTransition.SUBMIT): MeasurementState.SUBMITTED,
        (MeasurementState.SUBMITTED, MeasurementTransition.VALIDATE): MeasurementState.VALIDATED,
        (MeasurementState.SUBMITTED, MeasurementTransition.RETURN): MeasurementState.RETURNED,
    }
)

evaluation: StateMachine[EvaluationState, EvaluationTransition] = StateMachine(
    {
        (EvaluationState.PLANNED, EvaluationTransition.OPEN): EvaluationState.OPEN,
        (EvaluationState.OPEN, EvaluationTransition.CLOSE): EvaluationState.CLOSED,
    }
)

corrective_action: StateMachine[ActionState, ActionTransition] = StateMachine(
    {
        (ActionState.OPEN, ActionTransition.COMPLETE): ActionState.COMPLETED,
        (ActionState.COMPLETED, ActionTransition.VERIFY): ActionState.VERIFIED,
    }
)
