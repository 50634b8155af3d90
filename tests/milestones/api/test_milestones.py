"""Milestones: who drives them, dates that move with a reason, dependencies that hold."""

import datetime as dt
from typing import Any

import pytest

from governance.models import JournalEntry
from milestones.models import Milestone
from tests.cast import Cast
from tests.milestones import factories

URL = "/api/v1/milestones/"


def etag(row: Any) -> str:
    return f'"{row.version}"'


def codes(response: Any) -> set[str]:
    return {error["code"] for error in response.json().get("errors", [])}


def post(cast: Cast, person: Any, row: Milestone, act: str, data: dict[str, Any] | None = None) -> Any:
    return cast.api(person).post(f"{URL}{row.pk}/{act}/", data or {}, format="json", headers={"If-Match": etag(row)})


def unchanged(row: Milestone, entries: int) -> bool:
    fresh = Milestone.objects.get(pk=row.pk)
    same = (fresh.state, fresh.due_on, fresh.version) == (row.state, row.due_on, row.version)
    return same and JournalEntry.objects.count() == entries


def test_the_pilot_plans_a_milestone_whose_first_date_becomes_the_baseline(cast: Cast) -> None:
    activity = factories.activity(cast)
    factories.mandate(cast, activity)
    body = {"activity": str(activity.pk), "title": "Plateforme ouverte", "due_on": "2030-03-01"}
    response = cast.api(cast.pilot_beta).post(URL, body, format="json")
    assert response.status_code == 201, response.content
    data = response.json()
    assert (data["due_on"], data["baseline_due_on"], data["state"]) == ("2030-03-01", "2030-03-01", "planned")
    assert data["cooperation"] == str(cast.cooperation.pk)
    assert all(data["abilities"].values())
    assert JournalEntry.objects.filter(act="milestone.created", object_id=data["id"]).exists()


def test_rescheduling_keeps_the_baseline_and_records_the_reason(cast: Cast) -> None:
    activity = factories.activity(cast)
    factories.mandate(cast, activity)
    row = factories.milestone(cast, activity)
    later = row.due_on + dt.timedelta(days=45)
    response = post(cast, cast.pilot_beta, row, "reschedule", {"due_on": str(later), "reason": "Agrément en retard"})
    assert response.status_code == 200, response.content
    assert (response.json()["due_on"], response.json()["baseline_due_on"]) == (str(later), str(row.due_on))
    entry = JournalEntry.objects.get(act="milestone.rescheduled")
    assert (entry.reason, entry.payload["after"]) == ("Agrément en retard", str(later))


@pytest.mark.parametrize("reason", [None, "", "   "])
def test_rescheduling_without_a_reason_is_refused(cast: Cast, reason: str | None) -> None:
    row = factories.milestone(cast, factories.activity(cast))
    before = JournalEntry.objects.count()
    body = {"due_on": str(row.due_on + dt.timedelta(days=5))} | ({} if reason is None else {"reason": reason})
    response = post(cast, cast.coordinator, row, "reschedule", body)
    assert response.status_code == 400
    assert response.json()["errors"][0]["pointer"] == "/reason"
    assert unchanged(row, before)


def test_completing_waits_for_the_milestones_it_depends_on(cast: Cast) -> None:
    activity = factories.activity(cast)
    first = factories.milestone(cast, activity, title="Agrément obtenu")
    row = factories.milestone(cast, activity, awaits=(first,))
    before = JournalEntry.objects.count()
    response = post(cast, cast.coordinator, row, "complete")
    assert response.status_code == 409
    assert codes(response) == {"dependency_not_done"}
    assert "Agrément obtenu" in response.json()["errors"][0]["detail"]
    assert unchanged(row, before)

    assert post(cast, cast.coordinator, first, "complete").status_code == 200
    response = post(cast, cast.coordinator, row, "complete", {"note": "Fait"})
    assert (response.status_code, response.json()["state"]) == (200, "completed")
    assert response.json()["completed_on"] == str(cast.today)


def test_a_milestone_given_up_is_waited_for_no_more(cast: Cast) -> None:
    activity = factories.activity(cast)
    first = factories.milestone(cast, activity)
    row = factories.milestone(cast, activity, awaits=(first,))
    assert post(cast, cast.coordinator, first, "cancel", {"reason": "Sans objet"}).status_code == 200
    assert post(cast, cast.coordinator, row, "complete").status_code == 200


def test_completion_in_the_future_is_refused(cast: Cast) -> None:
    row = factories.milestone(cast, factories.activity(cast))
    before = JournalEntry.objects.count()
    tomorrow = str(cast.today + dt.timedelta(days=1))
    response = post(cast, cast.coordinator, row, "complete", {"completed_on": tomorrow})
    assert (response.status_code, codes(response)) == (400, {"in_future"})
    assert unchanged(row, before)


def test_milestones_that_wait_for_each_other_are_refused(cast: Cast) -> None:
    activity = factories.activity(cast)
    first = factories.milestone(cast, activity)
    second = factories.milestone(cast, activity, awaits=(first,))
    third = factories.milestone(cast, activity, awaits=(second,))
    before = JournalEntry.objects.count()
    client = cast.api(cast.coordinator)
    body = {"depends_on": [str(third.pk)]}
    response = client.patch(f"{URL}{first.pk}/", body, format="json", headers={"If-Match": etag(first)})
    assert response.status_code == 409
    assert "dependency_cycle" in codes(response)
    assert unchanged(first, before)
    assert not first.dependencies.exists()


