"""Indicators, their dated targets, and measurements that someone else validates."""

import datetime as dt
from typing import Self

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from charters.models import ExpectedEffect
from coopproject.text import folded_column
from governance.enums import Confidentiality
from governance.models import Person, TenantModel, TenantQuerySet
from milestones.enums import (
    Frequency,
    IndicatorDirection,
    IndicatorLevel,
    IndicatorNature,
    IndicatorShape,
    IndicatorUnit,
    MeasurementState,
)
from milestones.models.activities import Activity
from milestones.models.planning import Milestone


@pghistory.track(exclude=["search_label"])
class Indicator(TenantModel):
    """What shows whether an expected effect is obtained (domain.md 5.3).

    `confidentiality` is that of its activity, kept equal by the services; its own when it belongs to no activity.
    Qualitative values are on the ordinal scale 1 to 5 and are never averaged with quantities.
    """

    confidentiality_lookup = "confidentiality"

    activity = models.ForeignKey(
        Activity, models.PROTECT, null=True, blank=True, related_name="indicators", verbose_name=_("activité")
    )
    milestone = models.ForeignKey(
        Milestone, models.PROTECT, null=True, blank=True, related_name="indicators", verbose_name=_("jalon")
    )
    effect = models.ForeignKey(
        ExpectedEffect,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="indicators",
        verbose_name=_("effet attendu"),
    )
    code = models.CharField(_("code"), max_length=30)
    label = models.CharField(_("libellé"), max_length=200)
    level = models.CharField(_("niveau"), max_length=10, choices=IndicatorLevel, default=IndicatorLevel.OUTPUT)
    nature = models.CharField(_("nature"), max_length=12, choices=IndicatorNature, default=IndicatorNature.QUANTITATIVE)
    unit = models.CharField(_("unité"), max_length=10, choices=IndicatorUnit, default=IndicatorUnit.COUNT)
    direction = models.CharField(_("sens"), max_length=10, choices=IndicatorDirection, default=IndicatorDirection.UP)
    shape = models.CharField(_("trajectoire"), max_length=10, choices=IndicatorShape, default=IndicatorShape.LINEAR)
    baseline_value = models.DecimalField(_("valeur de départ"), max_digits=18, decimal_places=4, null=True, blank=True)
    baseline_on = models.DateField(_("date de départ"), null=True, blank=True)
    tolerance = models.DecimalField(_("tolérance"), max_digits=18, decimal_places=4, null=True, blank=True)
    low = models.DecimalField(_("borne basse"), max_digits=18, decimal_places=4, null=True, blank=True)
    high = models.DecimalField(_("borne haute"), max_digits=18, decimal_places=4, null=True, blank=True)
    frequency = models.CharField(_("fréquence"), max_length=12, choices=Frequency, default=Frequency.YEARLY)
    source = models.CharField(_("source"), max_length=200, blank=True)
    method = models.TextField(_("méthode"), blank=True)
    key = models.BooleanField(_("indicateur clé"), default=False)
    retired_on = models.DateField(_("abandonné le"), null=True, blank=True)
    confidentiality = models.CharField(
        _("confidentialité"), max_length=12, choices=Confidentiality, default=Confidentiality.ACTIVE
    )
    search_label = folded_column("code", "label")

    class Meta:
        verbose_name = _("indicateur")
        verbose_name_plural = _("indicateurs")
        ordering = ["search_label", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cooperation", "code"],
                name="milestones_one_indicator_per_code",
                violation_error_message=_("Un indicateur porte déjà ce code."),
            ),
            models.CheckConstraint(
                condition=Q(baseline_value__isnull=True, baseline_on__isnull=True)
                | Q(baseline_value__isnull=False, baseline_on__isnull=False),
                name="milestones_indicator_baseline_is_dated",
                violation_error_message=_("La valeur de départ et sa date vont ensemble."),
            ),
            models.CheckConstraint(
                condition=Q(tolerance__isnull=True) | Q(tolerance__gte=0),
                name="milestones_indicator_tolerance_not_negative",
                violation_error_message=_("La tolérance ne peut pas être négative."),
            ),
            models.CheckConstraint(
                condition=Q(direction="range") & (Q(low__isnull=False) | Q(high__isnull=False))
                | ~Q(direction="range") & Q(low__isnull=True, high__isnull=True),
                name="milestones_indicator_range_has_a_bound",
                violation_error_message=_("Un intervalle a au moins une borne ; les autres sens n’en ont pas."),
            ),
            models.CheckConstraint(
                condition=Q(low__isnull=True) | Q(high__isnull=True) | Q(high__gte=F("low")),
                name="milestones_indicator_bounds_in_order",
                violation_error_message=_("La borne basse dépasse la borne haute."),
            ),
            models.CheckConstraint(
                condition=Q(nature="quantitative", unit__in=["count", "eur_cents", "percent", "hours"])
                | Q(nature="qualitative", unit__in=["score", "text"]),
                name="milestones_indicator_unit_of_its_nature",
                violation_error_message=_("L’unité ne convient pas à la nature de l’indicateur."),
            ),
            models.CheckConstraint(
                condition=~Q(confidentiality="restricted"),
                name="milestones_indicator_is_not_of_one_organisation",
                violation_error_message=_("Un indicateur ne peut pas être réservé à une seule organisation."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.label}"


@pghistory.track()
class IndicatorTarget(TenantModel):
    """The value expected on a day."""

    confidentiality_lookup = "indicator__confidentiality"

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="targets", verbose_name=_("indicateur"))
    due_on = models.DateField(_("date de la cible"))
    value = models.DecimalField(_("valeur cible"), max_digits=18, decimal_places=4)

    class Meta:
        verbose_name = _("cible")
        verbose_name_plural = _("cibles")
        ordering = ["due_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["indicator", "due_on"],
                name="milestones_one_target_per_day",
                violation_error_message=_("Cet indicateur a déjà une cible à cette date."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.value} ({self.due_on})"


class MeasurementQuerySet(TenantQuerySet):
    def effective(self, *, before: dt.datetime | None = None) -> Self:
        """Validated, and not replaced by a validated correction: the only values that the figures may use.

        `before`: as they were known just before an instant. What is validated stays so, hence the instant suffices.
        """
        known = Q(state=MeasurementState.VALIDATED)
        if before is not None:
            known &= Q(validated_at__lt=before)
        replaced = self.model.objects.filter(known, corrects__isnull=False)
        return self.filter(known).exclude(pk__in=replaced.values("corrects"))


@pghistory.track()
class Measurement(TenantModel):
    """One value of an indicator over a period. Once validated it cannot change (trigger, migration 0002): a
    correction is another measurement that names it in `corrects`."""

    confidentiality_lookup = "indicator__confidentiality"

    indicator = models.ForeignKey(Indicator, models.PROTECT, related_name="measurements", verbose_name=_("indicateur"))
    period_start = models.DateField(_("début de la période"))
    period_end = models.DateField(_("fin de la période"))
    value = models.DecimalField(_("valeur"), max_digits=18, decimal_places=4, null=True, blank=True)
    text = models.TextField(_("valeur en mots"), blank=True)
    measured_on = models.DateField(_("mesuré le"))
    source_ref = models.CharField(_("pièce justificative"), max_length=200, blank=True)
    comment = models.TextField(_("commentaire"), blank=True)
    entered_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("saisie par"))
    state = models.CharField(_("état"), max_length=10, choices=MeasurementState, default=MeasurementState.DRAFT)
    submitted_at = models.DateTimeField(_("soumise le"), null=True, blank=True)
    validated_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("validée par")
    )
    validated_at = models.DateTimeField(_("validée le"), null=True, blank=True)
    return_reason = models.TextField(_("motif du renvoi"), blank=True)
    corrects = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="corrections", verbose_name=_("corrige")
    )

    objects = MeasurementQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("mesure")
        verbose_name_plural = _("mesures")
        ordering = ["period_end", "pk"]
        indexes = [models.Index(fields=["indicator", "state", "period_end"], name="milestones_measurement_last")]
        constraints = [
            models.CheckConstraint(
                condition=Q(period_end__gte=F("period_start")),
                name="milestones_measurement_period_in_order",
                violation_error_message=_("La période finit avant de commencer."),
            ),
            models.CheckConstraint(
                condition=Q(value__isnull=False) | ~Q(text=""),
                name="milestones_measurement_has_a_value",
                violation_error_message=_("Une mesure a une valeur, en chiffres ou en mots."),
            ),
            models.CheckConstraint(
                condition=Q(validated_by__isnull=True) | ~Q(validated_by=F("entered_by")),
                name="milestones_measurement_validated_by_someone_else",
                violation_error_message=_("Nul ne valide sa propre mesure."),
            ),
            models.CheckConstraint(
                condition=Q(state="validated", validated_by__isnull=False, validated_at__isnull=False)
                | ~Q(state="validated") & Q(validated_by__isnull=True, validated_at__isnull=True),
                name="milestones_measurement_validated_says_by_whom",
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(return_reason=""), name="milestones_measurement_returned_says_why"
            ),
            models.UniqueConstraint(
                fields=["corrects"],
                name="milestones_one_correction_per_measurement",
                violation_error_message=_("Cette mesure a déjà une correction."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period_end}: {self.value if self.value is not None else self.text}"
