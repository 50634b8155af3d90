"""What changed between two versions, article by article and word by word."""

import time
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charters.rules.content import ArticleText, normalise
from charters.rules.diff import ChangeKind, Segment, SegmentKind, change_counts, diff, text_diff

EQUAL, DELETE, INSERT = SegmentKind.EQUAL, SegmentKind.DELETE, SegmentKind.INSERT


def articles(text: str) -> list[ArticleText]:
    return [ArticleText("free", key, key, key=key) for key in text.split()]


def test_words_that_changed_are_told_apart_from_those_that_stayed():
    assert text_diff("Le préavis est de trois mois.", "Le préavis est de six mois.") == (
        Segment(EQUAL, "Le préavis est de "),
        Segment(DELETE, "trois"),
        Segment(INSERT, "six"),
        Segment(EQUAL, " mois."),
    )


def test_a_line_that_stayed_is_left_alone():
    found = text_diff("un\ndeux\ntrois\n", "un\ntrois\nquatre\n")

    assert found == (
        Segment(EQUAL, "un\n"),
        Segment(DELETE, "deux\n"),
        Segment(EQUAL, "trois\n"),
        Segment(INSERT, "quatre\n"),
    )


def test_what_stayed_is_told_in_one_piece_across_lines():
    assert text_diff("un\nle préavis de trois mois", "un\nle préavis de six mois") == (
        Segment(EQUAL, "un\nle préavis de "),
        Segment(DELETE, "trois"),
        Segment(INSERT, "six"),
        Segment(EQUAL, " mois"),
    )


def test_a_free_article_written_anew_is_another_article():
    old, new = [ArticleText("free", "Fonds", "Un fonds.")], [ArticleText("free", "Presse", "Un porte-parole.")]

    assert [change.kind for change in diff(old, new)] == ["removed", "added"]


@pytest.mark.parametrize(
    ("old", "new", "kinds"),
    [
        ("a b", "a b", {"a": "unchanged", "b": "unchanged"}),
        ("a b", "a b c", {"a": "unchanged", "b": "unchanged", "c": "added"}),
        ("a b c", "a c", {"a": "unchanged", "b": "removed", "c": "unchanged"}),
        ("a b c", "c a b", {"c": "moved", "a": "unchanged", "b": "unchanged"}),
        ("a b c", "b c", {"a": "removed", "b": "unchanged", "c": "unchanged"}),
        ("", "a", {"a": "added"}),
        ("a", "", {"a": "removed"}),
    ],
)
def test_articles_are_matched_by_their_key(old, new, kinds):
    found = diff(articles(old), articles(new))

    assert {change.key: change.kind for change in found} == kinds
    assert list(kinds) == [change.key for change in found]


def test_a_modified_article_shows_its_words_and_whether_it_moved():
    old = [ArticleText("free", "A", "trois mois", key="a"), ArticleText("free", "B", "b", key="b")]
    new = [ArticleText("free", "B", "b", key="b"), ArticleText("exit", "A", "six mois", key="a")]

    change = next(change for change in diff(old, new) if change.key == "a")

    assert (change.kind, change.has_moved) == (ChangeKind.MODIFIED, True)
    assert (change.old_position, change.new_position, change.old_section, change.new_section) == (1, 2, "free", "exit")
    assert change.body == (Segment(DELETE, "trois"), Segment(INSERT, "six"), Segment(EQUAL, " mois"))
    assert change.title == (Segment(EQUAL, "A"),)


def test_an_article_of_another_section_has_moved():
    change = diff([ArticleText("free", "A", "a", key="a")], [ArticleText("exit", "A", "a", key="a")])[0]

    assert change.kind == ChangeKind.MOVED


def test_another_title_is_a_modification():
    change = diff([ArticleText("free", "Sortie", "a", key="a")], [ArticleText("free", "Départ", "a", key="a")])[0]

    assert change.kind == ChangeKind.MODIFIED
    assert change.title == (Segment(DELETE, "Sortie"), Segment(INSERT, "Départ"))


def test_without_keys_articles_are_matched_by_what_stayed_the_same():
    old = [
        ArticleText("origin_and_triggers", "Origine", "En 2024."),
        ArticleText("free", "Fonds", "Un fonds."),
        ArticleText("free", "Presse", "Un porte-parole."),
        ArticleText("exit", "Sortie", "Trois mois."),
        ArticleText("identity", "Identité", "Chacun garde la sienne."),
    ]
    new = [
        ArticleText("free", "Communication", "Un porte-parole."),
        ArticleText("origin_and_triggers", "Origine", "En 2025."),
        ArticleText("exit", "Départ", "Six mois de préavis."),
        ArticleText("game_rules", "Identité", "Chacun garde son projet."),
        ArticleText("free", "Arbitrage", "Un tiers."),
    ]

    found = {(change.old_position, change.new_position, change.kind.value) for change in diff(old, new)}

    assert found == {
        (3, 1, "modified"),
        (1, 2, "modified"),
        (4, 3, "modified"),
        (5, 4, "modified"),
        (None, 5, "added"),
        (2, None, "removed"),
    }


@given(st.text("ab l’\n.é\r", max_size=60), st.text("ab l’\n.é\r", max_size=60))
def test_both_texts_can_be_read_back_from_the_diff(old, new):
    found = text_diff(old, new)

    assert "".join(s.text for s in found if s.kind is not INSERT) == normalise(old)
    assert "".join(s.text for s in found if s.kind is not DELETE) == normalise(new)
    assert all(segment.text for segment in found)


@given(st.permutations("abcdef"), st.permutations("abcdef"), st.integers(0, 6), st.integers(0, 6))
def test_every_article_of_both_versions_appears_once(old, new, old_size, new_size):
    was, now = old[:old_size], new[:new_size]

    found = diff(articles(" ".join(was)), articles(" ".join(now)))

    assert sorted(change.key for change in found) == sorted({*was, *now})
    assert [change.key for change in found if change.new_position] == now


@pytest.mark.parametrize("unit", ["mot ", "ligne\n", "\n"])
def test_a_text_made_to_be_slow_is_shown_whole(unit):
    began = time.monotonic()

    found = text_diff(unit * 20_000, unit * 19_999 + "fin")

    assert [segment.kind for segment in found] == [DELETE, INSERT]
    assert time.monotonic() - began < 2


TEXTS = st.lists(
    st.builds(
        ArticleText,
        st.sampled_from(["exit", "free"]),
        st.sampled_from(["A", "B"]),
        st.sampled_from(["x", "y"]),
        st.sampled_from(["1", "2", "3", "4"]),
    ),
    max_size=4,
    unique_by=lambda article: article.key,
)


@given(TEXTS, TEXTS)
def test_the_counts_are_those_of_the_whole_difference(old: list[ArticleText], new: list[ArticleText]) -> None:
    shown = Counter(found.kind for found in diff(old, new))
    counted = change_counts(old, new)
    assert {kind: counted[kind] for kind in ChangeKind} == {kind: shown[kind] for kind in ChangeKind}
