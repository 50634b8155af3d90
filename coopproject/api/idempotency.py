"""Idempotency-Key, stored in the transaction of its effect.

Same key and same request: the first answer again. Same key, other request: 422. Same key at the same instant: 409.
Only successes are stored: a refusal changed nothing, so asking again is safe and gets today's answer. Before a replay
the caller's right to the object is asked again: a key is not a way round a right that was lost.
"""

import datetime as dt
import hashlib
import json
import re
from collections.abc import Callable, Collection
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import connection
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request
from rest_framework.response import Response

from coopproject import clock
from coopproject.api.problems import ApiProblem
from coopproject.models import IdempotencyKey

_KEY = re.compile(r"^[\x21-\x7e]{8,255}$")
# A client that retries later than this is not retrying; a stored answer may hold personal data.
KEPT = dt.timedelta(days=30)
_KEPT_HEADERS = ("ETag", "Location")


def read_key(request: Request, *, required: bool) -> str | None:
    """The key of the request. 428 when an act requires one, 400 when it is not 8 to 255 visible characters."""
    key = request.headers.get("Idempotency-Key")
    if key is None:
        if required:
            raise ApiProblem("idempotency_key_required")
        return None
    if not _KEY.match(key):
        raise ApiProblem(
            "invalid_input",
            errors=[
                {
                    "pointer": "Idempotency-Key",
                    "code": "invalid",
                    "detail": str(_("De 8 à 255 caractères ASCII visibles, sans espace.")),
                }
            ],
        )
    return key


def request_hash(request: Request, forgotten: Collection[str] = ()) -> str:
    """What tells one request from another, without the fields that must not be found again, even by trying them all."""
    data: Any = dict(request.data.lists()) if isinstance(request.data, MultiValueDict) else request.data
    if forgotten and isinstance(data, dict):
        data = {name: value for name, value in data.items() if name not in forgotten}
    material = json.dumps(
        [request.method, request.get_full_path(), request.headers.get("If-Match", ""), data],
        sort_keys=True,
        default=_told_apart,
    )
    return hashlib.sha256(material.encode()).hexdigest()


def _told_apart(value: Any) -> Any:
    """What JSON cannot say of a request: a file is its name and its bytes."""
    if not isinstance(value, UploadedFile):
        return str(value)
    digest = hashlib.sha256()
    for chunk in value.chunks():
        digest.update(chunk)
    value.seek(0)
    return [value.name, digest.hexdigest()]


def once(
    request: Request,
    key: str,
    run: Callable[[], Response],
    replayed: Callable[[Any], Any],
    forgotten: Collection[str] = (),
) -> Response:
    """Run the handler once for this user and key. Must be called inside the transaction of the effect.

    `replayed`: what of the first answer is served again today; raises when nothing may be.
    `forgotten`: fields of the body that the memory of retries leaves out; they no longer tell two requests apart.
    """
    lock = int.from_bytes(hashlib.sha256(f"{request.user.pk} {key}".encode()).digest()[:8], "big", signed=True)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [lock])
        row = cursor.fetchone()
    if not (row and row[0]):
        raise ApiProblem("idempotency_in_progress")
    fingerprint = request_hash(request, forgotten)
    user: Any = request.user
    stored = IdempotencyKey.objects.filter(user=user, key=key).first()
    if stored is not None:
        if stored.request_hash != fingerprint:
            raise ApiProblem("idempotency_key_reused")
        first: Any = json.loads(stored.body) if stored.body else None
        data = replayed(first)
        # The tag of what is no longer served would still tell it from something else.
        headers = stored.headers if data == first else {k: v for k, v in stored.headers.items() if k != "ETag"}
        return Response(data, status=stored.status, headers={**headers, "Idempotency-Replayed": "true"})
    response = run()
    if response.status_code < 400:
        body = b"" if response.data is None else JSONRenderer().render(response.data)
        IdempotencyKey.objects.create(
            user=user,
            key=key,
            method=request.method or "",
            path=request.path[:500],
            request_hash=fingerprint,
            status=response.status_code,
            headers={name: response[name] for name in _KEPT_HEADERS if name in response},
            body=body.decode(),
        )
    return response


def forget_old_answers() -> int:
    """Delete the answers stored for longer than `KEPT`; returns how many."""
    deleted, _per_model = IdempotencyKey.objects.filter(created_at__lt=clock.now() - KEPT).delete()
    return deleted
