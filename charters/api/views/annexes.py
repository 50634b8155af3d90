"""The annexes of a version, and their files: wiring only."""

from typing import Any

from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from charters import services
from charters.api import filters
from charters.api.serializers import annexes
from coopproject.api.downloads import FILE_RESPONSE, FileRenderer, stored_file_response
from coopproject.api.uploads import ReceivesFiles, UploadInput
from coopproject.api.views import ResourceViewSet, act


class CharterAnnexViewSet(ReceivesFiles, ResourceViewSet):
    """What is attached to a version of a charter, with its file; frozen with the text."""

    serializer_class = annexes.CharterAnnexOutput
    inputs = {"create": annexes.CharterAnnexInput, "partial_update": annexes.CharterAnnexUpdateInput}
    create_service = staticmethod(services.annex_create)
    update_service = staticmethod(services.annex_update)
    file_actions = frozenset({"restore_file"})
    filterset_class = filters.CharterAnnexFilter
    ordering = ("charter_version_id", "position")
    ordering_fields = ("position", "created_at")
    guarded_actions = frozenset({"partial_update", "destroy"})

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        annex = self.get_object()
        services.annex_delete(pk=annex.pk, actor=self.actor, expected_version=self.expected_version())
        return Response(status=204)

    @extend_schema(responses=FILE_RESPONSE)
    @action(detail=True, methods=["get"], renderer_classes=[FileRenderer])
    def file(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """The bytes of the file, to whoever may know of the annex."""
        return stored_file_response(request, self.get_object().file)

    @act(UploadInput)
    @extend_schema(request={"multipart/form-data": UploadInput})
    def restore_file(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Bring back a file that an imported dossier knew by its hash only: the very same bytes."""
        annex = self.get_object()
        content = self.validated_input()["file"].read()
        expected = self.expected_version()
        return self.respond(
            services.annex_restore_file(pk=annex.pk, actor=self.actor, expected_version=expected, content=content)
        )
