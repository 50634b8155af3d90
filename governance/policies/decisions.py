"""Who may act on decisions, votes, delegations and consultations. States and dates are the rules' matter.

A consultation belongs to its employer: the coordination prepares it, but only the employer's own people hand over the
information, record the opinion and answer it.
"""

from typing import Any

from django.utils.translation import gettext_lazy as _

from coopproject.api.policy import Grant, Policy, either, granted_to
from governance.actor import Actor
from governance.enums import CircleKind, RoleKind
from governance.grants import acts_for, coordinates, holds, staff
from governance.models.consultation_documents import EMPLOYER_KINDS

_employer = acts_for("organisation_id", *EMPLOYER_KINDS)
_its_employer = acts_for("consultation.organisation_id", *EMPLOYER_KINDS)

_own_board: Grant = acts_for("board.organisation_id", RoleKind.BOARD_CHAIR, RoleKind.BOARD_MEMBER)


@granted_to(_("présidence, administrateur pour leur conseil ; coordination pour l’assemblée"))
def _speaks_for_the_organ(actor: Actor, vote: Any) -> bool:
    """A board's own members record its vote (docs/adr/0006); the coordination records that of the assembly."""
    return _own_board(actor, vote) if getattr(vote, "board", None) is not None else coordinates(actor, vote)


@granted_to(_("présidence d’un membre du noyau dur"))
def _chairs_the_core(actor: Actor, obj: Any) -> bool:
    """Whoever chairs a member of the core circle: a lone coordinator is delegated to by somebody else."""
    return any(
        role.kind == RoleKind.BOARD_CHAIR
        and role.cooperation_id == obj.cooperation_id
        and role.circle == CircleKind.CORE
        for role in actor
    )


decision = Policy(
    create=staff,
    update=staff,
    submit=coordinates,
    take=coordinates,
    withdraw=coordinates,
    record_review=coordinates,
    # The very same bytes as before, or nothing: whoever took the dossier in may.
    restore_minutes=staff,
)
decision_vote = Policy(
    create=_speaks_for_the_organ,
    regularise=_speaks_for_the_organ,
    restore_minutes=either(staff, _speaks_for_the_organ),
)
_delegates = either(coordinates, _chairs_the_core)
delegation = Policy(create=_delegates, update=_delegates, revoke=_delegates)
assembly_rule = Policy(create=coordinates, update=coordinates)
decision_circuit = Policy(create=coordinates, update=coordinates)

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
