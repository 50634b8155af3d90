"""Minutes as a file: sent, tied to the vote by their hash, read by whoever may know of the vote."""

import hashlib
import json
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from charters.models import Approval, BoardDeliberation
from governance.models import JournalEntry, StoredFile
from governance.services import files
from tests.cast import Cast
from tests.charters.api.test_irregular_votes import Early
from tests.charters.factories import ADOPTED, make_charter, make_submitted, minutes, vote
from tests.charters.test_dossier import _with_charter
from tests.charters.test_dossier_annexes import exported
from tests.files import multipart, office, pdf, send
from tests.requests import act, codes, pointers

VOTES = "/api/v1/board-deliberations/"
DIGEST = hashlib.sha256(pdf()).hexdigest()


def nothing() -> tuple[int, ...]:
    return BoardDeliberation.objects.count(), Approval.objects.count(), JournalEntry.objects.count()


def recorded(cast: Cast) -> dict[str, Any]:
    """The chair of Alpha records a vote with its minutes."""
    version, client = make_submitted(cast), cast.api(cast.chair_alpha)
    upload = send(client, pdf(), "PV du 3 mars.pdf").json()["id"]
    response = act(client, VOTES, minutes(version, cast.alpha, cast.today, minutes_file=upload))
    assert response.status_code == 201, response.content
    found: dict[str, Any] = response.json()
    return found


def test_minutes_are_recorded_with_their_hash_and_read_with_the_vote(cast: Cast) -> None:
    said = recorded(cast)
    assert (said["minutes_sha256"], said["minutes_file"]["name"]) == (DIGEST, "PV du 3 mars.pdf")
    entry = JournalEntry.objects.get(act="board_deliberation.recorded")
    assert entry.payload["minutes_sha256"] == DIGEST
    served = cast.api(cast.chair_beta).get(f"{VOTES}{said['id']}/minutes/")
    assert (served.status_code, served.content, served["ETag"]) == (200, pdf(), f'"{DIGEST}"')
    assert served["Content-Type"] == "application/pdf"
    assert cast.api(cast.foreign_chair).get(f"{VOTES}{said['id']}/minutes/").status_code == 404
    wrong = cast.api(cast.chair_beta).get(f"{VOTES}{said['id']}/minutes/?of=all")
    assert (wrong.status_code, pointers(wrong)) == (400, {"?of"})


def test_the_receipt_says_the_hash_of_the_minutes(cast: Cast) -> None:
    approval = Approval.objects.get(deliberation=recorded(cast)["id"])
    receipt = cast.api(cast.chair_alpha).get(f"/api/v1/approvals/{approval.pk}/receipt/")
    assert receipt.status_code == 200, receipt.content
    assert DIGEST in receipt.content.decode()


def test_a_vote_without_a_file_has_none_to_read(cast: Cast) -> None:
    deliberation = vote(cast, make_submitted(cast), cast.alpha)
    client = cast.api(cast.chair_alpha)
    assert client.get(f"{VOTES}{deliberation.pk}/").json()["minutes_sha256"] is None
    for query in ("", "?of=regularisation"):
        response = client.get(f"{VOTES}{deliberation.pk}/minutes/{query}")
        assert (response.status_code, response.json()["code"]) == (404, "no_file")


@pytest.mark.parametrize(
    ("what", "code"), [("theirs", "does_not_exist"), ("none", "does_not_exist"), ("a document", "not_a_pdf")]
)
def test_bad_minutes_change_nothing(cast: Cast, what: str, code: str) -> None:
    version, client = make_submitted(cast), cast.api(cast.chair_alpha)
    named = {
        "theirs": send(cast.api(cast.chair_beta), pdf()).json()["id"],
        "none": "01890000-0000-7000-8000-000000000000",
        "a document": send(client, office("docx"), "pv.docx").json()["id"],
    }[what]
    before = nothing()
    response = act(client, VOTES, minutes(version, cast.alpha, cast.today, minutes_file=named))
    assert (response.status_code, codes(response), pointers(response)) == (400, {code}, {"/minutes_file"})
    assert nothing() == before


def test_a_confidential_charter_keeps_the_minutes_of_its_votes_to_its_circle(cast: Cast) -> None:
    version = make_submitted(cast, charter=make_charter(cast, confidentiality="core"))
    stored = files.keep(name="pv.pdf", media_type="application/pdf", content=pdf())
    deliberation = vote(cast, version, cast.alpha, minutes_file=stored)
    url = f"{VOTES}{deliberation.pk}/minutes/"
    assert cast.api(cast.chair_beta).get(url).status_code == 200
    assert cast.api(cast.chair_gamma).get(url).status_code == 404


