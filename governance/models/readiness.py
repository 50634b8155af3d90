"""What each member answers to the questions that come before any cooperation."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.enums import Confidentiality, PooledThing, RoleKind, SheetState
from governance.models.organisations import Organisation
from governance.models.tenancy import TenantModel, TenantQuerySet

if TYPE_CHECKING:
    from governance.actor import Actor

_STAFF = frozenset({RoleKind.COORDINATION, RoleKind.FACILITATION})


class SheetQuerySet(TenantQuerySet):
    def visible_to(self, actor: "Actor") -> Self:
        """A draft is its organisation's, and the coordination's who accompanies it; nobody else's."""
        drafts = Q(pk__in=[])
        for cooperation_id in actor.cooperation_ids:
            mine = Q(cooperation=cooperation_id)
            if not actor.holds(cooperation_id, _STAFF):
                mine &= Q(organisation__in=sorted(actor.organisations_in(cooperation_id)))
            drafts |= mine
        return super().visible_to(actor).filter(Q(state=SheetState.SUBMITTED) | drafts)


@pghistory.track()
class ReadinessAssessment(TenantModel):
    """One member's answers, its own: `governance.rules.readiness` says the questions and the preconditions.

    `preconditions`: code -> yes, partly or no. `pooled`: what it would put in common.
    """

    confidentiality_lookup: ClassVar[str | None] = "confidentiality"

    organisation = models.ForeignKey(Organisation, models.PROTECT, related_name="+", verbose_name=_("organisation"))
    state = models.CharField(_("état"), max_length=20, choices=SheetState, default=SheetState.DRAFT)
    why = models.TextField(_("pourquoi"), max_length=5000, blank=True)
    stakes = models.TextField(_("enjeux"), max_length=5000, blank=True)
    benefits = models.TextField(_("avantages"), max_length=5000, blank=True)
    drawbacks = models.TextField(_("inconvénients"), max_length=5000, blank=True)
    pooling = models.TextField(_("niveau de mise en commun"), max_length=5000, blank=True)
    pooled = ArrayField(
        models.CharField(max_length=20, choices=PooledThing),
        default=list,
        blank=True,
        size=5,
        verbose_name=_("ce qui serait mis en commun"),
    )
    needs = ArrayField(
        models.CharField(max_length=300), default=list, blank=True, size=50, verbose_name=_("besoins auxquels répondre")
    )
    preconditions = models.JSONField(_("préalables"), default=dict, blank=True)
    submitted_on = models.DateField(_("remise le"), null=True, blank=True)
    confidentiality = models.CharField(
        _("niveau"), max_length=20, choices=Confidentiality, default=Confidentiality.NETWORK
    )

    objects: ClassVar[Any] = SheetQuerySet.as_manager()

    class Meta:
        verbose_name = _("réponses préalables")
        verbose_name_plural = _("réponses préalables")
        ordering = ["created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cooperation", "organisation"],
                name="governance_one_readiness_per_member",
                violation_error_message=_("Cette organisation a déjà commencé ses réponses."),
            ),
            models.CheckConstraint(
                condition=Q(state=SheetState.SUBMITTED) ^ Q(submitted_on__isnull=True),
                name="governance_readiness_submitted_on_a_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.state}"
