"""`memberships`: one at a time, stays that follow each other, and a leaving that ends what was exercised."""

import datetime as dt
from typing import Any

import pytest

from coopproject.models import new_id
from governance.enums import CircleKind, RoleKind
from governance.models import CircleStay, JournalEntry, Membership, Role
from tests import requests
from tests.cast import Cast
from tests.clock import set_clock
from tests.requests import codes

URL = "/api/v1/memberships/"
DAY = dt.timedelta(days=1)


def _membership(cast: Cast, organisation: Any) -> Membership:
    return Membership.objects.get(cooperation=cast.cooperation, organisation=organisation)


def _join(cast: Cast, organisation: Any, **changes: Any) -> Any:
    body = {"cooperation": str(cast.cooperation.pk), "organisation": str(organisation.pk), "circle": "network"}
    return cast.api(cast.coordinator).post(URL, body | changes)


def test_a_former_member_joins_again_and_its_first_membership_stays(cast: Cast) -> None:
    response = _join(cast, cast.omega)
    assert response.status_code == 201, response.json()
    assert (response.json()["circle"], response.json()["joined_on"]) == ("network", cast.today.isoformat())
    assert Membership.objects.filter(organisation=cast.omega).count() == 2


def test_an_organisation_is_not_a_member_twice_at_the_same_time(cast: Cast) -> None:
    assert (_join(cast, cast.alpha).status_code, codes(_join(cast, cast.alpha))) == (409, {"already_member"})
    left_on = cast.today - 30 * DAY
    assert codes(_join(cast, cast.omega, joined_on=left_on.isoformat())) == {"already_member"}
    assert _join(cast, cast.omega, joined_on=(left_on + DAY).isoformat()).status_code == 201
    assert Membership.objects.filter(organisation=cast.alpha).count() == 1


def test_nobody_joins_before_the_cooperation_started(cast: Cast) -> None:
    early = cast.cooperation.started_on - DAY
    response = _join(cast, cast.omega, joined_on=early.isoformat())
    assert response.status_code == 409
    assert codes(response) == {"outside_cooperation", "already_member"}


def test_an_organisation_that_i_may_not_know_reads_as_one_that_does_not_exist(cast: Cast) -> None:
    known = _join(cast, cast.zeta)
    random = cast.api(cast.coordinator).post(
        URL, {"cooperation": str(cast.cooperation.pk), "organisation": str(new_id()), "circle": "core"}
    )
    assert known.status_code == random.status_code == 400
    assert known.json()["errors"] == random.json()["errors"]


def test_a_move_ends_the_stay_the_day_before_and_keeps_its_reason(cast: Cast) -> None:
    membership = _membership(cast, cast.gamma)
    client = cast.api(cast.coordinator)
    since = cast.today - 10 * DAY
    body = {"circle": "core", "since": since.isoformat(), "reason": "Deux ans de travail commun"}
    response = client.post(f"{URL}{membership.pk}/move/", body)
    assert response.status_code == 200, response.json()
    assert response.json()["circle"] == "core"
    assert response.json()["version"] == 2
    first, second = response.json()["stays"]
    assert (first["circle"], first["until"]) == ("active", (since - DAY).isoformat())
    assert (second["circle"], second["since"], second["until"]) == ("core", since.isoformat(), None)
    assert second["reason"] == "Deux ans de travail commun"
    entry = JournalEntry.objects.get(act="membership.moved")
    assert (entry.payload["before"], entry.payload["after"], entry.on_behalf_of_id) == ("active", "core", cast.gamma.pk)


def test_a_move_announced_for_later_changes_the_circle_that_day(cast: Cast) -> None:
    set_clock(cast.today)
    membership = _membership(cast, cast.gamma)
    later = cast.today + 5 * DAY
    client = cast.api(cast.coordinator)
    body = {"circle": "core", "since": later.isoformat(), "reason": "Accord"}
    assert client.post(f"{URL}{membership.pk}/move/", body).json()["circle"] == "active"
    assert client.get(f"{URL}?circle=core&organisation={cast.gamma.pk}").json()["results"] == []
    set_clock(later)
    assert client.get(f"{URL}{membership.pk}/").json()["circle"] == "core"
    assert len(client.get(f"{URL}?circle=core&organisation={cast.gamma.pk}").json()["results"]) == 1


@pytest.mark.parametrize(
    ("circle", "offset", "expected"),
    [
        ("active", 0, {"same_circle"}),
        ("core", -800, {"before_current_stay"}),
        ("core", -900, {"before_current_stay"}),
        ("active", -900, {"same_circle", "before_current_stay"}),
    ],
)
def test_a_move_that_rewrites_history_or_moves_nothing_is_refused(
    cast: Cast, circle: str, offset: int, expected: set[str]
) -> None:
    membership = _membership(cast, cast.gamma)
    body = {"circle": circle, "since": (cast.today + offset * DAY).isoformat(), "reason": "x"}
    response = cast.api(cast.coordinator).post(f"{URL}{membership.pk}/move/", body)
    assert (response.status_code, codes(response)) == (409, expected)
    assert CircleStay.objects.filter(membership=membership).count() == 1
    assert not JournalEntry.objects.filter(act="membership.moved").exists()


@pytest.mark.parametrize(
    ("name", "status"),
    [("facilitator", 403), ("chair_gamma", 403), ("chair_alpha", 403), ("stranger", 404), ("foreign_coordinator", 404)],
)
def test_only_coordination_moves_a_membership(cast: Cast, name: str, status: int) -> None:
    membership = _membership(cast, cast.gamma)
    response = cast.api(cast.everyone[name]).post(f"{URL}{membership.pk}/move/", {"circle": "core", "reason": "x"})
    assert response.status_code == status
    assert CircleStay.objects.filter(membership=membership).count() == 1


