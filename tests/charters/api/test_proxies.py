"""Proxies recorded on a deliberation: by whom, within which limits, traceable, revocable until they are used."""

from typing import Any

import pytest

from charters.models import Proxy
from governance.models import JournalEntry
from tests.cast import Cast
from tests.charters.factories import make_submitted
from tests.charters.live import ANY_PROXY, LiveVote, with_rule
from tests.requests import codes


@pytest.fixture
def live(cast: Cast) -> LiveVote:
    with_rule(cast.gamma, proxy=ANY_PROXY)
    found = LiveVote(cast, make_submitted(cast))
    found.open()
    return found


def refused(live: LiveVote, who: Any, name: str, *expected: str, status: int = 409, **body: Any) -> None:
    before = (Proxy.objects.count(), JournalEntry.objects.count(), live.row.version)
    response = live.do(who, name, **body)
    assert response.status_code == status, response.content
    assert not expected or codes(response) == set(expected)
    assert (Proxy.objects.count(), JournalEntry.objects.count(), live.row.version) == before


def test_the_holder_votes_for_the_giver_and_both_are_counted(live: LiveVote) -> None:
    giver, holder = live.board[5], live.board[1]
    live.ok(giver, "declare-proxy", holder=str(holder.pk))
    live.cast_all("for", "for", "against", "against", "for")
    live.ok(holder, "cast", choice="against", elector=str(giver.pk))
    found = live.close()
    assert (found["present"], found["represented"], found["proxies_by_holder"]) == (5, 1, [1])
    assert (found["votes_for"], found["votes_against"], found["result"]) == (3, 3, "rejected")
    ballot = next(row for row in found["ballots"] if row["elector"] == str(giver.pk))
    assert (ballot["choice"], ballot["cast_by"]) == ("against", str(holder.pk))
    assert found["proxies"][0]["used"] is True


def test_a_proxy_leaves_a_trace_of_who_declared_and_who_took_it_back(live: LiveVote) -> None:
    giver, holder = live.board[2], live.board[1]
    live.ok(live.chair, "declare-proxy", giver=str(giver.pk), holder=str(holder.pk), written=True)
    live.ok(giver, "revoke-proxy")
    acts = JournalEntry.objects.filter(act__startswith="board_deliberation.proxy").order_by("sequence")
    people = {"giver": str(giver.pk), "holder": str(holder.pk)}
    assert [(entry.act, entry.actor) for entry in acts] == [
        ("board_deliberation.proxy_declared", f"person:{live.chair.pk}"),
        ("board_deliberation.proxy_revoked", f"person:{giver.pk}"),
    ]
    assert all(people.items() <= entry.payload.items() for entry in acts)
    row = live.seen_by(live.chair)["proxies"][0]
    assert (row["declared_by"], row["revoked_on"]) == (str(live.chair.pk), live.cast.today.isoformat())


def test_the_third_proxy_of_a_holder_limited_to_two_is_refused(live: LiveVote) -> None:
    """V14."""
    holder = str(live.board[1].pk)
    for giver in live.board[2:4]:
        live.ok(giver, "declare-proxy", holder=holder)
    refused(live, live.board[4], "declare-proxy", "proxy_limit_exceeded", holder=holder)


def test_only_who_leads_records_the_proxy_of_another_and_only_a_written_one(live: LiveVote) -> None:
    people = {"giver": str(live.board[2].pk), "holder": str(live.board[1].pk)}
    refused(live, live.board[1], "declare-proxy", status=403, written=True, **people)
    refused(live, live.cast.coordinator, "declare-proxy", status=403, written=True, **people)
    refused(live, live.chair, "declare-proxy", "proxy_not_declared_by_giver", **people)
    live.ok(live.chair, "declare-proxy", written=True, **people)
    refused(live, live.board[3], "revoke-proxy", status=403, giver=people["giver"])


