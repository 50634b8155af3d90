"""The tenant, its members in dated circles, and the dated roles of people."""

import datetime as dt
from typing import TYPE_CHECKING, Any, ClassVar, Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from coopproject.models import Entity
from coopproject.text import folded_column
from governance.enums import CircleKind, CooperationType, MemberProfile, RelationKind, RoleKind
from governance.models.fields import level, level_is_shared
from governance.models.identity import Person
from governance.models.organisations import Organisation
from governance.models.tenancy import TenantModel, TenantQuerySet

if TYPE_CHECKING:
    from governance.actor import Actor


def in_force_on(day: dt.date, since: str = "since", until: str = "until") -> Q:
    """True from the day `since` to the day `until`, both included; an open end never stops."""
    return Q(**{f"{since}__lte": day}) & (Q(**{f"{until}__isnull": True}) | Q(**{f"{until}__gte": day}))


class CooperationQuerySet(models.QuerySet["Cooperation"]):
    def visible_to(self, actor: "Actor") -> Self:
        return self.filter(pk__in=actor.cooperation_ids) if actor.roles else self.none()


@pghistory.track(exclude=["search_name"])
class Cooperation(Entity):
    """A live cooperation: the tenant, to which everything below belongs."""

    name = models.CharField(_("nom"), max_length=200)
    purpose = models.TextField(_("objet"), blank=True)
    types = ArrayField(
        models.CharField(max_length=20, choices=CooperationType), default=list, blank=True, verbose_name=_("formes")
    )
    currency = models.CharField(_("devise"), max_length=3, default="EUR")
    zone = models.CharField(_("fuseau des dates légales"), max_length=40, default="Europe/Paris")
    started_on = models.DateField(_("commencée le"))
    ended_on = models.DateField(_("terminée le"), null=True, blank=True)
    size_alert = models.PositiveSmallIntegerField(_("alerte de taille (participants)"), default=10)
    # Thresholds, regimes and lead times that this cooperation changes; what it does not say follows the defaults.
    settings = models.JSONField(_("réglages"), default=dict, blank=True)
    search_name = folded_column("name")

    objects = CooperationQuerySet.as_manager()

    class Meta:
        verbose_name = _("coopération")
        verbose_name_plural = _("coopérations")
        ordering = ["search_name", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_on__isnull=True) | Q(ended_on__gte=F("started_on")),
                name="governance_cooperation_ends_after_it_starts",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def cooperation_id(self) -> Any:
        """A cooperation is its own tenant: policies and the journal ask any object for `cooperation_id`."""
        return self.pk


@pghistory.track()
class Membership(TenantModel):
    """One organisation's belonging to one cooperation, from joining to leaving. Its circles are `CircleStay` rows.

    Its level covers whatever the organisation says and does here (docs/adr/0029); the organisation always knows of it.
    """

    confidentiality_lookup: ClassVar[str | None] = "confidentiality"
    own_organisation_lookup: ClassVar[str | None] = "organisation"
    # What is closed is told by its own level.
    member_lookup: ClassVar[str | None] = None

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="memberships", verbose_name=_("organisation")
    )
    joined_on = models.DateField(_("entrée le"))
    left_on = models.DateField(_("sortie le"), null=True, blank=True)
    leave_reason = models.TextField(_("motif de sortie"), blank=True)
    # Why the coordination let it go before the notice that it owed had run.
    leave_waiver = models.TextField(_("dispense de préavis"), blank=True)
    notice_given_on = models.DateField(_("préavis donné le"), null=True, blank=True)
    notice_exit_on = models.DateField(_("sortie possible à partir du"), null=True, blank=True)
    notice_reason = models.TextField(_("motif du préavis"), blank=True)
    notice_reference = models.CharField(_("acte qui donne le préavis"), max_length=200, blank=True)
    # What this cooperation says of it; nothing while nobody has said it.
    profile = models.CharField(_("profil"), max_length=20, choices=MemberProfile, blank=True)
    specific_asset = models.CharField(_("actif spécifique"), max_length=300, blank=True)
    relation = models.CharField(_("relation"), max_length=20, choices=RelationKind, blank=True)
    competes_on = models.CharField(_("concurrence avec d’autres membres sur"), max_length=300, blank=True)
    confidentiality = level()

    class Meta:
        verbose_name = _("adhésion")
        verbose_name_plural = _("adhésions")
        ordering = ["joined_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cooperation", "organisation"],
                condition=Q(left_on__isnull=True),
                name="governance_one_open_membership",
                violation_error_message=_("Cette organisation est déjà membre."),
            ),
            models.CheckConstraint(
                condition=Q(left_on__isnull=True) | Q(left_on__gte=F("joined_on")),
                name="governance_membership_left_after_joined",
            ),
            models.CheckConstraint(
                condition=Q(
                    notice_given_on__isnull=True, notice_exit_on__isnull=True, notice_reason="", notice_reference=""
                )
                | Q(
                    notice_given_on__isnull=False,
                    notice_exit_on__isnull=False,
                    notice_exit_on__gte=F("notice_given_on"),
                )
                & ~Q(notice_reason=""),
                name="governance_membership_notice_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(leave_waiver="") | Q(left_on__isnull=False),
                name="governance_membership_waived_by_leaving",
            ),
            models.CheckConstraint(
                condition=Q(profile=MemberProfile.SPECIFIC_ASSET) ^ Q(specific_asset=""),
                name="governance_membership_asset_of_its_profile",
                violation_error_message=_("Un actif spécifique se nomme, et seulement pour ce profil."),
            ),
            models.CheckConstraint(
                condition=Q(relation=RelationKind.ALLIANCE) ^ Q(competes_on=""),
                name="governance_membership_alliance_says_on_what",
                violation_error_message=_("Une alliance dit sur quoi ses membres sont concurrents, et elle seule."),
            ),
            level_is_shared("governance_membership_known_to_coordination"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} → {self.cooperation_id}"


