"""Votes cast and closed at the same instant, on real connections: none lost in silence, none counted twice."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from charters import services
from charters.enums import VersionState
from charters.models import Approval, Ballot, BoardDeliberation
from coopproject.exceptions import RuleViolated
from governance.models import JournalEntry
from tests.cast import Cast
from tests.charters.factories import actor_of, make_submitted, vote
from tests.charters.live import ANY_PROXY, LiveVote, convening, directors, with_rule
from tests.charters.test_concurrency import at_once
from tests.requests import act

URL = "/api/v1/board-deliberations/"

pytestmark = pytest.mark.django_db(transaction=True)


def open_vote(**fields: Any) -> LiveVote:
    cast = Cast()
    live = LiveVote(cast, make_submitted(cast), **fields)
    live.open()
    return live


def casting(live: LiveVote, index: int, choice: str = "for", **headers: str) -> Callable[[], int]:
    """One request, with its token made beforehand."""
    client = live.cast.api(live.board[index])
    path = f"{URL}{live.id}/cast/"

    def run() -> int:
        status: int = act(client, path, {"choice": choice}, **headers).status_code
        return status

    return run


@pytest.mark.parametrize("ballot", ["named", "secret"])
def test_two_directors_who_vote_at_the_same_instant_are_both_counted(ballot: str) -> None:
    live = open_vote(ballot=ballot)
    assert at_once(*(casting(live, index) for index in range(4))) == [200] * 4
    live.ok(live.board[4], "cast", choice="against")
    found = live.close()
    assert (found["votes_for"], found["votes_against"], found["present"]) == (4, 1, 5)


@pytest.mark.parametrize("ballot", ["named", "secret"])
def test_a_director_who_sends_twice_at_once_votes_once(ballot: str) -> None:
    live = open_vote(ballot=ballot)
    statuses = at_once(casting(live, 1), casting(live, 1))
    assert sorted(statuses) == [200, 409]
    same_key = {"Idempotency-Key": "the-same-key-twice"}
    assert 200 in at_once(casting(live, 2, **same_key), casting(live, 2, **same_key))
    assert casting(live, 2, **same_key)() == 200
    live.cast_all("for")
    live.ok(live.board[3], "cast", choice="for")
    live.ok(live.board[4], "cast", choice="for")
    found = live.close()
    assert (found["votes_for"], found["present"]) == (5, 5)
    assert JournalEntry.objects.filter(act="board_deliberation.ballot_cast").count() == 5


@pytest.mark.parametrize("ballot", ["named", "secret"])
def test_a_ballot_that_arrives_while_the_board_closes_is_counted_or_refused(ballot: str) -> None:
    live = open_vote(ballot=ballot)
    live.cast_all("for", "for", "for", "for", "for")
    client, path = live.cast.api(live.chair), f"{URL}{live.id}/close/"
    closed, cast_ = at_once(lambda: act(client, path).status_code, casting(live, 5))
    assert closed == 200
    row = live.row
    assert cast_ in (200, 409)
    assert row.votes_for == (6 if cast_ == 200 else 5)
    assert row.electors.filter(voted=True).count() == row.votes_for
    if ballot == "named":
        assert Ballot.objects.count() == row.votes_for


def test_a_ballot_waits_for_the_close_in_progress_and_is_then_refused() -> None:
    live = open_vote()
    live.cast_all("for", "for", "for", "for", "for")
    late = live.board[5]
    results: list[Any] = []

    def vote_late() -> None:
        try:
            services.board_deliberation_cast(pk=live.row.pk, actor=actor_of(late), choice="against")
            results.append("counted")
        except RuleViolated as refused:
            results.append([violation.code for violation in refused.violations])
        finally:
            connection.close()

    thread = threading.Thread(target=vote_late)
    with transaction.atomic():
        services.board_deliberation_close(pk=live.row.pk, actor=actor_of(live.chair))
        thread.start()
        thread.join(timeout=1)
        assert results == []
    thread.join(timeout=30)
    assert results == [["wrong_state"]]
    assert (live.row.votes_for, live.row.votes_against) == (5, 0)


def test_a_close_waits_for_the_ballot_in_progress_and_counts_it() -> None:
    live = open_vote()
    live.cast_all("for", "for", "for", "for", "for")
    chair = actor_of(live.chair)
    results: list[Any] = []

    def close() -> None:
        try:
            results.append(services.board_deliberation_close(pk=live.row.pk, actor=chair).votes_against)
        finally:
            connection.close()

    thread = threading.Thread(target=close)
    with transaction.atomic():
        services.board_deliberation_cast(pk=live.row.pk, actor=actor_of(live.board[5]), choice="against")
        thread.start()
        thread.join(timeout=1)
        assert results == []
    thread.join(timeout=30)
    assert results == [1]


def test_the_last_two_boards_that_close_together_put_the_text_in_force_once() -> None:
    cast = Cast()
    version = make_submitted(cast)
    vote(cast, version, cast.alpha)
    live = LiveVote(cast, version)
    live.open()
    live.cast_all("for", "for", "for", "for", "for")
    chair_beta = cast.api(cast.chair_beta)
    members = directors(cast, cast.beta, 4)
    other = act(chair_beta, URL, convening(cast, version, cast.beta)).json()["id"]
    act(chair_beta, f"{URL}{other}/open/")
    for person in (cast.chair_beta, *members):
        assert act(cast.api(person), f"{URL}{other}/cast/", {"choice": "for"}).status_code == 200
    chair_gamma = cast.api(live.chair)
    statuses = at_once(
        lambda: act(chair_gamma, f"{URL}{live.id}/close/").status_code,
        lambda: act(chair_beta, f"{URL}{other}/close/").status_code,
    )
    assert statuses == [200, 200]
    version.refresh_from_db()
    assert version.state == VersionState.IN_FORCE
    assert Approval.objects.filter(charter_version=version).count() == 3
    assert JournalEntry.objects.filter(act="charter_version.entered_into_force").count() == 1


def test_two_chairs_who_open_at_once_freeze_one_electorate() -> None:
    cast = Cast()
    live = LiveVote(cast, make_submitted(cast))
    client, path = cast.api(live.chair), f"{URL}{live.id}/open/"
    statuses = at_once(lambda: act(client, path).status_code, lambda: act(client, path).status_code)
    assert sorted(statuses) == [200, 409]
    assert live.row.electors.count() == 6


def test_a_second_call_and_minutes_at_the_same_instant_follow_once() -> None:
    cast = Cast()
    version = make_submitted(cast)
    client = cast.api(cast.chair_gamma)
    body = convening(cast, version, cast.gamma)
    statuses = at_once(lambda: act(client, URL, body).status_code, lambda: act(client, URL, body).status_code)
    assert sorted(statuses) == [201, 409]
    assert BoardDeliberation.objects.count() == 1


def test_the_proxy_of_a_giver_who_votes_at_the_same_instant_is_used_or_taken_back() -> None:
    cast = Cast()
    with_rule(cast.gamma, proxy=ANY_PROXY)
    live = LiveVote(cast, make_submitted(cast))
    live.open()
    giver, holder = live.board[2], live.board[1]
    live.ok(giver, "declare-proxy", holder=str(holder.pk))
    of_holder, of_giver = cast.api(holder), cast.api(giver)
    path = f"{URL}{live.id}/cast/"
    statuses = at_once(
        lambda: act(of_holder, path, {"choice": "for", "elector": str(giver.pk)}).status_code,
        lambda: act(of_giver, path, {"choice": "against"}).status_code,
    )
    assert sorted(statuses) == [200, 409]
    assert Ballot.objects.filter(elector__person=giver).count() == 1
