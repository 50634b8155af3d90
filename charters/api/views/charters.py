"""Charters: wiring only."""

from types import SimpleNamespace
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from charters import services
from charters.api import filters
from charters.api.serializers import common, history, texts
from charters.models import Charter
from charters.rules.sections import FOUNDING_SECTIONS, charter_template
from charters.selectors.history import history as told_history
from charters.selectors.history import versions_of
from coopproject.api.pagination import MAX_PAGE_SIZE, KeysetPagination
from coopproject.api.policy import READ_ONLY, Policy
from coopproject.api.views import ApiViewSet, ResourceViewSet, act
from governance.api.requests import refuse_parameters


class CharterViewSet(ResourceViewSet):
    """What the members wrote together: its purpose, the rule by which a text enters into force, its reviews."""

    serializer_class = texts.CharterOutput
    inputs = {"create": texts.CharterInput, "partial_update": texts.CharterUpdateInput}
    create_service = staticmethod(services.charter_create)
    update_service = staticmethod(services.charter_update)
    filterset_class = filters.CharterFilter
    ordering = ("search_title",)
    ordering_fields = {"title": "search_title", "created_at": "created_at"}
    search_fields = ("search_title",)

    extra_parameters = {"history": ("cursor", "page_size")}

    @extend_schema(
        parameters=[
            OpenApiParameter("cursor", str),
            OpenApiParameter("page_size", {"type": "integer", "minimum": 1, "maximum": MAX_PAGE_SIZE}),
        ],
        responses=history.HistoryPage,
    )
    @action(detail=True, methods=["get"])
    def history(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Newest first: who changed what in each version, when and why."""
        charter: Charter = self.get_object()
        pages = KeysetPagination()
        page = pages.paginate_queryset(
            versions_of(charter, self.actor), request, SimpleNamespace(ordering=("-number",))
        )
        rows = history.VersionHistoryOutput(told_history(charter, page), many=True).data
        return pages.get_paginated_response(rows)

    @act(common.CharterReasonInput)
    def archive(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Put a charter away: nothing is erased, nothing more can be done with it."""
        return self.perform(services.charter_archive)

    @act(texts.ConfirmMotivationsInput)
    def confirm_motivations(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Record that the members read the motivations again and stand by them."""
        return self.perform(services.charter_confirm_motivations)

    @act(texts.ReviewInput)
    def record_review(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Record that the members reviewed the charter together; the next review is counted from that day."""
        return self.perform(services.charter_record_review)


class CharterTemplateViewSet(ApiViewSet):
    """Reference data, the same for everybody who is signed in."""

    http_method_names = ["get", "head", "options"]
    serializer_class = history.TemplateOutput
    pagination_class = None
    filter_backends = ()
    policy: Policy = READ_ONLY

    @extend_schema(operation_id="charter_template", responses=history.TemplateOutput)
    def template(self, request: Request) -> Response:
        """The French text from which a charter may start, after the guide: what `from_template` copies."""
        refuse_parameters(request)
        sections = [{**vars(item), "founding": item.section in FOUNDING_SECTIONS} for item in charter_template()]
        return Response(history.TemplateOutput({"language": "fr", "sections": sections}).data)
