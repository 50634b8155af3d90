"""A member leaves while its board's vote is recorded: the result is that of one of the two orders (docs/locking.md)."""

import datetime as dt
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from charters import services
from charters.enums import VersionState
from charters.models import Approval, BoardDeliberation, CharterVersion
from charters.selectors import entry_of
from coopproject.exceptions import RuleViolated
from governance.models import JournalEntry, Membership
from governance.services.memberships import membership_leave
from tests.cast import Cast
from tests.charters.factories import actor_of, make_submitted, vote
from tests.charters.test_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def leave(cast: Cast) -> Membership:
    """Gamma's last day was yesterday: today it is called to approve nothing."""
    membership = Membership.objects.get(organisation=cast.gamma)
    yesterday = cast.today - dt.timedelta(days=1)
    return membership_leave(pk=membership.pk, actor=actor_of(cast.coordinator), reason="Départ", left_on=yesterday)


def last_vote(cast: Cast, version: CharterVersion) -> BoardDeliberation:
    return vote(cast, CharterVersion.objects.get(pk=version.pk), cast.gamma)


def awaiting_gamma() -> tuple[Cast, CharterVersion]:
    cast = Cast()
    version = make_submitted(cast)
    vote(cast, version, cast.alpha)
    vote(cast, version, cast.beta)
    return cast, version


def voted_then_left(cast: Cast, version: CharterVersion, result: Any) -> None:
    assert isinstance(result, BoardDeliberation), result
    version.refresh_from_db()
    assert (version.state, version.in_force_on) == (VersionState.IN_FORCE, cast.today)
    entered = JournalEntry.objects.get(act="charter_version.entered_into_force", object_id=str(version.pk))
    assert len(entered.payload["approved_by"]) == 3
    assert Approval.objects.filter(charter_version=version).count() == 3


def left_then_refused(cast: Cast, version: CharterVersion, result: Any) -> None:
    assert isinstance(result, RuleViolated), result
    assert [violation.code for violation in result.violations] == ["not_a_party"]
    assert not BoardDeliberation.objects.filter(organisation=cast.gamma).exists()
    version.refresh_from_db()
    assert version.state == VersionState.SUBMITTED
    assert services.entry_tick() == 1
    version.refresh_from_db()
    assert (version.state, version.in_force_on) == (VersionState.IN_FORCE, cast.today)
    assert Approval.objects.filter(charter_version=version).count() == 2


def gone(cast: Cast, version: CharterVersion) -> None:
    """Either way gamma has left, and the charter binds the two others."""
    assert Membership.objects.get(organisation=cast.gamma).left_on is not None
    version = CharterVersion.objects.select_related("charter__cooperation").get(pk=version.pk)
    rows = {row.organisation_id: row.status for row in entry_of(version, cast.today).parties}
    assert rows == {cast.alpha.pk: "in_force", cast.beta.pk: "in_force", cast.gamma.pk: "not_asked"}


def in_a_thread(work: Callable[[], Any], results: list[Any]) -> threading.Thread:
    def run() -> None:
        try:
            results.append(work())
        except RuleViolated as refused:
            results.append(refused)
        finally:
            connection.close()

    return threading.Thread(target=run)


def test_a_vote_waits_for_a_departure_in_progress_and_is_refused_then() -> None:
    cast, version = awaiting_gamma()
    results: list[Any] = []
    thread = in_a_thread(lambda: last_vote(cast, version), results)
    with transaction.atomic():
        leave(cast)
        thread.start()
        thread.join(timeout=1)
        assert results == []
    thread.join(timeout=30)
    left_then_refused(cast, version, results[0])
    gone(cast, version)


def test_a_departure_waits_for_a_vote_in_progress_and_takes_nothing_back() -> None:
    cast, version = awaiting_gamma()
    results: list[Any] = []
    thread = in_a_thread(lambda: leave(cast), results)
    with transaction.atomic():
        made = last_vote(cast, version)
        thread.start()
        thread.join(timeout=1)
        assert results == []
    thread.join(timeout=30)
    assert isinstance(results[0], Membership)
    voted_then_left(cast, version, made)
    gone(cast, version)


def test_at_the_same_instant_one_of_the_two_comes_first_and_nothing_is_lost() -> None:
    cast, version = awaiting_gamma()
    voted, left = at_once(lambda: last_vote(cast, version), lambda: leave(cast))
    assert isinstance(left, Membership), left
    (voted_then_left if isinstance(voted, BoardDeliberation) else left_then_refused)(cast, version, voted)
    gone(cast, version)


def test_the_clock_counts_the_members_before_or_after_a_departure_never_between() -> None:
    cast, version = awaiting_gamma()
    entered, left = at_once(services.entry_tick, lambda: leave(cast))
    assert isinstance(left, Membership), left
    version.refresh_from_db()
    assert (entered, version.state) in [(1, VersionState.IN_FORCE), (0, VersionState.SUBMITTED)]
    services.entry_tick()
    gone(cast, version)
