"""Closed lists of charters: English value in the database and on the wire, French label for people."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class VersionState(TextChoices):
    DRAFT = "draft", _("brouillon")
    SUBMITTED = "submitted", _("soumise aux instances")
    IN_FORCE = "in_force", _("en vigueur")
    SUPERSEDED = "superseded", _("remplacée")
    WITHDRAWN = "withdrawn", _("retirée")
    REJECTED = "rejected", _("rejetée")


class VersionTransition(TextChoices):
    SUBMIT = "submit", _("soumettre")
    ENTER = "enter", _("entrer en vigueur")
    SUPERSEDE = "supersede", _("remplacer")
    WITHDRAW = "withdraw", _("retirer")
    REJECT = "reject", _("constater le rejet")


class AmendmentType(TextChoices):
    """What a version changes decides which boards must vote (domain.md 2.3, step 8)."""

    INITIAL = "initial", _("première version")
    EDITORIAL = "editorial", _("rédactionnelle (sans vote)")
    SUBSTANTIAL = "substantial", _("substantielle")
    ANNEX_ONLY = "annex_only", _("annexes seulement")


class ApprovalsExpire(TextChoices):
    """The same values as `charters.rules.staleness.Expiry`."""

    NEVER = "never", _("jamais")
    AT_REVIEW = "at_review", _("à chaque révision")


class ArticleSection(TextChoices):
    """The sections of a charter after the guide (seed S2); the same values as `charters.rules.sections.Section`."""

    ORIGIN_AND_TRIGGERS = "origin_and_triggers", _("origine et déclencheurs")
    SHARED_INTENTIONS = "shared_intentions", _("intentions partagées")
    EXTERNAL_FACTORS = "external_factors", _("hypothèses : facteurs externes")
    INTERNAL_LOGIC = "internal_logic", _("hypothèses : logique interne")
    ACHIEVEMENTS = "achievements", _("réalisations")
    COLLECTIVE_WAGER = "collective_wager", _("pari collectif")
    GAME_RULES = "game_rules", _("règles du jeu")
    CONFIDENTIALITY = "confidentiality", _("confidentialité")
    IDENTITY = "identity", _("respect des identités")
    EXIT = "exit", _("sortie")
    FREE = "free", _("article libre")


class ThreadState(TextChoices):
    """Where a thread of comments stands. A reply has no state of its own."""

    OPEN = "open", _("ouvert")
    RESOLVED = "resolved", _("clos")


class ThreadTransition(TextChoices):
    RESOLVE = "resolve", _("clore")
    REOPEN = "reopen", _("rouvrir")


class DeliberationState(TextChoices):
    """Minutes are closed at once; a live vote is convened, then open, then closed. Cancelled: nothing was decided."""

    CONVENED = "convened", _("convoquée")
    OPEN = "open", _("vote ouvert")
    CLOSED = "closed", _("close")
    CANCELLED = "cancelled", _("annulée")


class DeliberationTransition(TextChoices):
    OPEN = "open", _("ouvrir le vote")
    CLOSE = "close", _("clore le vote")
    RECORD = "record", _("enregistrer le procès-verbal")
    CANCEL = "cancel", _("annuler")


class DeliberationMode(TextChoices):
    """How the votes are counted: `recorded` in minutes that are typed, `live` from the ballots cast here."""

    RECORDED = "recorded", _("procès-verbal")
    LIVE = "live", _("vote en direct")


class BallotKind(TextChoices):
    """Of a live vote: whether it is known afterwards who voted what."""

    NAMED = "named", _("nominal")
    SECRET = "secret", _("secret")


class DeliberationResult(TextChoices):
    """What the figures of the minutes give by the board's own rules. `no_quorum` and `revote` settle nothing."""

    ADOPTED = "adopted", _("adoptée")
    REJECTED = "rejected", _("rejetée")
    NO_QUORUM = "no_quorum", _("sans quorum")
    REVOTE = "revote", _("à voter de nouveau (égalité)")


class CastingVote(TextChoices):
    """How one person voted: by their own ballot, or when their vote breaks ties."""

    FOR = "for", _("pour")
    AGAINST = "against", _("contre")
    ABSTENTION = "abstention", _("abstention")
    BLANK_OR_VOID = "blank_or_void", _("blanc ou nul")


class RemoteKind(TextChoices):
    VIDEO = "video", _("visioconférence")
    WRITTEN = "written", _("consultation écrite")
    ELECTRONIC = "electronic", _("vote électronique")


class AgreementKind(TextChoices):
    """The forms of domain.md 3.2 by which organisations bind themselves and stay themselves."""

    POOLING = "pooling", _("convention de mutualisation")
    COPRODUCTION = "coproduction", _("convention de coproduction")
    WITH_MANDATE = "with_mandate", _("convention avec mandat")
    STAFF_LENDING = "staff_lending", _("prêt de main-d’œuvre à but non lucratif")
    OTHER = "other", _("autre convention")


class AgreementState(TextChoices):
    DRAFT = "draft", _("brouillon")
    PROPOSED = "proposed", _("proposée à la signature")
    IN_FORCE = "in_force", _("en vigueur")
    ENDED = "ended", _("terminée")
    WITHDRAWN = "withdrawn", _("retirée")


class AgreementTransition(TextChoices):
    PROPOSE = "propose", _("proposer à la signature")
    ENTER = "enter", _("entrer en vigueur")
    END = "end", _("mettre fin")
    WITHDRAW = "withdraw", _("retirer")


class AgreementEnding(TextChoices):
    """Why an agreement no longer applies."""

    EXPIRED = "expired", _("arrivée à son terme")
    TERMINATED = "terminated", _("résiliée")
    REPLACED = "replaced", _("remplacée par un avenant")


class Renewal(TextChoices):
    NONE = "none", _("sans reconduction")
    TACIT = "tacit", _("tacite reconduction")
    EXPRESS = "express", _("reconduction expresse")


class CostBasis(TextChoices):
    """What each party's part of a shared cost is proportional to."""

    EQUAL = "equal", _("à parts égales")
    HEADCOUNT = "headcount", _("selon l’effectif")
    TURNOVER = "turnover", _("selon le chiffre d’affaires")
    USAGE = "usage", _("selon l’usage")
    FIXED_SHARES = "fixed_shares", _("à parts fixes")
