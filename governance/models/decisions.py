"""Decisions that the gate holds back while something that must come first is missing (docs/adr/0005)."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coopproject.text import folded_column
from governance.enums import Confidentiality, DecisionState, ImpactFlag
from governance.models.identity import Person
from governance.models.organisations import Organisation
from governance.models.tenancy import TenantModel


@pghistory.track(exclude=["search_title"])
class Decision(TenantModel):
    """An expression of will that binds member organisations (domain.md 1.2 C07).

    `concerned` are the employers that it affects: each gets a requirement of its own. The facts on which `take`
    rested are copied into `requirements_at_taking`, because what was met that day must be readable for ever.
    """

    confidentiality_lookup = "confidentiality"

    title = models.CharField(_("intitulé"), max_length=200)
    description = models.TextField(_("exposé"), blank=True)
    impact_flags = ArrayField(
        models.CharField(max_length=40, choices=ImpactFlag), default=list, blank=True, verbose_name=_("effets")
    )
    # Why a decision without any impact flag needs no consultation: a human says so, the system never guesses.
    no_impact_reason = models.TextField(_("pourquoi aucune consultation"), blank=True)
    concerned = models.ManyToManyField(
        Organisation, related_name="decisions", blank=True, verbose_name=_("employeurs concernés")
    )
    planned_on = models.DateField(_("prévue le"), null=True, blank=True)
    state = models.CharField(_("état"), max_length=12, choices=DecisionState, default=DecisionState.DRAFT)
    submitted_on = models.DateField(_("soumise le"), null=True, blank=True)
    taken_on = models.DateField(_("prise le"), null=True, blank=True)
    taken_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("enregistrée par")
    )
    outcome = models.TextField(_("relevé de décision"), blank=True)
    requirements_at_taking = models.JSONField(_("conditions constatées"), null=True, blank=True)
    withdrawn_reason = models.TextField(_("motif du retrait"), blank=True)
    confidentiality = models.CharField(
        _("confidentialité"), max_length=12, choices=Confidentiality, default=Confidentiality.ACTIVE
    )
    search_title = folded_column("title")

    class Meta:
        verbose_name = _("décision")
        verbose_name_plural = _("décisions")
        ordering = ["-created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="taken", taken_on__isnull=False, requirements_at_taking__isnull=False)
                | (~Q(state="taken") & Q(taken_on__isnull=True)),
                name="governance_decision_taken_with_its_facts",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | Q(state="withdrawn") | Q(submitted_on__isnull=False),
                name="governance_decision_submitted_before_taken",
            ),
            # Nobody at all could know of it: `restricted` names one organisation, a decision concerns several.
            models.CheckConstraint(
                condition=~Q(confidentiality="restricted"),
                name="governance_decision_is_not_of_one_organisation",
                violation_error_message=_("Une décision commune ne peut pas être réservée à une seule organisation."),
            ),
        ]

    def __str__(self) -> str:
        return self.title
