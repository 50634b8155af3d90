"""What an organisation approved. Append-only (triggers of migration 0002)."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from charters.models.charters import CharterVersion
from charters.models.deliberations import HASH, BoardDeliberation
from governance.models import Organisation, TenantModel


@pghistory.track()
class Approval(TenantModel):
    """One organisation's yes to one exact text: born of an adopted deliberation, never changed.

    `round` counts the times that its board approved this very text: the next one only once the last is stale
    (`charters.rules.staleness`). Evidence of a simple electronic signature, not of a qualified one.
    """

    confidentiality_lookup = "charter_version__charter__confidentiality"

    charter_version = models.ForeignKey(
        CharterVersion, models.PROTECT, related_name="approvals", verbose_name=_("version de charte")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="approvals", verbose_name=_("organisation")
    )
    deliberation = models.OneToOneField(
        BoardDeliberation, models.PROTECT, related_name="approval", verbose_name=_("délibération")
    )
    content_hash = models.CharField(_("empreinte du texte approuvé"), max_length=64)
    approved_on = models.DateField(_("approuvée le"))
    round = models.PositiveSmallIntegerField(_("tour"), default=1)

    class Meta:
        verbose_name = _("approbation")
        verbose_name_plural = _("approbations")
        ordering = ["approved_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["charter_version", "organisation", "round"],
                name="charters_one_approval_per_organisation_and_round",
                violation_error_message=_("Cette organisation a déjà approuvé cette version."),
            ),
            models.CheckConstraint(condition=Q(round__gte=1), name="charters_approval_round_from_one"),
            models.CheckConstraint(condition=Q(content_hash__regex=HASH), name="charters_approval_of_an_exact_text"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.content_hash[:12]}"
