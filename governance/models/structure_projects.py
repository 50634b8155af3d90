"""The creation of a structure of its own (seed S2: « créer une structure ad hoc »), step by step."""

from typing import ClassVar

import pghistory
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coopproject.text import folded_column
from governance.enums import Confidentiality
from governance.enums_path import ProjectState, StepState
from governance.models.decisions import Decision
from governance.models.files import StoredFile
from governance.models.identity import Person
from governance.models.organisations import Organisation
from governance.models.scenarios import StructureScenario
from governance.models.tenancy import TenantModel


@pghistory.track(exclude=["search_title"])
class StructureProject(TenantModel):
    """The file of a future structure. Its form is fixed: another form is another file, with other steps.

    `facts`: what the checks of the form need besides what founders are (`governance.rules.legal_forms.told`).
    `decision`: the one that launches it; whom it must consult is said by its own requirements, not here.
    """

    confidentiality_lookup: ClassVar[str | None] = "confidentiality"

    title = models.CharField(_("nom"), max_length=200)
    form = models.CharField(_("forme juridique"), max_length=30)
    purpose = models.TextField(_("objet"), max_length=10_000, blank=True)
    founders = models.ManyToManyField(Organisation, related_name="+", blank=True, verbose_name=_("fondateurs"))
    facts = models.JSONField(_("faits utiles au contrôle de la forme"), default=dict, blank=True)
    scenario = models.ForeignKey(
        StructureScenario, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("hypothèse retenue")
    )
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("décision qui la lance")
    )
    state = models.CharField(_("état"), max_length=12, choices=ProjectState, default=ProjectState.DRAFT)
    planned_on = models.DateField(_("création prévue le"), null=True, blank=True)
    started_on = models.DateField(_("lancé le"), null=True, blank=True)
    created_on = models.DateField(_("structure créée le"), null=True, blank=True)
    registration_reference = models.CharField(_("SIREN, RNA ou référence"), max_length=100, blank=True)
    abandoned_on = models.DateField(_("abandonné le"), null=True, blank=True)
    abandoned_reason = models.TextField(_("motif de l’abandon"), max_length=5000, blank=True)
    confidentiality = models.CharField(
        _("confidentialité"), max_length=12, choices=Confidentiality, default=Confidentiality.ACTIVE
    )
    search_title = folded_column("title")

    class Meta:
        verbose_name = _("projet de structure")
        verbose_name_plural = _("projets de structure")
        ordering = ["created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft", started_on__isnull=True)
                | Q(state__in=["under_way", "created"], started_on__isnull=False)
                | Q(state="abandoned"),
                name="governance_project_started_on_a_day",
            ),
            models.CheckConstraint(
                condition=(Q(state="created", created_on__isnull=False) & ~Q(registration_reference=""))
                | (~Q(state="created") & Q(created_on__isnull=True, registration_reference="")),
                name="governance_project_created_with_its_reference",
            ),
            models.CheckConstraint(
                condition=(Q(state="abandoned", abandoned_on__isnull=False) & ~Q(abandoned_reason=""))
                | (~Q(state="abandoned") & Q(abandoned_on__isnull=True, abandoned_reason="")),
                name="governance_project_abandoned_with_its_reason",
            ),
            # Nobody at all could know of it: `restricted` names one organisation.
            models.CheckConstraint(
                condition=~Q(confidentiality="restricted"),
                name="governance_project_is_not_of_one_organisation",
                violation_error_message=_("Un projet commun ne peut pas être réservé à une seule organisation."),
            ),
        ]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class ProjectStep(TenantModel):
    """One step of the creation. `required`: the creation is not recorded while it is open."""

    confidentiality_lookup: ClassVar[str | None] = "project__confidentiality"

    project = models.ForeignKey(StructureProject, models.PROTECT, related_name="steps", verbose_name=_("projet"))
    position = models.PositiveSmallIntegerField(_("rang"), validators=[MinValueValidator(1)])
    # Of the template of the form; empty for a step of one's own.
    code = models.CharField(_("code"), max_length=40, blank=True)
    title = models.CharField(_("intitulé"), max_length=200)
    required = models.BooleanField(_("nécessaire à la création"), default=False)
    after = models.ManyToManyField(
        "self", symmetrical=False, related_name="followers", blank=True, verbose_name=_("étapes qui viennent avant")
    )
    state = models.CharField(_("état"), max_length=10, choices=StepState, default=StepState.OPEN)
    owner = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("responsable")
    )
    due_on = models.DateField(_("à faire pour le"), null=True, blank=True)
    done_on = models.DateField(_("faite le"), null=True, blank=True)
    evidence = models.CharField(_("preuve (référence)"), max_length=500, blank=True)
    file = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="project_steps",
        verbose_name=_("preuve (fichier)"),
    )
    skipped_reason = models.TextField(_("pourquoi elle est laissée de côté"), max_length=5000, blank=True)

    class Meta:
        verbose_name = _("étape de création")
        verbose_name_plural = _("étapes de création")
        ordering = ["project", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["project", "position"],
                name="governance_one_step_per_position",
                violation_error_message=_("Une étape porte déjà ce rang."),
            ),
            models.CheckConstraint(
                condition=Q(state="done", done_on__isnull=False)
                | (~Q(state="done") & Q(done_on__isnull=True, evidence="", file__isnull=True)),
                name="governance_step_done_on_a_day",
            ),
            models.CheckConstraint(
                condition=(Q(state="skipped") & ~Q(skipped_reason="")) | (~Q(state="skipped") & Q(skipped_reason="")),
                name="governance_step_skipped_with_its_reason",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_cleared(self) -> bool:
        """Done, or left aside with a reason."""
        return self.state != StepState.OPEN
