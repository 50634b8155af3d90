"""Where a cooperation and its members are among the four challenges, and at which level (seeds S2 and S0)."""

from typing import ClassVar

import pghistory
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from governance.enums import Confidentiality
from governance.enums_path import Challenge, CooperationLevel
from governance.models.identity import Person
from governance.models.organisations import Organisation
from governance.models.tenancy import TenantModel


@pghistory.track()
class JourneyEntry(TenantModel):
    """From a day on, somebody is at a challenge, or the cooperation at a level. The latest day says where it is now.

    `organisation` empty: the cooperation as a whole; else the pace of that member. `answers`: item of the challenge ->
    `{answer, note}` (`governance.rules.journey`). Going back is an entry as any other.
    """

    confidentiality_lookup: ClassVar[str | None] = "confidentiality"
    restricted_lookup: ClassVar[str | None] = "organisation"

    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("organisation")
    )
    challenge = models.CharField(_("challenge"), max_length=10, choices=Challenge, blank=True)
    level = models.CharField(_("niveau de coopération"), max_length=20, choices=CooperationLevel, blank=True)
    since = models.DateField(_("depuis le"))
    reason = models.TextField(_("motif"), max_length=5000)
    answers = models.JSONField(_("réponses"), default=dict, blank=True)
    recorded_by = models.ForeignKey(
        Person, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("noté par")
    )
    confidentiality = models.CharField(
        _("niveau"), max_length=20, choices=Confidentiality, default=Confidentiality.NETWORK
    )

    class Meta:
        verbose_name = _("étape du parcours")
        verbose_name_plural = _("étapes du parcours")
        ordering = ["since", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(challenge="") & ~Q(level="")) | (~Q(challenge="") & Q(level="")),
                name="governance_journey_challenge_or_level",
                violation_error_message=_("Indiquez un challenge, ou un niveau de coopération, et un seul des deux."),
            ),
            models.CheckConstraint(
                condition=Q(level="") | Q(organisation__isnull=True),
                name="governance_journey_level_of_cooperation",
                violation_error_message=_("Le niveau est celui de la coopération, pas d’un membre."),
            ),
            models.UniqueConstraint(
                fields=["cooperation", "organisation", "since"],
                condition=~Q(challenge=""),
                nulls_distinct=False,
                name="governance_journey_one_challenge_a_day",
                violation_error_message=_("Un challenge est déjà noté ce jour-là : corrigez-le."),
            ),
            models.UniqueConstraint(
                fields=["cooperation", "since"],
                condition=~Q(level=""),
                name="governance_journey_one_level_a_day",
                violation_error_message=_("Un niveau est déjà noté ce jour-là : corrigez-le."),
            ),
            # Nobody at all could know of it: `restricted` names one organisation.
            models.CheckConstraint(
                condition=~Q(confidentiality="restricted") | Q(organisation__isnull=False),
                name="governance_journey_restricted_to_a_member",
                violation_error_message=_("Seule l’étape d’un membre peut lui être réservée."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.challenge or self.level} {self.since}"
