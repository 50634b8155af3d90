"""What people say of the articles, in threads. Nothing of it is deleted (triggers of migration 0004)."""

from typing import Any, ClassVar, Self

import pghistory
from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models import Exists, F, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from charters.enums import ThreadState
from charters.models.charters import Article, CharterVersion
from charters.rules.comments import DISCUSSED
from governance.enums import RoleKind
from governance.models import Organisation, Person, TenantModel, TenantQuerySet


class ArticleCommentQuerySet(TenantQuerySet):
    def unresolved(self) -> Self:
        """The first comments of the threads that still wait for an outcome."""
        return self.filter(parent=None, state=ThreadState.OPEN, withdrawn_at=None)

    def with_article_removed(self) -> Self:
        """Annotate `article_removed`: the text that people work on now has no article of that key any more.

        That text is the newest of the charter that is a draft, submitted or in force; else the one commented.
        """
        current = CharterVersion.objects.filter(
            charter=OuterRef("charter_version__charter"), state__in=DISCUSSED
        ).order_by("-number")
        concerned = Coalesce(Subquery(current.values("pk")[:1]), F("charter_version"))
        article = Article.objects.filter(charter_version=OuterRef("concerned"), key=OuterRef("article_key"))
        return self.annotate(concerned=concerned).annotate(article_removed=~Exists(article))


@pghistory.track()
class ArticleComment(TenantModel):
    """One comment on an article, or one reply to it: threads have one level.

    A thread follows its article from version to version by its key; `charter_version` is the one that was read.
    `state` is that of the thread, on its first comment only. `quote` stood word for word in the article when it was
    written. A comment that is withdrawn stays in its place and says so; its words are no longer served.
    """

    confidentiality_lookup = "charter_version__charter__confidentiality"

    charter_version = models.ForeignKey(
        CharterVersion, models.PROTECT, related_name="comments", verbose_name=_("version de charte")
    )
    article_key = models.CharField(_("clé de l’article"), max_length=64)
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replies", verbose_name=_("en réponse à")
    )
    quote = models.TextField(_("passage cité"), max_length=1000, blank=True)
    body = models.TextField(_("texte (Markdown)"), max_length=5000)
    author = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("auteur"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("pour le compte de")
    )
    capacity = models.CharField(_("en qualité de"), max_length=20, choices=RoleKind, blank=True)
    written_at = models.DateTimeField(_("écrit le"))
    edited_at = models.DateTimeField(_("retouché le"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("retiré le"), null=True, blank=True)
    state = models.CharField(_("état du fil"), max_length=10, choices=ThreadState, blank=True)
    resolved_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("clos par")
    )
    resolved_at = models.DateTimeField(_("clos le"), null=True, blank=True)
    outcome = models.TextField(_("suite donnée"), max_length=2000, blank=True)

    objects: ClassVar[Any] = ArticleCommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("commentaire")
        verbose_name_plural = _("commentaires")
        ordering = ["written_at", "pk"]
        indexes = [models.Index(fields=["charter_version", "article_key"], name="charters_comment_of_article")]
        constraints = [
            models.CheckConstraint(
                condition=Q(parent__isnull=True, state__in=ThreadState.values) | Q(parent__isnull=False, state=""),
                name="charters_comment_state_is_the_thread_s",
            ),
            models.CheckConstraint(
                condition=Q(state="resolved", resolved_at__isnull=False, resolved_by__isnull=False)
                | (~Q(state="resolved") & Q(resolved_at__isnull=True, resolved_by__isnull=True, outcome="")),
                name="charters_comment_resolved_by_somebody",
            ),
            models.CheckConstraint(condition=~Q(body=""), name="charters_comment_says_something"),
            models.CheckConstraint(
                condition=Q(parent__isnull=True) | Q(quote=""), name="charters_comment_reply_quotes_nothing"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.article_key} {self.written_at:%Y-%m-%d}"


def open_thread_keys() -> ArraySubquery:
    """For each charter version, the key of the article of each open thread of its charter, oldest first."""
    threads = ArticleComment.objects.unresolved().filter(charter_version__charter=OuterRef("charter"))
    return ArraySubquery(threads.order_by("written_at", "pk").values("article_key"))
