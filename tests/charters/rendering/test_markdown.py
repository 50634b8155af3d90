"""Markdown to the tree of blocks: what it shows, what it refuses to become, and that nothing of a text vanishes."""

import time
from typing import Any
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charters.rendering import html
from charters.rendering.blocks import (
    Block,
    Blocks,
    Break,
    Code,
    CodeBlock,
    Emphasis,
    Heading,
    Link,
    Listing,
    Paragraph,
    Quote,
    Rule,
    Strong,
    Table,
    Text,
    as_json,
    text_of,
)
from charters.rendering.markdown import MAX_BLOCKS_DEEP, MAX_LENGTH, blocks_of


def words_of(blocks: Blocks) -> str:
    """All that is shown, in order."""
    parts: list[str] = []

    def walk(block: Block) -> None:
        match block:
            case Heading(_, inlines) | Paragraph(inlines, _):
                parts.append(text_of(inlines))
            case CodeBlock(text):
                parts.append(text)
            case Quote(inner):
                for item in inner:
                    walk(item)
            case Listing(items, start):
                for rank, item in enumerate(items):
                    parts.append("" if start is None else f"{start + rank}.")
                    for each in item:
                        walk(each)
            case Table(headers, rows):
                for row in (headers, *rows):
                    parts.extend(text_of(cell) for cell in row)

    for block in blocks:
        walk(block)
    return " ".join(parts)


def shown(text: str) -> str:
    return words_of(blocks_of(text))


def test_the_marks_of_commonmark_and_tables_are_understood() -> None:
    text = (
        "# Titre\n\nUn *mot* **fort** `x`  \nsuite\n\n- a\n- b\n\n> cité\n\n---\n\n```\nx\n```\n\n|a|b|\n|-|-|\n|1|2|"
    )
    blocks = blocks_of(text)
    kinds = [type(block) for block in blocks]
    assert kinds == [Heading, Paragraph, Listing, Quote, Rule, CodeBlock, Table]
    assert blocks[1] == Paragraph(
        (
            Text("Un "),
            Emphasis((Text("mot"),)),
            Text(" "),
            Strong((Text("fort"),)),
            Text(" "),
            Code("x"),
            Break(),
            Text("suite"),
        )
    )


@pytest.mark.parametrize("address", ["https://a.fr/b?c=d", "http://a.fr", "mailto:a@b.fr", "HTTPS://A.fr"])
def test_links_lead_to_the_web_and_to_mail_addresses(address: str) -> None:
    (block,) = blocks_of(f"[ici]({address})")
    assert block == Paragraph((Link(address, (Text("ici"),)),))


@pytest.mark.parametrize(
    ("written", "followed"),
    [
        ("https://a.fr/%C3%A9t%C3%A9?q=10%25", "https://a.fr/%C3%A9t%C3%A9?q=10%25"),
        ("https://économie.fr/été", "https://%C3%A9conomie.fr/%C3%A9t%C3%A9"),
        ("https://a.fr/?a=1&amp;b=2", "https://a.fr/?a=1&b=2"),
    ],
)
def test_addresses_are_encoded_once(written: str, followed: str) -> None:
    assert blocks_of(f"[ici]({written})") == (Paragraph((Link(followed, (Text("ici"),)),)),)


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java&#115;cript:alert(1)",
        "jav&#x09;ascript:alert(1)",
        "&#x01;javascript:alert(1)",
        "data:text/html,<script>",
        "vbscript:x",
        "file:///etc/passwd",
        "//evil.example",
        "/etc/passwd",
        "http:javascript",
        "&#x01;http://a.fr",
        "#ancre",
    ],
)
def test_other_addresses_stay_text(address: str) -> None:
    for text in (f"[ici]({address})", f"<{address}>", f"![ici]({address})"):
        found = str(as_json(blocks_of(text)))
        assert "'Link'" not in found
        assert "ici" in found or text.startswith("<")
        assert "href" not in html.fragment(blocks_of(text))


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "<!-- caché -->",
        "<style>body{display:none}</style>",
        '#read("/etc/passwd")',
        '#eval("1+1") $x$ @ref <label>',
        "[a]: http://a.fr 'définition cachée'",
    ],
)
def test_what_is_not_markdown_shows_as_it_was_written(text: str) -> None:
    assert shown(text).replace("’", "'") == text.replace("’", "'")
    assert "<script" not in html.fragment(blocks_of(text))
    assert "<img" not in html.fragment(blocks_of(text))


