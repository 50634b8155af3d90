"""A coordinator decides alone within a delegation that somebody else gave: scope, ceilings, days, and not otherwise."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from governance.enums import RoleKind
from governance.models import Decision, Delegation, JournalEntry, Role
from tests.cast import Cast
from tests.clock import set_clock
from tests.governance import factories
from tests.requests import act, codes, pointers

DAY = dt.timedelta(days=1)
DELEGATIONS, DECISIONS = "/api/v1/delegations/", "/api/v1/decisions/"


def body(cast: Cast, **changes: Any) -> dict[str, Any]:
    role = cast.coordinator.roles.get(cooperation=cast.cooperation)
    return {
        "role": str(role.pk),
        "scope": "Achats courants",
        "ceiling": "1000.00",
        "since": cast.today.isoformat(),
        "until": (cast.today + 365 * DAY).isoformat(),
        "reference": "Délibération du 3 mars",
        **changes,
    }


def to_take(cast: Cast, amount: str = "1000.00", **fields: Any) -> Decision:
    """A decision of the coordination about purchases, which concerns no works council."""
    values = {"decided_by": "coordination", "subject": "achats", "amount": Decimal(amount), **fields}
    return factories.decision(cast, cast.gamma, impact_flags=["working_conditions"], **values)


def take(cast: Cast, decision: Decision, person: Any = None, **more: Any) -> Any:
    path = f"{DECISIONS}{decision.pk}/take/"
    return act(cast.api(person or cast.coordinator), path, {"outcome": "Acheté.", **more})


def test_a_chair_of_the_core_delegates_and_the_coordinator_decides_up_to_the_cent(cast: Cast) -> None:
    given = act(cast.api(cast.chair_alpha), DELEGATIONS, body(cast, subjects=["achats"]))
    assert given.status_code == 201, given.json()
    shown = given.json()
    assert (shown["person"], shown["organisation"]) == (str(cast.coordinator.pk), None)
    above = to_take(cast, "1000.01")
    refused = take(cast, above)
    assert (refused.status_code, codes(refused)) == (409, {"above_ceiling"})
    decision = to_take(cast)
    requirement = cast.api(cast.coordinator).get(f"{DECISIONS}{decision.pk}/requirements/").json()
    assert requirement["can_be_taken"] is True
    held = next(row for row in requirement["requirements"] if row["code"] == "delegation_held")
    assert held["objects"] == [{"resource": "delegations", "id": shown["id"]}]
    done = take(cast, decision)
    assert done.status_code == 200, done.json()
    assert done.json()["delegation"] == shown["id"]
    assert "delegation_held" in {fact["code"] for fact in done.json()["requirements_at_taking"]}
    entry = JournalEntry.objects.get(act="decision.taken")
    assert entry.payload["delegation"] == shown["id"]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"ceiling": Decimal("999.99")}, {"above_ceiling"}),
        ({"subjects": ["paie"]}, {"outside_scope"}),
        ({"excluded_impacts": ["working_conditions"]}, {"outside_scope"}),
        ({"since": -10, "until": -1}, {"delegation_expired"}),
        ({"since": 1}, {"delegation_missing"}),
        ({"since": -10, "revoked_on": 0, "revoked_reason": "x"}, {"delegation_expired"}),
        (
            {"since": -10, "until": -1, "ceiling": Decimal(1), "subjects": ["paie"]},
            {"above_ceiling", "outside_scope", "delegation_expired"},
        ),
        ({"role": "of another coordinator"}, {"delegation_missing"}),
        ({"role": "that ended yesterday"}, {"delegation_expired"}),
        ({"role": "elsewhere"}, {"delegation_missing"}),
    ],
)
def test_a_delegation_that_is_right_but_for_one_thing_lets_nothing_be_taken(
    cast: Cast, changes: dict[str, Any], expected: set[str]
) -> None:
    values = {
        name: cast.today + value * DAY if isinstance(value, int) and name != "ceiling" else value
        for name, value in changes.items()
    }
    which = values.get("role")
    if which == "of another coordinator":
        other = cast.person("Carla", "Coordinatrice", RoleKind.COORDINATION)
        values["role"] = other.roles.get()
    elif which == "that ended yesterday":
        values["role"] = Role.objects.create(
            cooperation=cast.cooperation,
            person=cast.coordinator,
            organisation=cast.alpha,
            kind=RoleKind.COORDINATION,
            since=cast.since,
            until=cast.today - DAY,
        )
        values["since"] = cast.today - 10 * DAY
    elif which == "elsewhere":
        here = Role.objects.create(
            cooperation=cast.foreign_cooperation,
            person=cast.coordinator,
            kind=RoleKind.COORDINATION,
            since=cast.since,
        )
        values |= {"role": here}
    made = factories.delegation(cast, **values)
    if which == "elsewhere":
        Delegation.objects.filter(pk=made.pk).update(cooperation=cast.foreign_cooperation)
    decision = to_take(cast)
    refused = take(cast, decision)
    assert (refused.status_code, codes(refused)) == (409, expected)
    decision.refresh_from_db()
    assert (decision.state, decision.delegation_id, decision.version) == ("submitted", None, 1)


def test_the_ceiling_of_the_whole_period_counts_what_was_decided_and_not_what_was_refused(cast: Cast) -> None:
    factories.delegation(cast, total_ceiling=Decimal("1500.00"))
    assert take(cast, to_take(cast, "900.00"), rejected=True).status_code == 200
    assert take(cast, to_take(cast, "900.00")).status_code == 200
    refused = take(cast, to_take(cast, "600.01"))
    assert codes(refused) == {"above_ceiling"}
    # What others decided is not told: not everybody may know of it.
    assert "900" not in refused.content.decode()
    assert take(cast, to_take(cast, "600.00")).status_code == 200


def test_another_coordinator_reads_that_they_hold_none_and_the_others_that_somebody_does(cast: Cast) -> None:
    factories.delegation(cast)
    other = cast.person("Carla", "Coordinatrice", RoleKind.COORDINATION)
    decision = to_take(cast)
    path = f"{DECISIONS}{decision.pk}/requirements/"
    assert cast.api(other).get(path).json()["can_be_taken"] is False
    assert cast.api(cast.member_alpha).get(path).json()["can_be_taken"] is True
    assert codes(take(cast, decision, other)) == {"delegation_missing"}


def test_a_decision_of_the_coordination_says_what_it_commits_before_it_is_submitted(cast: Cast) -> None:
    decision = factories.decision(cast, cast.gamma, state="draft", decided_by="coordination")
    client, path = cast.api(cast.coordinator), f"{DECISIONS}{decision.pk}/"
    (unsaid,) = [
        row for row in client.get(f"{path}requirements/").json()["requirements"] if row["organisation"] is None
    ]
    assert (unsaid["code"], unsaid["status"]) == ("amount_missing", "blocked")
    assert codes(take(cast, decision)) == {"amount_missing", "wrong_state"}
    refused = act(client, f"{path}submit/")
    assert (refused.status_code, codes(refused), pointers(refused)) == (409, {"amount_missing"}, {"/amount"})
    wrong = client.patch(path, {"amount": "-1.00"}, format="json", headers={"If-Match": "*"})
    assert (wrong.status_code, codes(wrong)) == (400, {"min_value"})
    assert client.patch(path, {"amount": "0.00"}, format="json", headers={"If-Match": "*"}).status_code == 200
    assert act(client, f"{path}submit/").status_code == 200


def granting(cast: Cast, **fields: Any) -> Decision:
    values = {"state": "taken", "taken_on": cast.today - DAY, "requirements_at_taking": [], **fields}
    return factories.decision(cast, cast.gamma, **values)


@pytest.mark.parametrize(
    ("changes", "status", "code", "pointer"),
    [
        ({"until": -1}, 400, "out_of_order", "/until"),
        ({"ceiling": "-0.01"}, 400, "min_value", "/ceiling"),
        ({"ceiling": "1.001"}, 400, "max_decimal_places", "/ceiling"),
        ({"total_ceiling": "999.99"}, 400, "total_below_ceiling", "/total_ceiling"),
        ({"reference": " "}, 400, "act_required", "/reference"),
        ({"until": None}, 400, "null", "/until"),
        ({"subjects": ["Achats !"]}, 400, "invalid", "/subjects/0"),
        ({"excluded_impacts": ["nothing"]}, 400, "invalid_choice", "/excluded_impacts/0"),
        ({"role": "director"}, 409, "not_a_coordination_role", "/role"),
        ({"since": -10_000}, 409, "role_not_held", "/since"),
        ({"role": "to come", "since": 20}, 409, "role_to_come", "/role"),
        ({"granted_by": "submitted"}, 409, "not_in_force", "/granted_by"),
        ({"granted_by": "rejected"}, 409, "not_in_force", "/granted_by"),
        ({"granted_by": "by coordination"}, 409, "delegated_in_turn", "/granted_by"),
        ({"granted_by": "taken", "since": -2}, 409, "before_its_act", "/since"),
    ],
)
def test_a_delegation_that_cannot_be_is_refused_and_nothing_is_written(
    cast: Cast, changes: dict[str, Any], status: int, code: str, pointer: str
) -> None:
    given = dict(changes)
    for name in ("since", "until"):
        if isinstance(given.get(name), int):
            given[name] = (cast.today + given[name] * DAY).isoformat()
    if given.get("role") == "director":
        given["role"] = str(cast.director_alpha.roles.get().pk)
    if given.get("role") == "to come":
        other = cast.person("Carla", "Coordinatrice")
        start = cast.today + 10 * DAY
        values: dict[str, Any] = {"cooperation": cast.cooperation, "kind": RoleKind.COORDINATION, "since": start}
        given["role"] = str(Role.objects.create(person=other, **values).pk)
    sources: dict[str, Any] = {
        "submitted": lambda: factories.decision(cast, cast.gamma),
        "rejected": lambda: granting(cast, rejected=True),
        "taken": lambda: granting(cast),
        "by coordination": lambda: granting(
            cast, decided_by="coordination", amount=0, delegation=factories.delegation(cast)
        ),
    }
    if "granted_by" in given:
        given["granted_by"] = str(sources[given["granted_by"]]().pk)
    before = (Delegation.objects.count(), JournalEntry.objects.count())
    refused = act(cast.api(cast.chair_alpha), DELEGATIONS, body(cast, **given))
    assert (refused.status_code, codes(refused)) == (status, {code}), refused.json()
    assert not pointer or pointers(refused) == {pointer}
    assert (Delegation.objects.count(), JournalEntry.objects.count()) == before


def test_nobody_gives_themselves_a_delegation(cast: Cast) -> None:
    refused = act(cast.api(cast.coordinator), DELEGATIONS, body(cast))
    assert (refused.status_code, codes(refused)) == (409, {"self_granted"})
    other = cast.person("Carla", "Coordinatrice", RoleKind.COORDINATION)
    assert act(cast.api(other), DELEGATIONS, body(cast)).status_code == 201


def test_a_taken_decision_delegates_and_a_revocation_ends_it_for_what_follows(cast: Cast) -> None:
    source = granting(cast)
    given = act(cast.api(cast.chair_beta), DELEGATIONS, body(cast, granted_by=str(source.pk), reference=""))
    assert given.status_code == 201, given.json()
    path = f"{DELEGATIONS}{given.json()['id']}/revoke/"
    first = to_take(cast)
    assert take(cast, first).status_code == 200
    same_day = act(cast.api(cast.chair_alpha), path, {"reason": "Confiance retirée"})
    assert (same_day.status_code, codes(same_day)) == (409, {"used_since"})
    set_clock(cast.today + DAY)
    future = {"reason": "Confiance retirée", "revoked_on": (cast.today + 2 * DAY).isoformat()}
    assert codes(act(cast.api(cast.chair_alpha), path, future)) == {"in_the_future"}
    early = {"reason": "Confiance retirée", "revoked_on": (cast.today - DAY).isoformat()}
    assert codes(act(cast.api(cast.chair_alpha), path, early)) == {"before_the_start"}
    done = act(cast.api(cast.chair_alpha), path, {"reason": "Confiance retirée"})
    assert (done.status_code, done.json()["revoked_on"]) == (200, (cast.today + DAY).isoformat())
    assert codes(act(cast.api(cast.chair_alpha), path, {"reason": "Encore"})) == {"delegation_ended"}
    assert codes(take(cast, to_take(cast))) == {"delegation_expired"}
    first.refresh_from_db()
    assert first.state == "taken"
    in_force = cast.api(cast.observer).get(f"{DELEGATIONS}?in_force=true").json()["results"]
    assert in_force == []
    mine = cast.api(cast.observer).get(f"{DELEGATIONS}?person={cast.coordinator.pk}&in_force=false").json()["results"]
    assert [row["id"] for row in mine] == [given.json()["id"]]


def test_a_delegation_ends_with_the_decision_that_gave_it(cast: Cast) -> None:
    source = granting(cast)
    factories.delegation(cast, granted_by=source)
    assert take(cast, to_take(cast)).status_code == 200
    abandoned = act(
        cast.api(cast.coordinator),
        f"{DECISIONS}{source.pk}/record-review/",
        {"obtained": "Trop de dépenses", "conclusion": "abandoned"},
    )
    assert abandoned.status_code == 200, abandoned.json()
    assert codes(take(cast, to_take(cast))) == {"delegation_expired"}
    assert cast.api(cast.observer).get(f"{DELEGATIONS}?in_force=true").json()["results"] == []


def test_what_delegated_is_named_only_to_whoever_may_know_of_it(cast: Cast) -> None:
    source = granting(cast, confidentiality="core")
    made = act(cast.api(cast.chair_alpha), DELEGATIONS, body(cast, granted_by=str(source.pk), reference=""))
    path = f"{DELEGATIONS}{made.json()['id']}/?expand=granted_by"
    assert cast.api(cast.chair_alpha).get(path).json()["granted_by"]["id"] == str(source.pk)
    hidden = cast.api(cast.chair_gamma).get(path)
    assert hidden.json()["granted_by"] is None
    assert str(source.pk) not in hidden.content.decode()
    told = cast.api(cast.chair_gamma).get("/api/v1/journal/?page_size=200").content.decode()
    assert "delegation.given" in told
    assert str(source.pk) not in told
    departure = cast.api(cast.coordinator).get(f"/api/v1/memberships/{cast.alpha.memberships.get().pk}/departure/")
    assert "delegation_ends" not in {item["code"] for item in departure.json()["consequences"]}
