"""Which steps a member owes before it enters a circle, and which it has not done (guide: « sas d’intégration »).

Circles are nested: whoever enters the core goes through the two others, and owes their steps too. Moving outwards
owes nothing.
"""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from coopproject import wording
from coopproject.exceptions import Violation
from governance.enums import CircleKind

# From the least engaged to the most.
INWARDS = (CircleKind.NETWORK, CircleKind.ACTIVE, CircleKind.CORE)


@dataclass(frozen=True)
class Step:
    """One step that is asked today before a circle."""

    id: str
    circle: str
    title: str
    required: bool = True


def circles_entered(before: str | None, after: str) -> tuple[CircleKind, ...]:
    """The circles gone through, the last one included, from `before` (None: not a member yet); none outwards."""
    start = -1 if before is None else INWARDS.index(CircleKind(before))
    return INWARDS[start + 1 : INWARDS.index(CircleKind(after)) + 1]


def missing_steps(
    steps: Iterable[Step], done: Mapping[str, dt.date], *, before: str | None, after: str, since: dt.date
) -> list[Step]:
    """The required steps of the circles entered that were not done by `since`. `done`: step -> day."""
    entered = circles_entered(before, after)
    return [step for step in steps if step.circle in entered and step.required and not _done(step, done, since)]


def _done(step: Step, done: Mapping[str, dt.date], since: dt.date) -> bool:
    day = done.get(step.id)
    return day is not None and day <= since


def onboarding_violations(missing: Collection[Step], *, waived: bool, may_waive: bool) -> Iterator[Violation]:
    """One per missing step, unless the coordination waives them for the other members."""
    if waived and not may_waive:
        detail = _("La coordination seule dispense des étapes d’entrée, pour les autres membres.")
        yield Violation("waiver_by_coordination", detail, "/onboarding_waiver")
    if not waived:
        for step in missing:
            detail = wording.filled(
                _("Étape d’entrée à faire (%(circle)s) : %(title)s."),
                circle=CircleKind(step.circle).label,
                title=step.title,
            )
            yield Violation("onboarding_incomplete", detail, "/circle")
