"""The transition table of a charter version. `apply` is the only writer of `.state`."""

from charters.enums import VersionState as S
from charters.enums import VersionTransition as T
from coopproject.statemachine import StateMachine

charter_version: StateMachine[S, T] = StateMachine(
    {
        (S.DRAFT, T.SUBMIT): S.SUBMITTED,
        (S.DRAFT, T.WITHDRAW): S.WITHDRAWN,
        (S.SUBMITTED, T.ENTER): S.IN_FORCE,
        (S.SUBMITTED, T.WITHDRAW): S.WITHDRAWN,
        (S.SUBMITTED, T.REJECT): S.REJECTED,
        (S.IN_FORCE, T.SUPERSEDE): S.SUPERSEDED,
    }
)
