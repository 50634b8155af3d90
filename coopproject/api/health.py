"""`/livez` touches nothing; `/readyz` says what is missing; `/api/v1/problems/` explains each problem code."""

from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.http import require_safe
from kombu.connection import Connection

from coopproject.api.problems import TYPES


@require_safe
def livez(request: HttpRequest) -> HttpResponse:
    return JsonResponse({"status": "alive"})


def _database() -> str:
    try:
        executor = MigrationExecutor(connection)
        waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    except DatabaseError:
        return "unreachable"
    return "migrations_missing" if waiting else "ok"


def _broker() -> str:
    try:
        with Connection(
            settings.CELERY_BROKER_URL, connect_timeout=1, transport_options={"socket_connect_timeout": 1}
        ) as broker:
            broker.ensure_connection(max_retries=1, timeout=1)
    except Exception:  # noqa: BLE001 - each transport has its own errors, and all mean the same here
        return "unreachable"
    return "ok"


@require_safe
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when requests can be served. A broker that is down is said but is no reason to refuse: it is only a bell."""
    checks: dict[str, Any] = {"database": _database(), "broker": _broker()}
    ready = checks["database"] == "ok"
    return JsonResponse({"status": "ready" if ready else "not_ready", "checks": checks}, status=200 if ready else 503)


@require_safe
def problem_types(request: HttpRequest, code: str | None = None) -> HttpResponse:
    """What `type` points to: the explanation of a code, or of all."""
    if code is not None and code not in TYPES:
        raise Http404
    rows = [
        {"code": kind.code, "status": kind.status, "title": str(kind.title), "explanation": str(kind.explanation)}
        for kind in ([TYPES[code]] if code else TYPES.values())
    ]
    return JsonResponse(rows[0] if code else {"results": rows}, json_dumps_params={"ensure_ascii": False})


@require_safe
def index(request: HttpRequest) -> HttpResponse:
    """Where to begin: the documentation, the description of the API, and who I am."""
    root = request.build_absolute_uri("/api/v1/")
    names = ("docs", "schema", "problems", "users/me", "cooperations", "organisations", "decisions", "charters")
    return JsonResponse({name: f"{root}{name}/" for name in names})
