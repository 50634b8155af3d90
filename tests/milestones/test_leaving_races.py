"""A person leaves while they are given something, or while a vote that they lead closes: one waits for the other."""

import datetime as dt
from typing import Any

import pytest

from charters import services as charters
from coopproject.exceptions import RuleViolated
from governance.actor import Actor
from governance.models import Person, Role
from governance.services import communication, missions, project_steps, roles, working_groups
from governance.services.leaving import Handover, person_leave
from milestones import services
from milestones.models import Mandate
from tests.cast import Cast
from tests.charters.factories import actor_of
from tests.governance import factories as governance
from tests.governance import path_factories as path
from tests.milestones import factories as make
from tests.milestones.api.test_person_departures import convened
from tests.milestones.test_races import race

pytestmark = pytest.mark.django_db(transaction=True)


def leave(cast: Cast, person: Person, **handovers: Any) -> Person:
    return person_leave(
        pk=person.pk,
        actor=actor_of(cast.coordinator),
        cooperation=cast.cooperation,
        reason="Départ",
        handovers=handovers,
    )


def test_a_role_given_meanwhile_ends_too() -> None:
    cast = Cast()
    found = race(
        lambda: roles.role_create(
            actor=actor_of(cast.coordinator), cooperation=cast.cooperation, person=cast.observer, kind="funder"
        ),
        lambda: leave(cast, cast.observer),
    )
    assert found == []
    assert {role.until for role in Role.objects.filter(person=cast.observer)} == {cast.today}


def test_a_mandate_proposed_meanwhile_is_refused_to_who_has_left() -> None:
    cast = Cast()
    activity = make.activity(cast)
    # Their last day was yesterday: today they hold no role.
    gone = cast.today - dt.timedelta(days=1)
    found = race(
        lambda: person_leave(
            pk=cast.pilot_beta.pk,
            actor=actor_of(cast.coordinator),
            cooperation=cast.cooperation,
            reason="Départ",
            left_on=gone,
        ),
        lambda: services.mandate_create(
            actor=Actor.for_user(cast.coordinator.account),
            activity=activity,
            person=cast.pilot_beta,
            organisation=cast.beta,
            scope="Piloter",
        ),
    )
    assert found == ["no_role"]
    assert not Mandate.objects.exists()


def test_a_vote_that_closes_meanwhile_needs_no_answer_any_more() -> None:
    cast = Cast()
    vote = convened(cast, held_on=cast.today)
    chair = actor_of(cast.chair_alpha)
    charters.board_deliberation_open(pk=vote.pk, actor=chair)
    key = f"organisation_without_chair:{cast.chair_alpha.roles.get().pk}"
    answer = {key: Handover(left_open="Élection en mars")}
    with pytest.raises(RuleViolated, match="handover_missing"):
        leave(cast, cast.chair_alpha, **answer)
    found = race(
        lambda: charters.board_deliberation_close(pk=vote.pk, actor=chair, minutes_reference="PV 1"),
        lambda: leave(cast, cast.chair_alpha, **answer),
    )
    assert found == []
    assert cast.chair_alpha.roles.get().until == cast.today


def test_an_act_that_commits_meanwhile_is_waited_for_and_stops_nobody() -> None:
    """It holds the head of the journal and refers to the cooperation, which whoever waits for that head has locked."""
    cast = Cast()
    coordinator, group, action = actor_of(cast.coordinator), governance.group(cast), make.corrective_action(cast)
    found = race(
        lambda: working_groups.group_end(pk=group.pk, actor=coordinator, reason="Fini"),
        lambda: roles.role_create(actor=coordinator, cooperation=cast.cooperation, person=cast.observer, kind="funder"),
    )
    found += race(
        lambda: services.corrective_action_complete(pk=action.pk, actor=coordinator, action_taken="Fait"),
        lambda: leave(cast, cast.pilot_beta),
    )
    assert found == []
    assert cast.pilot_beta.roles.get().until == cast.today


def test_two_who_leave_at_once_do_not_leave_to_each_other() -> None:
    cast = Cast()
    group = governance.group(cast)
    part = governance.stakeholder(cast, name="", person=cast.observer)
    to_odile = {f"group_loses_its_lead:{group.pk}": Handover(to=cast.observer)}
    to_boris = {f"stakeholder_named:{part.pk}": Handover(to=cast.pilot_beta)}
    found = race(
        lambda: leave(cast, cast.pilot_beta, **to_odile),
        lambda: leave(cast, cast.observer, **to_boris),
    )
    # The group is hers by now, and whoever she names has left.
    assert sorted(found) == ["gone_by_then", "handover_missing"]
    group.refresh_from_db()
    assert group.lead == cast.observer
    assert cast.observer.roles.get().until is None


def test_a_successor_who_leaves_meanwhile_takes_nothing() -> None:
    cast = Cast()
    group = governance.group(cast)
    found = race(
        lambda: leave(cast, cast.observer),
        lambda: leave(cast, cast.pilot_beta, **{f"group_loses_its_lead:{group.pk}": Handover(to=cast.observer)}),
    )
    assert found == ["not_in_the_cooperation"]
    group.refresh_from_db()
    assert (group.lead, cast.pilot_beta.roles.get().until) == (cast.pilot_beta, None)


def test_nobody_is_put_in_charge_while_they_leave() -> None:
    cast = Cast()
    coordinator = actor_of(cast.coordinator)
    step, mission = path.step(path.project(cast)), path.mission(cast)
    group, action = governance.group(cast), governance.communication(cast, None, owner=cast.pilot_beta)
    given: list[Any] = [
        lambda: working_groups.group_update(
            pk=group.pk, actor=coordinator, expected_version=None, changes={"lead": cast.observer}
        ),
        lambda: working_groups.group_add_member(pk=group.pk, actor=coordinator, person=cast.observer),
        lambda: working_groups.group_create(
            actor=coordinator, cooperation=cast.cooperation, lead=cast.observer, theme="Paie", mandate="Proposer"
        ),
        lambda: communication.communication_update(
            pk=action.pk, actor=coordinator, expected_version=None, changes={"owner": cast.observer}
        ),
        lambda: project_steps.step_update(
            pk=step.pk, actor=coordinator, expected_version=None, changes={"owner": cast.observer}
        ),
        lambda: missions.mission_update(
            pk=mission.pk, actor=coordinator, expected_version=None, changes={"referent": cast.observer}
        ),
    ]
    found: list[str] = []
    for give in given:
        found += race(lambda: leave(cast, cast.observer), give)
        Role.objects.filter(person=cast.observer).update(until=None)
    assert found == [*["not_in_the_cooperation"] * 4, "no_role", "no_role"]
