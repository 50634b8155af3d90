"""The orientation table of the guide (seed S2, `domain.md` 3.1): which forms carry which types of cooperation.

The guide warns that the form must never be the entry point: no answer before project, needs and motivations are told.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import RuleViolated, Violation


class CooperationType(StrEnum):
    """Not exclusive: a cooperation may be of several types."""

    FAIRE_AVEC = "faire_avec"
    FAIRE_ENSEMBLE = "faire_ensemble"
    FAIRE_CORPS = "faire_corps"


class Family(StrEnum):
    """`functional`: no new legal person. `organic`: a new entity."""

    FUNCTIONAL = "functional"
    ORGANIC = "organic"


class Form(StrEnum):
    """In the order of the guide's columns."""

    RESEAU_INFORMEL = "reseau_informel"
    ADHESION = "adhesion"
    CONVENTION_MUTUALISATION = "convention_mutualisation"
    CONVENTION_COPRODUCTION = "convention_coproduction"
    ASSOCIATION = "association"
    GE_GCSMS = "ge_gcsms"
    GIE_GCS = "gie_gcs"
    SCIC = "scic"


FORM_LABELS: Mapping[Form, str | Promise] = MappingProxyType(
    {
        Form.RESEAU_INFORMEL: _("réseau informel"),
        Form.ADHESION: _("adhésion"),
        Form.CONVENTION_MUTUALISATION: _("convention de mutualisation"),
        Form.CONVENTION_COPRODUCTION: _("convention de coproduction"),
        Form.ASSOCIATION: _("association"),
        Form.GE_GCSMS: _("groupement d’employeurs ou GCSMS"),
        Form.GIE_GCS: _("GIE ou GCS"),
        Form.SCIC: _("SCIC"),
    }
)

_FUNCTIONAL = frozenset(
    {Form.RESEAU_INFORMEL, Form.ADHESION, Form.CONVENTION_MUTUALISATION, Form.CONVENTION_COPRODUCTION}
)

TABLE: Mapping[CooperationType, frozenset[Form]] = MappingProxyType(
    {
        CooperationType.FAIRE_AVEC: frozenset(
            {
                Form.ADHESION,
                Form.CONVENTION_MUTUALISATION,
                Form.ASSOCIATION,
                Form.GE_GCSMS,
                Form.GIE_GCS,
                Form.SCIC,
            }
        ),
        CooperationType.FAIRE_ENSEMBLE: frozenset(
            {Form.RESEAU_INFORMEL, Form.CONVENTION_COPRODUCTION, Form.ASSOCIATION, Form.GIE_GCS, Form.SCIC}
        ),
        CooperationType.FAIRE_CORPS: frozenset({Form.RESEAU_INFORMEL, Form.ADHESION, Form.ASSOCIATION}),
    }
)


def family(form: Form) -> Family:
    return Family.FUNCTIONAL if form in _FUNCTIONAL else Family.ORGANIC


@dataclass(frozen=True, kw_only=True)
class OrientationFacts:
    """What must be told before a form is discussed, and what is wanted of it.

    `without_new_entity`: only forms that create no legal person.
    """

    project: str
    needs: Collection[str]
    motivations: Collection[str]
    types: frozenset[CooperationType]
    without_new_entity: bool = False


@dataclass(frozen=True)
class OrientedForm:
    """A form and the wanted types that it carries."""

    form: Form
    family: Family
    types: frozenset[CooperationType]


@dataclass(frozen=True)
class Orientation:
    """`whole`: forms that carry every wanted type alone. `partial`: forms that carry some, the most first."""

    whole: tuple[OrientedForm, ...]
    partial: tuple[OrientedForm, ...]


def orientation_violations(facts: OrientationFacts) -> list[Violation]:
    """What is still to be told before the table may answer, all at once."""
    found = []
    if not facts.project.strip():
        found.append(Violation("project_missing", _("Décrivez d’abord le projet."), "/project"))
    if not any(need.strip() for need in facts.needs):
        found.append(Violation("needs_missing", _("Dites d’abord à quels besoins le projet répond."), "/needs"))
    if not any(motivation.strip() for motivation in facts.motivations):
        found.append(Violation("motivations_missing", _("Dites d’abord ce qui motive chacun."), "/motivations"))
    if not facts.types:
        found.append(Violation("types_missing", _("Choisissez au moins un type de coopération."), "/types"))
    return found


def orient(facts: OrientationFacts) -> Orientation:
    """The forms that fit, in the order of the guide. Raises RuleViolated on `orientation_violations`."""
    if violations := orientation_violations(facts):
        raise RuleViolated(*violations)
    candidates = [form for form in Form if form in _FUNCTIONAL or not facts.without_new_entity]
    oriented = [
        OrientedForm(form, family(form), frozenset(kind for kind in facts.types if form in TABLE[kind]))
        for form in candidates
    ]
    whole = tuple(found for found in oriented if found.types == facts.types)
    partial = [found for found in oriented if found.types and found.types != facts.types]
    return Orientation(whole, tuple(sorted(partial, key=lambda found: -len(found.types))))


@dataclass(frozen=True)
class ExcludedForm:
    """A form that is not whole, and why: the wanted types that it does not carry, and whether it makes an entity
    that is not wanted."""

    form: Form
    family: Family
    lacks: frozenset[CooperationType]
    makes_new_entity: bool


def excluded(facts: OrientationFacts) -> tuple[ExcludedForm, ...]:
    """Every form that `orient` does not give as whole, in the order of the guide. Raises as it does."""
    whole = {found.form for found in orient(facts).whole}
    return tuple(
        ExcludedForm(
            form,
            family(form),
            frozenset(kind for kind in facts.types if form not in TABLE[kind]),
            facts.without_new_entity and form not in _FUNCTIONAL,
        )
        for form in Form
        if form not in whole
    )