def test_minutes_that_a_vote_holds_stay(cast: Cast) -> None:
    said = recorded(cast)
    stored = StoredFile.objects.get(sha256=DIGEST)
    client = cast.api(cast.chair_alpha)
    held = client.delete(f"/api/v1/files/{stored.pk}/")
    assert (held.status_code, codes(held)) == (409, {"file_in_use"})
    with pytest.raises(IntegrityError), transaction.atomic():
        BoardDeliberation.objects.filter(pk=said["id"]).update(minutes_file=None)
    again = client.post(f"{VOTES}{said['id']}/restore-minutes/", **multipart(("file", "pv.pdf", pdf())))
    assert (again.status_code, codes(again)) == (409, {"file_not_missing"})


def test_minutes_of_a_dossier_come_back_whole_or_by_their_hash(cast: Cast) -> None:
    document = _with_charter()
    document["files"] = [
        {"ref": "pv", "name": "pv.pdf", "media_type": "application/pdf", "size": len(pdf()), "sha256": DIGEST}
    ]
    document["board_deliberations"][0]["minutes_file"] = "pv"
    text = exported(document)
    assert json.loads(text)["board_deliberations"][0]["minutes_file"] == json.loads(text)["files"][0]["ref"]
    assert exported(json.loads(text)) == text


def test_missing_minutes_come_back_as_the_very_same_bytes(cast: Cast) -> None:
    missing = StoredFile.objects.create(name="pv.pdf", media_type="application/pdf", size=len(pdf()), sha256=DIGEST)
    deliberation = vote(cast, make_submitted(cast), cast.alpha, minutes_file=missing)
    url = f"{VOTES}{deliberation.pk}/"
    client = cast.api(cast.chair_alpha)
    assert client.get(f"{url}minutes/").json()["code"] == "file_missing"
    other = client.post(f"{url}restore-minutes/", **multipart(("file", "pv.pdf", pdf(title="Autre"))))
    assert (other.status_code, codes(other)) == (400, {"other_bytes"})
    for person in (cast.observer, cast.chair_beta):
        refused = cast.api(person).post(f"{url}restore-minutes/", **multipart(("file", "pv.pdf", pdf())))
        assert refused.status_code == 403
    assert client.post(f"{url}restore-minutes/", **multipart(("file", "pv.pdf", pdf()))).status_code == 200
    assert client.get(f"{url}minutes/").content == pdf()
    assert JournalEntry.objects.filter(act="board_deliberation.minutes_restored").count() == 1


def test_the_minutes_of_a_regularisation_are_read_apart(cast: Cast) -> None:
    early = Early(cast)
    upload = send(early.client, pdf(title="Ratifiée")).json()
    wrong = send(early.client, office("odt"), "pv.odt").json()
    day = early.consulted()
    refused = early.regularise(day, minutes_file=wrong["id"])
    assert (refused.status_code, codes(refused), pointers(refused)) == (400, {"not_a_pdf"}, {"/minutes_file"})
    said = early.regularise(day, minutes_file=upload["id"]).json()
    assert said["regularisation"]["minutes_file"]["sha256"] == upload["sha256"]
    assert JournalEntry.objects.get(act="board_deliberation.regularised").payload["minutes_sha256"] == upload["sha256"]
    assert early.client.get(f"{VOTES}{early.id}/minutes/").json()["code"] == "no_file"
    served = early.client.get(f"{VOTES}{early.id}/minutes/?of=regularisation")
    assert served.content == pdf(title="Ratifiée")


def test_a_vote_to_be_held_here_has_no_minutes_yet(cast: Cast) -> None:
    version, client = make_submitted(cast), cast.api(cast.chair_alpha)
    body = {
        "charter_version": str(version.pk),
        "board": str(cast.alpha.boards.get().pk),
        "content_hash": version.content_hash,
        "held_on": cast.today.isoformat(),
        "mode": "live",
        "ballot": "named",
    }
    upload = send(client, pdf()).json()["id"]
    refused = act(client, VOTES, {**body, "minutes_file": upload})
    assert (refused.status_code, codes(refused), pointers(refused)) == (400, {"not_applicable"}, {"/minutes_file"})
    convened = act(client, VOTES, body)
    assert convened.status_code == 201, convened.content
    figures = {"minutes_reference": "PV", **ADOPTED, "minutes_file": upload}
    done = act(client, f"{VOTES}{convened.json()['id']}/record/", figures)
    assert (done.status_code, done.json()["minutes_sha256"]) == (200, DIGEST), done.content


def test_a_vote_held_here_may_be_given_its_minutes_when_it_closes(cast: Cast) -> None:
    version, client = make_submitted(cast), cast.api(cast.chair_alpha)
    body = minutes(version, cast.alpha, cast.today)
    asked = {name: body[name] for name in ("charter_version", "board", "content_hash", "held_on")}
    url = f"{VOTES}{act(client, VOTES, {**asked, 'mode': 'live', 'ballot': 'named'}).json()['id']}/"
    assert act(client, f"{url}open/").status_code == 200
    upload = send(client, pdf()).json()["id"]
    closed = act(client, f"{url}close/", {"minutes_reference": "PV", "minutes_file": upload})
    assert (closed.status_code, closed.json()["minutes_sha256"]) == (200, DIGEST), closed.content
