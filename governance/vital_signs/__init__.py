"""Vital signs: what is wrong in a cooperation, why, since when, and what clears it. Apps register their examiners.

An examiner sees only what its actor may know of (`visible_to`), so that a sign never betrays what a list would hide.
"""

import datetime as dt
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from governance.actor import Actor

if TYPE_CHECKING:
    from governance.models import Cooperation


class Severity(TextChoices):
    CRITICAL = "critical", _("critique")
    WARNING = "warning", _("à surveiller")
    INFO = "info", _("pour information")


_RANK = {Severity.CRITICAL: 0, Severity.WARNING: 1, Severity.INFO: 2}


@dataclass(frozen=True)
class Concern:
    """An object that a sign is about: resource name of the API (`milestones`), id, and a label for people."""

    resource: str
    id: str
    label: str

    def as_data(self) -> dict[str, str]:
        return {
            "resource": self.resource,
            "id": self.id,
            "label": self.label,
            "url": f"/api/v1/{self.resource}/{self.id}/",
        }


@dataclass(frozen=True)
class VitalSign:
    """`code` names the rule that raised it; `since` is the first day on which it was true, None when unknown."""

    code: str
    severity: Severity
    title: str | Promise
    why: str | Promise
    clears: str | Promise
    since: dt.date | None = None
    objects: tuple[Concern, ...] = field(default=())

    def as_data(self) -> dict[str, Any]:
        return {
            "code": self.code,
            "severity": str(self.severity),
            "title": str(self.title),
            "why": str(self.why),
            "clears": str(self.clears),
            "since": self.since.isoformat() if self.since else None,
            "objects": [concern.as_data() for concern in self.objects],
        }


type Examiner = Callable[["Cooperation", Actor, dt.date], Iterable[VitalSign]]
_examiners: dict[str, Examiner] = {}


def register(name: str, examiner: Examiner) -> None:
    """Called from an app's `ready()`. A name registers once."""
    if _examiners.setdefault(name, examiner) is not examiner:
        raise ValueError(f"vital sign examiner {name} registered twice")


def examine(cooperation: "Cooperation", *, actor: Actor, on: dt.date) -> list[VitalSign]:
    """Every sign, gravest first, then oldest first."""
    signs = [sign for name in sorted(_examiners) for sign in _examiners[name](cooperation, actor, on)]
    return sorted(signs, key=lambda sign: (_RANK[sign.severity], sign.since or on, sign.code))
