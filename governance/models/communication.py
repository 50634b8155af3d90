"""The internal communication plan: who is told what, when and by whom (guide: third challenge, step « mobiliser »)."""

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coopproject.text import folded_column
from governance.enums import Audience, CommunicationState, Confidentiality
from governance.models.consultations import Consultation
from governance.models.decisions import Decision
from governance.models.identity import Person
from governance.models.organisations import Organisation
from governance.models.tenancy import TenantModel


@pghistory.track(exclude=["search_message"])
class CommunicationAction(TenantModel):
    """One thing to tell one audience, of one organisation or of all. Done, it keeps what was really said."""

    confidentiality_lookup = "confidentiality"

    audience = models.CharField(_("public visé"), max_length=20, choices=Audience)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation concernée")
    )
    message = models.CharField(_("message"), max_length=300)
    purpose = models.TextField(_("but"), max_length=2000, blank=True)
    channel = models.CharField(_("moyen"), max_length=100)
    planned_on = models.DateField(_("prévue le"))
    owner = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("confiée à"))
    decision = models.ForeignKey(
        Decision,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="communication_actions",
        verbose_name=_("décision"),
    )
    consultation = models.ForeignKey(
        Consultation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="communication_actions",
        verbose_name=_("consultation"),
    )
    state = models.CharField(_("état"), max_length=10, choices=CommunicationState, default=CommunicationState.PLANNED)
    done_on = models.DateField(_("faite le"), null=True, blank=True)
    said = models.TextField(_("ce qui a été dit"), max_length=5000, blank=True)
    reached = models.PositiveIntegerField(_("personnes touchées"), null=True, blank=True)
    cancelled_reason = models.TextField(_("motif de l’abandon"), max_length=2000, blank=True)
    confidentiality = models.CharField(
        _("confidentialité"), max_length=12, choices=Confidentiality, default=Confidentiality.ACTIVE
    )
    search_message = folded_column("message")

    class Meta:
        verbose_name = _("action de communication")
        verbose_name_plural = _("actions de communication")
        ordering = ["planned_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(state="done", done_on__isnull=False) & ~Q(said=""))
                | (~Q(state="done") & Q(done_on__isnull=True, said="", reached__isnull=True)),
                name="governance_communication_done_says_what",
            ),
            models.CheckConstraint(
                condition=(Q(state="cancelled") & ~Q(cancelled_reason=""))
                | (~Q(state="cancelled") & Q(cancelled_reason="")),
                name="governance_communication_cancelled_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(confidentiality="restricted"),
                name="governance_communication_is_not_of_one_organisation",
                violation_error_message=_("Une action de communication ne se limite pas à une seule organisation."),
            ),
        ]

    def __str__(self) -> str:
        return self.message
