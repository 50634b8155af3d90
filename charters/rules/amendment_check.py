"""What a version changes of the one that it would replace, and which kinds of amendment that allows: in words.

Works on contents (`charters.rules.content.content_of`), so that articles, annexes and frame are compared as they are
hashed.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from charters.rules.acts import frame_violations
from charters.rules.amendments import AmendmentKind, Voters, amendment_violations, same_substance, voters, words_of
from charters.rules.content import AnnexText, ArticleText, normalise
from charters.rules.diff import SegmentKind, moved_keys, text_diff
from coopproject import wording
from coopproject.exceptions import Violation

# How many changed passages are quoted for one article, and how many characters of each.
_QUOTED, _LENGTH = 3, 80
_SAID: dict[str, str | Promise] = {
    "article_added": _("L’article « %(title)s » est nouveau."),
    "article_removed": _("L’article « %(title)s » disparaît."),
    "article_moved": _("L’article « %(title)s » change de place."),
    "section_changed": _("L’article « %(title)s » change de partie."),
    "words_changed": _("Dans « %(title)s », des mots changent : %(passages)s."),
    "form_changed": _("Dans « %(title)s », seule la forme change : %(passages)s."),
    "annex_added": _("L’annexe « %(title)s » est nouvelle."),
    "annex_removed": _("L’annexe « %(title)s » disparaît."),
    "annex_changed": _("L’annexe « %(title)s » change."),
    "annex_moved": _("L’annexe « %(title)s » change de place."),
}
VOTERS: dict[Voters, str | Promise] = {
    Voters.ALL_BOARDS: _("L’instance de chaque membre du noyau dur et des partenaires actifs vote ce texte."),
    Voters.DELEGATED_BODY: _("L’instance à qui la charte a délégué les annexes vote ce texte."),
    Voters.NOBODY: _("Aucune instance ne vote : chaque membre peut contester la correction avant qu’elle compte."),
}


@dataclass(frozen=True)
class KindCheck:
    """Whether this kind of amendment may bring what changed, why not, and who would vote."""

    kind: AmendmentKind
    voters: Voters
    violations: tuple[Violation, ...]


def kind_checks(
    old: Mapping[str, Any] | None, new: Mapping[str, Any], *, first: bool, annex_delegated: bool = False
) -> tuple[KindCheck, ...]:
    """Every kind of amendment, by the rules that the submission applies.

    `old` is the text in force, None when there is none; `first`: no text of this charter was ever submitted.
    """
    return tuple(
        KindCheck(kind, voters(kind, annex_delegated=annex_delegated), tuple(_violations(kind, old, new, first=first)))
        for kind in AmendmentKind
    )


def _violations(
    kind: AmendmentKind, old: Mapping[str, Any] | None, new: Mapping[str, Any], *, first: bool
) -> Iterator[Violation]:
    if (kind is AmendmentKind.INITIAL) != first:
        detail = _("Seul le premier texte d’une charte est une première version.")
        yield Violation("wrong_amendment_type", detail, "/amendment_type")
    elif old is None and kind is AmendmentKind.EDITORIAL:
        detail = _("Une correction rédactionnelle suppose un texte en vigueur.")
        yield Violation("nothing_in_force", detail, "/amendment_type")
    elif old is not None and kind is not AmendmentKind.INITIAL:
        yield from amendment_violations(
            kind,
            old_articles=_articles(old),
            new_articles=_articles(new),
            old_annexes=_annexes(old),
            new_annexes=_annexes(new),
        )
        if kind in (AmendmentKind.EDITORIAL, AmendmentKind.ANNEX_ONLY):
            yield from frame_violations(old, new)


def changes(old: Mapping[str, Any], new: Mapping[str, Any], *, hidden: Collection[str] = ()) -> tuple[Violation, ...]:
    """What changed, each with its pointer: into the new version, into `/former` for what is no longer there.

    `hidden`: keys of the annexes that the reader may not know of; that one changed is told, not which.

    `form_changed` alone leaves every word as it was; any other code is more than a correction without vote may bring.
    """
    frame = [Violation("frame_changed", found.detail, "/charter") for found in frame_violations(old, new)]
    annexes = _annex_changes(_annexes(old), _annexes(new), hidden)
    return (*_article_changes(_articles(old), _articles(new)), *annexes, *frame)


def _article_changes(old: Sequence[ArticleText], new: Sequence[ArticleText]) -> Iterator[Violation]:
    # Where no word changes rank by rank, an article that was taken out and typed again is the same one.
    by_rank = same_substance(old, new)
    before, after = ({_key(rank, item, by_rank): item for rank, item in enumerate(items)} for items in (old, new))
    moved = moved_keys([key for key in before if key in after], [key for key in after if key in before])
    for rank, (key, article) in enumerate(after.items()):
        where, was = f"/articles/{rank}", before.get(key)
        if was is None:
            yield _change("article_added", where, article.title)
            continue
        if key in moved:
            yield _change("article_moved", where, article.title)
        if was.section != article.section:
            yield _change("section_changed", f"{where}/section", article.title)
        yield from _text_change(article.title, was.title, article.title, f"{where}/title")
        yield from _text_change(article.title, was.body, article.body, f"{where}/body")
    for rank, (key, article) in enumerate(before.items()):
        if key not in after:
            yield _change("article_removed", f"/former/articles/{rank}", article.title)


def _annex_changes(old: Sequence[AnnexText], new: Sequence[AnnexText], hidden: Collection[str]) -> Iterator[Violation]:
    if [annex for annex in old if annex.key in hidden] != [annex for annex in new if annex.key in hidden]:
        yield Violation("annexes_changed", _("Une annexe a changé."), "/annexes")
    old, new = ([annex for annex in annexes if annex.key not in hidden] for annexes in (old, new))
    before, after = ({_key(rank, item, False): item for rank, item in enumerate(items)} for items in (old, new))
    moved = moved_keys([key for key in before if key in after], [key for key in after if key in before])
    for rank, (key, annex) in enumerate(after.items()):
        where, was = f"/annexes/{rank}", before.get(key)
        if was is None:
            yield _change("annex_added", where, annex.title)
            continue
        if key in moved:
            yield _change("annex_moved", where, annex.title)
        if was != annex:
            yield _change("annex_changed", where, annex.title)
    for rank, (key, annex) in enumerate(before.items()):
        if key not in after:
            yield _change("annex_removed", f"/former/annexes/{rank}", annex.title)


def _key(rank: int, item: ArticleText | AnnexText, by_rank: bool) -> str:
    return f"#{rank}" if by_rank or not item.key else item.key


def _text_change(title: str, old: str, new: str, pointer: str) -> Iterator[Violation]:
    old, new = normalise(old), normalise(new)
    if old != new:
        code = "form_changed" if words_of(old) == words_of(new) else "words_changed"
        yield _change(code, pointer, title, passages=", ".join(_passages(old, new)))


def _passages(old: str, new: str) -> Iterator[str]:
    """« six » → « dix », for the first few; ∅ where words are only added or only taken out."""
    pairs: list[list[str]] = []
    replacing = False
    for segment in text_diff(old, new):
        if segment.kind is SegmentKind.INSERT and replacing:
            pairs[-1][1] = segment.text
        elif segment.kind is not SegmentKind.EQUAL:
            pairs.append([segment.text, ""] if segment.kind is SegmentKind.DELETE else ["", segment.text])
        replacing = segment.kind is SegmentKind.DELETE
    yield from (f"{_quoted(was)} → {_quoted(now)}" for was, now in pairs[:_QUOTED])
    if len(pairs) > _QUOTED:
        yield "…"


def _quoted(text: str) -> str:
    bare = " ".join(text.split()) or text
    return f"« {bare[:_LENGTH]}{'…' if len(bare) > _LENGTH else ''} »" if text else "∅"


def _change(code: str, pointer: str, title: str, **values: str) -> Violation:
    return Violation(code, wording.filled(_SAID[code], title=title, **values), pointer)


def _articles(content: Mapping[str, Any]) -> list[ArticleText]:
    return [
        ArticleText(item["section"], item["title"], item["body"], item.get("key", ""))
        for item in content.get("articles") or []
    ]


def _annexes(content: Mapping[str, Any]) -> list[AnnexText]:
    return [
        AnnexText(
            item["title"],
            file_sha256=item["sha256"],
            key=item.get("key", ""),
            concerns=tuple(item.get("concerns") or ()),
        )
        for item in content.get("annexes") or []
    ]
