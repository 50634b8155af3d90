"""The organ that decides for an organisation, and its voting rules as dated data (never guessed: domain.md 2.2)."""

from typing import TYPE_CHECKING, Any, ClassVar, Self

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from coopproject.models import Entity
from governance.enums import GoverningBody
from governance.models.fields import level, level_is_shared
from governance.models.organisations import Organisation

if TYPE_CHECKING:
    from governance.actor import Actor


class BoardQuerySet(models.QuerySet["Board"]):
    def visible_to(self, actor: "Actor") -> Self:
        """Those of one's own organisations; and those of the members of a cooperation where the actor reaches their
        level, as far as these are known to be members."""
        if not actor.roles:
            return self.none()
        condition = Q(organisation__in=sorted(actor.own_organisations))
        for levels, cooperation_ids in actor.cooperations_by_levels.items():
            here = Organisation.objects.known_in(actor, cooperation_ids)
            condition |= Q(confidentiality__in=sorted(levels), organisation__in=here.order_by().values("pk"))
        return self.filter(condition)


@pghistory.track()
class Board(Entity):
    """A governing body of an organisation. Several may exist; the one that approves charters is `approves_charters`.

    Its level covers its voting rules: what a vote by them counted is told without them (docs/adr/0029).
    """

    confidentiality_lookup: ClassVar[str | None] = "confidentiality"

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, related_name="boards", verbose_name=_("organisation")
    )
    body = models.CharField(_("organe"), max_length=12, choices=GoverningBody, default=GoverningBody.CA)
    seats_in_office = models.PositiveSmallIntegerField(_("membres en exercice"))
    approves_charters = models.BooleanField(_("approuve les chartes"), default=True)
    confidentiality = level()

    objects: ClassVar[Any] = BoardQuerySet.as_manager()

    class Meta:
        verbose_name = _("instance dirigeante")
        verbose_name_plural = _("instances dirigeantes")
        ordering = ["organisation", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation"],
                condition=Q(approves_charters=True),
                name="governance_one_board_approves_charters",
                violation_error_message=_("Une seule instance approuve les chartes d’une organisation."),
            ),
            models.CheckConstraint(condition=Q(seats_in_office__gte=1), name="governance_board_has_a_seat"),
            level_is_shared("governance_board_known_to_coordination"),
        ]

    def __str__(self) -> str:
        return f"{self.get_body_display()} ({self.organisation_id})"


class OfBoardQuerySet(models.QuerySet["VotingRule"]):
    def visible_to(self, actor: "Actor") -> Self:
        """Those of the boards that this actor may know of."""
        return self.filter(board__in=Board.objects.visible_to(actor).order_by().values("pk"))


@pghistory.track()
class VotingRule(Entity):
    """The rule set of a board from a day on, as read in its statutes. A rule in use is never changed, only followed."""

    confidentiality_lookup: ClassVar[str | None] = "board__confidentiality"

    board = models.ForeignKey(Board, models.PROTECT, related_name="voting_rules", verbose_name=_("instance"))
    valid_from = models.DateField(_("applicable depuis le"))
    definition = models.JSONField(_("règle"))
    source = models.CharField(_("article des statuts"), max_length=200, blank=True)

    objects = OfBoardQuerySet.as_manager()

    class Meta:
        verbose_name = _("règle de vote")
        verbose_name_plural = _("règles de vote")
        ordering = ["board", "-valid_from"]
        constraints = [
            models.UniqueConstraint(fields=["board", "valid_from"], name="governance_one_voting_rule_per_day"),
        ]

    def __str__(self) -> str:
        return f"{self.board_id} {self.valid_from}"
