"""Valid aggregates of governance for the tests, in the state that a test starts from."""

import datetime as dt
from typing import Any

from governance.enums import ConsultationState, DecisionState, ImpactFlag
from governance.models import Consultation, Decision, Organisation
from tests.cast import Cast


def decision(cast: Cast, *concerned: Organisation, **fields: Any) -> Decision:
    """A submitted decision that changes the organisation of alpha, unless told otherwise."""
    values: dict[str, Any] = {
        "title": "Mutualiser la fonction paie",
        "impact_flags": [ImpactFlag.ORG_OR_MANAGEMENT],
        "state": DecisionState.SUBMITTED,
        "submitted_on": cast.today - dt.timedelta(days=60),
        **fields,
    }
    if values["state"] == DecisionState.DRAFT:
        values["submitted_on"] = None
    made = Decision.objects.create(cooperation=values.pop("cooperation", cast.cooperation), **values)
    made.concerned.set(concerned or [cast.alpha])
    return made


def consultation(cast: Cast, of: Decision, organisation: Organisation | None = None, **fields: Any) -> Consultation:
    """A consultation in preparation."""
    return Consultation.objects.create(
        cooperation=of.cooperation,
        decision=of,
        organisation=organisation or cast.alpha,
        **{"state": ConsultationState.DRAFT, **fields},
    )