@pytest.mark.parametrize(
    ("text", "hidden"),
    [
        ("|a|b|\n|-|-|\n|1|2|perdu|", "perdu"),
        ("``` renoncent\nx\n```", "renoncent"),
        ('[a](http://a.fr "infobulle")', "infobulle"),
        (">" * 200 + " profond", "profond"),
        ("".join(f"{'  ' * level}- n{level}\n" for level in range(60)), "n59"),
        ("[note]: /adresse", "note"),
        ("```\njamais fermé", "jamais fermé"),
        ("![légende](http://a.fr/x.png)", "légende"),
    ],
)
def test_nothing_of_a_text_vanishes(text: str, hidden: str) -> None:
    assert hidden in shown(text)


def test_lists_keep_the_numbers_that_were_written() -> None:
    blocks = blocks_of("3. trois\n4. quatre\n7. sept")
    assert [(block.start, len(block.items)) for block in blocks if isinstance(block, Listing)] == [(3, 2), (7, 1)]
    (counted,) = blocks_of("1. un\n1. deux\n1. trois")
    assert isinstance(counted, Listing)
    assert (counted.start, len(counted.items)) == (1, 3)


def test_headings_come_below_the_article_and_skip_no_level() -> None:
    blocks = blocks_of("#### a\n\n# b\n\n###### c\n\n###### d", below=2)
    assert [block.level for block in blocks if isinstance(block, Heading)] == [3, 3, 4, 5]


def test_deep_lists_and_emphases_lose_their_mark_and_not_their_text() -> None:
    def depth(value: Any) -> int:
        return (
            1 + max((depth(item) for item in value), default=0)
            if isinstance(value, list)
            else (max((depth(item) for item in value.values()), default=0) if isinstance(value, dict) else 0)
        )

    text = "".join(f"{'  ' * level}- n{level}\n" for level in range(15))
    assert all(f"n{level}" in shown(text) for level in range(15))
    assert depth(as_json(blocks_of(text))) <= 2 * (MAX_BLOCKS_DEEP + 1) + 2
    assert shown("*" * 500 + "a" + "*" * 500) == "a"


@pytest.mark.parametrize(
    "text",
    [
        "[" * 100_000,
        "![" * 50_000,
        "*a_ " * 25_000,
        "a" * 100_000,
        "`" * 99_999,
        ">" * 100_000,
        "- " * 50_000,
        "<" * 100_000,
        "&" * 29_000,
        "*" * 14_000 + "a" + "*" * 14_000,
        "|a|\n|-|\n" + "x\n" * 14_000,
        "|a" * 5_000 + "|\n" + "|-" * 5_000 + "|\n",
        "[a](" * 1_900,
        "\\" * 29_000,
    ],
    ids=lambda text: text[:8],
)
def test_a_hostile_text_does_not_hold_the_server(text: str) -> None:
    before = time.process_time()
    blocks_of(text)
    assert time.process_time() - before < 5


def test_a_text_too_long_to_parse_shows_as_it_was_written() -> None:
    text = "**mot** " * (MAX_LENGTH // 8 + 1)
    assert shown(text).startswith("**mot** **mot**")


def test_characters_that_show_nothing_or_turn_the_order_of_reading_are_left_out() -> None:
    assert shown("pay\u202eé\u202c\u200b\ufeff &#x202e;deux&#8203;") == "payé deux"
    assert shown("a\x00b\x07c") == "a\ufffdb\ufffdc"


def test_bare_addresses_and_code_keep_their_spaces_and_signs() -> None:
    (block,) = blocks_of("<https://a.fr/?b> `a : b ; l'eau` [l'eau : ici](https://a.fr/?l'x)")
    assert block == Paragraph(
        (
            Link("https://a.fr/?b", (Text("https://a.fr/?b"),)),
            Text(" "),
            Code("a : b ; l'eau"),
            Text(" "),
            Link("https://a.fr/?l'x", (Text("l’eau\u00a0: ici"),)),
        )
    )


@given(st.text(alphabet=st.sampled_from("aéж*_`[]()!<>#|-\n \t>1.&;:\\'\"~{}$@/"), max_size=200))
def test_whatever_is_written_every_letter_of_it_is_shown_and_its_page_is_clean(text: str) -> None:
    fragment = html.fragment(blocks_of(text))
    for letter in "éж":
        assert unquote(fragment).count(letter) >= text.count(letter)
    assert html.clean(fragment) == fragment
