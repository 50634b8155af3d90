"""Organisations exist across cooperations; what is said of them inside one belongs to that one."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Self
from zoneinfo import ZoneInfo

import pghistory
from django.conf import settings
from django.db import models
from django.db.models import DateTimeField, Func, Q, Value
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Coalesce, TruncDate
from django.utils.translation import gettext_lazy as _

from coopproject.models import Entity
from coopproject.text import folded_column
from governance.enums import Confidentiality, CseStatus, LegalForm, SiteCalendar, SizeClass
from governance.rules.territory import department_of

if TYPE_CHECKING:
    from governance.actor import Actor

# `clock.today()` as an expression, for conditions that must not cost a query of their own.
TODAY = TruncDate(Func(function="coop_now", output_field=DateTimeField()), tzinfo=ZoneInfo(settings.LEGAL_TIME_ZONE))
# The setting of a cooperation that says from which level on the figures of its members are read, and its default: a
# convention between partners, not a rule of law.
FIGURES_LEVEL, DEFAULT_FIGURES_LEVEL = "figures_level", Confidentiality.ACTIVE


class OrganisationQuerySet(models.QuerySet["Organisation"]):
    def visible_to(self, actor: "Actor") -> Self:
        """Organisations known to be or to have been members of a cooperation of the actor, or to have a role there."""
        return self.known_in(actor, actor.cooperation_ids)

    def known_in(self, actor: "Actor", cooperation_ids: Iterable[Any]) -> Self:
        """The same, of these cooperations only; a membership or a role that is closed to the actor tells of none."""
        if not actor.roles:
            return self.none()
        from governance.models.cooperations import Membership, Role

        here = sorted(cooperation_ids)
        members = Membership.objects.visible_to(actor).filter(cooperation__in=here)
        hosts = Role.objects.visible_to(actor).filter(cooperation__in=here, organisation__isnull=False)
        return self.filter(
            Q(pk__in=members.order_by().values("organisation")) | Q(pk__in=hosts.order_by().values("organisation"))
        )

    def figures_open_to(self, actor: "Actor") -> Self:
        """Those whose headcounts and turnovers this actor may know of (docs/adr/0025).

        One's own; and those of the members of a cooperation whose level for figures the actor reaches. That level is
        `Cooperation.settings["figures_level"]`, `active` where it says nothing. A member that left keeps its figures
        to itself.
        """
        if not actor.roles:
            return self.none()
        from governance.models.cooperations import Membership

        stated = KeyTextTransform(FIGURES_LEVEL, "cooperation__settings")
        shared = (
            Membership.objects.visible_to(actor)
            .annotate(
                figures_level=Coalesce(stated, Value(DEFAULT_FIGURES_LEVEL.value), output_field=models.TextField())
            )
            .filter(Q(left_on__isnull=True) | Q(left_on__gte=TODAY))
            .filter(actor.visibility(level="figures_level", organisation="organisation"))
        )
        return self.filter(Q(pk__in=sorted(actor.own_organisations)) | Q(pk__in=shared.values("organisation")))


@pghistory.track(exclude=["search_name"])
class Organisation(Entity):
    """A legal person: association, cooperative, public body… Identified by SIREN, RNA or a local register."""

    name = models.CharField(_("dénomination"), max_length=200)
    short_name = models.CharField(_("sigle"), max_length=60, blank=True)
    legal_form = models.CharField(_("forme juridique"), max_length=30, choices=LegalForm, default=LegalForm.ASSOCIATION)
    siren = models.CharField(_("SIREN"), max_length=9, blank=True)
    siret = models.CharField(_("SIRET"), max_length=14, blank=True)
    rna = models.CharField(_("RNA"), max_length=10, blank=True)
    local_register = models.CharField(_("référence au registre local"), max_length=100, blank=True)
    naf = models.CharField(_("code NAF"), max_length=6, blank=True)
    idcc = models.CharField(_("IDCC"), max_length=4, blank=True)
    sector = models.CharField(_("secteur"), max_length=100, blank=True)
    commune_code = models.CharField(_("code commune"), max_length=5, blank=True)
    # Stated where the commune does not say it; `department` is the one to read.
    department_code = models.CharField(_("code département"), max_length=3, blank=True)
    employment_area_code = models.CharField(_("code zone d’emploi"), max_length=4, blank=True)
    site_calendar = models.CharField(
        _("calendrier des jours fériés"), max_length=30, choices=SiteCalendar, default=SiteCalendar.METROPOLE
    )
    cse_status = models.CharField(_("situation du CSE"), max_length=10, choices=CseStatus, default=CseStatus.NONE)
    cse_first_elected_on = models.DateField(_("première élection du CSE"), null=True, blank=True)
    cse_mandate_started_on = models.DateField(_("début du mandat du CSE"), null=True, blank=True)
    cse_mandate_ends_on = models.DateField(_("fin du mandat du CSE"), null=True, blank=True)
    carence_recorded_on = models.DateField(_("date du procès-verbal de carence"), null=True, blank=True)
    # An agreement or a usage that gives the CSE of a smaller employer wider powers (L2312-4).
    wider_powers_reference = models.CharField(_("accord élargissant le CSE"), max_length=200, blank=True)
    # A size stated by hand, with its reason, where the figures cannot tell (insertion structures: domain.md H06).
    size_override = models.CharField(_("taille retenue à la main"), max_length=20, choices=SizeClass, blank=True)
    size_override_reason = models.TextField(_("motif de la taille retenue"), blank=True)
    is_fictitious = models.BooleanField(_("organisation fictive"), default=False)
    search_name = folded_column("name", "short_name")

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation")
        verbose_name_plural = _("organisations")
        ordering = ["search_name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(siren="") | ~Q(rna="") | ~Q(local_register=""),
                name="governance_organisation_has_an_identifier",
                violation_error_message=_("Il faut un SIREN, un RNA ou une référence à un registre local."),
            ),
            models.CheckConstraint(
                condition=Q(size_override="") | ~Q(size_override_reason=""),
                name="governance_size_override_has_a_reason",
                violation_error_message=_("Une taille retenue à la main demande un motif."),
            ),
            models.UniqueConstraint(
                fields=["siren"], condition=~Q(siren=""), name="governance_one_organisation_per_siren"
            ),
            models.UniqueConstraint(fields=["rna"], condition=~Q(rna=""), name="governance_one_organisation_per_rna"),
        ]

    def __str__(self) -> str:
        return self.short_name or self.name

    @property
    def department(self) -> str:
        """The department where it is: that of its commune, else the one stated; empty when neither is."""
        return department_of(self.commune_code) or self.department_code


class FigureQuerySet(models.QuerySet["models.Model"]):
    def visible_to(self, actor: "Actor") -> Self:
        """The figures of the organisations that `figures_open_to` opens to this actor."""
        return self.filter(organisation__in=Organisation.objects.figures_open_to(actor))


@pghistory.track()
class MonthlyHeadcount(Entity):
    """Headcount of one calendar month in full-time equivalents, decimals kept (domain.md 1.3 H02)."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="headcounts", verbose_name=_("organisation")
    )
    month = models.DateField(_("mois (premier jour)"))
    value = models.DecimalField(_("effectif (ETP)"), max_digits=8, decimal_places=2)
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = FigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("effectif mensuel")
        verbose_name_plural = _("effectifs mensuels")
        ordering = ["organisation", "month"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "month"], name="governance_one_headcount_per_month"),
            models.CheckConstraint(condition=Q(month__day=1), name="governance_headcount_month_is_first_day"),
            models.CheckConstraint(condition=Q(value__gte=0), name="governance_headcount_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}: {self.value}"


@pghistory.track()
class YearlyTurnover(Entity):
    """Total income of one financial year, in the currency of the organisation (euro)."""

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="turnovers", verbose_name=_("organisation")
    )
    year = models.PositiveSmallIntegerField(_("exercice"))
    amount = models.DecimalField(_("chiffre d’affaires ou total des produits"), max_digits=14, decimal_places=2)
    source = models.CharField(_("source"), max_length=200, blank=True)

    objects = FigureQuerySet.as_manager()

    class Meta:
        verbose_name = _("chiffre d’affaires annuel")
        verbose_name_plural = _("chiffres d’affaires annuels")
        ordering = ["organisation", "year"]
        constraints = [
            models.UniqueConstraint(fields=["organisation", "year"], name="governance_one_turnover_per_year"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="governance_turnover_not_negative"),
        ]

    def __str__(self) -> str:
        return f"{self.year}: {self.amount}"
