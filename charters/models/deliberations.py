"""The deliberations of boards on an exact text: convened, voted, counted, and regularised when they came too early.

What is closed or cancelled never changes (triggers of migrations 0002 and 0003).
"""

from typing import TYPE_CHECKING, ClassVar, Self

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from charters.enums import (
    BallotKind,
    CastingVote,
    DeliberationMode,
    DeliberationResult,
    DeliberationState,
    RemoteKind,
)
from charters.models.charters import CharterVersion
from governance.enums import RoleKind
from governance.models import Board, Organisation, Person, StoredFile, TenantModel, VotingRule
from governance.models.tenancy import TenantQuerySet

if TYPE_CHECKING:
    from governance.actor import Actor

HASH = r"^[0-9a-f]{64}$"
PENDING = (DeliberationState.CONVENED, DeliberationState.OPEN)
# What is counted. Nobody knows any of it before the vote is closed.
COUNTS = (
    "present",
    "represented",
    "votes_for",
    "votes_against",
    "votes_abstain",
    "votes_blank",
    "recused",
    "recused_represented",
    "remote",
)
_UNCOUNTED = Q(
    **{f"{name}__isnull": True for name in (*COUNTS, "open_objections", "proxies_by_holder", "college_votes")},
    proxies_written__isnull=True,
    proxies_same_body__isnull=True,
    result="",
    casting_vote="",
    remote_kind="",
    explanation="",
    irregular=False,
)


def _figure(label: object) -> "models.PositiveSmallIntegerField[int | None, int | None]":
    return models.PositiveSmallIntegerField(label, default=0, null=True, blank=True)  # type: ignore[arg-type]


class BoardDeliberationQuerySet(TenantQuerySet):
    def visible_to(self, actor: "Actor") -> Self:
        """By its level; and while the vote is open, whoever has one to cast: the electorate is frozen (ADR 0012)."""
        condition = Q(pk__in=super().visible_to(actor).order_by().values("pk"))
        if actor.person_id is not None:
            open_ones = self.model.objects.filter(state=DeliberationState.OPEN, electors__person=actor.person_id)
            condition |= Q(pk__in=open_ones.values("pk"))
        return self.filter(condition)


