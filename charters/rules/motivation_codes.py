"""Coded reasons to cooperate, so that motivations can be told apart and compared from one charter to another.

Source: the guide (S2, « Association & Coopération »), whose « matrice des motivations » is a picture that our text of
it does not hold. So each code is a reason that the guide *states in its text* (`source`, its words), and the families
are its own sentence: « faire plus ou mieux », « faire face à l’environnement », « gagner en compétences », « porter une
voix commune ». Which reason stands in which family is ours (confidence K); see docs/adr/0018.
"""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


class Family(StrEnum):
    DO_MORE_OR_BETTER = "do_more_or_better"
    FACE_THE_ENVIRONMENT = "face_the_environment"
    GAIN_SKILLS = "gain_skills"
    COMMON_VOICE = "common_voice"

    @property
    def label(self) -> str | Promise:
        return _FAMILIES[self]


_FAMILIES: dict[Family, str | Promise] = {
    Family.DO_MORE_OR_BETTER: _("faire plus ou mieux"),
    Family.FACE_THE_ENVIRONMENT: _("faire face à l’environnement"),
    Family.GAIN_SKILLS: _("gagner en compétences"),
    Family.COMMON_VOICE: _("porter une voix commune"),
}


@dataclass(frozen=True)
class MotivationCode:
    """One reason. `source` quotes the guide in its own language; `confidence` is that of the reason (domain.md 0)."""

    code: str
    family: Family
    label: str | Promise
    source: str
    confidence: str = "A"


_MORE, _ENVIRONMENT, _SKILLS, _VOICE = Family

MOTIVATION_CODES: tuple[MotivationCode, ...] = (
    MotivationCode(
        "economies_of_scale",
        _MORE,
        _("réaliser des économies d’échelle"),
        "développer l'activité par économie d'échelle",
    ),
    MotivationCode(
        "shared_fixed_costs",
        _MORE,
        _("partager et amortir des coûts fixes"),
        "diminuer les coûts individuels par la mise en commun et l'amortissement des coûts fixes",
    ),
    MotivationCode(
        "pooled_means",
        _MORE,
        _("mettre en commun un lieu, du matériel ou des ressources humaines"),
        "mettre en commun des ressources tout en maintenant son cœur d'activité",
    ),
    MotivationCode(
        "beneficiaries_needs",
        _MORE,
        _("mieux répondre aux attentes des bénéficiaires"),
        "mieux répondre aux attentes des bénéficiaires",
    ),
    MotivationCode(
        "service_quality", _MORE, _("améliorer la qualité du service"), "l'amélioration de la qualité du service"
    ),
    MotivationCode("joined_up_activities", _MORE, _("décloisonner les activités"), "décloisonner les activités"),
    MotivationCode(
        "complete_offer",
        _MORE,
        _("présenter une offre complète ou coordonnée sur le territoire"),
        "proposer une offre territoriale coordonnée",
    ),
    MotivationCode(
        "social_innovation",
        _MORE,
        _("innover, expérimenter, apporter une réponse nouvelle"),
        "une ambition d'innovation sociale peut en être à l'origine",
    ),
    MotivationCode(
        "new_markets",
        _MORE,
        _("accéder à de nouveaux marchés, répondre ensemble à un appel d’offres ou à projets"),
        "souvent motivé par un appel d'offre ou un appel à projet",
    ),
    MotivationCode(
        "business_model",
        _ENVIRONMENT,
        _("faire évoluer le modèle économique"),
        "la nécessité absolue de faire évoluer les modèles économiques",
    ),
    MotivationCode(
        "growing_social_needs",
        _ENVIRONMENT,
        _("faire face à l’augmentation des besoins sociaux"),
        "l'augmentation des besoins sociaux",
    ),
    MotivationCode(
        "public_funding",
        _ENVIRONMENT,
        _("faire face aux tensions des financements publics"),
        "l'évolution et les tensions des financements publics",
    ),
    MotivationCode(
        "competition",
        _ENVIRONMENT,
        _("faire face à la concurrence"),
        "la montée de la concurrence avec l'arrivée d'acteurs lucratifs sur certains secteurs",
    ),
    MotivationCode("critical_size", _ENVIRONMENT, _("atteindre une taille critique"), "atteindre une taille critique"),
    MotivationCode("secure_jobs", _ENVIRONMENT, _("pérenniser les emplois"), "pérenniser les emplois"),
    MotivationCode(
        "employment_solution",
        _ENVIRONMENT,
        _("trouver une solution à une problématique d’emploi"),
        "trouver une solution à leur problématique d'emploi",
    ),
    MotivationCode(
        "fragmentation",
        _ENVIRONMENT,
        _("dépasser l’émiettement qui fragilise"),
        "dépasser l'émiettement qui les fragilise",
    ),
    MotivationCode(
        "territorial_development",
        _ENVIRONMENT,
        _("développer le territoire en coopérant plutôt qu’en concurrence"),
        "développer les territoires en privilégiant la coopération à la concurrence",
    ),
    MotivationCode(
        "skills_of_others",
        _SKILLS,
        _("bénéficier des compétences des autres"),
        "l'apport en compétences qui bénéficient tant aux structures « installées »",
    ),
    MotivationCode(
        "team_skills",
        _SKILLS,
        _("faire monter les équipes en compétences"),
        "Favorise la montée en compétences des équipes (nouveaux savoir-faire, nouveau management)",
    ),
    MotivationCode(
        "place_of_exchange",
        _SKILLS,
        _("disposer d’un collectif, d’un lieu d’échange et de réflexion"),
        "un collectif, un lieu d'échange pour les structures, de réflexion sur l'emploi en commun",
    ),
    MotivationCode("common_voice", _VOICE, _("porter une voix commune"), "une volonté de porter une voix commune"),
    MotivationCode(
        "shared_vision",
        _VOICE,
        _("partager une vision des enjeux et des priorités"),
        "partager une vision commune en termes d'enjeux et de priorités",
    ),
    MotivationCode("visibility", _VOICE, _("gagner en visibilité"), "gagner en visibilité"),
    MotivationCode(
        "legitimacy",
        _VOICE,
        _("asseoir sa légitimité sur le territoire"),
        "un moyen d'asseoir sa légitimité sur un territoire",
    ),
    MotivationCode(
        "social_role",
        _VOICE,
        _("valoriser son rôle social sur le territoire"),
        "un moyen de valoriser leur rôle social sur le territoire",
    ),
)


def motivation_code(code: str) -> MotivationCode | None:
    """The reason of that code, None for one that does not exist."""
    return next((found for found in MOTIVATION_CODES if found.code == code), None)


def choices() -> list[tuple[str, str | Promise]]:
    """The codes with their labels, for a field: a function, so that a new code needs no migration."""
    return [(found.code, found.label) for found in MOTIVATION_CODES]
