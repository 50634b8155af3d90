"""What changed between two versions of a charter: article by article, then word by word. Data, not a page."""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from charters.rules.content import AnnexText, ArticleText, annex_hash, normalise
from charters.rules.sections import Section

# Beyond this many pairs of equal words, a rewritten passage is shown whole instead of word by word: comparing costs as
# much as there are pairs, and a text of one word repeated would hold the server for minutes.
_MAX_PAIRS = 1_000_000
_TOKEN = re.compile(r"\n|[^\S\n]+|\w+|[^\w\s]")


class ChangeKind(StrEnum):
    ADDED = "added"
    REMOVED = "removed"
    MODIFIED = "modified"
    MOVED = "moved"
    UNCHANGED = "unchanged"


class SegmentKind(StrEnum):
    EQUAL = "equal"
    DELETE = "delete"
    INSERT = "insert"


@dataclass(frozen=True)
class Segment:
    kind: SegmentKind
    text: str


@dataclass(frozen=True)
class ArticleChange:
    """One article. Positions count from 1, None where the article does not exist.

    `moved`: only its rank among the articles that both versions have changed, or its section. A modified article may
    have moved too: `has_moved` says so.
    """

    key: str
    kind: ChangeKind
    old_position: int | None
    new_position: int | None
    old_section: str | None
    new_section: str | None
    has_moved: bool
    title: tuple[Segment, ...]
    body: tuple[Segment, ...]


@dataclass(frozen=True)
class AnnexChange:
    """One annex, matched by its key. Hashes are None where it does not exist; `body` tells the words of texts only."""

    key: str
    kind: ChangeKind
    old_sha256: str | None
    new_sha256: str | None
    title: tuple[Segment, ...]
    body: tuple[Segment, ...]


def annex_diff(old: Sequence[AnnexText], new: Sequence[AnnexText]) -> tuple[AnnexChange, ...]:
    """Every annex of both versions, in the order of the new one; a removed annex comes where it stood."""
    before, after = {annex.key: annex for annex in old}, {annex.key: annex for annex in new}
    changes = []
    for key in _merged_order(list(before), list(after)):
        was, now = before.get(key), after.get(key)
        title = text_diff(was.title if was else "", now.title if now else "")
        body = text_diff(was.body if was else "", now.body if now else "")
        hashes = (annex_hash(was) if was else None, annex_hash(now) if now else None)
        if was is None:
            kind = ChangeKind.ADDED
        elif now is None:
            kind = ChangeKind.REMOVED
        else:
            same = hashes[0] == hashes[1] and normalise(was.title) == normalise(now.title)
            kind = (
                ChangeKind.UNCHANGED if same and sorted(was.concerns) == sorted(now.concerns) else ChangeKind.MODIFIED
            )
        changes.append(AnnexChange(key, kind, *hashes, title, body))
    return tuple(changes)


def diff(old: Sequence[ArticleText], new: Sequence[ArticleText]) -> tuple[ArticleChange, ...]:
    """Every article of both versions, in the order of the new one; a removed article comes where it stood.

    Articles are matched by their key where both have one, else by what stayed the same (see `_matched`).
    """
    old_keys, new_keys = _matched(old, new)
    before = {key: (rank, article) for rank, (key, article) in enumerate(zip(old_keys, old, strict=True), 1)}
    after = {key: (rank, article) for rank, (key, article) in enumerate(zip(new_keys, new, strict=True), 1)}
    moved = moved_keys([key for key in old_keys if key in after], [key for key in new_keys if key in before])
    changes = []
    for key in _merged_order(old_keys, new_keys):
        old_rank, was = before.get(key, (None, None))
        new_rank, now = after.get(key, (None, None))
        title = text_diff(was.title if was else "", now.title if now else "")
        body = text_diff(was.body if was else "", now.body if now else "")
        shifted = bool(was and now and (key in moved or was.section != now.section))
        if was is None:
            kind = ChangeKind.ADDED
        elif now is None:
            kind = ChangeKind.REMOVED
        elif any(segment.kind is not SegmentKind.EQUAL for segment in (*title, *body)):
            kind = ChangeKind.MODIFIED
        else:
            kind = ChangeKind.MOVED if shifted else ChangeKind.UNCHANGED
        changes.append(
            ArticleChange(
                key,
                kind,
                old_rank,
                new_rank,
                was.section if was else None,
                now.section if now else None,
                shifted,
                title,
                body,
            )
        )
    return tuple(changes)


