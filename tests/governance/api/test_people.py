"""`people`: known only through a cooperation; recorded with a first role; named nowhere in the journal."""

from typing import Any

import pytest

from coopproject.models import new_id
from governance.enums import RoleKind
from governance.models import JournalEntry, Person, Role
from tests.cast import Cast

URL = "/api/v1/people/"


def _body(cast: Cast, **changes: Any) -> dict[str, Any]:
    return {
        "given_name": "Noé",
        "family_name": "Nouveau",
        "email": "noe@coopproject.example",
        "cooperation": str(cast.cooperation.pk),
        "kind": "observer",
        **changes,
    }


def test_coordination_records_a_person_with_their_first_role(cast: Cast) -> None:
    response = cast.api(cast.coordinator).post(URL, _body(cast, kind="director", organisation=str(cast.beta.pk)))
    assert response.status_code == 201, response.json()
    person = Person.objects.get(pk=response.json()["id"])
    role = Role.objects.get(person=person)
    assert (role.cooperation_id, role.organisation_id, role.kind) == (cast.cooperation.pk, cast.beta.pk, "director")
    assert role.since == cast.today
    assert cast.api(cast.chair_alpha).get(response["Location"]).status_code == 200


@pytest.mark.parametrize("name", ["facilitator", "chair_alpha", "observer", "pilot_beta"])
def test_only_coordination_records_people(cast: Cast, name: str) -> None:
    response = cast.api(cast.everyone[name]).post(URL, _body(cast))
    assert response.status_code == 403
    assert not Person.objects.filter(email="noe@coopproject.example").exists()


def test_a_cooperation_that_one_does_not_know_reads_as_one_that_does_not_exist(cast: Cast) -> None:
    client = cast.api(cast.foreign_coordinator)
    known = client.post(URL, _body(cast))
    random = client.post(URL, _body(cast, cooperation=str(new_id())))
    assert known.status_code == random.status_code == 400
    assert known.json()["errors"] == random.json()["errors"]
    assert known.json()["errors"][0]["pointer"] == "/cooperation"


def test_an_address_known_elsewhere_does_not_show(cast: Cast) -> None:
    elsewhere = cast.foreign_chair
    client = cast.api(cast.coordinator)
    taken = client.post(URL, _body(cast, email=elsewhere.email, given_name="Zacharie", family_name="Ailleurs"))
    free = client.post(URL, _body(cast, email="libre@coopproject.example"))
    assert taken.status_code == free.status_code == 201
    assert taken.json()["id"] != str(elsewhere.pk)
    assert set(taken.json()) == set(free.json())
    assert taken.json()["abilities"] == free.json()["abilities"]
    assert Person.objects.filter(email=elsewhere.email).count() == 2


def test_the_same_person_is_not_recorded_twice_in_a_cooperation(cast: Cast) -> None:
    chair = cast.chair_beta
    same = _body(cast, given_name="BASILE", family_name="President", email=chair.email.upper())
    response = cast.api(cast.coordinator).post(URL, same)
    assert response.status_code == 400
    assert response.json()["errors"][0] | {"detail": ""} == {"pointer": "/email", "code": "already_known", "detail": ""}
    # A shared mailbox is not a person.
    shared = cast.api(cast.coordinator).post(URL, _body(cast, email=chair.email))
    assert shared.status_code == 201


def test_a_role_that_is_refused_leaves_no_person_behind(cast: Cast) -> None:
    before = (Person.objects.count(), JournalEntry.objects.count())
    response = cast.api(cast.coordinator).post(URL, _body(cast, kind="director", organisation=str(cast.omega.pk)))
    assert response.status_code == 409
    assert [error["code"] for error in response.json()["errors"]] == ["not_a_member"]
    assert (Person.objects.count(), JournalEntry.objects.count()) == before


def test_a_stranger_reads_a_known_person_as_a_random_id(cast: Cast) -> None:
    client = cast.api(cast.stranger)
    known, random = client.get(f"{URL}{cast.chair_alpha.pk}/"), client.get(f"{URL}{new_id()}/")
    assert known.status_code == random.status_code == 404
    assert known.json() | {"request_id": ""} == random.json() | {"request_id": ""}
    assert [row["id"] for row in client.get(URL).json()["results"]] == [str(cast.stranger.pk)]


