"""`cooperations`: started by the operator or a coordinator, never without somebody who coordinates."""

from typing import Any

import pytest
from rest_framework.test import APIClient

from coopproject.models import new_id
from governance.models import Cooperation, Person, Role, User
from tests.cast import Cast

URL = "/api/v1/cooperations/"
BODY: dict[str, Any] = {"name": "Ferme commune", "started_on": "2026-01-01"}


def _operator() -> APIClient:
    client = APIClient(raise_request_exception=False)
    client.force_authenticate(User.objects.create_superuser("operateur@coopproject.example", "x"))
    return client


def test_a_coordinator_starts_another_cooperation_and_coordinates_it(cast: Cast) -> None:
    client = cast.api(cast.coordinator)
    response = client.post(URL, {**BODY, "types": ["faire_avec", "faire_corps"]})
    assert response.status_code == 201, response.json()
    assert response.json()["abilities"]["update"] is True
    role = Role.objects.get(cooperation_id=response.json()["id"])
    assert (role.person_id, role.kind) == (cast.coordinator.pk, "coordination")
    changed = client.patch(response["Location"], {"name": "Fermes communes"})
    assert (changed.status_code, changed.json()["version"]) == (200, 2)


def test_the_operator_names_who_coordinates(cast: Cast) -> None:
    client = _operator()
    person = {"given_name": "Inès", "family_name": "Première", "email": "ines@coopproject.example"}
    alone = client.post(URL, BODY)
    assert alone.status_code == 400
    assert [(error["pointer"], error["code"]) for error in alone.json()["errors"]] == [("/coordinator", "required")]
    assert not Cooperation.objects.filter(name=BODY["name"]).exists()
    response = client.post(URL, {**BODY, "coordinator": person})
    assert response.status_code == 201
    role = Role.objects.get(cooperation_id=response.json()["id"])
    assert (role.kind, role.person) == ("coordination", Person.objects.get(email=person["email"]))
    # Starting it opens nothing to the operator.
    assert client.get(response["Location"]).status_code == 404


@pytest.mark.parametrize("name", ["facilitator", "chair_alpha", "stranger", "funder"])
def test_nobody_else_starts_a_cooperation(cast: Cast, name: str) -> None:
    before = Cooperation.objects.count()
    assert cast.api(cast.everyone[name]).post(URL, BODY).status_code == 403
    assert Cooperation.objects.count() == before


def test_a_cooperation_that_is_not_mine_reads_as_a_random_id(cast: Cast) -> None:
    for person in (cast.stranger, cast.foreign_coordinator, cast.former_chair, cast.yesterday_chair_alpha):
        client = cast.api(person)
        known, random = client.get(f"{URL}{cast.cooperation.pk}/"), client.get(f"{URL}{new_id()}/")
        assert known.status_code == random.status_code == 404
        assert known.json() | {"request_id": ""} == random.json() | {"request_id": ""}
        assert client.patch(f"{URL}{cast.cooperation.pk}/", {"name": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"zone": "Europe/Pariss"}, "/zone"),
        ({"currency": "€"}, "/currency"),
        ({"types": ["faire_avec", "faire_avec"]}, "/types"),
        ({"types": ["fusion"]}, "/types/0"),
        ({"settings": []}, "/settings"),
        ({"name": ""}, "/name"),
        ({"members": []}, "/members"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(cast: Cast, changes: dict[str, Any], pointer: str) -> None:
    client = cast.api(cast.coordinator)
    response = client.patch(f"{URL}{cast.cooperation.pk}/", changes)
    assert (response.status_code, [error["pointer"] for error in response.json()["errors"]]) == (400, [pointer])
    assert client.post(URL, {**BODY, **changes}).status_code == 400
    cast.cooperation.refresh_from_db()
    assert cast.cooperation.version == 1


def test_a_stale_change_is_refused_and_changes_nothing(cast: Cast) -> None:
    client = cast.api(cast.coordinator)
    address = f"{URL}{cast.cooperation.pk}/"
    tag = client.get(address)["ETag"]
    assert client.patch(address, {"purpose": "un"}, headers={"If-Match": tag}).status_code == 200
    assert client.patch(address, {"purpose": "deux"}, headers={"If-Match": tag}).status_code == 412
    cast.cooperation.refresh_from_db()
    assert cast.cooperation.purpose == "un"


def test_only_coordination_changes_its_cooperation(cast: Cast) -> None:
    for name in ("facilitator", "chair_alpha", "observer"):
        response = cast.api(cast.everyone[name]).patch(f"{URL}{cast.cooperation.pk}/", {"name": "x"})
        assert response.status_code == 403


def test_filters_by_form_and_start(cast: Cast) -> None:
    cast.cooperation.types = ["faire_corps"]
    cast.cooperation.save(update_fields=["types"])
    client = cast.api(cast.coordinator)
    assert len(client.get(f"{URL}?type=faire_corps").json()["results"]) == 1
    assert client.get(f"{URL}?type=faire_avec").json()["results"] == []
    assert client.get(f"{URL}?type=fusion").status_code == 400
    assert client.get(f"{URL}?started_on__gte={cast.today}").json()["results"] == []
