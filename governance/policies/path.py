"""Who may act on the path: where each is, hypotheses of structure, accompaniment, the creation of a structure."""

from django.utils.translation import gettext_lazy as _

from coopproject.api.policy import Policy, either
from governance.grants import acts_for, coordinates, is_person, staff
from governance.policies import HEADS

# A member says where it is; who accompanies the cooperation may note it for it, as at a workshop.
_notes_pace = either(staff, acts_for("organisation_id", *HEADS))

journey_entry = Policy(create=_notes_pace, update=_notes_pace)
# Whoever facilitates writes the hypotheses; putting one before the members and choosing are the coordination's acts.
structure_scenario = Policy(
    create=staff, update=staff, propose=coordinates, keep=coordinates, set_aside=coordinates, reopen=coordinates
)
# Whoever facilitates follows the accompaniment: days, deliverables and phases are facts, not decisions.
support_mission = Policy(create=staff, update=staff)
mission_part = Policy(create=staff, update=staff, start=staff, finish=staff, reopen=staff)
mission_deliverable = Policy(create=staff, update=staff, deliver=staff, reopen=staff, restore_file=staff)
_owns = is_person("owner_id", _("qui en est chargé"))
structure_project = Policy(
    create=staff, update=staff, start=coordinates, register=coordinates, abandon=coordinates, reopen=coordinates
)
# Whoever is in charge of a step says that it is done; leaving it aside is the coordination's.
project_step = Policy(
    create=staff,
    update=staff,
    complete=either(staff, _owns),
    skip=coordinates,
    reopen=either(staff, _owns),
    restore_file=staff,
)
