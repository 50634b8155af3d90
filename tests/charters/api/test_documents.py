"""`charter-versions/{id}/document/` and the page of `diff/`: what is printed, for whom, in which language."""

import io
import json
from typing import Any

import docx
import pypdf
import pytest
from django.db import connection

from charters import services
from charters.models import Article, CharterVersion
from tests.cast import Cast
from tests.charters.factories import (
    NO_QUORUM,
    actor_of,
    make_annex,
    make_charter,
    make_draft,
    make_effect,
    make_in_force,
    make_motivation,
    make_submitted,
    vote,
)
from tests.governance.factories import consultation, decision
from tests.requests import codes, pointers

DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


def url(version: CharterVersion, **parameters: str) -> str:
    query = "&".join(f"{name}={value}" for name, value in parameters.items())
    return f"/api/v1/charter-versions/{version.pk}/document/{f'?{query}' if query else ''}"


def pages_of(response: Any) -> list[str]:
    assert response.status_code == 200, response.content
    return [page.extract_text() for page in pypdf.PdfReader(io.BytesIO(response.content)).pages]


def flat(text: str) -> str:
    """The text whatever its spaces and line breaks."""
    return " ".join(text.split())


def pdf_of(cast: Cast, version: CharterVersion, person: Any = None) -> str:
    return flat(" ".join(pages_of(cast.api(person or cast.observer).get(url(version)))))


def html_of(cast: Cast, version: CharterVersion, person: Any = None, **headers: str) -> str:
    response = cast.api(person or cast.observer).get(url(version, file_format="html"), headers=headers)
    assert response.status_code == 200, response.content
    return flat(response.content.decode().replace("&nbsp;", " "))


def write(cast: Cast, version: CharterVersion, body: str, **fields: Any) -> Article:
    values = {"section": "free", "title": "Article", "key": "", **fields}
    return services.article_create(
        actor=actor_of(cast.coordinator), charter_version=version, body=body, **{**values, "key": values["key"] or "k"}
    )


