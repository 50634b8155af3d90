"""A consultation that runs: the nearest subject of reminders, with the people of the cast around it."""

import datetime as dt
from typing import Any

from governance.enums import Confidentiality, ConsultationState, OpinionKind
from governance.models import Consultation, Cooperation, Decision, Organisation, Person
from worker.models import Reminder


def consultation(
    cooperation: Cooperation,
    organisation: Organisation,
    *,
    deadline: dt.date,
    title: str = "Mutualiser la paie",
    confidentiality: str = Confidentiality.ACTIVE,
) -> Consultation:
    """An opinion that is awaited by `deadline`."""
    decision = Decision.objects.create(cooperation=cooperation, title=title)
    return Consultation.objects.create(
        cooperation=cooperation,
        decision=decision,
        organisation=organisation,
        state=ConsultationState.INFORMATION_SENT,
        confidentiality=confidentiality,
        information_delivered_on=deadline - dt.timedelta(days=30),
        nominal_deadline=deadline,
    )


def give_opinion(subject: Consultation, on: dt.date) -> None:
    """The subject is done: nothing is awaited any more."""
    Consultation.objects.filter(pk=subject.pk).update(
        state=ConsultationState.OPINION_GIVEN, opinion=OpinionKind.FAVOURABLE, opinion_on=on
    )


def rows(recipient: Person, **filters: Any) -> list[Reminder]:
    return list(Reminder.objects.filter(recipient=recipient, **filters).order_by("due_at", "pk"))
