"""Every list of milestones costs the same number of queries for 2 rows and for 40, with everything expanded."""

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.cast import Cast
from tests.milestones import factories


def _budget_entry(cast: Cast) -> None:
    activity = factories.activity(cast)
    mandate = factories.mandate(cast, activity)
    factories.budget_entry(cast, factories.budget_line(cast, activity), "12.00", mandate=mandate)


def _milestone(cast: Cast) -> None:
    activity = factories.activity(cast)
    factories.mandate(cast, activity)
    factories.milestone(cast, activity, awaits=(factories.milestone(cast, activity),))


def _gap(cast: Cast) -> None:
    activity = factories.activity(cast)
    factories.gap(cast, factories.evaluation(cast), factories.milestone(cast, activity))


def _measurement(cast: Cast) -> None:
    activity = factories.activity(cast)
    factories.mandate(cast, activity)
    indicator = factories.indicator(cast, activity)
    factories.target(indicator, cast.today, "100")
    factories.measurement(cast, indicator, corrects=factories.measurement(cast, indicator, state="validated"))


LISTS: dict[str, tuple[Callable[[Cast], None], str]] = {
    "activities": (_milestone, ""),
    "mandates": (_milestone, "activity"),
    "milestones": (_milestone, "activity,depends_on"),
    "budget-lines": (_budget_entry, "activity,milestone"),
    "budget-entries": (_budget_entry, "line,line.activity"),
    "indicators": (_measurement, "activity"),
    "indicator-targets": (_measurement, "indicator,indicator.activity"),
    "measurements": (_measurement, "indicator,corrects"),
    "evaluations": (_gap, ""),
    "evaluation-gaps": (_gap, "evaluation,milestone"),
    "corrective-actions": (lambda cast: factories.corrective_action(cast) and None, "gap"),
}


@pytest.mark.parametrize("name", LISTS)
def test_a_list_costs_the_same_for_two_and_for_forty(cast: Cast, name: str) -> None:
    make, expand = LISTS[name]
    client = cast.api(cast.pilot_beta)
    params = {"page_size": "200"} | ({"expand": expand} if expand else {})

    def queries() -> tuple[int, int]:
        with CaptureQueriesContext(connection) as captured:
            response = client.get(f"/api/v1/{name}/", params)
        assert response.status_code == 200, response.content
        return len(captured), len(response.json()["results"])

    for _index in range(2):
        make(cast)
    queries()
    few, rows = queries()
    assert rows >= 2
    for _index in range(38):
        make(cast)
    many, rows = queries()
    assert rows >= 40
    assert many == few