def test_a_milestone_does_not_wait_for_that_of_another_activity(cast: Cast) -> None:
    row = factories.milestone(cast, factories.activity(cast))
    other = factories.milestone(cast, factories.activity(cast))
    body = {"depends_on": [str(other.pk)]}
    response = cast.api(cast.coordinator).patch(f"{URL}{row.pk}/", body, format="json", headers={"If-Match": etag(row)})
    assert (response.status_code, codes(response)) == (400, {"other_activity"})


def test_dates_do_not_move_by_patch(cast: Cast) -> None:
    row = factories.milestone(cast, factories.activity(cast))
    before = JournalEntry.objects.count()
    response = cast.api(cast.coordinator).patch(
        f"{URL}{row.pk}/", {"due_on": "2031-01-01"}, format="json", headers={"If-Match": etag(row)}
    )
    assert (response.status_code, codes(response)) == (400, {"unknown_field"})
    assert unchanged(row, before)


@pytest.mark.parametrize(
    ("act", "body"),
    [
        ("start", {}),
        ("complete", {}),
        ("reschedule", {"due_on": "2031-01-01", "reason": "x"}),
        ("cancel", {"reason": "x"}),
    ],
)
def test_acts_need_the_version_that_was_read(cast: Cast, act: str, body: dict[str, Any]) -> None:
    row = factories.milestone(cast, factories.activity(cast))
    client = cast.api(cast.coordinator)
    before = JournalEntry.objects.count()
    assert client.post(f"{URL}{row.pk}/{act}/", body, format="json").status_code == 428
    stale = client.post(f"{URL}{row.pk}/{act}/", body, format="json", headers={"If-Match": '"7"'})
    assert stale.status_code == 412
    assert unchanged(row, before)


NEAR_MISSES = {
    "mandate ended yesterday": {"until": -1},
    "mandate starts tomorrow": {"since": 1},
    "mandate proposed only": {"state": "proposed"},
    "mandate suspended": {"state": "suspended"},
    "mandate of another activity": {"elsewhere": True},
    "mandate of someone else": {"someone_else": True},
    "organisation for which one no longer acts": {"other_organisation": True},
}


@pytest.mark.parametrize("miss", NEAR_MISSES)
def test_a_pilot_acts_only_by_an_accepted_mandate_in_force_on_this_activity(cast: Cast, miss: str) -> None:
    activity = factories.activity(cast)
    changes: dict[str, Any] = dict(NEAR_MISSES[miss])
    of = factories.activity(cast) if changes.pop("elsewhere", False) else activity
    person = cast.director_beta if changes.pop("someone_else", False) else cast.pilot_beta
    organisation = cast.alpha if changes.pop("other_organisation", False) else cast.beta
    values = {
        name: cast.today + dt.timedelta(days=value) if isinstance(value, int) else value
        for name, value in changes.items()
    }
    if values.get("state") == "suspended":
        values["suspended_on"] = cast.today
    factories.mandate(cast, of, person, organisation, **values)
    row = factories.milestone(cast, activity)
    before = JournalEntry.objects.count()
    assert post(cast, cast.pilot_beta, row, "start").status_code == 403
    assert unchanged(row, before)


def test_the_last_day_of_a_mandate_still_counts(cast: Cast) -> None:
    activity = factories.activity(cast)
    factories.mandate(cast, activity, until=cast.today)
    row = factories.milestone(cast, activity)
    assert post(cast, cast.pilot_beta, row, "start").status_code == 200


@pytest.mark.parametrize(
    ("name", "status"),
    [
        (None, 401),
        ("stranger", 404),
        ("foreign_coordinator", 404),
        ("former_chair", 404),
        ("chair_delta", 404),
        ("funder", 404),
        ("observer", 404),
        ("chair_gamma", 403),
        ("chair_alpha", 403),
        ("pilot_beta", 403),
        ("facilitator", 403),
        ("coordinator", 200),
    ],
)
def test_who_may_start_a_milestone_of_an_activity_of_active_partners(cast: Cast, name: str | None, status: int) -> None:
    row = factories.milestone(cast, factories.activity(cast))
    before = JournalEntry.objects.count()
    assert post(cast, getattr(cast, name) if name else None, row, "start").status_code == status
    assert unchanged(row, before) is (status != 200)


def test_a_milestone_of_a_core_activity_is_unknown_outside_the_core(cast: Cast) -> None:
    activity = factories.activity(cast, confidentiality="core")
    row = factories.milestone(cast, activity)
    for person, seen in ((cast.chair_gamma, False), (cast.chair_alpha, True)):
        client = cast.api(person)
        listed = [item["id"] for item in client.get(URL).json()["results"]]
        assert (str(row.pk) in listed) is seen
        assert client.get(f"{URL}{row.pk}/").status_code == (200 if seen else 404)
        assert (client.get(URL, {"activity": str(activity.pk), "count": "exact"}).json()["count"] == 1) is seen
