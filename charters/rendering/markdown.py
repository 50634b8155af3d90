"""CommonMark, with tables, to the tree of blocks. No raw HTML, no image, links to the web and to mail addresses only.

Whatever is not understood shows as it was written: nothing of a text that boards vote on may vanish from its page.
"""

import html
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, unquote

from markdown_it import MarkdownIt
from markdown_it.token import Token

from charters.rendering.blocks import (
    Block,
    Blocks,
    Break,
    Code,
    CodeBlock,
    Emphasis,
    Heading,
    Inline,
    Inlines,
    Link,
    Listing,
    Paragraph,
    Quote,
    Rule,
    Strong,
    Table,
    Text,
    plain,
    text_of,
)
from charters.rendering.typography import french, seen

MAX_LENGTH, MAX_LINES, MAX_BRACKETS = 30_000, 2_000, 2_000
"""Of one text; one with more characters, lines or brackets shows as it was written: parsing would take seconds."""
MAX_BLOCKS_DEEP = 5
MAX_INLINES_DEEP = 4
"""Deeper quotes, lists and emphases lose their mark, not their text."""
MAX_COLUMNS = 8
MAX_HEADER = 200
"""Characters of one cell of the header of a table, which every page repeats."""
HEADING_LEVELS = 3

_ADDRESS = re.compile(r"(?:https?://|mailto:)[^\s/]", re.IGNORECASE)

_NESTING = 40


def _allowed(url: str) -> bool:
    return bool(_ADDRESS.match(url))


def _encoded(url: str) -> str:
    """Percent-encoded, the names of hosts too, so that decoding gives back what was written."""
    return quote(url, safe="%/:?#[]@!$&'()*+,;=~")


def _parser() -> MarkdownIt:
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": 40}).enable("table")
    # A reference definition would hide its line; an image would fetch something from elsewhere.
    parser.disable(["reference", "html_block", "html_inline", "image"])
    parser.validateLink = _allowed  # type: ignore[method-assign]
    parser.normalizeLink = _encoded  # type: ignore[method-assign]
    return parser


_PARSER = _parser()


def blocks_of(text: str, *, below: int = 0) -> Blocks:
    """The blocks of a Markdown text; its headings come below level `below` and never skip a level."""
    text = seen(text.replace("\r\n", "\n").replace("\r", "\n"))
    if len(text) > MAX_LENGTH or text.count("\n") > MAX_LINES or text.count("[") > MAX_BRACKETS:
        return _as_written(text)
    tokens = _PARSER.parse(text)
    shown = _letters("".join(_shown(tokens)))
    if all(_letters(written) - shown for written in (text, html.unescape(text))):
        # The parser left something out: cells beyond those of the header, nesting without end.
        return _as_written(text)
    return _Builder(tokens, below).blocks


def _as_written(text: str) -> Blocks:
    parts = (part.strip("\n") for part in text.split("\n\n"))
    return tuple(Paragraph(_typeset(plain(part))) for part in parts if part.strip())


def _letters(text: str) -> Counter[str]:
    """Of text and of addresses, which are shown percent-encoded."""
    return Counter(filter(str.isalpha, unquote(text)))


def _shown(tokens: Iterable[Token]) -> Iterator[str]:
    """All that the tokens show of the text that they were read from."""
    for token in tokens:
        yield from _shown(token.children) if token.children else (token.content, token.info)
        if token.type == "link_open":
            yield _href(token) if token.markup != "autolink" else ""
            yield str(token.attrGet("title") or "")


@dataclass
class _Builder:
    """Walks the flat tokens once; `stack` holds the blocks of each open container."""

    tokens: list[Token]
    below: int
    stack: list[list[Block]] = field(default_factory=lambda: [[]])
    lists: list[list[tuple[int | None, Blocks]]] = field(default_factory=list)
    heading: int = 0

    @property
    def blocks(self) -> Blocks:
        stream = iter(self.tokens)
        for token in stream:
            self._take(token, stream)
        return tuple(self.stack[0])

    def _take(self, token: Token, stream: Iterator[Token]) -> None:
        match token.type:
            case "blockquote_open":
                self.stack.append([])
            case "blockquote_close":
                inner = tuple(self.stack.pop())
                self._add(*inner) if self._too_deep() else self._add(Quote(inner))
            case "bullet_list_open" | "ordered_list_open":
                self.lists.append([])
            case "list_item_open":
                self.lists[-1].append((int(token.info) if token.info else None, ()))
                self.stack.append([])
            case "list_item_close":
                number, _ = self.lists[-1].pop()
                self.lists[-1].append((number, tuple(self.stack.pop())))
            case "bullet_list_close" | "ordered_list_close":
                items = self.lists.pop()
                self._add(*(block for _, item in items for block in item) if self._too_deep() else _listings(items))
            case "heading_open":
                if inlines := _inlines(next(stream)):
                    self._add(Heading(self.below + self._level(int(token.tag[1:])), inlines))
            case "paragraph_open":
                inlines = _inlines(next(stream))
                self._add(*([Paragraph(inlines)] if inlines else []))
            case "code_block" | "fence":
                self._add(CodeBlock("\n".join(filter(None, (token.info.strip(), token.content.removesuffix("\n"))))))
            case "hr":
                self._add(Rule())
            case "table_open":
                self._add(*_table(stream))

    def _add(self, *blocks: Block) -> None:
        self.stack[-1].extend(blocks)

    def _too_deep(self) -> bool:
        return len(self.stack) > MAX_BLOCKS_DEEP

    def _level(self, written: int) -> int:
        self.heading = min(written, self.heading + 1, HEADING_LEVELS)
        return self.heading


