"""Who may do what with reminders and their rules."""

from django.utils.translation import gettext_lazy as _

from coopproject.api.policy import Policy
from governance.grants import coordinates, is_person

reminder_rule = Policy(create=coordinates, update=coordinates)
reminder = Policy(snooze=is_person("recipient_id", _("le destinataire")))
