"""Minutes that cannot stand: each gets a problem that says what and where, and nothing at all has changed."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from psycopg import sql

from charters import services
from charters.models import CharterVersion
from governance.models import JournalEntry
from tests.cast import Cast
from tests.charters.factories import NO_QUORUM, actor_of, make_in_force, make_submitted, minutes, vote
from tests.files import FILES, multipart, office, pdf, png, send
from tests.requests import act, codes, pointers

URL = "/api/v1/board-deliberations/"
HUGE = 10**30


def everything() -> dict[str, Any]:
    """How many rows each table of the database holds, histories included, and the lines of the journal."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        each = sql.SQL(" UNION ALL ").join(
            sql.SQL("SELECT {}, count(*) FROM {}").format(sql.Literal(name), sql.Identifier(name)) for name in tables
        )
        cursor.execute(each)
        counted = dict(cursor.fetchall())
    return {**counted, "journal": list(JournalEntry.objects.order_by("pk").values_list("pk", "hash"))}


# What the chair of Alpha sends (nine seats, six present, five for and one against, two proxies at most for each
# holder) but for this; the status, the codes, the pointers.
Case = tuple[dict[str, Any], int, set[str], set[str]]
FIGURES: dict[str, Case] = {
    "a voter who says nothing": ({"present": 7}, 400, {"votes_missing"}, {"/votes_abstain"}),
    "more votes than voters": ({"votes_for": 6}, 400, {"more_votes_than_voters"}, {"/votes_for"}),
    "more voters than seats": ({"present": 12, "votes_for": 11}, 400, {"more_members_than_in_office"}, {"/present"}),
    "more with the represented": (
        {"represented": 4, "votes_for": 9},
        400,
        {"more_members_than_in_office"},
        {"/present"},
    ),
    "a negative count": ({"votes_against": -1, "votes_for": 7}, 400, {"min_value"}, {"/votes_against"}),
    "a huge count": ({"votes_for": HUGE}, 400, {"max_value"}, {"/votes_for"}),
    "half a vote": ({"votes_for": 5.5}, 400, {"invalid"}, {"/votes_for"}),
    "true votes": ({"votes_for": True}, 400, {"invalid"}, {"/votes_for"}),
    "no count": ({"present": None}, 400, {"null"}, {"/present"}),
    "a list of counts": ({"present": [6]}, 400, {"invalid"}, {"/present"}),
    "a third proxy": (
        {"present": 5, "represented": 3, "votes_for": 7, "proxies_by_holder": [3]},
        400,
        {"proxy_limit_exceeded"},
        {"/proxies_by_holder/0"},
    ),
    "a third proxy whose holder is not said": (
        {"present": 1, "represented": 3, "votes_for": 3},
        400,
        {"proxy_limit_exceeded"},
        {"/represented"},
    ),
    "proxies that do not add up": (
        {"present": 5, "represented": 3, "votes_for": 7, "proxies_by_holder": [1, 1]},
        400,
        {"proxies_do_not_add_up"},
        {"/proxies_by_holder"},
    ),
    "a negative proxy": (
        {"present": 5, "represented": 1, "proxies_by_holder": [2, -1]},
        400,
        {"min_value"},
        {"/proxies_by_holder/1"},
    ),
    "a proxy that was not written": (
        {"present": 5, "represented": 1, "proxies_written": False},
        400,
        {"proxy_not_written"},
        {"/proxies_written"},
    ),
    "more recused than present": ({"recused": 7}, 400, {"more_recused_than_present", "more_votes_than_voters"}, set()),
    "somebody at a distance": ({"remote": 1}, 400, {"remote_not_allowed"}, {"/remote"}),
    "another result than the figures": (
        {"declared_result": "rejected"},
        400,
        {"outcome_mismatch"},
        {"/declared_result"},
    ),
    "a result that is typed": ({"result": "adopted"}, 400, {"unknown_field"}, {"/result"}),
    "a vote that does not exist": ({"casting_vote": "maybe"}, 400, {"invalid_choice"}, {"/casting_vote"}),
    "a third call": ({"call": 3}, 400, {"max_value"}, {"/call"}),
    "a second call without first": ({"call": 2}, 400, {"first_call_missing"}, {"/first_call_on"}),
    "no reference": ({"minutes_reference": "  "}, 400, {"blank"}, {"/minutes_reference"}),
    "a reference without end": ({"minutes_reference": "x" * 10_000}, 400, {"max_length"}, {"/minutes_reference"}),
    "a day that does not exist": ({"held_on": "2026-02-30"}, 400, {"invalid"}, {"/held_on"}),
    "an instant for a day": ({"held_on": "2026-11-22T10:00:00Z"}, 400, {"invalid"}, {"/held_on"}),
    "an unknown hash": ({"content_hash": "0" * 64}, 409, {"hash_mismatch"}, {"/content_hash"}),
    "a short hash": ({"content_hash": "0" * 63}, 400, {"invalid"}, {"/content_hash"}),
    "an unknown version": (
        {"charter_version": "01890000-0000-7000-8000-000000000000"},
        400,
        {"does_not_exist"},
        {"/charter_version"},
    ),
    "a file that is not one": ({"minutes_file": "PV.pdf"}, 400, {"invalid"}, {"/minutes_file"}),
    "an unknown file": (
        {"minutes_file": "01890000-0000-7000-8000-000000000000"},
        400,
        {"does_not_exist"},
        {"/minutes_file"},
    ),
}


