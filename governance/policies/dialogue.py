"""Who may act on working groups and on the communication plan. States and dates are the rules' matter."""

from django.utils.translation import gettext_lazy as _

from coopproject.api.policy import Policy, either
from governance.grants import acts_for, is_person, staff
from governance.policies import HEADS

_leads = either(staff, is_person("lead_id", _("qui conduit le groupe")))
_owns = either(staff, is_person("owner_id", _("qui en est chargé")))
_heads = acts_for("organisation_id", *HEADS)

working_group = Policy(
    create=staff,
    update=_leads,
    add_member=_leads,
    remove_member=_leads,
    record_meeting=_leads,
    deliver=_leads,
    end=_leads,
    restore_output=_leads,
)
# The head of an organisation plans what its own people are told; the owner does it and says what was really said.
communication_action = Policy(
    create=either(staff, _heads), update=either(staff, _heads), complete=_owns, cancel=either(_owns, _heads)
)
