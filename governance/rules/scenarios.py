"""Hypotheses of structure side by side: what each says under the same heads, and which heads divide them.

Nothing here ranks or concludes: the guide offers « des boîtes à outils », and a hypothesis is kept by people, who say
why.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import Violation
from governance.rules.legal_forms import FormCode, form_by_code
from governance.rules.orientation import Family
from governance.rules.readiness import Answer

# The features of a GES (seed S1).
FEATURES: Mapping[str, str | Promise] = {
    "coordinated_offer": _("Une offre de services coordonnée."),
    "skills_strategy": _("Une stratégie globale de valorisation et de dynamisation des compétences et des emplois."),
    "unified_governance": _("Une gouvernance unifiée."),
    "pooling": _("Une logique de mutualisation de ressources et de moyens."),
    "communication": _("Une communication globalisée."),
}

# What the hypotheses are compared on, in this order; then the features above.
ROWS: Mapping[str, str | Promise] = {
    "forms": _("Forme juridique"),
    "scheme": _("Schéma de groupe"),
    "family": _("Fonctionnelle ou organique"),
    "members": _("Membres"),
    "pooled": _("Ce qui est mis en commun"),
    "governance": _("Gouvernance"),
    "cost_once": _("Coût de mise en place"),
    "cost_yearly": _("Coût annuel"),
    "impact_flags": _("Effets pour le personnel"),
    "staff": _("Ce que devient le personnel"),
    "employers": _("Employeurs dont le CSE serait consulté"),
    "errors": _("Ce qui s’oppose à la forme"),
    "advantages": _("Avantages"),
    "drawbacks": _("Inconvénients"),
    "risks": _("Risques"),
    "reversibility": _("Réversibilité"),
}
# Sentences are read side by side: that they differ says nothing.
SENTENCES = frozenset({"pooled", "governance", "staff", "advantages", "drawbacks", "risks", "reversibility"})


def family_of(forms: Sequence[str]) -> Family | None:
    """Organic as soon as one form makes a new entity; None while no form is named."""
    entries = [entry for code in forms if (entry := form_by_code(code)) is not None]
    if not entries:
        return None
    organic = any(entry.family == Family.ORGANIC for entry in entries)
    return Family.ORGANIC if organic else Family.FUNCTIONAL


@dataclass(frozen=True)
class ComparedRow:
    """One head: what each hypothesis says of it, in the order given. `divides` None: nothing to compare (sentences, or
    fewer than two that say anything)."""

    code: str
    divides: bool | None
    values: tuple[tuple[str, ...], ...]


def compare(columns: Sequence[Mapping[str, Sequence[str]]]) -> tuple[ComparedRow, ...]:
    """Every head of `ROWS`, then every feature. A head that a hypothesis leaves out, or leaves empty, is not told."""
    rows = []
    for code in (*ROWS, *FEATURES):
        values = tuple(tuple(column.get(code, ())) for column in columns)
        # Nobody to consult, nothing against the form: these two say something when they are empty.
        told = [frozenset(value) for value in values if value or code in {"employers", "errors"}]
        divides = None if code in SENTENCES or len(told) < 2 else len(set(told)) > 1
        rows.append(ComparedRow(code, divides, values))
    return tuple(rows)


def feature_violations(features: Any, pointer: str = "/features") -> list[Violation]:
    """An object: feature of a GES -> yes, partly or no."""
    if not isinstance(features, dict):
        return [Violation("invalid", _("Un objet JSON est attendu."), pointer)]
    found = []
    for code, answer in features.items():
        if code not in FEATURES:
            found.append(Violation("unknown_item", _("Cette caractéristique n’est pas connue."), f"{pointer}/{code}"))
        elif answer not in list(Answer):
            found.append(Violation("unknown_choice", _("Répondez yes, partly ou no."), f"{pointer}/{code}"))
    return found


def repeated_forms(forms: Sequence[str]) -> list[Violation]:
    found = []
    if len(set(forms)) < len(forms):
        found.append(Violation("repeated", _("Chaque chose n’est citée qu’une fois."), "/forms"))
    if unknown := [code for code in forms if code not in set(FormCode)]:
        detail = _("Cette forme juridique n’est pas connue.")
        found += [Violation("unknown_form", detail, f"/forms/{forms.index(code)}") for code in unknown]
    return found


def proposal_violations(forms: Sequence[str], members: int) -> list[Violation]:
    """What a hypothesis must say before it is put before the others."""
    found = []
    if not forms:
        found.append(Violation("forms_missing", _("Nommez au moins une forme."), "/forms"))
    if members < 2:
        found.append(
            Violation("members_missing", _("Dites quels membres prendraient part : au moins deux."), "/members")
        )
    return found
