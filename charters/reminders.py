"""What charters remind of: a board whose vote is awaited, a charter to review."""

import datetime as dt
from collections.abc import Iterator

from charters.selectors import ballots, entries_in_force, review_due_on
from governance.enums import RoleKind
from governance.models import Cooperation
from governance.reminding import ExpectedReminder, Holders, ReminderKind


def expected(cooperation: Cooperation, today: dt.date) -> Iterator[ExpectedReminder]:
    """One per chair of a board that may vote and has not, or that is asked again; one per coordinator for each charter
    in force.

    A board whose works council has not been heard yet is not asked to vote: the gate would refuse it.
    """
    holders = Holders(cooperation, today)
    for ballot in ballots(cooperation, today):
        for row in ballot.awaited:
            for person_id in holders.of(RoleKind.BOARD_CHAIR, organisation_id=row.organisation_id):
                yield ExpectedReminder(
                    kind=ReminderKind.APPROVAL_WAITING,
                    subject=ballot.version,
                    recipient_id=person_id,
                    due_on=ballot.due_on,
                    label=f"{ballot.version.charter.title} v{ballot.version.number}",
                )
    for text in entries_in_force(cooperation, today):
        version = text.version
        for row in text.awaited:
            for person_id in holders.of(RoleKind.BOARD_CHAIR, organisation_id=row.organisation_id):
                yield ExpectedReminder(
                    kind=ReminderKind.APPROVAL_WAITING,
                    subject=version,
                    recipient_id=person_id,
                    due_on=text.due_on(row),
                    label=f"{version.charter.title} v{version.number}",
                )
        for person_id in holders.of(RoleKind.COORDINATION):
            yield ExpectedReminder(
                kind=ReminderKind.REVIEW_DUE,
                subject=version.charter,
                recipient_id=person_id,
                due_on=review_due_on(version),
                label=version.charter.title,
            )
