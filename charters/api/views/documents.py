"""Versions as documents for people: wiring only."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext_lazy as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema
from rest_framework.decorators import action
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.renderers import BaseRenderer
from rest_framework.request import Request

from charters.documents import FORMATS, document_tag, file_name, version_document
from charters.models import CharterVersion
from charters.rendering.html import CONTENT_SECURITY_POLICY
from coopproject import clock
from coopproject.api.downloads import file_response
from coopproject.api.renderers import JSONRenderer


def chosen_format(request: Request, known: tuple[str, ...]) -> str:
    """The `file_format` of the request, the first of `known` when it names none. Raises 400 for another."""
    asked: str = request.query_params.get("file_format", known[0])
    if asked not in known:
        message = _("Format inconnu. Admis : %(known)s.") % {"known": ", ".join(known)}
        raise ValidationError({"?file_format": [ErrorDetail(str(message), "invalid_choice")]})
    return asked


def format_parameter(known: tuple[str, ...]) -> OpenApiParameter:
    return OpenApiParameter(
        "file_format",
        {"type": "string", "enum": list(known), "default": known[0]},
        description=_("Le format du fichier."),
    )


def page_response(request: Request, *, name: str, sha256: str, read: Callable[[], bytes]) -> HttpResponse:
    """An HTML page of ours, shown in place: its own style and nothing else."""
    response = file_response(request, name=name, media_type="text/html", sha256=sha256, read=read)
    response["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
    if response.has_header("Content-Disposition"):
        response["Content-Disposition"] = response["Content-Disposition"].replace("attachment", "inline", 1)
    return response


class DocumentMixin:
    """For the viewset of versions: whoever may know of the version may have its document."""

    def perform_content_negotiation(self: Any, request: Request, force: bool = False) -> tuple[BaseRenderer, str]:
        """`file_format` chooses the file, whatever the `Accept`; problems stay JSON."""
        if self.action == "document" or "file_format" in request.query_params:
            return JSONRenderer(), "application/json"
        negotiated: tuple[BaseRenderer, str] = super().perform_content_negotiation(request, force)  # type: ignore[misc]
        return negotiated

    @extend_schema(
        parameters=[format_parameter(tuple(FORMATS))],
        responses={(200, kind.media_type): OpenApiResponse(OpenApiTypes.BINARY) for kind in FORMATS.values()},
    )
    @action(detail=True, methods=["get"])
    def document(self: Any, request: Request, *args: Any, **kwargs: Any) -> HttpResponse:
        """The version to print, to edit elsewhere or to read: its text, the approvals, how to verify its hash.

        Of a frozen version, the text is the one that was voted. A draft says on each page that it is one.
        """
        version: CharterVersion = self.get_object()
        file_format = chosen_format(request, tuple(FORMATS))
        document = version_document(version, self.actor, clock.today(version.charter.cooperation.zone))
        kind = FORMATS[file_format]
        name, tag = file_name(version, document.title, file_format), document_tag(document, file_format)

        def read() -> bytes:
            return kind.write(document)

        if file_format == "html":
            return page_response(request, name=name, sha256=tag, read=read)
        return file_response(request, name=name, media_type=kind.media_type, sha256=tag, read=read)
