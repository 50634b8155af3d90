"""Who may act on decisions and consultations. States and dates are the rules' matter.

A consultation belongs to its employer: the coordination prepares it, but only the employer's own people hand over the
information, record the opinion and answer it.
"""

from coopproject.api.policy import Policy, either
from governance.enums import RoleKind
from governance.grants import acts_for, coordinates, holds, staff

_employer = acts_for("organisation_id", RoleKind.BOARD_CHAIR, RoleKind.DIRECTOR, RoleKind.EMPLOYEES_CONTACT)

decision = Policy(create=staff, update=staff, submit=coordinates, take=coordinates, withdraw=coordinates)

consultation = Policy(
    create=either(staff, _employer),
    update=either(staff, _employer),
    send_information=_employer,
    designate_expert=_employer,
    extend=_employer,
    record_opinion=_employer,
    record_response=_employer,
    close=either(holds(RoleKind.COORDINATION), _employer),
)
