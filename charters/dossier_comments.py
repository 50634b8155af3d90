"""The section of the comments on articles in a portable dossier."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from charters.models import ArticleComment
from coopproject.exceptions import Violation
from governance.dossier.governance_sections import in_order, not_in_the_future
from governance.dossier.sections import Draft, Row, Section


def _comment_check(row: Row, draft: Draft) -> Iterator[Violation]:
    comment = row.obj
    yield from not_in_the_future(row, draft, "written_at", "edited_at", "withdrawn_at", "resolved_at")
    yield from in_order(row, "written_at", "edited_at", "withdrawn_at")
    yield from in_order(row, "written_at", "resolved_at")
    if comment.parent_id is None:
        return
    thread = draft.by_id("article_comments")[comment.parent_id].obj
    charters = {draft.by_id("charter_versions")[one.charter_version_id].obj.charter_id for one in (comment, thread)}
    if thread.parent_id is not None or thread.article_key != comment.article_key or len(charters) > 1:
        yield row.wrong("another_thread", _("Une réponse suit le premier commentaire d’un même article."), "parent")


SECTIONS = (
    Section(
        key="article_comments",
        model=ArticleComment,
        fields=(
            "charter_version",
            "article_key",
            "parent",
            "quote",
            "body",
            "author",
            "organisation",
            "capacity",
            "written_at",
            "edited_at",
            "withdrawn_at",
            "state",
            "resolved_by",
            "resolved_at",
            "outcome",
        ),
        check=_comment_check,
    ),
)
