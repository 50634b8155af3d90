"""What a move is said to change, against what it changes once it is done: the rights that a circle opens and closes."""

import datetime as dt
from typing import Any

import pytest

from governance import simulations
from governance.actor import Actor
from governance.models import CircleStay, JournalEntry, Membership, OnboardingStep, Organisation, Person, Role
from governance.services import memberships
from tests.cast import Cast
from tests.clock import set_clock
from tests.governance import factories
from tests.permissions.asking import undone, writes, written_since
from tests.permissions.levels import BELOW, set_level
from tests.permissions.scene import Scene

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
# Not counted: a move writes one entry itself.
# Organisations, people and boards exist across cooperations.
NOT_COUNTED = {"journal", "organisations", "people", "boards", "voting-rules"}


def of(cast: Cast, organisation: Organisation) -> Membership:
    return Membership.objects.get(cooperation=cast.cooperation, organisation=organisation)


def simulated(cast: Cast, person: Person, organisation: Organisation, circle: str, **query: str) -> dict[str, Any]:
    address = f"/api/v1/memberships/{of(cast, organisation).pk}/simulate-move/"
    response = cast.api(person).get(address, {"circle": circle, **query})
    assert response.status_code == 200, response.json()
    found: dict[str, Any] = response.json()
    return found


def test_everything_that_has_a_level_in_a_list_is_counted(cast: Cast) -> None:
    scene = Scene(cast)
    served = {type(scene.here.objects[name]) for names in BELOW.values() for name in names if name not in NOT_COUNTED}
    assert set(simulations.in_lists()) == served


def sights(person: Person, asked: Actor) -> dict[Any, set[Any]]:
    """Model -> what this person may know of today, among what the asker may."""
    one = Actor.for_user(person.account)
    return {model: _known(model, one) & _known(model, asked) for model in simulations.in_lists()}


def _known(model: Any, actor: Actor) -> set[Any]:
    return set(model.objects.visible_to(actor).order_by().values_list("pk", flat=True))


def counts(rows: list[dict[str, Any]]) -> dict[str, int]:
    return {row["object_type"]: row["count"] for row in rows}


def differences(here: dict[Any, set[Any]], there: dict[Any, set[Any]]) -> dict[str, int]:
    return {model._meta.label_lower: count for model, rows in here.items() if (count := len(rows - there[model]))}


@pytest.mark.parametrize("asker", ["coordinator", "chair_gamma"])
def test_what_a_move_opens_and_closes_is_what_it_was_said_to(cast: Cast, asker: str) -> None:
    set_clock(cast.today)
    scene = Scene(cast)
    for root, level in (
        ("charters", "core"),
        ("agreements", "board"),
        ("activities", "active"),
        ("indicators", "core"),
        ("decisions", "board"),
        ("evaluations", "core"),
    ):
        set_level(scene, root, level)
    people = {
        cast.alpha: (cast.chair_alpha, cast.director_alpha),
        cast.beta: (cast.chair_beta, cast.pilot_beta),
        cast.gamma: (cast.chair_gamma,),
        cast.delta: (cast.chair_delta, cast.person("Dina", "Directrice", "director", cast.delta)),  # type: ignore[arg-type]
    }
    asked = Actor.for_user(cast.everyone[asker].account)
    changed = 0
    for organisation, acting in people.items():
        for circle in {"network", "active", "core"} - {
            CircleStay.objects.get(membership=of(cast, organisation)).circle
        }:
            told = simulated(cast, cast.everyone[asker], organisation, circle)
            with undone():
                before = {person: sights(person, asked) for person in acting}
                memberships.membership_move(
                    pk=of(cast, organisation).pk,
                    actor=Actor.for_user(cast.coordinator.account),
                    circle=circle,
                    reason="x",
                    onboarding_waiver="x",
                )
                after = {person: sights(person, asked) for person in acting}
            for person in acting:
                kinds = set(Role.objects.filter(person=person).values_list("kind", flat=True))
                (audience,) = [one for one in told["audiences"] if kinds <= {row["kind"] for row in one["kinds"]}]
                gained, lost = differences(after[person], before[person]), differences(before[person], after[person])
                said_lost = counts(audience["lost"])
                if person == cast.chair_alpha and "charters.boarddeliberation" in said_lost:
                    # An elector knows of the open vote whatever the circle: it is theirs by name.
                    said_lost["charters.boarddeliberation"] -= 1
                said_lost = {name: count for name, count in said_lost.items() if count}
                assert (counts(audience["gained"]), said_lost) == (gained, lost), (person, circle)
                changed += bool(gained or lost)
    assert changed > 5


