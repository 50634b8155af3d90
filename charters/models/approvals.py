"""What the boards decided, on which exact text. Both tables are append-only (triggers of migration 0002)."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from charters.enums import CastingVote, DeliberationResult, RemoteKind
from charters.models.charters import CharterVersion
from governance.enums import RoleKind
from governance.models import Board, Organisation, Person, TenantModel, VotingRule

_HASH = r"^[0-9a-f]{64}$"


def _figure(label: object, **options: object) -> "models.PositiveSmallIntegerField[int, int]":
    return models.PositiveSmallIntegerField(label, default=0, **options)  # type: ignore[arg-type]


@pghistory.track()
class BoardDeliberation(TenantModel):
    """The minutes of one vote of one board on one text: figures, the rule that applied, the result computed from both.

    Figures are numbers of people (`charters.rules.voting.Tally` says what each counts). `irregular` marks a vote that
    came before what it had to wait for; only a history taken over from elsewhere can hold one.
    """

    confidentiality_lookup = "charter_version__charter__confidentiality"

    charter_version = models.ForeignKey(
        CharterVersion, models.PROTECT, related_name="deliberations", verbose_name=_("version de charte")
    )
    board = models.ForeignKey(Board, models.PROTECT, related_name="deliberations", verbose_name=_("instance"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="deliberations", verbose_name=_("organisation")
    )
    voting_rule = models.ForeignKey(VotingRule, models.PROTECT, related_name="+", verbose_name=_("règle de vote"))
    content_hash = models.CharField(_("empreinte du texte voté"), max_length=64)
    held_on = models.DateField(_("tenue le"))
    minutes_reference = models.CharField(_("référence du procès-verbal"), max_length=200)
    recorded_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("enregistrée par")
    )
    capacity = models.CharField(_("en qualité de"), max_length=20, choices=RoleKind, blank=True)

    in_office = models.PositiveSmallIntegerField(_("membres en exercice"))
    present = _figure(_("présents"))
    represented = _figure(_("représentés"))
    votes_for = _figure(_("pour"))
    votes_against = _figure(_("contre"))
    votes_abstain = _figure(_("abstentions"))
    votes_blank = _figure(_("blancs ou nuls"))
    recused = _figure(_("déportés présents"))
    recused_represented = _figure(_("déportés représentés"))
    remote = _figure(_("à distance"))
    remote_kind = models.CharField(_("forme à distance"), max_length=12, choices=RemoteKind, blank=True)
    proxies_by_holder = ArrayField(
        models.PositiveSmallIntegerField(), null=True, blank=True, verbose_name=_("pouvoirs par porteur")
    )
    proxies_written = models.BooleanField(_("pouvoirs écrits"), null=True, blank=True)
    proxies_same_body = models.BooleanField(_("pouvoirs au sein de l’instance"), null=True, blank=True)
    casting_vote = models.CharField(_("voix prépondérante"), max_length=14, choices=CastingVote, blank=True)
    open_objections = models.PositiveSmallIntegerField(_("objections non levées"), null=True, blank=True)
    call = models.PositiveSmallIntegerField(_("convocation"), default=1)
    first_call_on = models.DateField(_("première convocation le"), null=True, blank=True)

    result = models.CharField(_("résultat"), max_length=12, choices=DeliberationResult)
    explanation = models.TextField(_("calcul"), blank=True)
    irregular = models.BooleanField(_("irrégulière"), default=False)
    irregular_codes = ArrayField(
        models.CharField(max_length=60), default=list, blank=True, verbose_name=_("motifs d’irrégularité")
    )

    class Meta:
        verbose_name = _("délibération")
        verbose_name_plural = _("délibérations")
        ordering = ["-held_on", "-created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(content_hash__regex=_HASH), name="charters_deliberation_on_an_exact_text"
            ),
            models.CheckConstraint(
                condition=Q(in_office__gte=F("present") + F("represented")),
                name="charters_deliberation_no_more_than_in_office",
            ),
            models.CheckConstraint(
                condition=Q(
                    votes_for__lte=F("present")
                    + F("represented")
                    - F("votes_against")
                    - F("votes_abstain")
                    - F("votes_blank")
                ),
                name="charters_deliberation_no_more_votes_than_voters",
            ),
            models.CheckConstraint(condition=Q(call__in=[1, 2]), name="charters_deliberation_first_or_second_call"),
            models.CheckConstraint(
                condition=Q(irregular=False, irregular_codes=[]) | (Q(irregular=True) & ~Q(irregular_codes=[])),
                name="charters_deliberation_irregular_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.held_on} {self.result}"


@pghistory.track()
class Approval(TenantModel):
    """One organisation's yes to one exact text: born of an adopted deliberation, never changed, one per version.

    Evidence of a simple electronic signature, not of a qualified one.
    """

    confidentiality_lookup = "charter_version__charter__confidentiality"

    charter_version = models.ForeignKey(
        CharterVersion, models.PROTECT, related_name="approvals", verbose_name=_("version de charte")
    )
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="approvals", verbose_name=_("organisation")
    )
    deliberation = models.OneToOneField(
        BoardDeliberation, models.PROTECT, related_name="approval", verbose_name=_("délibération")
    )
    content_hash = models.CharField(_("empreinte du texte approuvé"), max_length=64)
    approved_on = models.DateField(_("approuvée le"))

    class Meta:
        verbose_name = _("approbation")
        verbose_name_plural = _("approbations")
        ordering = ["approved_on", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["charter_version", "organisation"],
                name="charters_one_approval_per_organisation",
                violation_error_message=_("Cette organisation a déjà approuvé cette version."),
            ),
            models.CheckConstraint(condition=Q(content_hash__regex=_HASH), name="charters_approval_of_an_exact_text"),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.content_hash[:12]}"
