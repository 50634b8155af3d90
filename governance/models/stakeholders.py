"""Who counts for a cooperation besides its members: the team, the preparers and the supporters of the guide."""

from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from coopproject.text import folded_column
from governance.enums import Confidentiality, RoleFamily, StakeholderKind
from governance.models.cooperations import DatedTenantQuerySet
from governance.models.identity import Person
from governance.models.tenancy import TenantModel
from governance.rules.stakeholders import FAMILIES

_OF_ITS_FAMILY = Q(kind=StakeholderKind.OTHER)
for _family in RoleFamily:
    _kinds = [str(kind) for kind, family in FAMILIES.items() if family == _family]
    _OF_ITS_FAMILY |= Q(role_family=_family, kind__in=_kinds)


# The contact has no history: one that was taken away must not survive in the past states.
@pghistory.track(exclude=["search_name", "contact"])
class Stakeholder(TenantModel):
    """One stakeholder: a person of the record, or an organisation outside by its name.

    `expected`: what the cooperation expects of it. `associated_on`: the first day on which it was heard; empty while
    it was not. Of an organisation outside, one work contact and no more (GDPR minimisation); of a person, nothing: an
    erasure of their record reaches here.
    """

    confidentiality_lookup: ClassVar[str | None] = "confidentiality"

    role_family = models.CharField(_("famille"), max_length=10, choices=RoleFamily)
    kind = models.CharField(_("rôle"), max_length=30, choices=StakeholderKind)
    kind_other = models.CharField(_("autre rôle"), max_length=100, blank=True)
    person = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="stakeholders", verbose_name=_("personne")
    )
    name = models.CharField(_("organisation"), max_length=200, blank=True)
    contact = models.CharField(_("contact professionnel"), max_length=200, blank=True)
    expected = models.TextField(_("ce qui en est attendu"), max_length=5000, blank=True)
    associated_on = models.DateField(_("associée le"), null=True, blank=True)
    since = models.DateField(_("depuis le"))
    until = models.DateField(_("jusqu’au"), null=True, blank=True)
    end_reason = models.TextField(_("motif de fin"), blank=True)
    confidentiality = models.CharField(
        _("confidentialité"), max_length=20, choices=Confidentiality, default=Confidentiality.NETWORK
    )
    search_name = folded_column("name", "kind_other")

    objects: ClassVar[Any] = DatedTenantQuerySet.as_manager()

    class Meta:
        verbose_name = _("partie prenante")
        verbose_name_plural = _("parties prenantes")
        ordering = ["role_family", "kind", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(person__isnull=True) ^ Q(name=""),
                name="governance_stakeholder_is_somebody",
                violation_error_message=_("Indiquez soit une personne connue, soit le nom d’une organisation."),
            ),
            models.CheckConstraint(
                condition=Q(contact="") | Q(person__isnull=True),
                name="governance_stakeholder_contact_of_an_organisation",
            ),
            models.CheckConstraint(condition=_OF_ITS_FAMILY, name="governance_stakeholder_family_of_its_kind"),
            models.CheckConstraint(
                condition=Q(kind=StakeholderKind.OTHER) ^ Q(kind_other=""),
                name="governance_stakeholder_other_says_what",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="governance_stakeholder_ends_after_it_starts",
            ),
            models.CheckConstraint(
                condition=~Q(confidentiality=Confidentiality.RESTRICTED),
                name="governance_stakeholder_not_restricted_to_one",
                violation_error_message=_("Une partie prenante ne se limite pas à une seule organisation."),
            ),
        ]

    def __str__(self) -> str:
        return self.name or str(self.person)
