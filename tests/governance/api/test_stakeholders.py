"""The team, the preparers and the supporters of the guide: who they are, what is expected of them, who sees them."""

import datetime as dt
import json
from typing import Any

import pytest
from django.db import transaction

from coopproject.exceptions import InvalidInput
from governance import departures
from governance.actor import Actor
from governance.enums import RoleFamily, RoleKind, StakeholderKind
from governance.models import JournalEntry, Role, Stakeholder
from governance.rules.stakeholders import FAMILIES
from governance.services import dossiers
from tests.cast import Cast
from tests.governance import factories
from tests.governance.dossier.documents import minimal
from tests.queries import assert_constant_queries
from tests.requests import codes

pytestmark = pytest.mark.django_db
BATCH = Actor.system("test")
URL = "/api/v1/stakeholders/"
DAY = dt.timedelta(days=1)


def record(cast: Cast, **body: Any) -> Any:
    return cast.api(cast.facilitator).post(URL, {"cooperation": str(cast.cooperation.pk), **body}, format="json")


def test_every_kind_of_the_guide_is_in_one_family_and_another_states_its_own() -> None:
    assert set(FAMILIES) == set(StakeholderKind) - {StakeholderKind.OTHER}
    assert set(FAMILIES.values()) == set(RoleFamily)


def test_a_stakeholder_is_recorded_corrected_and_ended(cast: Cast) -> None:
    made = record(
        cast,
        kind="public_partner",
        name="Département du Val",
        contact="ess@val.example",
        expected="Un avis sur le projet",
    )
    assert made.status_code == 201, made.json()
    assert (made.json()["role_family"], made.json()["since"]) == ("supporter", cast.today.isoformat())
    one = f"{URL}{made.json()['id']}/"
    client = cast.api(cast.coordinator)
    done = client.patch(one, {"associated_on": cast.today.isoformat(), "kind": "federation"}, format="json")
    assert (done.status_code, done.json()["role_family"]) == (200, "team")
    early = client.post(f"{one}end/", {"reason": "x", "until": (cast.today - DAY).isoformat()})
    assert (early.status_code, codes(early)) == (409, {"ends_before_start"})
    ended = client.post(f"{one}end/", {"reason": "Mission finie"})
    assert (ended.json()["until"], ended.json()["end_reason"]) == (cast.today.isoformat(), "Mission finie")
    assert codes(client.post(f"{one}end/", {"reason": "x"})) == {"stakeholder_ended"}
    Stakeholder.objects.update(since=cast.today - 9 * DAY, until=cast.today - DAY, associated_on=None)
    assert codes(client.patch(one, {"expected": "x"}, format="json")) == {"stakeholder_ended"}
    acts = JournalEntry.objects.filter(object_type="governance.stakeholder").order_by("sequence")
    assert [entry.act for entry in acts] == ["stakeholder.created", "stakeholder.updated", "stakeholder.ended"]
    # Neither name nor contact: the journal is for ever.
    assert "Val" not in json.dumps([entry.payload for entry in acts])
    assert "val.example" not in json.dumps([entry.payload for entry in acts])


def test_a_row_that_does_not_say_who_it_is_about_is_refused_where_it_stands(cast: Cast) -> None:
    stranger, person = str(cast.stranger.pk), str(cast.observer.pk)
    tomorrow = (cast.today + DAY).isoformat()
    for body, found in (
        ({"kind": "users"}, {("person_or_organisation", "/name")}),
        ({"kind": "users", "name": "U", "person": person}, {("person_or_organisation", "/name")}),
        (
            {"kind": "banker", "role_family": "team", "name": "B", "kind_other": "x"},
            {("family_of_another_kind", "/role_family"), ("kind_is_known", "/kind_other")},
        ),
        ({"kind": "other", "name": "U"}, {("required", "/role_family"), ("required", "/kind_other")}),
        ({"kind": "banker", "person": person, "contact": "x"}, {("contact_on_the_record", "/contact")}),
        ({"kind": "employees_representatives", "person": person}, {("body_not_person", "/person")}),
        ({"kind": "users", "name": "U", "associated_on": tomorrow}, {("in_the_future", "/associated_on")}),
        ({"kind": "users", "name": "U", "until": "2020-01-01"}, {("ends_before_start", "/until")}),
        ({"kind": "users", "name": "U", "confidentiality": "restricted"}, {("level_not_allowed", "/confidentiality")}),
        ({"kind": "witch", "name": "U"}, {("invalid_choice", "/kind")}),
        ({"kind": "users", "person": stranger}, {("does_not_exist", "/person")}),
    ):
        refused = record(cast, **body)
        assert refused.status_code == 400, body
        assert {(error["code"], error["pointer"]) for error in refused.json()["errors"]} == found, body
    Role.objects.create(
        cooperation=cast.foreign_cooperation, person=cast.facilitator, kind=RoleKind.OBSERVER, since=cast.since
    )
    elsewhere = record(cast, kind="users", person=str(cast.foreign_chair.pk))
    assert (elsewhere.status_code, codes(elsewhere)) == (400, {"person_not_known_here"})
    assert not Stakeholder.objects.exists()
    other = record(cast, kind="other", role_family="preparer", kind_other="Notaire", name="Étude du Val")
    assert other.status_code == 201


