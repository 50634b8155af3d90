"""The tree as a DOCX for those who edit elsewhere: real styles, lists and tables; the same bytes for the same tree."""

# ruff: noqa: SLF001 - python-docx gives the XML that it has no name for as `_p`, `_r` and `_tr`.

import datetime as dt
import io
import zipfile
from collections.abc import Iterable
from typing import Any

import docx
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Pt, RGBColor

from charters.rendering.blocks import (
    Block,
    Break,
    Code,
    CodeBlock,
    Document,
    Emphasis,
    Facts,
    Fingerprint,
    Heading,
    Inline,
    Link,
    Listing,
    Paragraph,
    Passage,
    Quote,
    Rule,
    Strong,
    Table,
    Text,
    plain,
)
from charters.rendering.html import grouped
from charters.rendering.typography import seen

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"

_LANGUAGES = {"fr": "fr-FR", "en": "en-GB"}
# Dates of the file, not of the text: fixed, so that the same text makes the same bytes.
_EPOCH = dt.datetime(1980, 1, 1, tzinfo=dt.UTC)
_LIST_STYLES = 3
_MONO = "DejaVu Sans Mono"
_QUIET = RGBColor(0x50, 0x50, 0x50)
_ALERT = RGBColor(0x8A, 0x1C, 0x1C)


def docx_of(document: Document) -> bytes:
    """The document as the bytes of a DOCX."""
    writer = _Writer(document)
    writer.write()
    return writer.saved()


