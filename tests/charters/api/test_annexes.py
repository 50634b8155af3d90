"""`annexes`: written while the text is a draft, frozen by their hash, read by those who may."""

import datetime as dt
import hashlib
import json
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from charters import services
from charters.models import CharterAnnex, CharterVersion
from charters.selectors import changed_annex_keys
from governance.models import JournalEntry, StoredFile
from tests.cast import Cast
from tests.charters.factories import (
    actor_of,
    make_annex,
    make_charter,
    make_draft,
    vote,
)
from tests.files import multipart, pdf, send
from tests.queries import assert_constant_queries
from tests.requests import act, codes, pointers

ANNEXES = "/api/v1/annexes/"
VERSIONS = "/api/v1/charter-versions/"
NOW = {"If-Match": "*"}
TABLE = b"Membre;Part\nAlpha;60\nGamma;40\n"


def everything() -> tuple[Any, ...]:
    """What a refusal must leave as it was."""
    return (
        list(CharterAnnex.objects.order_by("pk").values()),
        list(CharterAnnex.concerns.through.objects.order_by("pk").values()),
        list(CharterVersion.objects.order_by("pk").values_list("pk", "version", "content_hash")),
        StoredFile.objects.count(),
        JournalEntry.objects.count(),
    )


def frozen(cast: Cast, content: bytes = TABLE, **fields: Any) -> CharterVersion:
    """A submitted version with one annex, a file."""
    draft = make_draft(cast)
    make_annex(cast, draft, content=content, **fields)
    return services.charter_version_submit(pk=draft.pk, actor=actor_of(cast.coordinator))


def test_a_file_is_sent_attached_frozen_and_read_through_its_annex(cast: Cast) -> None:
    client, draft = cast.api(cast.facilitator), make_draft(cast)
    upload = send(client, pdf(), "Clé de répartition.pdf").json()
    body = {
        "charter_version": str(draft.pk),
        "title": "Clé de répartition",
        "file": upload["id"],
        "confidentiality": "core",
        "concerns": [str(cast.alpha.pk)],
    }
    created = act(client, ANNEXES, body)
    assert created.status_code == 201, created.content
    said = created.json()
    assert said["file"] == {
        "name": "Clé de répartition.pdf",
        "media_type": "application/pdf",
        "size": len(pdf()),
        "sha256": upload["sha256"],
        "is_missing": False,
    }
    assert (said["sha256"], said["position"], said["concerns"]) == (upload["sha256"], 1, [str(cast.alpha.pk)])
    assert client.get(f"/api/v1/files/{upload['id']}/download/").status_code == 404
    held = client.delete(f"/api/v1/files/{upload['id']}/")
    assert (held.status_code, codes(held)) == (409, {"file_in_use"})
    served = cast.api(cast.chair_alpha).get(f"{ANNEXES}{said['id']}/file/")
    assert (served.status_code, served.content, served["ETag"]) == (200, pdf(), f'"{upload["sha256"]}"')
    assert served["Content-Disposition"].startswith("attachment;")
    version = services.charter_version_submit(pk=draft.pk, actor=actor_of(cast.coordinator))
    assert json.loads(version.content)["annexes"] == [
        {
            "key": said["key"],
            "title": "Clé de répartition",
            "sha256": upload["sha256"],
            "concerns": [str(cast.alpha.pk)],
        }
    ]


