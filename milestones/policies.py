"""Who may do what with the objects of milestones (docs/reference/permissions.md). Never states, never dates."""

from django.utils.translation import gettext_lazy as _

from coopproject.api.policy import Policy, either
from governance.enums import RoleKind
from governance.grants import coordinates, holds, is_person, staff
from milestones.grants import pilots

_checks = holds(RoleKind.COORDINATION, RoleKind.FACILITATION, RoleKind.BOARD_CHAIR, RoleKind.DIRECTOR)
_of_activity = either(coordinates, pilots("activity_id"))

activity = Policy(create=coordinates, update=coordinates)

mandate = Policy(
    create=coordinates,
    update=coordinates,
    # Nobody accepts for another.
    accept=is_person("person_id", _("le pilote désigné")),
    suspend=either(coordinates, is_person("person_id", _("le pilote désigné"))),
    end=either(coordinates, is_person("person_id", _("le pilote désigné"))),
)

milestone = Policy(
    create=_of_activity,
    update=_of_activity,
    start=_of_activity,
    complete=_of_activity,
    reschedule=_of_activity,
    cancel=_of_activity,
)

# The pilot spends within the plan; the plan itself is the coordination's.
budget_line = Policy(create=coordinates, update=coordinates)
budget_entry = Policy(create=either(coordinates, pilots("line.activity_id")))

indicator = Policy(create=_of_activity, update=_of_activity)
# A pilot states the targets of the activity, and does not move those already stated.
indicator_target = Policy(create=either(coordinates, pilots("indicator.activity_id")), update=coordinates)
measurement = Policy(
    create=either(staff, pilots("indicator.activity_id")),
    update=is_person("entered_by_id", _("qui a saisi la mesure")),
    submit=is_person("entered_by_id", _("qui a saisi la mesure")),
    validate=either(staff, pilots("indicator.activity_id")),
    hand_over=either(staff, is_person("entered_by_id", _("qui a saisi la mesure"))),
    **{"return": either(staff, pilots("indicator.activity_id"))},
)

evaluation = Policy(create=coordinates, update=coordinates, open=coordinates, close=coordinates)
evaluation_gap = Policy(read=staff)
corrective_action = Policy(
    create=staff, update=staff, complete=either(staff, is_person("owner_id", _("qui en est chargé"))), verify=_checks
)