def refused(
    cast: Cast, body: Any, status: int, expected: set[str], where: set[str], *, who: Any = None, **headers: str
) -> None:
    client = cast.api(who or cast.chair_alpha)
    before = everything()
    response = act(client, URL, body, **headers)
    assert (response.status_code, codes(response)) == (status, expected), response.content.decode()
    assert response["Content-Type"] == "application/problem+json"
    if where:
        assert pointers(response) == where
    assert all(error["detail"] for error in response.json().get("errors", ()))
    assert everything() == before


@pytest.mark.parametrize("case", FIGURES)
def test_bad_minutes_are_refused_and_change_nothing(cast: Cast, case: str) -> None:
    changes, status, expected, where = FIGURES[case]
    version = make_submitted(cast)
    refused(cast, minutes(version, cast.alpha, cast.today, **changes), status, expected, where)


def test_the_hash_is_that_of_this_version_letter_for_letter(cast: Cast) -> None:
    former = make_in_force(cast)
    draft = services.charter_version_amend(pk=former.pk, actor=actor_of(cast.coordinator))
    services.article_update(
        pk=draft.articles.order_by("position")[0].pk,
        actor=actor_of(cast.coordinator),
        expected_version=None,
        changes={"body": "Nous voulons autre chose."},
    )
    version = services.charter_version_submit(pk=draft.pk, actor=actor_of(cast.coordinator))
    assert former.content_hash != version.content_hash
    body = minutes(version, cast.alpha, cast.today)
    refused(cast, body | {"content_hash": former.content_hash}, 409, {"hash_mismatch"}, {"/content_hash"})
    for spelt in (version.content_hash.upper(), f"{version.content_hash}0", f"0x{version.content_hash[2:]}"):
        refused(cast, body | {"content_hash": spelt}, 400, {"invalid"}, {"/content_hash"})


def test_the_day_is_after_the_submission_and_not_to_come(cast: Cast) -> None:
    version = make_submitted(cast)
    tomorrow, yesterday = cast.today + dt.timedelta(days=1), cast.today - dt.timedelta(days=1)
    refused(cast, minutes(version, cast.alpha, tomorrow), 400, {"in_the_future"}, {"/held_on"})
    refused(cast, minutes(version, cast.alpha, yesterday), 409, {"voted_before_submission"}, {"/held_on"})


