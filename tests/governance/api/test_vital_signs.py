"""One endpoint says what is wrong, why, since when and what clears it, to whoever may know of it."""

import datetime as dt
from io import StringIO

from django.core.management import call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance.enums import Confidentiality
from tests.cast import Cast
from tests.governance import factories


def test_a_blocked_decision_is_a_sign_that_says_what_clears_it(cast: Cast) -> None:
    decision = factories.decision(cast, planned_on=cast.today - dt.timedelta(days=1))
    body = cast.api(cast.coordinator).get(f"/api/v1/cooperations/{cast.cooperation.pk}/vital-signs/").json()
    (sign,) = [row for row in body["signs"] if row["code"] == "decision_blocked"]
    assert sign["severity"] == "critical"
    assert sign["since"] == (cast.today - dt.timedelta(days=60)).isoformat()
    assert "Alpha" in sign["why"]
    assert sign["clears"]
    assert sign["objects"][0]["url"] == f"/api/v1/decisions/{decision.pk}/"
    assert body["counts"]["critical"] >= 1


def test_a_sign_about_what_one_may_not_see_is_not_shown_to_them(cast: Cast) -> None:
    factories.decision(cast, confidentiality=Confidentiality.CORE)
    path = f"/api/v1/cooperations/{cast.cooperation.pk}/vital-signs/"

    def codes_for(person: object) -> set[str]:
        return {row["code"] for row in cast.api(person).get(path).json()["signs"]}  # type: ignore[arg-type]

    assert "decision_blocked" in codes_for(cast.chair_alpha)
    assert "decision_blocked" not in codes_for(cast.chair_gamma)
    assert cast.api(cast.foreign_coordinator).get(path).status_code == 404


def test_the_terminal_says_the_same(cast: Cast) -> None:
    factories.decision(cast)
    out = StringIO()
    call_command("vital_signs", "belle equipe", stdout=out)
    assert "La Belle Équipe" in out.getvalue()
    assert "Mutualiser la fonction paie" in out.getvalue()


def test_signs_cost_the_same_number_of_queries_for_two_decisions_and_for_twenty(
    cast: Cast,
) -> None:
    client, path = cast.api(cast.coordinator), f"/api/v1/cooperations/{cast.cooperation.pk}/vital-signs/"
    client.get(path)  # The first use of a token is written down.
    counts = []
    for number in (2, 18):
        for _index in range(number):
            factories.consultation(cast, factories.decision(cast, cast.alpha, cast.beta))
        with CaptureQueriesContext(connection) as queries:
            assert client.get(path).status_code == 200
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_an_opinion_without_answer_is_graver_after_the_days_that_the_cooperation_allows(cast: Cast) -> None:
    factories.consultation(
        cast,
        factories.decision(cast),
        state="opinion_given",
        information_delivered_on=cast.today - dt.timedelta(days=50),
        information_complete=True,
        regime="CSE_2018",
        opinion="unfavourable",
        opinion_on=cast.today - dt.timedelta(days=31),
    )
    client, here = cast.api(cast.coordinator), f"/api/v1/cooperations/{cast.cooperation.pk}/"

    def severity() -> str:
        signs = client.get(f"{here}vital-signs/").json()["signs"]
        [found] = [sign["severity"] for sign in signs if sign["code"] == "consultation_response_missing"]
        return str(found)

    assert severity() == "warning"
    for days, expected in ((31, "info"), (30, "warning")):
        assert client.patch(here, {"settings": {"cse_response_days": days}}).status_code == 200
        assert severity() == expected
