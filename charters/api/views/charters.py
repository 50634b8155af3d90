"""Charters: wiring only."""

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from charters import services
from charters.api import filters
from charters.api.serializers import common, texts
from coopproject.api.views import ResourceViewSet, act


class CharterViewSet(ResourceViewSet):
    serializer_class = texts.CharterOutput
    inputs = {"create": texts.CharterInput, "partial_update": texts.CharterUpdateInput}
    create_service = staticmethod(services.charter_create)
    update_service = staticmethod(services.charter_update)
    filterset_class = filters.CharterFilter
    ordering = ("search_title",)
    ordering_fields = {"title": "search_title", "created_at": "created_at"}
    search_fields = ("search_title",)

    @act(common.CharterReasonInput)
    def archive(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.perform(services.charter_archive)

    @act(texts.ConfirmMotivationsInput)
    def confirm_motivations(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.perform(services.charter_confirm_motivations)

    @act(texts.ReviewInput)
    def record_review(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        return self.perform(services.charter_record_review)
