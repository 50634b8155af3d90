"""The request id travels with the Celery message: from the API to the rows, the log lines and the mails that follow."""

import uuid
from contextvars import Token
from typing import Any

from celery import signals

from coopproject.logs import request_id

_HEADER = "request_id"
_tokens: dict[str, Token[str]] = {}


@signals.before_task_publish.connect
def _carry(headers: dict[str, Any] | None = None, **kwargs: Any) -> None:
    if headers is not None and request_id.get():
        headers[_HEADER] = request_id.get()


@signals.task_prerun.connect
def _take(task_id: str, task: Any, **kwargs: Any) -> None:
    """A tick that no request rang for gets an id of its own."""
    given = getattr(task.request, _HEADER, None)
    _tokens[task_id] = request_id.set(given if isinstance(given, str) and given else str(uuid.uuid4()))


@signals.task_postrun.connect
def _drop(task_id: str, **kwargs: Any) -> None:
    if token := _tokens.pop(task_id, None):
        request_id.reset(token)
