"""Routes of charters."""

from django.urls import URLPattern, URLResolver, path
from rest_framework.routers import SimpleRouter

from charters.api.views.agreements import AgreementViewSet
from charters.api.views.annexes import CharterAnnexViewSet
from charters.api.views.board_deliberations import ApprovalViewSet, BoardDeliberationViewSet
from charters.api.views.charter_versions import ArticleViewSet, CharterVersionViewSet
from charters.api.views.charters import CharterTemplateViewSet, CharterViewSet
from charters.api.views.comments import ArticleCommentViewSet
from charters.api.views.motivations import ExpectedEffectViewSet, MotivationCodeViewSet, MotivationViewSet

router = SimpleRouter()
router.register("charters", CharterViewSet, basename="charter")
router.register("charter-versions", CharterVersionViewSet, basename="charter-version")
router.register("annexes", CharterAnnexViewSet, basename="annex")
router.register("articles", ArticleViewSet, basename="article")
router.register("article-comments", ArticleCommentViewSet, basename="article-comment")
router.register("motivations", MotivationViewSet, basename="motivation")
router.register("motivation-codes", MotivationCodeViewSet, basename="motivation-code")
router.register("expected-effects", ExpectedEffectViewSet, basename="expected-effect")
router.register("board-deliberations", BoardDeliberationViewSet, basename="board-deliberation")
router.register("approvals", ApprovalViewSet, basename="approval")
router.register("agreements", AgreementViewSet, basename="agreement")

urlpatterns: list[URLPattern | URLResolver] = [
    path("charter-template/", CharterTemplateViewSet.as_view({"get": "template"}), name="charter-template"),
    *router.urls,
]
