"""A live vote: who may vote, for whom, and what was cast. Frozen with its deliberation (trigger of migration 0003)."""

import pghistory
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from charters.enums import CastingVote
from charters.models.deliberations import BoardDeliberation
from governance.models import Organisation, Person, TenantModel


@pghistory.track()
class Elector(TenantModel):
    """A person who had a vote when it was opened, and what everybody may know of it: there, recused, has voted.

    `also_sits_for`: the other parties of the text on whose boards they sat that day. What they voted is not here.
    """

    confidentiality_lookup = "deliberation__charter_version__charter__confidentiality"

    deliberation = models.ForeignKey(
        BoardDeliberation, models.PROTECT, related_name="electors", verbose_name=_("délibération")
    )
    person = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("personne"))
    chair = models.BooleanField(_("préside"), default=False)
    also_sits_for = models.ManyToManyField(
        Organisation, related_name="+", blank=True, verbose_name=_("siège aussi pour")
    )
    attended = models.BooleanField(_("présente"), default=False)
    remote = models.BooleanField(_("à distance"), default=False)
    voted = models.BooleanField(_("a voté"), default=False)
    recused = models.BooleanField(_("déportée"), default=False)
    recusal_reason = models.TextField(_("motif du déport"), blank=True)
    recused_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("déport enregistré par")
    )

    class Meta:
        verbose_name = _("électeur")
        verbose_name_plural = _("électeurs")
        ordering = ["deliberation", "person"]
        constraints = [
            models.UniqueConstraint(fields=["deliberation", "person"], name="charters_one_vote_per_elector"),
            models.CheckConstraint(
                condition=Q(remote=False) | Q(attended=True), name="charters_elector_at_a_distance_attends"
            ),
            models.CheckConstraint(
                condition=Q(recused=False, recusal_reason="") | (Q(recused=True, voted=False) & ~Q(recusal_reason="")),
                name="charters_elector_recused_says_why_and_does_not_vote",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deliberation_id} {self.person_id}"


@pghistory.track()
class Proxy(TenantModel):
    """One member of the board represented by another person. Revocable until used; a revoked one stays, as a trace."""

    confidentiality_lookup = "deliberation__charter_version__charter__confidentiality"

    deliberation = models.ForeignKey(
        BoardDeliberation, models.PROTECT, related_name="proxies", verbose_name=_("délibération")
    )
    giver = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("mandant"))
    holder = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("porteur"))
    written = models.BooleanField(_("écrit"), default=False)
    declared_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("déclaré par")
    )
    used = models.BooleanField(_("utilisé"), default=False)
    revoked_on = models.DateField(_("révoqué le"), null=True, blank=True)

    class Meta:
        verbose_name = _("pouvoir")
        verbose_name_plural = _("pouvoirs")
        ordering = ["deliberation", "created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["deliberation", "giver"],
                condition=Q(revoked_on__isnull=True),
                name="charters_one_proxy_per_giver",
            ),
            models.CheckConstraint(condition=~Q(giver=F("holder")), name="charters_proxy_to_somebody_else"),
            models.CheckConstraint(
                condition=Q(used=False) | Q(revoked_on__isnull=True), name="charters_proxy_used_is_not_revoked"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.giver_id} → {self.holder_id}"


class Ballot(TenantModel):
    """What one elector voted in a *named* vote: theirs to change nothing of, and nobody's to know before it is closed.

    `lifted`: an objection (consent) that its author no longer maintains. Without record-level history: a row is
    written once, then frozen.
    """

    confidentiality_lookup = "deliberation__charter_version__charter__confidentiality"

    deliberation = models.ForeignKey(
        BoardDeliberation, models.PROTECT, related_name="ballots", verbose_name=_("délibération")
    )
    elector = models.OneToOneField(Elector, models.PROTECT, related_name="ballot", verbose_name=_("électeur"))
    choice = models.CharField(_("vote"), max_length=14, choices=CastingVote)
    reason = models.TextField(_("explication ou objection"), blank=True)
    lifted = models.BooleanField(_("objection levée"), default=False)
    cast_by = models.ForeignKey(Person, models.PROTECT, related_name="+", verbose_name=_("émis par"))

    class Meta:
        verbose_name = _("bulletin")
        verbose_name_plural = _("bulletins")
        ordering = ["deliberation", "elector"]
        constraints = [
            models.CheckConstraint(
                condition=Q(lifted=False) | Q(choice="against"), name="charters_only_an_objection_is_lifted"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.deliberation_id} {self.elector_id}"


class Urn(models.Model):
    """The ballots of a *secret* vote while it is open: four numbers, without a ballot, a name, an instant or a history.

    Not a `TenantModel` on purpose: an identifier by date or an instant of change could be set beside the turn-out. It
    is emptied into the figures, and removed, when the vote is closed or cancelled; it is in no dossier.
    """

    deliberation = models.OneToOneField(
        BoardDeliberation, models.PROTECT, primary_key=True, related_name="urn", verbose_name=_("délibération")
    )
    votes_for = models.PositiveSmallIntegerField(_("pour"), default=0)
    votes_against = models.PositiveSmallIntegerField(_("contre"), default=0)
    votes_abstain = models.PositiveSmallIntegerField(_("abstentions"), default=0)
    votes_blank = models.PositiveSmallIntegerField(_("blancs ou nuls"), default=0)

    class Meta:
        verbose_name = _("urne")
        verbose_name_plural = _("urnes")

    def __str__(self) -> str:
        return str(self.deliberation_id)
