"""Reminders as due rows: the truth of what must leave, of what left, and of what did not and why."""

from typing import TYPE_CHECKING, Self
from uuid import UUID

import pghistory
from django.db import models
from django.db.models import F, Func, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from governance.enums import Confidentiality, RoleKind
from governance.models import Person, TenantModel, TenantQuerySet
from governance.reminding import ReminderKind
from worker.enums import CancelReason, ReminderState

if TYPE_CHECKING:
    from governance.actor import Actor


class DatabaseNow(Func):
    """The database's clock inside a query: no difference of clocks between two servers decides what is due."""

    function = "coop_now"
    output_field = models.DateTimeField()


class ReminderQuerySet(TenantQuerySet):
    def visible_to(self, actor: "Actor") -> Self:
        """One's own; and for the coordination, all those about what it may know of."""
        if not actor.roles:
            return self.none()
        condition = Q(recipient=actor.person_id, cooperation__in=actor.cooperation_ids)
        for cooperation_id in actor.cooperation_ids:
            if actor.holds(cooperation_id, [RoleKind.COORDINATION]):
                condition |= Q(cooperation=cooperation_id, confidentiality__in=sorted(actor.levels[cooperation_id]))
        return self.filter(condition)

    def due(self) -> Self:
        """Waiting to be sent, and their time has come."""
        return self.filter(state=ReminderState.PENDING, due_at__lte=DatabaseNow())

    def claimable(self) -> Self:
        """Due, held by nobody (or by somebody whose lease is over), and not waiting after a failure."""
        return self.due().filter(
            Q(lease_until__isnull=True) | Q(lease_until__lte=DatabaseNow()),
            Q(retry_at__isnull=True) | Q(retry_at__lte=DatabaseNow()),
        )


@pghistory.track(exclude=["attempts", "attempt_token", "lease_until", "retry_at"])
class Reminder(TenantModel):
    """One message to one person about one subject at one step (docs/adr/0003).

    `occurrence` names the step; with kind, subject and recipient it makes a row unique, so that a sweep may run twice.
    `attempt_token` grows with each claim: whoever no longer holds the last one may not mark the row. `attempts` counts
    tries since the row was opened. Subject and body are composed when the mail leaves, from what is true then.
    """

    kind = models.CharField(_("sorte de rappel"), max_length=30, choices=ReminderKind)
    # The collection of the API, as in `resource_name`: `milestones`.
    subject_type = models.CharField(_("type d’objet"), max_length=60)
    subject_id = models.UUIDField(pgettext_lazy("ce dont on parle", "objet"))
    recipient = models.ForeignKey(Person, models.PROTECT, related_name="reminders", verbose_name=_("destinataire"))
    occurrence = models.CharField(_("échéance et étape"), max_length=40)
    due_on = models.DateField(_("échéance rappelée"))
    days_before = models.SmallIntegerField(_("jours avant l’échéance"))
    due_at = models.DateTimeField(_("à envoyer à partir du"))
    snoozed_until = models.DateField(_("reporté au"), null=True, blank=True)
    # The level of the subject when last swept: decides whether the coordination may know of the reminder.
    confidentiality = models.CharField(_("confidentialité"), max_length=12, choices=Confidentiality)
    # The app that expects it: when its examination fails, its reminders are left as they are.
    source = models.CharField(_("origine"), max_length=30)
    request_id = models.CharField(_("requête"), max_length=64, blank=True)
    state = models.CharField(_("état"), max_length=10, choices=ReminderState, default=ReminderState.PENDING)
    cancel_reason = models.CharField(_("motif d’annulation"), max_length=20, choices=CancelReason, blank=True)
    attempts = models.PositiveSmallIntegerField(_("tentatives"), default=0)
    attempt_token = models.PositiveIntegerField(_("numéro de la dernière tentative"), default=0)
    lease_until = models.DateTimeField(_("réservé jusqu’à"), null=True, blank=True)
    retry_at = models.DateTimeField(_("nouvelle tentative à partir du"), null=True, blank=True)
    sent_at = models.DateTimeField(_("envoyé le"), null=True, blank=True)
    message_id = models.CharField(_("Message-ID"), max_length=200, unique=True)
    last_error = models.CharField(_("dernière erreur"), max_length=500, blank=True)

    objects = ReminderQuerySet.as_manager()  # type: ignore[misc]

    class Meta:
        verbose_name = _("rappel")
        verbose_name_plural = _("rappels")
        ordering = ["due_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["kind", "subject_type", "subject_id", "recipient", "occurrence"],
                name="worker_one_reminder_per_occurrence",
            ),
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at__isnull=True)),
                name="worker_reminder_sent_has_an_instant",
            ),
            models.CheckConstraint(
                condition=Q(state="cancelled", cancel_reason__gt="") | (~Q(state="cancelled") & Q(cancel_reason="")),
                name="worker_reminder_cancelled_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state="dead") | ~Q(last_error=""), name="worker_reminder_dead_has_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(attempt_token__gte=F("attempts")), name="worker_reminder_token_counts_every_attempt"
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="pending"), name="worker_reminder_pending"),
            models.Index(fields=["cooperation", "state"], name="worker_reminder_of_coop"),
            models.Index(fields=["recipient", "-due_at"], name="worker_reminder_of_person"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.occurrence} → {self.recipient_id}"

    @property
    def about(self) -> tuple[str, str, UUID, UUID]:
        """What two reminders of one series share, as `ExpectedReminder.about`."""
        return (self.kind, self.subject_type, self.subject_id, self.recipient_id)
