"""`roles`: dated, given for members only, never to oneself on a board, and over when they are over."""

import datetime as dt
from typing import Any

import pytest

from governance.enums import RoleKind
from governance.models import Role
from tests.cast import Cast
from tests.clock import set_clock
from tests.requests import codes

URL = "/api/v1/roles/"
DAY = dt.timedelta(days=1)


def _body(cast: Cast, **changes: Any) -> dict[str, Any]:
    return {
        "cooperation": str(cast.cooperation.pk),
        "person": str(cast.pilot_beta.pk),
        "organisation": str(cast.beta.pk),
        "kind": "board_member",
        **changes,
    }


def test_a_role_given_today_opens_its_door_at_once(cast: Cast) -> None:
    assert cast.api(cast.pilot_beta).patch(f"/api/v1/organisations/{cast.beta.pk}/", {"sector": "x"}).status_code == 403
    given = cast.api(cast.coordinator).post(URL, _body(cast, kind="director"))
    assert (given.status_code, given.json()["since"]) == (201, cast.today.isoformat())
    assert cast.api(cast.pilot_beta).patch(f"/api/v1/organisations/{cast.beta.pk}/", {"sector": "x"}).status_code == 200


def test_a_role_opens_nothing_the_day_after_its_last(cast: Cast) -> None:
    set_clock(cast.today)
    role = Role.objects.get(person=cast.observer)
    client = cast.api(cast.observer)
    ended = cast.api(cast.coordinator).patch(f"{URL}{role.pk}/", {"until": cast.today.isoformat()})
    assert ended.status_code == 200
    assert client.get(f"/api/v1/cooperations/{cast.cooperation.pk}/").status_code == 200
    set_clock(cast.today + DAY)
    assert client.get(f"/api/v1/cooperations/{cast.cooperation.pk}/").status_code == 404
    assert client.get("/api/v1/organisations/").json()["results"] == []


@pytest.mark.parametrize(
    ("kind", "status"), [("board_chair", 409), ("pilot", 409), ("coordination", 409), ("funder", 201)]
)
def test_a_role_for_an_organisation_that_is_not_a_member_is_refused(cast: Cast, kind: str, status: int) -> None:
    response = cast.api(cast.coordinator).post(URL, _body(cast, organisation=str(cast.omega.pk), kind=kind))
    assert response.status_code == status
    if status == 409:
        assert codes(response) == {"not_a_member"}
    assert Role.objects.filter(organisation=cast.omega, kind=kind, since=cast.today).exists() is (status == 201)


def test_a_role_does_not_last_longer_than_the_membership(cast: Cast) -> None:
    inside = {"organisation": str(cast.omega.pk), "since": (cast.today - 60 * DAY).isoformat()}
    client = cast.api(cast.coordinator)
    assert codes(client.post(URL, _body(cast, **inside))) == {"beyond_membership"}
    beyond = {"until": (cast.today - 29 * DAY).isoformat()}
    assert codes(client.post(URL, _body(cast, **inside, **beyond))) == {"beyond_membership"}
    within = {"until": (cast.today - 30 * DAY).isoformat()}
    assert client.post(URL, _body(cast, **inside, **within)).status_code == 201


def test_the_same_role_is_not_held_twice_at_once(cast: Cast) -> None:
    client = cast.api(cast.coordinator)
    first = client.post(URL, _body(cast, until=cast.today.isoformat()))
    assert first.status_code == 201
    assert codes(client.post(URL, _body(cast))) == {"role_already_held"}
    following = {"since": (cast.today + DAY).isoformat()}
    assert client.post(URL, _body(cast, **following)).status_code == 201
    reopened = client.patch(first["Location"], {"until": None})
    assert (reopened.status_code, codes(reopened)) == (409, {"role_already_held"})


def test_a_role_on_a_board_names_its_organisation(cast: Cast) -> None:
    response = cast.api(cast.coordinator).post(URL, _body(cast, organisation=None))
    assert response.status_code == 400
    assert not Role.objects.filter(person=cast.pilot_beta, kind="board_member").exists()


