"""What charters remind of: a board whose vote is awaited, a correction to check, a charter to review."""

import datetime as dt
from collections.abc import Iterator

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from charters.enums import DeliberationState
from charters.models import BoardDeliberation
from charters.models.deliberations import PENDING
from charters.reminders_agreements import agreement_reminders
from charters.rules.entry_into_force import MEETING
from charters.selectors import ballots, corrections, entries_in_force, review_due_on
from charters.selectors.electorate import BOARD_KINDS
from coopproject import wording
from governance.enums import RoleKind
from governance.models import Cooperation
from governance.reminding import ExpectedReminder, Holders, ReminderKind


def expected(cooperation: Cooperation, today: dt.date) -> Iterator[ExpectedReminder]:
    """One per chair of a board that may vote and has not, is asked again or may contest a correction; one per
    coordinator for each charter in force; and what `reminders_agreements` says.

    A board whose works council has not been heard yet is not asked to vote: the gate would refuse it. Whoever sits on
    a board that is convened is reminded of its day, and the chair of one whose vote is open of closing it.
    """
    holders = Holders(cooperation, today)
    yield from _meetings(cooperation, holders)
    for ballot in ballots(cooperation, today):
        for row in ballot.awaited:
            if row.waits_for in MEETING:
                continue
            for person_id in holders.of(RoleKind.BOARD_CHAIR, organisation_id=row.organisation_id):
                yield ExpectedReminder(
                    kind=ReminderKind.APPROVAL_WAITING,
                    subject=ballot.version,
                    recipient_id=person_id,
                    due_on=ballot.due_on,
                    label=f"{ballot.version.charter.title} v{ballot.version.number}",
                )
    for correction in corrections(cooperation, today):
        for organisation_id in sorted(correction.parties) if not correction.contests else ():
            for person_id in holders.of(RoleKind.BOARD_CHAIR, organisation_id=organisation_id):
                yield ExpectedReminder(
                    kind=ReminderKind.CORRECTION_TO_CHECK,
                    subject=correction.version,
                    recipient_id=person_id,
                    due_on=correction.until,
                    label=f"{correction.version.charter.title} v{correction.version.number}",
                )
    for text in entries_in_force(cooperation, today):
        version = text.version
        for row in text.awaited:
            if row.waits_for in MEETING:
                continue
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
    yield from agreement_reminders(cooperation, holders, today)


def _meetings(cooperation: Cooperation, holders: Holders) -> Iterator[ExpectedReminder]:
    pending = BoardDeliberation.objects.filter(cooperation=cooperation, state__in=PENDING)
    for vote in pending.select_related("charter_version__charter").order_by("held_on", "pk"):
        text = f"{vote.charter_version.charter.title} v{vote.charter_version.number}"
        convened = vote.state == DeliberationState.CONVENED
        kinds = BOARD_KINDS if convened else (RoleKind.BOARD_CHAIR,)
        label = _("{text}, séance du {day}") if convened else _("{text}, vote ouvert le {day}")
        for person_id in holders.of(*kinds, organisation_id=vote.organisation_id):
            yield ExpectedReminder(
                kind=ReminderKind.APPROVAL_WAITING,
                subject=vote,
                recipient_id=person_id,
                due_on=vote.held_on,
                label=format_lazy(label, text=text, day=wording.day(vote.held_on)),
            )
