"""What the guide says of each type of cooperation (seed S2, « opportunités et contraintes »; `domain.md` 3.1)."""

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from governance.rules.orientation import CooperationType


@dataclass(frozen=True)
class TypeEntry:
    """Sentences of the guide: what is sought, gained and paid, and what makes it succeed."""

    type: CooperationType
    label: str | Promise
    goal: str | Promise
    gains: tuple[str | Promise, ...]
    drawbacks: tuple[str | Promise, ...]
    keys: tuple[str | Promise, ...]


TYPES = (
    TypeEntry(
        CooperationType.FAIRE_AVEC,
        _("faire avec (moyens)"),
        _("Mettre en commun des ressources tout en maintenant son cœur d’activité."),
        (_("Diminue les coûts individuels par la mise en commun et l’amortissement des coûts fixes."),),
        (_("Génère des coûts de coordination."),),
        (
            _("Travailler la confiance par des premières actions de mutualisation."),
            _("Prévoir un système d’évaluation pour corriger les écarts entre l’attendu et l’obtenu."),
        ),
    ),
    TypeEntry(
        CooperationType.FAIRE_ENSEMBLE,
        _("faire ensemble (économique)"),
        _("Créer une réponse nouvelle à un besoin, qu’aucun des partenaires ne pourrait mener seul."),
        (
            _("Augmente la performance économique."),
            _("Favorise la montée en compétences des équipes."),
        ),
        (_("Peut rendre certaines structures fortement dépendantes des autres ou du groupe."),),
        (
            _("Définir sa stratégie en interne avant d’aller à la rencontre des autres."),
            _("Animer le fonctionnement de la coopération et capitaliser sur les expériences réussies."),
            _("Définir ensemble le niveau d’engagement attendu et tester l’implication effective de chacun."),
        ),
    ),
    TypeEntry(
        CooperationType.FAIRE_CORPS,
        _("faire corps (stratégique)"),
        _("Gagner en visibilité et proposer une offre territoriale coordonnée."),
        (_("Permet de parler d’une seule voix sur le périmètre du projet."),),
        (_("Suscite l’impression de réduire les capacités de représentation individuelle."),),
        (
            _("Formaliser la coopération dans un document de référence : origine, intentions de chacun."),
            _("Éviter de coopérer par effet de mode ou uniquement pour accroître sa visibilité."),
        ),
    ),
)


def type_entry(kind: CooperationType) -> TypeEntry:
    """What the guide says of this type."""
    return next(entry for entry in TYPES if entry.type == kind)
