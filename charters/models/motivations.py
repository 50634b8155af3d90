"""Why each member cooperates, and what it expects: the thread kept from the first day to the evaluation."""

import datetime as dt
from typing import Self

import pghistory
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from charters.models.charters import Charter
from charters.rules.motivation_codes import choices
from coopproject.text import folded_column
from governance.models import Organisation, TenantModel, TenantQuerySet

_SCALE = [MinValueValidator(1), MaxValueValidator(5)]


def _retired_with_its_reason() -> Q:
    return Q(retired_on__isnull=True, retired_reason="") | Q(retired_on__isnull=False) & ~Q(retired_reason="")


class StandingQuerySet(TenantQuerySet):
    def standing(self, on: dt.date) -> Self:
        """Those that were not retired on that day."""
        return self.filter(Q(retired_on__isnull=True) | Q(retired_on__gt=on))


@pghistory.track(exclude=["search_label"])
class Motivation(TenantModel):
    """One reason to cooperate, of one organisation, or shared by all when it names none. Weight and level: 1 to 5.

    `matrix_code` places it among the reasons of the guide (`charters.rules.motivation_codes`); empty for a free one.
    Retired, it stays in the texts that were frozen with it and counts for nothing from that day on.
    """

    confidentiality_lookup = "charter__confidentiality"

    charter = models.ForeignKey(Charter, models.PROTECT, related_name="motivations", verbose_name=_("charte"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    code = models.SlugField(_("code"), max_length=40)
    matrix_code = models.CharField(_("motif du guide"), max_length=40, blank=True, choices=choices)
    label = models.CharField(_("motivation"), max_length=300)
    weight = models.PositiveSmallIntegerField(_("poids (1 à 5)"), default=3, validators=_SCALE)
    expected_level = models.PositiveSmallIntegerField(_("niveau attendu (1 à 5)"), default=4, validators=_SCALE)
    retired_on = models.DateField(_("abandonnée le"), null=True, blank=True)
    retired_reason = models.TextField(_("motif de l’abandon"), blank=True)
    search_label = folded_column("label")

    objects = StandingQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("motivation")
        verbose_name_plural = _("motivations")
        ordering = ["charter", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["charter", "code"],
                name="charters_one_motivation_per_code",
                violation_error_message=_("Ce code est déjà celui d’une motivation de cette charte."),
            ),
            models.CheckConstraint(
                condition=Q(weight__gte=1, weight__lte=5, expected_level__gte=1, expected_level__lte=5),
                name="charters_motivation_on_the_scale",
                violation_error_message=_("Le poids et le niveau vont de 1 à 5."),
            ),
            models.CheckConstraint(condition=_retired_with_its_reason(), name="charters_motivation_retired_says_why"),
        ]

    def __str__(self) -> str:
        return self.label


@pghistory.track()
class ExpectedEffect(TenantModel):
    """What will be seen when a motivation is satisfied, at which level (1 to 5) and by when. Indicators measure it."""

    confidentiality_lookup = "motivation__charter__confidentiality"

    motivation = models.ForeignKey(Motivation, models.PROTECT, related_name="effects", verbose_name=_("motivation"))
    label = models.CharField(_("effet attendu"), max_length=300)
    due_on = models.DateField(_("attendu pour le"), null=True, blank=True)
    expected_level = models.PositiveSmallIntegerField(_("niveau attendu (1 à 5)"), default=4, validators=_SCALE)
    retired_on = models.DateField(_("abandonné le"), null=True, blank=True)
    retired_reason = models.TextField(_("motif de l’abandon"), blank=True)

    objects = StandingQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("effet attendu")
        verbose_name_plural = _("effets attendus")
        ordering = ["motivation", "created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expected_level__gte=1, expected_level__lte=5),
                name="charters_effect_on_the_scale",
                violation_error_message=_("Le niveau va de 1 à 5."),
            ),
            models.CheckConstraint(condition=_retired_with_its_reason(), name="charters_effect_retired_says_why"),
        ]

    def __str__(self) -> str:
        return self.label
