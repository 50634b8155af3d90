"""The lists of deciding cost the same for two rows and for forty."""

import datetime as dt
from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance.models import AssemblyRule, DecisionCircuit, DecisionOption
from tests.cast import Cast
from tests.governance import factories
from tests.queries import assert_constant_queries

DAY = dt.timedelta(days=1)


def _votes(cast: Cast, count: int) -> None:
    for _index in range(count):
        decision = factories.decision(cast, cast.gamma, decided_by="each_board")
        factories.board_vote(cast, decision, cast.gamma)


def _delegations(cast: Cast, count: int) -> None:
    for _index in range(count):
        given_by = factories.decision(
            cast, cast.gamma, state="taken", taken_on=cast.today, requirements_at_taking=[], subject="achats"
        )
        factories.delegation(cast, granted_by=given_by)


def _rules(cast: Cast, count: int) -> None:
    known = AssemblyRule.objects.count()
    for index in range(count):
        factories.assembly_rule(cast, valid_from=cast.since + DAY * (known + index))


def _circuits(cast: Cast, count: int) -> None:
    known = DecisionCircuit.objects.count()
    for index in range(count):
        factories.circuit(cast, subject=f"matiere-{known + index}")


def _decisions(cast: Cast, count: int) -> None:
    """With all that a decision may hold: options, what it supersedes, who decides."""
    for _index in range(count):
        earlier = factories.decision(cast, cast.gamma, state="taken", taken_on=cast.today, requirements_at_taking=[])
        made = factories.decision(cast, cast.gamma, decided_by="assembly", subject="achats")
        made.supersedes.set([earlier])
        DecisionOption.objects.create(cooperation=cast.cooperation, decision=made, position=1, title="Acheter")


@pytest.mark.parametrize(
    ("path", "make"),
    [
        ("decision-votes/", _votes),
        ("decision-votes/?expand=decision", _votes),
        ("delegations/", _delegations),
        ("delegations/?expand=role,granted_by", _delegations),
        ("assembly-rules/", _rules),
        ("decision-circuits/", _circuits),
        ("decisions/?subject=achats&decided_by=assembly", _decisions),
    ],
)
def test_a_list_costs_the_same_for_two_rows_and_for_forty(
    cast: Cast, path: str, make: Callable[[Cast, int], None]
) -> None:
    assert_constant_queries(cast.api(cast.coordinator), f"/api/v1/{path}", lambda count: make(cast, count))


def _waiting_for_everything(cast: Cast, count: int) -> None:
    """Decisions of each kind that wait: for boards, for the assembly, for the holder of a delegation."""
    for _index in range(count):
        by_boards = factories.decision(cast, cast.gamma, cast.alpha, decided_by="each_board")
        factories.board_vote(cast, by_boards, cast.gamma)
        factories.decision(cast, cast.gamma, decided_by="assembly")
        factories.decision(cast, cast.gamma, decided_by="coordination", amount="1.00")


@pytest.mark.parametrize(
    "path", ["users/me/", "cooperations/{id}/vital-signs/", "cooperations/{id}/decision-circuits/"]
)
def test_what_waits_and_what_is_wrong_cost_the_same_for_a_few_decisions_and_for_many(cast: Cast, path: str) -> None:
    factories.delegation(cast)
    client, address = cast.api(cast.coordinator), f"/api/v1/{path}".replace("{id}", str(cast.cooperation.pk))
    costs = []
    for count in (2, 6):
        _waiting_for_everything(cast, count)
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        costs.append(len(captured.captured_queries))
    assert costs[0] == costs[1]