def test_nobody_seats_themselves_on_a_board(cast: Cast) -> None:
    for kind in ("board_chair", "board_member"):
        response = cast.api(cast.coordinator).post(URL, _body(cast, person=str(cast.coordinator.pk), kind=kind))
        assert (response.status_code, codes(response)) == (409, {"self_granted"})
    assert Role.objects.filter(person=cast.coordinator).count() == 1


@pytest.mark.parametrize(
    ("name", "changes", "status"),
    [
        ("director_beta", {}, 201),
        ("chair_beta", {}, 201),
        ("director_beta", {"kind": "coordination", "organisation": None}, 403),
        ("director_beta", {"kind": "coordination"}, 403),
        ("director_alpha", {}, 403),
        ("pilot_beta", {"kind": "pilot"}, 403),
        ("facilitator", {}, 403),
        ("foreign_coordinator", {}, 400),
    ],
)
def test_heads_appoint_for_their_own_organisation_only(
    cast: Cast, name: str, changes: dict[str, Any], status: int
) -> None:
    before = Role.objects.count()
    assert cast.api(cast.everyone[name]).post(URL, _body(cast, **changes)).status_code == status
    assert Role.objects.count() == before + (status == 201)


def test_one_ends_one_s_own_role_and_cannot_open_it_again(cast: Cast) -> None:
    role = Role.objects.get(person=cast.pilot_beta)
    client = cast.api(cast.pilot_beta)
    tomorrow = (cast.today + DAY).isoformat()
    ended = client.post(f"{URL}{role.pk}/end/", {"until": tomorrow, "reason": "Plus de temps"})
    assert (ended.status_code, ended.json()["until"]) == (200, tomorrow)
    assert client.patch(f"{URL}{role.pk}/", {"until": None}).status_code == 403
    longer = client.post(f"{URL}{role.pk}/end/", {"until": (cast.today + 9 * DAY).isoformat()})
    assert (longer.status_code, codes(longer)) == (409, {"role_ended"})
    role.refresh_from_db()
    assert role.until == cast.today + DAY


def test_nobody_else_ends_a_role(cast: Cast) -> None:
    role = Role.objects.get(person=cast.pilot_beta)
    for name, status in (("director_alpha", 403), ("facilitator", 403), ("foreign_coordinator", 404)):
        assert cast.api(cast.everyone[name]).post(f"{URL}{role.pk}/end/", {}).status_code == status
    role.refresh_from_db()
    assert role.until is None


def test_a_cooperation_keeps_somebody_who_coordinates_it(cast: Cast) -> None:
    role = Role.objects.get(person=cast.coordinator)
    client = cast.api(cast.coordinator)
    until = (cast.today + 30 * DAY).isoformat()
    for response in (
        client.post(f"{URL}{role.pk}/end/", {}),
        client.patch(f"{URL}{role.pk}/", {"until": until}),
    ):
        assert (response.status_code, codes(response)) == (409, {"last_coordination"})
    successor = _body(cast, person=str(cast.facilitator.pk), organisation=None, kind="coordination")
    assert client.post(URL, successor).status_code == 201
    assert client.patch(f"{URL}{role.pk}/", {"until": until}).status_code == 200


def test_only_the_last_day_changes(cast: Cast) -> None:
    role = Role.objects.get(person=cast.observer)
    client = cast.api(cast.coordinator)
    assert client.patch(f"{URL}{role.pk}/", {"kind": "coordination"}).status_code == 400
    before = client.patch(f"{URL}{role.pk}/", {"until": (cast.since - DAY).isoformat()})
    assert (before.status_code, codes(before)) == (409, {"ends_before_start"})
    role.refresh_from_db()
    assert (role.kind, role.until, role.version) == (RoleKind.OBSERVER, None, 1)


def test_roles_are_filtered_by_day_and_person(cast: Cast) -> None:
    client = cast.api(cast.coordinator)
    over = client.get(f"{URL}?in_force=false").json()["results"]
    assert {row["person"] for row in over} == {str(cast.yesterday_chair_alpha.pk)}
    assert len(client.get(f"{URL}?person={cast.chair_alpha.pk}&in_force=true").json()["results"]) == 1
    assert client.get(f"{URL}?person={cast.foreign_chair.pk}").json()["results"] == []