def test_levels_are_told_in_words_and_the_boards_apart_from_the_others(cast: Cast) -> None:
    factories.decision(cast, confidentiality="core")
    factories.decision(cast, confidentiality="board")
    told = simulated(cast, cast.coordinator, cast.gamma, "core")
    (audience,) = told["audiences"]
    assert (audience["people"], [row["kind"] for row in audience["kinds"]]) == (1, ["board_chair"])
    assert [row["label"] for row in audience["opened"]] == ["noyau dur", "instances dirigeantes"]
    assert counts(audience["gained"]) == {"governance.decision": 2}
    assert audience["gained"][0]["label"] == "décisions"
    assert (audience["closed"], audience["lost"]) == ([], [])
    assert "cotisations" in told["dues"]
    outwards = simulated(cast, cast.coordinator, cast.alpha, "active")
    closed = {
        tuple(row["kind"] for row in one["kinds"]): [lev["level"] for lev in one["closed"]]
        for one in outwards["audiences"]
    }
    assert closed == {
        ("board_chair", "board_member"): ["core", "board"],
        ("director", "employees_contact"): ["core"],
    }
    # Nobody acts for omega yet.
    gone = of(cast, cast.omega)
    Membership.objects.filter(pk=gone.pk).update(left_on=None)
    CircleStay.objects.filter(membership=gone).update(until=None)
    Role.objects.filter(organisation=cast.omega).delete()
    assert [one["people"] for one in simulated(cast, cast.coordinator, cast.omega, "network")["audiences"]] == [0, 0]


def test_a_reader_is_told_of_nothing_that_they_may_not_know(cast: Cast) -> None:
    factories.decision(cast, confidentiality="core")
    factories.decision(cast, confidentiality="active")
    told = simulated(cast, cast.chair_gamma, cast.delta, "core")
    assert [counts(one["gained"]) for one in told["audiences"]] == [{"governance.decision": 1}]
    told = simulated(cast, cast.funder, cast.delta, "core")
    assert [one["gained"] for one in told["audiences"]] == [[]]


def test_a_simulation_says_what_would_refuse_the_move_and_writes_nothing(cast: Cast) -> None:
    set_clock(cast.today)
    step = factories.onboarding_step(cast, "core")
    cast.cooperation.settings = {"size_alert_circles": ["core"]}
    cast.cooperation.size_alert = 3
    cast.cooperation.save()
    client = cast.api(cast.coordinator)
    client.get("/api/v1/users/me/")
    before = writes()
    later = (cast.today + 30 * DAY).isoformat()
    told = simulated(cast, cast.coordinator, cast.gamma, "core", since=later)
    assert written_since(before) == {}
    assert [one["code"] for one in told["violations"]] == ["onboarding_incomplete"]
    assert told["steps_owed"] == [{"step": str(step.pk), "circle": "core", "title": step.title}]
    assert told["size"] == {"before": 2, "after": 3, "threshold": 3, "crossing": "reached"}
    assert simulated(cast, cast.coordinator, cast.alpha, "active")["size"]["crossing"] == "none"
    same = simulated(cast, cast.coordinator, cast.gamma, "active", since="2000-01-01")
    assert {one["code"] for one in same["violations"]} == {"same_circle", "before_current_stay"}
    assert (same["audiences"], same["votes"], same["size"]) == ([], [], None)
    address = f"/api/v1/memberships/{of(cast, cast.gamma).pk}/simulate-move/"
    for query, pointer in (
        ({}, "?circle"),
        ({"circle": "moon"}, "?circle"),
        ({"circle": "core", "since": "demain"}, "?since"),
        ({"circle": "core", "on": "2026-01-01"}, "?on"),
        ({"circle": "core", "since": "9999-12-31"}, "?since"),
    ):
        refused = client.get(address, query)
        assert refused.status_code == 400
        assert [error["pointer"] for error in refused.json()["errors"]] == [pointer]
    tagged = client.get(address, {"circle": "core"})
    again = client.get(address, {"circle": "core"}, headers={"If-None-Match": tagged["ETag"]})
    assert again.status_code == 304
    assert not JournalEntry.objects.exists()
    assert OnboardingStep.objects.get().retired_on is None
