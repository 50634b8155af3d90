"""What apps say to the worker: which reminders should exist today. They say it from today's state and remember nothing.

Each app has `<app>/reminders.py: expected(cooperation, today) -> Iterable[ExpectedReminder]`: one for each person and
each subject that is still waiting for something. Steps (14 days before, 1 day after…), rows, repeats and mails are the
worker's affair. What is no longer returned is no longer sent.
"""

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import Model, TextChoices
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from governance.enums import RoleKind

if TYPE_CHECKING:
    from governance.models import Cooperation


class ReminderKind(TextChoices):
    """What people are reminded of."""

    MILESTONE_DUE = "milestone_due", _("jalon à terminer")
    APPROVAL_WAITING = "approval_waiting", _("approbation attendue")
    CORRECTION_TO_CHECK = "correction_to_check", _("correction de charte à vérifier")
    CONSULTATION_DEADLINE = "consultation_deadline", _("échéance d’une consultation du CSE")
    MANDATE_ENDING = "mandate_ending", _("mandat qui prend fin")
    REVIEW_DUE = "review_due", _("revue à tenir")
    MEASUREMENT_DUE = "measurement_due", _("relevé attendu")
    CORRECTIVE_ACTION_DUE = "corrective_action_due", _("action corrective à terminer")
    AGREEMENT_NOTICE = "agreement_notice", _("préavis d’une convention à donner ou non")
    AGREEMENT_TERM = "agreement_term", _("terme d’une convention")
    WORKING_GROUP_MEETING = "working_group_meeting", _("réunion d’un groupe de travail")
    WORKING_GROUP_OUTPUT = "working_group_output", _("production d’un groupe de travail")
    COMMUNICATION_DUE = "communication_due", _("action de communication à mener")
    DELIVERABLE_DUE = "deliverable_due", _("livrable d’un accompagnement attendu")
    STRUCTURE_STEP_DUE = "structure_step_due", _("étape de création d’une structure à faire")
    CLAUSE_ENDING = "clause_ending", _("clause de confidentialité qui prend fin")


@dataclass(frozen=True)
class ExpectedReminder:
    """Somebody should be told that something is awaited by a day.

    `subject` is the row concerned (read whole: its confidentiality decides who may be told). `due_on` is the last day
    on which it is in time, in the zone of the cooperation. `label` names the subject to people, without the name of
    its kind: « Bilan de la mutualisation ». `advice`: what its reader can do, where the kind alone does not say it; it
    names nothing that the recipient might not know of. A recipient who may not know of the subject gets nothing.
    """

    kind: ReminderKind
    subject: Model
    recipient_id: UUID
    due_on: dt.date
    label: str | Promise
    advice: str | Promise = ""

    @property
    def subject_type(self) -> str:
        return resource_name(type(self.subject))

    @property
    def subject_id(self) -> UUID:
        identifier: UUID = self.subject.pk
        return identifier

    @property
    def about(self) -> tuple[str, str, UUID, UUID]:
        """What two reminders of one series share, whatever their day."""
        return (str(self.kind), self.subject_type, self.subject_id, self.recipient_id)


def resource_name(model: type[Model]) -> str:
    """The collection of the API that serves this model: `CorrectiveAction` -> `corrective-actions`."""
    return re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "-", model.__name__).lower() + "s"


class Holders:
    """Who holds which role in a cooperation on a day, read once (one query)."""

    def __init__(self, cooperation: "Cooperation", day: dt.date) -> None:
        from governance.models import Role

        self._rows: list[tuple[str, UUID | None, UUID]] = list(
            Role.objects.in_force(day)
            .filter(cooperation=cooperation, person__erased_at__isnull=True)
            .order_by("since", "pk")
            .values_list("kind", "organisation_id", "person_id")
        )
        self._people = {person_id for _kind, _organisation, person_id in self._rows}

    def of(self, *kinds: str, organisation_id: UUID | None = None) -> list[UUID]:
        """The people who hold one of these roles, each once; on behalf of that organisation when it is given."""
        return unique(
            person_id
            for kind, of_organisation, person_id in self._rows
            if kind in kinds and (organisation_id is None or of_organisation == organisation_id)
        )

    def in_charge(self, person_id: UUID | None) -> list[UUID]:
        """This person while they act here; else the coordination, which has to find somebody."""
        return [person_id] if person_id in self._people else self.of(RoleKind.COORDINATION)


def unique(people: Iterable[Any]) -> list[Any]:
    """Each person once, in the order first met; None (nobody) left out."""
    return list(dict.fromkeys(person for person in people if person is not None))