class TestWhoMayReadIt:
    def test_a_confidential_annex_is_in_no_answer_to_who_may_not_but_its_hash_is_approved_by_all(
        self, cast: Cast
    ) -> None:
        draft = make_draft(cast)
        secret = make_annex(cast, draft, content=TABLE, confidentiality="core")
        text = make_annex(cast, draft, title="Lexique", body="Un mot.")
        version = services.charter_version_submit(pk=draft.pk, actor=actor_of(cast.coordinator))
        core, partner = cast.api(cast.chair_alpha), cast.api(cast.chair_gamma)
        for client, known in ((core, [secret, text]), (partner, [text])):
            expected = [str(annex.pk) for annex in known]
            nested = client.get(f"{VERSIONS}{version.pk}/").json()["annexes"]
            listed = client.get(f"{ANNEXES}?charter_version={version.pk}&count=exact").json()
            changes = client.get(f"{VERSIONS}{version.pk}/diff/").json()["annexes"]
            assert [annex["id"] for annex in nested] == expected
            assert [annex["id"] for annex in listed["results"]] == expected
            assert listed["count"] == len(expected)
            assert [change["key"] for change in changes] == [annex.key for annex in known]
        for suffix in ("", "file/"):
            assert partner.get(f"{ANNEXES}{secret.pk}/{suffix}").status_code == 404
        told = [row["object_id"] for row in partner.get("/api/v1/journal/?page_size=200").json()["results"]]
        assert str(secret.pk) not in told
        # What all the boards approve: its title and its hash.
        content = json.loads(partner.get(f"{VERSIONS}{version.pk}/content/").json()["content"])
        assert content["annexes"][0]["sha256"] == hashlib.sha256(TABLE).hexdigest()
        vote(cast, version, cast.gamma)

    def test_a_charter_that_is_closed_closes_its_annexes_too(self, cast: Cast) -> None:
        charter = make_charter(cast)
        annex = make_annex(cast, make_draft(cast, charter=charter), content=TABLE)
        client = cast.api(cast.chair_gamma)
        assert client.get(f"{ANNEXES}{annex.pk}/file/").status_code == 200
        services.charter_update(
            pk=charter.pk,
            actor=actor_of(cast.coordinator),
            expected_version=None,
            changes={"confidentiality": "core"},
        )
        assert client.get(f"{ANNEXES}{annex.pk}/file/").status_code == 404
        assert client.get(ANNEXES).json()["results"] == []

    @pytest.mark.parametrize("who", ["former_chair", "yesterday_chair_alpha", "foreign_coordinator", "stranger"])
    def test_who_may_not_know_of_the_charter_knows_of_none(self, cast: Cast, who: str) -> None:
        annex = make_annex(cast, make_draft(cast), content=TABLE)
        client = cast.api(cast.everyone[who])
        assert client.get(f"{ANNEXES}{annex.pk}/file/").status_code == 404
        assert client.get(ANNEXES).json()["results"] == []

    def test_the_sender_of_a_file_who_lost_every_role_reads_it_nowhere(self, cast: Cast) -> None:
        upload = send(cast.api(cast.facilitator), pdf()).json()
        annex = make_annex(cast, make_draft(cast), body="", file=StoredFile.objects.get(pk=upload["id"]))
        cast.facilitator.roles.update(until=cast.today - dt.timedelta(days=1))
        client = cast.api(cast.facilitator)
        assert client.get(f"{ANNEXES}{annex.pk}/file/").status_code == 404
        assert client.get(f"/api/v1/files/{upload['id']}/download/").status_code == 404


BAD: dict[str, tuple[dict[str, Any], str, str]] = {
    "a text and a file": ({"body": "Un mot.", "file": "mine"}, "text_or_file", "/file"),
    "the file of another": ({"body": "", "file": "theirs"}, "does_not_exist", "/file"),
    "a file that is not there": ({"body": "", "file": "none"}, "does_not_exist", "/file"),
    "more open than its charter": ({"confidentiality": "public"}, "lower_than_charter", "/confidentiality"),
    "for one organisation only": ({"confidentiality": "restricted"}, "restricted_to_one", "/confidentiality"),
    "of an organisation that left": ({"concerns": ["omega"]}, "not_a_member", "/concerns/0"),
    "of an organisation of elsewhere": ({"concerns": ["alpha", "zeta"]}, "does_not_exist", "/concerns"),
    "without a title": ({"title": " "}, "blank", "/title"),
}


