"""Measurements: someone else validates, and what was validated is corrected by another measurement."""

import datetime as dt
from decimal import Decimal
from typing import Any

import pytest

from governance.models import JournalEntry
from milestones.models import Indicator, Measurement
from tests.cast import Cast
from tests.milestones import factories

URL = "/api/v1/measurements/"


def codes(response: Any) -> set[str]:
    return {error["code"] for error in response.json().get("errors", [])}


@pytest.fixture
def indicator(cast: Cast) -> Indicator:
    """Of an activity that Boris pilots."""
    activity = factories.activity(cast)
    factories.mandate(cast, activity)
    return factories.indicator(cast, activity)


def body(cast: Cast, indicator: Indicator, **values: Any) -> dict[str, Any]:
    return {
        "indicator": str(indicator.pk),
        "period_start": str(cast.today - dt.timedelta(days=30)),
        "period_end": str(cast.today - dt.timedelta(days=1)),
        "value": "92",
    } | values


def act(cast: Cast, person: Any, row_id: Any, name: str, data: dict[str, Any] | None = None) -> Any:
    return cast.api(person).post(f"{URL}{row_id}/{name}/", data or {}, format="json")


def test_a_measurement_goes_from_its_author_to_another_person(cast: Cast, indicator: Indicator) -> None:
    created = cast.api(cast.pilot_beta).post(URL, body(cast, indicator), format="json")
    assert created.status_code == 201, created.content
    row_id = created.json()["id"]
    assert created.json()["entered_by"] == str(cast.pilot_beta.pk)
    assert act(cast, cast.pilot_beta, row_id, "submit").json()["state"] == "submitted"
    response = act(cast, cast.coordinator, row_id, "validate")
    assert (response.status_code, response.json()["validated_by"]) == (200, str(cast.coordinator.pk))


@pytest.mark.parametrize("author", ["pilot_beta", "coordinator"])
def test_nobody_validates_their_own_measurement(cast: Cast, indicator: Indicator, author: str) -> None:
    person = getattr(cast, author)
    row = factories.measurement(cast, indicator, state="submitted", entered_by=person)
    before = JournalEntry.objects.count()
    response = act(cast, person, row.pk, "validate")
    assert (response.status_code, codes(response)) == (409, {"self_validation"})
    fresh = Measurement.objects.get(pk=row.pk)
    assert (fresh.state, fresh.validated_by_id, fresh.version) == ("submitted", None, row.version)
    assert JournalEntry.objects.count() == before


def test_every_reason_against_a_validation_is_given_at_once(cast: Cast, indicator: Indicator) -> None:
    row = factories.measurement(cast, indicator)
    response = act(cast, cast.coordinator, row.pk, "validate")
    assert (response.status_code, codes(response)) == (409, {"wrong_state", "self_validation"})


def test_a_returned_measurement_is_changed_and_submitted_again(cast: Cast, indicator: Indicator) -> None:
    row = factories.measurement(cast, indicator, state="submitted")
    assert act(cast, cast.pilot_beta, row.pk, "return").status_code == 400
    response = act(cast, cast.pilot_beta, row.pk, "return", {"reason": "Pièce manquante"})
    assert (response.status_code, response.json()["state"]) == (200, "returned")
    client = cast.api(cast.coordinator)
    assert client.patch(f"{URL}{row.pk}/", {"value": "90"}, format="json").status_code == 200
    assert act(cast, cast.coordinator, row.pk, "submit").json()["state"] == "submitted"
    assert client.patch(f"{URL}{row.pk}/", {"value": "91"}, format="json").status_code == 409
    assert Measurement.objects.get(pk=row.pk).value == Decimal("90")


def test_a_validated_measurement_is_corrected_by_another_one(cast: Cast, indicator: Indicator) -> None:
    row = factories.measurement(cast, indicator, "92", state="validated")
    client = cast.api(cast.coordinator)
    assert client.patch(f"{URL}{row.pk}/", {"value": "90"}, format="json").status_code == 409
    overlapping = client.post(URL, body(cast, indicator, value="90"), format="json")
    assert (overlapping.status_code, codes(overlapping)) == (409, {"period_overlap"})
    created = client.post(URL, body(cast, indicator, value="90", corrects=str(row.pk)), format="json")
    assert created.status_code == 201, created.content
    assert list(Measurement.objects.effective()) == [row]
    row_id = created.json()["id"]
    act(cast, cast.coordinator, row_id, "submit")
    assert act(cast, cast.pilot_beta, row_id, "validate").status_code == 200
    assert [m.value for m in Measurement.objects.effective()] == [Decimal("90")]
    again = client.post(URL, body(cast, indicator, value="89", corrects=str(row.pk)), format="json")
    assert (again.status_code, codes(again)) == (409, {"already_corrected", "period_overlap"})


