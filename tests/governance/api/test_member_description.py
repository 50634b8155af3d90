"""What a cooperation says of its members: territory, profile, relation, and who heads them today."""

import datetime as dt
import json
from typing import Any

import pytest
from django.db import transaction

from coopproject.exceptions import InvalidInput
from governance.actor import Actor
from governance.enums import CircleKind, RoleKind
from governance.models import JournalEntry, Membership, Organisation, Role
from governance.services import dossiers
from tests.cast import Cast, luhn_siren
from tests.clock import set_clock
from tests.governance.dossier.documents import minimal
from tests.queries import assert_constant_queries
from tests.requests import codes

pytestmark = pytest.mark.django_db
BATCH = Actor.system("test")
URL = "/api/v1/memberships/"
DAY = dt.timedelta(days=1)


def of(cast: Cast, organisation: Organisation) -> Membership:
    return Membership.objects.get(cooperation=cast.cooperation, organisation=organisation)


def test_the_territory_of_an_organisation_is_cleaned_and_its_commune_says_the_department(cast: Cast) -> None:
    client, address = cast.api(cast.director_alpha), f"/api/v1/organisations/{cast.alpha.pk}/"
    done = client.patch(address, {"commune_code": "2a 004", "employment_area_code": "94 01"}, format="json")
    assert done.status_code == 200, done.json()
    assert [done.json()[name] for name in ("commune_code", "department_code", "employment_area_code")] == [
        *("2A004", "2A", "9401")
    ]
    refused = client.patch(address, {"department_code": "69", "siren": "1"}, format="json")
    assert (refused.status_code, codes(refused)) == (400, {"siren_format", "department_differs_from_commune"})
    assert client.patch(address, {"commune_code": "", "department_code": "69"}, format="json").status_code == 200
    cast.alpha.refresh_from_db()
    assert (cast.alpha.commune_code, cast.alpha.department) == ("", "69")
    created = cast.api(cast.coordinator).post(
        "/api/v1/organisations/",
        {"name": "N", "siren": luhn_siren(778), "cooperation": str(cast.cooperation.pk), "circle": "network"}
        | {"commune_code": "99138"},
    )
    assert (created.status_code, codes(created)) == (400, {"commune_format"})


def test_members_are_found_by_where_they_are_and_what_is_said_of_them(cast: Cast) -> None:
    Organisation.objects.filter(pk=cast.alpha.pk).update(commune_code="69123", sector="Formation", legal_form="scop")
    Organisation.objects.filter(pk=cast.beta.pk).update(department_code="69", employment_area_code="8421")
    Membership.objects.filter(organisation=cast.gamma).update(
        profile="specific_asset", specific_asset="Un plateau technique", relation="alliance", competes_on="La VAE"
    )
    Organisation.objects.filter(pk=cast.zeta.pk).update(commune_code="69001")
    client = cast.api(cast.observer)
    alpha, beta, gamma = (str(one.pk) for one in (cast.alpha, cast.beta, cast.gamma))
    for query, expected in (
        ("department_code=69", {alpha, beta}),
        ("department_code=6", set()),
        ("commune_code=69123", {alpha}),
        ("employment_area_code=8421", {beta}),
        ("sector=formation", {alpha}),
        ("legal_form=scop", {alpha}),
        ("profile=specific_asset", {gamma}),
        ("profile__in=solid,specific_asset", {gamma}),
        ("relation=alliance", {gamma}),
    ):
        rows = client.get(f"{URL}?{query}").json()["results"]
        assert {row["organisation"] for row in rows} == expected, query
    for query, expected in (
        ("department_code=69", {alpha, beta}),
        ("employment_area_code__in=8421,9999", {beta}),
        ("sector=formation", {alpha}),
    ):
        rows = client.get(f"/api/v1/organisations/?{query}").json()["results"]
        assert {row["id"] for row in rows} == expected, query
    assert client.get(f"{URL}?profile=weak").status_code == 400


