"""What an upload really is, read from its bytes and never from its name; and the name that it is kept under (ADR 0013).

Nothing is decompressed but the cross-reference streams of a PDF, under a limit: a file that would swell is refused on
what it declares of itself.
"""

import csv
import io
import re
import unicodedata
import zipfile
import zlib
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import InvalidInput, Violation

POINTER = "/file"
NAME_LENGTH = 150
# What a document may declare once unpacked, its entries together: scanned pages do not compress, text does so tenfold.
_UNPACKED_BYTES = 200 * 2**20
_ENTRIES = 10_000
# Cross-reference streams unpack to a few bytes for each object of the file.
_XREF_BYTES = 8 * 2**20
_XREF_ENTRIES = 500_000
_PAGE_TREE_DEPTH = 50


class MediaType(StrEnum):
    """The types that are kept; nothing that a browser would run."""

    PDF = "application/pdf"
    DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
    XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ODT = "application/vnd.oasis.opendocument.text"
    ODS = "application/vnd.oasis.opendocument.spreadsheet"
    PNG = "image/png"
    JPEG = "image/jpeg"
    TEXT = "text/plain"
    CSV = "text/csv"


# The first is the one that a nameless file gets.
EXTENSIONS: dict[MediaType, tuple[str, ...]] = {
    MediaType.PDF: ("pdf",),
    MediaType.DOCX: ("docx",),
    MediaType.XLSX: ("xlsx",),
    MediaType.ODT: ("odt",),
    MediaType.ODS: ("ods",),
    MediaType.PNG: ("png",),
    MediaType.JPEG: ("jpg", "jpeg"),
    MediaType.TEXT: ("txt", "md"),
    MediaType.CSV: ("csv",),
}
_BY_EXTENSION = {extension: kind for kind, names in EXTENSIONS.items() for extension in names}
_TEXTS = frozenset({MediaType.TEXT, MediaType.CSV})
_MARKUP = re.compile(r"\s*(<!|<\?xml|<(html|head|body|script|svg|iframe|math|meta|style)\b)", re.IGNORECASE)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f]")


def refused(code: str, detail: str | Promise) -> InvalidInput:
    """The refusal of an upload: always about its file."""
    return InvalidInput(Violation(code, detail, POINTER))


def read_type(name: str, content: bytes) -> MediaType:
    """The type of these bytes, which must also be what the extension of the name says, where it says something.

    Raises InvalidInput, pointer `/file`: `file_empty`, `not_a_pdf`, `pdf_encrypted`, `pdf_without_pages`,
    `archive_encrypted`, `archive_too_dense`, `macros_not_allowed`, `image_unreadable`, `type_not_allowed`,
    `name_differs_from_content`.
    """
    if not content:
        raise refused("file_empty", _("Le fichier est vide."))
    said = _BY_EXTENSION.get(_extension(name))
    if said is MediaType.PDF and not content.startswith(b"%PDF-"):
        raise refused("not_a_pdf", _("Ce fichier se dit PDF et n’en est pas un."))
    found = _read(content)
    if said is not None and said is not found and not {said, found} <= _TEXTS:
        detail = format_lazy(
            _("Le nom annonce « {said} », le contenu est « {found} » : renommez le fichier."), said=said, found=found
        )
        raise refused("name_differs_from_content", detail)
    # One column of figures is a table for whoever says so.
    return said if said is not None and {said, found} <= _TEXTS else found


def clean_name(name: str, kind: MediaType) -> str:
    """A name for people: no folder, no control or invisible character, no leading dot, at most `NAME_LENGTH`
    characters, and the extension of its type at the end."""
    kept = "".join(
        " " if char.isspace() else char
        for char in unicodedata.normalize("NFC", name)
        if char.isspace() or unicodedata.category(char)[0] != "C"
    )
    bare = " ".join(re.split(r"[/\\]", kept)[-1].split()).lstrip(". ")
    extension = _extension(bare)
    if extension in EXTENSIONS[kind]:
        bare = bare[: -len(extension) - 1]
    elif kind in _TEXTS and _BY_EXTENSION.get(extension) in _TEXTS:
        bare = bare[: -len(extension) - 1]
        extension = EXTENSIONS[kind][0]
    else:
        extension = EXTENSIONS[kind][0]
    bare = bare.rstrip(". ") or str(_("fichier"))
    return f"{bare[: NAME_LENGTH - len(extension) - 1].rstrip('. ')}.{extension}"


def _extension(name: str) -> str:
    _stem, dot, extension = name.strip().rpartition(".")
    return extension.lower() if dot else ""


def _read(content: bytes) -> MediaType:
    if content.startswith(b"%PDF-"):
        _check_pdf(content)
        return MediaType.PDF
    if content.startswith(b"PK\x03\x04"):
        return _office_document(content)
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        _check_png(content)
        return MediaType.PNG
    if content.startswith(b"\xff\xd8\xff"):
        if not content.rstrip(b"\x00").endswith(b"\xff\xd9"):
            raise refused("image_unreadable", _("L’image est tronquée."))
        return MediaType.JPEG
    return _text(content)