class _Writer:
    def __init__(self, document: Document) -> None:
        self.document = document
        self.file: Any = docx.Document()
        self.language = _LANGUAGES[document.language]

    def write(self) -> None:
        self._page()
        self.file.add_heading(seen(self.document.title), level=0)
        self.blocks(self.document.blocks)

    def saved(self) -> bytes:
        written = io.BytesIO()
        self.file.save(written)
        fixed = io.BytesIO()
        with zipfile.ZipFile(written) as parts, zipfile.ZipFile(fixed, "w", zipfile.ZIP_DEFLATED) as archive:
            for part in parts.infolist():
                entry = zipfile.ZipInfo(part.filename, date_time=_EPOCH.timetuple()[:6])
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, parts.read(part))
        return fixed.getvalue()

    def _page(self) -> None:
        properties = self.file.core_properties
        properties.title, properties.language = seen(self.document.title)[:255], self.language
        properties.author = properties.last_modified_by = properties.comments = ""
        properties.created = properties.modified = _EPOCH
        section = self.file.sections[0]
        section.page_width, section.page_height = Cm(21), Cm(29.7)
        section.left_margin = section.right_margin = Cm(2.3)
        normal = self.file.styles["Normal"]
        normal.font.name, normal.font.size = "Liberation Serif", Pt(11)
        defaults = self.file.styles.element.find(qn("w:docDefaults")).find(".//" + qn("w:lang"))
        defaults.set(qn("w:val"), self.language)
        if self.document.banner:
            header = section.header.paragraphs[0]
            header.alignment = WD_ALIGN_PARAGRAPH.CENTER
            run = header.add_run(seen(self.document.banner))
            run.bold, run.font.color.rgb = True, _ALERT
        footer = section.footer.paragraphs[0]
        run = footer.add_run(f"{seen(self.document.footer)} — ")
        run.font.size = Pt(8)
        for kind in ("PAGE", "NUMPAGES"):
            _field(footer, kind, " / " if kind == "PAGE" else "")

    def blocks(self, blocks: Iterable[Block], depth: int = 0) -> None:
        for block in blocks:
            self._block(block, depth)

    def _block(self, block: Block, depth: int) -> None:
        match block:
            case Heading(level, inlines):
                self._inlines(self.file.add_heading("", level=min(level, 9)), inlines)
            case Paragraph(inlines, quiet):
                self._paragraph(inlines, _list_style("List Continue", depth) if depth else None, quiet=quiet)
            case CodeBlock(text):
                paragraph = self.file.add_paragraph()
                _code(paragraph, seen(text))
            case Rule():
                self.file.add_paragraph("—" * 20)
            case Quote(blocks):
                for inner in blocks:
                    match inner:
                        case Paragraph(inlines, _):
                            self._paragraph(inlines, "Quote")
                        case _:
                            self._block(inner, depth)
            case Listing():
                self._listing(block, depth + 1)
            case Table():
                self._table(block)
            case Facts(rows):
                for label, value in rows:
                    self._paragraph((Strong(plain(label)), Text(" : "), *value))
            case Fingerprint(value):
                _code(self.file.add_paragraph(), grouped(value))
            case Passage(_, blocks):
                self.blocks(blocks, depth)

    def _paragraph(self, inlines: Iterable[Inline], style: str | None = None, *, quiet: bool = False) -> Any:
        paragraph = self.file.add_paragraph(style=style)
        self._inlines(paragraph, inlines)
        if quiet:
            paragraph.paragraph_format.keep_with_next = True
            for run in paragraph.runs:
                run.font.color.rgb, run.font.size = _QUIET, Pt(9)
        return paragraph

    def _listing(self, listing: Listing, depth: int) -> None:
        style = _list_style("List Bullet" if listing.start is None else "List Number", depth)
        number = None if listing.start is None else self._number(style, listing.start)
        for item in listing.items:
            first, *rest = item or (Paragraph(()),)
            if not isinstance(first, Paragraph):
                first, rest = Paragraph(()), [first, *rest]
            paragraph = self._paragraph(first.inlines, style)
            if number is not None:
                numbering = paragraph._p.get_or_add_pPr().get_or_add_numPr()
                numbering.get_or_add_ilvl().val, numbering.get_or_add_numId().val = 0, number
            self.blocks(rest, depth)

    def _number(self, style: str, start: int) -> int:
        """A numbering of its own for this list, or it would go on from the list before."""
        numbering = self.file.part.numbering_part.element
        base = self.file.styles[style].element.pPr.numPr.numId.val
        made = numbering.add_num(numbering.num_having_numId(base).abstractNumId.val)
        made.add_lvlOverride(ilvl=0).add_startOverride(start)
        return int(made.numId)

    def _table(self, table: Table) -> None:
        if table.caption:
            caption = self._paragraph((Strong(plain(table.caption)),))
            caption.paragraph_format.keep_with_next = True
        made = self.file.add_table(rows=0, cols=len(table.headers), style="Table Grid")
        widths = table.widths or (1,) * len(table.headers)
        for rank, row in enumerate((table.headers, *table.rows)):
            cells = made.add_row()
            properties = cells._tr.get_or_add_trPr()
            properties.append(OxmlElement("w:cantSplit"))
            if rank == 0:
                properties.append(OxmlElement("w:tblHeader"))
            for cell, inlines, width in zip(cells.cells, row, widths, strict=True):
                cell.width = Cm(16.4 * width / sum(widths))
                self._inlines(cell.paragraphs[0], (Strong(inlines),) if rank == 0 else inlines)
                for run in cell.paragraphs[0].runs:
                    run.font.size = Pt(9)
        self.file.add_paragraph()

    def _inlines(self, paragraph: Any, inlines: Iterable[Inline], *, bold: bool = False, italic: bool = False) -> None:
        for inline in inlines:
            match inline:
                case Text(text):
                    _style(paragraph.add_run(seen(text)), bold=bold, italic=italic)
                case Code(text):
                    _style(_code(paragraph, seen(text)), bold=bold, italic=italic)
                case Break():
                    paragraph.add_run().add_break()
                case Strong(inner):
                    self._inlines(paragraph, inner, bold=True, italic=italic)
                case Emphasis(inner):
                    self._inlines(paragraph, inner, bold=bold, italic=True)
                case Link(href, inner):
                    self._link(paragraph, href, inner, bold=bold, italic=italic)

    def _link(self, paragraph: Any, href: str, inner: Iterable[Inline], *, bold: bool, italic: bool) -> None:
        hyperlink = OxmlElement("w:hyperlink")
        hyperlink.set(qn("r:id"), paragraph.part.relate_to(href, RELATIONSHIP_TYPE.HYPERLINK, is_external=True))
        before = len(paragraph._p)
        self._inlines(paragraph, inner, bold=bold, italic=italic)
        for made in list(paragraph._p)[before:]:
            hyperlink.append(made)
        for run in hyperlink.iter(qn("w:rPr")):
            run.append(_underlined())
        paragraph._p.append(hyperlink)


def _style(run: Any, *, bold: bool, italic: bool) -> None:
    # Said even where it changes nothing: a link is underlined through the properties that this makes.
    run.bold, run.italic = bold or None, italic or None
    run._r.get_or_add_rPr()


def _underlined() -> Any:
    underline = OxmlElement("w:u")
    underline.set(qn("w:val"), "single")
    return underline


def _code(paragraph: Any, text: str) -> Any:
    run = paragraph.add_run(text)
    run.font.name, run.font.size = _MONO, Pt(9)
    return run


def _list_style(name: str, depth: int) -> str:
    level = min(depth, _LIST_STYLES)
    return name if level == 1 else f"{name} {level}"


def _field(paragraph: Any, kind: str, after: str) -> None:
    run = paragraph.add_run()
    run.font.size = Pt(8)
    for part in ("begin", "instruction", "end"):
        element = OxmlElement("w:instrText" if part == "instruction" else "w:fldChar")
        if part == "instruction":
            element.text = kind
        else:
            element.set(qn("w:fldCharType"), part)
        run._r.append(element)
    if after:
        paragraph.add_run(after).font.size = Pt(8)