@pytest.mark.parametrize("case", BAD)
def test_an_annex_that_cannot_be_is_refused(cast: Cast, case: str) -> None:
    changes, code, pointer = BAD[case]
    client, draft = cast.api(cast.coordinator), make_draft(cast)
    files = {
        "mine": send(client, pdf()).json()["id"],
        "theirs": send(cast.api(cast.facilitator), pdf()).json()["id"],
        "none": "01890000-0000-7000-8000-000000000000",
    }
    given = {"charter_version": str(draft.pk), "title": "Clé", "body": "Un mot.", **changes}
    given["file"] = files.get(given.get("file", ""))
    given["concerns"] = [str(getattr(cast, name).pk) for name in given.get("concerns", ())]
    annex = make_annex(cast, draft)
    before = everything()
    created = act(client, ANNEXES, given)
    given.pop("charter_version")
    changed = client.patch(f"{ANNEXES}{annex.pk}/", given, format="json", headers=NOW)
    for response in (created, changed):
        assert response.status_code == 400, response.content
        assert (code, pointer) in {(error["code"], error["pointer"]) for error in response.json()["errors"]}
    assert everything() == before


def test_annexes_are_changed_moved_and_removed_in_their_order(cast: Cast) -> None:
    draft = make_draft(cast)
    first, second, third = (make_annex(cast, draft, title=f"Annexe {number}") for number in (1, 2, 3))
    client = cast.api(cast.facilitator)
    moved = client.patch(f"{ANNEXES}{third.pk}/", {"position": 1}, format="json", headers=NOW)
    assert (moved.status_code, moved.json()["position"]) == (200, 1)
    changed = client.patch(
        f"{ANNEXES}{second.pk}/", {"body": "Autre.", "concerns": [str(cast.beta.pk)]}, format="json", headers=NOW
    )
    assert (changed.json()["body"], changed.json()["concerns"]) == ("Autre.", [str(cast.beta.pk)])
    assert client.delete(f"{ANNEXES}{first.pk}/", headers=NOW).status_code == 204
    assert list(draft.annexes.values_list("position", "title")) == [(1, "Annexe 3"), (2, "Annexe 2")]
    upload = send(client, pdf()).json()["id"]
    replaced = client.patch(f"{ANNEXES}{second.pk}/", {"body": "", "file": upload}, format="json", headers=NOW)
    assert replaced.json()["sha256"] == hashlib.sha256(pdf()).hexdigest()
    back = client.patch(f"{ANNEXES}{second.pk}/", {"body": "Un mot.", "file": None}, format="json", headers=NOW)
    assert (back.json()["file"], client.delete(f"/api/v1/files/{upload}/").status_code) == (None, 204)


def test_an_annex_is_written_on_what_was_read_and_what_is_submitted_was_read(cast: Cast) -> None:
    draft = make_draft(cast)
    annex = make_annex(cast, draft)
    client = cast.api(cast.coordinator)
    read = client.get(f"{VERSIONS}{draft.pk}/")["ETag"]
    url = f"{ANNEXES}{annex.pk}/"
    assert client.patch(url, {"title": "x"}, format="json").status_code == 428
    assert client.delete(url).status_code == 428
    own = client.get(url)["ETag"]
    assert client.patch(url, {"title": "Autre"}, format="json", headers={"If-Match": own}).status_code == 200
    assert client.patch(url, {"title": "Encore"}, format="json", headers={"If-Match": own}).status_code == 412
    assert act(client, f"{VERSIONS}{draft.pk}/submit/", **{"If-Match": read}).status_code == 412