def test_leaving_ends_the_roles_held_for_the_organisation_in_this_cooperation_only(cast: Cast) -> None:
    elsewhere = Role.objects.create(
        cooperation=cast.foreign_cooperation,
        person=cast.chair_alpha,
        organisation=cast.alpha,
        kind=RoleKind.DIRECTOR,
        since=cast.since,
    )
    planned = Role.objects.create(
        cooperation=cast.cooperation,
        person=cast.pilot_beta,
        organisation=cast.alpha,
        kind=RoleKind.PILOT,
        since=cast.today + 5 * DAY,
    )
    untouched = Role.objects.get(person=cast.yesterday_chair_alpha)
    membership = _membership(cast, cast.alpha)
    body = {"reason": "Fusion", "left_on": (cast.today - DAY).isoformat()}
    response = cast.api(cast.coordinator).post(f"{URL}{membership.pk}/leave/", body)
    assert response.status_code == 200, response.json()
    assert (response.json()["left_on"], response.json()["circle"]) == (body["left_on"], None)
    assert response.json()["stays"][-1]["until"] == body["left_on"]
    held = Role.objects.filter(cooperation=cast.cooperation, organisation=cast.alpha)
    assert {role.until for role in held} == {cast.today - DAY}
    assert not Role.objects.filter(pk=planned.pk).exists()
    elsewhere.refresh_from_db()
    assert elsewhere.until is None
    consequences = JournalEntry.objects.get(act="membership.left").payload["consequences"]
    assert consequences["roles_never_begun"] == [str(planned.pk)]
    assert str(untouched.pk) not in consequences["roles_ended"]
    assert len(consequences["roles_ended"]) == 4
    assert consequences["without_coordination"] is False
    # What the chair could know yesterday they may not know today.
    assert cast.api(cast.chair_alpha).get(f"{URL}{membership.pk}/").status_code == 404


def test_a_head_leaves_for_their_organisation_and_for_no_other(cast: Cast) -> None:
    alpha, beta = _membership(cast, cast.alpha), _membership(cast, cast.beta)
    for name in ("chair_alpha", "member_alpha", "pilot_beta"):
        response = cast.api(cast.everyone[name]).post(f"{URL}{beta.pk}/leave/", {"reason": "x"})
        assert response.status_code == 403, name
    beta.refresh_from_db()
    assert beta.left_on is None
    assert cast.api(cast.director_alpha).post(f"{URL}{alpha.pk}/leave/", {"reason": "x"}).status_code == 200


def test_one_does_not_leave_twice_nor_before_what_was_lived(cast: Cast) -> None:
    client = cast.api(cast.coordinator)
    gamma, omega = _membership(cast, cast.gamma), _membership(cast, cast.omega)
    again = client.post(f"{URL}{omega.pk}/leave/", {"reason": "x"})
    assert (again.status_code, codes(again)) == (409, {"membership_ended"})
    moved_back = client.post(f"{URL}{omega.pk}/move/", {"circle": "network", "reason": "x"})
    assert codes(moved_back) == {"membership_ended"}
    early = client.post(f"{URL}{gamma.pk}/leave/", {"reason": "x", "left_on": (cast.since - DAY).isoformat()})
    assert codes(early) == {"before_joining", "role_began_later"}
    Role.objects.create(
        cooperation=cast.cooperation,
        person=cast.pilot_beta,
        organisation=cast.gamma,
        kind=RoleKind.PILOT,
        since=cast.today - 3 * DAY,
    )
    lived = client.post(f"{URL}{gamma.pk}/leave/", {"reason": "x", "left_on": (cast.today - 4 * DAY).isoformat()})
    assert codes(lived) == {"role_began_later"}
    gamma.refresh_from_db()
    assert gamma.left_on is None
    assert not Role.objects.filter(organisation=cast.gamma, until__isnull=False).exists()


def test_a_reason_is_asked_for(cast: Cast) -> None:
    membership = _membership(cast, cast.gamma)
    for act, body in (("leave", {}), ("move", {"circle": "core"}), ("leave", {"reason": ""})):
        response = cast.api(cast.coordinator).post(f"{URL}{membership.pk}/{act}/", body)
        assert (response.status_code, response.json()["errors"][0]["pointer"]) == (400, "/reason")


def test_memberships_are_filtered_by_circle_and_by_day(cast: Cast) -> None:
    client = cast.api(cast.observer)

    def organisations(query: str) -> set[str]:
        return {row["organisation"] for row in client.get(f"{URL}?{query}").json()["results"]}

    core = {str(cast.alpha.pk), str(cast.beta.pk)}
    assert organisations("circle=core") == core
    assert organisations("in_force=false") == {str(cast.omega.pk)}
    assert str(cast.omega.pk) not in organisations("in_force=true")
    assert organisations(f"cooperation={cast.foreign_cooperation.pk}") == set()
    assert client.get(f"{URL}?circle={CircleKind.CORE}x").status_code == 400


@pytest.mark.parametrize("day", ["0001-01-01", "9999-12-31"])
def test_the_ends_of_the_calendar_are_days_like_others(cast: Cast, day: str) -> None:
    """Nothing is counted beyond them: not the day after the last one."""
    membership = cast.gamma.memberships.get()
    client = cast.api(cast.chair_gamma)
    read = client.get(f"/api/v1/memberships/{membership.pk}/departure/", {"on": day})
    assert read.status_code == 200, read.content
    left = requests.act(
        client, f"/api/v1/memberships/{membership.pk}/leave/", {"reason": "Autre projet", "left_on": day}
    )
    assert left.status_code == (200 if day > "2000" else 409), left.content
    assert client.get(f"/api/v1/memberships/{membership.pk}/").status_code == 200
