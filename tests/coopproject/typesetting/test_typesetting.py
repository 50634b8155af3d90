"""The PDF that a template of ours makes: accessible, always the same, and deaf to what a member wrote."""

import io
import threading
from pathlib import Path
from typing import Any

import pypdf
import pytest

from coopproject.exceptions import RuleViolated
from coopproject.typesetting import MAX_DATA, MAX_DEPTH, TypesettingFailed, glyphs, typeset

PROJECT = Path(__file__).resolve().parents[3]
SAMPLE = "tests/coopproject/typesetting/sample.typ"


def sample(*texts: Any, **data: Any) -> bytes:
    return typeset(SAMPLE, {"title": "Charte d’été", "lang": "fr", "texts": list(texts), **data})


def read(pdf: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(pdf))


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in read(pdf).pages)


def tags(pdf: bytes) -> set[str]:
    found: set[str] = set()

    def walk(node: Any) -> None:
        node = node.get_object()
        if isinstance(node, list):
            for item in node:
                walk(item)
        elif isinstance(node, dict):
            if "/S" in node:
                found.add(node["/S"])
            if "/K" in node:
                walk(node["/K"])

    walk(read(pdf).trailer["/Root"]["/StructTreeRoot"])  # type: ignore[index]
    return found


def test_the_pdf_is_tagged_says_its_language_and_shows_its_title() -> None:
    pdf = sample("Bonjour.")
    root: Any = read(pdf).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] == True  # noqa: E712 - an object of pypdf
    assert root["/Lang"] == "fr"
    assert root["/ViewerPreferences"]["/DisplayDocTitle"] == True  # noqa: E712
    assert (read(pdf).metadata or {}).get("/Title") == "Charte d’été"
    assert b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_object().get_data()
    assert {"/H1", "/P", "/Table", "/THead", "/TH", "/TD"} <= tags(pdf)


def test_the_language_is_the_one_of_the_data() -> None:
    root: Any = read(sample("Hello.", lang="en")).trailer["/Root"]
    assert root["/Lang"] == "en"


def test_the_same_data_make_the_same_bytes() -> None:
    assert sample("Une fois.") == sample("Une fois.")
    assert sample("Une fois.") != sample("Deux fois.")


def test_french_letters_and_spaces_are_shown() -> None:
    written = "« L’œuvre » : 1 200 € ; çà et là… n° 3 – Ÿ"
    assert written in text_of(sample(written))


@pytest.mark.parametrize(
    "attack",
    [
        '#read("/etc/passwd")',
        '#eval("1+1")',
        "#set page(width: 1pt)",
        "$x^2$ *gras* _it_ `code` = titre <label> @ref",
        r"\u{41} \\ \" ] } ) #]",
        '"); #panic("x"); ("',
    ],
)
def test_code_in_a_text_is_shown_as_it_is_written(attack: str) -> None:
    assert attack in text_of(sample(attack))


@pytest.mark.parametrize(
    ("character", "shown"),
    [("😀", "[U+1F600]"), ("\x00", "[U+0000]"), ("\ud800", "[U+D800]"), ("\u202e", "[U+202E]"), ("中", "[U+4E2D]")],
)
def test_a_character_without_glyph_is_written_as_its_code(character: str, shown: str) -> None:
    assert f"avant {shown} après" in text_of(sample(f"avant {character} après"))


def test_every_character_said_to_be_covered_is_shown() -> None:
    covered = [chr(code) for code in range(0x3000) if glyphs.displayable(chr(code)) == chr(code)]
    assert len(covered) > 4000
    # Were one of them not shown, the title too would be written in Latin and codes.
    assert (read(sample(*covered, title="Ω")).metadata or {}).get("/Title") == "Ω"


def test_characters_that_no_font_shows_together_do_not_stop_the_document() -> None:
    shown = text_of(sample("Écrit d’œuvre", "∫⥧ṭ\u1dda"))
    assert "Écrit d’œuvre" in shown
    assert "[U+2967]" in shown


def test_a_word_wider_than_the_page_stays_on_it() -> None:
    page = read(sample("x" * 900)).pages[0]
    right = [float(matrix[4]) for text, matrix in _placed(page) if text.strip()]
    assert len(right) > 10
    assert max(len(line) for line in page.extract_text().splitlines()) < 150


def _placed(page: Any) -> list[tuple[str, list[float]]]:
    found: list[tuple[str, list[float]]] = []
    page.extract_text(visitor_text=lambda text, cm, tm, font, size: found.append((text, tm)))
    return found


def test_a_banner_is_on_every_page() -> None:
    pages = read(sample(*["Une phrase. " * 60] * 20, banner="Projet — non soumis")).pages
    assert len(pages) > 2
    assert all("Projet — non soumis" in page.extract_text() for page in pages)


def nested(levels: int) -> Any:
    value: Any = "x"
    for _ in range(levels):
        value = [value]
    return value


@pytest.mark.parametrize("extra", ["x" * MAX_DATA, nested(MAX_DEPTH + 1), nested(900)])
def test_too_much_data_is_refused(extra: Any) -> None:
    with pytest.raises(RuleViolated) as refused:
        sample("x", extra=extra)
    assert [violation.code for violation in refused.value.violations] == ["document_too_large"]


@pytest.mark.parametrize("template", ["/etc/passwd", "../x.typ", "README.md", "charters/none.typ"])
def test_a_template_that_is_not_ours_is_no_template(template: str) -> None:
    with pytest.raises(TypesettingFailed):
        typeset(template, {})


def test_data_that_do_not_fit_the_template_are_our_fault_and_say_where() -> None:
    with pytest.raises(TypesettingFailed, match="title"):
        typeset(SAMPLE, {"lang": "fr"})


def test_no_template_fetches_a_package_nor_reads_a_file_nor_runs_a_text() -> None:
    templates = [
        path
        for app in ("coopproject", "governance", "charters", "milestones")
        for path in (PROJECT / app).rglob("*.typ")
    ]
    assert templates
    for template in templates:
        code = "\n".join(line for line in template.read_text().splitlines() if not line.lstrip().startswith("//"))
        for forbidden in ("@preview", "@local", "eval(", "read(", "plugin(", "mode:"):
            assert forbidden not in code, (template, forbidden)


def test_several_threads_typeset_at_once() -> None:
    alone = [sample(f"Texte {number}. " * 50) for number in range(4)]
    together: list[bytes] = [b""] * 4

    def work(number: int) -> None:
        together[number] = sample(f"Texte {number}. " * 50)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert together == alone
