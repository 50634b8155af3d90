"""What changed from one version of a charter to another, as a page: marks in the text, never colour alone."""

from collections.abc import Iterable, Iterator
from html import escape

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from charters.documents import words
from charters.documents.words import said
from charters.models import CharterVersion
from charters.rendering import html
from charters.rendering.typography import french, seen
from charters.rules.diff import AnnexChange, ArticleChange, ChangeKind, Segment, SegmentKind
from charters.rules.sections import SECTION_LABELS, Section


def changes_page(
    old: CharterVersion | None,
    new: CharterVersion,
    changes: Iterable[ArticleChange],
    annexes: Iterable[AnnexChange] = (),
) -> str:
    """The page of `GET /charter-versions/{id}/diff/?file_format=html`: each article once, unchanged ones by title.

    The text is shown as it was written, Markdown included: what changed is what the boards have to read.
    """
    changes = tuple(changes)
    numbers = {"old": old.number if old else 0, "new": new.number}
    if old:
        title = said(_("Ce qui change de la version %(old)d à la version %(new)d") % numbers)
    else:
        title = said(_("Version %(new)d, la première") % numbers)
    parts = (_introduction(new, changes), *map(_change, changes), *map(_annex, annexes))
    body = html.clean("".join(parts))
    return html.page_of(title=title, language=words.language(), body=body, banner=words.banner_of(new))


def _introduction(new: CharterVersion, changes: tuple[ArticleChange, ...]) -> str:
    touched = sum(change.kind != ChangeKind.UNCHANGED for change in changes)
    count = ngettext(
        "%(count)d article touché sur %(all)d.", "%(count)d articles touchés sur %(all)d.", words.agreeing(touched)
    )
    summary = said(count % {"count": touched, "all": len(changes)})
    legend = said(_("Lecture : un ajout est souligné, entre [+ et +] ; une suppression est barrée, entre [− et −]."))
    title = f'<div lang="fr"><p><strong>{escape(french(seen(new.charter.title)))}</strong></p></div>'
    return f"{title}<p>{escape(summary)}</p><p>{escape(legend)}</p>"


def _change(change: ArticleChange) -> str:
    number = change.new_position or change.old_position
    heading = escape(said(_("Article %(number)d") % {"number": number}))
    badge = f'<span class="badge">{escape(_badge(change))}</span>'
    title = f"<h2>{heading} — {''.join(_segments(change.title))} {badge}</h2>"
    notes = "".join(f'<p class="quiet">{escape(note)}</p>' for note in _moves(change))
    if change.kind == ChangeKind.UNCHANGED:
        return f'<section class="change">{title}</section>'
    body = (
        ""
        if change.kind == ChangeKind.MOVED
        else f'<div lang="fr" class="text">{"".join(_segments(change.body))}</div>'
    )
    return f'<section class="change">{title}{notes}{body}</section>'


def _annex(change: AnnexChange) -> str:
    badge = f'<span class="badge">{escape(_badge(change))}</span>'
    title = f"<h2>{escape(said(_('Annexe')))} — {''.join(_segments(change.title))} {badge}</h2>"
    if change.kind == ChangeKind.UNCHANGED:
        return f'<section class="change">{title}</section>'
    body = f'<div lang="fr" class="text">{"".join(_segments(change.body))}</div>' if change.body else ""
    return f'<section class="change">{title}{body}{_hashes(change)}</section>'


def _hashes(change: AnnexChange) -> str:
    """The hash before and after: all that can be said of a file."""
    if change.old_sha256 == change.new_sha256:
        return ""
    hashes = ((SegmentKind.DELETE, change.old_sha256), (SegmentKind.INSERT, change.new_sha256))
    shown = (Segment(kind, f"SHA-256 {html.grouped(value)}") for kind, value in hashes if value)
    return f'<p class="quiet">{" ".join(_segments(shown))}</p>'


def _badge(change: ArticleChange | AnnexChange) -> str:
    match change.kind:
        case ChangeKind.ADDED:
            return said(_("ajouté"))
        case ChangeKind.REMOVED:
            return said(_("supprimé"))
        case ChangeKind.MOVED:
            return said(_("déplacé"))
        case ChangeKind.UNCHANGED:
            return said(_("inchangé"))
    moved = isinstance(change, ArticleChange) and change.has_moved
    return said(_("modifié et déplacé")) if moved else said(_("modifié"))


def _moves(change: ArticleChange) -> Iterator[str]:
    if change.old_position and change.new_position and change.has_moved and change.old_position != change.new_position:
        places = {"old": change.old_position, "new": change.new_position}
        yield said(_("De la place %(old)d à la place %(new)d.") % places)
    if change.old_section and change.new_section and change.old_section != change.new_section:
        names = {"old": _section(change.old_section), "new": _section(change.new_section)}
        yield said(_("De la partie « %(old)s » à la partie « %(new)s ».") % names)


def _section(value: str) -> str:
    return str(SECTION_LABELS[Section(value)]) if value in set(Section) else value


def _segments(segments: Iterable[Segment]) -> Iterator[str]:
    for segment in segments:
        text = escape(seen(segment.text))
        match segment.kind:
            case SegmentKind.INSERT:
                yield f'<ins><span class="mark">[+</span>{text}<span class="mark">+]</span></ins>'
            case SegmentKind.DELETE:
                yield f'<del><span class="mark">[−</span>{text}<span class="mark">−]</span></del>'
            case SegmentKind.EQUAL:
                yield text
