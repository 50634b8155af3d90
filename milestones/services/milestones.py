"""The acts on a milestone, under the lock of its activity: the dependencies between milestones are one invariant."""

import datetime as dt
from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from coopproject import clock
from coopproject.exceptions import InvalidInput, NotVisible, RuleViolated, Violation
from coopproject.locking import lock
from governance import journal
from governance.actor import Actor
from governance.services import records
from milestones import states
from milestones.enums import MilestoneState
from milestones.enums import MilestoneTransition as T
from milestones.models import Activity, Milestone, MilestoneDependency
from milestones.rules.milestone_dates import (
    MilestoneFacts,
    completion_violations,
    dependency_violations,
    reschedule_violations,
)
from milestones.selectors.schedule import facts_of, facts_of_activity
from milestones.services.checks import refuse

_CLOSED = (MilestoneState.COMPLETED, MilestoneState.CANCELLED)


@transaction.atomic
def milestone_create(
    *, actor: Actor, activity: Activity, depends_on: Iterable[Milestone] = (), **data: Any
) -> Milestone:
    """Plan a milestone. The date given becomes its baseline, which nothing changes afterwards."""
    lock(Activity.objects.all(), activity.pk)
    milestone = Milestone(cooperation=activity.cooperation, activity=activity, baseline_due_on=data["due_on"], **data)
    awaited = list(depends_on)
    _require_sound(milestone, awaited, facts_of_activity(activity.pk))
    records.check(milestone)
    milestone.save(force_insert=True)
    _await(milestone, awaited)
    journal.record(
        "milestone.created",
        milestone,
        actor=actor,
        activity=activity.pk,
        depends_on=[other.pk for other in awaited],
        **records.values_of(milestone, data),
    )
    return milestone


@transaction.atomic
def milestone_update(*, pk: UUID, actor: Actor, expected_version: int | None, changes: dict[str, Any]) -> Milestone:
    """Change the wording or the dependencies. Dates move by `reschedule`, with their reason."""
    milestone = _lock(pk, expected_version)
    if milestone.state in _CLOSED:
        raise RuleViolated(Violation("wrong_state", _("Un jalon atteint ou abandonné ne se modifie plus.")))
    changes = dict(changes)
    awaited = changes.pop("depends_on", None)
    if awaited is not None:
        _require_sound(milestone, awaited, facts_of_activity(milestone.activity_id))
        before = sorted(str(other) for other in milestone.depends_on.values_list("pk", flat=True))
        after = sorted(str(other.pk) for other in awaited)
        if before != after:
            _await(milestone, awaited)
            milestone.save(update_fields=[])
            journal.record("milestone.dependencies_changed", milestone, actor=actor, before=before, after=after)
    records.save_changes(milestone, actor=actor, changes=changes)
    return milestone


@transaction.atomic
def milestone_start(
    *, pk: UUID, actor: Actor, expected_version: int | None = None, started_on: dt.date | None = None
) -> Milestone:
    """Work on it has begun, today unless another day, not in the future, is given."""
    milestone = _lock(pk, expected_version)
    today = clock.today(milestone.cooperation.zone)
    day = started_on or today
    if day > today:
        raise InvalidInput(Violation("in_future", _("Cette date est à venir."), "/started_on"))
    states.milestone.apply(milestone, T.START)
    milestone.started_on = day
    milestone.save(update_fields=["state", "started_on"])
    journal.record("milestone.started", milestone, actor=actor, started_on=day)
    return milestone


@transaction.atomic
def milestone_complete(
    *,
    pk: UUID,
    actor: Actor,
    expected_version: int | None = None,
    completed_on: dt.date | None = None,
    note: str = "",
) -> Milestone:
    """It is reached. Refused while a milestone that it depends on is not (`dependency_not_done`)."""
    milestone = _lock(pk, expected_version)
    today = clock.today(milestone.cooperation.zone)
    day = completed_on or today
    others = facts_of_activity(milestone.activity_id)
    violations = states.milestone.violations(milestone.state, T.COMPLETE)
    violations += completion_violations(
        facts_of(milestone), others, completed_on=day, today=today, started_on=milestone.started_on
    )
    if violations:
        _raise(_named(violations, milestone))
    states.milestone.apply(milestone, T.COMPLETE)
    milestone.completed_on, milestone.completion_note = day, note
    milestone.save(update_fields=["state", "completed_on", "completion_note"])
    journal.record(
        "milestone.completed",
        milestone,
        actor=actor,
        completed_on=day,
        due_on=milestone.due_on,
        days_late=(day - milestone.due_on).days,
    )
    return milestone