class DatedTenantQuerySet(TenantQuerySet):
    def in_force(self, day: dt.date) -> Self:
        """Rows whose period contains `day`."""
        return self.filter(in_force_on(day))


@pghistory.track()
class CircleStay(TenantModel):
    """The period that a membership spends in one circle; moves happen both ways and keep their reason."""

    confidentiality_lookup: ClassVar[str | None] = "membership__confidentiality"
    own_organisation_lookup: ClassVar[str | None] = "membership__organisation"

    membership = models.ForeignKey(Membership, models.PROTECT, related_name="stays", verbose_name=_("adhésion"))
    circle = models.CharField(_("cercle"), max_length=10, choices=CircleKind)
    since = models.DateField(_("depuis le"))
    until = models.DateField(_("jusqu’au"), null=True, blank=True)
    reason = models.TextField(_("motif"), blank=True)
    # Why the coordination let it in before every step was done.
    onboarding_waiver = models.TextField(_("dispense d’étapes d’entrée"), blank=True)

    objects: ClassVar[Any] = DatedTenantQuerySet.as_manager()

    class Meta:
        verbose_name = _("séjour dans un cercle")
        verbose_name_plural = _("séjours dans un cercle")
        ordering = ["since", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["membership"], condition=Q(until__isnull=True), name="governance_one_open_circle_stay"
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")),
                name="governance_circle_stay_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.circle} {self.since}"


@pghistory.track()
class Role(TenantModel):
    """What a person does in a cooperation, on behalf of an organisation where the kind asks for one.

    A closed role gives the same rights; its holder and those who act for the organisation always know of it.
    """

    confidentiality_lookup: ClassVar[str | None] = "confidentiality"
    own_organisation_lookup: ClassVar[str | None] = "organisation"
    own_person_lookup: ClassVar[str | None] = "person"

    person = models.ForeignKey(Person, models.PROTECT, related_name="roles", verbose_name=_("personne"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="roles", verbose_name=_("pour le compte de")
    )
    kind = models.CharField(_("rôle"), max_length=20, choices=RoleKind)
    since = models.DateField(_("depuis le"))
    until = models.DateField(_("jusqu’au"), null=True, blank=True)
    confidentiality = level()

    objects: ClassVar[Any] = DatedTenantQuerySet.as_manager()

    class Meta:
        verbose_name = _("rôle")
        verbose_name_plural = _("rôles")
        ordering = ["since", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="governance_role_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=Q(organisation__isnull=False)
                | Q(kind__in=["coordination", "facilitation", "funder", "observer"]),
                name="governance_role_names_its_organisation",
                violation_error_message=_("Ce rôle s’exerce pour le compte d’une organisation."),
            ),
            models.UniqueConstraint(
                fields=["cooperation", "person", "organisation", "kind"],
                condition=Q(until__isnull=True),
                nulls_distinct=False,
                name="governance_one_open_role",
                violation_error_message=_("Cette personne exerce déjà ce rôle."),
            ),
            level_is_shared("governance_role_known_to_coordination"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.person_id}"