class TestOnceSubmitted:
    def test_nothing_of_it_changes(self, cast: Cast) -> None:
        version = frozen(cast)
        annex = version.annexes.get()
        client = cast.api(cast.coordinator)
        before = everything()
        attempts = [
            client.patch(f"{ANNEXES}{annex.pk}/", {"title": "Autre"}, format="json", headers=NOW),
            client.patch(f"{ANNEXES}{annex.pk}/", {"confidentiality": "board"}, format="json", headers=NOW),
            client.patch(f"{ANNEXES}{annex.pk}/", {"concerns": [str(cast.beta.pk)]}, format="json", headers=NOW),
            client.delete(f"{ANNEXES}{annex.pk}/", headers=NOW),
            act(client, ANNEXES, {"charter_version": str(version.pk), "title": "De plus", "body": "."}),
        ]
        assert [(response.status_code, codes(response)) for response in attempts] == [(409, {"text_is_frozen"})] * 5
        assert everything() == before

    def test_not_even_in_the_database(self, cast: Cast) -> None:
        version = frozen(cast, concerns=[cast.alpha])
        annex = version.annexes.get()
        through = CharterAnnex.concerns.through.objects
        rest = {"cooperation": cast.cooperation, "charter_version": version, "position": 2, "title": "x", "body": "."}
        for attempt in (
            lambda: CharterAnnex.objects.filter(pk=annex.pk).update(title="Autre"),
            lambda: CharterAnnex.objects.filter(pk=annex.pk).update(file=None),
            lambda: CharterAnnex.objects.filter(pk=annex.pk)._raw_delete("default"),
            lambda: CharterAnnex.objects.create(**rest),
            lambda: through.create(charterannex_id=annex.pk, organisation_id=cast.beta.pk),
            lambda: through.update(organisation_id=cast.beta.pk),
            lambda: through.all()._raw_delete("default"),
        ):
            with pytest.raises(IntegrityError, match="charters_submitted_text_is_frozen"), transaction.atomic():
                attempt()
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            with pytest.raises(IntegrityError, match="append-only"):
                cursor.execute("TRUNCATE charters_charterannex CASCADE")

    def test_one_byte_more_or_another_organisation_is_another_hash(self, cast: Cast) -> None:
        charter = make_charter(cast)
        hashes = set()
        for content, concerns in ((TABLE, []), (TABLE + b"\n", []), (TABLE, [cast.alpha])):
            draft = make_draft(cast, charter=charter) if not hashes else self._next(cast, charter.pk)
            draft.annexes.all()._raw_delete("default")
            make_annex(cast, draft, key="cle", content=content, concerns=concerns)
            version = services.charter_version_submit(pk=draft.pk, actor=actor_of(cast.coordinator))
            annexes = json.dumps(json.loads(version.content)["annexes"])
            hashes.add(annexes)
            services.charter_version_withdraw(pk=version.pk, actor=actor_of(cast.coordinator), reason="Essai")
        assert len(hashes) == 3

    def _next(self, cast: Cast, charter_id: Any) -> CharterVersion:
        last = CharterVersion.objects.filter(charter_id=charter_id).order_by("-number")[0]
        draft = services.charter_version_amend(pk=last.pk, actor=actor_of(cast.coordinator))
        CharterAnnex.concerns.through.objects.filter(charterannex__charter_version=draft).delete()
        return draft

    def test_an_empty_annex_is_not_put_to_the_boards(self, cast: Cast) -> None:
        draft = make_draft(cast)
        make_annex(cast, draft, body="")
        refused = act(cast.api(cast.coordinator), f"{VERSIONS}{draft.pk}/submit/")
        assert (refused.status_code, codes(refused), pointers(refused)) == (409, {"annex_empty"}, {"/annexes/0"})