@transaction.atomic
def milestone_reschedule(
    *, pk: UUID, actor: Actor, expected_version: int | None = None, due_on: dt.date, reason: str
) -> Milestone:
    """Move the date, with its reason. The baseline stays, so that the slip is told from the first promise."""
    milestone = _lock(pk, expected_version)
    today = clock.today(milestone.cooperation.zone)
    violations = states.milestone.violations(milestone.state, T.RESCHEDULE)
    violations += reschedule_violations(
        facts_of(milestone), facts_of_activity(milestone.activity_id), due_on=due_on, reason=reason, today=today
    )
    if violations:
        _raise(violations)
    before = milestone.due_on
    states.milestone.apply(milestone, T.RESCHEDULE)
    milestone.due_on = due_on
    milestone.save(update_fields=["state", "due_on"])
    journal.record(
        "milestone.rescheduled",
        milestone,
        actor=actor,
        reason=reason,
        before=before,
        after=due_on,
        baseline=milestone.baseline_due_on,
    )
    return milestone


@transaction.atomic
def milestone_cancel(*, pk: UUID, actor: Actor, expected_version: int | None = None, reason: str) -> Milestone:
    """Give it up, with its reason. What waited for it waits no more."""
    milestone = _lock(pk, expected_version)
    states.milestone.apply(milestone, T.CANCEL)
    milestone.cancelled_on, milestone.cancelled_reason = clock.today(milestone.cooperation.zone), reason
    milestone.save(update_fields=["state", "cancelled_on", "cancelled_reason"])
    journal.record("milestone.cancelled", milestone, actor=actor, reason=reason, cancelled_on=milestone.cancelled_on)
    return milestone


def _lock(pk: UUID, expected_version: int | None) -> Milestone:
    activity_id = Milestone.objects.filter(pk=pk).values_list("activity", flat=True).first()
    if activity_id is None:
        raise NotVisible
    lock(Activity.objects.all(), activity_id)
    milestone: Milestone = lock(Milestone.objects.select_related("cooperation", "activity"), pk, expected_version)
    return milestone


def _require_sound(milestone: Milestone, awaited: Sequence[Milestone], others: Sequence[MilestoneFacts]) -> None:
    """Dependencies stay inside one activity: across activities an identifier could betray a hidden milestone."""
    refuse(
        Violation("other_activity", _("Un jalon attend seulement des jalons de son activité."), f"/depends_on/{index}")
        for index, other in enumerate(awaited)
        if other.activity_id != milestone.activity_id
    )
    facts = facts_of(milestone, depends_on=awaited)
    if violations := dependency_violations(facts, [other for other in others if other.ref != facts.ref]):
        _raise(violations)


def _await(milestone: Milestone, awaited: Iterable[Milestone]) -> None:
    wanted = {other.pk for other in awaited}
    milestone.dependencies.exclude(awaits__in=wanted).delete()
    known = set(milestone.dependencies.values_list("awaits", flat=True))
    MilestoneDependency.objects.bulk_create(
        MilestoneDependency(milestone=milestone, awaits_id=pk) for pk in sorted(wanted - known)
    )


def _named(violations: Iterable[Violation], milestone: Milestone) -> list[Violation]:
    """The milestones still awaited by their titles, which people know, instead of their references."""
    found = [violation for violation in violations if violation.code != "dependency_not_done"]
    waiting = milestone.depends_on.exclude(state__in=_CLOSED).order_by("due_on", "pk")
    found += [
        Violation(
            "dependency_not_done",
            format_lazy(_("Le jalon « {title} », dont il dépend, n’est pas encore atteint."), title=other.title),
        )
        for other in waiting
    ]
    return found


_SHAPE = frozenset({"in_future", "reason_missing", "due_date_past", "date_unchanged", "depends_on_itself"})


def _raise(violations: Sequence[Violation]) -> None:
    """A body that is wrong whatever the state of things is a 400; what depends on them a 409."""
    if all(violation.code in _SHAPE for violation in violations):
        raise InvalidInput(*violations)
    raise RuleViolated(*violations)
