"""Closed lists of milestones: English value in the database and on the wire, French label for people."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class ActivityLogic(TextChoices):
    """How what the members pool relates to what each does alone (seed S2)."""

    SAME = "same", _("similaire")
    COMPLEMENTARY = "complementary", _("complémentaire")
    DIVERSIFIED = "diversified", _("diversifiée")


class MandateState(TextChoices):
    """« Expired » is no state: it is read from `until`."""

    PROPOSED = "proposed", _("proposé")
    ACCEPTED = "accepted", _("accepté")
    SUSPENDED = "suspended", _("suspendu")
    ENDED = "ended", _("terminé")


class MandateTransition(TextChoices):
    ACCEPT = "accept", _("accepter")
    SUSPEND = "suspend", _("suspendre")
    END = "end", _("mettre fin")


class MilestoneState(TextChoices):
    """« Late » is no state: it is read from `due_on`."""

    PLANNED = "planned", _("prévu")
    STARTED = "started", _("commencé")
    COMPLETED = "completed", _("atteint")
    CANCELLED = "cancelled", _("abandonné")


class MilestoneTransition(TextChoices):
    START = "start", _("commencer")
    COMPLETE = "complete", _("atteindre")
    RESCHEDULE = "reschedule", _("reporter")
    CANCEL = "cancel", _("abandonner")


class EntryKind(TextChoices):
    COMMITMENT = "commitment", _("engagement")
    ACTUAL = "actual", _("dépense réalisée")


class IndicatorLevel(TextChoices):
    """The results chain (domain.md 5.2)."""

    RESOURCE = "resource", _("ressource")
    ACTIVITY = "activity", _("activité")
    OUTPUT = "output", _("réalisation")
    OUTCOME = "outcome", _("résultat")
    IMPACT = "impact", _("impact")


class IndicatorNature(TextChoices):
    QUANTITATIVE = "quantitative", _("quantitatif")
    QUALITATIVE = "qualitative", _("qualitatif (échelle de 1 à 5)")


class IndicatorUnit(TextChoices):
    COUNT = "count", _("nombre")
    EUR_CENTS = "eur_cents", _("centimes d’euro")
    PERCENT = "percent", _("pourcentage")
    HOURS = "hours", _("heures")
    SCORE = "score", _("note de 1 à 5")
    TEXT = "text", _("texte")


class IndicatorDirection(TextChoices):
    UP = "up", _("augmenter")
    DOWN = "down", _("diminuer")
    MAINTAIN = "maintain", _("maintenir")
    RANGE = "range", _("rester dans un intervalle")


class IndicatorShape(TextChoices):
    """The way from baseline to target (domain.md 5.4)."""

    LINEAR = "linear", _("linéaire")
    STEP = "step", _("par palier")
    S_CURVE = "s_curve", _("courbe en S")


class Frequency(TextChoices):
    MONTHLY = "monthly", _("mensuelle")
    QUARTERLY = "quarterly", _("trimestrielle")
    HALF_YEARLY = "half_yearly", _("semestrielle")
    YEARLY = "yearly", _("annuelle")
    ONCE = "once", _("une seule fois")


class MeasurementState(TextChoices):
    DRAFT = "draft", _("brouillon")
    SUBMITTED = "submitted", _("soumise")
    VALIDATED = "validated", _("validée")
    RETURNED = "returned", _("renvoyée")


class MeasurementTransition(TextChoices):
    SUBMIT = "submit", _("soumettre")
    VALIDATE = "validate", _("valider")
    RETURN = "return", _("renvoyer")


class EvaluationState(TextChoices):
    PLANNED = "planned", _("prévue")
    OPEN = "open", _("ouverte")
    CLOSED = "closed", _("close")


class EvaluationTransition(TextChoices):
    OPEN = "open", _("ouvrir")
    CLOSE = "close", _("clore")


class GapSubject(TextChoices):
    INDICATOR = "indicator", _("indicateur")
    MILESTONE = "milestone", _("jalon")
    BUDGET = "budget", _("ligne de budget")
    MOTIVATION = "motivation", _("motivation")


class GapStatus(TextChoices):
    """Never a colour alone: the word is the value (RGAA)."""

    GREEN = "green", _("conforme")
    AMBER = "amber", _("à surveiller")
    RED = "red", _("en écart")
    NO_DATA = "no_data", _("sans mesure")
    STALE = "stale", _("mesure périmée")
    NOT_STARTED = "not_started", _("non commencé")
    NOT_COMPUTABLE = "not_computable", _("non calculable")


class ReadingDecision(TextChoices):
    """What people decide in front of a gap (domain.md 5.4)."""

    CORRECT = "correct", _("corriger")
    ACCEPT = "accept", _("accepter")
    RETARGET = "retarget", _("revoir la cible")
    STOP = "stop", _("arrêter")


class ActionState(TextChoices):
    OPEN = "open", _("ouverte")
    COMPLETED = "completed", _("faite")
    VERIFIED = "verified", _("vérifiée")


class ActionTransition(TextChoices):
    COMPLETE = "complete", _("terminer")
    VERIFY = "verify", _("vérifier")
