"""A member with an account who wants more than they were given: every path to a role or to a record is closed."""

import datetime as dt
import time
from typing import Any

import pytest
from django.forms.models import model_to_dict

from governance.dossier import exporter
from governance.enums import Confidentiality, RoleKind
from governance.models import Consultation, Cooperation, Organisation, Person, Role
from tests.cast import Cast
from tests.governance import factories
from tests.requests import act, codes, pointers

DAY = dt.timedelta(days=1)


def _role(cast: Cast, person: Person, kind: RoleKind, organisation: Organisation | None) -> dict[str, Any]:
    return {
        "cooperation": str(cast.cooperation.pk),
        "person": str(person.pk),
        "organisation": str(organisation.pk) if organisation else None,
        "kind": kind,
    }


@pytest.mark.parametrize("kind", ["director", "pilot", "employees_contact", "coordination", "facilitation"])
def test_the_coordination_does_not_let_itself_into_what_is_restricted_to_a_member(cast: Cast, kind: str) -> None:
    """Any role for Alpha opens the consultation of Alpha, which the level `restricted` closes to the coordination."""
    secret = factories.consultation(cast, factories.decision(cast), confidentiality=Confidentiality.RESTRICTED)
    coordination = cast.api(cast.coordinator)
    response = act(coordination, "/api/v1/roles/", _role(cast, cast.coordinator, RoleKind(kind), cast.alpha))
    assert (response.status_code, codes(response), pointers(response)) == (409, {"self_granted"}, {"/person"})
    assert coordination.get(f"/api/v1/consultations/{secret.pk}/").status_code == 404
    assert Role.objects.filter(person=cast.coordinator).count() == 1


def test_a_head_takes_a_role_for_the_organisation_that_they_head_but_no_seat(cast: Cast) -> None:
    director = cast.api(cast.director_alpha)
    taken = act(director, "/api/v1/roles/", _role(cast, cast.director_alpha, RoleKind.PILOT, cast.alpha))
    assert taken.status_code == 201
    seat = act(director, "/api/v1/roles/", _role(cast, cast.director_alpha, RoleKind.BOARD_MEMBER, cast.alpha))
    assert codes(seat) == {"self_granted"}


@pytest.mark.parametrize("kind", [RoleKind.BOARD_CHAIR, RoleKind.DIRECTOR, RoleKind.EMPLOYEES_CONTACT])
@pytest.mark.parametrize("reopened", [None, dt.timedelta(days=30)])
def test_nobody_opens_again_a_role_that_they_may_not_give_themselves(
    cast: Cast, kind: RoleKind, reopened: dt.timedelta | None
) -> None:
    ended = Role.objects.create(
        cooperation=cast.cooperation,
        person=cast.coordinator,
        organisation=cast.alpha,
        kind=kind,
        since=cast.since,
        until=cast.today - DAY,
    )
    until = None if reopened is None else (cast.today + reopened).isoformat()
    response = cast.api(cast.coordinator).patch(f"/api/v1/roles/{ended.pk}/", {"until": until}, format="json")
    assert (response.status_code, codes(response), pointers(response)) == (409, {"self_granted"}, {"/until"})
    ended.refresh_from_db()
    assert ended.until == cast.today - DAY


def _joins(cast: Cast, organisation: Organisation, cooperation: Cooperation) -> dict[str, Any]:
    return {"cooperation": str(cooperation.pk), "organisation": str(organisation.pk), "circle": "network"}


def test_a_guest_does_not_tie_a_member_to_a_cooperation_of_their_own(cast: Cast) -> None:
    """Whoever coordinates a cooperation of Alpha writes the record of Alpha, which all its cooperations share."""
    Role.objects.create(
        cooperation=cast.cooperation, person=cast.foreign_coordinator, kind=RoleKind.OBSERVER, since=cast.since
    )
    foreign = cast.api(cast.foreign_coordinator)
    assert foreign.get(f"/api/v1/organisations/{cast.alpha.pk}/").status_code == 200
    refused = act(foreign, "/api/v1/memberships/", _joins(cast, cast.alpha, cast.foreign_cooperation))
    assert refused.status_code == 403
    assert not cast.alpha.memberships.filter(cooperation=cast.foreign_cooperation).exists()
    # Who coordinates both, and whoever brings one that is a member nowhere any more, may.
    Role.objects.filter(person=cast.foreign_coordinator, cooperation=cast.cooperation).update(kind="coordination")
    for organisation in (cast.alpha, cast.omega):
        taken = act(foreign, "/api/v1/memberships/", _joins(cast, organisation, cast.foreign_cooperation))
        assert taken.status_code == 201


def _dossier(importer: Person, *organisations: Organisation, **more: Any) -> dict[str, Any]:
    """A cooperation of the importer, with these organisations as this instance knows them."""
    person = {name: getattr(importer, name) for name in ("given_name", "family_name", "email", "language")}
    return {
        "format": "coopproject-dossier",
        "format_version": 1,
        "cooperation": {"name": "Coopération pirate", "started_on": "2024-01-01"},
        "organisations": [_as_known(organisation) for organisation in organisations],
        "people": [{"ref": str(importer.pk), **person}],
        "memberships": [
            {
                "organisation": str(organisation.pk),
                "joined_on": "2024-01-01",
                "stays": [{"circle": "core", "since": "2024-01-01"}],
            }
            for organisation in organisations
        ],
        "roles": [{"person": str(importer.pk), "kind": "coordination", "since": "2024-01-01"}],
        **more,
    }


