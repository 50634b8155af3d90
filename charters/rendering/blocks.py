"""The tree of a text: blocks, and inlines within them. What it cannot say (raw HTML, images) cannot be shown."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Any


@dataclass(frozen=True)
class Text:
    text: str


@dataclass(frozen=True)
class Code:
    text: str


@dataclass(frozen=True)
class Break:
    """A line break within a paragraph."""


@dataclass(frozen=True)
class Strong:
    inlines: "Inlines"


@dataclass(frozen=True)
class Emphasis:
    inlines: "Inlines"


@dataclass(frozen=True)
class Link:
    """`href` is http, https or mailto, whoever made it (`charters.rendering.markdown`)."""

    href: str
    inlines: "Inlines"


type Inline = Text | Code | Break | Strong | Emphasis | Link
type Inlines = tuple[Inline, ...]


@dataclass(frozen=True)
class Heading:
    """Level 1 is the highest below the title of the document; a level never skips one."""

    level: int
    inlines: Inlines


@dataclass(frozen=True)
class Paragraph:
    """`quiet`: a remark about the block that follows or precedes, not of the text itself."""

    inlines: Inlines
    quiet: bool = False


@dataclass(frozen=True)
class CodeBlock:
    text: str


@dataclass(frozen=True)
class Rule:
    """A line across the page between two passages."""


@dataclass(frozen=True)
class Quote:
    blocks: "Blocks"


@dataclass(frozen=True)
class Listing:
    """A list; numbered from `start`, or with bullets when it is None."""

    items: tuple["Blocks", ...]
    start: int | None = None


@dataclass(frozen=True)
class Table:
    """A header row, then rows as long as it. `widths`: relative widths of the columns, equal when empty."""

    headers: tuple[Inlines, ...]
    rows: tuple[tuple[Inlines, ...], ...]
    widths: tuple[int, ...] = ()
    caption: str = ""


@dataclass(frozen=True)
class Facts:
    """Labels and values, one under the other."""

    rows: tuple[tuple[str, Inlines], ...]


@dataclass(frozen=True)
class Fingerprint:
    """A hash in hexadecimal, shown in groups that the eye can compare."""

    value: str


@dataclass(frozen=True)
class Passage:
    """What a member wrote, in the language that it was written in (`fr`), whatever the reader's."""

    language: str
    blocks: "Blocks"


type Block = Heading | Paragraph | CodeBlock | Rule | Quote | Listing | Table | Facts | Fingerprint | Passage
type Blocks = tuple[Block, ...]


@dataclass(frozen=True)
class Document:
    """A whole document. `banner` tops every page (« Projet — non soumis »), `footer` ends it; `language`: fr or en."""

    language: str
    title: str
    footer: str
    blocks: Blocks
    banner: str = ""


def plain(text: str) -> Inlines:
    """A text without any mark, its line breaks kept."""
    inlines: list[Inline] = []
    for rank, line in enumerate(text.split("\n")):
        inlines += [Break()] if rank else []
        inlines += [Text(line)] if line else []
    return tuple(inlines)


def paragraph(text: str, *, quiet: bool = False) -> Paragraph:
    return Paragraph(plain(text), quiet)


def text_of(inlines: Iterable[Inline]) -> str:
    """The text alone, without its marks."""
    parts = []
    for inline in inlines:
        match inline:
            case Text(text) | Code(text):
                parts.append(text)
            case Break():
                parts.append(" ")
            case Strong(inner) | Emphasis(inner) | Link(_, inner):
                parts.append(text_of(inner))
    return "".join(parts)


def as_json(node: object) -> Any:
    """The tree as plain JSON: each node an object with its `kind`, the name of its class."""
    if is_dataclass(node):
        return {"kind": type(node).__name__} | {item.name: as_json(getattr(node, item.name)) for item in fields(node)}
    if isinstance(node, Sequence) and not isinstance(node, str):
        return [as_json(item) for item in node]
    return node
