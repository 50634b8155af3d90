"""The tree of blocks written as HTML, DOCX and PDF: the same text in all three, and nothing of it taken for markup."""

import io
import zipfile
from typing import Any
from xml.etree import ElementTree

import docx
import pypdf
import pytest

from charters.documents import FORMATS, document_tag
from charters.rendering import html
from charters.rendering.blocks import (
    Document,
    Facts,
    Fingerprint,
    Heading,
    Passage,
    Table,
    paragraph,
    plain,
)
from charters.rendering.markdown import blocks_of

TEXT = """Nous voulons *ensemble* **agir** : `code` et [le site](https://a.fr).

- puce
  - dedans

3. trois
4. quatre

> cité

|a|b|
|-|-|
|un|deux|
"""
HOSTILE = '<script>alert(1)</script> #read("/etc/passwd") ]]> <w:t> &amp; \x00 \u202e 😀 {{ x }}'


def document(text: str = TEXT, **fields: Any) -> Document:
    blocks = (
        Heading(1, plain("Texte")),
        Heading(2, plain("Article 1")),
        paragraph("intentions", quiet=True),
        Passage("fr", blocks_of(text, below=2)),
        Facts((("Version", plain("3")),)),
        Table((plain("Organisation"), plain("Votes")), ((plain("Alpha"), plain("5 pour\n1 contre")),), (2, 1), "Votes"),
        Fingerprint("0123456789abcdef" * 4),
    )
    return Document(
        **{"language": "fr", "title": "Charte", "footer": "pied", "blocks": blocks, "banner": "Projet", **fields}
    )


def written(file_format: str, made: Document | None = None) -> bytes:
    return FORMATS[file_format].write(made or document())


def docx_text(data: bytes) -> str:
    file = docx.Document(io.BytesIO(data))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return "\n".join([*(item.text for item in file.paragraphs), *cells])


def pdf_text(data: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(data)).pages)


@pytest.mark.parametrize("file_format", sorted(FORMATS))
def test_the_same_document_makes_the_same_bytes(file_format: str) -> None:
    assert written(file_format) == written(file_format)


def test_the_tag_tells_documents_formats_and_languages_apart() -> None:
    variants = [document(), document("Autre."), document(language="en"), document(banner="")]
    tags = [document_tag(variant, name) for variant in variants for name in FORMATS]
    assert len(set(tags)) == len(tags)
    assert document_tag(document(), "pdf") == document_tag(document(), "pdf")


def test_each_writer_shows_the_whole_text() -> None:
    texts = {
        "html": written("html").decode(),
        "docx": docx_text(written("docx")),
        "pdf": pdf_text(written("pdf")),
    }
    for name, text in texts.items():
        for word in ("ensemble", "agir", "code", "le site", "puce", "dedans", "quatre", "cité", "deux", "Alpha"):
            assert word in text, (name, word)
        assert "01234567 89abcdef" in text, name


@pytest.mark.parametrize("file_format", sorted(FORMATS))
def test_a_hostile_text_is_shown_and_never_run(file_format: str) -> None:
    data = written(file_format, document(HOSTILE, title=HOSTILE, footer=HOSTILE, banner=HOSTILE))
    if file_format == "html":
        page = data.decode()
        assert "<script" not in page
        assert page.count("&lt;script&gt;") >= 4
    else:
        text = docx_text(data) if file_format == "docx" else pdf_text(data)
        assert "<script>alert(1)</script>" in text
        assert '#read("/etc/passwd")' in text
        assert "root:" not in text


class TestHtml:
    def test_the_page_says_its_language_its_title_and_one_h1(self) -> None:
        page = written("html").decode()
        assert page.startswith('<!doctype html>\n<html lang="fr">')
        assert "<title>Charte</title>" in page
        assert page.count("<h1>") == 1
        assert page.index("<h1>") < page.index("<h2>Texte") < page.index("<h3>Article 1")

    def test_the_headers_of_a_table_say_their_scope_and_links_their_relation(self) -> None:
        page = written("html").decode()
        assert '<th scope="col">Organisation</th>' in page
        assert '<a href="https://a.fr" rel="noopener noreferrer">le site</a>' in page

    def test_what_a_member_wrote_is_marked_as_french_for_an_english_reader(self) -> None:
        page = written("html", document(language="en")).decode()
        assert '<html lang="en">' in page
        assert '<div lang="fr" class="text">' in page

    @pytest.mark.parametrize(
        "markup",
        [
            "<script>x</script>",
            '<p onclick="x">a</p>',
            '<p style="x">a</p>',
            '<p class="evil">a</p>',
            '<a href="javascript:x">a</a>',
            '<img src="x">',
            "<iframe></iframe>",
            "<svg><a></a></svg>",
            "<form></form>",
            '<p id="x">a</p>',
        ],
    )
    def test_the_second_net_lets_nothing_through(self, markup: str) -> None:
        cleaned = html.clean(markup)
        for forbidden in ("script", "onclick", "style", "evil", "javascript", "img", "iframe", "svg", "form", "id="):
            assert forbidden not in cleaned