def test_people_of_another_cooperation_appear_in_no_list_count_filter_or_search(cast: Cast) -> None:
    client = cast.api(cast.foreign_coordinator)
    for query in ("count=exact", f"cooperation={cast.cooperation.pk}&count=exact", f"email={cast.chair_alpha.email}"):
        rows = client.get(f"{URL}?{query}").json()
        assert not {row["id"] for row in rows["results"]} & {str(cast.chair_alpha.pk), str(cast.coordinator.pk)}
    assert client.get(f"{URL}?cooperation={cast.cooperation.pk}&count=exact").json()["count"] == 0
    assert client.get(f"{URL}?q=alice").json()["results"] == []


def test_a_filter_by_a_foreign_cooperation_does_not_tell_which_of_my_people_act_there(cast: Cast) -> None:
    Role.objects.create(
        cooperation=cast.foreign_cooperation, person=cast.observer, kind=RoleKind.OBSERVER, since=cast.since
    )
    rows = cast.api(cast.coordinator).get(f"{URL}?cooperation={cast.foreign_cooperation.pk}").json()["results"]
    assert rows == []


def test_search_ignores_accents_and_case(cast: Cast) -> None:
    rows = cast.api(cast.coordinator).get(f"{URL}?q=PRESIDENTE alice").json()["results"]
    assert [row["id"] for row in rows] == [str(cast.chair_alpha.pk)]


def test_one_corrects_one_s_own_record_and_nobody_else_s(cast: Cast) -> None:
    chair = cast.chair_alpha
    mine = cast.api(chair).patch(f"{URL}{chair.pk}/", {"phone": "01 02 03 04 05"})
    assert mine.status_code == 200
    assert mine.json()["phone"] == "01 02 03 04 05"
    for name in ("coordinator", "director_alpha", "chair_beta"):
        response = cast.api(cast.everyone[name]).patch(f"{URL}{chair.pk}/", {"email": "detourne@coopproject.example"})
        assert response.status_code == 403, name
    chair.refresh_from_db()
    assert chair.email != "detourne@coopproject.example"


def test_coordination_keeps_the_record_of_who_cannot_sign_in(cast: Cast) -> None:
    person = Person.objects.create(given_name="Paul", family_name="Sans Compte")
    Role.objects.create(cooperation=cast.cooperation, person=person, kind=RoleKind.OBSERVER, since=cast.since)
    client = cast.api(cast.coordinator)
    assert client.patch(f"{URL}{person.pk}/", {"phone": "1"}).status_code == 200
    # Near miss: the same person also acts where this coordinator coordinates nothing.
    Role.objects.create(cooperation=cast.foreign_cooperation, person=person, kind=RoleKind.OBSERVER, since=cast.since)
    assert client.patch(f"{URL}{person.pk}/", {"phone": "2"}).status_code == 403
    person.refresh_from_db()
    assert person.phone == "1"


def test_the_journal_references_people_and_never_names_them(cast: Cast) -> None:
    created = cast.api(cast.coordinator).post(URL, _body(cast, family_name="Introuvable")).json()
    person = cast.chair_alpha
    cast.api(person).patch(f"{URL}{person.pk}/", {"family_name": "Introuvable", "email": "introuvable@x.example"})
    entries = JournalEntry.objects.filter(object_id__in=[created["id"], str(person.pk)])
    assert {entry.act for entry in entries} == {"person.created", "person.updated"}
    everything = " ".join(f"{entry.payload} {entry.reason} {entry.actor}" for entry in JournalEntry.objects.all())
    assert "introuvable" not in everything.lower()
    assert "noe@" not in everything


def test_unknown_fields_are_refused(cast: Cast) -> None:
    response = cast.api(cast.chair_alpha).patch(f"{URL}{cast.chair_alpha.pk}/", {"birth_date": "1960-01-01"})
    assert response.status_code == 400
    assert response.json()["errors"][0]["code"] == "unknown_field"


def test_those_who_left_are_told_from_those_who_act_in_the_cooperation_asked_for(cast: Cast) -> None:
    client, here = cast.api(cast.coordinator), f"{URL}?cooperation={cast.cooperation.pk}&page_size=200"
    acting = {row["id"] for row in client.get(f"{here}&in_force=true").json()["results"]}
    left = {row["id"] for row in client.get(f"{here}&in_force=false").json()["results"]}
    assert str(cast.chair_alpha.pk) in acting
    assert left == {str(cast.yesterday_chair_alpha.pk)}
    assert acting | left == {row["id"] for row in client.get(here).json()["results"]}
    # What they do where this reader does nothing is no answer, in either way.
    Role.objects.create(
        cooperation=cast.foreign_cooperation, person=cast.yesterday_chair_alpha, kind="observer", since=cast.since
    )
    again = client.get(f"{URL}?in_force=false&page_size=200").json()["results"]
    assert str(cast.yesterday_chair_alpha.pk) in {row["id"] for row in again}
