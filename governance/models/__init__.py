"""Public names of the models of governance."""

from governance.models.arbitration import ArbitrationGrid
from governance.models.boards import Board, VotingRule
from governance.models.clauses import ConfidentialityClause
from governance.models.consultations import Consultation
from governance.models.cooperations import CircleStay, Cooperation, Membership, Role
from governance.models.decisions import Decision
from governance.models.files import StoredFile
from governance.models.identity import ApiToken, Person, User
from governance.models.journal import JournalEntry, JournalHead
from governance.models.organisations import MonthlyHeadcount, Organisation, YearlyTurnover
from governance.models.readiness import ReadinessAssessment
from governance.models.signing_keys import SigningKey
from governance.models.tenancy import TenantModel, TenantQuerySet

__all__ = [
    "ApiToken",
    "ArbitrationGrid",
    "Board",
    "CircleStay",
    "ConfidentialityClause",
    "Consultation",
    "Cooperation",
    "Decision",
    "JournalEntry",
    "JournalHead",
    "Membership",
    "MonthlyHeadcount",
    "Organisation",
    "Person",
    "ReadinessAssessment",
    "Role",
    "SigningKey",
    "StoredFile",
    "TenantModel",
    "TenantQuerySet",
    "User",
    "VotingRule",
    "YearlyTurnover",
]
