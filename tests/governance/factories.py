"""Valid aggregates of governance for the tests, in the state that a test starts from."""

import datetime as dt
from collections.abc import Collection
from typing import Any

from governance.covering import coverable
from governance.enums import ConsultationState, DecisionState, ImpactFlag, SheetState
from governance.models import (
    ArbitrationGrid,
    ConfidentialityClause,
    Consultation,
    Decision,
    Organisation,
    ReadinessAssessment,
)
from governance.rules.arbitration import CRITERIA
from governance.rules.readiness import PRECONDITIONS
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


def clause(cast: Cast, *, covering: Any = None, fields: Collection[str] = (), **values: Any) -> ConfidentialityClause:
    """A clause of alpha in force since today, at the level « active »; it covers an object, or only these fields."""
    covers = None
    if covering is not None:
        resource = next(name for name, item in coverable().items() if item.model is type(covering))
        covers = {"resource": resource, "id": str(covering.pk), "fields": sorted(fields)}
    return ConfidentialityClause.objects.create(
        **{
            "cooperation": cast.cooperation,
            "source": "agreement",
            "reference": "Convention de prêt, article 9",
            "title": "Discrétion sur les départs",
            "text": "Ce qui se dit d’un départ reste entre partenaires.",
            "confidentiality": "active",
            "covers": covers,
            "since": cast.today,
            "set_by": cast.chair_alpha,
            "on_behalf_of": cast.alpha,
            "reason": "Convenu entre nous",
            **values,
        }
    )


# Every question answered, so that it may be submitted.
ANSWERS: dict[str, Any] = {
    "why": "Former hors des villes",
    "stakes": "Moins de candidats chaque année",
    "benefits": "Des sessions complètes",
    "drawbacks": "Du temps de réunion",
    "pooling": "Les sessions et leurs salles",
    "pooled": ["experiences", "gains"],
    "needs": ["Former près de chez soi"],
    "preconditions": dict.fromkeys(PRECONDITIONS, "yes"),
}


def readiness(cast: Cast, organisation: Organisation, **fields: Any) -> ReadinessAssessment:
    """What a member answered and handed over, unless told otherwise."""
    values = {"state": SheetState.SUBMITTED, **ANSWERS, **fields}
    if values["state"] == SheetState.SUBMITTED:
        values.setdefault("submitted_on", cast.today)
    return ReadinessAssessment.objects.create(cooperation=cast.cooperation, organisation=organisation, **values)


def scores(default: int, **others: int) -> dict[str, Any]:
    """Every criterion scored, with a reason."""
    given = dict.fromkeys(CRITERIA, default) | others
    return {code: {"score": score, "reason": "Vu au conseil"} for code, score in given.items()}


def grid(cast: Cast, organisation: Organisation, **fields: Any) -> ArbitrationGrid:
    """What a member scored and handed over."""
    values = {"scores": scores(1), "submitted_on": cast.today, **fields}
    return ArbitrationGrid.objects.create(
        cooperation=cast.cooperation, organisation=organisation, state=SheetState.SUBMITTED, **values
    )
