"""The lists of the path cost the same for two rows and for forty."""

import datetime as dt
from collections.abc import Callable, Iterator
from itertools import count

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.governance import factories
from tests.governance import path_factories as path
from tests.queries import assert_constant_queries

pytestmark = pytest.mark.django_db
_number: Iterator[int] = count(1)


def _entries(cast: Cast) -> None:
    path.journey_entry(cast, cast.alpha, since=cast.today - dt.timedelta(days=next(_number) % 700))


def _scenarios(cast: Cast) -> None:
    path.scenario(cast, cast.alpha, cast.beta, cast.gamma)


def _missions(cast: Cast) -> None:
    made = path.mission(cast)
    path.phase(made)
    path.deliverable(made)


def _projects(cast: Cast) -> None:
    made = path.project(cast, cast.alpha, cast.beta, decision=factories.decision(cast))
    first = path.step(made)
    path.step(made, 2, first)


LISTS: dict[str, Callable[[Cast], None]] = {
    "journey-entries/": _entries,
    "structure-scenarios/": _scenarios,
    "support-missions/": _missions,
    "mission-phases/": _missions,
    "mission-deliverables/": _missions,
    "structure-projects/": _projects,
    "project-steps/": _projects,
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_costs_the_same_for_two_rows_and_for_forty(cast: Cast, name: str) -> None:
    def make(rows: int) -> None:
        for _index in range(rows):
            LISTS[name](cast)

    assert_constant_queries(cast.api(cast.coordinator), f"/api/v1/{name}", make)


def test_hypotheses_side_by_side_cost_the_same_for_two_and_for_twelve(cast: Cast) -> None:
    client, address = cast.api(cast.coordinator), f"/api/v1/cooperations/{cast.cooperation.pk}/scenarios/"
    counts = []
    for more in (2, 10):
        for _index in range(more):
            path.scenario(cast, cast.alpha, cast.beta, cast.gamma, impact_flags=["transfer_of_staff"])
        client.get(address)
        with CaptureQueriesContext(connection) as captured:
            assert client.get(address).status_code == 200
        counts.append(len(captured.captured_queries))
    assert counts[0] == counts[1]
