"""Closed lists of governance: English value in the database and on the wire, French label for people."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class CircleKind(TextChoices):
    """Circles of membership of the guide (seed S2, second challenge)."""

    CORE = "core", _("noyau dur")
    ACTIVE = "active", _("partenaires actifs")
    NETWORK = "network", _("réseau")


class Confidentiality(TextChoices):
    """Who may know of an object, from everybody to one organisation (domain.md 6)."""

    PUBLIC = "public", _("public")
    NETWORK = "network", _("réseau")
    ACTIVE = "active", _("partenaires actifs")
    CORE = "core", _("noyau dur")
    BOARD = "board", _("instances dirigeantes")
    RESTRICTED = "restricted", _("une seule organisation")


class RoleKind(TextChoices):
    """What a person does in a cooperation, most often on behalf of an organisation."""

    COORDINATION = "coordination", _("coordination")
    FACILITATION = "facilitation", _("animation")
    BOARD_CHAIR = "board_chair", _("présidence")
    BOARD_MEMBER = "board_member", _("administrateur")
    DIRECTOR = "director", _("direction")
    PILOT = "pilot", _("pilote")
    EMPLOYEES_CONTACT = "employees_contact", _("référent IRP")
    FUNDER = "funder", _("financeur")
    OBSERVER = "observer", _("observateur")


class CooperationType(TextChoices):
    """The three forms of the guide, combinable."""

    FAIRE_AVEC = "faire_avec", _("faire avec (moyens)")
    FAIRE_ENSEMBLE = "faire_ensemble", _("faire ensemble (économique)")
    FAIRE_CORPS = "faire_corps", _("faire corps (stratégique)")


class LegalForm(TextChoices):
    ASSOCIATION = "association", _("association loi 1901")
    LOCAL_LAW_ASSOCIATION = "local_law_association", _("association de droit local (Alsace-Moselle)")
    FOUNDATION = "foundation", _("fondation")
    MUTUAL = "mutual", _("mutuelle")
    COOPERATIVE = "cooperative", _("coopérative")
    SCIC = "scic", _("SCIC")
    SCOP = "scop", _("SCOP")
    GE = "ge", _("groupement d’employeurs")
    GCSMS = "gcsms", _("GCSMS")
    GIE = "gie", _("GIE")
    GIP = "gip", _("GIP")
    COMPANY = "company", _("société commerciale")
    PUBLIC_BODY = "public_body", _("personne publique")
    OTHER = "other", _("autre forme")


class CseStatus(TextChoices):
    """Whether the employer has a works council (CSE)."""

    NONE = "none", _("aucun CSE, pas de procès-verbal de carence")
    ELECTED = "elected", _("CSE élu")
    CARENCE = "carence", _("procès-verbal de carence")


class SiteCalendar(TextChoices):
    """Which public holidays count for the employer's legal dates."""

    METROPOLE = "metropole", _("métropole")
    ALSACE_MOSELLE = "alsace_moselle", _("Alsace-Moselle")
    GUADELOUPE = "guadeloupe", _("Guadeloupe")
    MARTINIQUE = "martinique", _("Martinique")
    GUYANE = "guyane", _("Guyane")
    REUNION = "reunion", _("La Réunion")
    MAYOTTE = "mayotte", _("Mayotte")
    SAINT_BARTHELEMY = "saint_barthelemy", _("Saint-Barthélemy")
    SAINT_MARTIN = "saint_martin", _("Saint-Martin")
    SAINT_PIERRE_ET_MIQUELON = "saint_pierre_et_miquelon", _("Saint-Pierre-et-Miquelon")


class SizeClass(TextChoices):
    """The sizes that the law on staff representation tells apart (domain.md 1.2)."""

    UNDER_11 = "under_11", _("moins de 11 salariés")
    FROM_11_TO_49 = "from_11_to_49", _("de 11 à 49 salariés")
    FROM_50 = "from_50", _("50 salariés et plus")


class GoverningBody(TextChoices):
    """The organ that approves for an organisation (domain.md 2.2, B10)."""

    CA = "ca", _("conseil d’administration")
    BUREAU = "bureau", _("bureau")
    AG = "ag", _("assemblée générale")
    DIRECTOIRE = "directoire", _("directoire")
    GERANCE = "gerance", _("gérance")
    OTHER = "other", _("autre organe")


