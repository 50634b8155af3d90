"""Every address of the house. Each app brings its routes in `api/urls.py`."""

from django.urls import URLPattern, URLResolver, include, path, re_path
from django.views.decorators.cache import never_cache
from django.views.generic import RedirectView
from drf_spectacular.views import SpectacularAPIView, SpectacularRedocView, SpectacularSwaggerView

from coopproject.api import health, problems

api: list[URLPattern | URLResolver] = [
    path("", health.index, name="index"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerView.as_view(url_name="schema"), name="docs"),
    path("reference/", SpectacularRedocView.as_view(url_name="schema"), name="reference"),
    path("problems/", health.problem_types, name="problems"),
    path("problems/<slug:code>/", health.problem_types, name="problem"),
    path("", include("governance.api.urls")),
    path("", include("charters.api.urls")),
    path("", include("milestones.api.urls")),
    path("", include("worker.api.urls")),
]
urlpatterns = [
    path("", RedirectView.as_view(pattern_name="docs"), name="home"),
    path("livez", never_cache(health.livez), name="livez"),
    path("readyz", never_cache(health.readyz), name="readyz"),
    path("", include("worker.urls")),
    path("api/v1/", include(api)),
    re_path(r"^api/.*$", problems.not_found),
]
handler400 = problems.bad_request
handler403 = problems.permission_denied
handler404 = problems.not_found
handler500 = problems.server_error
