"""Who may do what with the votes of boards. States, dates and turn-out belong to the rules."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from coopproject.api.policy import Grant, Policy, either, granted_to
from governance.actor import Actor
from governance.enums import RoleKind
from governance.grants import acts_for, staff

# Nobody approves for another organisation: coordination neither.
_board_of: Grant = acts_for("board.organisation_id", RoleKind.BOARD_CHAIR, RoleKind.BOARD_MEMBER)
_own_board: Grant = acts_for("organisation_id", RoleKind.BOARD_CHAIR, RoleKind.BOARD_MEMBER)
_chairs: Grant = acts_for("organisation_id", RoleKind.BOARD_CHAIR)


@granted_to(_("présidence de l’organisation concernée, ou l’administrateur qui a convoqué"))
def leads_the_session(actor: Actor, deliberation: Any) -> bool:
    """The chair of the board; or the member of it who convened this session, when the chair cannot hold it."""
    convened = actor.person_id is not None and deliberation.recorded_by_id == actor.person_id
    return _chairs(actor, deliberation) or (convened and _own_board(actor, deliberation))


@granted_to(_("qui a voix dans ce vote"))
def _has_a_vote(actor: Actor, deliberation: Any) -> bool:
    """An elector: the list was frozen at the opening, whatever became of their role since (docs/adr/0012)."""
    return any(elector.person_id == actor.person_id for elector in deliberation.electors.all())


@granted_to(_("qui porte une procuration"))
def _holds_a_proxy(actor: Actor, deliberation: Any) -> bool:
    return any(proxy.holder_id == actor.person_id and proxy.revoked_on is None for proxy in deliberation.proxies.all())


_votes: Grant = either(_own_board, _has_a_vote)
board_deliberation = Policy(
    create=_board_of,
    open=leads_the_session,
    cast=either(_votes, _holds_a_proxy),
    lift_objection=_votes,
    attend=_votes,
    recuse=_votes,
    declare_proxy=_votes,
    revoke_proxy=_votes,
    close=leads_the_session,
    record=_own_board,
    cancel=leads_the_session,
    regularise=_own_board,
    # The very same bytes as before, or nothing: whoever took the dossier in may.
    restore_minutes=either(staff, _own_board),
)