class ImpactFlag(TextChoices):
    """What a step changes for employees (domain.md 1.4)."""

    ORG_OR_MANAGEMENT = "org_or_management", _("organisation, gestion ou marche générale")
    STAFF_VOLUME = "staff_volume", _("volume ou structure des effectifs")
    LEGAL_OR_ECONOMIC_ORGANISATION = "legal_or_economic_organisation", _("organisation économique ou juridique")
    WORKING_CONDITIONS = "working_conditions", _("conditions d’emploi et de travail")
    TECHNOLOGY_OR_SAFETY = "technology_or_safety", _("nouvelles technologies, santé, sécurité")
    ENVIRONMENT = "environment", _("conséquences environnementales")
    STAFF_LENDING_OUT = "staff_lending_out", _("prêt de main-d’œuvre (prêteur)")
    STAFF_LENDING_IN = "staff_lending_in", _("prêt de main-d’œuvre (utilisateur)")
    TRANSFER_OF_STAFF = "transfer_of_staff", _("transfert de personnel")


class DecisionState(TextChoices):
    DRAFT = "draft", _("brouillon")
    SUBMITTED = "submitted", _("soumise")
    TAKEN = "taken", _("prise")
    WITHDRAWN = "withdrawn", _("retirée")


class DecisionTransition(TextChoices):
    SUBMIT = "submit", _("soumettre")
    TAKE = "take", _("prendre")
    WITHDRAW = "withdraw", _("retirer")


class ConsultationState(TextChoices):
    """Steps of domain.md 1.6. Side situations (expert, extended…) are dated facts, not states."""

    DRAFT = "draft", _("en préparation")
    INFORMATION_SENT = "information_sent", _("information transmise")
    OPINION_GIVEN = "opinion_given", _("avis rendu")
    DEEMED_NEGATIVE = "deemed_negative", _("réputé négatif (délai expiré)")
    RESPONSE_RECORDED = "response_recorded", _("suite donnée enregistrée")
    CLOSED = "closed", _("close")


class ConsultationTransition(TextChoices):
    SEND_INFORMATION = "send_information", _("transmettre l’information")
    RECORD_OPINION = "record_opinion", _("enregistrer l’avis")
    DEEM_NEGATIVE = "deem_negative", _("réputer l’avis négatif")
    REOPEN = "reopen", _("rouvrir le délai")
    RECORD_RESPONSE = "record_response", _("enregistrer la suite donnée")
    CLOSE = "close", _("clore")


class OpinionKind(TextChoices):
    """`deemed_negative` belongs to the system: nobody can type it (domain.md 1.6)."""

    FAVOURABLE = "favourable", _("favorable")
    FAVOURABLE_WITH_RESERVATIONS = "favourable_with_reservations", _("favorable avec réserves")
    RESERVED = "reserved", _("réservé")
    UNFAVOURABLE = "unfavourable", _("défavorable")
    NO_POSITION = "no_position", _("refus de se prononcer (acté)")
    DEEMED_NEGATIVE = "deemed_negative", _("réputé négatif")


class TokenScope(TextChoices):
    """What a token may do at most; the person’s own rights always apply besides."""

    READ = "read", _("lire")
    WRITE = "write", _("modifier")
    LEGAL = "legal", _("accomplir un acte juridique (approuver, décider, rendre un avis)")


class SheetState(TextChoices):
    """What a member fills in (answers, grid): its own while a draft, shared once submitted."""

    DRAFT = "draft", _("brouillon")
    SUBMITTED = "submitted", _("remise")


class SheetTransition(TextChoices):
    SUBMIT = "submit", _("remettre")
    REOPEN = "reopen", _("reprendre")


class PooledThing(TextChoices):
    """What the guide asks whether to share (seed S2, first challenge)."""

    EXPERIENCES = "experiences", _("expériences")
    RISKS = "risks", _("risques")
    GAINS = "gains", _("gains")
    POWERS = "powers", _("pouvoirs")
    VISION = "vision", _("vision d’un enjeu")


class MemberProfile(TextChoices):
    """Kinds of partners of the guide (seed S2, second challenge): what may be expected of each."""

    SOLID = "solid", _("structure solide")
    EMERGING = "emerging", _("structure émergente")
    SPECIFIC_ASSET = "specific_asset", _("reconnue pour un actif spécifique")


class RelationKind(TextChoices):
    """The guide tells competitors (same area, same offer) from the others (seed S2, types of cooperation)."""

    ALLIANCE = "alliance", _("alliance (entre concurrents)")
    PARTNERSHIP = "partnership", _("partenariat (entre non-concurrents)")


