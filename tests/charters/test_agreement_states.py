"""The whole product of states and transitions of an agreement, allowed pairs written by hand."""

import itertools

import pytest

from charters.enums import AgreementState as S
from charters.enums import AgreementTransition as T
from charters.models import Agreement
from charters.states import agreement as machine
from coopproject.exceptions import RuleViolated

ALLOWED = {
    (S.DRAFT, T.PROPOSE): S.PROPOSED,
    (S.DRAFT, T.WITHDRAW): S.WITHDRAWN,
    (S.PROPOSED, T.ENTER): S.IN_FORCE,
    (S.PROPOSED, T.WITHDRAW): S.WITHDRAWN,
    (S.IN_FORCE, T.END): S.ENDED,
}


@pytest.mark.parametrize(("state", "transition"), list(itertools.product(S, T)))
def test_an_agreement_moves_only_where_the_table_says(state: S, transition: T) -> None:
    agreement = Agreement(state=state)
    if (state, transition) in ALLOWED:
        machine.apply(agreement, transition)
        assert agreement.state == ALLOWED[state, transition]
        return
    with pytest.raises(RuleViolated) as refused:
        machine.apply(agreement, transition)
    assert [violation.code for violation in refused.value.violations] == ["wrong_state"]
    assert agreement.state == state
