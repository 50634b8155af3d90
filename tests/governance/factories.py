"""Valid aggregates of governance for the tests, in the state that a test starts from."""

import datetime as dt
from collections.abc import Collection
from decimal import Decimal
from typing import Any

from governance.covering import coverable
from governance.enums import Audience, ConsultationState, DecisionState, GroupCapacity, ImpactFlag, SheetState
from governance.models import (
    ArbitrationGrid,
    AssemblyRule,
    CommunicationAction,
    ConfidentialityClause,
    Consultation,
    ConsultationDocument,
    ConsultationMeeting,
    Decision,
    DecisionCircuit,
    DecisionVote,
    Delegation,
    OnboardingStep,
    Organisation,
    ReadinessAssessment,
    Stakeholder,
    WorkingGroup,
    WorkingGroupMember,
)
from governance.rules.arbitration import CRITERIA
from governance.rules.readiness import PRECONDITIONS
from governance.services import files
from tests.cast import PLAIN_RULE, Cast


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


def board_vote(cast: Cast, of: Decision, organisation: Organisation, **fields: Any) -> DecisionVote:
    """What the board of this organisation decided, held today: adopted by 5 votes to 1, unless told otherwise."""
    board = organisation.boards.get()
    values = {"voting_rule": board.voting_rules.get(), "board": board, "organisation": organisation, **fields}
    return _vote(cast, of, **values)


def assembly_vote(cast: Cast, of: Decision, rule: AssemblyRule, **fields: Any) -> DecisionVote:
    """What the assembly of members decided, held today."""
    return _vote(cast, of, assembly_rule=rule, **fields)


def _vote(cast: Cast, of: Decision, **fields: Any) -> DecisionVote:
    values: dict[str, Any] = {
        "held_on": cast.today,
        "in_office": 9,
        "present": 6,
        "votes_for": 5,
        "votes_against": 1,
        "result": "adopted",
        "explanation": "5 pour > 1 contre",
        "minutes_reference": "PV 1",
    }
    return DecisionVote.objects.create(cooperation=of.cooperation, decision=of, **(values | fields))


def delegation(cast: Cast, **fields: Any) -> Delegation:
    """The coordinator may take decisions up to 1 000 € each, for a year from today."""
    values: dict[str, Any] = {
        "role": cast.coordinator.roles.get(cooperation=cast.cooperation, until=None),
        "scope": "Dépenses courantes",
        "ceiling": Decimal("1000.00"),
        "since": cast.today,
        "until": cast.today + dt.timedelta(days=365),
        "reference": "Délibération du 3 mars",
    }
    return Delegation.objects.create(cooperation=cast.cooperation, **(values | fields))


def assembly_rule(cast: Cast, **fields: Any) -> AssemblyRule:
    """Half of the members present, a simple majority: since the cooperation began."""
    values = {"valid_from": cast.since, "definition": PLAIN_RULE, **fields}
    return AssemblyRule.objects.create(cooperation=cast.cooperation, **values)


def circuit(cast: Cast, **fields: Any) -> DecisionCircuit:
    """Purchases are decided by the coordination up to 1 000 €."""
    values = {
        "subject": "achats",
        "title": "Achats courants",
        "decided_by": "coordination",
        "ceiling": Decimal("1000.00"),
        "valid_from": cast.since,
    }
    return DecisionCircuit.objects.create(cooperation=cast.cooperation, **(values | fields))


def document(cast: Cast, of: Consultation, **fields: Any) -> ConsultationDocument:
    """A note that anybody may know of, in a file, still in preparation."""
    values: dict[str, Any] = {"title": "Note au CSE", "source_level": "public", **fields}
    if "reference" not in values:
        values["file"] = files.keep(name="note.txt", media_type="text/plain", content=b"Le projet, en deux pages.")
    if "handed_on" in values:
        values["sha256"] = values["file"].sha256
    return ConsultationDocument.objects.create(cooperation=of.cooperation, consultation=of, **values)


def meeting(cast: Cast, of: Consultation, **fields: Any) -> ConsultationMeeting:
    """A meeting held today, convened in time."""
    week = dt.timedelta(days=7)
    values = {"held_on": cast.today, "convened_on": cast.today - week, "agenda_sent_on": cast.today - week, **fields}
    return ConsultationMeeting.objects.create(cooperation=of.cooperation, consultation=of, **values)


def group(cast: Cast, *, delivered: bool = False, **fields: Any) -> WorkingGroup:
    """A group that the pilot of beta leads and in which they alone sit; `delivered`: it handed its output over."""
    since = cast.today - dt.timedelta(days=30)
    values: dict[str, Any] = {
        "theme": "Paie commune",
        "mandate": "Proposer une organisation de la paie",
        "lead": cast.pilot_beta,
        "organisation": cast.beta,
        "since": since,
        **fields,
    }
    if delivered:
        output = files.keep(name="note.txt", media_type="text/plain", content=b"Trois scenarios.")
        values |= {"delivered_on": cast.today, "output_file": output}
    made = WorkingGroup.objects.create(cooperation=cast.cooperation, **values)
    WorkingGroupMember.objects.create(
        cooperation=cast.cooperation,
        group=made,
        person=made.lead,
        organisation=made.organisation,
        capacity=GroupCapacity.FACILITATOR,
        since=made.since,
    )
    return made


def communication(cast: Cast, organisation: Organisation | None, **fields: Any) -> CommunicationAction:
    """What the teams are to be told next month by the contact of alpha, unless told otherwise."""
    values: dict[str, Any] = {
        "audience": Audience.TEAMS,
        "message": "Ce qui change pour les équipes",
        "channel": "Réunion d’équipe",
        "planned_on": cast.today + dt.timedelta(days=30),
        "owner": cast.employees_alpha,
        **fields,
    }
    return CommunicationAction.objects.create(cooperation=cast.cooperation, organisation=organisation, **values)


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


def onboarding_step(cast: Cast, circle: str, **fields: Any) -> OnboardingStep:
    """A step asked before this circle."""
    values = {"title": "Rencontrer chaque membre", **fields}
    return OnboardingStep.objects.create(cooperation=cast.cooperation, circle=circle, **values)


def stakeholder(cast: Cast, **fields: Any) -> Stakeholder:
    """The users of the service, as an association of theirs, unless told otherwise."""
    values = {"role_family": "supporter", "kind": "users", "name": "Les usagers du Val", "since": cast.since, **fields}
    return Stakeholder.objects.create(cooperation=cast.cooperation, **values)
