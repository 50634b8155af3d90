"""Accompaniment of a cooperation: who, paid by whom, in which phases, for which deliverables (seeds S0, S2)."""

from decimal import Decimal
from typing import ClassVar

import pghistory
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from coopproject.text import folded_column
from governance.enums import Confidentiality
from governance.enums_path import MissionTemplateCode, PhaseState
from governance.models.files import StoredFile
from governance.models.identity import Person
from governance.models.tenancy import TenantModel


# The contact is a name: neither the history nor the journal keeps it, so that it can be erased.
@pghistory.track(exclude=["search_title", "provider_contact"])
class SupportMission(TenantModel):
    """One accompaniment. Its provider is often outside of the cooperation: named in words.

    `referent`: the person of the cooperation who follows it. Days are those of its phases.
    """

    confidentiality_lookup: ClassVar[str | None] = "confidentiality"

    title = models.CharField(_("intitulé"), max_length=200)
    template = models.CharField(
        _("modèle"), max_length=10, choices=MissionTemplateCode, default=MissionTemplateCode.FREE
    )
    provider = models.CharField(_("accompagnateur (organisation)"), max_length=200)
    provider_contact = models.CharField(_("interlocuteur chez l’accompagnateur"), max_length=200, blank=True)
    referent = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("référent dans la coopération")
    )
    funder = models.CharField(_("financeur"), max_length=200, blank=True)
    purpose = models.TextField(_("objet"), max_length=10_000, blank=True)
    starts_on = models.DateField(_("début"))
    ends_on = models.DateField(_("fin"), null=True, blank=True)
    confidentiality = models.CharField(
        _("confidentialité"), max_length=12, choices=Confidentiality, default=Confidentiality.ACTIVE
    )
    search_title = folded_column("title", "provider")

    class Meta:
        verbose_name = _("mission d’accompagnement")
        verbose_name_plural = _("missions d’accompagnement")
        ordering = ["starts_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="governance_mission_ends_after_it_starts",
                violation_error_message=_("La fin ne peut précéder le début."),
            ),
            # Nobody at all could know of it: `restricted` names one organisation.
            models.CheckConstraint(
                condition=~Q(confidentiality="restricted"),
                name="governance_mission_is_not_of_one_organisation",
                violation_error_message=_("Une mission commune ne peut pas être réservée à une seule organisation."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class MissionPhase(TenantModel):
    """One phase of a mission, with the days planned and done. One that is done may be opened again, with a reason."""

    confidentiality_lookup: ClassVar[str | None] = "mission__confidentiality"

    mission = models.ForeignKey(SupportMission, models.PROTECT, related_name="phases", verbose_name=_("mission"))
    position = models.PositiveSmallIntegerField(_("rang"), validators=[MinValueValidator(1)])
    # Of the template; empty for a phase that is not of one.
    code = models.CharField(_("code"), max_length=40, blank=True)
    name = models.CharField(_("nom"), max_length=200)
    state = models.CharField(_("état"), max_length=10, choices=PhaseState, default=PhaseState.PLANNED)
    planned_days = models.DecimalField(_("jours prévus"), max_digits=6, decimal_places=2, null=True, blank=True)
    done_days = models.DecimalField(_("jours faits"), max_digits=6, decimal_places=2, default=Decimal("0.00"))
    started_on = models.DateField(_("commencée le"), null=True, blank=True)
    finished_on = models.DateField(_("terminée le"), null=True, blank=True)
    reopened_reason = models.TextField(_("motif de la réouverture"), max_length=5000, blank=True)
    notes = models.TextField(_("notes"), max_length=10_000, blank=True)

    class Meta:
        verbose_name = _("phase d’accompagnement")
        verbose_name_plural = _("phases d’accompagnement")
        ordering = ["mission", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["mission", "position"],
                name="governance_one_phase_per_position",
                violation_error_message=_("Une phase porte déjà ce rang."),
            ),
            models.CheckConstraint(
                condition=(Q(planned_days__isnull=True) | Q(planned_days__gte=0)) & Q(done_days__gte=0),
                name="governance_phase_days_not_negative",
                violation_error_message=_("Un nombre de jours n’est pas négatif."),
            ),
            models.CheckConstraint(
                condition=Q(state="planned", started_on__isnull=True, finished_on__isnull=True)
                | Q(state="under_way", started_on__isnull=False, finished_on__isnull=True)
                | Q(
                    state="done", started_on__isnull=False, finished_on__isnull=False, finished_on__gte=F("started_on")
                ),
                name="governance_phase_dates_with_its_state",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@pghistory.track()
class MissionDeliverable(TenantModel):
    """What a mission hands over, due on a day, delivered on another: a file, or where it is to be found."""

    confidentiality_lookup: ClassVar[str | None] = "mission__confidentiality"

    mission = models.ForeignKey(SupportMission, models.PROTECT, related_name="deliverables", verbose_name=_("mission"))
    phase = models.ForeignKey(
        MissionPhase, models.PROTECT, null=True, blank=True, related_name="deliverables", verbose_name=_("phase")
    )
    title = models.CharField(_("intitulé"), max_length=200)
    due_on = models.DateField(_("attendu le"), null=True, blank=True)
    delivered_on = models.DateField(_("remis le"), null=True, blank=True)
    reference = models.CharField(_("référence"), max_length=500, blank=True)
    file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="deliverables", verbose_name=_("fichier")
    )

    class Meta:
        verbose_name = _("livrable")
        verbose_name_plural = _("livrables")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(delivered_on__isnull=False) | Q(file__isnull=True, reference=""),
                name="governance_deliverable_proof_once_delivered",
            ),
            models.CheckConstraint(
                condition=Q(delivered_on__isnull=True) | Q(file__isnull=False) | ~Q(reference=""),
                name="governance_deliverable_delivered_with_proof",
                violation_error_message=_("Un livrable remis est un fichier, ou une référence pour le trouver."),
            ),
        ]

    def __str__(self) -> str:
        return self.title
