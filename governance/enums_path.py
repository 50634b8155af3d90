"""Closed lists of the path to a form: challenges, scenarios, accompaniment, the creation of a structure."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Challenge(TextChoices):
    """The four challenges of the guide (seed S2), in its order; nobody has to follow it."""

    TEAM = "team", _("constituer son équipe")
    TRAINING = "training", _("s’entraîner, trouver sa place")
    JOINING = "joining", _("adhérer au projet de l’équipe")
    PLAYING = "playing", _("jouer dans une équipe soudée")


class CooperationLevel(TextChoices):
    """How far a cooperation is organised (seed S0)."""

    SIMPLE = "simple", _("coopération simple")
    CONTRACTUALISED = "contractualised", _("coopération contractualisée")
    ORGANISED = "organised", _("coopération organisée et stratégique")


class GroupScheme(TextChoices):
    """The group schemes of COORACE whose captions are known (seed S1, schemes 1, 2 and 3, 5, 6)."""

    ASSOCIATION_GROUP = "association_group", _("groupe associatif ou union d’associations")
    MIXED_ASSOCIATION = "mixed_association", _("groupe mixte avec gouvernance associative")
    MIXED_ASSOCIATION_SAS = "mixed_association_sas", _("groupe mixte avec gouvernance associative et SAS")
    MIXED_COOPERATIVE = "mixed_cooperative", _("groupe mixte avec une gouvernance coopérative")


class ScenarioState(TextChoices):
    DRAFT = "draft", _("brouillon")
    PROPOSED = "proposed", _("proposée")
    KEPT = "kept", _("retenue")
    SET_ASIDE = "set_aside", _("écartée")


class ScenarioTransition(TextChoices):
    PROPOSE = "propose", _("proposer")
    KEEP = "keep", _("retenir")
    SET_ASIDE = "set_aside", _("écarter")
    REOPEN = "reopen", _("reprendre")


class MissionTemplateCode(TextChoices):
    """What an accompaniment is modelled on (`governance.rules.missions`)."""

    COORACE = "coorace", _("accompagnement COORACE en quatre phases")
    DLA = "dla", _("dispositif local d’accompagnement (DLA)")
    FREE = "free", _("accompagnement libre")


class PhaseState(TextChoices):
    PLANNED = "planned", _("prévue")
    UNDER_WAY = "under_way", _("en cours")
    DONE = "done", _("terminée")


class PhaseTransition(TextChoices):
    START = "start", _("commencer")
    FINISH = "finish", _("terminer")
    REOPEN = "reopen", _("rouvrir")


class ProjectState(TextChoices):
    DRAFT = "draft", _("brouillon")
    UNDER_WAY = "under_way", _("en cours")
    CREATED = "created", _("structure créée")
    ABANDONED = "abandoned", _("abandonné")


class ProjectTransition(TextChoices):
    START = "start", _("lancer")
    REGISTER = "register", _("constater la création")
    ABANDON = "abandon", _("abandonner")
    REOPEN = "reopen", _("reprendre")


class StepState(TextChoices):
    OPEN = "open", _("à faire")
    DONE = "done", _("faite")
    SKIPPED = "skipped", _("laissée de côté")


class StepTransition(TextChoices):
    COMPLETE = "complete", _("faire")
    SKIP = "skip", _("laisser de côté")
    REOPEN = "reopen", _("rouvrir")
