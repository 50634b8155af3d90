"""A move counts a step before it is undone or after, never between (docs/locking.md)."""

from typing import Any

import pytest
from django.db import transaction

from coopproject.exceptions import RuleViolated
from governance.actor import Actor
from governance.models import CircleStay, Membership
from governance.services import memberships, onboarding
from tests.cast import Cast
from tests.governance import factories
from tests.governance.test_gate_races import in_thread

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def case() -> Any:
    cast = Cast()
    membership = Membership.objects.get(organisation=cast.gamma)
    step = factories.onboarding_step(cast, "core")
    actor = Actor.for_user(cast.coordinator.account)
    onboarding.membership_complete_step(pk=membership.pk, actor=actor, step=step)
    return membership, step, actor


def test_a_move_waits_for_the_step_being_undone_and_is_then_refused(case: Any) -> None:
    membership, step, actor = case
    with transaction.atomic():
        onboarding.membership_undo_step(pk=membership.pk, actor=actor, step=step, reason="Erreur")
        thread, outcome = in_thread(
            lambda: memberships.membership_move(pk=membership.pk, actor=actor, circle="core", reason="x")
        )
        thread.join(0.4)
        assert thread.is_alive(), "the move did not wait for the lock of the cooperation"
    thread.join()
    assert isinstance(outcome["error"], RuleViolated)
    assert CircleStay.objects.filter(membership=membership).count() == 1


def test_a_move_waits_for_the_step_being_added_and_is_then_refused(case: Any) -> None:
    membership, _step, actor = case
    with transaction.atomic():
        onboarding.onboarding_step_create(
            actor=actor, cooperation=membership.cooperation, circle="core", title="Une de plus"
        )
        thread, outcome = in_thread(
            lambda: memberships.membership_move(pk=membership.pk, actor=actor, circle="core", reason="x")
        )
        thread.join(0.4)
        assert thread.is_alive(), "the move did not wait for the lock of the cooperation"
    thread.join()
    assert [violation.code for violation in outcome["error"].violations] == ["onboarding_incomplete"]


def test_undoing_waits_for_the_move_in_progress_and_takes_nothing_back(case: Any) -> None:
    membership, step, actor = case
    with transaction.atomic():
        memberships.membership_move(pk=membership.pk, actor=actor, circle="core", reason="x")
        thread, outcome = in_thread(
            lambda: onboarding.membership_undo_step(pk=membership.pk, actor=actor, step=step, reason="Erreur")
        )
        thread.join(0.4)
        assert thread.is_alive()
    thread.join()
    assert "error" not in outcome
    stay = CircleStay.objects.get(membership=membership, until__isnull=True)
    assert stay.circle == "core"
