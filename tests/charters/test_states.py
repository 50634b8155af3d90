"""The whole product of states and transitions, allowed pairs written by hand."""

import itertools

import pytest

from charters.enums import DeliberationState as D
from charters.enums import DeliberationTransition as DT
from charters.enums import ThreadState, ThreadTransition
from charters.enums import VersionState as S
from charters.enums import VersionTransition as T
from charters.models import ArticleComment, BoardDeliberation, CharterVersion
from charters.states import board_deliberation, charter_version, comment_thread
from coopproject.exceptions import RuleViolated

ALLOWED = {
    (S.DRAFT, T.SUBMIT): S.SUBMITTED,
    (S.DRAFT, T.WITHDRAW): S.WITHDRAWN,
    (S.SUBMITTED, T.WITHDRAW): S.WITHDRAWN,
    (S.SUBMITTED, T.REJECT): S.REJECTED,
    (S.SUBMITTED, T.ENTER): S.IN_FORCE,
    (S.IN_FORCE, T.SUPERSEDE): S.SUPERSEDED,
}


@pytest.mark.parametrize(("state", "transition"), list(itertools.product(S, T)))
def test_a_version_moves_only_where_the_table_says(state: S, transition: T) -> None:
    version = CharterVersion(state=state)
    if (state, transition) in ALLOWED:
        charter_version.apply(version, transition)
        assert version.state == ALLOWED[state, transition]
    else:
        with pytest.raises(RuleViolated) as refused:
            charter_version.apply(version, transition)
        assert [violation.code for violation in refused.value.violations] == ["wrong_state"]
        assert version.state == state


DELIBERATIONS = {
    (D.CONVENED, DT.OPEN): D.OPEN,
    (D.CONVENED, DT.RECORD): D.CLOSED,
    (D.CONVENED, DT.CANCEL): D.CANCELLED,
    (D.OPEN, DT.CLOSE): D.CLOSED,
    (D.OPEN, DT.CANCEL): D.CANCELLED,
}


@pytest.mark.parametrize(("state", "transition"), list(itertools.product(D, DT)))
def test_every_state_of_a_deliberation_times_every_transition(state: D, transition: DT) -> None:
    deliberation = BoardDeliberation(state=state)
    if (state, transition) in DELIBERATIONS:
        board_deliberation.apply(deliberation, transition)
        assert deliberation.state == DELIBERATIONS[state, transition]
    else:
        with pytest.raises(RuleViolated, match="wrong_state"):
            board_deliberation.apply(deliberation, transition)
        assert deliberation.state == state


THREADS = {
    (ThreadState.OPEN, ThreadTransition.RESOLVE): ThreadState.RESOLVED,
    (ThreadState.RESOLVED, ThreadTransition.REOPEN): ThreadState.OPEN,
}


@pytest.mark.parametrize(("state", "transition"), list(itertools.product(ThreadState, ThreadTransition)))
def test_a_thread_is_closed_when_open_and_opened_again_when_closed(
    state: ThreadState, transition: ThreadTransition
) -> None:
    thread = ArticleComment(state=state)
    if (state, transition) in THREADS:
        comment_thread.apply(thread, transition)
        assert thread.state == THREADS[state, transition]
    else:
        with pytest.raises(RuleViolated, match="wrong_state"):
            comment_thread.apply(thread, transition)
        assert thread.state == state
