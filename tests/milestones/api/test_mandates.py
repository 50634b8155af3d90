"""Mandates: proposed by the coordination, accepted by the pilot and nobody else, one at a time."""

import datetime as dt
from typing import Any

import pytest

from charters.models import Agreement
from governance.models import JournalEntry
from milestones.models import Mandate
from tests.cast import Cast
from tests.charters.factories import make_agreement
from tests.milestones import factories

URL = "/api/v1/mandates/"


def codes(response: Any) -> set[str]:
    return {error["code"] for error in response.json().get("errors", [])}


def test_a_mandate_counts_from_its_acceptance_by_the_pilot(cast: Cast) -> None:
    activity = factories.activity(cast)
    body = {
        "activity": str(activity.pk),
        "person": str(cast.pilot_beta.pk),
        "organisation": str(cast.beta.pk),
        "scope": "Ouvrir la plateforme",
        "spending_ceiling": "1500.00",
        "until": str(cast.today + dt.timedelta(days=300)),
    }
    response = cast.api(cast.coordinator).post(URL, body, format="json")
    assert response.status_code == 201, response.content
    data = response.json()
    assert (data["state"], data["since"], data["spending_ceiling"]) == ("proposed", str(cast.today), "1500.00")
    milestone = factories.milestone(cast, activity)
    start = f"/api/v1/milestones/{milestone.pk}/start/"
    pilot = cast.api(cast.pilot_beta)
    assert pilot.post(start, {}, format="json", headers={"If-Match": '"1"'}).status_code == 403
    accepted = pilot.post(f"{URL}{data['id']}/accept/", {}, format="json")
    assert (accepted.status_code, accepted.json()["state"]) == (200, "accepted")
    assert pilot.post(start, {}, format="json", headers={"If-Match": '"1"'}).status_code == 200
    entry = JournalEntry.objects.get(act="mandate.accepted")
    assert entry.on_behalf_of_id == cast.beta.pk


def test_nobody_accepts_for_another(cast: Cast) -> None:
    row = factories.mandate(cast, factories.activity(cast), state="proposed")
    for person in (cast.coordinator, cast.director_beta, cast.chair_beta):
        assert cast.api(person).post(f"{URL}{row.pk}/accept/", {}, format="json").status_code == 403
    assert cast.api(cast.foreign_coordinator).post(f"{URL}{row.pk}/accept/", {}, format="json").status_code == 404
    row.refresh_from_db()
    assert (row.state, row.accepted_at) == ("proposed", None)
    assert not JournalEntry.objects.filter(act="mandate.accepted").exists()


def test_a_second_pilot_cannot_accept_while_the_first_one_pilots(cast: Cast) -> None:
    activity = factories.activity(cast)
    factories.mandate(cast, activity, cast.director_alpha, cast.alpha)
    row = factories.mandate(cast, activity, state="proposed")
    response = cast.api(cast.pilot_beta).post(f"{URL}{row.pk}/accept/", {}, format="json")
    assert (response.status_code, codes(response)) == (409, {"mandate_overlap"})
    row.refresh_from_db()
    assert row.state == "proposed"


def test_a_pilot_without_time_ends_the_mandate_and_says_why(cast: Cast) -> None:
    activity = factories.activity(cast)
    row = factories.mandate(cast, activity)
    pilot = cast.api(cast.pilot_beta)
    assert pilot.post(f"{URL}{row.pk}/end/", {}, format="json").status_code == 400
    response = pilot.post(f"{URL}{row.pk}/end/", {"reason": "Plus de temps"}, format="json")
    assert (response.status_code, response.json()["ended_on"]) == (200, str(cast.today))
    milestone = factories.milestone(cast, activity)
    act = pilot.post(f"/api/v1/milestones/{milestone.pk}/start/", {}, format="json", headers={"If-Match": '"1"'})
    assert act.status_code == 403


def test_a_suspended_mandate_is_taken_up_again_by_its_pilot(cast: Cast) -> None:
    row = factories.mandate(cast, factories.activity(cast))
    response = cast.api(cast.coordinator).post(f"{URL}{row.pk}/suspend/", {"reason": "Congé"}, format="json")
    assert (response.status_code, response.json()["suspended_on"]) == (200, str(cast.today))
    response = cast.api(cast.pilot_beta).post(f"{URL}{row.pk}/accept/", {}, format="json")
    assert (response.status_code, response.json()["state"], response.json()["suspended_on"]) == (200, "accepted", None)


def test_an_accepted_mandate_is_not_rewritten(cast: Cast) -> None:
    row = factories.mandate(cast, factories.activity(cast))
    response = cast.api(cast.coordinator).patch(f"{URL}{row.pk}/", {"spending_ceiling": "1.00"}, format="json")
    assert (response.status_code, codes(response)) == (409, {"wrong_state"})
    assert Mandate.objects.get(pk=row.pk).spending_ceiling is None


@pytest.mark.parametrize(
    ("person", "organisation", "code"),
    [
        ("pilot_beta", "alpha", "no_role"),
        ("pilot_beta", "omega", "not_a_member"),
        ("stranger", "beta", "does_not_exist"),
    ],
)
def test_the_pilot_acts_for_a_member_organisation(cast: Cast, person: str, organisation: str, code: str) -> None:
    body = {
        "activity": str(factories.activity(cast).pk),
        "person": str(getattr(cast, person).pk),
        "organisation": str(getattr(cast, organisation).pk),
        "scope": "Piloter",
    }
    response = cast.api(cast.coordinator).post(URL, body, format="json")
    assert response.status_code == 400
    assert code in codes(response)
    assert not Mandate.objects.exists()


def test_only_the_coordination_proposes_mandates(cast: Cast) -> None:
    activity = factories.activity(cast)
    factories.mandate(cast, activity)
    body = {
        "activity": str(activity.pk),
        "person": str(cast.pilot_beta.pk),
        "organisation": str(cast.beta.pk),
        "scope": "Me prolonger",
    }
    for person in (cast.pilot_beta, cast.facilitator, cast.chair_alpha):
        assert cast.api(person).post(URL, body, format="json").status_code == 403
    assert Mandate.objects.count() == 1


def test_a_mandate_is_attached_to_an_agreement_of_which_its_organisation_is_a_party(cast: Cast) -> None:
    row = factories.mandate(cast, factories.activity(cast))
    agreed = make_agreement(cast)
    other = make_agreement(cast, cast.alpha, cast.gamma)
    client = cast.api(cast.coordinator)

    def put(agreement: Any, **fields: Any) -> Any:
        body = {"agreement": str(agreement.pk) if agreement else None, **fields}
        return client.patch(f"{URL}{row.pk}/", body, format="json")

    before = JournalEntry.objects.count()
    refused = put(other)
    assert (refused.status_code, codes(refused)) == (400, {"not_a_party"})
    assert put(agreed, scope="Autre").status_code == 409
    assert JournalEntry.objects.count() == before
    assert put(agreed).json()["agreement"] == str(agreed.pk)
    found = client.get(f"{URL}?agreement={agreed.pk}").json()["results"]
    assert [item["id"] for item in found] == [str(row.pk)]
    assert client.get(f"{URL}?agreement={other.pk}").json()["results"] == []
    # For the parties only: the coordination still sees the mandate, no longer to what it is attached.
    Agreement.objects.filter(pk=agreed.pk).update(confidentiality="restricted")
    assert client.get(f"{URL}{row.pk}/").json()["agreement"] is None
    assert cast.api(cast.pilot_beta).get(f"{URL}{row.pk}/").json()["agreement"] == str(agreed.pk)
    assert codes(put(agreed)) == {"does_not_exist"}