def test_nobody_is_both_there_and_represented(live: LiveVote) -> None:
    holder = str(live.board[1].pk)
    live.ok(live.board[2], "attend")
    refused(live, live.board[2], "declare-proxy", "proxy_giver_present", holder=holder)
    live.ok(live.board[3], "declare-proxy", holder=holder)
    # Coming takes the proxy back.
    live.ok(live.board[3], "cast", choice="for")
    refused(live, live.board[1], "cast", "already_voted", "no_proxy", choice="for", elector=str(live.board[3].pk))


def test_a_used_proxy_is_not_taken_back_and_its_giver_does_not_vote_again(live: LiveVote) -> None:
    giver, holder = live.board[2], live.board[1]
    live.ok(giver, "declare-proxy", holder=str(holder.pk))
    live.ok(holder, "cast", choice="for", elector=str(giver.pk))
    refused(live, giver, "revoke-proxy", "proxy_used")
    refused(live, giver, "cast", "already_voted", choice="against")
    refused(live, giver, "attend", "already_represented")
    refused(live, giver, "declare-proxy", "already_voted", "proxy_given_twice", holder=str(live.board[3].pk))


def test_a_proxy_is_not_passed_on(live: LiveVote) -> None:
    live.ok(live.board[2], "declare-proxy", holder=str(live.board[1].pk))
    refused(live, live.board[1], "declare-proxy", "proxy_of_a_proxy", holder=str(live.board[3].pk))
    refused(live, live.board[4], "declare-proxy", "proxy_of_a_proxy", holder=str(live.board[2].pk))
    live.ok(live.board[2], "revoke-proxy")
    refused(live, live.board[2], "revoke-proxy", "no_proxy")


def test_a_holder_from_outside_only_where_the_statutes_say_so_and_votes_without_being_there(cast: Cast) -> None:
    with_rule(cast.gamma, proxy=ANY_PROXY | {"same_body_only": False})
    live = LiveVote(cast, make_submitted(cast))
    live.open()
    refused(live, live.board[5], "declare-proxy", status=400, holder=str(cast.stranger.pk))
    live.ok(live.board[5], "declare-proxy", holder=str(cast.coordinator.pk))
    live.cast_all("for", "for", "for", "for", "against")
    live.ok(cast.coordinator, "cast", choice="against", elector=str(live.board[5].pk))
    refused(live, cast.coordinator, "cast", "not_an_elector", choice="for")
    found = live.close()
    assert (found["present"], found["represented"], found["proxies_same_body"]) == (5, 1, False)


def test_inside_the_body_only_by_default_of_these_statutes(live: LiveVote) -> None:
    refused(live, live.board[5], "declare-proxy", "proxy_outside_body", holder=str(live.cast.coordinator.pk))


def test_a_recused_giver_or_holder_ends_the_representation(live: LiveVote) -> None:
    giver, holder = live.board[2], live.board[1]
    live.ok(giver, "declare-proxy", holder=str(holder.pk))
    live.ok(live.chair, "recuse", elector=str(giver.pk), reason="Intérêt")
    refused(live, holder, "cast", "recused", choice="for", elector=str(giver.pk))
    live.ok(live.board[4], "declare-proxy", holder=str(live.board[3].pk))
    live.ok(live.board[3], "recuse", reason="Intérêt")
    refused(live, live.board[3], "cast", "holder_recused", choice="for", elector=str(live.board[4].pk))
    live.cast_all("for", "for")
    found = live.close()
    # The giver of a holder who stepped aside is represented by nobody.
    assert (found["represented"], found["recused_represented"], found["recused"]) == (1, 1, 1)


def test_without_a_word_of_the_statutes_on_proxies_there_are_none(cast: Cast) -> None:
    with_rule(cast.gamma, proxy="must_be_declared")
    live = LiveVote(cast, make_submitted(cast))
    refused(live, live.board[1], "declare-proxy", "proxy_must_be_declared", holder=str(live.chair.pk))
    live.ok(live.chair, "cancel", reason="Non")
    refused(live, live.board[1], "declare-proxy", "wrong_state", holder=str(live.chair.pk))
    refused(live, live.board[1], "revoke-proxy", "wrong_state")