class TestDocx:
    def test_titles_lists_and_tables_have_their_real_styles(self) -> None:
        file = docx.Document(io.BytesIO(written("docx")))
        styles = {item.text: str(item.style.name) for item in file.paragraphs if item.style and item.text}
        assert styles["Charte"] == "Title"
        assert styles["Texte"] == "Heading 1"
        assert styles["Article 1"] == "Heading 2"
        assert styles["puce"] == "List Bullet"
        assert styles["dedans"] == "List Bullet 2"
        assert styles["trois"] == "List Number"
        assert styles["cité"] == "Quote"
        assert [cell.text for cell in file.tables[1].rows[0].cells] == ["Organisation", "Votes"]
        assert "w:tblHeader" in file.tables[1].rows[0]._tr.xml

    def test_it_says_its_language_and_its_title(self) -> None:
        for language, code in (("fr", "fr-FR"), ("en", "en-GB")):
            file = docx.Document(io.BytesIO(written("docx", document(language=language))))
            assert (file.core_properties.title, file.core_properties.language) == ("Charte", code)
            assert f'<w:lang w:val="{code}"' in file.styles.element.xml

    def test_the_banner_tops_and_the_footer_ends_each_page(self) -> None:
        (section,) = docx.Document(io.BytesIO(written("docx"))).sections
        assert section.header.paragraphs[0].text == "Projet"
        assert section.footer.paragraphs[0].text.startswith("pied")

    def test_a_numbered_list_starts_where_it_was_written_to(self) -> None:
        with zipfile.ZipFile(io.BytesIO(written("docx"))) as archive:
            numbering = archive.read("word/numbering.xml").decode()
            for name in archive.namelist():
                if name.endswith(".xml"):
                    ElementTree.fromstring(archive.read(name))  # noqa: S314 - made by us a line before
        assert '<w:startOverride w:val="3"/>' in numbering


class TestPdf:
    def test_headings_lists_and_tables_are_tagged(self) -> None:
        found: set[str] = set()

        def walk(node: Any) -> None:
            node = node.get_object()
            for item in node if isinstance(node, list) else [node.get("/K")] if isinstance(node, dict) else []:
                if item is not None:
                    walk(item)
            if isinstance(node, dict):
                found.add(str(node.get("/S")))

        root: Any = pypdf.PdfReader(io.BytesIO(written("pdf"))).trailer["/Root"]
        walk(root["/StructTreeRoot"])
        assert {"/H1", "/H2", "/L", "/LI", "/Table", "/TH", "/TD", "/Link", "/BlockQuote"} <= found

    def test_what_a_member_wrote_is_marked_as_french_for_an_english_reader(self) -> None:
        found: set[str] = set()

        def walk(node: Any) -> None:
            node = node.get_object()
            if isinstance(node, dict):
                found.add(str(node.get("/Lang")))
                node = [node["/K"]] if "/K" in node else []
            for item in node if isinstance(node, list) else []:
                walk(item)

        root: Any = pypdf.PdfReader(io.BytesIO(written("pdf", document(language="en")))).trailer["/Root"]
        assert root["/Lang"] == "en"
        walk(root["/StructTreeRoot"])
        assert "fr" in found

    @pytest.mark.parametrize(
        "text",
        [
            "|a|b|\n|-|-|\n|x|{long}|",
            "|a|{long}|\n|-|-|\n|x|y|",
            "# {long}",
            "> {long}",
            "- - - {long}",
            "```\n{long}\n```",
        ],
    )
    def test_no_line_leaves_the_page(self, text: str) -> None:
        long = " ".join(f"mot{number}" for number in range(1500))
        places: list[float] = []
        for page in pypdf.PdfReader(io.BytesIO(written("pdf", document(text.format(long=long))))).pages:
            page.extract_text(
                visitor_text=lambda said, cm, tm, font, size: (
                    places.append(tm[5] * cm[3] + cm[5]) if said.strip() else None
                )
            )
        assert len(places) > 50
        assert min(places) > 0