class TestTheDocumentOfAVersionInForce:
    def test_it_prints_the_text_the_approvals_and_how_to_verify(self, cast: Cast) -> None:
        charter = make_charter(cast, purpose="Agir à plusieurs : partager.")
        motivation = make_motivation(cast, charter)
        make_effect(cast, motivation)
        version = make_in_force(cast, charter=charter)
        text = pdf_of(cast, version)
        for expected in (
            "Charte de la Belle Équipe",
            "En vigueur depuis le",
            "Agir à plusieurs : partager.",
            "Article 1 — Article 1",
            "intentions partagées",
            "Nous voulons la chose numéro 2.",
            "Répondre ensemble aux appels d’offres",
            "Trois marchés obtenus par an",
            "Toutes les organisations parties doivent approuver ce texte.",
            "Alpha",
            "5 pour > 1 contre",
            "9 en exercice",
            "PV 2026-11",
            f"/api/v1/charter-versions/{version.pk}/content/",
        ):
            assert expected in text, expected
        assert version.content_hash in text.replace(" ", "")
        assert "pas encore en vigueur" not in text
        assert "Projet" not in text
        page = html_of(cast, version)
        assert "<td>5 pour<br>1 contre<br>0 abstention<br>0 blanc ou nul</td>" in page
        assert "<td>6 présents<br>0 représenté<br>9 en exercice<br>5 pour &gt; 1 contre<br>adoptée</td>" in page

    def test_its_name_and_type_say_what_it_is(self, cast: Cast) -> None:
        version = make_in_force(cast)
        client = cast.api(cast.observer)
        for file_format, media_type, kind in (
            ("pdf", "application/pdf", "attachment"),
            ("docx", DOCX, "attachment"),
            ("html", "text/html; charset=utf-8", "inline"),
        ):
            response = client.get(url(version, file_format=file_format))
            assert response.headers["Content-Type"] == media_type
            assert response.headers["Content-Disposition"].startswith(
                f'{kind}; filename="charte-de-la-belle-equipe-v1.{file_format}"'
            )
            assert response.headers["X-Content-Type-Options"] == "nosniff"

    def test_the_pdf_is_tagged_in_french_and_shows_its_title(self, cast: Cast) -> None:
        reader = pypdf.PdfReader(io.BytesIO(cast.api(cast.observer).get(url(make_in_force(cast))).content))
        root: Any = reader.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 - an object of pypdf
        assert root["/Lang"] == "fr"
        assert "/StructTreeRoot" in root
        assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
        assert (reader.metadata or {}).get("/Title") == "Charte de la Belle Équipe"

    def test_the_text_is_the_one_that_was_voted_whatever_changed_since(self, cast: Cast) -> None:
        charter = make_charter(cast, purpose="Objet voté.")
        motivation = make_motivation(cast, charter, label="Motivation votée")
        version = make_in_force(cast, charter=charter)
        coordinator = actor_of(cast.coordinator)
        changes = {"title": "Titre d’après", "purpose": "Objet d’après.", "entry_rule": {"kind": "n_of_m", "n": 1}}
        services.charter_update(pk=charter.pk, actor=coordinator, expected_version=None, changes=changes)
        services.motivation_update(
            pk=motivation.pk, actor=coordinator, expected_version=None, changes={"label": "Motivation d’après"}
        )
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL session_replication_role = replica")
            cursor.execute("UPDATE charters_article SET body = 'Falsifié.' WHERE charter_version_id = %s", [version.pk])
            cursor.execute("SET LOCAL session_replication_role = DEFAULT")
        assert Article.objects.filter(body="Falsifié.").exists()
        text = pdf_of(cast, version)
        for voted in ("Charte de la Belle Équipe", "Objet voté.", "Motivation votée", "chose numéro 1"):
            assert voted in text
        assert "Toutes les organisations parties" in text
        for later in ("d’après", "Falsifié"):
            assert later not in text

    def test_a_late_party_is_said_to_be_awaited(self, cast: Cast) -> None:
        charter = make_charter(cast, entry_rule={"kind": "n_of_m", "n": 2})
        version = make_submitted(cast, charter=charter)
        for organisation in (cast.alpha, cast.beta):
            vote(cast, version, organisation)
        text = pdf_of(cast, version)
        assert "En vigueur depuis le" in text
        assert "Gamma pas de vote — — En attente : le vote de son instance." in text

    def test_an_approval_carried_over_names_the_version_that_was_voted(self, cast: Cast) -> None:
        version = make_in_force(cast)
        draft = services.charter_version_amend(
            pk=version.pk, actor=actor_of(cast.coordinator), expected_version=None, amendment_type="annex_only"
        )
        make_annex(cast, draft, concerns=[cast.alpha])
        services.charter_version_submit(pk=draft.pk, actor=actor_of(cast.coordinator))
        page = html_of(cast, draft)
        assert "<td>Bêta</td><td>approbation de la version 1, reprise</td>" in page
        assert "<td>Alpha</td><td>pas de vote</td>" in page


class TestADraft:
    def test_every_page_says_that_it_is_one(self, cast: Cast) -> None:
        draft = make_draft(cast, articles=30)
        pages = pages_of(cast.api(cast.observer).get(url(draft)))
        assert len(pages) > 2
        assert all("Projet — non soumis" in flat(page) for page in pages)
        assert "SHA-256" not in " ".join(pages)

    def test_it_prints_what_is_written_now(self, cast: Cast) -> None:
        draft = make_draft(cast)
        write(cast, draft, "Un article de plus, *à discuter*.", title="Nouveauté")
        text = html_of(cast, draft)
        assert "<h3>Article 3 — Nouveauté</h3>" in text
        assert "Un article de plus, <em>à discuter</em>." in text
        assert "Projet — non soumis" in text

    def test_an_empty_one_is_a_document_too(self, cast: Cast) -> None:
        draft = make_draft(cast, articles=0)
        assert "Ce projet n’a encore aucun article." in pdf_of(cast, draft)

    def test_a_text_too_long_is_refused_and_says_so(self, cast: Cast) -> None:
        draft = make_draft(cast)
        write(cast, draft, "mot " * 110_000)
        for file_format in ("pdf", "docx", "html"):
            response = cast.api(cast.observer).get(url(draft, file_format=file_format))
            assert (response.status_code, codes(response)) == (409, {"document_too_large"})
            assert response.headers["Content-Type"] == "application/problem+json"


