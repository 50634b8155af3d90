"""Expected versus actual, what people read in each gap, and what they do about it."""

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from charters.models import Motivation
from coopproject.text import folded_column
from governance.enums import Confidentiality
from governance.models import Person, TenantModel
from milestones.enums import ActionState, EvaluationState, GapStatus, GapSubject, ReadingDecision
from milestones.models.indicators import Indicator, Measurement
from milestones.models.planning import BudgetLine, Milestone


@pghistory.track(exclude=["search_title"])
class Evaluation(TenantModel):
    """A meeting of the continuous evaluation. Opening it freezes the gaps of that day."""

    confidentiality_lookup = "confidentiality"

    title = models.CharField(_("intitulé"), max_length=200)
    held_on = models.DateField(_("date de la séance"))
    period_start = models.DateField(_("début de la période"))
    period_end = models.DateField(_("fin de la période"))
    state = models.CharField(_("état"), max_length=10, choices=EvaluationState, default=EvaluationState.PLANNED)
    opened_on = models.DateField(_("ouverte le"), null=True, blank=True)
    closed_on = models.DateField(_("close le"), null=True, blank=True)
    conclusions = models.TextField(_("conclusions"), blank=True)
    # The thresholds in force when it was opened: an act freezes the rule that it used.
    thresholds = models.JSONField(_("seuils employés"), null=True, blank=True, editable=False)
    confidentiality = models.CharField(
        _("confidentialité"), max_length=12, choices=Confidentiality, default=Confidentiality.ACTIVE
    )
    search_title = folded_column("title")

    class Meta:
        verbose_name = _("évaluation")
        verbose_name_plural = _("évaluations")
        ordering = ["-held_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(period_end__gte=F("period_start")),
                name="milestones_evaluation_period_in_order",
                violation_error_message=_("La période finit avant de commencer."),
            ),
            models.CheckConstraint(
                condition=Q(state="planned", opened_on__isnull=True, closed_on__isnull=True)
                | Q(state="open", opened_on__isnull=False, closed_on__isnull=True)
                | Q(state="closed", opened_on__isnull=False, closed_on__isnull=False),
                name="milestones_evaluation_state_has_its_dates",
            ),
            models.CheckConstraint(
                condition=~Q(confidentiality="restricted"),
                name="milestones_evaluation_is_not_of_one_organisation",
                violation_error_message=_("Une évaluation ne peut pas être réservée à une seule organisation."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


_SUBJECTS = {"indicator": "indicator", "milestone": "milestone", "budget": "budget_line", "motivation": "motivation"}


_PARTS_OF_A_GAP = (
    "evaluation__confidentiality",
    "indicator__confidentiality",
    "milestone__activity__confidentiality",
    "budget_line__activity__confidentiality",
    "motivation__charter__confidentiality",
)


def _one_subject() -> Q:
    """The reference that the subject names is there, and no other."""
    condition = Q()
    for subject, reference in _SUBJECTS.items():
        empty = {f"{name}__isnull": name != reference for name in _SUBJECTS.values()}
        condition |= Q(subject=subject, **empty)
    return condition


@pghistory.track()
class EvaluationGap(TenantModel):
    """Expected against actual for one subject, on the day the evaluation was opened, and its recorded reading.

    `expected`, `actual`, `gap` and `rate` are exact to the sixth decimal; `facts` keeps the exact fractions and what
    they were computed from. Units: those of the indicator, the currency for a budget, days late for a milestone
    (`gap`), points of the 1–5 scale for a motivation. `confidentiality` is the highest of the evaluation's and the
    subject's.
    """

    confidentiality_lookup = "confidentiality"
    part_lookups = _PARTS_OF_A_GAP

    evaluation = models.ForeignKey(Evaluation, models.PROTECT, related_name="gaps", verbose_name=_("évaluation"))
    position = models.PositiveIntegerField(_("rang"))
    subject = models.CharField(_("sujet"), max_length=12, choices=GapSubject)
    indicator = models.ForeignKey(
        Indicator, models.PROTECT, null=True, blank=True, related_name="gaps", verbose_name=_("indicateur")
    )
    milestone = models.ForeignKey(
        Milestone, models.PROTECT, null=True, blank=True, related_name="gaps", verbose_name=_("jalon")
    )
    budget_line = models.ForeignKey(
        BudgetLine, models.PROTECT, null=True, blank=True, related_name="gaps", verbose_name=_("ligne de budget")
    )
    motivation = models.ForeignKey(
        Motivation, models.PROTECT, null=True, blank=True, related_name="gaps", verbose_name=_("motivation")
    )
    measurement = models.ForeignKey(
        Measurement, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("mesure employée")
    )
    label = models.CharField(_("libellé"), max_length=200)
    expected = models.DecimalField(_("attendu"), max_digits=24, decimal_places=6, null=True, blank=True)
    actual = models.DecimalField(_("constaté"), max_digits=24, decimal_places=6, null=True, blank=True)
    gap = models.DecimalField(_("écart"), max_digits=24, decimal_places=6, null=True, blank=True)
    rate = models.DecimalField(_("taux de réalisation"), max_digits=24, decimal_places=6, null=True, blank=True)
    expected_on = models.DateField(_("attendu le"), null=True, blank=True)
    actual_on = models.DateField(_("constaté le"), null=True, blank=True)
    status = models.CharField(_("statut"), max_length=15, choices=GapStatus)
    exceeded = models.BooleanField(_("dépassé"), default=False)
    facts = models.JSONField(_("calcul"), default=dict, blank=True)
    confidentiality = models.CharField(_("confidentialité"), max_length=12, choices=Confidentiality)

    # The reading
    cause = models.TextField(_("cause"), blank=True)
    decision = models.CharField(_("décision"), max_length=10, choices=ReadingDecision, blank=True)
    owner = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("responsable")
    )
    due_on = models.DateField(_("échéance"), null=True, blank=True)
    read_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("lu par")
    )
    read_on = models.DateField(_("lu le"), null=True, blank=True)

    class Meta:
        verbose_name = _("écart constaté")
        verbose_name_plural = _("écarts constatés")
        ordering = ["evaluation", "position"]
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "position"], name="milestones_one_gap_per_position"),
            models.CheckConstraint(
                condition=Q(cause="", decision="", owner__isnull=True, due_on__isnull=True, read_on__isnull=True)
                | ~Q(cause="") & ~Q(decision="") & Q(owner__isnull=False, due_on__isnull=False, read_on__isnull=False),
                name="milestones_gap_reading_is_whole",
            ),
            models.CheckConstraint(
                condition=_one_subject(),
                name="milestones_gap_is_about_one_subject",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label}: {self.status}"