def test_stakeholders_are_filtered_and_searched_by_name(cast: Cast) -> None:
    users = factories.stakeholder(cast, associated_on=cast.today)
    named = factories.stakeholder(
        cast, role_family="preparer", kind="accompanist", name="", person=cast.observer, until=cast.today - DAY
    )
    hidden = factories.stakeholder(cast, kind="banker", name="Banque du Val", confidentiality="core")
    client = cast.api(cast.chair_gamma)
    for query, expected in (
        ("", {users, named}),
        ("role_family=preparer", {named}),
        ("kind__in=users,banker", {users}),
        (f"person={cast.observer.pk}", {named}),
        ("in_force=true", {users}),
        ("associated_on__isnull=true", {named}),
        ("q=odile", {named}),
        ("q=val", {users}),
    ):
        rows = client.get(f"{URL}?{query}").json()["results"]
        assert {row["id"] for row in rows} == {str(row.pk) for row in expected}, query
    assert len(cast.api(cast.chair_beta).get(f"{URL}?q=val").json()["results"]) == 2
    assert client.get(f"{URL}{hidden.pk}/").status_code == 404
    expanded = client.get(f"{URL}{named.pk}/?expand=person").json()
    assert expanded["person"]["given_name"] == "Odile"


def sign(cast: Cast, code: str, person: Any = None) -> dict[str, Any] | None:
    address = f"/api/v1/cooperations/{cast.cooperation.pk}/vital-signs/"
    signs = cast.api(person or cast.coordinator).get(address).json()["signs"]
    return next((row for row in signs if row["code"] == code), None)


def test_an_empty_family_is_a_sign_and_so_are_users_who_were_not_heard(cast: Cast) -> None:
    found = sign(cast, "stakeholder_family_empty")
    assert found is not None
    assert (found["severity"], "préparateurs, supporters" in found["why"]) == ("info", True)
    users = factories.stakeholder(cast, confidentiality="core")
    factories.stakeholder(cast, role_family="preparer", kind="accompanist", name="DLA du Val")
    # Whoever may not know of the users is not told that nobody supports it, nor of them.
    assert sign(cast, "stakeholder_family_empty", cast.chair_gamma) is None
    assert sign(cast, "stakeholders_not_associated", cast.chair_gamma) is None
    unheard = sign(cast, "stakeholders_not_associated")
    assert unheard is not None
    assert (unheard["since"], [row["id"] for row in unheard["objects"]]) == (cast.since.isoformat(), [str(users.pk)])
    Stakeholder.objects.filter(pk=users.pk).update(associated_on=cast.today)
    assert sign(cast, "stakeholders_not_associated") is None
    Stakeholder.objects.filter(pk=users.pk).update(until=cast.today - DAY)
    assert sign(cast, "stakeholder_family_empty") is not None
    Role.objects.filter(kind__in=["board_chair", "director"]).delete()
    found = sign(cast, "stakeholder_family_empty")
    assert found is not None
    assert "équipe" in found["why"]


def test_a_person_who_departs_leaves_their_part_named(cast: Cast) -> None:
    row = factories.stakeholder(cast, name="", person=cast.observer)
    factories.stakeholder(cast, name="", person=cast.observer, until=cast.today - DAY)

    def left(person: Any) -> set[str]:
        actor = Actor.for_user(person.account)
        found = departures.of_person(actor, cast.cooperation, cast.observer.pk, cast.today)
        return {str(item.id) for item in found if item.code == "stakeholder_named"}

    assert left(cast.coordinator) == {str(row.pk)}
    Stakeholder.objects.filter(pk=row.pk).update(confidentiality="core")
    assert (left(cast.coordinator), left(cast.chair_gamma)) == ({str(row.pk)}, set())


def test_a_list_costs_the_same_for_two_rows_and_for_forty(cast: Cast) -> None:
    def make(count: int) -> None:
        for _index in range(count):
            factories.stakeholder(cast, name="", person=cast.observer)

    assert_constant_queries(cast.api(cast.coordinator), "/api/v1/stakeholders/?expand=person", make)


def with_stakeholders() -> dict[str, Any]:
    document = minimal()
    document["stakeholders"] = [
        {"kind": "users", "name": "Les usagers", "contact": "u@val.example", "since": "M-6/1", "associated_on": "D-9"},
        {
            "role_family": "preparer",
            "kind": "other",
            "kind_other": "Notaire",
            "person": "ana",
            "since": "M-6/1",
            "until": "D-3",
            "end_reason": "Acte signé",
            "confidentiality": "core",
        },
    ]
    return document


def test_stakeholders_come_back_from_a_dossier_byte_for_byte() -> None:
    with transaction.atomic():
        text = dossiers.dossier_export(dossiers.dossier_import(actor=BATCH, document=with_stakeholders()).cooperation)
        transaction.set_rollback(True)
    assert "u@val.example" in text
    again = dossiers.dossier_import(actor=BATCH, document=json.loads(text)).cooperation
    assert dossiers.dossier_export(again) == text


@pytest.mark.parametrize(
    ("row", "changed", "code", "pointer"),
    [
        (0, {"name": ""}, "person_or_organisation", "/name"),
        (0, {"role_family": "team"}, "family_of_another_kind", "/role_family"),
        (0, {"associated_on": "D+999"}, "in_the_future", "/associated_on"),
        (1, {"kind_other": ""}, "required", "/kind_other"),
        (1, {"until": "M-9/1"}, "out_of_order", "/until"),
    ],
)
def test_a_dossier_whose_stakeholders_do_not_hold_together_is_refused(
    row: int, changed: dict[str, Any], code: str, pointer: str
) -> None:
    document = with_stakeholders()
    document["stakeholders"][row] |= changed
    with pytest.raises(InvalidInput) as refused:
        dossiers.dossier_import(actor=BATCH, document=document)
    assert [(one.code, one.pointer) for one in refused.value.violations] == [(code, f"/stakeholders/{row}{pointer}")]
