"""`files`: one's own uploads, on their way to the object that will hold them."""

from typing import Any

import django_filters
from django.db.models import QuerySet
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from coopproject.api.downloads import FILE_RESPONSE, FileRenderer, stored_file_response
from coopproject.api.filters import FilterSet, InstantFilter
from coopproject.api.serializers import Output
from coopproject.api.uploads import ReceivesFiles, UploadInput
from coopproject.api.views import ReadViewSet
from governance import policies
from governance.models import StoredFile
from governance.services import files as services


class StoredFileOutput(Output):
    policy = policies.stored_file

    class Meta:
        model = StoredFile
        fields = ("id", "name", "media_type", "size", "sha256", "created_at", "abilities")


class StoredFileFilter(FilterSet):
    updated_since = InstantFilter(field_name="created_at", lookup_expr="gte")
    sha256 = django_filters.CharFilter()
    media_type = django_filters.CharFilter()

    class Meta:
        model = StoredFile
        fields = ()


class StoredFileViewSet(ReceivesFiles, ReadViewSet):
    """The files that I sent, until an object holds them; they are then served where they are held."""

    http_method_names = ["get", "post", "delete", "head", "options"]
    serializer_class = StoredFileOutput
    inputs = {"create": UploadInput}
    file_actions = frozenset({"create"})
    filterset_class = StoredFileFilter
    ordering = ("-created_at",)
    ordering_fields = ("created_at", "size", "name")

    def get_queryset(self) -> QuerySet[Any]:
        """One's own uploads. Once an object holds one, its bytes are read there, by whoever may know of the object."""
        mine = StoredFile.objects.visible_to(self.actor)
        return mine.unused() if self.action == "download" else mine

    @extend_schema(request={"multipart/form-data": UploadInput}, responses={201: StoredFileOutput})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Send a file, in the field `file` of a multipart body. What nothing uses is forgotten after thirty days."""
        upload = self.validated_input()["file"]
        return self.respond(services.file_create(actor=self.actor, name=upload.name, content=upload.read()), 201)

    @extend_schema(responses={204: None})
    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Give up an upload that nothing holds."""
        services.file_delete(pk=self.get_object().pk, actor=self.actor)
        return Response(status=204)

    @extend_schema(responses=FILE_RESPONSE)
    @action(detail=True, methods=["get"], renderer_classes=[FileRenderer])
    def download(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """The bytes, while nothing holds the file: afterwards they are read at the object that does."""
        return stored_file_response(request, self.get_object())
