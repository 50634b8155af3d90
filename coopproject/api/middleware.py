"""Two middlewares: the request id, and the promise that no answer of the API is anything but JSON."""

import logging
import re
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from coopproject.api import problems
from coopproject.logs import request_id
from coopproject.models import new_id

logger = logging.getLogger(__name__)
_ACCEPTED_ID = re.compile(r"^[A-Za-z0-9._-]{8,64}$")


class RequestIdMiddleware:
    """Keeps the caller's `X-Request-ID` when it is harmless, else makes one; sends it back and logs with it."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        given = request.headers.get("X-Request-ID", "")
        # Never reset: Django logs the refusal after the middlewares, and the next request sets its own.
        request_id.set(given if _ACCEPTED_ID.match(given) else str(new_id()))
        response = self.get_response(request)
        response["X-Request-ID"] = request_id.get()
        return response


class ProblemMiddleware:
    """Turns what happens outside DRF (an unforeseen error, a CSRF refusal, a bad host) into a problem document."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        is_page = isinstance(response, HttpResponse) and response.get("Content-Type", "").startswith("text/html")
        if response.status_code >= 400 and is_page and request.path.startswith("/api/"):
            known = {400: "bad_request", 403: "not_allowed", 404: "not_found", 405: "method_not_allowed"}
            return problems.problem_http_response(known.get(response.status_code, "internal_error"))
        return response

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        body = problems.describe(exception)
        if body is None:
            logger.error("unhandled_error", exc_info=exception, extra={"path": request.path, "method": request.method})
            return problems.problem_http_response("internal_error")
        return problems.problem_http_response(body["code"], errors=body.get("errors", ()), detail=body["detail"])
