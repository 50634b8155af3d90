"""Reading the texts of versions: what deserves attention, what changed from one to another."""

from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext_lazy

from charters.models import Article, CharterVersion
from charters.rules.content import ArticleText, shortness_warnings
from charters.rules.diff import annex_diff, diff
from charters.rules.sections import missing_sections
from charters.selectors.annexes import annex_texts, annexes_known_to, annexes_of
from coopproject import wording
from coopproject.exceptions import NotVisible, Violation
from governance.actor import Actor


def version_warnings(articles: Iterable[Article], open_threads: Iterable[str] = ()) -> list[Violation]:
    """What deserves attention in a text and refuses nothing: too long to be followed, a founding section missing,
    comments that wait for an outcome. `open_threads`: the key of the article of each thread still open.
    """
    articles = list(articles)
    texts = [ArticleText(str(article.section), article.title, article.body, article.key) for article in articles]
    found = list(shortness_warnings(texts))
    for section in missing_sections({str(article.section) for article in articles}):
        detail = format_lazy(_("Le guide attend une partie « {label} »."), label=section.label)
        found.append(Violation("section_missing", detail, "/articles"))
    return [*found, *_thread_warnings([article.key for article in articles], Counter(open_threads))]


def _thread_warnings(keys: list[str], threads: Counter[str]) -> Iterator[Violation]:
    """One per article that is discussed; one for all the threads whose article was removed."""
    for index, key in enumerate(keys):
        if threads[key]:
            sentence = ngettext_lazy(
                "%(count)d fil de commentaires est ouvert sur cet article.",
                "%(count)d fils de commentaires sont ouverts sur cet article.",
                threads[key],
            )
            yield Violation("threads_open", wording.filled(sentence, count=threads[key]), f"/articles/{index}")
    removed = sum(count for key, count in threads.items() if key not in keys)
    if removed:
        sentence = ngettext_lazy(
            "%(count)d fil de commentaires est ouvert sur un article retiré.",
            "%(count)d fils de commentaires sont ouverts sur des articles retirés.",
            removed,
        )
        yield Violation("threads_open", wording.filled(sentence, count=removed), "/articles")


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


def diff_of(old: CharterVersion | None, new: CharterVersion, reader: Actor) -> dict[str, Any]:
    """What changed from one version to another, as data; everything is new when there is no former one.

    Of the annexes, only those that the reader may know of in every version where they are.
    """
    before, after = list(annexes_of(old)) if old else [], list(annexes_of(new))
    known = annexes_known_to(reader, [*before, *after])
    hidden = {annex.key for annex in [*before, *after] if annex not in known}
    return {
        "old": old.pk if old else None,
        "new": new.pk,
        "changes": diff(_texts(old) if old else [], _texts(new)),
        "annexes": annex_diff(
            annex_texts(annex for annex in before if annex.key not in hidden),
            annex_texts(annex for annex in after if annex.key not in hidden),
        ),
    }


def _texts(version: CharterVersion) -> list[ArticleText]:
    return [
        ArticleText(str(article.section), article.title, article.body, article.key)
        for article in version.articles.all()
    ]
