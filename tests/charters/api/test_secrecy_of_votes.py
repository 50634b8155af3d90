"""Before the close nobody learns how the votes stand; of a secret vote nobody ever learns who voted what."""

import json
import re
from typing import Any

import pytest
from django.db import connection

from charters.models import Ballot, Urn
from coopproject.models import IdempotencyKey
from governance.models import JournalEntry
from tests.cast import Cast
from tests.charters.factories import make_submitted
from tests.charters.live import URL, LiveVote, with_rule
from tests.requests import codes

# What each of the six votes; a word that nothing else says is easy to look for.
VOTES = ("for", "against", "for", "blank_or_void", "for", "for")


def open_vote(cast: Cast, ballot: str) -> LiveVote:
    live = LiveVote(cast, make_submitted(cast), ballot=ballot)
    live.open()
    return live


def everything_said(cast: Cast, live: LiveVote) -> str:
    """All that the API answers about this vote to those who may know most."""
    said = []
    for who in (live.chair, live.board[1], cast.coordinator):
        client = cast.api(who)
        for path in (
            f"{URL}{live.id}/",
            f"{URL}{live.id}/?expand=charter_version,follows",
            f"{URL}?charter_version={live.version.pk}",
            f"{URL}?state=open&count=exact",
            f"/api/v1/charter-versions/{live.version.pk}/entry/",
            f"/api/v1/journal/?object_id={live.id}",
            "/api/v1/users/me/",
            f"/api/v1/cooperations/{cast.cooperation.pk}/vital-signs/",
        ):
            response = client.get(path)
            assert response.status_code == 200, (path, response.content)
            said.append(response.content.decode())
    said.append(cast.api(cast.coordinator).get(f"/api/v1/cooperations/{cast.cooperation.pk}/export/").content.decode())
    return "\n".join(said)


@pytest.mark.parametrize("ballot", ["named", "secret"])
def test_two_votes_that_differ_are_told_alike_until_they_are_closed(cast: Cast, ballot: str) -> None:
    live = open_vote(cast, ballot)
    answers = [live.do(person, "cast", choice=choice) for person, choice in zip(live.board, VOTES, strict=True)]
    for answer in answers:
        assert answer.status_code == 200
        found = answer.json()
        assert found["ballots"] == []
        assert {found[name] for name in ("present", "votes_for", "votes_against", "votes_abstain", "votes_blank")} == {
            None
        }
        assert (found["result"], found["explanation"]) == ("", "")
    said = everything_said(cast, live) + "".join(answer.content.decode() for answer in answers)
    # As a value: the statutes have a key of that name.
    assert not re.search(r'"blank_or_void"(?!\s*:)', said)
    assert '"choice"' not in said
    turnout = live.seen_by(cast.observer)["electors"]
    assert [row["voted"] for row in turnout] == [True] * 6
    entries = JournalEntry.objects.filter(object_id=live.id, act="board_deliberation.ballot_cast")
    assert {tuple(sorted(entry.payload)) for entry in entries} == {("elector", "remote")}


def test_lifting_an_objection_does_not_tell_that_there_was_one(cast: Cast) -> None:
    with_rule(cast.gamma, majority={"kind": "consent"})
    live = open_vote(cast, "named")
    live.ok(live.board[1], "cast", choice="against", reason="Le préavis")
    live.ok(live.board[1], "lift-objection")
    said = everything_said(cast, live)
    assert "préavis" not in said
    assert '"act":"board_deliberation.objection' not in said
    assert JournalEntry.objects.filter(object_id=live.id).order_by("-sequence")[0].act.endswith("ballot_revised")


def rows_that_hold(words: tuple[str, ...]) -> set[str]:
    """The tables, past states included, where some row holds one of these words."""
    found = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f"SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} t")  # noqa: S608
            if any(word in cursor.fetchone()[0] for word in words):
                found.add(table)
    return found


def test_of_a_secret_vote_no_table_holds_a_choice_and_the_urn_is_emptied(cast: Cast) -> None:
    live = open_vote(cast, "secret")
    live.cast_all(*VOTES[:5])
    # The word is in the memory of nothing: no ballot, no history, no journal, no answer kept for retries.
    # But the statutes, which have a key of that name.
    assert rows_that_hold(("blank_or_void",)) == {"governance_votingrule", "governance_votingruleevent"}
    assert not Ballot.objects.exists()
    urn = Urn.objects.get()
    assert (urn.votes_for, urn.votes_against, urn.votes_abstain, urn.votes_blank) == (3, 1, 0, 1)
    assert {field.name for field in Urn._meta.concrete_fields} == {
        "deliberation",
        "votes_for",
        "votes_against",
        "votes_abstain",
        "votes_blank",
    }
    found = live.close()
    assert (found["votes_for"], found["votes_against"], found["votes_blank"], found["ballots"]) == (3, 1, 1, [])
    assert not Urn.objects.exists()


def test_the_digest_of_a_retry_cannot_be_opened_by_trying_every_choice(cast: Cast) -> None:
    digests = []
    for choice in ("for", "against"):
        live = open_vote(cast, "secret") if not digests else live  # noqa: F821
        person = live.board[len(digests) + 1]
        live.ok(person, "cast", choice=choice, **{"Idempotency-Key": "secret-key-1"})
        digests.append(IdempotencyKey.objects.get(user=person.account, key="secret-key-1").request_hash)
    assert digests[0] == digests[1]
    # The same key is the same ballot, whatever is said the second time: it is neither told apart nor cast again.
    again = live.do(live.board[1], "cast", choice="against", **{"Idempotency-Key": "secret-key-1"})
    assert (again.status_code, again.headers["Idempotency-Replayed"]) == (200, "true")
    assert Urn.objects.get().votes_against == 1


def test_a_secret_ballot_carries_no_words(cast: Cast) -> None:
    live = open_vote(cast, "secret")
    response = live.do(live.board[1], "cast", choice="against", reason="Voici pourquoi")
    assert (response.status_code, codes(response)) == (400, {"secret_ballot_says_nothing"})
    assert not live.row.electors.filter(voted=True).exists()


def test_who_voted_last_in_a_secret_vote_is_not_betrayed_by_what_was_written_with_it(cast: Cast) -> None:
    """One row holds the four numbers: the number of the transaction that wrote it tells of none of them."""
    live = open_vote(cast, "secret")
    live.cast_all("for", "against")
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM charters_urn")
        assert cursor.fetchone()[0] == 1
    assert Urn._meta.pk is not None
    assert Urn._meta.pk.name == "deliberation"


def test_an_observer_reads_a_closed_named_vote_but_only_at_its_level(cast: Cast) -> None:
    live = open_vote(cast, "named")
    live.cast_all(*VOTES)
    live.close()
    rows: list[dict[str, Any]] = json.loads(cast.api(cast.observer).get(f"{URL}{live.id}/").content)["ballots"]
    assert {row["elector"]: row["choice"] for row in rows} == {
        str(person.pk): choice for person, choice in zip(live.board, VOTES, strict=True)
    }
    live.version.charter.confidentiality = "core"
    live.version.charter.save()
    assert cast.api(cast.observer).get(f"{URL}{live.id}/").status_code == 404