class TestAnAmendment:
    @pytest.fixture
    def former(self, cast: Cast) -> CharterVersion:
        draft = make_draft(cast)
        make_annex(cast, draft, key="cle", content=TABLE, confidentiality="core", concerns=[cast.alpha, cast.gamma])
        make_annex(cast, draft, key="lexique", title="Lexique", body="Un mot pour un autre.")
        version = services.charter_version_submit(pk=draft.pk, actor=actor_of(cast.coordinator))
        for organisation in (cast.alpha, cast.beta, cast.gamma):
            vote(cast, version, organisation)
        version.refresh_from_db()
        return version

    def amend(self, cast: Cast, former: CharterVersion, kind: str) -> CharterVersion:
        return services.charter_version_amend(
            pk=former.pk, actor=actor_of(cast.coordinator), amendment_type=kind, change_summary="Annexes"
        )

    def test_begins_with_the_same_annexes_under_the_same_keys(self, cast: Cast, former: CharterVersion) -> None:
        draft = self.amend(cast, former, "annex_only")
        names = ("key", "position", "title", "body", "file", "confidentiality")
        assert list(draft.annexes.values_list(*names)) == list(former.annexes.values_list(*names))
        assert set(draft.annexes.get(key="cle").concerns.all()) == {cast.alpha, cast.gamma}
        assert changed_annex_keys(former, draft) == ()
        files = StoredFile.objects.unused()
        assert not files.exists()

    def test_of_annexes_only_may_change_them_and_nothing_else(self, cast: Cast, former: CharterVersion) -> None:
        draft = self.amend(cast, former, "annex_only")
        client = cast.api(cast.coordinator)
        lexicon = draft.annexes.get(key="lexique")
        client.patch(f"{ANNEXES}{lexicon.pk}/", {"body": "Un mot pour deux."}, format="json", headers=NOW)
        make_annex(cast, draft, key="pilotes", title="Pilotes")
        assert changed_annex_keys(former, draft) == ("lexique", "pilotes")
        article = draft.articles.order_by("position")[0]
        client.patch(f"/api/v1/articles/{article.pk}/", {"body": "Autre chose."}, format="json", headers=NOW)
        refused = act(client, f"{VERSIONS}{draft.pk}/submit/")
        assert (refused.status_code, codes(refused)) == (409, {"articles_changed"})
        former_body = former.articles.get(key=article.key).body
        client.patch(f"/api/v1/articles/{article.pk}/", {"body": former_body}, format="json", headers=NOW)
        assert act(client, f"{VERSIONS}{draft.pk}/submit/").status_code == 200

    def test_of_form_only_leaves_them_alone(self, cast: Cast, former: CharterVersion) -> None:
        draft = self.amend(cast, former, "editorial")
        client = cast.api(cast.coordinator)
        annex = draft.annexes.get(key="cle")
        client.patch(f"{ANNEXES}{annex.pk}/", {"concerns": []}, format="json", headers=NOW)
        refused = act(client, f"{VERSIONS}{draft.pk}/submit/")
        assert (refused.status_code, codes(refused)) == (409, {"annexes_changed"})

    def test_tells_what_changed_by_key_to_those_who_may_read_it(self, cast: Cast, former: CharterVersion) -> None:
        draft = self.amend(cast, former, "annex_only")
        client = cast.api(cast.coordinator)
        cle, lexicon = draft.annexes.get(key="cle"), draft.annexes.get(key="lexique")
        client.patch(f"{ANNEXES}{lexicon.pk}/", {"body": "Un mot pour deux."}, format="json", headers=NOW)
        client.delete(f"{ANNEXES}{cle.pk}/", headers=NOW)
        make_annex(cast, draft, key="pilotes", title="Pilotes", confidentiality="board", body="Ana.")

        def told(who: str) -> dict[str, str]:
            body = cast.api(cast.everyone[who]).get(f"{VERSIONS}{draft.pk}/diff/?against={former.pk}").json()
            return {change["key"]: change["kind"] for change in body["annexes"]}

        assert told("chair_alpha") == {"cle": "removed", "lexique": "modified", "pilotes": "added"}
        assert told("director_beta") == {"cle": "removed", "lexique": "modified"}
        assert told("chair_gamma") == {"lexique": "modified"}
        body = client.get(f"{VERSIONS}{draft.pk}/diff/?against={former.pk}").json()
        change = next(row for row in body["annexes"] if row["key"] == "lexique")
        assert change["old_sha256"] == hashlib.sha256(b"Un mot pour un autre.").hexdigest()
        assert [segment["text"] for segment in change["body"] if segment["kind"] == "insert"] == ["deux"]

    def test_of_an_annex_that_one_may_read_in_one_version_only_tells_nothing(
        self, cast: Cast, former: CharterVersion
    ) -> None:
        draft = self.amend(cast, former, "annex_only")
        lexicon = draft.annexes.get(key="lexique")
        url = f"{ANNEXES}{lexicon.pk}/"
        cast.api(cast.coordinator).patch(url, {"confidentiality": "core"}, format="json", headers=NOW)
        diff = cast.api(cast.chair_gamma).get(f"{VERSIONS}{draft.pk}/diff/?against={former.pk}").json()
        assert diff["annexes"] == []


