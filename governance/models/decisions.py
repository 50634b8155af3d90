"""Decisions that the gate holds back while something that must come first is missing (docs/adr/0005)."""

import datetime as dt

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from coopproject.text import folded_column
from governance.enums import Confidentiality, DecidedBy, DecisionState, ImpactFlag
from governance.models.delegations import Delegation
from governance.models.fields import money, subject_code
from governance.models.files import StoredFile
from governance.models.identity import Person
from governance.models.organisations import Organisation
from governance.models.tenancy import TenantModel


def in_force(day: dt.date) -> Q:
    """Decisions taken by that day, and neither superseded nor abandoned by then."""
    ended = Q(out_of_force_on__isnull=False, out_of_force_on__lte=day)
    return Q(state=DecisionState.TAKEN, taken_on__lte=day) & ~ended


@pghistory.track(exclude=["search_title"])
class Decision(TenantModel):
    """An expression of will that binds member organisations (domain.md 1.2 C07).

    `concerned` are the employers that it affects: each gets a requirement of its own. The facts on which `take`
    rested are copied into `requirements_at_taking`, because what was met that day must be readable for ever.

    `decided_by` empty: decided elsewhere and only recorded here. With it, `take` also asks for the votes of the boards
    or of the assembly, or for a delegation (docs/adr/0024). `amount` is what it commits, in the currency of the
    cooperation. `rejected`: what was taken is a refusal. In force from `taken_on` to the day before `out_of_force_on`.
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
    subject = subject_code(_("matière"), blank=True)
    decided_by = models.CharField(_("décidée par"), max_length=12, choices=DecidedBy, blank=True)
    amount = money(_("montant engagé"), null=True, blank=True)
    supersedes = models.ManyToManyField(
        "self", symmetrical=False, related_name="+", blank=True, verbose_name=_("décisions qu’elle remplace")
    )
    state = models.CharField(_("état"), max_length=12, choices=DecisionState, default=DecisionState.DRAFT)
    submitted_on = models.DateField(_("soumise le"), null=True, blank=True)
    taken_on = models.DateField(_("prise le"), null=True, blank=True)
    taken_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("enregistrée par")
    )
    outcome = models.TextField(_("relevé de décision"), blank=True)
    rejected = models.BooleanField(_("rejetée"), default=False)
    chosen_option = models.ForeignKey(
        "governance.DecisionOption",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("option retenue"),
    )
    delegation = models.ForeignKey(
        Delegation, models.PROTECT, null=True, blank=True, related_name="decisions", verbose_name=_("par délégation")
    )
    minutes_reference = models.CharField(_("référence du procès-verbal"), max_length=200, blank=True)
    minutes_file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="decisions", verbose_name=_("procès-verbal")
    )
    expected_outcome = models.TextField(_("effet attendu"), max_length=20000, blank=True)
    review_on = models.DateField(_("prochaine revue"), null=True, blank=True)
    superseded_by = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced", verbose_name=_("remplacée par")
    )
    out_of_force_on = models.DateField(_("plus en vigueur depuis le"), null=True, blank=True)
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
            models.CheckConstraint(
                condition=Q(amount__isnull=True) | Q(amount__gte=0),
                name="governance_decision_amount_not_negative",
                violation_error_message=_("Un montant engagé n’est pas négatif."),
            ),
            # A ceiling can be compared with an amount only.
            models.CheckConstraint(
                condition=~Q(decided_by="coordination") | Q(state__in=["draft", "withdrawn"]) | Q(amount__isnull=False),
                name="governance_decision_of_coordination_says_its_amount",
            ),
            models.CheckConstraint(
                condition=Q(state="taken")
                | Q(
                    rejected=False,
                    chosen_option__isnull=True,
                    delegation__isnull=True,
                    minutes_reference="",
                    expected_outcome="",
                ),
                name="governance_decision_chosen_by_taking",
            ),
            models.CheckConstraint(
                condition=Q(rejected=False) | Q(chosen_option__isnull=True),
                name="governance_decision_rejected_chooses_nothing",
            ),
            models.CheckConstraint(
                condition=Q(review_on__isnull=True)
                | Q(state="taken", review_on__gt=F("taken_on"), out_of_force_on__isnull=True),
                name="governance_decision_reviewed_while_in_force",
            ),
            models.CheckConstraint(
                condition=Q(out_of_force_on__isnull=True) | Q(state="taken", out_of_force_on__gte=F("taken_on")),
                name="governance_decision_out_of_force_after_taken",
            ),
            models.CheckConstraint(
                condition=Q(superseded_by__isnull=True)
                | (Q(out_of_force_on__isnull=False) & ~Q(superseded_by=F("pk"))),
                name="governance_decision_superseded_from_a_day",
            ),
        ]

    def __str__(self) -> str:
        return self.title
