"""The acts of milestones, one keyword-only function each."""

from milestones.services.activities import activity_create, activity_update
from milestones.services.budget import budget_entry_create, budget_line_create, budget_line_update
from milestones.services.corrective_actions import (
    corrective_action_complete,
    corrective_action_create,
    corrective_action_update,
    corrective_action_verify,
)
from milestones.services.evaluations import (
    evaluation_close,
    evaluation_create,
    evaluation_gap_read,
    evaluation_open,
    evaluation_update,
)
from milestones.services.indicators import (
    indicator_create,
    indicator_target_create,
    indicator_target_update,
    indicator_update,
)
from milestones.services.mandates import (
    mandate_accept,
    mandate_create,
    mandate_end,
    mandate_leave,
    mandate_suspend,
    mandate_update,
)
from milestones.services.measurements import (
    measurement_create,
    measurement_hand_over,
    measurement_return,
    measurement_submit,
    measurement_update,
    measurement_validate,
)
from milestones.services.milestones import (
    milestone_cancel,
    milestone_complete,
    milestone_create,
    milestone_reschedule,
    milestone_start,
    milestone_update,
)

__all__ = [
    "activity_create",
    "activity_update",
    "budget_entry_create",
    "budget_line_create",
    "budget_line_update",
    "corrective_action_complete",
    "corrective_action_create",
    "corrective_action_update",
    "corrective_action_verify",
    "evaluation_close",
    "evaluation_create",
    "evaluation_gap_read",
    "evaluation_open",
    "evaluation_update",
    "indicator_create",
    "indicator_target_create",
    "indicator_target_update",
    "indicator_update",
    "mandate_accept",
    "mandate_create",
    "mandate_end",
    "mandate_leave",
    "mandate_suspend",
    "mandate_update",
    "measurement_create",
    "measurement_hand_over",
    "measurement_return",
    "measurement_submit",
    "measurement_update",
    "measurement_validate",
    "milestone_cancel",
    "milestone_complete",
    "milestone_create",
    "milestone_reschedule",
    "milestone_start",
    "milestone_update",
]
