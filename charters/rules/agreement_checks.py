"""What an agreement lacks by its kind: what refuses it, and what is only worth looking at (domain.md 3.2, 4.3).

A check refuses only what is certain. What is known at confidence A or B carries its reference; what is less sure is a
configurable opinion of this instance and never shown as law (domain.md 0).
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import Violation

type Sentence = str | Promise
SIGNATORY_ROLES = ("board_chair", "director")
"""Who binds an organisation, by kind of role: what its statutes ask besides is its own affair (a warning says so)."""


class Kind(StrEnum):
    """The forms of domain.md 3.2 that are agreements between organisations that stay themselves."""

    POOLING = "pooling"
    COPRODUCTION = "coproduction"
    WITH_MANDATE = "with_mandate"
    STAFF_LENDING = "staff_lending"
    OTHER = "other"


@dataclass(frozen=True)
class AgreementFacts:
    """What the checks look at. `bases`: those of the cost keys; `unauthorised`: parties without a board's decision."""

    kind: str
    title: str
    scope: str
    pilots: str
    milestones: str
    key_actors: str
    ad_hoc_structure: str
    confidentiality_clause: str
    parties: Collection[str]
    ends_on: date | None
    mandatary: str | None = None
    mandate_scope: str = ""
    mandate_limits: str = ""
    bases: Collection[str] = ()
    unauthorised: Collection[str] = ()


@dataclass(frozen=True)
class Check:
    """One remark. `confidence` as in domain.md 0; `legal_reference` only at A or B; `configurable`: the setting
    `agreement_checks_off` of the cooperation silences it."""

    code: str
    detail: Sentence
    pointer: str = ""
    confidence: str = ""
    legal_reference: str = ""
    configurable: bool = True


def proposal_violations(facts: AgreementFacts) -> list[Violation]:
    """Why this cannot be put to the signature, every reason with its pointer."""
    found = []
    if not facts.title.strip():
        found.append(Violation("title_missing", _("La convention a besoin d’un titre."), "/title"))
    if not facts.scope.strip():
        found.append(Violation("scope_missing", _("La convention dit sur quoi elle porte."), "/scope"))
    if len(facts.parties) < 2:
        found.append(Violation("too_few_parties", _("Une convention lie au moins deux parties."), "/parties"))
    if facts.kind == Kind.WITH_MANDATE and facts.mandatary is None:
        detail = _("Une convention avec mandat nomme l’organisation qui agit pour les autres.")
        found.append(Violation("mandatary_missing", detail, "/mandatary"))
    if facts.mandatary is not None:
        if facts.mandatary not in facts.parties:
            detail = _("L’organisation mandataire est l’une des parties.")
            found.append(Violation("mandatary_not_a_party", detail, "/mandatary"))
        if not facts.mandate_scope.strip():
            detail = _("Le mandat dit ce que la mandataire fait au nom des autres.")
            found.append(Violation("mandate_scope_missing", detail, "/mandate_scope"))
    elif facts.mandate_scope.strip() or facts.mandate_limits.strip():
        detail = _("Un mandat est décrit, mais aucune organisation ne le reçoit.")
        found.append(Violation("mandatary_missing", detail, "/mandatary"))
    if facts.kind == Kind.STAFF_LENDING and facts.ends_on is None:
        detail = _("Un prêt de main-d’œuvre est conclu pour une durée : indiquez son terme.")
        found.append(Violation("staff_lending_without_end", detail, "/ends_on"))
    return found


def checks(facts: AgreementFacts, *, off: Collection[str] = ()) -> list[Check]:
    """What deserves a look and refuses nothing. `off`: codes that this cooperation silenced."""
    found: Iterable[Check] = (*_object(facts), *_by_kind(facts), *_authority(facts))
    return [check for check in found if not (check.configurable and check.code in off)]


def _object(facts: AgreementFacts) -> Iterator[Check]:
    """The four points of the guide (seed S2), and confidentiality."""
    points = {
        "pilots": _("Le guide conseille de dire qui pilote."),
        "milestones": _("Le guide conseille de poser des jalons."),
        "key_actors": _("Le guide conseille de nommer les acteurs clés."),
        "ad_hoc_structure": _("Le guide conseille de dire si une structure ad hoc est envisagée."),
    }
    for name, detail in points.items():
        if not getattr(facts, name).strip():
            yield Check("object_point_missing", detail, f"/object_{name}", confidence="A")
    if not facts.confidentiality_clause.strip():
        detail = _("Le guide conseille de définir ce qui reste confidentiel dans la convention.")
        yield Check("confidentiality_clause_missing", detail, "/confidentiality_clause", confidence="A")


def _by_kind(facts: AgreementFacts) -> Iterator[Check]:
    if facts.kind == Kind.POOLING and not facts.bases:
        detail = _("Une mutualisation dit comment son coût se partage.")
        yield Check("pooling_without_cost_key", detail, "/cost_keys", confidence="A")
    if facts.kind == Kind.COPRODUCTION and not facts.bases:
        detail = _("Une coproduction dit les rôles, les parts et les risques de chacun.")
        yield Check("coproduction_without_shares", detail, "/cost_keys", confidence="A")
    if facts.mandatary is not None and not facts.mandate_limits.strip():
        detail = _("Un mandat gagne à dire ses limites.")
        yield Check("mandate_without_limits", detail, "/mandate_limits", confidence="K")
    if facts.kind == Kind.STAFF_LENDING:
        yield from _staff_lending()


def _staff_lending() -> Iterator[Check]:
    """domain.md 4.3, and C32 of 1.2."""
    law = "Code du travail, art. L8241-1 et L8241-2"
    yield Check(
        "staff_lending_at_cost",
        _("Seuls se facturent les salaires, les charges sociales et les frais remboursés : ni gestion, ni forfait."),
        "/cost_keys",
        confidence="B",
        legal_reference=law,
        configurable=False,
    )
    yield Check(
        "staff_lending_written_terms",
        _("La convention dit la durée, l’identité et la qualification du salarié, et comment le coût se calcule."),
        "/scope",
        confidence="A",
        legal_reference=law,
        configurable=False,
    )
    yield Check(
        "staff_lending_employee_consent",
        _("L’accord du salarié et un avenant signé (travail, horaires, lieu) sont nécessaires."),
        confidence="A",
        legal_reference=law,
        configurable=False,
    )
    yield Check(
        "staff_lending_lender_consultation",
        _("Le CSE de l’employeur prêteur est consulté avant, puis informé des conventions signées."),
        confidence="B",
        legal_reference="Code du travail, art. L8241-2",
        configurable=False,
    )
    yield Check(
        "staff_lending_host_consultation",
        _("Le CSE de l’employeur qui accueille serait à informer et consulter : à vérifier."),
        confidence="K",
    )
    yield Check(
        "staff_lending_vat",
        _("La facturation peut entrer dans le champ de la TVA : à vérifier avec le comptable."),
        confidence="B",
    )


def _authority(facts: AgreementFacts) -> Iterator[Check]:
    if facts.unauthorised:
        detail = _("Des parties n’ont pas indiqué la délibération qui autorise la signature : leurs statuts le disent.")
        yield Check("authorisation_missing", detail, "/parties", confidence="K")
