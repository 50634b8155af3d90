"""What governance itself tells the registries of settings, of signs of life and of simulations."""

from django.utils.translation import gettext_lazy as _

from governance import cooperation_settings, signs_of_life, simulations
from governance.enums import CircleKind
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
    JourneyEntry,
    Membership,
    MissionDeliverable,
    MissionPhase,
    ProjectStep,
    ReadinessAssessment,
    Role,
    Stakeholder,
    StructureProject,
    StructureScenario,
    SupportMission,
    WorkingGroup,
    WorkingGroupMeeting,
)
from governance.models.organisations import FIGURES_LEVEL
from governance.rules.adjustable import ADJUSTABLE, MOST
from governance.rules.confidentiality import LEVELS
from governance.rules.headcount import AdhocDeferral
from governance.rules.regimes import WeekendExtension
from governance.signs_of_life import Kind

SETTINGS = {
    "weekend_extension": cooperation_settings.one_of([str(value) for value in WeekendExtension]),
    # What the law on consultations leaves open (domain.md 1.8), prudent where nothing is said.
    "adhoc_deferral": cooperation_settings.one_of([str(value) for value in AdhocDeferral]),
    "carence_validity_months": cooperation_settings.whole(1, MOST),
    "host_is_consulted": cooperation_settings.flag,
    "form_checks_off": cooperation_settings.several_of(),
    "size_alert_circles": cooperation_settings.several_of(CircleKind.values, empty=False),
    "substance_alert_months": cooperation_settings.whole(1, 60),
    "onboarding_pending_days": cooperation_settings.whole(1, 3650),
    FIGURES_LEVEL: cooperation_settings.one_of([str(level) for level in LEVELS]),
    **{name: cooperation_settings.whole(1, MOST) for name in ADJUSTABLE},
}
# A decision submitted, an answer handed over: somebody did something together. Who joins or moves is no sign.
KINDS = (
    Kind(_("une décision prise"), Decision.objects.all, "taken_on"),
    Kind(_("une décision soumise"), Decision.objects.all, "submitted_on"),
    Kind(_("une information transmise à un CSE"), Consultation.objects.all, "information_delivered_on"),
    Kind(_("un avis de CSE"), Consultation.objects.all, "opinion_on"),
    Kind(_("une suite donnée à un avis"), Consultation.objects.all, "response_on"),
    Kind(_("une réunion de CSE"), ConsultationMeeting.objects.all, "held_on"),
    Kind(_("une réunion de groupe de travail"), WorkingGroupMeeting.objects.all, "held_on"),
    Kind(_("un vote sur une décision"), DecisionVote.objects.all, "held_on"),
    Kind(_("une action de communication"), CommunicationAction.objects.all, "done_on"),
)
# What this app serves in lists at a level.
LISTS = (
    Decision,
    DecisionVote,
    Consultation,
    ConsultationDocument,
    ConsultationMeeting,
    WorkingGroup,
    CommunicationAction,
    ReadinessAssessment,
    ArbitrationGrid,
    Stakeholder,
    JourneyEntry,
    StructureScenario,
    SupportMission,
    MissionPhase,
    MissionDeliverable,
    StructureProject,
    ProjectStep,
    ConfidentialityClause,
    Membership,
    Role,
    Delegation,
    AssemblyRule,
    DecisionCircuit,
)


def register() -> None:
    """Called once, from `ready()`."""
    for name, validator in SETTINGS.items():
        cooperation_settings.register(name, validator)
    signs_of_life.register("governance", *KINDS)
    simulations.register_lists("governance", *LISTS)
