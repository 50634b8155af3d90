"""`files`: what may be sent, to whom it is shown, how it is served, and what is left when it is refused: nothing."""

import datetime as dt
import hashlib
import uuid
from typing import Any

import pytest
from django.conf import settings
from django.db import connection, transaction
from django.db.utils import IntegrityError
from rest_framework.test import APIClient

from governance.models import JournalEntry, StoredFile
from governance.services.files import WAITING, forget_unused_files, keep
from tests.cast import Cast
from tests.clock import set_clock
from tests.files import FILES, jpeg, multipart, office, pdf, png, send, swelling
from tests.queries import assert_constant_queries
from tests.requests import codes, pointers


def nothing() -> tuple[int, int]:
    return StoredFile.objects.count(), JournalEntry.objects.count()


def test_a_file_is_kept_with_the_type_and_the_hash_of_its_bytes(cast: Cast) -> None:
    client, content = cast.api(cast.chair_alpha), pdf()
    sent = client.post(
        FILES, **multipart(("file", "Procès-verbal d’Alpha.pdf", content), ("media_type", None, b"text/html"))
    )
    assert sent.status_code == 201, sent.content
    said = sent.json()
    assert (said["name"], said["media_type"], said["size"]) == (
        "Procès-verbal d’Alpha.pdf",
        "application/pdf",
        len(content),
    )
    assert said["sha256"] == hashlib.sha256(content).hexdigest()
    assert said["abilities"] == {"destroy": True}
    assert sent["Location"].endswith(f"{FILES}{said['id']}/")
    assert client.get(f"{FILES}{said['id']}/").json() == said
    entry = JournalEntry.objects.get(act="stored_file.created")
    assert entry.payload == {"sha256": said["sha256"], "size": len(content), "media_type": "application/pdf"}


