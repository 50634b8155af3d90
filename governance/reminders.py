"""What governance reminds of: the day by which a works council must have given its opinion, and dates of the path."""

import datetime as dt
from collections.abc import Iterator

from governance import reminders_path
from governance.enums import ConsultationState, RoleKind
from governance.models import Consultation, Cooperation
from governance.reminding import ExpectedReminder, Holders, ReminderKind, unique


def expected(cooperation: Cooperation, today: dt.date) -> Iterator[ExpectedReminder]:
    """One per person who can do something about a running consultation: employees' contact and director of the
    employer, and the coordination. Then what the path to a form awaits."""
    yield from reminders_path.expected(cooperation, today)
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
