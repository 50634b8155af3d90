"""The transition tables of governance. `apply` is the only writer of `.state`."""

from coopproject.statemachine import StateMachine
from governance.enums import CommunicationState, CommunicationTransition
from governance.enums import ConsultationState as CS
from governance.enums import ConsultationTransition as CT
from governance.enums import DecisionState as DS
from governance.enums import DecisionTransition as DT
from governance.enums import SheetState as SS
from governance.enums import SheetTransition as ST

decision: StateMachine[DS, DT] = StateMachine(
    {
        (DS.DRAFT, DT.SUBMIT): DS.SUBMITTED,
        (DS.SUBMITTED, DT.TAKE): DS.TAKEN,
        (DS.DRAFT, DT.WITHDRAW): DS.WITHDRAWN,
        (DS.SUBMITTED, DT.WITHDRAW): DS.WITHDRAWN,
    }
)

sheet: StateMachine[SS, ST] = StateMachine({(SS.DRAFT, ST.SUBMIT): SS.SUBMITTED, (SS.SUBMITTED, ST.REOPEN): SS.DRAFT})

consultation: StateMachine[CS, CT] = StateMachine(
    {
        (CS.DRAFT, CT.SEND_INFORMATION): CS.INFORMATION_SENT,
        # Late information: handed over again or completed, the clock restarts from it.
        (CS.INFORMATION_SENT, CT.SEND_INFORMATION): CS.INFORMATION_SENT,
        (CS.INFORMATION_SENT, CT.RECORD_OPINION): CS.OPINION_GIVEN,
        (CS.INFORMATION_SENT, CT.DEEM_NEGATIVE): CS.DEEMED_NEGATIVE,
        # Silence had not spoken yet: a judge seized in time rules after the end (domain.md C10), an opinion or an
        # expert of before the end is told after it.
        (CS.DEEMED_NEGATIVE, CT.REOPEN): CS.INFORMATION_SENT,
        (CS.OPINION_GIVEN, CT.RECORD_RESPONSE): CS.RESPONSE_RECORDED,
        (CS.DEEMED_NEGATIVE, CT.RECORD_RESPONSE): CS.RESPONSE_RECORDED,
        (CS.RESPONSE_RECORDED, CT.CLOSE): CS.CLOSED,
        # Closable without a response, with a warning (domain.md 1.6).
        (CS.OPINION_GIVEN, CT.CLOSE): CS.CLOSED,
        (CS.DEEMED_NEGATIVE, CT.CLOSE): CS.CLOSED,
    }
)

communication: StateMachine[CommunicationState, CommunicationTransition] = StateMachine(
    {
        (CommunicationState.PLANNED, CommunicationTransition.COMPLETE): CommunicationState.DONE,
        (CommunicationState.PLANNED, CommunicationTransition.CANCEL): CommunicationState.CANCELLED,
    }
)