def _check_pdf(content: bytes) -> None:
    """Open the document as far as its first page."""
    import pypdf  # Slow to load: only an upload pays for it.

    not_a_pdf = refused("not_a_pdf", _("Ce fichier se dit PDF et ne s’ouvre pas : il est tronqué ou abîmé."))
    ending = content[-2048:]
    if b"startxref" not in ending or b"%%EOF" not in ending:
        raise not_a_pdf
    try:
        with pypdf.apply_configuration(
            zlib_maximum_output_length=_XREF_BYTES, maximum_declared_stream_length=len(content)
        ):
            reader: Any = pypdf.PdfReader(io.BytesIO(content), xref_stream_maximum_entries=_XREF_ENTRIES)
            encrypted = reader.is_encrypted
            has_page = encrypted or _has_page(reader.trailer["/Root"]["/Pages"], _PAGE_TREE_DEPTH)
    except Exception as error:  # a hostile file makes the library raise whatever Python can
        raise not_a_pdf from error
    if encrypted:
        raise refused("pdf_encrypted", _("Ce PDF est protégé par un mot de passe : personne ne pourrait le relire."))
    if not has_page:
        raise refused("pdf_without_pages", _("Ce PDF n’a aucune page."))


def _has_page(node: Any, depth: int) -> bool:
    """Whether a first page can be reached, going down on one side of the tree only."""
    while depth:
        if node.get("/Type") == "/Page" or "/Kids" not in node:
            return bool(node.get("/Type") == "/Page")
        kids = node["/Kids"]
        if not kids:
            return False
        node, depth = kids[0].get_object(), depth - 1
    return False


def _office_document(content: bytes) -> MediaType:
    """A document whose entries are those of its kind, read from the directory of the archive alone."""
    not_allowed = refused("type_not_allowed", _("Cette archive n’est ni DOCX, ni XLSX, ni ODT, ni ODS."))
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = archive.infolist()
            _check_entries(entries, len(content))
            kind = _kind_of({entry.filename for entry in entries}, archive)
    except InvalidInput:
        raise
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, ValueError, OSError, RuntimeError) as error:
        raise not_allowed from error
    if kind is None:
        raise not_allowed
    return kind


def _check_entries(entries: list[zipfile.ZipInfo], size: int) -> None:
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise refused("archive_encrypted", _("Ce document est protégé par un mot de passe."))
    unpacked = sum(entry.file_size for entry in entries)
    # Entries that share their bytes declare together more than there is.
    packed = sum(entry.compress_size for entry in entries)
    if len(entries) > _ENTRIES or unpacked > _UNPACKED_BYTES or packed > size:
        raise refused("archive_too_dense", _("Ce document se déplierait au-delà de toute mesure."))
    if any(entry.filename.lower().endswith("vbaproject.bin") for entry in entries):
        raise refused("macros_not_allowed", _("Un document avec macros n’est pas admis : enregistrez-le sans elles."))


def _kind_of(names: set[str], archive: zipfile.ZipFile) -> MediaType | None:
    if "[Content_Types].xml" in names:
        if "word/document.xml" in names:
            return MediaType.DOCX
        return MediaType.XLSX if "xl/workbook.xml" in names else None
    if not {"mimetype", "content.xml"} <= names:
        return None
    declared = archive.getinfo("mimetype")
    if declared.compress_type != zipfile.ZIP_STORED or declared.file_size > 100:
        return None
    said = archive.read(declared).strip().decode("ascii", "replace")
    return next((kind for kind in (MediaType.ODT, MediaType.ODS) if kind == said), None)


def _check_png(content: bytes) -> None:
    """Walk the chunks: the first is the header, the last ends the file."""
    at, first, last = 8, b"", b""
    while at + 12 <= len(content):
        length, last = int.from_bytes(content[at : at + 4], "big"), content[at + 4 : at + 8]
        first = first or last
        at += 12 + length
        if last == b"IEND":
            break
    if first != b"IHDR" or last != b"IEND" or at != len(content):
        raise refused("image_unreadable", _("L’image est tronquée ou abîmée."))


def _text(content: bytes) -> MediaType:
    not_allowed = refused(
        "type_not_allowed",
        _("Sont admis : PDF, DOCX, XLSX, ODT, ODS, PNG, JPEG, texte UTF-8 et CSV."),
    )
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise not_allowed from error
    if _CONTROL.search(text) or _MARKUP.match(text):
        raise not_allowed
    if not text.strip():
        raise refused("file_empty", _("Le fichier est vide."))
    return MediaType.CSV if _is_table(text[:65536]) else MediaType.TEXT


def _is_table(text: str) -> bool:
    """Two lines or more, each cut by the same separator into the same number of cells, two at least."""
    lines = text.splitlines()[:200]
    for separator in ";\t,":
        try:
            widths = {len(row) for row in csv.reader(lines, delimiter=separator) if row}
        except csv.Error:
            continue
        if len(lines) > 1 and len(widths) == 1 and widths.pop() > 1:
            return True
    return False
