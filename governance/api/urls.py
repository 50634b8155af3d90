"""Routes of governance."""

from django.urls import URLPattern, URLResolver, path
from rest_framework.routers import SimpleRouter

from governance.api import boards, cooperations, journal, memberships, organisations, people, regimes, session, tokens
from governance.api.arbitration import ArbitrationGridViewSet, ArbitrationViewSet
from governance.api.clauses import ConfidentialityClauseViewSet
from governance.api.consultations import ConsultationViewSet
from governance.api.cooperative_profile import QuizViewSet
from governance.api.decisions import DecisionViewSet
from governance.api.dossiers import DossierViewSet
from governance.api.files import StoredFileViewSet
from governance.api.legal_forms import FormCheckViewSet, LegalFormViewSet
from governance.api.orientation import OrientationViewSet
from governance.api.readiness import ReadinessAssessmentViewSet, ReadinessComparisonViewSet
from governance.api.signing_keys import SigningKeyViewSet
from governance.api.vital_signs import VitalSignsViewSet

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
router.register("legal-forms", LegalFormViewSet, basename="legal-form")
router.register("confidentiality-clauses", ConfidentialityClauseViewSet, basename="confidentiality-clause")
router.register("decisions", DecisionViewSet, basename="decision")
router.register("consultations", ConsultationViewSet, basename="consultation")

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
    path("cooperative-profile-quiz/", QuizViewSet.as_view({"get": "retrieve"}), name="cooperative-profile-quiz"),
    path(
        "cooperative-profile-quiz/score/", QuizViewSet.as_view({"post": "score"}), name="cooperative-profile-quiz-score"
    ),
    *router.urls,
]