class TestAnnexes:
    def test_their_text_is_printed_for_those_who_may_know_of_them(self, cast: Cast) -> None:
        draft = make_draft(cast)
        make_annex(cast, draft, title="Clé", body="Chacun à **parts égales**.", confidentiality="core")
        make_annex(cast, draft, title="Tableau", content=b"Membre;Part")
        version = services.charter_version_submit(pk=draft.pk, actor=actor_of(cast.coordinator))
        known, unknown = html_of(cast, version, cast.coordinator), html_of(cast, version, cast.funder)
        assert "Chacun à <strong>parts égales</strong>." in known
        assert "parts égales" not in unknown
        # The paper carries the highest level of what it holds, for this reader.
        assert "confidentialité : noyau dur" in known.replace("\u00a0", " ").replace("\u202f", " ")
        assert "confidentialité :" not in unknown.replace("\u00a0", " ").replace("\u202f", " ")
        assert ("noyau dur</" in known, "réseau</" in unknown) == (True, True)
        for page in (known, unknown):
            assert "<h3>Annexe 1 — Clé</h3>" in page
            assert "Fichier joint : parts.csv" in page
        hashes = {annex["sha256"] for annex in json.loads(version.content)["annexes"]}
        assert len(hashes) == 2
        assert all(value in unknown.replace(" ", "") for value in hashes)

    def test_those_of_a_draft_are_told_to_those_who_may_know_of_them_only(self, cast: Cast) -> None:
        draft = make_draft(cast)
        make_annex(cast, draft, title="Clé secrète", confidentiality="core")
        assert "Clé secrète" in html_of(cast, draft, cast.coordinator)
        hidden = html_of(cast, draft, cast.funder)
        assert "Clé secrète" not in hidden
        assert "Annexe" not in hidden

    def test_a_change_of_an_annex_shows_in_the_page_of_changes(self, cast: Cast) -> None:
        draft = make_draft(cast)
        make_annex(cast, draft, title="Clé", body="Parts égales.", confidentiality="core")
        path = f"/api/v1/charter-versions/{draft.pk}/diff/?file_format=html"
        assert "Parts égales." in cast.api(cast.coordinator).get(path).content.decode()
        assert "Parts égales." not in cast.api(cast.funder).get(path).content.decode()


class TestASubmittedVersion:
    def test_it_says_what_it_waits_for(self, cast: Cast) -> None:
        version = make_submitted(cast)
        vote(cast, version, cast.alpha)
        vote(cast, version, cast.beta, NO_QUORUM)
        text = pdf_of(cast, version)
        assert "Texte soumis aux instances — pas encore en vigueur" in text
        assert "En attente : le vote des autres instances." in text
        assert "sans quorum" in text
        assert "Gamma pas de vote" in text
        assert "Pas encore en vigueur : approuvée par 1 sur 3 ; il manque Bêta" in text

    def test_what_holds_a_vote_back_is_told_to_whoever_may_know_the_decision(self, cast: Cast) -> None:
        matter = decision(cast, confidentiality="core")
        consultation(cast, matter, cast.alpha)
        version = make_submitted(cast, decision=matter)
        entry = cast.api(cast.coordinator).get(f"/api/v1/charter-versions/{version.pk}/entry/").json()
        reasons = [blocker["detail"] for party in entry["parties"] for blocker in party["blockers"]]
        assert reasons
        known, unknown = html_of(cast, version, cast.coordinator), html_of(cast, version, cast.funder)
        assert reasons[0].split(":")[-1].strip()[:30] in known.replace("\u202f", " ").replace("\u00a0", " ")
        assert reasons[0].split(":")[-1].strip()[:30] not in unknown.replace("\u202f", " ").replace("\u00a0", " ")

    def test_a_withdrawn_version_says_why(self, cast: Cast) -> None:
        version = make_submitted(cast)
        services.charter_version_withdraw(pk=version.pk, actor=actor_of(cast.coordinator), reason="Erreur de date")
        text = pdf_of(cast, version)
        assert "Erreur de date" in text
        assert "Version retirée — n’est pas en vigueur" in text


