"""Who may create and change what: near misses are right in everything but one thing. A refusal writes nothing."""

from collections.abc import Callable
from typing import Any

import pytest

from governance.models import JournalEntry, Person
from milestones.models import Activity
from tests.cast import Cast
from tests.milestones import factories

PEOPLE = (
    None,
    "stranger",
    "foreign_coordinator",
    "former_chair",
    "yesterday_chair_alpha",
    "chair_delta",
    "funder",
    "observer",
    "chair_gamma",
    "chair_alpha",
    "director_alpha",
    "employees_alpha",
    "facilitator",
    "pilot_beta",
    "coordinator",
)
COORDINATION = frozenset({"coordinator"})
PILOTED = frozenset({"coordinator", "pilot_beta"})
STAFF = frozenset({"coordinator", "facilitator"})
# The circles below the activity's level, and those outside: what they name does not exist for them (400), is not
# there (404).
BLIND = frozenset(
    {"stranger", "foreign_coordinator", "former_chair", "yesterday_chair_alpha", "chair_delta", "funder", "observer"}
)


def _indicator(cast: Cast, activity: Activity) -> str:
    return str(factories.indicator(cast, activity).pk)


# collection -> the body of a creation, who may create
CREATIONS: dict[str, tuple[Callable[[Cast, Activity], dict[str, Any]], frozenset[str]]] = {
    "mandates": (
        lambda cast, activity: {
            "activity": str(activity.pk),
            "person": str(cast.director_beta.pk),
            "organisation": str(cast.beta.pk),
            "scope": "x",
        },
        COORDINATION,
    ),
    "milestones": (
        lambda cast, activity: {"activity": str(activity.pk), "title": "x", "due_on": "2030-01-01"},
        PILOTED,
    ),
    "budget-lines": (
        lambda cast, activity: {"activity": str(activity.pk), "label": "x", "planned": "1.00"},
        COORDINATION,
    ),
    "budget-entries": (
        lambda cast, activity: {
            "line": str(factories.budget_line(cast, activity).pk),
            "kind": "actual",
            "amount": "1.00",
        },
        PILOTED,
    ),
    "indicators": (lambda cast, activity: {"activity": str(activity.pk), "code": "X1", "label": "x"}, PILOTED),
    "indicator-targets": (
        lambda cast, activity: {"indicator": _indicator(cast, activity), "due_on": "2030-01-01", "value": "5"},
        PILOTED,
    ),
    "measurements": (
        lambda cast, activity: {
            "indicator": _indicator(cast, activity),
            "period_start": "2026-01-01",
            "period_end": "2026-01-31",
            "value": "5",
        },
        PILOTED | STAFF,
    ),
}


@pytest.mark.parametrize("collection", CREATIONS)
def test_who_creates_what_hangs_below_an_activity(cast: Cast, collection: str) -> None:
    make, allowed = CREATIONS[collection]
    for name in PEOPLE:
        activity = factories.activity(cast, confidentiality="active")
        factories.mandate(cast, activity)
        body = make(cast, activity)
        if "code" in body:
            body["code"] = f"X-{name}"
        person: Person | None = getattr(cast, name) if name else None
        before = JournalEntry.objects.count()
        response = cast.api(person).post(f"/api/v1/{collection}/", body, format="json")
        wanted = 401 if name is None else 201 if name in allowed else 400 if name in BLIND else 403
        assert (name, response.status_code) == (name, wanted), response.content
        assert (JournalEntry.objects.count() > before) is (wanted == 201)


@pytest.mark.parametrize("collection", ["activities", "evaluations"])
def test_only_the_coordination_creates_activities_and_evaluations(cast: Cast, collection: str) -> None:
    bodies: dict[str, dict[str, Any]] = {
        "activities": {"name": "x", "organisations": [str(cast.alpha.pk), str(cast.beta.pk)]},
        "evaluations": {
            "title": "x",
            "held_on": "2026-12-01",
            "period_start": "2026-01-01",
            "period_end": "2026-11-30",
        },
    }
    body = bodies[collection] | {"cooperation": str(cast.cooperation.pk)}
    for name in PEOPLE:
        person: Person | None = getattr(cast, name) if name else None
        response = cast.api(person).post(f"/api/v1/{collection}/", body, format="json")
        out = {"stranger", "foreign_coordinator", "former_chair", "yesterday_chair_alpha"}
        wanted = 401 if name is None else 201 if name == "coordinator" else 400 if name in out else 403
        assert (name, response.status_code) == (name, wanted), response.content
    assert Activity.objects.count() == (1 if collection == "activities" else 0)


def test_an_activity_names_members_only(cast: Cast) -> None:
    body = {"cooperation": str(cast.cooperation.pk), "name": "x", "organisations": [str(cast.omega.pk)]}
    response = cast.api(cast.coordinator).post("/api/v1/activities/", body, format="json")
    assert response.status_code == 400
    assert [error["code"] for error in response.json()["errors"]] == ["not_a_member"]
    assert not Activity.objects.exists()


def test_every_activity_child_is_hidden_with_its_activity(cast: Cast) -> None:
    activity = factories.activity(cast, confidentiality="core")
    mandate = factories.mandate(cast, activity)
    line = factories.budget_line(cast, activity)
    indicator = factories.indicator(cast, activity)
    rows = {
        "activities": activity,
        "mandates": mandate,
        "milestones": factories.milestone(cast, activity),
        "budget-lines": line,
        "budget-entries": factories.budget_entry(cast, line, "1.00"),
        "indicators": indicator,
        "indicator-targets": factories.target(indicator, cast.today, "1"),
        "measurements": factories.measurement(cast, indicator),
    }
    for name, row in rows.items():
        for person, seen in ((cast.chair_alpha, True), (cast.chair_gamma, False), (cast.foreign_coordinator, False)):
            client = cast.api(person)
            assert client.get(f"/api/v1/{name}/{row.pk}/").status_code == (200 if seen else 404)
            listed = client.get(f"/api/v1/{name}/", {"count": "exact"}).json()
            assert (listed["count"], len(listed["results"])) == ((1, 1) if seen else (0, 0)), name
