"""Who may do what with charters. States, dates and texts belong to the rules."""

from coopproject.api.policy import READ_ONLY, Grant, Policy, either
from governance.enums import RoleKind
from governance.grants import acts_for, coordinates, staff

_HEADS = (RoleKind.BOARD_CHAIR, RoleKind.BOARD_MEMBER, RoleKind.DIRECTOR)
# Nobody approves for another organisation: coordination neither.
_board_of: Grant = acts_for("board.organisation_id", RoleKind.BOARD_CHAIR, RoleKind.BOARD_MEMBER)
_of_its_organisation: Grant = either(staff, acts_for("organisation_id", *_HEADS))
_of_the_motivation: Grant = either(staff, acts_for("motivation.organisation_id", *_HEADS))

charter = Policy(create=coordinates, update=coordinates, archive=coordinates, record_review=staff)
charter_version = Policy(
    create=staff, update=staff, amend=staff, submit=coordinates, withdraw=coordinates, reject=coordinates
)
article = Policy(create=staff, update=staff, destroy=staff)
motivation = Policy(create=_of_its_organisation, update=_of_its_organisation)
expected_effect = Policy(create=_of_the_motivation, update=_of_the_motivation)
board_deliberation = Policy(create=_board_of)
approval = READ_ONLY
