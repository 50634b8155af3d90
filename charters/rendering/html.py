"""The tree as HTML: every text escaped, then all of it through a strict allow-list."""

import base64
import hashlib
from collections.abc import Iterable
from html import escape
from pathlib import Path

import nh3

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
)

_TAGS = {
    "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "strong", "em", "code", "pre", "a", "ul", "ol", "li",
    "blockquote", "div", "table", "caption", "thead", "tbody", "tr", "th", "td", "dl", "dt", "dd", "ins", "del",
    "span", "section",
}  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "rel"},
    "ol": {"start"},
    "th": {"scope"},
    "div": {"lang"},
}
_CLASSES = {
    "p": {"quiet"},
    "code": {"fingerprint"},
    "div": {"scroll", "text"},
    "span": {"mark", "badge"},
    "section": {"change"},
}
_CLEANER = nh3.Cleaner(
    tags=_TAGS,
    attributes=_ATTRIBUTES,
    allowed_classes=_CLASSES,
    url_schemes={"http", "https", "mailto"},
    link_rel=None,
    strip_comments=True,
)
_STYLE = (Path(__file__).parent / "page.css").read_text(encoding="utf-8")
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

CONTENT_SECURITY_POLICY = (
    f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; base-uri 'none'; form-action 'none';"
    " frame-ancestors 'self'; sandbox"
)
"""For the pages of this module: their own style, and nothing that runs, loads or sends."""


def fragment(blocks: Iterable[Block]) -> str:
    """The blocks as HTML to put in a page. Headings of level 1 become `h2`: `h1` is the title of the page."""
    return clean("".join(_block(block) for block in blocks))


def clean(markup: str) -> str:
    """What remains of markup after the allow-list. A second net: the writers already escape every text."""
    return _CLEANER.clean(markup)


def page(document: Document) -> str:
    """The whole document as a page that needs nothing else."""
    return page_of(
        title=document.title,
        language=document.language,
        banner=document.banner,
        footer=document.footer,
        body=fragment(document.blocks),
    )


def page_of(*, title: str, language: str, body: str, banner: str = "", footer: str = "") -> str:
    """A page around a body that `clean` or `fragment` made."""
    return "".join(
        (
            f'<!doctype html>\n<html lang="{escape(language)}">\n<head>\n<meta charset="utf-8">\n',
            '<meta name="viewport" content="width=device-width, initial-scale=1">\n',
            f"<title>{escape(title)}</title>\n<style>{_STYLE}</style>\n</head>\n<body>\n<main>\n",
            f'<p class="banner">{escape(banner)}</p>\n' if banner else "",
            f"<h1>{escape(title)}</h1>\n{body}\n</main>\n",
            f"<footer><p>{escape(footer)}</p></footer>\n" if footer else "",
            "</body>\n</html>\n",
        )
    )


def _block(block: Block) -> str:
    match block:
        case Heading(level, inlines):
            tag = f"h{min(level + 1, 6)}"
            return f"<{tag}>{_inlines(inlines)}</{tag}>\n"
        case Paragraph(inlines, quiet):
            return f"<p{' class="quiet"' if quiet else ''}>{_inlines(inlines)}</p>\n"
        case CodeBlock(text):
            return f"<pre><code>{escape(text)}</code></pre>\n"
        case Rule():
            return "<hr>\n"
        case Quote(blocks):
            return f"<blockquote>{_blocks(blocks)}</blockquote>\n"
        case Listing(items, start):
            inner = "".join(f"<li>{_item(item)}</li>" for item in items)
            return f"<ul>{inner}</ul>\n" if start is None else f'<ol start="{start}">{inner}</ol>\n'
        case Table():
            return _table(block)
        case Facts(rows):
            return (
                f"<dl>{''.join(f'<dt>{escape(label)}</dt><dd>{_inlines(value)}</dd>' for label, value in rows)}</dl>\n"
            )
        case Fingerprint(value):
            return f'<p><code class="fingerprint">{escape(grouped(value))}</code></p>\n'
        case Passage(language, blocks):
            return f'<div lang="{escape(language)}" class="text">{_blocks(blocks)}</div>\n'


def grouped(value: str, size: int = 8) -> str:
    """`value` in groups of `size` characters with a space between."""
    return " ".join(value[start : start + size] for start in range(0, len(value), size))


def _blocks(blocks: Iterable[Block]) -> str:
    return "".join(_block(block) for block in blocks)


def _item(blocks: tuple[Block, ...]) -> str:
    """An item that is one sentence needs no paragraph."""
    match blocks:
        case (Paragraph(inlines, False),):
            return _inlines(inlines)
    return _blocks(blocks)


def _table(table: Table) -> str:
    caption = f"<caption>{escape(table.caption)}</caption>" if table.caption else ""
    headers = "".join(f'<th scope="col">{_inlines(cell)}</th>' for cell in table.headers)
    rows = "".join(f"<tr>{''.join(f'<td>{_inlines(cell)}</td>' for cell in row)}</tr>\n" for row in table.rows)
    return (
        f'<div class="scroll"><table>{caption}<thead><tr>{headers}</tr></thead>\n<tbody>{rows}</tbody></table></div>\n'
    )


def _inlines(inlines: Iterable[Inline]) -> str:
    return "".join(_inline(inline) for inline in inlines)


def _inline(inline: Inline) -> str:
    match inline:
        case Text(text):
            return escape(text)
        case Code(text):
            return f"<code>{escape(text)}</code>"
        case Break():
            return "<br>"
        case Strong(inner):
            return f"<strong>{_inlines(inner)}</strong>"
        case Emphasis(inner):
            return f"<em>{_inlines(inner)}</em>"
        case Link(href, inner):
            return f'<a href="{escape(href)}" rel="noopener noreferrer">{_inlines(inner)}</a>'
