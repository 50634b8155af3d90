"""The transition tables of charters. `apply` is the only writer of `.state`."""

from charters.enums import AgreementState as A
from charters.enums import AgreementTransition as AT
from charters.enums import DeliberationState as D
from charters.enums import DeliberationTransition as DT
from charters.enums import ThreadState, ThreadTransition
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

board_deliberation: StateMachine[D, DT] = StateMachine(
    {
        (D.CONVENED, DT.OPEN): D.OPEN,
        (D.CONVENED, DT.RECORD): D.CLOSED,
        (D.CONVENED, DT.CANCEL): D.CANCELLED,
        (D.OPEN, DT.CLOSE): D.CLOSED,
        (D.OPEN, DT.CANCEL): D.CANCELLED,
    }
)

comment_thread: StateMachine[ThreadState, ThreadTransition] = StateMachine(
    {
        (ThreadState.OPEN, ThreadTransition.RESOLVE): ThreadState.RESOLVED,
        (ThreadState.RESOLVED, ThreadTransition.REOPEN): ThreadState.OPEN,
    }
)

agreement: StateMachine[A, AT] = StateMachine(
    {
        (A.DRAFT, AT.PROPOSE): A.PROPOSED,
        (A.DRAFT, AT.WITHDRAW): A.WITHDRAWN,
        (A.PROPOSED, AT.ENTER): A.IN_FORCE,
        (A.PROPOSED, AT.WITHDRAW): A.WITHDRAWN,
        (A.IN_FORCE, AT.END): A.ENDED,
    }
)
