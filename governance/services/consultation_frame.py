"""What every act on a consultation begins and ends with: the locks, the day, the limit, the line in the journal."""

import datetime as dt
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from coopproject import clock
from coopproject.exceptions import InvalidInput, NotVisible, Violation
from coopproject.locking import lock
from governance import journal
from governance.actor import Actor
from governance.models import Consultation, Decision
from governance.rules.consultation_deadlines import facts_violations
from governance.selectors.employers import consultation_deadline, consultation_facts, named_by_field

_COMPUTED = ["nominal_deadline", "extended_deadline", "act_from"]


def lock_consultation(pk: UUID, expected_version: int | None = None) -> Consultation:
    """The decision's row, then the consultation's: always in this order."""
    decision_id = Consultation.objects.filter(pk=pk).values_list("decision_id", flat=True).first()
    if decision_id is None:
        raise NotVisible
    Decision.objects.select_for_update(no_key=True).get(pk=decision_id)
    consultation: Consultation = lock(
        Consultation.objects.select_related("organisation", "cooperation", "decision"), pk, expected_version
    )
    return consultation


def legal_day(consultation: Consultation) -> dt.date:
    """Today, in the zone of the cooperation."""
    return clock.today(consultation.cooperation.zone)


def refuse_future(today: dt.date, **dates: dt.date | None) -> None:
    """Facts are past or of today. Raises InvalidInput(`in_the_future`) at each field that is not."""
    late = [name for name, day in dates.items() if day is not None and day > today]
    if late:
        raise InvalidInput(
            *(Violation("in_the_future", _("Cette date est dans le futur."), f"/{name}") for name in late)
        )


def recompute(consultation: Consultation) -> list[str]:
    """Recompute the deadlines from the facts; returns the fields to save. Unusable facts are a 400."""
    if violations := facts_violations(consultation_facts(consultation)):
        raise InvalidInput(*map(named_by_field, violations))
    limit = consultation_deadline(consultation)
    consultation.nominal_deadline = limit.nominal
    consultation.extended_deadline = limit.extended
    consultation.act_from = limit.act_from
    return list(_COMPUTED)


def record_act(act: str, consultation: Consultation, actor: Actor, **payload: Any) -> None:
    """The line of the journal, with the limit as it stands after the act."""
    journal.record(
        f"consultation.{act}",
        consultation,
        actor=actor,
        on_behalf_of=consultation.organisation_id,
        decision=consultation.decision_id,
        nominal_deadline=consultation.nominal_deadline,
        act_from=consultation.act_from,
        **payload,
    )
