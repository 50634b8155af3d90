"""`/metrics`: what says that reminders leave. Text format of Prometheus, without its library."""

from typing import Any

from django.db.models import Count, Min
from django.http import HttpResponse
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from coopproject import clock
from worker import bell
from worker.enums import ReminderState
from worker.models import Reminder

_LOOPBACK = frozenset({"127.0.0.1", "::1"})
_FORWARDED = ("HTTP_X_FORWARDED_FOR", "HTTP_X_REAL_IP", "HTTP_FORWARDED")


def oldest_due_pending_seconds() -> float:
    """How long the oldest due reminder has been waiting, in seconds; 0 when none waits."""
    oldest = Reminder.objects.due().order_by().aggregate(oldest=Min("due_at"))["oldest"]
    return max(0.0, (clock.now() - oldest).total_seconds()) if oldest else 0.0


def lines() -> list[str]:
    """The whole exposition. Counts by state are of the instance; ring failures are of the process that answers."""
    counts = dict(Reminder.objects.order_by().values_list("state").annotate(number=Count("pk")))
    return [
        "# HELP oldest_due_pending_seconds How long the oldest due reminder has been waiting.",
        "# TYPE oldest_due_pending_seconds gauge",
        f"oldest_due_pending_seconds {oldest_due_pending_seconds():.3f}",
        "# HELP reminders Reminders of the instance by state.",
        "# TYPE reminders gauge",
        *(f'reminders{{state="{state}"}} {counts.get(state, 0)}' for state in ReminderState.values),
        "# HELP bell_failures_total Hints to the worker that could not be given, by this process.",
        "# TYPE bell_failures_total counter",
        f"bell_failures_total {bell.failures()}",
    ]


class MetricsView(APIView):
    """For an operator, or from this machine and not through a proxy; for anybody else it does not exist."""

    permission_classes = []

    @extend_schema(exclude=True)
    def get(self, request: Request, *args: Any, **kwargs: Any) -> HttpResponse | Response:
        direct = request.META.get("REMOTE_ADDR") in _LOOPBACK and not any(name in request.META for name in _FORWARDED)
        if not (direct or getattr(request.user, "is_staff", False)):
            raise NotFound
        return HttpResponse("\n".join([*lines(), ""]), content_type="text/plain; version=0.0.4; charset=utf-8")
