"""Routes of governance."""

from django.urls import URLPattern, URLResolver, path
from rest_framework.routers import SimpleRouter

from governance.api import boards, cooperations, journal, memberships, organisations, people, regimes, session, tokens
from governance.api.arbitration import ArbitrationGridViewSet, ArbitrationViewSet
from governance.api.clauses import ConfidentialityClauseViewSet
from governance.api.communication import CommunicationActionViewSet
from governance.api.consultation_documents import ConsultationDocumentViewSet, ConsultationMeetingViewSet
from governance.api.consultations import ConsultationViewSet
from governance.api.cooperative_profile import QuizViewSet
from governance.api.decision_circuits import CircuitReportViewSet, DecisionCircuitViewSet
from governance.api.decision_votes import AssemblyRuleViewSet, DecisionVoteViewSet
from governance.api.decisions import DecisionViewSet
from governance.api.delegations import DelegationViewSet
from governance.api.dossiers import DossierViewSet
from governance.api.files import StoredFileViewSet
from governance.api.journey import JourneyEntryViewSet, JourneyViewSet
from governance.api.legal_forms import FormCheckViewSet, LegalFormViewSet
from governance.api.missions import (
    MissionDeliverableViewSet,
    MissionPhaseViewSet,
    MissionTemplateViewSet,
    SupportMissionViewSet,
)
from governance.api.onboarding import OnboardingStepViewSet
from governance.api.orientation import OrientationViewSet
from governance.api.readiness import ReadinessAssessmentViewSet, ReadinessComparisonViewSet
from governance.api.scenarios import ScenarioComparisonViewSet, StructureScenarioViewSet
from governance.api.signing_keys import SigningKeyViewSet
from governance.api.stakeholders import StakeholderViewSet
from governance.api.structure_projects import ProjectStepViewSet, StructureProjectViewSet
from governance.api.vital_signs import VitalSignsViewSet
from governance.api.working_groups import CommitteeLoadViewSet, WorkingGroupViewSet

router = SimpleRouter()
router.register("people", people.PersonViewSet, basename="person")
router.register("organisations", organisations.OrganisationViewSet, basename="organisation")
router.register("headcounts", organisations.HeadcountViewSet, basename="headcount")
router.register("turnovers", organisations.TurnoverViewSet, basename="turnover")
router.register("cooperations", cooperations.CooperationViewSet, basename="cooperation")
router.register("memberships", memberships.MembershipViewSet, basename="membership")
router.register("roles", memberships.RoleViewSet, basename="role")
router.register("boards", boards.BoardViewSet, basename="board")
router.register("voting-rules", boards.VotingRuleViewSet, basename="voting-rule")
router.register("tokens", tokens.TokenViewSet, basename="token")
router.register("files", StoredFileViewSet, basename="file")
router.register("journal", journal.JournalViewSet, basename="journal")
router.register("signing-keys", SigningKeyViewSet, basename="signing-key")
router.register("consultation-regimes", regimes.RegimeViewSet, basename="consultation-regime")
router.register("readiness-assessments", ReadinessAssessmentViewSet, basename="readiness-assessment")
router.register("arbitration-grids", ArbitrationGridViewSet, basename="arbitration-grid")
router.register("journey-entries", JourneyEntryViewSet, basename="journey-entry")
router.register("structure-scenarios", StructureScenarioViewSet, basename="structure-scenario")
router.register("support-missions", SupportMissionViewSet, basename="support-mission")
router.register("mission-phases", MissionPhaseViewSet, basename="mission-phase")
router.register("mission-deliverables", MissionDeliverableViewSet, basename="mission-deliverable")
router.register("mission-templates", MissionTemplateViewSet, basename="mission-template")
router.register("structure-projects", StructureProjectViewSet, basename="structure-project")
router.register("project-steps", ProjectStepViewSet, basename="project-step")
router.register("legal-forms", LegalFormViewSet, basename="legal-form")
router.register("onboarding-steps", OnboardingStepViewSet, basename="onboarding-step")
router.register("stakeholders", StakeholderViewSet, basename="stakeholder")
router.register("confidentiality-clauses", ConfidentialityClauseViewSet, basename="confidentiality-clause")
router.register("decisions", DecisionViewSet, basename="decision")
router.register("consultations", ConsultationViewSet, basename="consultation")
router.register("decision-votes", DecisionVoteViewSet, basename="decision-vote")
router.register("delegations", DelegationViewSet, basename="delegation")
router.register("assembly-rules", AssemblyRuleViewSet, basename="assembly-rule")
router.register("decision-circuits", DecisionCircuitViewSet, basename="decision-circuit")
router.register("consultation-documents", ConsultationDocumentViewSet, basename="consultation-document")
router.register("consultation-meetings", ConsultationMeetingViewSet, basename="consultation-meeting")
router.register("working-groups", WorkingGroupViewSet, basename="working-group")
router.register("communication-actions", CommunicationActionViewSet, basename="communication-action")

urlpatterns: list[URLPattern | URLResolver] = [
    path("session/", session.SessionView.as_view(), name="session"),
    path("users/me/", session.MeViewSet.as_view({"get": "retrieve"}), name="me"),
    path(
        "cooperations/import/",
        DossierViewSet.as_view({"post": "import_dossier"}, detail=False),
        name="cooperation-import",
    ),
    path(
        "cooperations/<uuid:pk>/export/",
        DossierViewSet.as_view({"get": "export"}, detail=True),
        name="cooperation-export",
    ),
    path("cooperations/<uuid:pk>/vital-signs/", VitalSignsViewSet.as_view({"get": "retrieve"}), name="vital-signs"),
    path("cooperations/<uuid:pk>/arbitration/", ArbitrationViewSet.as_view({"get": "retrieve"}), name="arbitration"),
    path("cooperations/<uuid:pk>/check-form/", FormCheckViewSet.as_view({"post": "check_form"}), name="check-form"),
    path("cooperations/<uuid:pk>/orientation/", OrientationViewSet.as_view({"get": "retrieve"}), name="orientation"),
    path(
        "cooperations/<uuid:pk>/readiness/", ReadinessComparisonViewSet.as_view({"get": "retrieve"}), name="readiness"
    ),
    path(
        "cooperations/<uuid:pk>/decision-circuits/",
        CircuitReportViewSet.as_view({"get": "retrieve"}),
        name="decision-circuits",
    ),
    path(
        "cooperations/<uuid:pk>/committee-load/",
        CommitteeLoadViewSet.as_view({"get": "retrieve"}),
        name="committee-load",
    ),
    path("cooperations/<uuid:pk>/journey/", JourneyViewSet.as_view({"get": "retrieve"}), name="journey"),
    path("cooperations/<uuid:pk>/scenarios/", ScenarioComparisonViewSet.as_view({"get": "retrieve"}), name="scenarios"),
    path("cooperative-profile-quiz/", QuizViewSet.as_view({"get": "retrieve"}), name="cooperative-profile-quiz"),
    path(
        "cooperative-profile-quiz/score/", QuizViewSet.as_view({"post": "score"}), name="cooperative-profile-quiz-score"
    ),
    *router.urls,
]