@pghistory.track()
class BoardDeliberation(TenantModel):
    """One vote of one board on one text: convened or minuted, the rule that applied, the figures, the result of both.

    Figures are numbers of people (`charters.rules.voting.Tally` says what each counts); they are null until it is
    closed. `held_on` is the planned day while it is convened, the day of opening while it is open, then the day on
    which the board decided. `irregular` marks a vote that came before what it had to wait for: it counts for nothing
    until a `Regularisation`.

    A dossier does not hold an open vote: what was cast so far is nobody's to know (docs/adr/0012).
    """

    confidentiality_lookup = "charter_version__charter__confidentiality"

    charter_version = models.ForeignKey(
        CharterVersion, models.PROTECT, related_name="deliberations", verbose_name=_("version de charte")
    )
    board = models.ForeignKey(Board, models.PROTECT, related_name="deliberations", verbose_name=_("instance"))
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="deliberations", verbose_name=_("organisation")
    )
    mode = models.CharField(_("mode"), max_length=8, choices=DeliberationMode, default=DeliberationMode.RECORDED)
    state = models.CharField(_("état"), max_length=9, choices=DeliberationState, default=DeliberationState.CLOSED)
    ballot = models.CharField(_("scrutin"), max_length=6, choices=BallotKind, blank=True)
    follows = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="successors", verbose_name=_("fait suite à")
    )
    voting_rule = models.ForeignKey(
        VotingRule, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("règle de vote")
    )
    content_hash = models.CharField(_("empreinte du texte voté"), max_length=64)
    held_on = models.DateField(_("tenue le"))
    opened_on = models.DateField(_("vote ouvert le"), null=True, blank=True)
    minutes_reference = models.CharField(_("référence du procès-verbal"), max_length=200, blank=True)
    minutes_file = models.ForeignKey(
        StoredFile, models.PROTECT, null=True, blank=True, related_name="deliberations", verbose_name=_("procès-verbal")
    )
    recorded_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("enregistrée par")
    )
    capacity = models.CharField(_("en qualité de"), max_length=20, choices=RoleKind, blank=True)
    cancelled_on = models.DateField(_("annulée le"), null=True, blank=True)
    cancelled_reason = models.TextField(_("motif d’annulation"), blank=True)

    in_office = models.PositiveSmallIntegerField(_("membres en exercice"), null=True, blank=True)
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
    # The same figures by college, where the rule weighs them (`charters.rules.voting.CollegeVotes`).
    college_votes = models.JSONField(_("votes par collège"), null=True, blank=True)
    call = models.PositiveSmallIntegerField(_("convocation"), default=1)
    first_call_on = models.DateField(_("première convocation le"), null=True, blank=True)

    result = models.CharField(_("résultat"), max_length=12, choices=DeliberationResult, blank=True)
    explanation = models.TextField(_("calcul"), blank=True)
    irregular = models.BooleanField(_("irrégulière"), default=False)
    irregular_codes = ArrayField(
        models.CharField(max_length=60), default=list, blank=True, verbose_name=_("motifs d’irrégularité")
    )

    objects: ClassVar = BoardDeliberationQuerySet.as_manager()

    class Meta:
        verbose_name = _("délibération")
        verbose_name_plural = _("délibérations")
        ordering = ["-held_on", "-created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(content_hash__regex=HASH), name="charters_deliberation_on_an_exact_text"
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
            models.CheckConstraint(
                condition=(Q(mode="recorded", state="closed", ballot="") & ~Q(minutes_reference=""))
                | Q(mode="live", ballot__in=["named", "secret"]),
                name="charters_deliberation_recorded_or_live",
            ),
            models.CheckConstraint(
                condition=(
                    Q(state="closed", voting_rule__isnull=False, in_office__isnull=False)
                    & Q(**{f"{name}__isnull": False for name in COUNTS})
                    & ~Q(result="")
                )
                | (~Q(state="closed") & _UNCOUNTED),
                name="charters_deliberation_counted_when_closed",
            ),
            models.CheckConstraint(
                condition=Q(state="convened", opened_on__isnull=True, voting_rule__isnull=True, in_office__isnull=True)
                | Q(state="open", opened_on__isnull=False, voting_rule__isnull=False, in_office__isnull=False)
                | Q(state="closed", mode="live", opened_on__isnull=False)
                | Q(state="closed", mode="recorded", opened_on__isnull=True)
                | Q(state="cancelled"),
                name="charters_deliberation_opened_with_its_rule",
            ),
            models.CheckConstraint(
                condition=(Q(state="cancelled", cancelled_on__isnull=False) & ~Q(cancelled_reason=""))
                | (~Q(state="cancelled") & Q(cancelled_on__isnull=True, cancelled_reason="")),
                name="charters_deliberation_cancelled_says_why",
            ),
            models.UniqueConstraint(
                fields=["charter_version", "board"],
                condition=Q(state__in=["convened", "open"]),
                name="charters_one_pending_deliberation",
                violation_error_message=_("Cette instance a déjà une délibération en cours sur ce texte."),
            ),
            models.UniqueConstraint(
                fields=["follows"],
                condition=~Q(state="cancelled"),
                name="charters_deliberation_one_successor",
                violation_error_message=_("Une autre délibération fait déjà suite à celle-ci."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.organisation_id} {self.held_on} {self.result or self.state}"


@pghistory.track()
class Regularisation(TenantModel):
    """A board confirms, once it may, the vote that it held too early. Append-only; one for one irregular vote."""

    confidentiality_lookup = "deliberation__charter_version__charter__confidentiality"

    deliberation = models.OneToOneField(
        BoardDeliberation, models.PROTECT, related_name="regularisation", verbose_name=_("délibération")
    )
    ratified_on = models.DateField(_("ratifiée le"))
    minutes_reference = models.CharField(_("référence du procès-verbal"), max_length=200)
    minutes_file = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="regularisations",
        verbose_name=_("procès-verbal"),
    )
    reason = models.TextField(_("motif"))
    recorded_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("enregistrée par")
    )
    capacity = models.CharField(_("en qualité de"), max_length=20, choices=RoleKind, blank=True)

    class Meta:
        verbose_name = _("régularisation")
        verbose_name_plural = _("régularisations")
        ordering = ["ratified_on", "pk"]

    def __str__(self) -> str:
        return f"{self.deliberation_id} {self.ratified_on}"
