"""The sections of comments and of contests in a portable dossier."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from charters.enums import AmendmentType
from charters.models import AmendmentContest, ArticleComment
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


def _contest_check(row: Row, draft: Draft) -> Iterator[Violation]:
    yield from not_in_the_future(row, draft, "contested_at")
    version = draft.by_id("charter_versions")[row.obj.charter_version_id].obj
    if version.amendment_type != AmendmentType.EDITORIAL or version.submitted_at is None:
        yield row.wrong("not_editorial", _("Seule une correction soumise se conteste."), "charter_version")
    elif row.obj.contested_at < version.submitted_at:
        yield row.wrong("out_of_order", _("Une correction se conteste une fois soumise."), "contested_at")
    if version.in_force_on is not None:
        detail = _("Une correction contestée n’entre pas en vigueur.")
        yield row.wrong("contested_in_force", detail, "charter_version")


SECTIONS = (
    Section(
        key="amendment_contests",
        model=AmendmentContest,
        fields=("charter_version", "organisation", "contested_by", "capacity", "reason", "contested_at"),
        check=_contest_check,
    ),
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
