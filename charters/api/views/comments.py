"""Comments on articles: wiring only."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from charters import services
from charters.api import filters
from charters.api.serializers import comments
from coopproject.api.views import ResourceViewSet, act


class ArticleCommentViewSet(ResourceViewSet):
    """Remarks on an article while its text is written: resolved, or withdrawn by their author."""

    serializer_class = comments.ArticleCommentOutput
    inputs = {"create": comments.ArticleCommentInput, "partial_update": comments.ArticleCommentUpdateInput}
    create_service = staticmethod(services.article_comment_create)
    update_service = staticmethod(services.article_comment_update)
    filterset_class = filters.ArticleCommentFilter
    ordering = ("written_at",)
    ordering_fields = ("written_at", "created_at")

    @act()
    def withdraw(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Take one's own comment back while nobody has answered it; it stays in its place and says so."""
        return self.perform(services.article_comment_withdraw)

    @act(comments.ResolveInput)
    def resolve(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Close a thread, with what came of it."""
        return self.perform(services.article_comment_resolve)

    @act(comments.ReopenInput)
    def reopen(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Open a closed thread again."""
        return self.perform(services.article_comment_reopen)
