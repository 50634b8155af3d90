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
            sentence = _("Étape d’entrée à faire (%(circle)s) : %(title)s.")
            circle = CircleKind(step.circle).label
            filled = wording.filled(sentence, circle=circle, title=step.title)
            yield Violation("onboarding_incomplete", filled, "/circle")


def pending_since(
    steps: Collection[Step], done: Mapping[str, dt.date], *, circle: str, waived_on: dt.date | None, on: dt.date
) -> dt.date | None:
    """Since when steps have been left half done, for a member in `circle`; None when nothing is.

    Begun: some step of a more engaged circle is done, and a required one of the way there is not; since the last one
    done. Waived (`waived_on`: the day it entered `circle` by a waiver): a required step of its circle is still not
    done; since that day.
    """
    found = []
    ahead = [step for step in steps if step.circle in circles_entered(circle, CircleKind.CORE)]
    begun = {CircleKind(step.circle) for step in ahead if _done(step, done, on)}
    if begun:
        furthest = max(begun, key=INWARDS.index)
        if missing_steps(ahead, done, before=circle, after=furthest, since=on):
            found.append(max(done[step.id] for step in ahead if _done(step, done, on)))
    if waived_on is not None:
        mine = [step for step in steps if step.circle == circle]
        if missing_steps(mine, done, before=None, after=circle, since=on):
            found.append(waived_on)
    return min(found, default=None)
