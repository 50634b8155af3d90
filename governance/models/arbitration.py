"""What each member thinks of cooperating or merging, criterion by criterion, with its reasons."""

from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.enums import Confidentiality, SheetState
from governance.models.organisations import Organisation
from governance.models.readiness import SheetQuerySet
from governance.models.tenancy import TenantModel


@pghistory.track()
class ArbitrationGrid(TenantModel):
    """One member's scores, its own: criterion -> whole score from −2 (cooperate) to 2 (merge), and its reason
    (`governance.rules.arbitration`)."""

    confidentiality_lookup: ClassVar[str | None] = "confidentiality"

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation"))
    state = models.CharField(_("état"), max_length=20, choices=SheetState, default=SheetState.DRAFT)
    scores = models.JSONField(_("scores et raisons"), default=dict, blank=True)
    submitted_on = models.DateField(_("remise le"), null=True, blank=True)
    confidentiality = models.CharField(
        _("niveau"), max_length=20, choices=Confidentiality, default=Confidentiality.NETWORK
    )

    objects: ClassVar[Any] = SheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("grille d’arbitrage")
        verbose_name_plural = _("grilles d’arbitrage")
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cooperation", "organisation"],
                name="governance_one_grid_per_member",
                violation_error_message=_("Cette organisation a déjà commencé sa grille."),
            ),
            models.CheckConstraint(
                condition=Q(state=SheetState.SUBMITTED) ^ Q(submitted_on__isnull=True),
                name="governance_grid_submitted_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.state}"
