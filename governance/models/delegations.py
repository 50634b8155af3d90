"""The power to decide that a cooperation gives to one of its coordinators: its scope, its ceiling, its end."""

import datetime as dt
from typing import ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from governance.enums import ImpactFlag
from governance.models.cooperations import Role
from governance.models.fields import level, level_is_shared, money, subject_code
from governance.models.tenancy import TenantModel


@pghistory.track()
class Delegation(TenantModel):
    """Held by the person of `role` while that role and `granted_by` last, from `since` to `until`, both included.

    `subjects` empty: every subject. A decision that has one of `excluded_impacts` is outside the scope. Amounts are in
    the currency of the cooperation; `total_ceiling` bounds the sum of all that is decided under it. Whoever is in the
    cooperation may know who may bind it, unless it is closed, or the role of its holder is. Never changed but for its
    level: revoked, and followed by another.
    """

    confidentiality_lookup: ClassVar[str | None] = "confidentiality"
    part_lookups: ClassVar[tuple[str, ...]] = ("role__confidentiality",)
    member_lookup: ClassVar[str | None] = "role__organisation"
    own_person_lookup: ClassVar[str | None] = "role__person"

    role = models.ForeignKey(Role, models.PROTECT, related_name="delegations", verbose_name=_("rôle du délégataire"))
    subjects = ArrayField(
        subject_code(_("matière")), default=list, blank=True, size=100, verbose_name=_("matières déléguées")
    )
    excluded_impacts = ArrayField(
        models.CharField(max_length=40, choices=ImpactFlag),
        default=list,
        blank=True,
        verbose_name=_("effets exclus"),
    )
    scope = models.TextField(_("étendue, en mots"), max_length=5000)
    ceiling = money(_("plafond par décision"))
    total_ceiling = money(_("plafond sur toute la durée"), null=True, blank=True)
    since = models.DateField(_("depuis le"))
    until = models.DateField(_("jusqu’au"))
    granted_by = models.ForeignKey(
        "governance.Decision",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="delegations_granted",
        verbose_name=_("décision qui délègue"),
    )
    reference = models.CharField(_("acte qui délègue"), max_length=200, blank=True)
    revoked_on = models.DateField(_("révoquée le"), null=True, blank=True)
    revoked_reason = models.TextField(_("motif de la révocation"), max_length=5000, blank=True)
    confidentiality = level()

    class Meta:
        verbose_name = _("délégation")
        verbose_name_plural = _("délégations")
        ordering = ["-since", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__gte=F("since")), name="governance_delegation_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(ceiling__gte=0) & (Q(total_ceiling__isnull=True) | Q(total_ceiling__gte=F("ceiling"))),
                name="governance_delegation_has_a_ceiling",
                violation_error_message=_("Le plafond total ne peut être inférieur au plafond par décision."),
            ),
            models.CheckConstraint(
                condition=Q(granted_by__isnull=False) | ~Q(reference=""),
                name="governance_delegation_names_its_act",
                violation_error_message=_("Une délégation nomme la décision ou l’acte qui la donne."),
            ),
            models.CheckConstraint(
                condition=Q(revoked_on__isnull=True, revoked_reason="")
                | (Q(revoked_on__isnull=False) & ~Q(revoked_reason="")),
                name="governance_delegation_revoked_says_why",
            ),
            level_is_shared("governance_delegation_known_to_coordination"),
        ]

    def __str__(self) -> str:
        return f"{self.role_id} {self.since} – {self.until}"


def in_force(day: dt.date) -> Q:
    """Delegations that give power on that day: running, not revoked, whose role is still exercised and whose act is
    still in force."""
    held = Q(role__until__isnull=True) | Q(role__until__gte=day)
    revoked = Q(revoked_on__isnull=False, revoked_on__lte=day)
    undone = Q(granted_by__out_of_force_on__isnull=False, granted_by__out_of_force_on__lte=day)
    return Q(since__lte=day, until__gte=day) & held & ~revoked & ~undone
