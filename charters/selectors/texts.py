"""Reading the texts of versions: what deserves attention, what changed from one to another."""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from charters.models import Article, CharterVersion
from charters.rules.content import ArticleText, shortness_warnings
from charters.rules.diff import diff
from charters.rules.sections import missing_sections
from coopproject.exceptions import NotVisible, Violation


def version_warnings(articles: Iterable[Article]) -> list[Violation]:
    """What deserves attention in a text and refuses nothing: too long to be followed, a founding section missing."""
    articles = list(articles)
    texts = [ArticleText(str(article.section), article.title, article.body, article.key) for article in articles]
    found = list(shortness_warnings(texts))
    for section in missing_sections({str(article.section) for article in articles}):
        detail = format_lazy(_("Le guide attend une partie « {label} »."), label=section.label)
        found.append(Violation("section_missing", detail, "/articles"))
    return found


def version_to_compare(
    known: QuerySet[CharterVersion], version: CharterVersion, against: str | None
) -> CharterVersion | None:
    """The version named, among those that the reader may know of, or the one before when none is named.

    None when there is no version before. Raises NotVisible for a name that is not that of a version of this charter.
    """
    if against is None:
        return known.filter(number__lt=version.number).order_by("-number").first()
    try:
        found = known.filter(pk=UUID(against)).first()
    except ValueError:
        found = None
    if found is None:
        raise NotVisible
    return found


def diff_of(old: CharterVersion | None, new: CharterVersion) -> dict[str, Any]:
    """What changed from one version to another, as data; everything is new when there is no former one."""
    return {"old": old.pk if old else None, "new": new.pk, "changes": diff(_texts(old) if old else [], _texts(new))}


def _texts(version: CharterVersion) -> list[ArticleText]:
    return [
        ArticleText(str(article.section), article.title, article.body, article.key)
        for article in version.articles.all()
    ]
