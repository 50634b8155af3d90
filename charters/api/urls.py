"""Routes of charters."""

from django.urls import URLPattern, URLResolver
from rest_framework.routers import SimpleRouter

from charters.api import views

router = SimpleRouter()
router.register("charters", views.CharterViewSet, basename="charter")
router.register("charter-versions", views.CharterVersionViewSet, basename="charter-version")
router.register("articles", views.ArticleViewSet, basename="article")
router.register("motivations", views.MotivationViewSet, basename="motivation")
router.register("expected-effects", views.ExpectedEffectViewSet, basename="expected-effect")
router.register("board-deliberations", views.BoardDeliberationViewSet, basename="board-deliberation")
router.register("approvals", views.ApprovalViewSet, basename="approval")

urlpatterns: list[URLPattern | URLResolver] = [*router.urls]
