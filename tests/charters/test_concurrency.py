"""Two boards at the same instant, on real connections."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from charters import services
from charters.enums import VersionState
from charters.models import Approval, CharterVersion
from coopproject.exceptions import RuleViolated
from governance.models import CircleStay, JournalEntry, Membership
from tests.cast import Cast
from tests.charters.factories import actor_of, make_submitted, vote


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run each in a thread and a connection of its own, started together; results or exceptions, in order."""
    start = threading.Barrier(len(works))
    results: list[Any] = [None] * len(works)

    def run(index: int, work: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            start.wait(timeout=20)
            results[index] = work()
        except Exception as error:  # noqa: BLE001 - handed back to the test
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def entries(version: CharterVersion, act: str) -> int:
    return JournalEntry.objects.filter(act=act, object_id=str(version.pk)).count()


@pytest.mark.django_db(transaction=True)
def test_two_last_approvals_at_the_same_instant_put_it_in_force_once_and_none_is_lost() -> None:
    cast = Cast()
    version = make_submitted(cast)
    vote(cast, version, cast.alpha)
    results = at_once(
        lambda: vote(cast, CharterVersion.objects.get(pk=version.pk), cast.beta),
        lambda: vote(cast, CharterVersion.objects.get(pk=version.pk), cast.gamma),
    )
    assert [type(result).__name__ for result in results] == ["BoardDeliberation", "BoardDeliberation"], results
    version.refresh_from_db()
    assert version.state == VersionState.IN_FORCE
    assert Approval.objects.filter(charter_version=version).count() == 3
    assert entries(version, "charter_version.entered_into_force") == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_board_recorded_twice_at_the_same_instant_approves_once() -> None:
    cast = Cast()
    version = make_submitted(cast)
    results = at_once(*[lambda: vote(cast, CharterVersion.objects.get(pk=version.pk), cast.alpha)] * 2)
    refused = [result for result in results if isinstance(result, RuleViolated)]
    assert len(refused) == 1, results
    assert [violation.code for violation in refused[0].violations] == ["already_approved"]
    assert Approval.objects.filter(charter_version=version).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_vote_waits_for_the_withdrawal_in_progress_and_is_then_refused() -> None:
    cast = Cast()
    version = make_submitted(cast)
    content_hash = version.content_hash
    results: list[Any] = []

    def late_vote() -> None:
        try:
            results.append(vote(cast, CharterVersion.objects.get(pk=version.pk), cast.alpha, content_hash=content_hash))
        except RuleViolated as refused:
            results.append([violation.code for violation in refused.violations])
        finally:
            connection.close()

    thread = threading.Thread(target=late_vote)
    with transaction.atomic():
        services.charter_version_withdraw(pk=version.pk, actor=actor_of(cast.coordinator), reason="Faute")
        thread.start()
        thread.join(timeout=1)
        assert results == []
    thread.join(timeout=30)
    assert results == [["wrong_state"]]
    assert not Approval.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_ticks_at_once_put_it_in_force_once() -> None:
    cast = Cast()
    version = make_submitted(cast)
    # The rule is met by a departure, which no act of charters sees: only the tick does.
    vote(cast, version, cast.alpha)
    vote(cast, version, cast.beta)
    CircleStay.objects.filter(membership__organisation=cast.gamma).update(since=cast.since, until=cast.since)
    Membership.objects.filter(organisation=cast.gamma).update(left_on=cast.since)
    assert sorted(at_once(services.entry_tick, services.entry_tick)) == [0, 1]
    assert entries(version, "charter_version.entered_into_force") == 1
