"""What is wrong with activities, dates, money, measures and evaluations; why, since when, and what clears it.

Examiners see only what their actor may know of. Lead times are conventions of this project (K).
"""

import datetime as dt
from collections.abc import Iterator

from governance.actor import Actor
from governance.models import Cooperation
from governance.vital_signs import VitalSign
from milestones.vital_signs.evaluations import evaluation_signs
from milestones.vital_signs.indicators import indicator_signs
from milestones.vital_signs.pilots import agreement_signs, pilot_signs
from milestones.vital_signs.planning import planning_signs

__all__ = ["CODES", "examine"]

# Every code that `examine` can raise.
CODES = frozenset(
    {
        "milestone_late",
        "milestone_slipping",
        "milestone_upcoming",
        "budget_over_plan",
        "activity_without_pilot",
        "agreement_over_still_used",
        "mandate_expired",
        "mandate_ending",
        "pilot_overloaded",
        "indicator_off_track",
        "indicator_stale",
        "indicator_never_measured",
        "indicator_without_target",
        "effect_unmeasured",
        "motivation_disappointed",
        "gap_without_reading",
        "corrective_action_overdue",
        "corrective_action_unverified",
        "corrective_action_inadequate",
        "evaluation_overdue",
    }
)


def examine(cooperation: Cooperation, actor: Actor, on: dt.date) -> Iterator[VitalSign]:
    """The signs of this app on the day `on`, in no particular order."""
    yield from planning_signs(cooperation, actor, on)
    yield from pilot_signs(cooperation, actor, on)
    yield from agreement_signs(cooperation, actor, on)
    yield from indicator_signs(cooperation, actor, on)
    yield from evaluation_signs(cooperation, actor, on)