def test_an_annex_without_a_file_says_so(cast: Cast) -> None:
    annex = make_annex(cast, make_draft(cast))
    response = cast.api(cast.coordinator).get(f"{ANNEXES}{annex.pk}/file/")
    assert (response.status_code, response.json()["code"]) == (404, "no_file")


class TestAFileKnownByItsHashOnly:
    @pytest.fixture
    def annex(self, cast: Cast) -> CharterAnnex:
        draft = make_draft(cast)
        stored = StoredFile.objects.create(
            name="parts.csv", media_type="text/csv", size=len(TABLE), sha256=hashlib.sha256(TABLE).hexdigest()
        )
        return make_annex(cast, draft, body="", file=stored)

    def test_is_missing_and_is_not_put_to_the_boards(self, cast: Cast, annex: CharterAnnex) -> None:
        client = cast.api(cast.coordinator)
        assert client.get(f"{ANNEXES}{annex.pk}/").json()["file"]["is_missing"] is True
        served = client.get(f"{ANNEXES}{annex.pk}/file/")
        assert (served.status_code, served.json()["code"]) == (404, "file_missing")
        refused = act(client, f"{VERSIONS}{annex.charter_version_id}/submit/")
        assert (refused.status_code, codes(refused)) == (409, {"file_missing"})

    def test_comes_back_as_the_very_same_bytes_and_once(self, cast: Cast, annex: CharterAnnex) -> None:
        client, url = cast.api(cast.coordinator), f"{ANNEXES}{annex.pk}/restore-file/"
        before = everything()
        other = client.post(url, **multipart(("file", "parts.csv", TABLE + b"\n")))
        assert (other.status_code, codes(other), pointers(other)) == (400, {"other_bytes"}, {"/file"})
        assert everything() == before
        assert cast.api(cast.chair_alpha).post(url, **multipart(("file", "parts.csv", TABLE))).status_code == 403
        assert client.post(url, **multipart(("file", "n’importe.txt", TABLE))).status_code == 200
        assert client.get(f"{ANNEXES}{annex.pk}/file/").content == TABLE
        again = client.post(url, **multipart(("file", "parts.csv", TABLE)))
        assert (again.status_code, codes(again)) == (409, {"file_not_missing"})
        assert JournalEntry.objects.filter(act="charter_annex.file_restored").count() == 1


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("charters_one_annex_per_key", {"key": "cle", "position": 2}),
        ("charters_one_annex_per_position", {"position": 1}),
        ("charters_annex_position_from_one", {"position": 0}),
        ("charters_annex_text_or_file", {"position": 2, "body": "Un mot."}),
        ("charters_annex_not_restricted_to_one", {"position": 2, "confidentiality": "restricted"}),
    ],
)
def test_the_rows_of_annexes_hold_together(cast: Cast, name: str, changes: dict[str, Any]) -> None:
    draft = make_draft(cast)
    first = make_annex(cast, draft, key="cle", content=TABLE)
    values = {"cooperation": cast.cooperation, "charter_version": draft, "title": "x", "file": first.file, **changes}
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    with pytest.raises(IntegrityError, match=name):
        CharterAnnex.objects.create(**values)


def test_a_list_of_annexes_costs_the_same_for_two_and_for_forty(cast: Cast) -> None:
    draft = make_draft(cast)

    def more(count: int) -> None:
        for _index in range(count):
            make_annex(cast, draft, content=TABLE, concerns=[cast.alpha])

    assert_constant_queries(cast.api(cast.chair_alpha), "/api/v1/annexes/", more)


def test_a_list_of_versions_with_annexes_costs_the_same_for_two_and_for_forty(cast: Cast) -> None:
    def more(count: int) -> None:
        for _index in range(count):
            make_annex(cast, make_draft(cast, articles=0), content=TABLE, concerns=[cast.alpha])

    assert_constant_queries(cast.api(cast.chair_alpha), VERSIONS, more)
