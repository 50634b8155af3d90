"""A closed membership, role, board, delegation or rule is in no answer below its level (docs/adr/0029)."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from governance.enums import CircleKind, RoleKind
from governance.models import (
    AssemblyRule,
    Board,
    DecisionCircuit,
    Delegation,
    JournalEntry,
    Membership,
    Role,
)
from tests.cast import Cast
from tests.governance import factories
from tests.permissions.scene import Scene
from tests.permissions.test_secrecy import addresses
from tests.queries import assert_constant_queries
from tests.requests import act, codes, pointers

BASE = "/api/v1/"
# Below « core »: whoever funds, chairs a member of the network, chairs an active partner.
BELOW_CORE = ("fun", "del", "gam")
KNOWN = ("pil", "mem", "cha", "fac", "coo")


def close(model: Any, level: str = "core", **which: Any) -> None:
    assert model.objects.filter(**which).update(confidentiality=level)


def body_of(response: Any) -> str:
    raw = b"".join(response) if response.streaming else response.content
    return str(raw.decode(errors="replace")) + str(dict(response.headers))


def patch(cast: Cast, person: str, path: str, **said: Any) -> Any:
    client = cast.api(cast.everyone[person])
    return client.patch(f"{BASE}{path}", said, format="json", headers={"If-Match": "*"})


def listed(cast: Cast, person: str, path: str) -> list[dict[str, Any]]:
    response = cast.api(cast.everyone[person]).get(f"{BASE}{path}")
    assert response.status_code == 200, response.content
    found: list[dict[str, Any]] = response.json()["results"]
    return found


def read(cast: Cast, person: str, path: str) -> Any:
    response = cast.api(cast.everyone[person]).get(f"{BASE}{path}")
    assert response.status_code == 200, (path, response.content)
    return response.json()


def leaks(scene: Scene, person: str, words: dict[str, str]) -> Iterator[str]:
    client = scene.client(person)
    for operation, address in addresses(scene):
        said = body_of(client.get(address))
        yield from (
            f"{operation} tells {what} to {person} at {address}" for what, word in words.items() if word in said
        )


def test_a_closed_member_is_in_no_answer_to_whoever_is_below(cast: Cast) -> None:
    """Every address that is read, with all that it expands. Alpha has a part in each object of the scene."""
    scene = Scene(cast)
    scene.here.objects["decisions"].concerned.add(cast.gamma)
    words = {"the organisation": str(cast.alpha.pk), "its membership": scene.here.ids["memberships"]}
    words |= {"its board": scene.here.ids["boards"], "its people": "Anouk"}
    told = "".join(body_of(scene.client("coo").get(address)) for _operation, address in addresses(scene))
    assert all(word in told for word in words.values())
    close(Membership, organisation=cast.alpha)
    found = [leak for person in BELOW_CORE for leak in leaks(scene, person, words)]
    assert not found, "\n".join(found)


def test_what_is_counted_and_filtered_does_not_tell_of_a_closed_member(cast: Cast) -> None:
    place, alpha = cast.cooperation.pk, cast.alpha.pk
    cast.cooperation.size_alert = 3
    cast.cooperation.save(update_fields=["size_alert"])
    factories.readiness(cast, cast.alpha, state="submitted", submitted_on=cast.today)
    asked = (f"organisations/?cooperation={place}&q=alpha", f"roles/?organisation={alpha}")
    asked += (f"memberships/?organisation={alpha}", f"boards/?organisation={alpha}", "organisations/?q=alpha")
    asked += (f"voting-rules/?organisation={alpha}", "people/?q=Anouk", f"people/?cooperation={place}&q=Anouk")
    asked += (f"journal/?object_id={_membership(cast).pk}", f"readiness-assessments/?organisation={alpha}")
    response = patch(cast, "chair_alpha", f"memberships/{_membership(cast).pk}/", confidentiality="core")
    assert (response.status_code, response.json()["confidentiality"]) == (200, "core")
    for path in asked:
        assert listed(cast, "coordinator", path), path
        assert not listed(cast, "chair_delta", path), path
        assert not listed(cast, "funder", path), path
        # Its own people always know, whatever they reach.
        assert listed(cast, "employees_alpha", path), path
    # Four members, one of them closed.
    assert _size(cast, "coordinator") == (4, 4)
    assert _size(cast, "chair_delta") == (3, 3)
    members = {row["organisation"] for row in read(cast, "chair_delta", f"cooperations/{place}/readiness/")["members"]}
    assert (str(alpha) in members, str(cast.beta.pk) in members) == (False, True)
    refused = cast.api(cast.chair_delta).post(
        f"{BASE}roles/",
        {"cooperation": str(place), "person": str(cast.chair_delta.pk), "organisation": str(alpha), "kind": "pilot"},
        format="json",
    )
    assert (refused.status_code, pointers(refused)) == (400, {"/organisation"})


def _membership(cast: Cast) -> Membership:
    return Membership.objects.get(cooperation=cast.cooperation, organisation=cast.alpha)


def _size(cast: Cast, person: str) -> tuple[int, int]:
    """The size told by a simulation of Delta, and by the signs of life."""
    delta = Membership.objects.get(cooperation=cast.cooperation, organisation=cast.delta)
    told = read(cast, person, f"memberships/{delta.pk}/simulate-move/?circle=active")["size"]["before"]
    signs = read(cast, person, f"cooperations/{cast.cooperation.pk}/vital-signs/")
    (sign,) = [sign for sign in signs["signs"] if sign["code"] == "size_threshold_reached"]
    return told, int(sign["why"].split()[0])


def test_an_organisation_known_otherwise_stays_known_and_a_secret_return_is_not_told(cast: Cast) -> None:
    """Oméga left last month, in the open; it comes back in secret."""
    back = Membership.objects.create(
        cooperation=cast.cooperation, organisation=cast.omega, joined_on=cast.today, confidentiality="core"
    )
    assert [row["id"] for row in listed(cast, "chair_delta", "organisations/?q=omega")] == [str(cast.omega.pk)]
    (open_one,) = listed(cast, "chair_delta", f"memberships/?organisation={cast.omega.pk}")
    assert (open_one["organisation"], open_one["id"] != str(back.pk)) == (str(cast.omega.pk), True)
    assert len(listed(cast, "coordinator", f"memberships/?organisation={cast.omega.pk}")) == 2
    assert listed(cast, "coordinator", f"roles/?organisation={cast.omega.pk}")
    assert not listed(cast, "chair_delta", f"roles/?organisation={cast.omega.pk}")
    # Back in the open, its former, secret, belonging hides nothing of what it does now.
    stays = Membership.objects.filter(organisation=cast.omega)
    stays.exclude(pk=back.pk).update(confidentiality="core")
    stays.filter(pk=back.pk).update(confidentiality="network")
    assert listed(cast, "chair_delta", f"roles/?organisation={cast.omega.pk}")
    assert [row["id"] for row in listed(cast, "chair_delta", f"memberships/?organisation={cast.omega.pk}")] == [
        str(back.pk)
    ]


def test_a_member_is_closed_from_its_first_day_and_its_entry_with_it(cast: Cast) -> None:
    said = {
        "name": "Discrète",
        "siren": "732829320",
        "cooperation": str(cast.cooperation.pk),
        "circle": "network",
        "confidentiality": "core",
    }
    made = act(cast.api(cast.coordinator), f"{BASE}organisations/", said)
    assert made.status_code == 201, made.content
    entry = JournalEntry.objects.get(act="membership.created")
    assert entry.confidentiality == "core"
    assert cast.api(cast.chair_gamma).get(f"{BASE}organisations/{made.json()['id']}/").status_code == 404
    # The head of an open member does not close it above what they reach; nobody limits it to themselves.
    delta = Membership.objects.get(organisation=cast.delta)
    above = patch(cast, "chair_delta", f"memberships/{delta.pk}/", confidentiality="core")
    assert (above.status_code, codes(above), pointers(above)) == (409, {"level_above_yours"}, {"/confidentiality"})
    alone = patch(cast, "coordinator", f"memberships/{delta.pk}/", confidentiality="restricted")
    assert (alone.status_code, codes(alone), pointers(alone)) == (400, {"level_not_allowed"}, {"/confidentiality"})
    delta.refresh_from_db()
    assert delta.confidentiality == "network"


def test_a_closed_role_gives_its_rights_and_hides_its_holder(cast: Cast) -> None:
    said = {"given_name": "Secrète", "family_name": "Négociatrice", "cooperation": str(cast.cooperation.pk)}
    said |= {"kind": "facilitation", "confidentiality": "board"}
    made = act(cast.api(cast.coordinator), f"{BASE}people/", said)
    assert made.status_code == 201, made.content
    role = Role.objects.get(person=made.json()["id"])
    assert role.confidentiality == "board"
    for person, knows in (("chair_delta", False), ("director_alpha", False), ("chair_alpha", True)):
        assert bool(listed(cast, person, "people/?q=negociatrice")) is knows, person
        assert bool(listed(cast, person, f"roles/?person={role.person_id}")) is knows, person
        assert bool(listed(cast, person, f"journal/?object_id={role.pk}")) is knows, person
    # Its holder has the rights of a facilitator, and sees the role.
    Role.objects.filter(person=cast.facilitator, cooperation=cast.cooperation).update(confidentiality="board")
    assert listed(cast, "facilitator", f"roles/?person={cast.facilitator.pk}")
    assert read(cast, "facilitator", "users/me/")["roles"]
    decided = act(
        cast.api(cast.facilitator), f"{BASE}decisions/", {"cooperation": str(cast.cooperation.pk), "title": "Paie"}
    )
    assert decided.status_code == 201
    # The president of a member is not named by its membership either.
    close(Role, person=cast.chair_alpha)
    known = read(cast, "chair_delta", f"memberships/{_membership(cast).pk}/")["political_sponsor"]
    assert (known, _sponsor(cast, "director_beta")) == (None, str(cast.chair_alpha.pk))


def _sponsor(cast: Cast, person: str) -> Any:
    return read(cast, person, f"memberships/{_membership(cast).pk}/")["political_sponsor"]


def test_a_closed_board_is_counted_without_its_rule(cast: Cast) -> None:
    scene = Scene(cast)
    vote = scene.here.ids["decision-votes"]
    deliberation = scene.here.objects["approvals"].deliberation_id
    approval = scene.here.ids["approvals"]
    close(Board, organisation__in=[cast.alpha, cast.beta])
    for person, knows in (("gam", False), ("pil", True), ("coo", True)):
        client = scene.client(person)
        told = client.get(f"{BASE}decision-votes/{vote}/").json()
        assert (bool(told["explanation"]), bool(told["voting_rule"]), bool(told["board"])) == (knows, knows, knows)
        assert told["result"] == "adopted"
        told = client.get(f"{BASE}board-deliberations/{deliberation}/").json()
        assert (bool(told["explanation"]), bool(told["voting_rule"]), told["result"]) == (knows, knows, "adopted")
        assert client.get(f"{BASE}approvals/{approval}/").status_code == 200
        assert client.get(f"{BASE}approvals/{approval}/receipt/").status_code == (200 if knows else 404)
        assert bool(client.get(f"{BASE}voting-rules/").json()["results"]) is True
        rules = client.get(f"{BASE}voting-rules/?organisation={cast.alpha.pk}").json()["results"]
        assert bool(rules) is knows


def test_a_closed_rule_circuit_or_delegation_is_not_told_and_still_rules(cast: Cast) -> None:
    rule, circuit, given = factories.assembly_rule(cast), factories.circuit(cast), factories.delegation(cast)
    decision = factories.decision(cast)
    vote = factories.assembly_vote(cast, decision, rule)
    for path in (f"assembly-rules/{rule.pk}/", f"decision-circuits/{circuit.pk}/", f"delegations/{given.pk}/"):
        assert patch(cast, "coordinator", path, confidentiality="core").status_code == 200, path
        assert cast.api(cast.chair_gamma).get(f"{BASE}{path}").status_code == 404, path
        assert cast.api(cast.chair_beta).get(f"{BASE}{path}").status_code == 200, path
    told = read(cast, "chair_gamma", f"decision-votes/{vote.pk}/")
    assert (told["assembly_rule"], told["explanation"]) == (None, "")
    report = read(cast, "chair_gamma", f"cooperations/{cast.cooperation.pk}/decision-circuits/")
    assert not [row for row in report["circuits"] if row["circuit"]]
    assert "Achats courants" not in str(report)
    # The delegation of a closed role is as closed as the role, but to its holder.
    Delegation.objects.update(confidentiality="network")
    close(Role, level="board", person=cast.coordinator)
    assert not listed(cast, "director_alpha", "delegations/")
    assert all(listed(cast, person, "delegations/") for person in ("coordinator", "chair_beta"))


@pytest.mark.parametrize(
    ("model", "name"),
    [
        (Membership, "governance_membership_known_to_coordination"),
        (Role, "governance_role_known_to_coordination"),
        (Board, "governance_board_known_to_coordination"),
        (Delegation, "governance_delegation_known_to_coordination"),
        (AssemblyRule, "governance_assembly_rule_known_to_coordination"),
        (DecisionCircuit, "governance_circuit_known_to_coordination"),
    ],
)
def test_no_level_leaves_the_coordination_out(cast: Cast, model: Any, name: str) -> None:
    for make in (factories.assembly_rule, factories.circuit, factories.delegation):
        make(cast)
    with pytest.raises(IntegrityError, match=name), transaction.atomic():
        model.objects.update(confidentiality="restricted")


def test_lists_cost_the_same_with_closed_members(cast: Cast) -> None:
    close(Membership, organisation=cast.alpha)

    def more(count: int) -> None:
        for _index in range(count):
            organisation = cast.organisation("Autre", circle=CircleKind.NETWORK)
            cast.person("Une", "Autre", RoleKind.DIRECTOR, organisation)

    client = cast.api(cast.chair_delta)
    for path in ("organisations/", "people/", "roles/", "boards/"):
        assert_constant_queries(client, f"{BASE}{path}", more)
