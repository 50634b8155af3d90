"""The versions of a charter and their articles: wiring only."""

import hashlib
from typing import Any

from django.http.response import HttpResponseBase
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from charters import selectors, services
from charters.api import filters
from charters.api.serializers import amendments, common, entry, texts
from charters.api.views.documents import DocumentMixin, chosen_format, format_parameter, page_response
from charters.documents import changes_page
from charters.models import CharterVersion
from charters.selectors.amendments import amendment_check
from coopproject import clock
from coopproject.api.views import ResourceViewSet, act
from coopproject.exceptions import NotVisible

DIFF_FORMATS = ("json", "html")


class CharterVersionViewSet(DocumentMixin, ResourceViewSet):
    """The numbered texts of a charter. A draft is written; submission freezes it, and boards vote on its exact hash."""

    serializer_class = texts.CharterVersionOutput
    inputs = {"create": texts.CharterVersionInput, "partial_update": texts.CharterVersionUpdateInput}
    create_service = staticmethod(services.charter_version_create)
    update_service = staticmethod(services.charter_version_update)
    filterset_class = filters.CharterVersionFilter
    ordering = ("-created_at",)
    ordering_fields = ("created_at", "number", "in_force_on", "submitted_at")
    guarded_actions = frozenset({"partial_update"})
    extra_parameters = {"diff": ("against", "file_format"), "document": ("file_format",)}

    @act(guarded=True)
    def submit(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Freeze the text and put it to the boards that it asks; 409 with every reason that stands against it."""
        return self.perform(services.charter_version_submit)

    @act(common.CharterReasonInput, guarded=True)
    def withdraw(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Give up a draft, or take a submitted text back from the boards; text and votes stay readable."""
        return self.perform(services.charter_version_withdraw)

    @act(common.CharterReasonInput, guarded=True)
    def reject(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """State that the boards refused the text, once the others can no longer satisfy the entry rule."""
        return self.perform(services.charter_version_reject)

    @act(texts.AmendInput, responses={201: texts.CharterVersionOutput})
    def amend(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Open the draft of the next version: a copy to change, while this one stays as it is."""
        base = self.get_object()
        expected = self.expected_version()
        data = self.validated_input()
        draft = services.charter_version_amend(pk=base.pk, actor=self.actor, expected_version=expected, **data)
        return self.respond(draft, 201)

    @extend_schema(responses=texts.ContentOutput)
    @action(detail=True, methods=["get"])
    def content(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        version = self.get_object()
        return Response(
            {"content": self.actor.told_whole(version.content, version), "content_hash": version.content_hash}
        )

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "against",
                {"type": "string", "format": "uuid"},
                description=_("La version à laquelle comparer ; par défaut la précédente."),
            ),
            format_parameter(DIFF_FORMATS),
        ],
        responses={
            (200, "application/json"): texts.DiffOutput,
            (200, "text/html"): OpenApiResponse(OpenApiTypes.STR),
        },
    )
    @action(detail=True, methods=["get"])
    def diff(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponseBase:
        file_format = chosen_format(request, DIFF_FORMATS)
        version: CharterVersion = self.get_object()
        known = self.get_queryset().filter(charter_id=version.charter_id)
        try:
            against = selectors.version_to_compare(known, version, request.query_params.get("against"))
        except NotVisible as missing:
            message = _("Aucune version de cette charte ne porte cet identifiant.")
            raise ValidationError({"?against": [ErrorDetail(str(message), "does_not_exist")]}) from missing
        found = selectors.diff_of(against, version, self.actor)
        if file_format == "json":
            return Response(texts.DiffOutput(found).data)
        page = changes_page(against, version, found["changes"], found["annexes"]).encode()
        name = f"changements-v{version.number}.html"
        return page_response(request, name=name, sha256=hashlib.sha256(page).hexdigest(), read=lambda: page)

    @act(amendments.ContestInput, legal=True, guarded=True)
    def contest_editorial(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Say, for a party, that a correction changes more than words: it does not enter into force unvoted."""
        return self.perform(services.charter_version_contest_editorial)

    @extend_schema(responses=amendments.AmendmentCheckOutput)
    @action(detail=True, methods=["get"], url_path="amendment-check")
    def amendment_check(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        version: CharterVersion = self.get_object()
        today = clock.today(version.charter.cooperation.zone)
        return Response(amendments.AmendmentCheckOutput(amendment_check(version, self.actor, today)).data)

    @extend_schema(responses=entry.EntryOutput)
    @action(detail=True, methods=["get"])
    def entry(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        version: CharterVersion = self.get_object()
        today = clock.today(version.charter.cooperation.zone)
        return Response(entry.EntryOutput(selectors.entry_report(version, self.actor, today)).data)


class ArticleViewSet(ResourceViewSet):
    """The articles of a draft, in their order. Those of a submitted text are read, and never change."""

    serializer_class = texts.ArticleOutput
    inputs = {"create": texts.ArticleInput, "partial_update": texts.ArticleUpdateInput}
    create_service = staticmethod(services.article_create)
    update_service = staticmethod(services.article_update)
    filterset_class = filters.ArticleFilter
    ordering = ("charter_version_id", "position")
    ordering_fields = ("position", "created_at")
    guarded_actions = frozenset({"partial_update", "destroy"})

    extra_parameters = {"destroy": ("reason",)}

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "reason", {"type": "string", "maxLength": 500}, description=_("Pourquoi, pour l’historique.")
            )
        ],
        responses={204: None},
    )
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        article = self.get_object()
        reason = request.query_params.get("reason", "")
        if len(reason) > 500:
            message = _("500 caractères au plus.")
            raise ValidationError({"?reason": [ErrorDetail(str(message), "max_length")]})
        expected = self.expected_version()
        services.article_delete(pk=article.pk, actor=self.actor, expected_version=expected, reason=reason)
        return Response(status=204)
