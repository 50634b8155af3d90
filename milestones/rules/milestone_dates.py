"""A realistic calendar (S2): dependencies in order, slips said with their reason, and what a delay does to the rest."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from coopproject import wording
from coopproject.exceptions import Violation


@dataclass(frozen=True)
class MilestoneFacts:
    """`baseline_due_on` is the date promised at first; `done_on` the day it was completed. Cancelled ones stay out."""

    ref: str
    due_on: date
    baseline_due_on: date
    done_on: date | None = None
    depends_on: tuple[str, ...] = ()


@dataclass(frozen=True)
class Forecast:
    """`slip_days` is against the date due now, `baseline_slip_days` against the first promise; negative when early.

    `because` is the dependency that decides the forecast, None when the milestone's own date or delay does.
    """

    ref: str
    on: date
    slip_days: int
    baseline_slip_days: int
    done: bool
    because: str | None = None


def find_cycle(milestones: Iterable[MilestoneFacts]) -> tuple[str, ...]:
    """The references of one cycle, the first repeated at the end; empty when there is none."""
    edges = {milestone.ref: milestone.depends_on for milestone in milestones}
    finished: set[str] = set()
    for start in edges:
        path: list[str] = []
        on_path: set[str] = set()
        stack: list[tuple[str, bool]] = [(start, True)]
        while stack:
            ref, entering = stack.pop()
            if not entering:
                path.pop()
                on_path.discard(ref)
                finished.add(ref)
            elif ref in on_path:
                return (*path[path.index(ref) :], ref)
            elif ref not in finished:
                path.append(ref)
                on_path.add(ref)
                stack.append((ref, False))
                stack += [(other, True) for other in edges.get(ref, ()) if other in edges]
    return ()


def dependency_violations(
    milestone: MilestoneFacts, others: Sequence[MilestoneFacts], *, pointer: str = "/depends_on"
) -> tuple[Violation, ...]:
    """Why a milestone may not depend on these, every reason: unknown, itself, a cycle, or due before one of them.

    `others` are all other milestones of the same cooperation, cancelled ones left out.
    """
    known = {other.ref: other for other in others if other.ref != milestone.ref}
    found = []
    for index, ref in enumerate(milestone.depends_on):
        where = f"{pointer}/{index}"
        if ref == milestone.ref:
            found.append(Violation("depends_on_itself", _("Un jalon ne dépend pas de lui-même."), where))
        elif ref not in known:
            found.append(Violation("unknown_dependency", _("Ce jalon n’existe pas."), where))
        elif known[ref].due_on > milestone.due_on:
            detail = format_lazy(
                _("Le jalon dont il dépend est prévu le {due_on}."), due_on=wording.day(known[ref].due_on)
            )
            found.append(Violation("due_before_dependency", detail, "/due_on"))
    if _waits_for(milestone.ref, [ref for ref in milestone.depends_on if ref != milestone.ref], known):
        found.append(Violation("dependency_cycle", _("Ces jalons s’attendent les uns les autres."), pointer))
    return tuple(found)


def reschedule_violations(
    milestone: MilestoneFacts, others: Sequence[MilestoneFacts], *, due_on: date, reason: str, today: date
) -> tuple[Violation, ...]:
    """Why a due date may not move there: done already, no reason, the same day, a day gone by, out of order.

    Milestones that depend on it do not forbid a later date: the forecast shows what it does to them.
    """
    found = []
    if milestone.done_on is not None:
        found.append(Violation("already_done", _("Ce jalon est déjà atteint.")))
    if not reason.strip():
        found.append(Violation("reason_missing", _("La raison du report est attendue."), "/reason"))
    if due_on == milestone.due_on:
        found.append(Violation("date_unchanged", _("La date est la même."), "/due_on"))
    elif due_on < today:
        found.append(Violation("due_date_past", _("Cette date est déjà passée."), "/due_on"))
    needed = set(milestone.depends_on)
    late = [other for other in others if other.ref in needed and (other.done_on or other.due_on) > due_on]
    for other in sorted(late, key=lambda other: other.ref):
        detail = format_lazy(
            _("Le jalon dont il dépend est prévu le {due_on}."), due_on=wording.day(other.done_on or other.due_on)
        )
        found.append(Violation("due_before_dependency", detail, "/due_on"))
    return tuple(found)


def completion_violations(
    milestone: MilestoneFacts,
    others: Sequence[MilestoneFacts],
    *,
    completed_on: date,
    today: date,
    started_on: date | None = None,
) -> tuple[Violation, ...]:
    """Why a milestone is not completed on that day: in the future, before it started, or what it needs is not done."""
    found = []
    if completed_on > today:
        found.append(Violation("in_future", _("Cette date est à venir."), "/completed_on"))
    if started_on is not None and completed_on < started_on:
        found.append(Violation("before_start", _("Cette date précède le démarrage."), "/completed_on"))
    needed = set(milestone.depends_on)
    waiting = [other.ref for other in others if other.ref in needed and other.done_on is None]
    found += [
        Violation("dependency_not_done", format_lazy(_("Un jalon n’est pas encore atteint : {ref}."), ref=ref))
        for ref in sorted(waiting)
    ]
    return tuple(found)


def forecast(milestones: Sequence[MilestoneFacts], *, at: date) -> dict[str, Forecast]:
    """When each milestone will be reached, as known on the day `at`.

    What is done has its day. What is open cannot be done before today, nor sooner after a dependency than was planned
    at first (the interval between the two first promises, never less than none): a convention (K). Dependencies that
    are unknown or form a cycle are left out, so that a reading never fails.
    """
    known = {milestone.ref: milestone for milestone in milestones}
    found: dict[str, Forecast] = {}
    for milestone in _in_order(known):
        if milestone.done_on is not None and milestone.done_on <= at:
            on, because = milestone.done_on, None
        else:
            on, because = max(milestone.due_on, at), None
            for ref in milestone.depends_on:
                if ref in found:
                    interval = max(timedelta(0), milestone.baseline_due_on - known[ref].baseline_due_on)
                    if (pushed := found[ref].on + interval) > on:
                        on, because = pushed, ref
        found[milestone.ref] = Forecast(
            milestone.ref,
            on,
            (on - milestone.due_on).days,
            (on - milestone.baseline_due_on).days,
            milestone.done_on is not None and milestone.done_on <= at,
            because,
        )
    return {ref: found[ref] for ref in known}


def _waits_for(target: str, refs: Iterable[str], known: dict[str, MilestoneFacts]) -> bool:
    """Whether one of these milestones waits for the target, directly or not."""
    seen: set[str] = set()
    stack = list(refs)
    while stack:
        ref = stack.pop()
        if ref == target:
            return True
        if ref not in seen and ref in known:
            seen.add(ref)
            stack += known[ref].depends_on
    return False


def _in_order(known: dict[str, MilestoneFacts]) -> list[MilestoneFacts]:
    """Dependencies first; those that form a cycle come last, in the order given."""
    waits = {ref: {other for other in milestone.depends_on if other in known} for ref, milestone in known.items()}
    followers: dict[str, list[str]] = {ref: [] for ref in known}
    for ref, needed in waits.items():
        for other in needed:
            followers[other].append(ref)
    ready = [ref for ref, needed in waits.items() if not needed]
    order: list[str] = []
    while ready:
        ref = ready.pop()
        order.append(ref)
        for follower in followers[ref]:
            waits[follower].discard(ref)
            if not waits[follower]:
                ready.append(follower)
    placed = set(order)
    return [known[ref] for ref in [*order, *(ref for ref in known if ref not in placed)]]
