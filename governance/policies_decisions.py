"""Who may act on decisions and consultations. States and dates are the rules' matter.

A consultation belongs to its employer: the coordination prepares it, but only the employer's own people hand over the
information, record the opinion and answer it.
"""

from coopproject.api.policy import Policy, either
from governance.enums import RoleKind
from governance.grants import acts_for, coordinates, holds, staff
from governance.models.consultation_documents import EMPLOYER_KINDS

_employer = acts_for("organisation_id", *EMPLOYER_KINDS)
_its_employer = acts_for("consultation.organisation_id", *EMPLOYER_KINDS)

decision = Policy(create=staff, update=staff, submit=coordinates, take=coordinates, withdraw=coordinates)

consultation = Policy(
    create=either(staff, _employer),
    update=either(staff, _employer),
    send_information=_employer,
    designate_expert=_employer,
    extend=_employer,
    record_opinion=_employer,
    record_response=_employer,
    acknowledge_incomplete=_employer,
    contest_information=_employer,
    answer_contest=_employer,
    close=either(holds(RoleKind.COORDINATION), _employer),
)
consultation_document = Policy(
    create=_its_employer, update=_its_employer, hand_over=_its_employer, restore_file=_its_employer
)
consultation_meeting = Policy(create=_its_employer, annul=_its_employer)
