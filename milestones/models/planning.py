"""Milestones, what they wait for, and the dedicated budget."""

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from coopproject.text import folded_column
from governance.models import Person, TenantModel
from milestones.enums import EntryKind, MilestoneState
from milestones.models.activities import Activity, Mandate


@pghistory.track(exclude=["search_title"])
class Milestone(TenantModel):
    """A dated step of an activity. `baseline_due_on` is the date first promised: no rescheduling changes it."""

    confidentiality_lookup = "activity__confidentiality"

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="milestones", verbose_name=_("activité"))
    title = models.CharField(_("intitulé"), max_length=200)
    description = models.TextField(_("description"), blank=True)
    deliverable = models.TextField(_("livrable"), blank=True)
    due_on = models.DateField(_("échéance"))
    baseline_due_on = models.DateField(_("échéance initiale"))
    state = models.CharField(_("état"), max_length=10, choices=MilestoneState, default=MilestoneState.PLANNED)
    started_on = models.DateField(_("commencé le"), null=True, blank=True)
    completed_on = models.DateField(_("atteint le"), null=True, blank=True)
    completion_note = models.TextField(_("constat"), blank=True)
    cancelled_on = models.DateField(_("abandonné le"), null=True, blank=True)
    cancelled_reason = models.TextField(_("motif de l’abandon"), blank=True)
    depends_on: "models.ManyToManyField[Milestone, MilestoneDependency]" = models.ManyToManyField(
        "self",
        through="milestones.MilestoneDependency",
        symmetrical=False,
        related_name="dependants",
        blank=True,
        verbose_name=_("dépend de"),
    )
    search_title = folded_column("title")

    class Meta:
        verbose_name = _("jalon")
        verbose_name_plural = _("jalons")
        ordering = ["due_on", "pk"]
        indexes = [models.Index(fields=["cooperation", "state", "due_on"], name="milestones_milestone_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="completed", completed_on__isnull=False)
                | ~Q(state="completed") & Q(completed_on__isnull=True),
                name="milestones_milestone_completed_has_its_date",
            ),
            models.CheckConstraint(
                condition=~Q(state="planned") & ~Q(state="started")
                | Q(state="planned", started_on__isnull=True)
                | Q(state="started", started_on__isnull=False),
                name="milestones_milestone_started_has_its_date",
            ),
            models.CheckConstraint(
                condition=Q(completed_on__isnull=True)
                | Q(started_on__isnull=True)
                | Q(completed_on__gte=F("started_on")),
                name="milestones_milestone_completed_after_it_started",
                violation_error_message=_("Un jalon ne peut pas être atteint avant d’avoir commencé."),
            ),
            models.CheckConstraint(
                condition=Q(state="cancelled", cancelled_on__isnull=False) & ~Q(cancelled_reason="")
                | ~Q(state="cancelled") & Q(cancelled_on__isnull=True, cancelled_reason=""),
                name="milestones_milestone_cancelled_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class MilestoneDependency(models.Model):
    """`milestone` cannot be completed before `awaits`. Cycles are refused by the service, under the activity's lock."""

    milestone = models.ForeignKey(Milestone, models.CASCADE, related_name="dependencies", verbose_name=_("jalon"))
    awaits = models.ForeignKey(Milestone, models.CASCADE, related_name="awaited_by", verbose_name=_("attend"))

    class Meta:
        verbose_name = _("dépendance entre jalons")
        verbose_name_plural = _("dépendances entre jalons")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(fields=["milestone", "awaits"], name="milestones_one_dependency_per_pair"),
            models.CheckConstraint(
                condition=~Q(milestone=F("awaits")), name="milestones_milestone_never_awaits_itself"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.milestone_id} ← {self.awaits_id}"


@pghistory.track()
class BudgetLine(TenantModel):
    """An amount planned for an activity, for one of its milestones when it is named. In the cooperation's currency."""

    confidentiality_lookup = "activity__confidentiality"

    activity = models.ForeignKey(Activity, models.PROTECT, related_name="budget_lines", verbose_name=_("activité"))
    milestone = models.ForeignKey(
        Milestone, models.PROTECT, null=True, blank=True, related_name="budget_lines", verbose_name=_("jalon")
    )
    label = models.CharField(_("libellé"), max_length=200)
    planned = models.DecimalField(_("montant prévu"), max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("ligne de budget")
        verbose_name_plural = _("lignes de budget")
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(planned__gte=0),
                name="milestones_budget_line_not_negative",
                violation_error_message=_("Le montant prévu ne peut pas être négatif."),
            ),
        ]

    def __str__(self) -> str:
        return self.label


@pghistory.track()
class BudgetEntry(TenantModel):
    """An amount committed or spent. Append-only (trigger, migration 0002): an entry of opposite sign corrects it."""

    confidentiality_lookup = "line__activity__confidentiality"

    line = models.ForeignKey(BudgetLine, models.PROTECT, related_name="entries", verbose_name=_("ligne"))
    kind = models.CharField(_("nature"), max_length=12, choices=EntryKind)
    amount = models.DecimalField(_("montant"), max_digits=14, decimal_places=2)
    dated_on = models.DateField(_("date"))
    reference = models.CharField(_("référence"), max_length=200, blank=True)
    entered_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("inscrit par")
    )
    # The mandate whose ceiling it counts against; null when the coordination wrote it.
    mandate = models.ForeignKey(
        Mandate, models.PROTECT, null=True, blank=True, related_name="entries", verbose_name=_("au titre du mandat")
    )

    class Meta:
        verbose_name = _("écriture de budget")
        verbose_name_plural = _("écritures de budget")
        ordering = ["dated_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(amount=0),
                name="milestones_budget_entry_not_zero",
                violation_error_message=_("Une écriture a un montant, positif ou négatif."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.amount}"