class TestTheRequest:
    def test_an_unknown_format_is_refused(self, cast: Cast) -> None:
        version = make_draft(cast)
        client = cast.api(cast.observer)
        for path in (url(version, file_format="odt"), url(version, file_format="")):
            response = client.get(path)
            assert (response.status_code, pointers(response)) == (400, {"?file_format"})
        response = client.get(f"/api/v1/charter-versions/{version.pk}/diff/?file_format=pdf")
        assert (response.status_code, pointers(response)) == (400, {"?file_format"})

    @pytest.mark.parametrize("accept", ["application/pdf", "text/html", "*/*", "application/json", "image/png"])
    def test_the_accept_header_does_not_get_in_the_way(self, cast: Cast, accept: str) -> None:
        response = cast.api(cast.observer).get(url(make_draft(cast)), headers={"Accept": accept})
        assert (response.status_code, response.headers["Content-Type"]) == (200, "application/pdf")

    def test_problems_stay_json(self, cast: Cast) -> None:
        version = make_draft(cast)
        response = cast.api(cast.stranger).get(url(version), headers={"Accept": "application/pdf"})
        assert (response.status_code, response.headers["Content-Type"]) == (404, "application/problem+json")

    def test_the_tag_changes_with_what_is_shown_only(self, cast: Cast) -> None:
        version = make_submitted(cast)
        client = cast.api(cast.observer)
        first = client.get(url(version))
        tag = first.headers["ETag"]
        again = client.get(url(version), headers={"If-None-Match": tag})
        assert (again.status_code, again.content, again.headers["ETag"]) == (304, b"", tag)
        assert client.get(url(version)).content == first.content
        assert client.get(url(version, file_format="html")).headers["ETag"] != tag
        assert client.get(url(version), headers={"Accept-Language": "en"}).headers["ETag"] != tag
        vote(cast, version, cast.alpha)
        assert client.get(url(version), headers={"If-None-Match": tag}).status_code == 200

    def test_a_reader_in_english_gets_english_around_the_text(self, cast: Cast) -> None:
        page = html_of(cast, make_draft(cast), **{"Accept-Language": "en"})
        assert '<html lang="en">' in page
        assert "shared intentions" in page
        assert '<div lang="fr" class="text"><p>Nous voulons la chose numéro 1.</p>' in page

    def test_the_page_runs_and_loads_nothing(self, cast: Cast) -> None:
        draft = make_draft(cast)
        write(cast, draft, "<script>alert(1)</script> [x](javascript:alert(1)) ![y](https://a.fr/y.png)")
        response = cast.api(cast.observer).get(url(draft, file_format="html"))
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy
        assert "unsafe-inline" not in policy
        page = response.content.decode()
        assert "<script" not in page
        assert "<img" not in page
        assert "javascript:" not in page.replace("[x](javascript:alert(1))", "")


