"""What governance reminds of: opinions of works councils, reviews of decisions, meetings and outputs of groups,
communication to do, dates of the path, clauses that end."""

import datetime as dt
from collections.abc import Iterator

from governance.enums import ConsultationState, RoleKind
from governance.models import Consultation, Cooperation, Decision
from governance.models.decisions import in_force
from governance.reminders import clauses as reminders_clauses
from governance.reminders import dialogue as reminders_dialogue
from governance.reminders import path as reminders_path
from governance.reminding import ExpectedReminder, Holders, ReminderKind, unique


def expected(cooperation: Cooperation, today: dt.date) -> Iterator[ExpectedReminder]:
    """Everything that somebody should be told in time."""
    yield from _consultations(cooperation, today)
    yield from _reviews(cooperation, today)
    yield from reminders_dialogue.expected(cooperation, today)
    yield from reminders_path.expected(cooperation, today)
    yield from reminders_clauses.expected(cooperation, today)


def _reviews(cooperation: Cooperation, today: dt.date) -> Iterator[ExpectedReminder]:
    """One per coordinator and decision in force whose outcome is to be reviewed."""
    decisions = list(Decision.objects.filter(in_force(today), cooperation=cooperation, review_on__isnull=False))
    coordination = Holders(cooperation, today).of(RoleKind.COORDINATION) if decisions else []
    for decision in sorted(decisions, key=lambda found: found.pk):
        assert decision.review_on is not None
        for person_id in coordination:
            yield ExpectedReminder(
                kind=ReminderKind.REVIEW_DUE,
                subject=decision,
                recipient_id=person_id,
                due_on=decision.review_on,
                label=decision.title,
            )


def _consultations(cooperation: Cooperation, today: dt.date) -> Iterator[ExpectedReminder]:
    """One per person who can do something about a running consultation: employees' contact and director of the
    employer, and the coordination."""
    running = list(
        Consultation.objects.filter(
            cooperation=cooperation, state=ConsultationState.INFORMATION_SENT, nominal_deadline__isnull=False
        )
        .select_related("decision", "organisation")
        .order_by("pk")
    )
    if not running:
        return
    holders = Holders(cooperation, today)
    coordination = holders.of(RoleKind.COORDINATION)
    for consultation in running:
        deadline = consultation.nominal_deadline
        assert deadline is not None
        employer = holders.of(
            RoleKind.EMPLOYEES_CONTACT, RoleKind.DIRECTOR, organisation_id=consultation.organisation_id
        )
        for person_id in unique([*employer, *coordination]):
            yield ExpectedReminder(
                kind=ReminderKind.CONSULTATION_DEADLINE,
                subject=consultation,
                recipient_id=person_id,
                due_on=deadline,
                label=f"{consultation.decision.title} ({consultation.organisation})",
            )
