"""Public names of the models of governance."""

from governance.models.arbitration import ArbitrationGrid
from governance.models.boards import Board, VotingRule
from governance.models.clauses import ConfidentialityClause
from governance.models.communication import CommunicationAction
from governance.models.consultation_documents import ConsultationDocument
from governance.models.consultation_meetings import ConsultationMeeting, InformationContest
from governance.models.consultations import Consultation
from governance.models.cooperations import CircleStay, Cooperation, Membership, Role
from governance.models.deciding import AssemblyRule, DecisionCircuit, DecisionOption, DecisionVote, OutcomeReview
from governance.models.decisions import Decision
from governance.models.delegations import Delegation
from governance.models.files import StoredFile
from governance.models.identity import ApiToken, Person, User
from governance.models.journal import JournalEntry, JournalHead
from governance.models.journey import JourneyEntry
from governance.models.missions import MissionDeliverable, MissionPhase, SupportMission
from governance.models.onboarding import OnboardingStep, StepCompletion
from governance.models.organisations import MonthlyHeadcount, Organisation, YearlyTurnover
from governance.models.readiness import ReadinessAssessment
from governance.models.scenarios import StructureScenario
from governance.models.signing_keys import SigningKey
from governance.models.stakeholders import Stakeholder
from governance.models.structure_projects import ProjectStep, StructureProject
from governance.models.tenancy import TenantModel, TenantQuerySet
from governance.models.working_groups import WorkingGroup, WorkingGroupMeeting, WorkingGroupMember

__all__ = [
    "ApiToken",
    "ArbitrationGrid",
    "AssemblyRule",
    "Board",
    "CircleStay",
    "CommunicationAction",
    "ConfidentialityClause",
    "Consultation",
    "ConsultationDocument",
    "ConsultationMeeting",
    "Cooperation",
    "Decision",
    "DecisionCircuit",
    "DecisionOption",
    "DecisionVote",
    "Delegation",
    "InformationContest",
    "JournalEntry",
    "JournalHead",
    "JourneyEntry",
    "Membership",
    "MissionDeliverable",
    "MissionPhase",
    "MonthlyHeadcount",
    "OnboardingStep",
    "Organisation",
    "OutcomeReview",
    "Person",
    "ProjectStep",
    "ReadinessAssessment",
    "Role",
    "SigningKey",
    "Stakeholder",
    "StepCompletion",
    "StoredFile",
    "StructureProject",
    "StructureScenario",
    "SupportMission",
    "TenantModel",
    "TenantQuerySet",
    "User",
    "VotingRule",
    "WorkingGroup",
    "WorkingGroupMeeting",
    "WorkingGroupMember",
    "YearlyTurnover",
]
