"""When a cooperation wants to be reminded of what."""

import pghistory
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.utils.translation import gettext_lazy as _

from governance.models import TenantModel
from governance.reminding import ReminderKind


@pghistory.track()
class ReminderRule(TenantModel):
    """The steps of one kind of reminder in one cooperation; a kind without a rule follows the default steps.

    `days_before`: days before the day awaited, negative once it is past. An inactive rule means no reminder.
    """

    kind = models.CharField(_("sorte de rappel"), max_length=30, choices=ReminderKind)
    days_before = ArrayField(models.SmallIntegerField(), verbose_name=_("jours avant l’échéance (négatifs après)"))
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("règle de rappel")
        verbose_name_plural = _("règles de rappel")
        ordering = ["kind", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["cooperation", "kind"],
                name="worker_one_rule_per_kind",
                violation_error_message=_("Cette coopération a déjà une règle pour cette sorte de rappel."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.days_before}"
