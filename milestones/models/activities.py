"""Pooled activities and the mandates of those who pilot them."""

import datetime as dt
from typing import Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from charters.models import Agreement, Charter
from coopproject.text import folded_column
from governance.enums import Confidentiality, CooperationType
from governance.models import Organisation, Person, TenantModel, TenantQuerySet
from governance.models.cooperations import in_force_on
from milestones.enums import ActivityLogic, MandateState


@pghistory.track(exclude=["search_name"])
class Activity(TenantModel):
    """Something that members do or pool together. Its level of confidentiality covers all that hangs below it."""

    confidentiality_lookup = "confidentiality"

    name = models.CharField(_("nom"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    types = ArrayField(
        models.CharField(max_length=20, choices=CooperationType), default=list, blank=True, verbose_name=_("formes")
    )
    logic = models.CharField(_("logique"), max_length=15, choices=ActivityLogic, default=ActivityLogic.SAME)
    organisations = models.ManyToManyField(
        Organisation, related_name="activities", blank=True, verbose_name=_("organisations participantes")
    )
    charter = models.ForeignKey(
        Charter, models.PROTECT, null=True, blank=True, related_name="activities", verbose_name=_("charte")
    )
    started_on = models.DateField(_("commencée le"))
    ended_on = models.DateField(_("terminée le"), null=True, blank=True)
    confidentiality = models.CharField(
        _("confidentialité"), max_length=12, choices=Confidentiality, default=Confidentiality.ACTIVE
    )
    search_name = folded_column("name")

    class Meta:
        verbose_name = _("activité")
        verbose_name_plural = _("activités")
        ordering = ["search_name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="milestones_activity_ends_after_it_starts",
                violation_error_message=_("Une activité ne finit pas avant de commencer."),
            ),
            models.CheckConstraint(
                condition=~Q(confidentiality="restricted"),
                name="milestones_activity_is_not_of_one_organisation",
                violation_error_message=_("Une activité commune ne peut pas être réservée à une seule organisation."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class MandateQuerySet(TenantQuerySet):
    def in_force(self, day: dt.date) -> Self:
        """Accepted mandates whose period contains `day`."""
        return self.filter(in_force_on(day), state=MandateState.ACCEPTED)


@pghistory.track()
class Mandate(TenantModel):
    """What a pilot is asked to do, with which powers and limits, and for how long. It counts once accepted.

    A trigger (migration 0002) refuses two accepted or suspended mandates of one activity whose periods
    overlap: `milestones_one_pilot_at_a_time`.
    """

    confidentiality_lookup = "activity__confidentiality"

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="mandates", verbose_name=_("activité"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="mandates", verbose_name=_("pilote"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="mandates", verbose_name=_("pour le compte de")
    )
    # The agreement by virtue of which the pilot acts, where there is one.
    agreement = models.ForeignKey(
        Agreement, models.PROTECT, null=True, blank=True, related_name="mandates", verbose_name=_("convention")
    )
    scope = models.TextField(_("périmètre"))
    powers = models.TextField(_("pouvoirs"), blank=True)
    limits = models.TextField(_("limites"), blank=True)
    spending_ceiling = models.DecimalField(
        _("plafond d’engagement"), max_digits=14, decimal_places=2, null=True, blank=True
    )
    competences = models.TextField(_("compétences"), blank=True)
    availability_minutes_per_week = models.PositiveIntegerField(
        _("disponibilité (minutes par semaine)"), null=True, blank=True
    )
    # What the activity asks for, to compare with the availability; null when nobody estimated it.
    load_minutes_per_week = models.PositiveIntegerField(_("charge (minutes par semaine)"), null=True, blank=True)
    since = models.DateField(_("depuis le"))
    until = models.DateField(_("jusqu’au"), null=True, blank=True)
    state = models.CharField(_("état"), max_length=10, choices=MandateState, default=MandateState.PROPOSED)
    accepted_at = models.DateTimeField(_("accepté le"), null=True, blank=True)
    suspended_on = models.DateField(_("suspendu le"), null=True, blank=True)
    suspended_reason = models.TextField(_("motif de la suspension"), blank=True)
    ended_on = models.DateField(_("terminé le"), null=True, blank=True)
    ended_reason = models.TextField(_("motif de la fin"), blank=True)

    objects = MandateQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("mandat")
        verbose_name_plural = _("mandats")
        ordering = ["since", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="milestones_mandate_ends_after_it_starts",
                violation_error_message=_("Un mandat ne finit pas avant de commencer."),
            ),
            models.CheckConstraint(
                condition=Q(spending_ceiling__isnull=True) | Q(spending_ceiling__gte=0),
                name="milestones_mandate_ceiling_not_negative",
                violation_error_message=_("Le plafond ne peut pas être négatif."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["accepted", "suspended"]) | Q(accepted_at__isnull=False),
                name="milestones_mandate_accepted_by_its_pilot",
            ),
            models.CheckConstraint(
                condition=~Q(state="suspended") | Q(suspended_on__isnull=False),
                name="milestones_mandate_suspended_has_a_date",
            ),
            models.CheckConstraint(
                condition=Q(state="ended", ended_on__isnull=False) & ~Q(ended_reason="")
                | ~Q(state="ended") & Q(ended_on__isnull=True, ended_reason=""),
                name="milestones_mandate_ended_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} → {self.activity_id}"

    def covers(self, day: dt.date) -> bool:
        """Python twin of `in_force`: whether the mandate counts on this day."""
        return self.state == MandateState.ACCEPTED and self.since <= day and (self.until is None or day <= self.until)
