"""One lock for a structure and its steps, and one order for hypotheses: neither act slips past the other."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from coopproject.exceptions import RuleViolated
from governance.actor import Actor
from governance.models import StructureProject, StructureScenario
from governance.services import memberships, project_steps, scenarios, structure_projects
from tests.cast import Cast
from tests.governance import path_factories as path
from tests.governance.test_gate_races import in_thread

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def cast(transactional_db: None) -> Cast:
    return Cast()


def waits(first: Callable[[], Any], second: Callable[[], Any]) -> tuple[threading.Thread, dict[str, Any]]:
    """Do the first, and before it is committed begin the second: it must wait."""
    with transaction.atomic():
        first()
        thread, outcome = in_thread(second)
        thread.join(0.4)
        assert thread.is_alive(), "the second act did not wait for the first"
    thread.join()
    return thread, outcome


def register(project: StructureProject, actor: Actor) -> Any:
    return structure_projects.project_register(pk=project.pk, actor=actor, registration_reference="W691234567")


def test_a_creation_waits_for_the_step_that_is_being_opened_again_and_is_then_refused(cast: Cast) -> None:
    project = path.project(cast)
    step = path.step(project, state="done")
    actor = Actor.for_user(cast.coordinator.account)
    _thread, outcome = waits(
        lambda: project_steps.step_reopen(pk=step.pk, actor=actor, reason="À refaire"), lambda: register(project, actor)
    )
    assert isinstance(outcome["error"], RuleViolated)
    assert StructureProject.objects.get().state == "under_way"


def test_a_step_is_not_opened_again_behind_the_back_of_a_creation(cast: Cast) -> None:
    project = path.project(cast, decision=path.launching(cast))
    step = path.step(project, state="done")
    actor = Actor.for_user(cast.coordinator.account)
    _thread, outcome = waits(
        lambda: register(project, actor), lambda: project_steps.step_reopen(pk=step.pk, actor=actor, reason="À refaire")
    )
    assert isinstance(outcome["error"], RuleViolated)
    assert StructureProject.objects.get().state == "created"


def test_a_creation_waits_for_the_founder_who_is_leaving(cast: Cast) -> None:
    project = path.project(cast, decision=path.launching(cast))
    actor = Actor.for_user(cast.coordinator.account)
    membership = cast.beta.memberships.get()
    yesterday = cast.today - (cast.today - cast.since) / 800
    _thread, outcome = waits(
        lambda: memberships.membership_leave(pk=membership.pk, actor=actor, left_on=yesterday, reason="Fin"),
        lambda: register(project, actor),
    )
    assert isinstance(outcome["error"], RuleViolated)
    assert [violation.code for violation in outcome["error"].violations] == ["founder_left"]


def test_two_who_keep_one_and_set_the_other_aside_do_not_block_each_other(cast: Cast) -> None:
    one, other = (path.scenario(cast, state="proposed") for _index in range(2))
    actor = Actor.for_user(cast.coordinator.account)

    def keep(kept: StructureScenario, aside: StructureScenario) -> Any:
        return scenarios.scenario_keep(
            pk=kept.pk, actor=actor, reason="Légère", set_aside=[aside], set_aside_reason="Lourde"
        )

    _thread, outcome = waits(lambda: keep(one, other), lambda: keep(other, one))
    assert isinstance(outcome["error"], RuleViolated), outcome
    assert dict(StructureScenario.objects.values_list("pk", "state")) == {one.pk: "kept", other.pk: "set_aside"}
    connection.close()
