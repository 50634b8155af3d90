"""Receiving a file: bounded before and while it is read, in memory, one request at a time.

The one handler of the whole site (`FILE_UPLOAD_HANDLERS`): whatever address receives a multipart body, no more than the
limit is ever read of it, and nothing is written to a disk.
"""

from collections.abc import Callable
from io import BytesIO
from typing import Any, ClassVar

from django.conf import settings
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.core.files.uploadhandler import FileUploadHandler
from django.utils.datastructures import MultiValueDict
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from rest_framework import serializers
from rest_framework.exceptions import ErrorDetail, ValidationError
from rest_framework.parsers import BaseParser, MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response

from coopproject.api.problems import ApiProblem
from coopproject.api.serializers import Input
from coopproject.exceptions import NotAllowed

# Boundaries, headers and small fields around the file.
ENVELOPE = 64 * 1024


def file_too_large() -> ApiProblem:
    megabytes = settings.MAX_FILE_SIZE // 2**20
    detail = format_lazy(_("Un fichier fait au plus {limit} Mo."), limit=megabytes)
    error = {"pointer": "/file", "code": "file_too_large", "detail": str(detail)}
    return ApiProblem("file_too_large", detail=detail, errors=[error])


class BoundedUploadHandler(FileUploadHandler):
    """Keeps files in memory, up to `MAX_FILE_SIZE` for all those of a request. Raises `file_too_large`."""

    def __init__(self, request: Any = None) -> None:
        super().__init__(request)
        self.received = 0

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803
        content_length: int,
        boundary: str,
        encoding: str | None = None,
    ) -> None:
        if content_length > settings.MAX_FILE_SIZE + ENVELOPE:
            raise file_too_large()

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        self.file = BytesIO()

    def receive_data_chunk(self, raw_data: bytes, start: int) -> None:
        self.received += len(raw_data)
        if self.received > settings.MAX_FILE_SIZE:
            raise file_too_large()
        self.file.write(raw_data)

    def file_complete(self, file_size: int) -> InMemoryUploadedFile:
        self.file.seek(0)
        return InMemoryUploadedFile(
            self.file, self.field_name, self.file_name, self.content_type, file_size, self.charset
        )


class UploadInput(Input):
    file = serializers.FileField(allow_empty_file=True, help_text=_("Le type se lit dans les octets, pas dans le nom."))
    media_type = serializers.CharField(required=False, help_text=_("Admis et ignoré : le type se lit dans les octets."))

    def to_internal_value(self, data: Any) -> Any:
        if isinstance(data, MultiValueDict):
            detail = str(_("Champ donné plusieurs fois."))
            repeated = {name: values for name, values in data.lists() if len(values) > 1}
            if repeated:
                raise ValidationError({name: [ErrorDetail(detail, "repeated_field")] for name in repeated})
        return super().to_internal_value(data)


class ReceivesFiles:
    """For viewsets some of whose actions take a file: in a multipart body, read before the transaction begins.

    A slow line must not keep a transaction open; and nothing is read from who may not do it.
    """

    file_actions: ClassVar[frozenset[str]] = frozenset()

    def get_parsers(self: Any) -> list[BaseParser]:
        action = getattr(self, "action_map", {}).get((self.request.method or "").lower()) if self.request else None
        if action in self.file_actions:
            return [MultiPartParser()]
        parsers: list[BaseParser] = super().get_parsers()  # type: ignore[misc]
        return parsers

    def _run_once(self: Any, request: Request, run: Callable[[], Response]) -> Response:
        if self.action in self.file_actions:
            if self.detail:
                self.get_object()
            elif not self.policy.may_create(self.actor, None):
                raise NotAllowed(self.policy.refusal("create"))
            _body = request.data
        response: Response = super()._run_once(request, run)  # type: ignore[misc]
        return response
