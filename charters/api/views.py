"""The endpoints of charters: wiring only."""

from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.request import Request
from rest_framework.response import Response

from charters import selectors, services
from charters.api import filters, serializers
from charters.models import CharterVersion
from coopproject import clock
from coopproject.api.views import CreateMixin, ReadViewSet, ResourceViewSet, act
from coopproject.exceptions import NotVisible


class CharterViewSet(ResourceViewSet):
    serializer_class = serializers.CharterOutput
    inputs = {"create": serializers.CharterInput, "partial_update": serializers.CharterUpdateInput}
    create_service = staticmethod(services.charter_create)
    update_service = staticmethod(services.charter_update)
    filterset_class = filters.CharterFilter
    ordering = ("search_title",)
    ordering_fields = {"title": "search_title", "created_at": "created_at"}
    search_fields = ("search_title",)

    @act(serializers.CharterReasonInput)
    def archive(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.perform(services.charter_archive)

    @act(serializers.ReviewInput)
    def record_review(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.perform(services.charter_record_review)


class CharterVersionViewSet(ResourceViewSet):
    serializer_class = serializers.CharterVersionOutput
    inputs = {"create": serializers.CharterVersionInput, "partial_update": serializers.CharterVersionUpdateInput}
    create_service = staticmethod(services.charter_version_create)
    update_service = staticmethod(services.charter_version_update)
    filterset_class = filters.CharterVersionFilter
    ordering = ("-created_at",)
    ordering_fields = ("created_at", "number", "in_force_on", "submitted_at")
    guarded_actions = frozenset({"partial_update"})
    extra_parameters = {"diff": ("against",)}

    @act(guarded=True)
    def submit(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.perform(services.charter_version_submit)

    @act(serializers.CharterReasonInput, guarded=True)
    def withdraw(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.perform(services.charter_version_withdraw)

    @act(serializers.CharterReasonInput, guarded=True)
    def reject(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.perform(services.charter_version_reject)

    @act(serializers.AmendInput, responses={201: serializers.CharterVersionOutput})
    def amend(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        base = self.get_object()
        expected = self.expected_version()
        data = self.validated_input()
        draft = services.charter_version_amend(pk=base.pk, actor=self.actor, expected_version=expected, **data)
        return self.respond(draft, 201)

    @extend_schema(responses=serializers.ContentOutput)
    @action(detail=True, methods=["get"])
    def content(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        version = self.get_object()
        return Response({"content": version.content, "content_hash": version.content_hash})

    @extend_schema(
        parameters=[
            OpenApiParameter(
                "against",
                {"type": "string", "format": "uuid"},
                description=_("La version à laquelle comparer ; par défaut la précédente."),
            )
        ],
        responses=serializers.DiffOutput,
    )
    @action(detail=True, methods=["get"])
    def diff(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        version: CharterVersion = self.get_object()
        known = self.get_queryset().filter(charter_id=version.charter_id)
        try:
            against = selectors.version_to_compare(known, version, request.query_params.get("against"))
        except NotVisible as missing:
            message = _("Aucune version de cette charte ne porte cet identifiant.")
            raise ValidationError({"?against": [ErrorDetail(str(message), "does_not_exist")]}) from missing
        return Response(serializers.DiffOutput(selectors.diff_of(against, version)).data)

    @extend_schema(responses=serializers.EntryOutput)
    @action(detail=True, methods=["get"])
    def entry(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        version: CharterVersion = self.get_object()
        today = clock.today(version.charter.cooperation.zone)
        return Response(serializers.EntryOutput(selectors.entry_report(version, self.actor, today)).data)


class ArticleViewSet(ResourceViewSet):
    serializer_class = serializers.ArticleOutput
    inputs = {"create": serializers.ArticleInput, "partial_update": serializers.ArticleUpdateInput}
    create_service = staticmethod(services.article_create)
    update_service = staticmethod(services.article_update)
    filterset_class = filters.ArticleFilter
    ordering = ("charter_version", "position")
    ordering_fields = ("position", "created_at")
    guarded_actions = frozenset({"partial_update", "destroy"})

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        article = self.get_object()
        services.article_delete(pk=article.pk, actor=self.actor, expected_version=self.expected_version())
        return Response(status=204)


class MotivationViewSet(ResourceViewSet):
    serializer_class = serializers.MotivationOutput
    inputs = {"create": serializers.MotivationInput, "partial_update": serializers.MotivationUpdateInput}
    create_service = staticmethod(services.motivation_create)
    update_service = staticmethod(services.motivation_update)
    filterset_class = filters.MotivationFilter
    ordering = ("charter", "code")
    ordering_fields = {"code": "code", "weight": "weight", "label": "search_label", "created_at": "created_at"}
    search_fields = ("search_label",)


class ExpectedEffectViewSet(ResourceViewSet):
    serializer_class = serializers.ExpectedEffectOutput
    inputs = {"create": serializers.ExpectedEffectInput, "partial_update": serializers.ExpectedEffectUpdateInput}
    create_service = staticmethod(services.expected_effect_create)
    update_service = staticmethod(services.expected_effect_update)
    filterset_class = filters.ExpectedEffectFilter
    ordering = ("motivation", "created_at")
    ordering_fields = ("due_on", "created_at")


class BoardDeliberationViewSet(CreateMixin, ReadViewSet):
    serializer_class = serializers.BoardDeliberationOutput
    inputs = {"create": serializers.BoardDeliberationInput}
    create_service = staticmethod(services.board_deliberation_record)
    filterset_class = filters.BoardDeliberationFilter
    ordering = ("-held_on", "-created_at")
    ordering_fields = ("held_on", "created_at")
    legal_actions = frozenset({"create"})


class ApprovalViewSet(ReadViewSet):
    serializer_class = serializers.ApprovalOutput
    filterset_class = filters.ApprovalFilter
    ordering = ("-approved_on",)
    ordering_fields = ("approved_on", "created_at")