@pghistory.track(exclude=["search_title"])
class CorrectiveAction(TenantModel):
    """What is done about a gap. Its confidentiality is that of the gap, kept by the service; else its own."""

    confidentiality_lookup = "confidentiality"
    part_lookups = ("gap__confidentiality", *(f"gap__{part}" for part in _PARTS_OF_A_GAP))

    gap = models.ForeignKey(
        EvaluationGap, models.PROTECT, null=True, blank=True, related_name="corrective_actions", verbose_name=_("écart")
    )
    title = models.CharField(_("intitulé"), max_length=200)
    owner = models.ForeignKey(Person, models.PROTECT, related_name="corrective_actions", verbose_name=_("responsable"))
    due_on = models.DateField(_("échéance"))
    state = models.CharField(_("état"), max_length=10, choices=ActionState, default=ActionState.OPEN)
    action_taken = models.TextField(_("action menée"), blank=True)
    completed_on = models.DateField(_("faite le"), null=True, blank=True)
    verified_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("vérifiée par")
    )
    verified_on = models.DateField(_("vérifiée le"), null=True, blank=True)
    adequate = models.BooleanField(_("adéquate"), null=True, blank=True)
    verification_comment = models.TextField(_("commentaire de vérification"), blank=True)
    confidentiality = models.CharField(
        _("confidentialité"), max_length=12, choices=Confidentiality, default=Confidentiality.ACTIVE
    )
    search_title = folded_column("title")

    class Meta:
        verbose_name = _("action corrective")
        verbose_name_plural = _("actions correctives")
        ordering = ["due_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="open", completed_on__isnull=True)
                | ~Q(state="open") & Q(completed_on__isnull=False) & ~Q(action_taken=""),
                name="milestones_action_completed_says_what_was_done",
            ),
            models.CheckConstraint(
                condition=Q(
                    state="verified", verified_by__isnull=False, verified_on__isnull=False, adequate__isnull=False
                )
                | ~Q(state="verified") & Q(verified_by__isnull=True, verified_on__isnull=True, adequate__isnull=True),
                name="milestones_action_verified_says_by_whom",
            ),
            models.CheckConstraint(
                condition=Q(verified_by__isnull=True) | ~Q(verified_by=F("owner")),
                name="milestones_action_verified_by_someone_else",
                violation_error_message=_("Nul ne vérifie sa propre action."),
            ),
            models.CheckConstraint(
                condition=~Q(confidentiality="restricted"),
                name="milestones_action_is_not_of_one_organisation",
                violation_error_message=_("Une action corrective ne peut pas être réservée à une seule organisation."),
            ),
        ]

    def __str__(self) -> str:
        return self.title
