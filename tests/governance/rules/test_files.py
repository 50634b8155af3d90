"""What a file is, from its bytes; and the name under which it is kept."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopproject.exceptions import InvalidInput
from governance.rules.files import EXTENSIONS, NAME_LENGTH, MediaType, clean_name, read_type
from tests import files

TRUE: dict[str, tuple[bytes, MediaType]] = {
    "pv.pdf": (files.pdf(), MediaType.PDF),
    "statuts.docx": (files.office("docx"), MediaType.DOCX),
    "budget.xlsx": (files.office("xlsx"), MediaType.XLSX),
    "statuts.odt": (files.office("odt"), MediaType.ODT),
    "budget.ods": (files.office("ods"), MediaType.ODS),
    "plan.png": (files.png(), MediaType.PNG),
    "plan.JPG": (files.jpeg(), MediaType.JPEG),
    "notes.txt": ("Réunion du 3 mars.\nPrésents : tous.".encode(), MediaType.TEXT),
    "notes.md": ("# Réunion\n\n- un\n- deux".encode(), MediaType.TEXT),
    "parts.csv": ("membre;part\nAlpha;60 %\nBêta;40 %\n".encode(), MediaType.CSV),
    "une colonne.csv": (b"60\n40\n", MediaType.CSV),
    "sans extension": (files.pdf(), MediaType.PDF),
    "PV du 12.11": (files.pdf(), MediaType.PDF),
}


@pytest.mark.parametrize("name", TRUE)
def test_a_file_is_what_its_bytes_say(name: str) -> None:
    content, kind = TRUE[name]
    assert read_type(name, content) == kind


FALSE: dict[str, tuple[str, bytes, str]] = {
    "nothing": ("pv.pdf", b"", "file_empty"),
    "blanks": ("notes.txt", b" \n\t\n", "file_empty"),
    "a page that says it is a PDF": ("pv.pdf", b"<!DOCTYPE html><html><body>PV</body></html>", "not_a_pdf"),
    "a text that says it is a PDF": ("pv.pdf", "Procès-verbal".encode(), "not_a_pdf"),
    "a header and nothing more": ("pv.pdf", b"%PDF-1.7\n", "not_a_pdf"),
    "a header, an end and nothing between": ("pv.pdf", b"%PDF-1.7\nx\nstartxref\n9\n%%EOF\n", "not_a_pdf"),
    "a PDF cut in half": ("pv.pdf", files.pdf()[: len(files.pdf()) // 2], "not_a_pdf"),
    "a PDF without its last line": ("pv.pdf", files.pdf()[:-6], "not_a_pdf"),
    "a PDF that leads to no page": ("pv.pdf", files.pdf().replace(b"/Pages ", b"/Nopes "), "not_a_pdf"),
    "a PDF without page": ("pv.pdf", files.pdf(pages=0), "pdf_without_pages"),
    "a PDF that asks for a password": ("pv.pdf", files.pdf(password="secret"), "pdf_encrypted"),
    "a PDF called a text": ("pv.txt", files.pdf(), "name_differs_from_content"),
    "a sheet called a text document": ("statuts.docx", files.office("xlsx"), "name_differs_from_content"),
    "a picture called a PDF": ("pv.pdf", files.png(), "not_a_pdf"),
    "a text called a picture": ("plan.png", b"plan", "name_differs_from_content"),
    "a page": ("page.html", b"\n <HTML><script>alert(1)</script>", "type_not_allowed"),
    "a drawing that can run": ("plan.svg", b'<svg xmlns="x" onload="alert(1)"/>', "type_not_allowed"),
    "a program": ("outil.exe", b"MZ\x90\x00\x03", "type_not_allowed"),
    "a text that is not UTF-8": ("notes.txt", "Réunion".encode("latin-1"), "type_not_allowed"),
    "a text with control characters": ("notes.txt", b"oui\x1b[31m", "type_not_allowed"),
    "an archive of anything": ("tout.zip", files.archive({"a.txt": b"a"}), "type_not_allowed"),
    "half an archive": ("statuts.docx", files.office("docx")[:60], "type_not_allowed"),
    "an open document that says it is another thing": (
        "statuts.odt",
        files.archive({"mimetype": b"application/zip", "content.xml": b""}),
        "type_not_allowed",
    ),
    "an archive that swells": ("statuts.docx", files.swelling(), "archive_too_dense"),
    "an archive of too many entries": (
        "statuts.docx",
        files.office("docx", **{f"x{n}": b"" for n in range(10_001)}),
        "archive_too_dense",
    ),
    "a document with macros": (
        "statuts.docx",
        files.office("docx", **{"word/vbaProject.bin": b"x"}),
        "macros_not_allowed",
    ),
    "a picture cut in half": ("plan.png", files.png()[:-8], "image_unreadable"),
    "a picture with something behind it": ("plan.png", files.png() + b"<html>", "image_unreadable"),
    "half a photograph": ("plan.jpg", files.jpeg()[:-2], "image_unreadable"),
}


@pytest.mark.parametrize("case", FALSE)
def test_what_a_file_is_not_is_said_with_its_code(case: str) -> None:
    name, content, code = FALSE[case]
    with pytest.raises(InvalidInput) as refused:
        read_type(name, content)
    assert [(found.code, found.pointer) for found in refused.value.violations] == [(code, "/file")]


NAMES = {
    "pv.pdf": "pv.pdf",
    "PV.PDF": "PV.pdf",
    "../../etc/passwd": "passwd.pdf",
    "C:\\Documents\\pv.pdf": "pv.pdf",
    "/var/pv.pdf": "pv.pdf",
    "pv\x00\x1b\n du\t3.pdf": "pv du 3.pdf",
    "pv\u202efdp.exe": "pvfdp.exe.pdf",
    "...cache.pdf": "cache.pdf",
    "": "fichier.pdf",
    ".pdf": "pdf.pdf",
    "a" * 300 + ".pdf": "a" * (NAME_LENGTH - 4) + ".pdf",
    "e\u0301te\u0301.pdf": "été.pdf",
}


@pytest.mark.parametrize("given_name", NAMES)
def test_a_name_keeps_what_people_read_and_nothing_else(given_name: str) -> None:
    assert clean_name(given_name, MediaType.PDF) == NAMES[given_name]


@given(st.text(max_size=400), st.sampled_from(list(MediaType)))
def test_whatever_the_name_it_is_short_plain_and_says_its_type(name: str, kind: MediaType) -> None:
    kept = clean_name(name, kind)
    assert 0 < len(kept) <= NAME_LENGTH
    assert not set(kept) & set("/\\\x00\r\n\x7f\u202e\u200b")
    assert not kept.startswith(".")
    assert kept.rpartition(".")[2] in EXTENSIONS[kind]
    assert clean_name(kept, kind) == kept