BAD: dict[str, tuple[dict[str, Any], int, str, str]] = {
    "a page that says it is a PDF": (multipart(("file", "pv.pdf", b"<html></html>")), 400, "not_a_pdf", "/file"),
    "a PDF cut in half": (multipart(("file", "pv.pdf", pdf()[:250])), 400, "not_a_pdf", "/file"),
    "a PDF that asks for a password": (multipart(("file", "pv.pdf", pdf(password="x"))), 400, "pdf_encrypted", "/file"),
    "a PDF without page": (multipart(("file", "pv.pdf", pdf(pages=0))), 400, "pdf_without_pages", "/file"),
    "a PDF called a text": (multipart(("file", "pv.txt", pdf())), 400, "name_differs_from_content", "/file"),
    "an empty file": (multipart(("file", "pv.pdf", b"")), 400, "file_empty", "/file"),
    "an archive that swells": (multipart(("file", "a.docx", swelling())), 400, "archive_too_dense", "/file"),
    "a program": (multipart(("file", "a.exe", b"MZ\x90\x00")), 400, "type_not_allowed", "/file"),
    "control characters": (multipart(("file", "a.txt", b"a\x00b")), 400, "type_not_allowed", "/file"),
    "no file": (multipart(("media_type", None, b"text/plain")), 400, "required", "/file"),
    "a field instead of a file": (multipart(("file", None, b"bonjour")), 400, "invalid", "/file"),
    "a file without a name": (multipart(("file", "", b"bonjour")), 400, "invalid", "/file"),
    "another name of field": (multipart(("document", "a.txt", b"bonjour")), 400, "unknown_field", "/document"),
    "two files": (
        multipart(("file", "a.txt", b"un"), ("file", "b.txt", b"deux")),
        400,
        "repeated_field",
        "/file",
    ),
    "a file beside the file": (
        multipart(("file", "a.txt", b"un"), ("other", "b.txt", b"deux")),
        400,
        "unknown_field",
        "/other",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_a_bad_file_gets_a_clear_problem_and_nothing_is_kept(cast: Cast, case: str) -> None:
    body, status, code, pointer = BAD[case]
    client, before = cast.api(cast.chair_alpha), nothing()
    response = client.post(FILES, **body)
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    assert (code, pointer) in {(error["code"], error["pointer"]) for error in response.json()["errors"]}
    assert nothing() == before


@pytest.mark.parametrize(
    ("content_type", "body", "status", "code"),
    [
        ("multipart/form-data", b"--x--", 400, "malformed_body"),
        ("multipart/form-data; boundary=", b"--x--", 400, "malformed_body"),
        ("multipart/form-data; boundary=x", b"bonjour", 400, "invalid_input"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.txt"\r\n'
            b"Content-Transfer-Encoding: base64\r\n\r\n!!!!!\r\n--x--",
            400,
            "malformed_body",
        ),
        ("application/json", b'{"file": "bonjour"}', 415, "unsupported_media_type"),
        ("application/pdf", pdf(), 415, "unsupported_media_type"),
        ("", b"bonjour", 415, "unsupported_media_type"),
    ],
)
def test_a_body_that_is_no_multipart_is_a_problem(
    cast: Cast, content_type: str, body: bytes, status: int, code: str
) -> None:
    client, before = cast.api(cast.chair_alpha), nothing()
    response = client.generic("POST", FILES, body, content_type=content_type)
    assert (response.status_code, response.json()["code"]) == (status, code), response.content
    assert nothing() == before


def signed_in(cast: Cast) -> tuple[APIClient, str]:
    """A browser where the chair of Alpha signed in, and its token against forgery."""
    client = APIClient(enforce_csrf_checks=True)
    client.force_login(cast.chair_alpha.account)
    client.get("/api/v1/session/")
    return client, client.cookies["csrftoken"].value


class TestAFileThatIsTooLarge:
    def test_is_refused_on_what_it_announces_before_a_byte_is_read(self, cast: Cast) -> None:
        client, before = cast.api(cast.chair_alpha), nothing()
        body = multipart(("file", "pv.pdf", b"%PDF-1.7\n"))
        response = client.generic(
            "POST", FILES, body["data"], content_type=body["content_type"], CONTENT_LENGTH=str(30 * 2**20)
        )
        assert (response.status_code, response.json()["code"]) == (413, "file_too_large")
        assert response.json()["detail"] == "Un fichier fait au plus 10 Mo."
        assert (codes(response), pointers(response)) == ({"file_too_large"}, {"/file"})
        assert nothing() == before

    def test_is_refused_when_thirty_megabytes_really_come(self, cast: Cast) -> None:
        client, before = cast.api(cast.chair_alpha), nothing()
        response = send(client, b"%PDF-1.7\n" + b"0" * 30 * 2**20)
        assert (response.status_code, codes(response)) == (413, {"file_too_large"})
        assert nothing() == before

    def test_is_refused_at_the_first_byte_over_the_limit(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        client = cast.api(cast.chair_alpha)
        monkeypatch.setattr(settings, "MAX_FILE_SIZE", 1000)
        assert send(client, b"a" * 1000, "a.txt").status_code == 201
        before = nothing()
        over = send(client, b"a" * 1001, "a.txt")
        assert (over.status_code, codes(over)) == (413, {"file_too_large"})
        together = client.post(FILES, **multipart(("file", "a.txt", b"a" * 600), ("other", "b.txt", b"a" * 600)))
        assert (together.status_code, codes(together)) == (413, {"file_too_large"})
        assert nothing() == before

    def test_is_refused_to_a_session_too_whose_token_is_looked_for_in_the_body(self, cast: Cast) -> None:
        client, token = signed_in(cast)
        before = nothing()
        response = send(client, b"%PDF-1.7\n" + b"0" * 11 * 2**20, **{"X-CSRFToken": token})
        assert (response.status_code, codes(response)) == (413, {"file_too_large"})
        assert nothing() == before

    def test_is_not_even_read_from_who_may_not_send_any(self, cast: Cast) -> None:
        for person, status in ((None, 401), (cast.stranger, 403), (cast.former_chair, 403)):
            response = send(cast.api(person), b"%PDF-1.7\n" + b"0" * 11 * 2**20)
            assert response.status_code == status, response.content

    def test_is_refused_wherever_a_multipart_body_comes(self, cast: Cast) -> None:
        response = cast.api(cast.coordinator).post(
            "/api/v1/decisions/", **multipart(("file", "pv.pdf", b"0" * 11 * 2**20))
        )
        assert response.status_code == 415


def test_a_session_sends_a_file_with_its_token_against_forgery(cast: Cast) -> None:
    client, token = signed_in(cast)
    assert send(client, pdf()).status_code == 403
    sent = send(client, pdf(), **{"X-CSRFToken": token})
    assert sent.status_code == 201, sent.content


@pytest.mark.parametrize(
    ("name", "content", "kept"),
    [
        ("../../etc/passwd", b"root", "passwd.txt"),
        ("C:\\\\Users\\\\alice\\\\pv.pdf", pdf(), "pv.pdf"),
        ("pv\x07\x1b[2J du conseil.pdf", pdf(), "pv[2J du conseil.pdf"),
        ("a" * 400 + ".png", png(), "a" * 146 + ".png"),
        ("sans extension", jpeg(), "sans extension.jpg"),
        ("outil.exe", office("xlsx"), "outil.exe.xlsx"),
    ],
)
def test_the_name_is_cleaned(cast: Cast, name: str, content: bytes, kept: str) -> None:
    sent = send(cast.api(cast.chair_alpha), content, name)
    assert (sent.status_code, sent.json()["name"]) == (201, kept)


class TestARetry:
    KEY = {"Idempotency-Key": "la-meme-cle"}

    def test_of_the_same_bytes_keeps_one_file(self, cast: Cast) -> None:
        client = cast.api(cast.chair_alpha)
        first, again = send(client, pdf(), **self.KEY), send(client, pdf(), **self.KEY)
        assert (first.status_code, again.status_code, first.json()) == (201, 201, again.json())
        assert again["Idempotency-Replayed"] == "true"
        assert StoredFile.objects.count() == 1

    def test_of_other_bytes_under_the_same_name_is_no_retry(self, cast: Cast) -> None:
        client = cast.api(cast.chair_alpha)
        assert send(client, pdf(title="Un"), **self.KEY).status_code == 201
        other = send(client, pdf(title="Deux"), **self.KEY)
        assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
        assert StoredFile.objects.count() == 1


class TestServing:
    @pytest.fixture
    def sent(self, cast: Cast) -> dict[str, Any]:
        found: dict[str, Any] = send(cast.api(cast.chair_alpha), pdf(), 'Été "24" d’Alpha.pdf').json()
        return found

    def test_a_file_comes_back_as_it_was_and_as_nothing_that_a_browser_runs(
        self, cast: Cast, sent: dict[str, Any]
    ) -> None:
        client = cast.api(cast.chair_alpha)
        served = client.get(f"{FILES}{sent['id']}/download/", headers={"Accept": "application/pdf"})
        assert (served.status_code, served.content) == (200, pdf())
        assert served["Content-Type"] == "application/pdf"
        assert served["X-Content-Type-Options"] == "nosniff"
        assert served["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert served["Cache-Control"] == "private, no-cache"
        assert served["Content-Disposition"].startswith('attachment; filename="Ete')
        assert served["Content-Disposition"].endswith("filename*=UTF-8''%C3%89t%C3%A9%20%2224%22%20d%E2%80%99Alpha.pdf")
        assert served["ETag"] == f'"{sent["sha256"]}"'

    def test_who_has_it_already_is_not_sent_it_again(self, cast: Cast, sent: dict[str, Any]) -> None:
        client, url = cast.api(cast.chair_alpha), f"{FILES}{sent['id']}/download/"
        same = client.get(url, headers={"If-None-Match": f'"{sent["sha256"]}"'})
        assert (same.status_code, same.content, same["ETag"]) == (304, b"", f'"{sent["sha256"]}"')
        assert client.get(url, headers={"If-None-Match": '"0"'}).status_code == 200

    def test_head_says_what_get_serves(self, cast: Cast, sent: dict[str, Any]) -> None:
        head = cast.api(cast.chair_alpha).head(f"{FILES}{sent['id']}/download/")
        assert (head.status_code, head.content, head["ETag"]) == (200, b"", f'"{sent["sha256"]}"')

    @pytest.mark.parametrize("who", ["coordinator", "member_alpha", "chair_beta", "foreign_chair"])
    def test_the_upload_of_another_is_answered_like_none(self, cast: Cast, sent: dict[str, Any], who: str) -> None:
        client = cast.api(cast.everyone[who])
        for suffix in ("", "download/"):
            theirs, none = client.get(f"{FILES}{sent['id']}/{suffix}"), client.get(f"{FILES}{uuid.uuid4()}/{suffix}")
            assert (theirs.status_code, none.status_code) == (404, 404)
            assert theirs["Content-Type"] == none["Content-Type"] == "application/problem+json"
            assert {**theirs.json(), "request_id": ""} == {**none.json(), "request_id": ""}
        assert client.delete(f"{FILES}{sent['id']}/").status_code == 404
        assert client.get(f"{FILES}?sha256={sent['sha256']}").json()["results"] == []
        assert StoredFile.objects.filter(pk=sent["id"]).exists()

    def test_who_lost_every_role_keeps_nothing_but_what_nobody_else_holds(
        self, cast: Cast, sent: dict[str, Any]
    ) -> None:
        cast.chair_alpha.roles.update(until=cast.today - dt.timedelta(days=1))
        client = cast.api(cast.chair_alpha)
        assert client.get(f"{FILES}{sent['id']}/").status_code == 200
        assert send(client, pdf()).status_code == 403


def test_one_gives_up_ones_own_upload(cast: Cast) -> None:
    client = cast.api(cast.chair_alpha)
    sent = send(client, pdf()).json()
    assert client.delete(f"{FILES}{sent['id']}/").status_code == 204
    assert not StoredFile.objects.exists()
    assert JournalEntry.objects.filter(act="stored_file.deleted", object_id=sent["id"]).exists()
    assert client.delete(f"{FILES}{sent['id']}/").status_code == 404


def test_so_many_uploads_may_wait_and_no_more(cast: Cast) -> None:
    client = cast.api(cast.chair_alpha)
    for number in range(WAITING):
        assert send(client, f"Note {number}".encode(), "note.txt").status_code == 201
    before = nothing()
    refused = send(client, b"De plus", "note.txt")
    assert (refused.status_code, codes(refused), pointers(refused)) == (409, {"too_many_waiting_files"}, {"/file"})
    assert nothing() == before
    assert send(cast.api(cast.chair_beta), b"De plus", "note.txt").status_code == 201


def test_what_nothing_used_is_forgotten_after_thirty_days(cast: Cast) -> None:
    stored = keep(name="pv.txt", media_type="text/plain", content=b"PV", uploaded_by_id=cast.chair_alpha.pk)
    set_clock(cast.today + dt.timedelta(days=29))
    assert forget_unused_files() == 0
    set_clock(cast.today + dt.timedelta(days=32))
    assert forget_unused_files() == 1
    assert not StoredFile.objects.filter(pk=stored.pk).exists()
    assert JournalEntry.objects.filter(act="stored_file.forgotten", object_id=str(stored.pk)).exists()
    assert forget_unused_files() == 0


class TestWhatNoProgramMayDo:
    def test_a_file_never_changes(self, cast: Cast) -> None:
        stored = keep(name="pv.txt", media_type="text/plain", content=b"PV", uploaded_by_id=cast.chair_alpha.pk)
        with pytest.raises(IntegrityError, match="stays as it was"), transaction.atomic():
            StoredFile.objects.filter(pk=stored.pk).update(name="autre.txt")
        with pytest.raises(IntegrityError, match="stays as it was"), transaction.atomic():
            StoredFile.objects.filter(pk=stored.pk).update(content=b"VP")
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            with pytest.raises(IntegrityError, match="append-only"):
                cursor.execute("TRUNCATE governance_storedfile CASCADE")

    @pytest.mark.parametrize(
        ("changes", "name"),
        [
            ({"sha256": "0" * 64}, "governance_file_is_what_it_says"),
            ({"size": 3}, "governance_file_is_what_it_says"),
            ({"content": None, "sha256": "empreinte"}, "governance_file_has_a_hash"),
            ({"content": None, "size": 0}, "governance_file_not_empty"),
        ],
    )
    def test_its_hash_and_size_are_those_of_its_bytes(self, cast: Cast, changes: dict[str, Any], name: str) -> None:
        values = {"content": b"PV", "sha256": hashlib.sha256(b"PV").hexdigest(), "size": 2} | changes
        stored = StoredFile(name="pv.txt", media_type="text/plain", **values)
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            stored.save(force_insert=True)


def test_a_list_of_files_costs_the_same_for_two_and_for_forty(cast: Cast) -> None:
    def more(count: int) -> None:
        for _index in range(count):
            keep(name="pv.txt", media_type="text/plain", content=b"PV", uploaded_by_id=cast.chair_alpha.pk)

    assert_constant_queries(cast.api(cast.chair_alpha), "/api/v1/files/", more)