def _listings(items: list[tuple[int | None, Blocks]]) -> Iterator[Listing]:
    """The list with the numbers that were written: a break in them starts another list (all the same: counted)."""
    numbers = [number for number, _ in items]
    counted = len(set(numbers)) == 1
    first = 0
    for rank in range(1, len(items) + 1):
        if rank < len(items) and (counted or numbers[rank] == (numbers[rank - 1] or 0) + 1):
            continue
        yield Listing(tuple(blocks for _, blocks in items[first:rank]), numbers[first])
        first = rank


def _table(stream: Iterator[Token]) -> Iterator[Block]:
    """The table that was just opened; too large for a page, its rows follow one another as paragraphs."""
    rows: list[list[Inlines]] = []
    for token in stream:
        match token.type:
            case "table_close":
                break
            case "tr_open":
                rows.append([])
            case "inline":
                rows[-1].append(_inlines(token))
    if len(rows[0]) > MAX_COLUMNS or any(len(text_of(cell)) > MAX_HEADER for cell in rows[0]):
        for row in rows:
            yield Paragraph(tuple(inline for cell in row for inline in (*cell, Text(" | ")))[:-1])
    else:
        yield Table(tuple(rows[0]), tuple(tuple(row) for row in rows[1:]))


def _inlines(token: Token) -> Inlines:
    """The inlines of an `inline` token, neighbouring texts joined so that typography sees whole sentences."""
    stack: list[list[Inline]] = [[]]
    opened: list[Token | None] = []
    for child in token.children or []:
        match child.type:
            case "text" | "text_special" | "html_inline":
                _join(stack[-1], child.content)
            case "softbreak":
                _join(stack[-1], " ")
            case "hardbreak":
                stack[-1].append(Break())
            case "code_inline":
                stack[-1].append(Code(child.content))
            case "strong_open" | "em_open" | "link_open":
                deep = len(stack) > MAX_INLINES_DEEP
                opened.append(None if deep else child)
                if not deep:
                    stack.append([])
            case "strong_close" | "em_close" | "link_close":
                if opening := opened.pop():
                    inner = tuple(stack.pop())
                    stack[-1].append(_marked(opening, inner))
                    _join(stack[-1], _title(opening))
    return _typeset(tuple(stack[0]))


def _join(inlines: list[Inline], text: str) -> None:
    if inlines and isinstance(inlines[-1], Text):
        inlines[-1] = Text(inlines[-1].text + text)
    elif text:
        inlines.append(Text(text))


def _marked(opening: Token, inner: Inlines) -> Inline:
    match opening.type:
        case "strong_open":
            return Strong(inner)
        case "em_open":
            return Emphasis(inner)
    return Link(_href(opening), inner)


def _title(opening: Token) -> str:
    """The title of a link, that paper would not show."""
    title = opening.attrGet("title")
    return f" ({title})" if title else ""


def _href(link: Token) -> str:
    return str(link.attrGet("href"))


def _typeset(inlines: Inlines) -> Inlines:
    """French typography on the texts, code and bare addresses left alone."""
    found: list[Inline] = []
    for inline in inlines:
        match inline:
            case Text(text):
                found.append(Text(french(seen(text))))
            case Code(text):
                found.append(Code(seen(text)))
            case Strong(inner):
                found.append(Strong(_typeset(inner)))
            case Emphasis(inner):
                found.append(Emphasis(_typeset(inner)))
            case Link(href, inner):
                found.append(Link(href, inner if _is_address(inner) else _typeset(inner)))
            case _:
                found.append(inline)
    return tuple(found)


def _is_address(inlines: Inlines) -> bool:
    text = text_of(inlines)
    return " " not in text and (":" in text or "@" in text)
