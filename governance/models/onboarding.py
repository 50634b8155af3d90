"""The steps by which a member enters a circle, and what each member has done of them."""

from typing import Any, ClassVar

import pghistory
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from governance.enums import CircleKind
from governance.models.cooperations import Membership
from governance.models.identity import Person
from governance.models.tenancy import TenantModel, TenantQuerySet


class OnboardingStepQuerySet(TenantQuerySet):
    def asked(self) -> "OnboardingStepQuerySet":
        """The steps that are asked today: those not retired."""
        return self.filter(retired_on__isnull=True)


@pghistory.track()
class OnboardingStep(TenantModel):
    """One thing to do before entering a circle (« sas d’intégration » of the guide). Retired, never deleted."""

    circle = models.CharField(_("cercle"), max_length=10, choices=CircleKind)
    title = models.CharField(_("intitulé"), max_length=200)
    description = models.TextField(_("description"), max_length=5000, blank=True)
    position = models.PositiveSmallIntegerField(_("rang"), default=1, validators=[MinValueValidator(1)])
    # What is not required is advised: it holds nobody back.
    required = models.BooleanField(_("exigée"), default=True)
    retired_on = models.DateField(_("abandonnée le"), null=True, blank=True)
    retired_reason = models.TextField(_("motif de l’abandon"), blank=True)

    objects: ClassVar[Any] = OnboardingStepQuerySet.as_manager()

    class Meta:
        verbose_name = _("étape d’entrée")
        verbose_name_plural = _("étapes d’entrée")
        ordering = ["circle", "position", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(position__gte=1), name="governance_onboarding_step_position_from_one"),
            models.CheckConstraint(
                condition=Q(retired_on__isnull=True) ^ ~Q(retired_reason=""),
                name="governance_onboarding_step_retired_with_its_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class StepCompletionQuerySet(TenantQuerySet):
    def standing(self) -> "StepCompletionQuerySet":
        """What was done and not undone since."""
        return self.filter(undone_on__isnull=True)


@pghistory.track()
class StepCompletion(TenantModel):
    """One step done by one member, with what shows it. Undone with a reason, never deleted."""

    confidentiality_lookup: ClassVar[str | None] = "membership__confidentiality"
    own_organisation_lookup: ClassVar[str | None] = "membership__organisation"

    membership = models.ForeignKey(
        Membership, models.PROTECT, related_name="step_completions", verbose_name=_("adhésion")
    )
    step = models.ForeignKey(OnboardingStep, models.PROTECT, related_name="completions", verbose_name=_("étape"))
    completed_on = models.DateField(_("faite le"))
    recorded_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("constatée par")
    )
    evidence = models.TextField(_("ce qui le montre"), max_length=2000, blank=True)
    undone_on = models.DateField(_("annulée le"), null=True, blank=True)
    undone_reason = models.TextField(_("motif de l’annulation"), blank=True)

    objects: ClassVar[Any] = StepCompletionQuerySet.as_manager()

    class Meta:
        verbose_name = _("étape faite")
        verbose_name_plural = _("étapes faites")
        ordering = ["completed_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["membership", "step"],
                condition=Q(undone_on__isnull=True),
                name="governance_one_standing_completion_per_step",
                violation_error_message=_("Cette étape est déjà faite."),
            ),
            models.CheckConstraint(
                condition=Q(undone_on__isnull=True) ^ ~Q(undone_reason=""),
                name="governance_step_undone_with_its_reason",
            ),
            models.CheckConstraint(
                condition=Q(undone_on__isnull=True) | Q(undone_on__gte=F("completed_on")),
                name="governance_step_undone_after_it_was_done",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.membership_id} {self.step_id}"
