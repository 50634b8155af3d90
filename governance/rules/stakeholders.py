"""Which family of the guide each kind of stakeholder belongs to, and what a row must say (seed S2, « les joueurs »)."""

from collections.abc import Iterator

from django.utils.translation import gettext_lazy as _

from coopproject import wording
from coopproject.exceptions import Violation
from governance.enums import RoleFamily, StakeholderKind

FAMILIES: dict[StakeholderKind, RoleFamily] = {
    StakeholderKind.GOVERNANCE: RoleFamily.TEAM,
    StakeholderKind.PRESIDENT: RoleFamily.TEAM,
    StakeholderKind.DIRECTOR: RoleFamily.TEAM,
    StakeholderKind.EMPLOYEES: RoleFamily.TEAM,
    StakeholderKind.EMPLOYEES_REPRESENTATIVES: RoleFamily.TEAM,
    StakeholderKind.VOLUNTEERS: RoleFamily.TEAM,
    StakeholderKind.FEDERATION: RoleFamily.TEAM,
    StakeholderKind.ACCOMPANIST: RoleFamily.PREPARER,
    StakeholderKind.CHARTERED_ACCOUNTANT: RoleFamily.PREPARER,
    StakeholderKind.SOCIAL_PROTECTION: RoleFamily.PREPARER,
    StakeholderKind.USERS: RoleFamily.SUPPORTER,
    StakeholderKind.PUBLIC_PARTNER: RoleFamily.SUPPORTER,
    StakeholderKind.BANKER: RoleFamily.SUPPORTER,
    StakeholderKind.FUNDER: RoleFamily.SUPPORTER,
}
# The guide asks to involve users from the start, and public partners « le plus en amont possible ».
EARLY = (StakeholderKind.USERS, StakeholderKind.PUBLIC_PARTNER)


def family_of(kind: str) -> RoleFamily | None:
    """The family of a kind; None for `other`, which states its own."""
    return FAMILIES.get(StakeholderKind(kind))


def stakeholder_violations(
    *, role_family: str, kind: str, kind_other: str, has_person: bool, name: str, contact: str
) -> Iterator[Violation]:
    """Every reason why a row does not say who it is about."""
    family = family_of(kind)
    if family is None and not role_family:
        yield Violation("required", _("La famille est demandée pour un autre rôle."), "/role_family")
    elif family is not None and role_family != family:
        detail = wording.filled(_("Le guide range ce rôle dans la famille « %(family)s »."), family=family.label)
        yield Violation("family_of_another_kind", detail, "/role_family")
    if kind == StakeholderKind.OTHER and not kind_other:
        yield Violation("required", _("Dites de quel rôle il s’agit."), "/kind_other")
    elif kind != StakeholderKind.OTHER and kind_other:
        yield Violation("kind_is_known", _("Ce texte ne sert qu’au rôle « autre »."), "/kind_other")
    if has_person == bool(name):
        yield Violation(
            "person_or_organisation", _("Indiquez soit une personne connue, soit le nom d’une organisation."), "/name"
        )
    if contact and has_person:
        yield Violation("contact_on_the_record", _("Une personne connue a déjà son contact sur sa fiche."), "/contact")
    if has_person and kind == StakeholderKind.EMPLOYEES_REPRESENTATIVES:
        yield Violation(
            "body_not_person", _("Cette instance se nomme (« CSE de… »), pas les personnes élues."), "/person"
        )
