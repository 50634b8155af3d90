"""ETag and If-Match.

A strong validator must change with every byte served, but a derived sentence that changes is not a lost update. So the
tag is `"<version>-<digest of the body>"`; If-None-Match compares the whole, If-Match the version only (ADR 0004).
"""

import hashlib
import re
from typing import Any

from rest_framework.renderers import JSONRenderer
from rest_framework.request import Request

from coopproject.api.problems import ApiProblem

_TAG = re.compile(r'^"(\d{1,9})(?:-[0-9a-f]{16})?"$')


def digest(data: Any) -> str:
    return hashlib.sha256(JSONRenderer().render(data)).hexdigest()[:16]


def tag(version: int, data: Any) -> str:
    return f'"{version}-{digest(data)}"'


def list_tag(data: Any) -> str:
    return f'"{digest(data)}"'


def matches_none(request: Request, current: str) -> bool:
    """Whether If-None-Match names the current tag (weak comparison, RFC 9110 13.1.2)."""
    given = request.headers.get("If-None-Match", "")
    return any(item.strip().removeprefix("W/") in {current, "*"} for item in given.split(",")) if given else False


def expected_version(request: Request, *, required: bool) -> int | None:
    """The version of If-Match; None when absent and not required, or `*`.

    Raises 428 when required and absent; 412 when it is weak, malformed or a list: none can match.
    """
    given = request.headers.get("If-Match")
    if given is None:
        if required:
            raise ApiProblem("if_match_required")
        return None
    if given.strip() == "*":
        return None
    found = _TAG.match(given.strip())
    if not found:
        raise ApiProblem("stale_version")
    return int(found[1])
