"""What people make of a gap (domain.md 5.4): a red requires a recorded reading, and a decision someone owns."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import Violation
from milestones.rules.evaluation import Status


class ReadingDecision(StrEnum):
    """Correct what is done, accept the gap, set another target (a new version; the old gap stays visible), stop."""

    CORRECT = "correct"
    ACCEPT = "accept"
    RETARGET = "retarget"
    STOP = "stop"


@dataclass(frozen=True)
class GapReading:
    """One recorded reading. `owner` is a reference to a person; `corrective_actions` counts those it decided."""

    cause: str
    decision: str | None
    owner: str | None
    due_on: date | None
    corrective_actions: int = 0
    retargeted: bool = False


@dataclass(frozen=True)
class EvaluatedItem:
    """One line of an evaluation: an indicator, a milestone, a budget or a motivation, and what people made of it."""

    ref: str
    status: Status | str
    reading: GapReading | None = None


def reading_violations(reading: GapReading, *, recorded_on: date, pointer: str = "") -> tuple[Violation, ...]:
    """Why a reading is not complete, every reason with its pointer. A decision is due today at the earliest."""
    return tuple(_reading_violations(reading, recorded_on, pointer))


def closing_violations(items: Sequence[EvaluatedItem], *, pointer: str = "/items") -> tuple[Violation, ...]:
    """Why an evaluation cannot be closed: a red without reading, or a decision that nothing carries out yet.

    Only a red requires a reading; `no_data`, `stale` and amber do not block. A reading that was recorded must carry
    out what it decided, whatever the colour.
    """
    return tuple(_closing_violations(items, pointer))


def _reading_violations(reading: GapReading, recorded_on: date, pointer: str) -> Iterator[Violation]:
    if not reading.cause.strip():
        yield Violation("cause_missing", _("La cause de l’écart est attendue."), f"{pointer}/cause")
    if reading.decision is None:
        yield Violation("decision_missing", _("Une décision est attendue."), f"{pointer}/decision")
    elif reading.decision not in set(ReadingDecision):
        yield Violation("unknown_choice", _("Ce choix n’existe pas."), f"{pointer}/decision")
    if not reading.owner:
        yield Violation("owner_missing", _("La personne responsable est attendue."), f"{pointer}/owner")
    if reading.due_on is None:
        yield Violation("due_date_missing", _("L’échéance est attendue."), f"{pointer}/due_on")
    elif reading.due_on < recorded_on:
        yield Violation("due_date_past", _("L’échéance est déjà passée."), f"{pointer}/due_on")


def _closing_violations(items: Iterable[EvaluatedItem], pointer: str) -> Iterator[Violation]:
    for index, item in enumerate(items):
        where = f"{pointer}/{index}"
        if item.reading is None:
            if item.status == Status.RED:
                yield Violation(
                    "red_without_reading",
                    format_lazy(_("Un écart rouge attend sa lecture : {ref}."), ref=item.ref),
                    where,
                )
            continue
        # The day of recording has passed: what was due then may be overdue now, and that does not undo the reading.
        yield from _reading_violations(item.reading, item.reading.due_on or date.min, f"{where}/reading")
        decision = item.reading.decision
        if decision == ReadingDecision.CORRECT and not item.reading.corrective_actions:
            yield Violation(
                "corrective_action_missing",
                format_lazy(_("Corriger demande une action corrective : {ref}."), ref=item.ref),
                where,
            )
        if decision == ReadingDecision.RETARGET and not item.reading.retargeted:
            yield Violation(
                "new_target_missing",
                format_lazy(_("Changer de cible demande une nouvelle cible : {ref}."), ref=item.ref),
                where,
            )