@pytest.mark.parametrize(
    ("values", "code", "pointer"),
    [
        ({"value": None}, "value_missing", "/value"),
        ({"value": "-1"}, "negative_value", "/value"),
        ({"value": "1.5"}, "not_whole", "/value"),
        ({"period_end": "2999-01-01"}, "in_future", "/period_end"),
        ({"period_start": "2999-01-01"}, "period_order", "/period_start"),
        ({"state": "validated"}, "unknown_field", "/state"),
        ({"entered_by": "x"}, "unknown_field", "/entered_by"),
    ],
)
def test_bad_measurements_point_to_the_field(
    cast: Cast, indicator: Indicator, values: dict[str, Any], code: str, pointer: str
) -> None:
    response = cast.api(cast.coordinator).post(URL, body(cast, indicator, **values), format="json")
    assert response.status_code == 400
    assert (pointer, code) in {(e["pointer"], e["code"]) for e in response.json()["errors"]}
    assert not Measurement.objects.exists()


@pytest.mark.parametrize(
    ("name", "status"),
    [
        (None, 401),
        ("stranger", 404),
        ("foreign_coordinator", 404),
        ("chair_delta", 404),
        ("chair_alpha", 403),
        ("director_beta", 403),
        ("facilitator", 200),
        ("pilot_beta", 200),
    ],
)
def test_who_validates(cast: Cast, indicator: Indicator, name: str | None, status: int) -> None:
    row = factories.measurement(cast, indicator, state="submitted")
    assert act(cast, getattr(cast, name) if name else None, row.pk, "validate").status_code == status
    assert Measurement.objects.get(pk=row.pk).state == ("validated" if status == 200 else "submitted")


def test_a_measured_indicator_keeps_its_meaning(cast: Cast, indicator: Indicator) -> None:
    client = cast.api(cast.coordinator)
    url = f"/api/v1/indicators/{indicator.pk}/"
    assert client.patch(url, {"direction": "down"}, format="json").status_code == 200
    factories.measurement(cast, indicator)
    response = client.patch(url, {"direction": "up", "label": "Autre"}, format="json")
    assert (response.status_code, codes(response)) == (409, {"already_measured"})
    assert client.patch(url, {"label": "Autre"}, format="json").status_code == 200
    indicator.refresh_from_db()
    assert indicator.direction == "down"


def test_an_indicator_takes_the_level_of_its_activity_and_follows_it(cast: Cast) -> None:
    activity = factories.activity(cast, confidentiality="core")
    client = cast.api(cast.coordinator)
    data = {"activity": str(activity.pk), "code": "P1", "label": "Places", "confidentiality": "network"}
    created = client.post("/api/v1/indicators/", data, format="json")
    assert (created.status_code, created.json()["confidentiality"]) == (201, "core")
    client.patch(f"/api/v1/activities/{activity.pk}/", {"confidentiality": "board"}, format="json")
    assert Indicator.objects.get().confidentiality == "board"


def test_a_target_against_the_direction_is_refused(cast: Cast, indicator: Indicator) -> None:
    data = {"indicator": str(indicator.pk), "due_on": str(cast.today), "value": "-5"}
    response = cast.api(cast.coordinator).post("/api/v1/indicator-targets/", data, format="json")
    assert (response.status_code, codes(response)) == (400, {"direction_contradicts_target"})
    assert response.json()["errors"][0]["pointer"] == "/value"


def test_a_reference_to_another_cooperation_is_refused(cast: Cast) -> None:
    activity = factories.activity(cast)
    foreign = factories.activity(cast, cooperation=cast.foreign_cooperation)
    data = {"cooperation": str(cast.cooperation.pk), "activity": str(foreign.pk), "code": "P1", "label": "Places"}
    response = cast.api(cast.coordinator).post("/api/v1/indicators/", data, format="json")
    assert (response.status_code, codes(response)) == (400, {"does_not_exist"})
    data |= {"cooperation": str(cast.foreign_cooperation.pk), "activity": str(activity.pk)}
    assert cast.api(cast.coordinator).post("/api/v1/indicators/", data, format="json").status_code == 400
    assert not Indicator.objects.exists()
