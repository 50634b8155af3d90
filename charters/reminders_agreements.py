"""What agreements remind of: the last day to give notice before a renewal, and the end of the running term."""

import datetime as dt
from collections.abc import Iterator

from charters.rules.agreement_checks import SIGNATORY_ROLES
from charters.selectors.agreements import in_force, term_facts
from governance.enums import RoleKind
from governance.models import Cooperation
from governance.reminding import ExpectedReminder, Holders, ReminderKind, unique


def agreement_reminders(cooperation: Cooperation, holders: Holders, today: dt.date) -> Iterator[ExpectedReminder]:
    """To the chairs and directors of each party and to the coordination, while it may still know of the agreement."""
    for agreement in in_force(cooperation):
        facts = term_facts(agreement, today)
        if facts is None:
            continue
        days = {
            ReminderKind.AGREEMENT_NOTICE: facts.next_notice_on,
            ReminderKind.AGREEMENT_TERM: facts.term.last_day,
        }
        heads = [
            person_id
            for party in agreement.parties.all()
            for person_id in holders.of(*SIGNATORY_ROLES, organisation_id=party.organisation_id)
        ]
        for person_id in unique([*heads, *holders.of(RoleKind.COORDINATION)]):
            for kind, due_on in days.items():
                if due_on is not None:
                    yield ExpectedReminder(
                        kind=kind, subject=agreement, recipient_id=person_id, due_on=due_on, label=agreement.title
                    )
