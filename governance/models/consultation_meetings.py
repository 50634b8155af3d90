"""What happens between an employer and its works council during a consultation: rows that are added, never deleted."""

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from governance.enums import CouncilLevel
from governance.models.consultations import Consultation
from governance.models.tenancy import TenantModel


@pghistory.track()
class ConsultationMeeting(TenantModel):
    """One meeting that was held. A mistake is annulled with its reason, never deleted."""

    confidentiality_lookup = "consultation__confidentiality"
    restricted_lookup = "consultation__organisation"

    consultation = models.ForeignKey(
        Consultation, models.PROTECT, related_name="meetings", verbose_name=_("consultation")
    )
    level = models.CharField(_("niveau"), max_length=15, choices=CouncilLevel, default=CouncilLevel.CENTRAL)
    convened_on = models.DateField(_("convoquée le"))
    agenda_sent_on = models.DateField(_("ordre du jour envoyé le"), null=True, blank=True)
    held_on = models.DateField(_("tenue le"))
    annulled_on = models.DateField(_("annulée le"), null=True, blank=True)
    annulled_reason = models.TextField(_("motif de l’annulation"), max_length=2000, blank=True)

    class Meta:
        verbose_name = _("réunion du CSE")
        verbose_name_plural = _("réunions du CSE")
        ordering = ["held_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(convened_on__lte=F("held_on"))
                & (Q(agenda_sent_on__isnull=True) | Q(agenda_sent_on__lte=F("held_on"))),
                name="governance_meeting_convened_before_held",
            ),
            models.CheckConstraint(
                condition=Q(annulled_on__isnull=True, annulled_reason="")
                | (Q(annulled_on__isnull=False) & ~Q(annulled_reason="")),
                name="governance_meeting_annulled_with_its_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consultation_id} {self.held_on}"


@pghistory.track()
class InformationContest(TenantModel):
    """The body says, as a body, that information is lacking (C09). It stops no clock by itself."""

    confidentiality_lookup = "consultation__confidentiality"
    restricted_lookup = "consultation__organisation"

    consultation = models.ForeignKey(
        Consultation, models.PROTECT, related_name="contests", verbose_name=_("consultation")
    )
    contested_on = models.DateField(_("contestée le"))
    lacking = models.TextField(_("ce qui manque selon le CSE"), max_length=5000)
    answered_on = models.DateField(_("réponse le"), null=True, blank=True)
    answer = models.TextField(_("réponse de l’employeur"), max_length=5000, blank=True)

    class Meta:
        verbose_name = _("contestation de l’information")
        verbose_name_plural = _("contestations de l’information")
        ordering = ["contested_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation"],
                condition=Q(answered_on__isnull=True),
                name="governance_one_open_contest",
                violation_error_message=_("Une contestation attend déjà sa réponse."),
            ),
            models.CheckConstraint(
                condition=Q(answered_on__isnull=True, answer="")
                | (Q(answered_on__isnull=False, answered_on__gte=F("contested_on")) & ~Q(answer="")),
                name="governance_contest_answered_in_words",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consultation_id} {self.contested_on}"
