"""Serving a file: always as an attachment, never as a page, with the hash of its bytes as its tag.

Called by the view of the object that holds the file, once it knows that the reader may know of that object.
"""

import re
import unicodedata
from collections.abc import Callable
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiResponse
from rest_framework.request import Request

from coopproject.api import etag
from coopproject.api.problems import ApiProblem
from coopproject.api.renderers import JSONRenderer

# What the schema says of an address that serves bytes.
FILE_RESPONSE = {(200, "application/octet-stream"): OpenApiResponse(OpenApiTypes.BINARY)}


class FileRenderer(JSONRenderer):
    """For addresses that serve bytes whatever the `Accept` says; their problems are JSON as everywhere."""

    media_type = "*/*"


def content_disposition(name: str) -> str:
    """RFC 6266: the name in UTF-8 for those who read it, without accents for the others."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode()
    plain = re.sub(r'[^\x20-\x7e]|["\\%/]', "_", plain)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(name, safe='')}"


def file_response(
    request: Request, *, name: str, media_type: str, sha256: str, read: Callable[[], bytes]
) -> HttpResponse:
    """The bytes that `read` gives, or 304 without reading them when the caller has them already.

    A browser that opens it all the same runs nothing: no sniffing, an empty policy, a sandbox without origin.
    """
    current = f'"{sha256}"'
    if etag.matches_none(request, current):
        response = HttpResponse(status=304)
    else:
        charset = "; charset=utf-8" if media_type.startswith("text/") else ""
        response = HttpResponse(read(), content_type=f"{media_type}{charset}")
        response["Content-Disposition"] = content_disposition(name)
    response["ETag"] = current
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-cache"
    return response


def stored_file_response(request: Request, stored: Any) -> HttpResponse:
    """The same from a row that says its `name`, `media_type`, `sha256`, `is_missing` and can `read()`.

    Raises the problems `no_file` when there is none, `file_missing` when only its hash is known.
    """
    if stored is None:
        raise ApiProblem("no_file")
    if stored.is_missing:
        raise ApiProblem("file_missing")
    return file_response(
        request, name=stored.name, media_type=stored.media_type, sha256=stored.sha256, read=stored.read
    )