def change_counts(old: Sequence[ArticleText], new: Sequence[ArticleText]) -> Counter[ChangeKind]:
    """How many articles `diff` would show of each kind, without comparing their words."""
    old_keys, new_keys = _matched(old, new)
    before, after = dict(zip(old_keys, old, strict=True)), dict(zip(new_keys, new, strict=True))
    moved = moved_keys([key for key in old_keys if key in after], [key for key in new_keys if key in before])
    kinds = Counter({ChangeKind.REMOVED: len(before.keys() - after.keys())})
    for key, now in after.items():
        was = before.get(key)
        if was is None:
            kinds[ChangeKind.ADDED] += 1
        elif any(normalise(a) != normalise(b) for a, b in ((was.title, now.title), (was.body, now.body))):
            kinds[ChangeKind.MODIFIED] += 1
        else:
            shifted = key in moved or was.section != now.section
            kinds[ChangeKind.MOVED if shifted else ChangeKind.UNCHANGED] += 1
    return kinds


def text_diff(old: str, new: str) -> tuple[Segment, ...]:
    """Word by word. The equal and deleted segments make the old text again, the equal and inserted ones the new."""
    old, new = normalise(old), normalise(new)
    if old == new:
        return (Segment(SegmentKind.EQUAL, old),) if old else ()
    segments: list[Segment] = []
    old_lines, new_lines = old.splitlines(keepends=True), new.splitlines(keepends=True)
    if _pairs(old_lines, new_lines) > _MAX_PAIRS:
        return Segment(SegmentKind.DELETE, old), Segment(SegmentKind.INSERT, new)
    for tag, i1, i2, j1, j2 in SequenceMatcher(None, old_lines, new_lines, autojunk=False).get_opcodes():
        before, after = "".join(old_lines[i1:i2]), "".join(new_lines[j1:j2])
        if tag == "equal":
            _append(segments, SegmentKind.EQUAL, before)
        else:
            _append_words(segments, before, after)
    return tuple(segments)


def _append_words(segments: list[Segment], old: str, new: str) -> None:
    old_words, new_words = _TOKEN.findall(old), _TOKEN.findall(new)
    if _pairs(old_words, new_words) > _MAX_PAIRS:
        _append(segments, SegmentKind.DELETE, old)
        _append(segments, SegmentKind.INSERT, new)
        return
    # Spaces match everywhere and would glue unrelated words together: they never start a match.
    matcher = SequenceMatcher(str.isspace, old_words, new_words, autojunk=False)
    for tag, i1, i2, j1, j2 in matcher.get_opcodes():
        if tag == "equal":
            _append(segments, SegmentKind.EQUAL, "".join(old_words[i1:i2]))
        else:
            _append(segments, SegmentKind.DELETE, "".join(old_words[i1:i2]))
            _append(segments, SegmentKind.INSERT, "".join(new_words[j1:j2]))


def _pairs(old: list[str], new: list[str]) -> int:
    there = Counter(new)
    return sum(count * there[item] for item, count in Counter(old).items() if not item.isspace() or item == "\n")


def _append(segments: list[Segment], kind: SegmentKind, text: str) -> None:
    if not text:
        return
    if segments and segments[-1].kind is kind:
        text = segments.pop().text + text
    segments.append(Segment(kind, text))


def _matched(old: Sequence[ArticleText], new: Sequence[ArticleText]) -> tuple[list[str], list[str]]:
    """A key for each article, the same for the two versions of one: its own key, else the same section and title,
    the same body, the same title, or the only article of its section in both."""
    pairs: dict[int, int] = {}
    alone_before, alone_after = Counter(a.section for a in old), Counter(a.section for a in new)

    def alone(article: ArticleText) -> str | None:
        once = alone_before[article.section] == alone_after[article.section] == 1
        return article.section if once and article.section != Section.FREE else None

    sameness: tuple[Callable[[ArticleText], object], ...] = (
        lambda article: article.key or None,
        lambda article: None if article.key else (article.section, article.title),
        lambda article: None if article.key else article.body,
        lambda article: None if article.key else article.title,
        lambda article: None if article.key else alone(article),
    )
    for trait in sameness:
        free: dict[object, list[int]] = {}
        for rank, article in enumerate(new):
            if rank not in pairs and trait(article) is not None:
                free.setdefault(trait(article), []).append(rank)
        taken = set(pairs.values())
        for rank, article in enumerate(old):
            if rank not in taken and (candidates := free.get(trait(article))):
                pairs[candidates.pop(0)] = rank
    old_keys = [article.key or f"old-{rank}" for rank, article in enumerate(old, 1)]
    new_keys = [
        old_keys[pairs[rank]] if rank in pairs else article.key or f"new-{rank + 1}" for rank, article in enumerate(new)
    ]
    return old_keys, new_keys


def moved_keys(old: list[str], new: list[str]) -> set[str]:
    """The keys whose rank changed relative to the others that both versions have."""
    blocks = SequenceMatcher(None, old, new, autojunk=False).get_matching_blocks()
    return set(new) - {key for block in blocks for key in new[block.b : block.b + block.size]}


def _merged_order(old: list[str], new: list[str]) -> list[str]:
    """The new order, each removed key right after the one that it followed."""
    order = list(new)
    kept = set(new)
    previous: str | None = None
    for key in old:
        if key not in kept:
            order.insert(order.index(previous) + 1 if previous is not None else 0, key)
        previous = key
    return order
