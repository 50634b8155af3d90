"""What an amendment of a charter changes, and who must vote on it (domain.md 2.3, step 8)."""

import re
import unicodedata
from collections.abc import Sequence
from enum import StrEnum

from django.utils.translation import gettext_lazy as _

from charters.rules.content import AnnexText, ArticleText, annex_hash, normalise
from coopproject.exceptions import Violation

_SUBSTANCE = re.compile(r"\w+|[%€]")


class AmendmentKind(StrEnum):
    """`initial` and `substantial`: every board votes. `annex_only`: a delegated body may, if the charter says so.
    `editorial`: nobody votes, so nothing but form may change."""

    INITIAL = "initial"
    EDITORIAL = "editorial"
    SUBSTANTIAL = "substantial"
    ANNEX_ONLY = "annex_only"


class Voters(StrEnum):
    ALL_BOARDS = "all_boards"
    DELEGATED_BODY = "delegated_body"
    NOBODY = "nobody"


def voters(kind: AmendmentKind, *, annex_delegated: bool) -> Voters:
    """Who votes; without a delegation in the charter, an annex is voted as the rest is."""
    match kind:
        case AmendmentKind.INITIAL | AmendmentKind.SUBSTANTIAL:
            return Voters.ALL_BOARDS
        case AmendmentKind.ANNEX_ONLY:
            return Voters.DELEGATED_BODY if annex_delegated else Voters.ALL_BOARDS
        case AmendmentKind.EDITORIAL:
            return Voters.NOBODY


def amendment_violations(
    kind: AmendmentKind,
    *,
    old_articles: Sequence[ArticleText],
    new_articles: Sequence[ArticleText],
    old_annexes: Sequence[AnnexText] = (),
    new_annexes: Sequence[AnnexText] = (),
) -> tuple[Violation, ...]:
    """Why what changed is more than this kind of amendment may change; boards would be passed over otherwise.

    Form is case, accents, spaces and punctuation. Another letter, number or order is substance: « six » for « dix » is
    one letter away, and nobody would have voted it.
    """
    found = []
    if kind is AmendmentKind.INITIAL and old_articles:
        found.append(Violation("not_initial", _("Une version précède déjà celle-ci."), "/amendment_type"))
    annexes_changed = [_said(annex) for annex in old_annexes] != [_said(annex) for annex in new_annexes]
    if kind is AmendmentKind.ANNEX_ONLY and _texts(old_articles) != _texts(new_articles):
        found.append(Violation("articles_changed", _("Seules les annexes pouvaient changer."), "/amendment_type"))
    if kind is AmendmentKind.EDITORIAL:
        if annexes_changed:
            found.append(Violation("annexes_changed", _("Une annexe a changé."), "/amendment_type"))
        if _substance(old_articles) != _substance(new_articles):
            found.append(
                Violation(
                    "substance_changed",
                    _("Une retouche de forme ne change aucun mot : une nouvelle version est à voter."),
                    "/amendment_type",
                )
            )
    return tuple(found)


def changed_annexes(old: Sequence[AnnexText], new: Sequence[AnnexText]) -> tuple[str, ...]:
    """The keys of the annexes added, removed or modified (title, bytes or organisations concerned), those that are
    there in their order, then those that are gone. Another rank changes nothing of an annex."""
    before = {annex.key: _said(annex) for annex in old}
    after = {annex.key: _said(annex) for annex in new}
    return tuple(key for key in after | before if before.get(key) != after.get(key))


def _said(annex: AnnexText) -> tuple[str, str, tuple[str, ...]]:
    return normalise(annex.title), annex_hash(annex), tuple(sorted(annex.concerns))


def _texts(articles: Sequence[ArticleText]) -> list[tuple[str, str, str]]:
    return [(str(a.section), normalise(a.title), normalise(a.body)) for a in articles]


def _substance(articles: Sequence[ArticleText]) -> list[tuple[str, list[str], list[str]]]:
    return [(section, _words(title), _words(body)) for section, title, body in _texts(articles)]


def _words(text: str) -> list[str]:
    bare = "".join(c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return _SUBSTANCE.findall(bare.casefold())
