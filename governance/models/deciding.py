"""What a decision lets one choose, who voted on it by which rule, and what its reviews found."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from governance.enums import DecidedBy, DecisionVoteResult, ReviewConclusion, RoleKind
from governance.models.boards import Board, VotingRule
from governance.models.decisions import Decision
from governance.models.fields import level, level_is_shared, money, subject_code
from governance.models.files import StoredFile
from governance.models.identity import Person
from governance.models.organisations import Organisation
from governance.models.tenancy import TenantModel


@pghistory.track()
class DecisionOption(TenantModel):
    """One of the ways between which a decision chooses. Frozen with its decision, by the submission."""

    confidentiality_lookup = "decision__confidentiality"

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="options", verbose_name=_("décision"))
    position = models.PositiveSmallIntegerField(_("rang"))
    title = models.CharField(_("intitulé"), max_length=200)
    description = models.TextField(_("exposé"), max_length=5000, blank=True)
    pros = models.TextField(_("pour"), max_length=5000, blank=True)
    cons = models.TextField(_("contre"), max_length=5000, blank=True)
    estimated_cost = money(_("coût estimé"), null=True, blank=True)

    class Meta:
        verbose_name = _("option")
        verbose_name_plural = _("options")
        ordering = ["decision", "position"]
        constraints = [
            models.UniqueConstraint(fields=["decision", "position"], name="governance_one_option_per_position"),
            models.CheckConstraint(
                condition=Q(estimated_cost__isnull=True) | Q(estimated_cost__gte=0),
                name="governance_option_cost_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.title


@pghistory.track()
class AssemblyRule(TenantModel):
    """The rule set by which the assembly of members votes from a day on, each member having one vote."""

    confidentiality_lookup = "confidentiality"

    valid_from = models.DateField(_("applicable depuis le"))
    definition = models.JSONField(_("règle"))
    source = models.CharField(_("article de la charte ou du règlement"), max_length=200, blank=True)
    confidentiality = level()

    class Meta:
        verbose_name = _("règle de l’assemblée des membres")
        verbose_name_plural = _("règles de l’assemblée des membres")
        ordering = ["-valid_from", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cooperation", "valid_from"],
                name="governance_one_assembly_rule_per_day",
                violation_error_message=_("Une règle commence déjà ce jour-là."),
            ),
            level_is_shared("governance_assembly_rule_known_to_coordination"),
        ]

    def __str__(self) -> str:
        return str(self.valid_from)


@pghistory.track()
class DecisionVote(TenantModel):
    """The minutes of one vote: of the board of a member (`board`), or of the assembly of members (no board).

    Figures are people for a board, members for the assembly. `particulars` holds what only some statutes ask of
    minutes (proxies, a second call, a casting vote…), under the names of `governance.rules.vote_figures`. A vote held
    before what it had to wait for is `irregular`: it counts for nothing until its organ ratified it.
    """

    confidentiality_lookup = "decision__confidentiality"

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="votes", verbose_name=_("décision"))
    board = models.ForeignKey(
        Board, models.PROTECT, null=True, blank=True, related_name="decision_votes", verbose_name=_("instance")
    )
    organisation = models.ForeignKey(
        Organisation,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="decision_votes",
        verbose_name=_("organisation"),
    )
    option = models.ForeignKey(
        DecisionOption, models.PROTECT, null=True, blank=True, related_name="votes", verbose_name=_("option")
    )
    held_on = models.DateField(_("tenu le"))
    voting_rule = models.ForeignKey(
        VotingRule, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("règle de l’instance")
    )
    assembly_rule = models.ForeignKey(
        AssemblyRule, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("règle de l’assemblée")
    )
    in_office = models.PositiveSmallIntegerField(_("membres en exercice"))
    present = models.PositiveSmallIntegerField(_("présents"))
    represented = models.PositiveSmallIntegerField(_("représentés"), default=0)
    votes_for = models.PositiveSmallIntegerField(_("pour"))
    votes_against = models.PositiveSmallIntegerField(_("contre"))
    votes_abstain = models.PositiveSmallIntegerField(_("abstentions"), default=0)
    votes_blank = models.PositiveSmallIntegerField(_("blancs ou nuls"), default=0)
    particulars = models.JSONField(_("précisions du procès-verbal"), default=dict, blank=True)
    result = models.CharField(_("résultat"), max_length=12, choices=DecisionVoteResult)
    explanation = models.TextField(_("calcul"))
    minutes_reference = models.CharField(_("référence du procès-verbal"), max_length=200)
    minutes_file = models.ForeignKey(
        StoredFile,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="decision_votes",
        verbose_name=_("procès-verbal"),
    )
    irregular = models.BooleanField(_("irrégulier"), default=False)
    irregular_codes = ArrayField(
        models.CharField(max_length=60), default=list, blank=True, verbose_name=_("motifs d’irrégularité")
    )
    ratified_on = models.DateField(_("ratifié le"), null=True, blank=True)
    ratified_reference = models.CharField(_("procès-verbal de la ratification"), max_length=200, blank=True)
    ratified_reason = models.TextField(_("motif de la ratification"), max_length=5000, blank=True)
    recorded_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("enregistré par")
    )
    capacity = models.CharField(_("en qualité de"), max_length=20, choices=RoleKind, blank=True)

    class Meta:
        verbose_name = _("vote sur une décision")
        verbose_name_plural = _("votes sur des décisions")
        ordering = ["-held_on", "-created_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    board__isnull=False,
                    organisation__isnull=False,
                    voting_rule__isnull=False,
                    assembly_rule__isnull=True,
                )
                | Q(
                    board__isnull=True,
                    organisation__isnull=True,
                    voting_rule__isnull=True,
                    assembly_rule__isnull=False,
                ),
                name="governance_decision_vote_by_one_organ",
            ),
            models.CheckConstraint(
                condition=Q(in_office__gte=F("present") + F("represented")),
                name="governance_decision_vote_no_more_than_in_office",
            ),
            models.CheckConstraint(
                condition=Q(
                    votes_for__lte=F("present")
                    + F("represented")
                    - F("votes_against")
                    - F("votes_abstain")
                    - F("votes_blank")
                ),
                name="governance_decision_vote_no_more_votes_than_voters",
            ),
            models.CheckConstraint(
                condition=Q(irregular=False, irregular_codes=[]) | (Q(irregular=True) & ~Q(irregular_codes=[])),
                name="governance_decision_vote_irregular_says_why",
            ),
            models.CheckConstraint(
                condition=Q(ratified_on__isnull=True, ratified_reference="", ratified_reason="")
                | (
                    Q(irregular=True, ratified_on__gte=F("held_on"))
                    & ~Q(ratified_reference="")
                    & ~Q(ratified_reason="")
                ),
                name="governance_decision_vote_ratified_as_a_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id} {self.held_on} {self.result}"


@pghistory.track()
class OutcomeReview(TenantModel):
    """What a decision gave, compared with what was expected of it. Append-only: the next review follows."""

    confidentiality_lookup = "decision__confidentiality"

    decision = models.ForeignKey(Decision, models.PROTECT, related_name="reviews", verbose_name=_("décision"))
    held_on = models.DateField(_("tenue le"))
    obtained = models.TextField(_("ce qui a été obtenu"), max_length=20000)
    conclusion = models.CharField(_("conclusion"), max_length=12, choices=ReviewConclusion)
    next_review_on = models.DateField(_("prochaine revue"), null=True, blank=True)
    recorded_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("enregistrée par")
    )

    class Meta:
        verbose_name = _("revue d’une décision")
        verbose_name_plural = _("revues de décisions")
        ordering = ["held_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(next_review_on__isnull=True) | Q(next_review_on__gt=F("held_on")),
                name="governance_review_is_followed_later",
            ),
            models.CheckConstraint(
                condition=~Q(conclusion="abandoned") | Q(next_review_on__isnull=True),
                name="governance_review_of_what_is_abandoned_is_the_last",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.decision_id} {self.held_on}"


@pghistory.track()
class DecisionCircuit(TenantModel):
    """Who decides what, from a day on: for a subject, the rule, who is heard first, and the coordination's ceiling."""

    confidentiality_lookup = "confidentiality"

    subject = subject_code(_("matière"))
    title = models.CharField(_("intitulé"), max_length=200)
    decided_by = models.CharField(_("décidée par"), max_length=12, choices=DecidedBy)
    asked = models.TextField(_("qui est entendu d’abord"), max_length=2000, blank=True)
    ceiling = money(_("plafond de la coordination"), null=True, blank=True)
    valid_from = models.DateField(_("applicable depuis le"))
    confidentiality = level()

    class Meta:
        verbose_name = _("circuit de décision")
        verbose_name_plural = _("circuits de décision")
        ordering = ["subject", "-valid_from", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cooperation", "subject", "valid_from"],
                name="governance_one_circuit_per_subject_and_day",
                violation_error_message=_("Un circuit commence déjà ce jour-là pour cette matière."),
            ),
            models.CheckConstraint(
                condition=Q(ceiling__isnull=True) | Q(decided_by="coordination", ceiling__gte=0),
                name="governance_circuit_ceiling_is_of_coordination",
                violation_error_message=_("Un plafond est celui de la coordination, et n’est pas négatif."),
            ),
            level_is_shared("governance_circuit_known_to_coordination"),
        ]

    def __str__(self) -> str:
        return f"{self.subject} {self.valid_from}"
