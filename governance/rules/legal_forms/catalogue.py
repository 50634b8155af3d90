"""The forms that a cooperation may take, with what is known of each and how well (`domain.md` 3.2; seeds S0–S3).

Law is data: each form says since when it exists in law where that was read, each statement its own confidence. What
is not A or B is shown as configurable, never as law.
"""

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType

from django.utils.translation import gettext_lazy as _

from governance.rules.legal_forms.entries import Constraint, FormCode, LegalFormEntry, PublicBodies, functional, organic
from governance.rules.orientation import Form
from governance.rules.regimes import Confidence

# The day on which the sources of this catalogue were read.
CHECKED_ON = dt.date(2026, 11, 22)

A, B, C, K = Confidence.A, Confidence.B, Confidence.C, Confidence.K
_PTCE = "loi n° 2014-856 du 31 juillet 2014, art. 9"
_PTCE_CALL = "décret n° 2015-431"
_GIP = "loi n° 2011-525 du 17 mai 2011, art. 98 s."
_SCIC = "loi n° 47-1775 du 10 septembre 1947, art. 19 quinquies s."
_COLLEGES = "loi n° 47-1775 du 10 septembre 1947, art. 19 octies"
_TENDER = "C. com. publ. R2142-19 à R2142-27"

FORMS: tuple[LegalFormEntry, ...] = (
    functional(
        FormCode.INFORMAL_NETWORK,
        _("réseau informel"),
        who=_("tous"),
        used_for=_("échanges, projets communs ponctuels"),
        confidence=A,
        constraints=(Constraint(_("Repose sur une entente tacite et la confiance mutuelle."), A),),
        legal_status=False,
        orientation=Form.RESEAU_INFORMEL,
    ),
    functional(
        FormCode.MEMBERSHIP,
        _("adhésion à un réseau ou à une fédération"),
        who=_("personnes morales"),
        used_for=_("services, voix commune"),
        confidence=A,
        constraints=(Constraint(_("Suit les statuts du réseau auquel on adhère."), A),),
        orientation=Form.ADHESION,
    ),
    functional(
        FormCode.POOLING_AGREEMENT,
        _("convention de mutualisation"),
        who=_("parties à la convention"),
        used_for=_("lieux, personnel, matériel partagés"),
        confidence=A,
        constraints=(
            Constraint(_("S’écrit."), A),
            Constraint(
                _("Le personnel mis à disposition ne se facture qu’au coût : salaire, charges, frais remboursés."),
                B,
                "C. trav. L8241-1, L8241-2",
            ),
        ),
        orientation=Form.CONVENTION_MUTUALISATION,
    ),
    functional(
        FormCode.COPRODUCTION_AGREEMENT,
        _("convention de coproduction"),
        who=_("parties à la convention"),
        used_for=_("projet mené en commun"),
        confidence=A,
        constraints=(Constraint(_("Dit les rôles, les parts et les risques de chacun."), A),),
        orientation=Form.CONVENTION_COPRODUCTION,
    ),
    functional(
        FormCode.AGREEMENT_WITH_MANDATE,
        _("convention avec mandat"),
        who=_("parties à la convention"),
        used_for=_("achats, mandataire d’un marché"),
        confidence=A,
        constraints=(Constraint(_("L’une des parties agit au nom des autres."), A),),
    ),
    functional(
        FormCode.JOINT_TENDER,
        _("groupement momentané conjoint"),
        who=_("opérateurs économiques"),
        used_for=_("marché public"),
        confidence=A,
        constraints=(
            Constraint(_("Chacun s’engage pour sa part ; un mandataire représente le groupement."), A, _TENDER),
            Constraint(_("Le marché peut rendre le mandataire solidaire de chacun."), A, _TENDER),
        ),
        legal_refs=(_TENDER,),
    ),
    functional(
        FormCode.JOINT_SEVERAL_TENDER,
        _("groupement momentané solidaire"),
        who=_("opérateurs économiques"),
        used_for=_("marché public"),
        confidence=A,
        constraints=(Constraint(_("Chacun est engagé financièrement pour la totalité du marché."), A, _TENDER),),
        legal_refs=(_TENDER,),
    ),
    functional(
        FormCode.CLUSTER,
        _("cluster"),
        who=_("entreprises, laboratoires, organismes de formation"),
        used_for=_("innovation"),
        confidence=A,
        constraints=(Constraint(_("Réunit un territoire et un thème."), A),),
        legal_status=False,
    ),
    functional(
        FormCode.COMPETITIVENESS_CLUSTER,
        _("pôle de compétitivité"),
        who=_("entreprises, laboratoires, organismes de formation"),
        used_for=_("innovation"),
        confidence=A,
        constraints=(Constraint(_("Réunit un territoire et un thème."), A),),
        legal_status=False,
    ),
    functional(
        FormCode.PTCE,
        _("pôle territorial de coopération économique"),
        public_bodies=PublicBodies.YES,
        who=_("structures de l’ESS et autres entreprises, avec collectivités, recherche, formation"),
        used_for=_("coopération de territoire ou de filière"),
        confidence=B,
        constraints=(
            Constraint(_("Réunit sur un même territoire des structures de l’ESS et d’autres entreprises."), B, _PTCE),
            Constraint(_("Mène une stratégie commune et continue."), B, _PTCE),
            Constraint(_("La loi n’exige aucune structure nouvelle."), A, _PTCE),
            Constraint(
                _(
                    "Pour répondre à l’appel de l’État : une personne morale de droit privé, au moins trois personnes "
                    "morales, dont une entreprise de l’ESS, une autre entreprise et un partenaire d’une autre nature."
                ),
                B,
                _PTCE_CALL,
            ),
        ),
        legal_refs=(_PTCE, _PTCE_CALL),
        legal_status=False,
        valid_from=dt.date(2014, 8, 1),
    ),
    functional(
        FormCode.GES,
        _("groupe économique solidaire"),
        who=_("entreprises solidaires, notamment structures d’insertion"),
        used_for=_("groupe intégré"),
        confidence=A,
        constraints=(
            Constraint(_("Ce n’est pas un statut juridique : le groupe se compose de personnes morales."), A),
            Constraint(_("Reconnu par la loi depuis le 1ᵉʳ décembre 2008."), C),
        ),
        legal_status=False,
        valid_from=dt.date(2008, 12, 1),
    ),
    organic(
        FormCode.ASSOCIATION,
        _("association loi 1901"),
        public_bodies=PublicBodies.YES,
        who=_("deux personnes au moins"),
        used_for=_("faire avec, faire ensemble, faire corps"),
        confidence=A,
        constraints=(
            Constraint(_("But non lucratif."), A, "loi du 1ᵉʳ juillet 1901, art. 1"),
            Constraint(_("Deux personnes au moins."), K, "loi du 1ᵉʳ juillet 1901, art. 1"),
        ),
        legal_refs=("loi du 1ᵉʳ juillet 1901",),
        valid_from=dt.date(1901, 7, 1),
        orientation=Form.ASSOCIATION,
    ),
    organic(
        FormCode.UNION,
        _("union d’associations"),
        who=_("associations"),
        used_for=_("regroupement"),
        confidence=A,
        constraints=(
            Constraint(_("L’union est elle-même une association, qui se déclare et fonctionne comme telle."), A),
            Constraint(_("Ses membres sont des associations d’objets proches."), A),
        ),
    ),
    organic(
        FormCode.FEDERATION,
        _("fédération"),
        who=_("associations et unions d’associations"),
        used_for=_("représentation, appui"),
        confidence=A,
        constraints=(
            Constraint(_("Chaque association y adhère et s’en retire librement."), A),
            Constraint(_("La fédération peut admettre, refuser ou exclure."), A),
        ),
    ),
    organic(
        FormCode.GE,
        _("groupement d’employeurs"),
        public_bodies=PublicBodies.UNDER_CONDITIONS,
        who=_("employeurs"),
        used_for=_("emplois partagés"),
        confidence=B,
        constraints=(
            Constraint(_("Prend la forme d’une association ou d’une coopérative."), B, "C. trav. L1253-1 s."),
            Constraint(_("Met son personnel à la disposition de ses seuls membres."), B, "C. trav. L1253-1 s."),
            Constraint(
                _("Ses membres répondent solidairement des salaires ; les statuts peuvent répartir cette charge."),
                B,
                "C. trav. L1253-8",
            ),
            Constraint(_("Choisit sa convention collective."), B),
        ),
        legal_refs=("C. trav. L1253-1 s.",),
        orientation=Form.GE_GCSMS,
    ),
    organic(
        FormCode.GIE,
        _("groupement d’intérêt économique"),
        public_bodies=PublicBodies.YES,
        who=_("deux personnes au moins"),
        used_for=_("équipements, services économiques"),
        confidence=A,
        constraints=(
            Constraint(_("Facilite l’activité économique de ses membres, sans chercher de bénéfice pour lui-même."), A),
            Constraint(_("Compte au moins un acteur privé."), K),
            Constraint(_("Ses membres répondent de ses dettes."), K, "C. com. L251-6"),
        ),
        orientation=Form.GIE_GCS,
    ),
    organic(
        FormCode.GCS,
        _("groupement de coopération sanitaire"),
        who=_("acteurs de santé"),
        used_for=_("moyens ou soins partagés"),
        confidence=K,
        constraints=(Constraint(_("Régi par le code de la santé publique."), K),),
        orientation=Form.GIE_GCS,
    ),
    organic(
        FormCode.GCSMS,
        _("groupement de coopération sociale ou médico-sociale"),
        public_bodies=PublicBodies.YES,
        who=_("établissements et professionnels sociaux et médico-sociaux, publics ou privés"),
        used_for=_("services mutualisés, interventions communes"),
        confidence=A,
        constraints=(
            Constraint(_("Peut exercer directement les missions de ses membres."), A, "CASF L312-7"),
            Constraint(_("Peut préparer une fusion ou un regroupement."), A, "CASF L312-7"),
        ),
        legal_refs=("CASF L312-7",),
        orientation=Form.GE_GCSMS,
    ),
    organic(
        FormCode.GIP,
        _("groupement d’intérêt public"),
        public_bodies=PublicBodies.YES,
        who=_("acteurs publics et privés"),
        used_for=_("activités d’intérêt général"),
        confidence=A,
        constraints=(
            Constraint(_("Compte au moins un acteur public."), A, _GIP),
            Constraint(_("Est une personne morale de droit public."), C, _GIP),
            Constraint(_("Peut être créé sans limite de durée depuis 2011."), K, _GIP),
        ),
        legal_refs=(_GIP,),
        valid_from=dt.date(2011, 5, 17),
    ),
    organic(
        FormCode.SCIC,
        _("société coopérative d’intérêt collectif"),
        public_bodies=PublicBodies.UNDER_CONDITIONS,
        who=_("au moins trois catégories d’associés"),
        used_for=_("activités multipartites"),
        confidence=B,
        constraints=(
            Constraint(
                _("Trois catégories d’associés, dont les salariés (à défaut les producteurs) et les bénéficiaires."),
                B,
                _SCIC,
            ),
            Constraint(_("Les collectivités publiques détiennent ensemble la moitié du capital au plus."), B, _SCIC),
            Constraint(_("Aucun collège ne détient plus de la moitié ni moins d’un dixième des voix."), B, _COLLEGES),
            Constraint(_("Des collèges, s’il y en a, sont au moins trois."), K, _COLLEGES),
            Constraint(_("L’apport de capital ne décide ni du collège ni de son poids."), K),
        ),
        legal_refs=(_SCIC, _COLLEGES),
        orientation=Form.SCIC,
    ),
    organic(
        FormCode.SCOP,
        _("société coopérative de production"),
        who=_("salariés, majoritaires"),
        used_for=_("entreprise détenue par ceux qui y travaillent"),
        confidence=A,
        constraints=(
            Constraint(_("Les salariés sont majoritaires."), A),
            Constraint(_("Leur part du capital est d’au moins 51 %, celle des voix d’au moins 65 %."), K),
            Constraint(_("Une personne, une voix."), C),
        ),
    ),
    organic(
        FormCode.CAE,
        _("coopérative d’activité et d’emploi"),
        who=_("entrepreneurs salariés"),
        used_for=_("forme nouvelle du faire avec"),
        confidence=A,
        constraints=(
            Constraint(_("Prend la forme d’une SCOP ou d’une SCIC."), A),
            Constraint(_("Partage des services et un accompagnement."), A),
        ),
    ),
    organic(
        FormCode.AGRI_COOP,
        _("coopérative agricole"),
        who=_("agriculteurs"),
        used_for=_("services et avantages pour ses membres"),
        confidence=A,
    ),
    organic(
        FormCode.SCE,
        _("société coopérative européenne"),
        who=_("associés de plusieurs États"),
        used_for=_("coopération transfrontalière"),
        confidence=A,
        constraints=(Constraint(_("Ses associés exercent dans plusieurs États européens."), A),),
    ),
    organic(
        FormCode.COMMON_FUND,
        _("fonds de dotation commun"),
        who=_("fondateurs"),
        used_for=_("argent mis en commun"),
        confidence=A,
        constraints=(Constraint(_("Règles de dotation, de capital et de comptes à vérifier."), K),),
    ),
    organic(
        FormCode.MERGER,
        _("fusion (par absorption ou par création)"),
        new_legal_person=None,
        who=_("associations"),
        used_for=_("intégration entière"),
        confidence=B,
        constraints=(
            Constraint(_("Met fin à tout ou partie des personnes morales qui fusionnent."), B, "loi 1901, art. 9 bis"),
            Constraint(
                _("Un commissaire à la fusion évalue les apports au-dessus d’un seuil."), K, "loi 1901, art. 9 bis"
            ),
        ),
        legal_refs=("loi 1901, art. 9 bis",),
    ),
)

_BY_CODE: Mapping[str, LegalFormEntry] = MappingProxyType({str(form.code): form for form in FORMS})


def form_by_code(code: str) -> LegalFormEntry | None:
    """The form of this code; None when there is none."""
    return _BY_CODE.get(code)