class TestFiles:
    def test_a_file_that_is_not_one_s_own_or_not_a_pdf_is_no_minutes(self, cast: Cast) -> None:
        version = make_submitted(cast)
        theirs = send(cast.api(cast.chair_beta), pdf()).json()["id"]
        document = send(cast.api(cast.chair_alpha), office("docx"), "pv.docx").json()["id"]
        image = send(cast.api(cast.chair_alpha), png(), "pv.png").json()["id"]
        body = minutes(version, cast.alpha, cast.today)
        refused(cast, body | {"minutes_file": theirs}, 400, {"does_not_exist"}, {"/minutes_file"})
        for upload in (document, image):
            refused(cast, body | {"minutes_file": upload}, 400, {"not_a_pdf"}, {"/minutes_file"})

    @pytest.mark.parametrize(
        ("content", "status", "code"),
        [
            (b"<html>PV</html>", 400, "not_a_pdf"),
            (b"%PDF-1.7\n", 400, "not_a_pdf"),
            (pdf()[: len(pdf()) // 2], 400, "not_a_pdf"),
            (b"", 400, "file_empty"),
            (pdf(password="x"), 400, "pdf_encrypted"),
            (pdf() + b"\n" * (30 * 2**20), 413, ""),
        ],
        ids=["not a PDF", "a header alone", "cut in half", "empty", "locked", "thirty megabytes"],
    )
    def test_a_file_that_cannot_be_minutes_is_not_even_kept(
        self, cast: Cast, content: bytes, status: int, code: str
    ) -> None:
        client = cast.api(cast.chair_alpha)
        before = everything()
        response = client.post(FILES, **multipart(("file", "pv.pdf", content)))
        assert response.status_code == status, response.content.decode()[:500]
        assert response["Content-Type"] == "application/problem+json"
        if code:
            assert (codes(response), pointers(response)) == ({code}, {"/file"})
        assert everything() == before


class TestSomebodyElse:
    def test_the_board_is_one_s_own(self, cast: Cast) -> None:
        version = make_submitted(cast)
        refused(cast, minutes(version, cast.beta, cast.today), 403, set(), set())
        # A former chair and a chair of another cooperation may not even know of the text.
        for who in (cast.former_chair, cast.foreign_chair):
            body = minutes(version, cast.alpha, cast.today)
            refused(cast, body, 400, {"does_not_exist"}, {"/charter_version", "/board"}, who=who)

    def test_a_second_call_follows_a_first_of_the_same_board_on_the_same_text(self, cast: Cast) -> None:
        version = make_submitted(cast)
        of_beta = vote(cast, version, cast.beta, NO_QUORUM)
        body = minutes(version, cast.alpha, cast.today, follows=str(of_beta.pk))
        refused(cast, body, 409, {"follows_another_vote"}, {"/follows"})
        own = vote(cast, version, cast.alpha, NO_QUORUM)
        body = minutes(version, cast.alpha, cast.today, follows=str(own.pk))
        refused(cast, body, 400, {"second_call_too_early"}, {"/held_on"})
        refused(cast, body | {"call": 1}, 400, {"differs_from_followed"}, {"/call"})


class TestRetries:
    def test_a_key_serves_one_body_and_one_act(self, cast: Cast) -> None:
        version = make_submitted(cast)
        key = {"Idempotency-Key": "cle-du-conseil"}
        body = minutes(version, cast.alpha, cast.today)
        first = act(cast.api(cast.chair_alpha), URL, body, **key)
        assert first.status_code == 201
        refused(cast, body | {"votes_for": 4, "votes_against": 2}, 422, set(), set(), **key)
        before = everything()
        other = act(cast.api(cast.chair_alpha), f"{URL}{first.json()['id']}/cancel/", {"reason": "x"}, **key)
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
        again = act(cast.api(cast.chair_alpha), URL, body, **key)
        assert (again.status_code, again.json()["id"]) == (201, first.json()["id"])
        assert everything() == before

    def test_a_refusal_is_not_remembered_and_another_s_key_is_another_key(self, cast: Cast) -> None:
        version = make_submitted(cast)
        key = {"Idempotency-Key": "cle-du-conseil"}
        refused(cast, minutes(version, cast.alpha, cast.today, present=7), 400, {"votes_missing"}, set(), **key)
        done = act(cast.api(cast.chair_alpha), URL, minutes(version, cast.alpha, cast.today), **key)
        theirs = act(cast.api(cast.chair_beta), URL, minutes(version, cast.beta, cast.today), **key)
        assert (done.status_code, theirs.status_code) == (201, 201)
        assert done.json()["id"] != theirs.json()["id"]

    @pytest.mark.parametrize("key", ["court", "une clé avec des espaces", "x" * 256])
    def test_a_key_that_is_not_one_is_refused(self, cast: Cast, key: str) -> None:
        body = minutes(make_submitted(cast), cast.alpha, cast.today)
        refused(cast, body, 400, {"invalid"}, {"Idempotency-Key"}, **{"Idempotency-Key": key})


def _withdrawn(cast: Cast, version: CharterVersion) -> None:
    services.charter_version_withdraw(pk=version.pk, actor=actor_of(cast.coordinator), reason="Faute")


def test_a_withdrawn_text_is_voted_no_more(cast: Cast) -> None:
    version = make_submitted(cast)
    vote(cast, version, cast.beta)
    _withdrawn(cast, version)
    refused(cast, minutes(version, cast.alpha, cast.today), 409, {"wrong_state"}, set())


@pytest.mark.parametrize("body", [[], "PV", [{}]])
def test_a_body_that_is_no_object_is_refused(cast: Cast, body: Any) -> None:
    client = cast.api(cast.chair_alpha)
    before = everything()
    response = client.post(URL, body, format="json", headers={"Idempotency-Key": "cle-du-conseil"})
    assert response.status_code == 400, response.content
    assert everything() == before


def test_a_null_byte_is_refused_wherever_it_is(cast: Cast) -> None:
    body = minutes(make_submitted(cast), cast.alpha, cast.today, minutes_reference="PV\x00")
    client = cast.api(cast.chair_alpha)
    before = everything()
    response = act(client, URL, body)
    assert (response.status_code, response.json()["code"]) == (400, "malformed_body")
    assert everything() == before


def test_a_first_call_is_not_held_on_a_text_that_was_not_frozen(cast: Cast) -> None:
    """Else a second call, which the statutes may spare any quorum, would only need an old date."""
    version = make_submitted(cast)
    old = (cast.today - dt.timedelta(days=30)).isoformat()
    body = minutes(version, cast.alpha, cast.today, call=2, first_call_on=old, **NO_QUORUM)
    refused(cast, body, 409, {"first_call_too_early"}, {"/first_call_on"})
    live = {
        name: body[name] for name in ("charter_version", "board", "content_hash", "held_on", "call", "first_call_on")
    }
    refused(cast, live | {"mode": "live", "ballot": "named"}, 409, {"first_call_too_early"}, {"/first_call_on"})
