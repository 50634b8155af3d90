"""The whole product of states and transitions, with the allowed set written by hand."""

import itertools
from types import SimpleNamespace

import pytest

from coopproject.exceptions import RuleViolated
from governance import states
from governance.enums import ConsultationState as CS
from governance.enums import ConsultationTransition as CT
from governance.enums import DecisionState as DS
from governance.enums import DecisionTransition as DT

DECISION = {
    ("draft", "submit"): "submitted",
    ("draft", "withdraw"): "withdrawn",
    ("submitted", "take"): "taken",
    ("submitted", "withdraw"): "withdrawn",
}
CONSULTATION = {
    ("draft", "send_information"): "information_sent",
    ("information_sent", "send_information"): "information_sent",
    ("information_sent", "record_opinion"): "opinion_given",
    ("information_sent", "deem_negative"): "deemed_negative",
    ("deemed_negative", "reopen"): "information_sent",
    ("opinion_given", "record_response"): "response_recorded",
    ("deemed_negative", "record_response"): "response_recorded",
    ("opinion_given", "close"): "closed",
    ("deemed_negative", "close"): "closed",
    ("response_recorded", "close"): "closed",
}


@pytest.mark.parametrize(("state", "transition"), list(itertools.product(DS, DT)))
def test_every_state_times_every_transition_of_a_decision(state: DS, transition: DT) -> None:
    check(states.decision, DECISION, state, transition)


@pytest.mark.parametrize(("state", "transition"), list(itertools.product(CS, CT)))
def test_every_state_times_every_transition_of_a_consultation(state: CS, transition: CT) -> None:
    check(states.consultation, CONSULTATION, state, transition)


def check(machine: object, allowed: dict[tuple[str, str], str], state: str, transition: str) -> None:
    obj = SimpleNamespace(state=str(state))
    wanted = allowed.get((str(state), str(transition)))
    if wanted is None:
        with pytest.raises(RuleViolated):
            machine.apply(obj, transition)  # type: ignore[attr-defined]
        assert obj.state == state
    else:
        machine.apply(obj, transition)  # type: ignore[attr-defined]
        assert obj.state == wanted