class TestTheDocx:
    def test_it_opens_again_with_its_headings_and_tables(self, cast: Cast) -> None:
        version = make_in_force(cast)
        response = cast.api(cast.observer).get(url(version, file_format="docx"))
        file = docx.Document(io.BytesIO(response.content))
        styles = {flat(item.text): str(item.style.name) for item in file.paragraphs if item.style}
        assert styles["Charte de la Belle Équipe"] == "Title"
        assert styles["Texte de la charte"] == "Heading 1"
        assert styles["Article 1 — Article 1"] == "Heading 2"
        assert [row.cells[0].text for row in file.tables[-1].rows] == ["Organisation", "Alpha", "Bêta", "Gamma"]


class TestTheDiffAsAPage:
    def page(self, cast: Cast, version: CharterVersion, **headers: str) -> str:
        response = cast.api(cast.observer).get(
            f"/api/v1/charter-versions/{version.pk}/diff/?file_format=html", headers=headers
        )
        assert response.status_code == 200, response.content
        assert response.headers["Content-Type"] == "text/html; charset=utf-8"
        assert "default-src 'none'" in response.headers["Content-Security-Policy"]
        return flat(response.content.decode().replace("&nbsp;", " "))

    def amended(self, cast: Cast) -> CharterVersion:
        version = make_in_force(cast)
        draft = services.charter_version_amend(pk=version.pk, actor=actor_of(cast.coordinator), expected_version=None)
        first = draft.articles.get(position=1)
        services.article_update(
            pk=first.pk,
            actor=actor_of(cast.coordinator),
            expected_version=None,
            changes={"body": "Nous voulons la <b>grande</b> chose numéro 1."},
        )
        return draft

    def test_what_changed_is_marked_in_the_text_and_the_rest_is_a_title(self, cast: Cast) -> None:
        page = self.page(cast, self.amended(cast))
        assert "Ce qui change de la version 1 à la version 2" in page
        assert "1 article touché sur 2." in page
        assert '<ins><span class="mark">[+</span>' in page
        assert "&lt;b&gt;" in page
        assert "<b>" not in page
        assert 'Article 1 <span class="badge">modifié</span>' in page
        assert 'Article 2 <span class="badge">inchangé</span>' in page
        assert "chose numéro 2" not in page

    def test_the_first_version_is_all_new(self, cast: Cast) -> None:
        page = self.page(cast, make_draft(cast))
        assert "Version 1, la première" in page
        assert page.count('<span class="badge">ajouté</span>') == 2

    def test_json_stays_the_default(self, cast: Cast) -> None:
        response = cast.api(cast.observer).get(f"/api/v1/charter-versions/{self.amended(cast).pk}/diff/")
        assert response.headers["Content-Type"] == "application/json"
        assert response.json()["changes"]


class TestTheTextOfAnArticleAsHtml:
    def test_it_is_served_clean_when_it_is_asked_for(self, cast: Cast) -> None:
        draft = make_draft(cast, articles=0)
        write(cast, draft, "# Titre\n\n*Oui* : <script>alert(1)</script>")
        rows = cast.api(cast.observer).get(f"/api/v1/articles/?charter_version={draft.pk}&fields=id,body_html").json()
        (row,) = rows["results"]
        assert set(row) == {"id", "body_html"}
        assert flat(row["body_html"].replace("&nbsp;", " ")) == (
            "<h4>Titre</h4> <p><em>Oui</em> : &lt;script&gt;alert(1)&lt;/script&gt;</p>"
        )

    def test_it_is_not_served_otherwise(self, cast: Cast) -> None:
        draft = make_draft(cast)
        client = cast.api(cast.observer)
        (first, *_others) = client.get(f"/api/v1/articles/?charter_version={draft.pk}").json()["results"]
        assert "body_html" not in first
        assert "body_html" not in client.get(f"/api/v1/articles/{first['id']}/").json()
        version = client.get(f"/api/v1/charter-versions/{draft.pk}/?expand=charter").json()
        assert "body_html" not in version["articles"][0]
