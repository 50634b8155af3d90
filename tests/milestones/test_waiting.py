"""What waits for a person: only what this very person may do."""

import datetime as dt

from governance.actor import Actor
from governance.models import Person
from milestones.waiting import waiting
from tests.cast import Cast
from tests.milestones import factories


def codes(cast: Cast, person: Person) -> list[str]:
    return sorted(item.code for item in waiting(Actor.for_user(person.account), cast.today))


def test_each_sees_what_waits_for_them_and_nothing_else(cast: Cast) -> None:
    activity = factories.activity(cast)
    factories.mandate(cast, activity)
    factories.mandate(cast, activity, cast.director_alpha, cast.alpha, state="proposed")
    factories.milestone(cast, activity, due_on=cast.today)
    factories.milestone(cast, activity, due_on=cast.today + dt.timedelta(days=1))
    indicator = factories.indicator(cast, activity)
    factories.measurement(cast, indicator, state="submitted")
    factories.corrective_action(cast, cast.director_beta)
    factories.corrective_action(cast, cast.director_beta, state="completed", action_taken="x", completed_on=cast.today)
    evaluation = factories.evaluation(cast, state="open")
    factories.gap(cast, evaluation, factories.milestone(cast, activity))

    assert codes(cast, cast.pilot_beta) == ["measurement_to_validate", "milestone_due"]
    assert codes(cast, cast.director_alpha) == ["corrective_action_to_verify", "mandate_to_accept"]
    assert codes(cast, cast.director_beta) == ["corrective_action_to_complete"]
    assert codes(cast, cast.coordinator) == ["corrective_action_to_verify", "gap_to_read"]
    assert codes(cast, cast.facilitator) == ["corrective_action_to_verify", "gap_to_read", "measurement_to_validate"]
    assert codes(cast, cast.chair_delta) == []
    assert codes(cast, cast.foreign_coordinator) == []
