"""Hypotheses of structure (seeds S0, S1: « hypothèses 1 à 3 », group schemes), compared before anybody votes."""

from typing import Any, ClassVar

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coopproject.text import folded_column
from governance.enums import Confidentiality, ImpactFlag
from governance.enums_path import GroupScheme, ScenarioState
from governance.models.organisations import Organisation
from governance.models.tenancy import TenantModel


def sentence(label: Any) -> Any:
    """A text of some pages at most, that may be left empty."""
    return models.TextField(label, max_length=10_000, blank=True)


@pghistory.track(exclude=["search_title"])
class StructureScenario(TenantModel):
    """One way of being organised: who, in which form, at what cost, with what consequences.

    `forms`: codes of `legal-forms` (a group is often of several). `facts`: what the checks of a form need besides what
    members are (`governance.rules.legal_forms.told`). `features`: of a GES -> yes, partly, no. Amounts in the currency
    of the cooperation.
    """

    confidentiality_lookup: ClassVar[str | None] = "confidentiality"

    title = models.CharField(_("intitulé"), max_length=200)
    forms = ArrayField(
        models.CharField(max_length=30), default=list, blank=True, size=10, verbose_name=_("formes juridiques")
    )
    scheme = models.CharField(_("schéma de groupe"), max_length=30, choices=GroupScheme, blank=True)
    members = models.ManyToManyField(
        Organisation, related_name="+", blank=True, verbose_name=_("membres qui prendraient part")
    )
    facts = models.JSONField(_("faits utiles au contrôle de la forme"), default=dict, blank=True)
    features = models.JSONField(_("caractéristiques d’un GES"), default=dict, blank=True)
    pooled = sentence(_("ce qui est mis en commun"))
    governance = sentence(_("gouvernance"))
    cost_once = models.DecimalField(_("coût de mise en place"), max_digits=14, decimal_places=2, null=True, blank=True)
    cost_yearly = models.DecimalField(_("coût annuel"), max_digits=14, decimal_places=2, null=True, blank=True)
    impact_flags = ArrayField(
        models.CharField(max_length=40, choices=ImpactFlag),
        default=list,
        blank=True,
        verbose_name=_("effets pour le personnel"),
    )
    staff = sentence(_("ce que devient le personnel"))
    advantages = sentence(_("avantages"))
    drawbacks = sentence(_("inconvénients"))
    risks = sentence(_("risques"))
    reversibility = sentence(_("réversibilité"))
    state = models.CharField(_("état"), max_length=12, choices=ScenarioState, default=ScenarioState.DRAFT)
    proposed_on = models.DateField(_("proposée le"), null=True, blank=True)
    decided_on = models.DateField(_("retenue ou écartée le"), null=True, blank=True)
    state_reason = models.TextField(_("motif"), max_length=5000, blank=True)
    confidentiality = models.CharField(
        _("confidentialité"), max_length=12, choices=Confidentiality, default=Confidentiality.ACTIVE
    )
    search_title = folded_column("title")

    class Meta:
        verbose_name = _("hypothèse de structure")
        verbose_name_plural = _("hypothèses de structure")
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(cost_once__isnull=True) | Q(cost_once__gte=0))
                & (Q(cost_yearly__isnull=True) | Q(cost_yearly__gte=0)),
                name="governance_scenario_costs_not_negative",
                violation_error_message=_("Un coût n’est pas négatif."),
            ),
            models.CheckConstraint(
                condition=Q(state="draft", proposed_on__isnull=True)
                | Q(state__in=["proposed", "kept"], proposed_on__isnull=False)
                | Q(state="set_aside"),
                name="governance_scenario_proposed_on_a_day",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "proposed"], decided_on__isnull=True, state_reason="")
                | (Q(state__in=["kept", "set_aside"], decided_on__isnull=False) & ~Q(state_reason="")),
                name="governance_scenario_decided_with_its_reason",
            ),
            # Nobody at all could know of it: `restricted` names one organisation.
            models.CheckConstraint(
                condition=~Q(confidentiality="restricted"),
                name="governance_scenario_is_not_of_one_organisation",
                violation_error_message=_("Une hypothèse commune ne peut pas être réservée à une seule organisation."),
            ),
        ]

    def __str__(self) -> str:
        return self.title