def test_a_head_says_what_kind_of_partner_its_organisation_is(cast: Cast) -> None:
    address = f"{URL}{of(cast, cast.alpha).pk}/"
    client = cast.api(cast.chair_alpha)
    given = {"profile": "specific_asset", "specific_asset": "L’agrément", "relation": "alliance", "competes_on": "VAE"}
    done = client.patch(address, given, format="json")
    assert done.status_code == 200, done.json()
    assert done.json() | given == done.json()
    entry = JournalEntry.objects.get(act="membership.updated")
    assert (entry.payload["after"]["relation"], entry.on_behalf_of_id) == ("alliance", cast.alpha.pk)
    stale = client.patch(address, {"profile": "solid"}, format="json", headers={"If-Match": '"1-x"'})
    assert stale.status_code == 412
    for body, expected in (
        ({"profile": "solid"}, [("asset_of_another_profile", "/specific_asset")]),
        ({"competes_on": ""}, [("required", "/competes_on")]),
        (
            {"specific_asset": "", "relation": "partnership"},
            [("required", "/specific_asset"), ("no_competition", "/competes_on")],
        ),
        ({"relation": "rivalry"}, [("invalid_choice", "/relation")]),
        ({"joined_on": "2020-01-01"}, [("unknown_field", "/joined_on")]),
    ):
        refused = client.patch(address, body, format="json")
        assert refused.status_code == 400
        assert [(error["code"], error["pointer"]) for error in refused.json()["errors"]] == expected
    assert of(cast, cast.alpha).competes_on == "VAE"
    joined = cast.api(cast.coordinator).post(
        URL,
        {"cooperation": str(cast.cooperation.pk), "organisation": str(cast.omega.pk), "circle": "network"}
        | {"profile": "emerging", "relation": "partnership"},
    )
    assert (joined.status_code, joined.json()["profile"], joined.json()["relation"]) == (201, "emerging", "partnership")


def test_the_sponsor_and_the_lead_are_read_from_the_roles_of_today(cast: Cast) -> None:
    set_clock(cast.today)
    address = f"{URL}{of(cast, cast.alpha).pk}/"
    client = cast.api(cast.observer)

    def heads() -> tuple[str, str]:
        found = client.get(address).json()
        return found["political_sponsor"], found["executive_lead"]

    assert heads() == (str(cast.chair_alpha.pk), str(cast.director_alpha.pk))
    # Another cooperation, another day, another organisation: none of these is who heads it here today.
    for kind, values in (
        (RoleKind.BOARD_CHAIR, {"cooperation": cast.foreign_cooperation, "since": cast.today}),
        (RoleKind.DIRECTOR, {"cooperation": cast.cooperation, "since": cast.today + DAY}),
    ):
        Role.objects.create(person=cast.pilot_beta, organisation=cast.alpha, kind=kind, **values)
    assert heads() == (str(cast.chair_alpha.pk), str(cast.director_alpha.pk))
    expanded = client.get(f"{address}?expand=political_sponsor").json()["political_sponsor"]
    assert expanded["family_name"] == "Présidente"
    set_clock(cast.today + DAY)
    assert heads() == (str(cast.chair_alpha.pk), str(cast.pilot_beta.pk))
    gone = client.get(f"{URL}?organisation={cast.omega.pk}").json()["results"][0]
    assert (gone["political_sponsor"], gone["executive_lead"]) == (None, None)


def test_a_list_of_members_costs_the_same_for_two_rows_and_for_forty(cast: Cast) -> None:
    numbers = iter(range(100))

    def make(count: int) -> None:
        for _index in range(count):
            member = cast.organisation(f"Membre {next(numbers)}", headcount="1.00", circle=CircleKind.NETWORK)
            cast.person("Pré", "Sidente", RoleKind.BOARD_CHAIR, member)

    assert_constant_queries(cast.api(cast.coordinator), URL, make)


def described() -> dict[str, Any]:
    document = minimal()
    document["organisations"][0] |= {"commune_code": "69123", "employment_area_code": "8421"}
    document["memberships"][0] |= {
        "profile": "specific_asset",
        "specific_asset": "Un agrément",
        "relation": "alliance",
        "competes_on": "La VAE à Lyon",
    }
    document["memberships"][0]["stays"][1]["onboarding_waiver"] = "Fondatrice"
    return document


def test_what_is_said_of_a_member_comes_back_from_a_dossier_byte_for_byte() -> None:
    with transaction.atomic():
        text = dossiers.dossier_export(dossiers.dossier_import(actor=BATCH, document=described()).cooperation)
        transaction.set_rollback(True)
    assert "Un agrément" in text
    assert "Fondatrice" in text
    again = dossiers.dossier_import(actor=BATCH, document=json.loads(text)).cooperation
    assert dossiers.dossier_export(again) == text


def test_a_dossier_whose_members_are_described_wrongly_is_refused() -> None:
    document = described()
    document["organisations"][0] |= {"department_code": "01", "commune_code": "2a004"}
    document["memberships"][0] |= {"profile": "solid", "competes_on": ""}
    with pytest.raises(InvalidInput) as refused:
        dossiers.dossier_import(actor=BATCH, document=document)
    assert {(one.code, one.pointer) for one in refused.value.violations} == {
        ("not_bare", "/organisations/0/commune_code"),
        ("department_differs_from_commune", "/organisations/0/department_code"),
        ("asset_of_another_profile", "/memberships/0/specific_asset"),
        ("required", "/memberships/0/competes_on"),
    }