def _as_known(organisation: Organisation) -> dict[str, Any]:
    fields = next(part for part in exporter.sections() if part.model is Organisation).fields
    values = model_to_dict(organisation, fields=fields)
    shown = {name: value.isoformat() if isinstance(value, dt.date) else value for name, value in values.items()}
    return {"ref": str(organisation.pk), **{name: value for name, value in shown.items() if value not in (None, "")}}


def test_a_dossier_does_not_tie_a_member_that_its_importer_does_not_answer_for(cast: Cast) -> None:
    """Delta knows Alpha from the circle « network »: importing would have made Delta's chair Alpha's coordination."""
    response = act(cast.api(cast.chair_delta), "/api/v1/cooperations/import/", _dossier(cast.chair_delta, cast.alpha))
    assert (response.status_code, codes(response)) == (400, {"not_yours_to_tie"})
    assert pointers(response) == {"/memberships/0/organisation"}
    assert Cooperation.objects.count() == 2
    own = act(cast.api(cast.chair_delta), "/api/v1/cooperations/import/", _dossier(cast.chair_delta, cast.delta))
    assert own.status_code == 201


def test_a_dossier_does_not_make_its_importer_act_for_a_member_that_they_do_not_head(cast: Cast) -> None:
    """The coordination answers for Alpha and may tie it, not sit on its board by the way of a dossier."""
    given = _dossier(cast.coordinator, cast.alpha)
    given["roles"] += [
        {"person": str(cast.coordinator.pk), "organisation": str(cast.alpha.pk), "kind": kind, "since": "2024-01-01"}
        for kind in ("board_chair", "employees_contact", "observer")
    ]
    response = act(cast.api(cast.coordinator), "/api/v1/cooperations/import/", given)
    assert (response.status_code, codes(response)) == (400, {"self_granted"})
    assert pointers(response) == {"/roles/1/person", "/roles/2/person"}
    assert Cooperation.objects.count() == 2


def test_a_dossier_overwrites_nobody_and_nothing_that_the_instance_has(cast: Cast) -> None:
    """A SIREN is recognised, never rewritten; a person is recognised by identifier alone, never by address."""
    client = cast.api(cast.chair_delta)
    for name, value in (("name", "Delta et fils"), ("siren", cast.alpha.siren), ("cse_status", "elected")):
        given = _dossier(cast.chair_delta, cast.delta)
        given["organisations"][0][name] = value
        response = act(client, "/api/v1/cooperations/import/", given)
        assert (response.status_code, pointers(response)) == (400, {f"/organisations/0/{name}"}), name
    given = _dossier(cast.chair_delta, cast.delta)
    given["people"][0]["email"] = "autre@coopproject.example"
    assert pointers(act(client, "/api/v1/cooperations/import/", given)) == {"/people/0/email"}
    given = _dossier(cast.chair_delta, cast.delta)
    # The address of another person's account brings no right of theirs, nor them into one's own.
    given["people"].append(
        {"ref": "double", "given_name": "Alice", "family_name": "Présidente", "email": cast.chair_alpha.email}
    )
    given["roles"].append({"person": "double", "kind": "observer", "since": "2024-01-01"})
    assert act(client, "/api/v1/cooperations/import/", given).status_code == 201
    assert not Role.objects.filter(person=cast.chair_alpha, kind="observer").exists()


@pytest.mark.parametrize(
    ("spoil", "code", "pointer"),
    [
        ({"zone": "Mars/Olympus"}, "unknown_zone", "/cooperation/zone"),
        ({"currency": "€€€"}, "invalid", "/cooperation/currency"),
        ({"types": ["faire_avec", "faire_avec"]}, "repeated", "/cooperation/types"),
        ({"settings": {"weekend_extension": "never"}}, "invalid_choice", "/cooperation/settings/weekend_extension"),
        ({"settings": {"evaluation_thresholds": []}}, "invalid", "/cooperation/settings/evaluation_thresholds"),
    ],
)
def test_a_dossier_and_an_act_refuse_alike_what_would_break_each_later_reading(
    cast: Cast, spoil: dict[str, Any], code: str, pointer: str
) -> None:
    given = _dossier(cast.chair_delta, cast.delta)
    given["cooperation"] |= spoil
    imported = act(cast.api(cast.chair_delta), "/api/v1/cooperations/import/", given)
    assert (imported.status_code, codes(imported), pointers(imported)) == (400, {code}, {pointer})
    patched = cast.api(cast.coordinator).patch(f"/api/v1/cooperations/{cast.cooperation.pk}/", spoil, format="json")
    said = {pointer.removeprefix("/cooperation")}
    assert (patched.status_code, codes(patched), pointers(patched)) == (400, {code}, said)
    assert Cooperation.objects.filter(settings={}).count() == 2


def test_a_hostile_list_of_a_dossier_costs_no_more_than_its_length(cast: Cast) -> None:
    """Ten thousand different objects where texts are expected: compared two by two they would take minutes."""
    given = _dossier(cast.chair_delta, cast.delta)
    given["decisions"] = [{"title": "Coûteuse", "state": "draft", "concerned": [{"a": n} for n in range(10_000)]}]
    started = time.process_time()
    response = act(cast.api(cast.chair_delta), "/api/v1/cooperations/import/", given)
    assert response.status_code == 400
    assert "too_many_errors" in codes(response)
    assert time.process_time() - started < 10
    assert not Consultation.objects.exists()
