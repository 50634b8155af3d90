"""Closed lists of the worker: English value, French label."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ReminderState(TextChoices):
    PENDING = "pending", _("à envoyer")
    SENT = "sent", _("envoyé")
    CANCELLED = "cancelled", _("annulé")
    DEAD = "dead", pgettext_lazy("rappel", "abandonné")


class ReminderTransition(TextChoices):
    MARK_SENT = "mark_sent", _("noter envoyé")
    CANCEL = "cancel", _("annuler")
    REOPEN = "reopen", _("rouvrir")
    GIVE_UP = "give_up", pgettext_lazy("rappel", "abandonner")
    SNOOZE = "snooze", pgettext_lazy("rappel", "reporter")


class CancelReason(TextChoices):
    """Why a reminder that was written never left."""

    OBSOLETE = "obsolete", _("n’a plus lieu d’être")
    SUPERSEDED = "superseded", _("remplacé par un rappel plus récent")