class RoleFamily(TextChoices):
    """The pillars of a cooperation in the guide (seed S2, « les joueurs »)."""

    TEAM = "team", _("équipe")
    PREPARER = "preparer", _("préparateurs")
    SUPPORTER = "supporter", _("supporters")


class StakeholderKind(TextChoices):
    """Who the guide names in each family (`governance.rules.stakeholders` says which)."""

    GOVERNANCE = "governance", _("gouvernance")
    PRESIDENT = "president", _("présidence")
    DIRECTOR = "director", _("direction")
    EMPLOYEES = "employees", _("salariés")
    EMPLOYEES_REPRESENTATIVES = "employees_representatives", _("instances représentatives du personnel")
    VOLUNTEERS = "volunteers", _("bénévoles")
    FEDERATION = "federation", _("réseau, fédération")
    ACCOMPANIST = "accompanist", _("accompagnateur")
    CHARTERED_ACCOUNTANT = "chartered_accountant", _("expert-comptable")
    SOCIAL_PROTECTION = "social_protection", _("organisme de protection sociale complémentaire")
    USERS = "users", _("usagers, bénéficiaires")
    PUBLIC_PARTNER = "public_partner", _("partenaire public")
    BANKER = "banker", _("banquier")
    FUNDER = "funder", _("financeur")
    OTHER = "other", _("autre")


class DecidedBy(TextChoices):
    """Who decides. A decision that does not say is only recorded, as it was decided elsewhere (docs/adr/0024)."""

    EACH_BOARD = "each_board", _("l’instance de chaque membre")
    ASSEMBLY = "assembly", _("l’assemblée des membres")
    COORDINATION = "coordination", _("la coordination, par délégation")


class DecisionVoteResult(TextChoices):
    """What the rule set of a board or of the assembly makes of the figures."""

    ADOPTED = "adopted", _("adoptée")
    REJECTED = "rejected", _("rejetée")
    NO_QUORUM = "no_quorum", _("sans quorum")
    REVOTE = "revote", _("à voter de nouveau")


class ReviewConclusion(TextChoices):
    """What a review of a decision concludes; an abandoned decision is no longer in force."""

    KEPT = "kept", _("maintenue")
    ADJUSTED = "adjusted", _("ajustée")
    ABANDONED = "abandoned", _("abandonnée")


class CouncilLevel(TextChoices):
    """Where a works council meets, when an employer has one for the whole and one per establishment."""

    CENTRAL = "central", _("CSE central, ou seul CSE")
    ESTABLISHMENT = "establishment", _("CSE d’établissement")


class GroupCapacity(TextChoices):
    """In what capacity a person sits in a working group. Nobody's union is ever asked."""

    MEMBER = "member", _("membre")
    EMPLOYEES_REPRESENTATIVE = "employees_representative", _("représentant du personnel")
    EXPERT = "expert", _("expert")
    FACILITATOR = "facilitator", _("animateur")


class Audience(TextChoices):
    """Whom a communication action speaks to."""

    TEAMS = "teams", _("équipes")
    MIDDLE_MANAGEMENT = "middle_management", _("encadrement intermédiaire")
    VOLUNTEERS = "volunteers", _("bénévoles")
    BOARDS = "boards", _("instances dirigeantes")
    USERS = "users", _("usagers")
    PARTNERS = "partners", _("partenaires")
    PUBLIC = "public", _("grand public")


class CommunicationState(TextChoices):
    PLANNED = "planned", _("prévue")
    DONE = "done", _("faite")
    CANCELLED = "cancelled", _("abandonnée")


class CommunicationTransition(TextChoices):
    COMPLETE = "complete", _("faire")
    CANCEL = "cancel", _("abandonner")


class ClauseSource(TextChoices):
    """The text in which people agreed on secrecy: the four that seed S2 names."""

    AGREEMENT = "agreement", _("convention de partenariat")
    CHARTER = "charter", _("charte")
    INTERNAL_RULES = "internal_rules", _("règlement intérieur")
    EMPLOYMENT_CONTRACT = "employment_contract", _("contrats de travail")


class ClauseState(TextChoices):
    """Told by the day, never stored."""

    IN_FORCE = "in_force", _("en vigueur")
    ENDED = "ended", _("arrivée à son terme")
    LIFTED = "lifted", _("levée")
