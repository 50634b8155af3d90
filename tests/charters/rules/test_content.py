"""The exact text: its canonical form, its hash, and what may not be frozen."""

import hashlib
from datetime import date

import pytest

from charters.rules.content import (
    AnnexText,
    ArticleText,
    Shortness,
    annex_hash,
    canonical_bytes,
    content_hash,
    content_of,
    content_violations,
    normalise,
    shortness_warnings,
    word_count,
)
from charters.rules.sections import SECTION_LABELS, Section, charter_template, missing_sections

ARTICLE = ArticleText("shared_intentions", "Intentions", "Grandir sans grossir.", key="a")


def test_the_canonical_form_is_the_one_of_rfc_8785():
    content = content_of(title="Charte « é »", articles=[ARTICLE], stated_on=date(2026, 4, 1))

    assert canonical_bytes(content).decode() == (
        '{"annexes":[],"articles":[{"body":"Grandir sans grossir.","key":"a","section":"shared_intentions",'
        '"title":"Intentions"}],"entry_rule":null,"format":"coopproject.charter/1","stated_on":"2026-04-01",'
        '"title":"Charte « é »"}'
    )
    assert content_hash(content) == hashlib.sha256(canonical_bytes(content)).hexdigest()


def test_the_hash_is_fixed_for_ever():
    """A hash that boards have approved must be found again by every later version of this program."""
    content = content_of(title="T", articles=[ARTICLE], annexes=[AnnexText("Pilotes", "Ana", key="x")])

    assert content_hash(content) == "c752a7d10de3138a1adc9b73c5227f9019e2affb535e8bd9cca6e286547fa406"


@pytest.mark.parametrize(
    "changed",
    [
        {"title": "U"},
        {"articles": [ArticleText("shared_intentions", "Intentions", "Grandir sans grossir", key="a")]},
        {"articles": [ArticleText("free", "Intentions", "Grandir sans grossir.", key="a")]},
        {"articles": [ARTICLE, ArticleText("free", "B", "b", key="b")]},
        {"annexes": [AnnexText("Pilotes", "Bob", key="x")]},
        {"annexes": []},
        {"entry_rule": {"kind": "all_members"}},
        {"stated_on": date(2026, 4, 1)},
        {"frozen_facts": {"pilots": ["p1"]}},
    ],
)
def test_anything_that_boards_approve_changes_the_hash(changed):
    base = {"title": "T", "articles": [ARTICLE], "annexes": [AnnexText("Pilotes", "Ana", key="x")]}

    assert content_hash(content_of(**(base | changed))) != content_hash(content_of(**base))


def test_the_order_of_articles_is_part_of_the_text():
    other = ArticleText("free", "B", "b", key="b")

    assert content_hash(content_of(title="T", articles=[ARTICLE, other])) != content_hash(
        content_of(title="T", articles=[other, ARTICLE])
    )


def test_the_same_text_typed_on_two_machines_has_one_hash():
    mac = ArticleText("free", "Charte de\u0301taille\u0301e", "Un\r\ndeux", key="a")
    other = ArticleText("free", "Charte d\u00e9taill\u00e9e", "Un\ndeux", key="a")

    assert content_hash(content_of(title="T", articles=[mac])) == content_hash(content_of(title="T", articles=[other]))
    assert normalise("a\rb") == "a\nb"


def test_an_annex_is_bound_by_its_hash_and_its_text_stays_out():
    secret = AnnexText("Tarifs", "confidentiel", key="x")

    content = content_of(title="T", articles=[ARTICLE], annexes=[secret])

    assert b"confidentiel" not in canonical_bytes(content)
    assert annex_hash(secret) == hashlib.sha256(b"confidentiel").hexdigest()
    assert annex_hash(AnnexText("Tarifs", file_sha256="0" * 64, key="x")) == "0" * 64


def test_a_text_ready_to_be_frozen_has_no_violation():
    articles = [ArticleText(t.section, t.title, t.body, key=t.key) for t in charter_template()]

    assert content_violations(title="Charte", articles=articles, annexes=[AnnexText("Pilotes", "Ana", key="x")]) == ()


@pytest.mark.parametrize(
    ("title", "articles", "annexes", "found"),
    [
        (" ", [], [], [("title_missing", "/title"), ("no_article", "/articles")]),
        ("T", [ArticleText("free", "", " \n", key="a")], [],
         [("title_missing", "/articles/0/title"), ("article_empty", "/articles/0/body")]),
        ("T", [ArticleText("colour", "A", "a", key="a")], [], [("unknown_choice", "/articles/0/section")]),
        ("T", [ARTICLE, ARTICLE], [], [("key_repeated", "/articles/1/key")]),
        ("T", [ArticleText("free", "A", "a"), ArticleText("free", "B", "b")], [], []),
        ("T", [ArticleText("free", "A", "a\x00b", key="a")], [], [("unreadable_character", "/articles/0/body")]),
        ("T", [ArticleText("free", "A\ud800", "a", key="a")], [], [("unreadable_character", "/articles/0/title")]),
        ("T", [ArticleText("free", "A", "a\tb\r\nc", key="a")], [], []),
        ("T", [ARTICLE], [AnnexText("A", key="a")], [("annex_empty", "/annexes/0")]),
        ("T", [ARTICLE], [AnnexText("A", file_sha256="ABC", key="a")], [("not_a_hash", "/annexes/0/file_sha256")]),
    ],
)  # fmt: skip
def test_a_text_that_cannot_be_approved_is_refused_with_every_reason(title, articles, annexes, found):
    violations = content_violations(title=title, articles=articles, annexes=annexes)

    assert [(violation.code, violation.pointer) for violation in violations] == found


def test_a_charter_that_stops_being_short_is_warned_of_at_the_limit_and_not_before():
    limits = Shortness(total_words=6, article_words=4, articles=2)
    at_limit = [ArticleText("free", key, "un deux trois", key=key) for key in "ab"]

    assert shortness_warnings(at_limit, limits) == ()
    assert shortness_warnings([ArticleText("free", "a", "un deux trois quatre")], limits) == ()
    longer = [
        ArticleText("free", "a", "un deux trois quatre cinq", key="a"),
        *at_limit[1:],
        ArticleText("free", "c", "x", key="c"),
    ]
    assert [(w.code, w.pointer) for w in shortness_warnings(longer, limits)] == [
        ("not_short", "/articles"),
        ("not_short", "/articles"),
        ("not_short", "/articles/0/body"),
    ]


def test_words_are_counted_as_a_reader_counts_them():
    assert word_count("L’association garde son savoir-faire, oui !") == 5


def test_the_template_covers_the_guide_and_stays_short():
    template = charter_template()

    assert missing_sections({article.section for article in template}) == ()
    assert len({article.key for article in template}) == len(template)
    assert shortness_warnings([ArticleText(t.section, t.title, t.body, key=t.key) for t in template]) == ()


def test_missing_sections_come_in_the_order_of_the_guide():
    missing = missing_sections({"collective_wager", "achievements", "free"})

    assert missing == (
        Section.ORIGIN_AND_TRIGGERS,
        Section.SHARED_INTENTIONS,
        Section.EXTERNAL_FACTORS,
        Section.INTERNAL_LOGIC,
    )


def test_every_section_has_a_french_label():
    assert set(SECTION_LABELS) == set(Section)
    assert str(Section.COLLECTIVE_WAGER.label) == "pari collectif"
