"""What is owed to whom, read from today's state: the one answer that both the sweep and the sender ask for."""

import datetime as dt
import importlib
import importlib.util
import logging
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Max, Q

from coopproject import clock
from governance.actor import Actor
from governance.models import Cooperation, JournalHead, Person
from governance.reminding import ExpectedReminder
from worker.enums import ReminderState
from worker.models import Reminder, ReminderRule
from worker.rules import planning

logger = logging.getLogger(__name__)
SOURCES = ("governance", "charters", "milestones")
"""The apps that may have a module `reminders` with `expected(cooperation, today)`."""

type About = tuple[str, str, UUID, UUID]
type Key = tuple[str, str, UUID, UUID, str]


@dataclass(frozen=True)
class Owed:
    """One reminder that should wait to be sent, or be sent now."""

    expected: ExpectedReminder
    step: planning.Step
    source: str


@dataclass
class Ledger:
    """Everything that a cooperation owes at an instant. `failed`: apps that could not be examined."""

    cooperation: Cooperation
    now: dt.datetime
    today: dt.date
    owed: dict[Key, Owed] = field(default_factory=dict)
    # Every (series, day awaited) still expected, whether or not a step of it is owed now.
    expected: set[tuple[About, dt.date]] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)


def key_of(reminder: Reminder) -> Key:
    """What makes a row unique."""
    return (reminder.kind, reminder.subject_type, reminder.subject_id, reminder.recipient_id, reminder.occurrence)


def ledger(cooperation: Cooperation) -> Ledger:
    """Compute what this cooperation owes at the database's instant. Reads only."""
    now = clock.now()
    found = Ledger(cooperation, now, clock.local_date(now, cooperation.zone))
    if cooperation.ended_on is not None and cooperation.ended_on < found.today:
        return found
    steps_of = _steps_of(cooperation)
    told = _last_told(cooperation)
    series: dict[About, list[tuple[planning.Step, ExpectedReminder, str]]] = defaultdict(list)
    for source in SOURCES:
        for expected in _may_be_told(_examine(source, found), found.today):
            found.expected.add((expected.about, expected.due_on))
            for step in planning.steps(
                expected.due_on, steps_of.get(expected.kind, planning.default_steps(expected.kind)), cooperation.zone
            ):
                series[expected.about].append((step, expected, source))
    for about, rows in series.items():
        by_step = {step: (expected, source) for step, expected, source in rows}
        for step in planning.owed(by_step, now, told.get(about)):
            found.owed[(*about, step.occurrence)] = Owed(by_step[step][0], step, by_step[step][1])
    return found


def _examine(source: str, into: Ledger) -> list[ExpectedReminder]:
    """What one app expects. An error in one app must not silence the others: it is logged and noted."""
    name = f"{source}.reminders"
    if importlib.util.find_spec(name) is None:
        return []
    try:
        with transaction.atomic():
            return list(importlib.import_module(name).expected(into.cooperation, into.today))
    except Exception:
        logger.exception("reminders_examination_failed", extra={"source": source})
        into.failed.add(source)
        return []


def _may_be_told(expected: list[ExpectedReminder], today: dt.date) -> Iterable[ExpectedReminder]:
    """Leave out whoever may not know of the subject, or was erased: a mail must not say what the API would hide."""
    people = {item.recipient_id for item in expected}
    living = set(Person.objects.filter(pk__in=people, erased_at__isnull=True).values_list("pk", flat=True))
    wanted: dict[tuple[UUID, type[Any]], set[UUID]] = defaultdict(set)
    for item in expected:
        wanted[item.recipient_id, type(item.subject)].add(item.subject_id)
    actors = {
        person_id: Actor.for_user(SimpleNamespace(is_authenticated=True, person_id=person_id), on=today)
        for person_id in living
    }
    visible = {
        (person_id, model): set(
            model.objects.visible_to(actors[person_id]).filter(pk__in=subjects).values_list("pk", flat=True)
        )
        for (person_id, model), subjects in wanted.items()
        if person_id in living
    }
    return [item for item in expected if item.subject_id in visible.get((item.recipient_id, type(item.subject)), ())]


def _steps_of(cooperation: Cooperation) -> dict[str, tuple[int, ...]]:
    """Steps by kind where the cooperation has its own rule; none when that rule is inactive."""
    return {
        rule.kind: tuple(rule.days_before) if rule.active else ()
        for rule in ReminderRule.objects.filter(cooperation=cooperation).order_by("pk")
    }


def _last_told(cooperation: Cooperation) -> dict[About, dt.datetime]:
    rows = (
        Reminder.objects.filter(cooperation=cooperation, state=ReminderState.SENT)
        .order_by()
        .values_list("kind", "subject_type", "subject_id", "recipient_id")
        .annotate(last=Max("sent_at"))
    )
    return {
        (kind, subject_type, subject_id, recipient_id): last
        for kind, subject_type, subject_id, recipient_id, last in rows
    }


class LedgerMemory:
    """Ledgers kept for one run of the sender, read again as soon as an act was journaled that could change them."""

    def __init__(self) -> None:
        self._kept: dict[UUID, tuple[object, Ledger]] = {}

    def of(self, cooperation: Cooperation) -> Ledger:
        chains = JournalHead.objects.filter(Q(chain="") | Q(chain=str(cooperation.pk))).order_by("chain")
        stamp = (list(chains.values_list("chain", "sequence")), clock.today(cooperation.zone))
        kept = self._kept.get(cooperation.pk)
        if kept is None or kept[0] != stamp:
            kept = self._kept[cooperation.pk] = (stamp, ledger(cooperation))
        return kept[1]
