"""Agreements (conventions) between members: parties, object, term, notice, mandate and cost keys (domain.md 3.2)."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

import pghistory
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from charters.enums import AgreementEnding, AgreementKind, AgreementState, CostBasis, Renewal
from charters.models.charters import Charter
from coopproject.text import folded_column
from governance.enums import Confidentiality, RoleKind
from governance.models import Organisation, Person, TenantModel, TenantQuerySet

if TYPE_CHECKING:
    from governance.actor import Actor

_LIVED = ["in_force", "ended"]


def _of_a_party(actor: "Actor", path: str) -> Q:
    """The row is, or belongs to, an agreement to which an organisation of this actor is a party."""
    found = Q(pk__in=[])
    for cooperation_id in sorted(actor.cooperation_ids):
        if own := actor.organisations_in(cooperation_id):
            signed = AgreementParty.objects.filter(cooperation=cooperation_id, organisation__in=sorted(own))
            found |= Q(**{f"{path}__in": signed.order_by().values("agreement")})
    return found


class AgreementQuerySet(TenantQuerySet):
    """The level opens it as anything else; and the people of a party always know of their own agreement."""

    def visible_to(self, actor: "Actor") -> Self:
        if not actor.roles:
            return self.none()
        model: Any = self.model
        level = actor.visibility(level=model.confidentiality_lookup, organisation=None)
        return self.filter(level | _of_a_party(actor, model.agreement_path))


@pghistory.track(exclude=["search_title"])
class Agreement(TenantModel):
    """What some members agreed, for how long, and how they leave it. Its text is frozen when it is proposed.

    `number` 1 is the agreement, more are its amendments (avenants); each is an agreement of its own, which ends the one
    that it `replaces` when it enters into force. `restricted` means: its parties only, the coordination left out.
    Terms are counted by `charters.rules.agreement_dates`. Triggers (migration 0008) keep what was proposed.
    """

    confidentiality_lookup = "confidentiality"
    agreement_path: ClassVar[str] = "pk"

    title = models.CharField(_("titre"), max_length=200)
    kind = models.CharField(_("forme"), max_length=15, choices=AgreementKind, default=AgreementKind.POOLING)
    number = models.PositiveSmallIntegerField(_("numéro"), default=1, validators=[MinValueValidator(1)])
    replaces = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="replaced_by", verbose_name=_("remplace")
    )
    charter = models.ForeignKey(
        Charter, models.PROTECT, null=True, blank=True, related_name="agreements", verbose_name=_("charte")
    )
    scope = models.TextField(_("périmètre"), blank=True)
    # The object, after the four points of the guide (seed S2).
    object_pilots = models.TextField(_("objet : pilotes"), blank=True)
    object_milestones = models.TextField(_("objet : jalons"), blank=True)
    object_key_actors = models.TextField(_("objet : acteurs clés"), blank=True)
    object_ad_hoc_structure = models.TextField(_("objet : structure ad hoc"), blank=True)
    mandatary = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("mandataire")
    )
    mandate_scope = models.TextField(_("étendue du mandat"), blank=True)
    mandate_limits = models.TextField(_("limites du mandat"), blank=True)

    starts_on = models.DateField(_("prend effet le"))
    ends_on = models.DateField(_("terme initial"), null=True, blank=True)
    renewal = models.CharField(_("reconduction"), max_length=8, choices=Renewal, default=Renewal.NONE)
    renewal_months = models.PositiveSmallIntegerField(_("durée d’une reconduction (mois)"), null=True, blank=True)
    max_renewals = models.PositiveSmallIntegerField(_("nombre maximal de reconductions"), null=True, blank=True)
    notice_months = models.PositiveSmallIntegerField(_("préavis (mois)"), null=True, blank=True)
    notice_days = models.PositiveSmallIntegerField(_("préavis (jours)"), null=True, blank=True)

    confidentiality = models.CharField(
        _("confidentialité"), max_length=12, choices=Confidentiality, default=Confidentiality.ACTIVE
    )
    confidentiality_clause = models.TextField(_("clause de confidentialité"), blank=True)
    confidential_until = models.DateField(_("confidentielle jusqu’au"), null=True, blank=True)

    state = models.CharField(_("état"), max_length=10, choices=AgreementState, default=AgreementState.DRAFT)
    proposed_at = models.DateTimeField(_("proposée le"), null=True, blank=True)
    content = models.TextField(_("contenu figé"), blank=True)
    content_hash = models.CharField(_("empreinte SHA-256"), max_length=64, blank=True)
    in_force_on = models.DateField(_("en vigueur le"), null=True, blank=True)
    notice_given_on = models.DateField(_("préavis donné le"), null=True, blank=True)
    notice_by = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("préavis donné par")
    )
    notice_reason = models.TextField(_("motif du préavis"), blank=True)
    notice_reference = models.CharField(_("acte qui donne le préavis"), max_length=200, blank=True)
    notice_ends_on = models.DateField(_("prend fin par préavis le"), null=True, blank=True)
    ended_on = models.DateField(_("dernier jour d’application"), null=True, blank=True)
    ending = models.CharField(_("fin"), max_length=10, choices=AgreementEnding, blank=True)
    ended_reason = models.TextField(_("motif de la fin"), blank=True)
    ended_reference = models.CharField(_("acte qui y met fin"), max_length=200, blank=True)
    withdrawn_on = models.DateField(_("retirée le"), null=True, blank=True)
    withdrawn_reason = models.TextField(_("motif du retrait"), blank=True)
    search_title = folded_column("title")

    objects: ClassVar[Any] = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("convention")
        verbose_name_plural = _("conventions")
        ordering = ["search_title", "number", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["replaces"],
                condition=~Q(state="withdrawn"),
                name="charters_agreement_replaced_once",
                violation_error_message=_("Un avenant de cette convention existe déjà."),
            ),
            models.CheckConstraint(
                # The one that an amendment replaces may be missing from a dossier whose reader may not know of it.
                condition=Q(number=1, replaces__isnull=True) | Q(number__gte=2),
                name="charters_agreement_first_replaces_nothing",
            ),
            models.CheckConstraint(
                condition=Q(ends_on__isnull=True) | Q(ends_on__gte=F("starts_on")),
                name="charters_agreement_ends_after_it_starts",
                violation_error_message=_("Le terme ne précède pas la date d’effet."),
            ),
            models.CheckConstraint(
                condition=Q(renewal="tacit", renewal_months__isnull=False, renewal_months__gte=1, ends_on__isnull=False)
                | (~Q(renewal="tacit") & Q(renewal_months__isnull=True, max_renewals__isnull=True)),
                name="charters_agreement_renews_by_known_terms",
            ),
            models.CheckConstraint(
                condition=Q(notice_months__isnull=True) | Q(notice_days__isnull=True),
                name="charters_agreement_one_notice",
            ),
            models.CheckConstraint(
                condition=Q(state="draft", content="", content_hash="", proposed_at__isnull=True)
                | (~Q(state="draft") & Q(content_hash__regex=r"^[0-9a-f]{64}$") & ~Q(content="")),
                name="charters_agreement_hashed_when_not_draft",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "withdrawn"]) | Q(proposed_at__isnull=False),
                name="charters_agreement_proposed_before_the_rest",
            ),
            models.CheckConstraint(
                condition=Q(state__in=_LIVED, in_force_on__isnull=False, in_force_on__gte=F("starts_on"))
                | (~Q(state__in=_LIVED) & Q(in_force_on__isnull=True)),
                name="charters_agreement_in_force_has_its_day",
            ),
            models.CheckConstraint(
                condition=Q(notice_given_on__isnull=True, notice_by__isnull=True, notice_ends_on__isnull=True)
                | Q(
                    state__in=_LIVED,
                    notice_by__isnull=False,
                    notice_given_on__isnull=False,
                    notice_ends_on__isnull=False,
                    notice_ends_on__gte=F("notice_given_on"),
                ),
                name="charters_agreement_notice_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(state="ended", ended_on__isnull=False, ended_on__gte=F("in_force_on")) & ~Q(ending="")
                | (~Q(state="ended") & Q(ended_on__isnull=True, ending="")),
                name="charters_agreement_ended_says_how",
            ),
            models.CheckConstraint(
                condition=~Q(ending="terminated") | (~Q(ended_reason="") & ~Q(ended_reference="")),
                name="charters_agreement_terminated_says_why",
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", withdrawn_on__isnull=False) & ~Q(withdrawn_reason="")
                | (~Q(state="withdrawn") & Q(withdrawn_on__isnull=True, withdrawn_reason="")),
                name="charters_agreement_withdrawn_says_why",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def with_mandate(self) -> bool:
        """Whether one organisation acts for the others (« avec ou sans mandat », seed S2)."""
        return self.mandatary_id is not None


@pghistory.track()
class AgreementParty(TenantModel):
    """One organisation bound by an agreement, and who signed for it, as what. Read inside its agreement.

    `authorised_on` and `authorisation_reference`: its board's own decision to sign, where its statutes ask for one.
    """

    confidentiality_lookup = "agreement__confidentiality"
    agreement_path: ClassVar[str] = "agreement"

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="parties", verbose_name=_("convention"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="agreement_parties", verbose_name=_("organisation")
    )
    position = models.PositiveSmallIntegerField(_("rang"), validators=[MinValueValidator(1)])
    role = models.CharField(_("rôle dans la convention"), max_length=200, blank=True)
    authorised_on = models.DateField(_("signature autorisée le"), null=True, blank=True)
    authorisation_reference = models.CharField(_("délibération qui l’autorise"), max_length=200, blank=True)
    signed_on = models.DateField(_("signée le"), null=True, blank=True)
    signatory = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("signataire")
    )
    capacity = models.CharField(_("en qualité de"), max_length=20, choices=RoleKind, blank=True)

    objects: ClassVar[Any] = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("partie à une convention")
        verbose_name_plural = _("parties aux conventions")
        ordering = ["agreement", "position"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "organisation"], name="charters_party_once_per_agreement"),
            models.UniqueConstraint(fields=["agreement", "position"], name="charters_one_party_per_position"),
            models.CheckConstraint(
                condition=Q(signed_on__isnull=True, signatory__isnull=True, capacity="")
                | Q(signed_on__isnull=False, capacity__in=["board_chair", "director"]),
                name="charters_party_signs_in_a_capacity",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.signed_on or '…'}"


@pghistory.track()
class AgreementCostKey(TenantModel):
    """How the parties share a cost, described; what is spent and charged is not here. Read inside its agreement.

    `shares`: organisation -> basis points, for `fixed_shares` only (`charters.rules.cost_keys`).
    """

    confidentiality_lookup = "agreement__confidentiality"
    agreement_path: ClassVar[str] = "agreement"

    agreement = models.ForeignKey(Agreement, models.PROTECT, related_name="cost_keys", verbose_name=_("convention"))
    position = models.PositiveSmallIntegerField(_("rang"), validators=[MinValueValidator(1)])
    label = models.CharField(_("libellé"), max_length=200)
    basis = models.CharField(_("base de répartition"), max_length=12, choices=CostBasis)
    shares = models.JSONField(_("parts (points de base)"), default=dict, blank=True)
    note = models.TextField(_("précisions"), blank=True)

    objects: ClassVar[Any] = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("clé de répartition")
        verbose_name_plural = _("clés de répartition")
        ordering = ["agreement", "position"]
        constraints = [
            models.UniqueConstraint(fields=["agreement", "position"], name="charters_one_cost_key_per_position"),
        ]

    def __str__(self) -> str:
        return self.label
