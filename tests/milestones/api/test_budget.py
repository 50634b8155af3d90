"""Budget: the plan of the coordination, the entries of the pilot within the ceiling of the mandate."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from milestones.models import BudgetEntry, BudgetLine, Mandate
from tests.cast import Cast
from tests.milestones import factories

URL = "/api/v1/budget-entries/"


def codes(response: Any) -> set[str]:
    return {error["code"] for error in response.json().get("errors", [])}


@pytest.fixture
def line(cast: Cast) -> BudgetLine:
    """10 000.00 planned, piloted by Boris up to 1 500.00."""
    activity = factories.activity(cast)
    factories.mandate(cast, activity, spending_ceiling=Decimal("1500.00"))
    return factories.budget_line(cast, activity)


def enter(cast: Cast, person: Any, line: BudgetLine, amount: str, kind: str = "commitment", **values: Any) -> Any:
    body = {"line": str(line.pk), "kind": kind, "amount": amount} | values
    return cast.api(person).post(URL, body, format="json")


def test_the_pilot_commits_up_to_the_ceiling_and_not_a_cent_more(cast: Cast, line: BudgetLine) -> None:
    assert enter(cast, cast.pilot_beta, line, "1000.00", reference="A").status_code == 201
    response = enter(cast, cast.pilot_beta, line, "500.01", reference="B")
    assert (response.status_code, codes(response)) == (409, {"mandate_ceiling_exceeded"})
    assert BudgetEntry.objects.count() == 1
    response = enter(cast, cast.pilot_beta, line, "500.00", reference="B")
    assert response.status_code == 201
    assert response.json()["mandate"] == str(Mandate.objects.get().pk)
    assert response.json()["amount"] == "500.00"


def test_cutting_a_spending_in_pieces_does_not_pass_the_ceiling(cast: Cast, line: BudgetLine) -> None:
    other = factories.budget_line(cast, line.activity)
    for index in range(3):
        assert enter(cast, cast.pilot_beta, line, "500.00", reference=str(index)).status_code == 201
    response = enter(cast, cast.pilot_beta, other, "0.01")
    assert (response.status_code, codes(response)) == (409, {"mandate_ceiling_exceeded"})


def test_paying_what_the_coordination_committed_costs_the_ceiling_nothing(cast: Cast, line: BudgetLine) -> None:
    assert enter(cast, cast.coordinator, line, "5000.00", reference="Marché").status_code == 201
    assert enter(cast, cast.pilot_beta, line, "5000.00", "actual", reference="Marché").status_code == 201
    assert enter(cast, cast.pilot_beta, line, "1500.00", reference="Petit").status_code == 201
    served = cast.api(cast.pilot_beta).get(f"/api/v1/budget-lines/{line.pk}/").json()
    assert (served["committed"], served["actual"], served["remaining"]) == ("6500.00", "5000.00", "3500.00")


def test_the_coordination_has_no_ceiling_but_the_plan(cast: Cast, line: BudgetLine) -> None:
    assert enter(cast, cast.coordinator, line, "9000.00").status_code == 201
    response = enter(cast, cast.coordinator, line, "1000.01", reference="B")
    assert (response.status_code, codes(response)) == (409, {"over_commitment"})
    assert BudgetEntry.objects.count() == 1


def test_what_was_really_spent_is_recorded_beyond_the_plan(cast: Cast, line: BudgetLine) -> None:
    assert enter(cast, cast.coordinator, line, "11000.00", "actual").status_code == 201


def test_a_correction_is_an_opposite_entry_no_larger_than_what_it_corrects(cast: Cast, line: BudgetLine) -> None:
    assert enter(cast, cast.pilot_beta, line, "400.00", "actual", reference="F1").status_code == 201
    response = enter(cast, cast.pilot_beta, line, "-400.01", "actual", reference="F1")
    assert (response.status_code, codes(response)) == (409, {"correction_too_large"})
    assert enter(cast, cast.pilot_beta, line, "-400.00", "actual", reference="F1").status_code == 201


@pytest.mark.parametrize(
    ("values", "pointer"),
    [
        ({"amount": "0.00"}, "/amount"),
        ({"amount": "1.001"}, "/amount"),
        ({"amount": "x"}, "/amount"),
        ({"kind": "gift"}, "/kind"),
        ({"dated_on": "2999-01-01", "kind": "actual"}, "/dated_on"),
    ],
)
def test_bad_entries_point_to_the_field(cast: Cast, line: BudgetLine, values: dict[str, Any], pointer: str) -> None:
    body = {"line": str(line.pk), "kind": "commitment", "amount": "10.00"} | values
    response = cast.api(cast.coordinator).post(URL, body, format="json")
    assert response.status_code == 400
    assert {error["pointer"] for error in response.json()["errors"]} == {pointer}
    assert not BudgetEntry.objects.exists()


def test_a_pilot_whose_mandate_ended_yesterday_spends_nothing(cast: Cast) -> None:
    activity = factories.activity(cast)
    factories.mandate(cast, activity, until=cast.today - dt.timedelta(days=1))
    line = factories.budget_line(cast, activity)
    assert enter(cast, cast.pilot_beta, line, "1.00").status_code == 403
    assert not BudgetEntry.objects.exists()


def test_entries_are_neither_changed_nor_deleted(cast: Cast, line: BudgetLine) -> None:
    entry = factories.budget_entry(cast, line, "12.00")
    client = cast.api(cast.coordinator)
    assert client.patch(f"{URL}{entry.pk}/", {"amount": "1.00"}, format="json").status_code == 405
    assert client.delete(f"{URL}{entry.pk}/").status_code == 405


def test_the_pilot_does_not_move_the_plan(cast: Cast, line: BudgetLine) -> None:
    response = cast.api(cast.pilot_beta).patch(
        f"/api/v1/budget-lines/{line.pk}/", {"planned": "99999.00"}, format="json"
    )
    assert response.status_code == 403
    line.refresh_from_db()
    assert line.planned == Decimal("10000.00")


def test_a_line_names_a_milestone_of_its_own_activity(cast: Cast, line: BudgetLine) -> None:
    elsewhere = factories.milestone(cast, factories.activity(cast))
    body = {"activity": str(line.activity_id), "milestone": str(elsewhere.pk), "label": "x", "planned": "1.00"}
    response = cast.api(cast.coordinator).post("/api/v1/budget-lines/", body, format="json")
    assert (response.status_code, codes(response)) == (400, {"other_activity"})
