"""Working groups on one theme: who sits in them, what they must produce, when they met (guide: « jouer collectif »)."""

from typing import Any, ClassVar

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from coopproject.text import folded_column
from governance.enums import Confidentiality, GroupCapacity
from governance.models.consultations import Consultation
from governance.models.cooperations import DatedTenantQuerySet
from governance.models.decisions import Decision
from governance.models.files import StoredFile
from governance.models.identity import Person
from governance.models.organisations import Organisation
from governance.models.tenancy import TenantModel


@pghistory.track(exclude=["search_theme"])
class WorkingGroup(TenantModel):
    """A group with a mandate and somebody who leads it. What it delivers is a text or a file.

    `organisation`: on whose behalf the lead acts, None for the coordination's own people.
    """

    confidentiality_lookup = "confidentiality"

    theme = models.CharField(_("thème"), max_length=200)
    mandate = models.TextField(_("ce que le groupe doit produire"), max_length=5000)
    output_due_on = models.DateField(_("production attendue le"), null=True, blank=True)
    lead = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("animé par"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("pour le compte de")
    )
    decision = models.ForeignKey(
        Decision, models.PROTECT, null=True, blank=True, related_name="working_groups", verbose_name=_("décision")
    )
    consultation = models.ForeignKey(
        Consultation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="working_groups",
        verbose_name=_("consultation"),
    )
    since = models.DateField(_("depuis le"))
    next_meeting_on = models.DateField(_("prochaine réunion"), null=True, blank=True)
    output_text = models.TextField(_("production (texte)"), max_length=20_000, blank=True)
    output_file = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="working_groups",
        verbose_name=_("production (fichier)"),
    )
    delivered_on = models.DateField(_("production remise le"), null=True, blank=True)
    ended_on = models.DateField(_("terminé le"), null=True, blank=True)
    end_reason = models.TextField(_("motif de la fin"), max_length=2000, blank=True)
    confidentiality = models.CharField(
        _("confidentialité"), max_length=12, choices=Confidentiality, default=Confidentiality.ACTIVE
    )
    search_theme = folded_column("theme")

    class Meta:
        verbose_name = _("groupe de travail")
        verbose_name_plural = _("groupes de travail")
        ordering = ["-since", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True, end_reason="")
                | (Q(ended_on__isnull=False, ended_on__gte=F("since")) & ~Q(end_reason="")),
                name="governance_group_ends_with_a_reason",
            ),
            models.CheckConstraint(
                condition=Q(delivered_on__isnull=True, output_text="", output_file__isnull=True)
                | (
                    Q(delivered_on__isnull=False, delivered_on__gte=F("since"))
                    & (~Q(output_text="") | Q(output_file__isnull=False))
                ),
                name="governance_group_delivers_something",
            ),
            models.CheckConstraint(
                condition=~Q(confidentiality="restricted"),
                name="governance_group_is_not_of_one_organisation",
                violation_error_message=_("Un groupe de travail ne se limite pas à une seule organisation."),
            ),
        ]

    def __str__(self) -> str:
        return self.theme


@pghistory.track()
class WorkingGroupMember(TenantModel):
    """A person who sits in a group, on behalf of an organisation where there is one."""

    confidentiality_lookup = "group__confidentiality"

    group = models.ForeignKey(WorkingGroup, models.PROTECT, related_name="members", verbose_name=_("groupe"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("personne"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("pour le compte de")
    )
    capacity = models.CharField(_("qualité"), max_length=25, choices=GroupCapacity, default=GroupCapacity.MEMBER)
    since = models.DateField(_("depuis le"))
    until = models.DateField(_("jusqu’au"), null=True, blank=True)

    objects: ClassVar[Any] = DatedTenantQuerySet.as_manager()

    class Meta:
        verbose_name = _("participant d’un groupe de travail")
        verbose_name_plural = _("participants d’un groupe de travail")
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["group", "person"],
                condition=Q(until__isnull=True),
                name="governance_one_open_group_seat",
                violation_error_message=_("Cette personne siège déjà dans ce groupe."),
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="governance_group_seat_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group_id} {self.person_id}"


@pghistory.track()
class WorkingGroupMeeting(TenantModel):
    """One meeting of a group: how many came (and who, if it is said), and a short record."""

    confidentiality_lookup = "group__confidentiality"

    group = models.ForeignKey(WorkingGroup, models.PROTECT, related_name="meetings", verbose_name=_("groupe"))
    held_on = models.DateField(_("tenue le"))
    attendance = models.PositiveSmallIntegerField(_("présents"))
    attended = models.ManyToManyField(Person, related_name="+", blank=True, verbose_name=_("participants présents"))
    record = models.TextField(_("compte rendu bref"), max_length=5000, blank=True)

    class Meta:
        verbose_name = _("réunion d’un groupe de travail")
        verbose_name_plural = _("réunions d’un groupe de travail")
        ordering = ["held_on", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(attendance__gte=1), name="governance_group_meeting_was_attended"),
            models.UniqueConstraint(
                fields=["group", "held_on"],
                name="governance_one_group_meeting_a_day",
                violation_error_message=_("Une réunion de ce groupe est déjà enregistrée ce jour-là."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.group_id} {self.held_on}"
