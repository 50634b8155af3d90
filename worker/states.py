"""The life of a reminder. `apply` is the only writer of `.state`."""

from coopproject.statemachine import StateMachine
from worker.enums import ReminderState as RS
from worker.enums import ReminderTransition as RT

reminder: StateMachine[RS, RT] = StateMachine(
    {
        (RS.PENDING, RT.MARK_SENT): RS.SENT,
        (RS.PENDING, RT.CANCEL): RS.CANCELLED,
        (RS.PENDING, RT.GIVE_UP): RS.DEAD,
        (RS.PENDING, RT.SNOOZE): RS.PENDING,
        # What is expected again (a date moved there and back, an address that was missing) is owed again.
        (RS.CANCELLED, RT.REOPEN): RS.PENDING,
        (RS.DEAD, RT.REOPEN): RS.PENDING,
    }
)
