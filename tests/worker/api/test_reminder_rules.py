"""`/reminder-rules/`: the coordination chooses the steps, everybody in the cooperation may read them."""

from typing import Any

import pytest

from tests.cast import Cast
from tests.requests import codes, pointers
from worker.models import ReminderRule

URL = "/api/v1/reminder-rules/"
pytestmark = pytest.mark.django_db


def body(cast: Cast, **changes: Any) -> dict[str, Any]:
    return {"cooperation": str(cast.cooperation.pk), "kind": "milestone_due", "days_before": [3, 10, -2], **changes}


def test_the_coordination_sets_the_steps_of_a_kind(cast: Cast) -> None:
    client = cast.api(cast.coordinator)
    created = client.post(URL, body(cast))
    assert created.status_code == 201, created.content
    assert created.json()["days_before"] == [10, 3, -2]
    assert created.json()["active"] is True
    changed = client.patch(f"{URL}{created.json()['id']}/", {"active": False}, headers={"If-Match": created["ETag"]})
    assert changed.status_code == 200
    assert changed.json()["active"] is False
    stale = client.patch(f"{URL}{created.json()['id']}/", {"active": True}, headers={"If-Match": created["ETag"]})
    assert stale.status_code == 412


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("facilitator", 403),
        ("chair_alpha", 403),
        ("observer", 403),
        ("foreign_coordinator", 400),
        ("former_chair", 400),
        ("stranger", 400),
    ],
)
def test_nobody_else_does(cast: Cast, who: str, status: int) -> None:
    assert cast.api(getattr(cast, who)).post(URL, body(cast)).status_code == status
    assert not ReminderRule.objects.exists()


def test_members_read_it_and_strangers_do_not(cast: Cast) -> None:
    rule = ReminderRule.objects.create(cooperation=cast.cooperation, kind="milestone_due", days_before=[1])
    assert cast.api(cast.chair_delta).get(f"{URL}{rule.pk}/").json()["abilities"] == {"update": False}
    assert cast.api(cast.foreign_coordinator).get(f"{URL}{rule.pk}/").status_code == 404
    assert cast.api(cast.foreign_coordinator).get(URL).json()["results"] == []
    assert cast.api(None).get(URL).status_code == 401


@pytest.mark.parametrize(
    ("changes", "code", "pointer"),
    [
        ({"days_before": []}, "empty", "/days_before"),
        ({"days_before": list(range(11))}, "steps_count", "/days_before"),
        ({"days_before": [366]}, "step_out_of_range", "/days_before"),
        ({"days_before": [-366]}, "step_out_of_range", "/days_before"),
        ({"days_before": ["soon"]}, "invalid", "/days_before/0"),
        ({"days_before": [10**9]}, "max_value", "/days_before/0"),
        ({"days_before": "7"}, "not_a_list", "/days_before"),
        ({"kind": "birthday"}, "invalid_choice", "/kind"),
        ({"colour": "red"}, "unknown_field", "/colour"),
    ],
)
def test_steps_that_make_no_sense_are_refused(cast: Cast, changes: dict[str, Any], code: str, pointer: str) -> None:
    response = cast.api(cast.coordinator).post(URL, body(cast, **changes))
    assert response.status_code == 400
    assert (codes(response), pointers(response)) == ({code}, {pointer})
    assert not ReminderRule.objects.exists()


def test_a_kind_has_one_rule(cast: Cast) -> None:
    client = cast.api(cast.coordinator)
    assert client.post(URL, body(cast)).status_code == 201
    assert client.post(URL, body(cast)).status_code == 400
    assert ReminderRule.objects.count() == 1
