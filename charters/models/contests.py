"""Who held that a correction without vote changes more than words. Append-only (triggers of migration 0011)."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from charters.models.charters import CharterVersion
from governance.enums import RoleKind
from governance.models import Organisation, Person, TenantModel


@pghistory.track()
class AmendmentContest(TenantModel):
    """One party’s objection to an editorial version: it does not enter into force, whatever becomes of the reason.

    What is contested is withdrawn and put to the vote as what it is (docs/adr/0016).
    """

    confidentiality_lookup = "charter_version__charter__confidentiality"

    charter_version = models.ForeignKey(
        CharterVersion, models.PROTECT, related_name="contests", verbose_name=_("version de charte")
    )
    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation"))
    contested_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("contestée par"))
    capacity = models.CharField(_("en qualité de"), max_length=20, choices=RoleKind)
    reason = models.TextField(_("motif"), max_length=2000)
    contested_at = models.DateTimeField(_("contestée le"))

    class Meta:
        verbose_name = _("contestation")
        verbose_name_plural = _("contestations")
        ordering = ["contested_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["charter_version", "organisation"], name="charters_one_contest_per_organisation"
            ),
            models.CheckConstraint(condition=~Q(reason=""), name="charters_contest_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.contested_at:%Y-%m-%d}"
