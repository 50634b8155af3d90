"""What working groups and the communication plan remind of."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Prefetch

from governance.enums import CommunicationState
from governance.models import CommunicationAction, Cooperation, WorkingGroup, WorkingGroupMember
from governance.reminding import ExpectedReminder, Holders, ReminderKind, unique


def expected(cooperation: Cooperation, today: dt.date) -> Iterator[ExpectedReminder]:
    """The next meeting, to those who sit in the group; its output, to its lead; an action, to its owner; where they
    left, to the coordination."""
    holders = Holders(cooperation, today)
    seats = WorkingGroupMember.objects.in_force(today).filter(person__erased_at__isnull=True).order_by("since", "pk")
    running = WorkingGroup.objects.filter(cooperation=cooperation, ended_on__isnull=True)
    for group in running.order_by("pk").prefetch_related(Prefetch("members", seats, to_attr="seated")):
        if group.next_meeting_on is not None:
            for person_id in unique([*holders.in_charge(group.lead_id), *(seat.person_id for seat in group.seated)]):
                yield ExpectedReminder(
                    kind=ReminderKind.WORKING_GROUP_MEETING,
                    subject=group,
                    recipient_id=person_id,
                    due_on=group.next_meeting_on,
                    label=group.theme,
                )
        if group.output_due_on is not None and group.delivered_on is None:
            for person_id in holders.in_charge(group.lead_id):
                yield ExpectedReminder(
                    kind=ReminderKind.WORKING_GROUP_OUTPUT,
                    subject=group,
                    recipient_id=person_id,
                    due_on=group.output_due_on,
                    label=group.theme,
                )
    planned = CommunicationAction.objects.filter(cooperation=cooperation, state=CommunicationState.PLANNED)
    for action in planned.order_by("pk"):
        for person_id in holders.in_charge(action.owner_id):
            yield ExpectedReminder(
                kind=ReminderKind.COMMUNICATION_DUE,
                subject=action,
                recipient_id=person_id,
                due_on=action.planned_on,
                label=action.message,
            )
