"""`organisations`, `headcounts`, `turnovers`: identified exactly, known through a cooperation, figures by month."""

import datetime as dt
from typing import Any

import pytest
from rest_framework.test import APIClient

from coopproject.models import new_id
from governance.models import JournalEntry, Membership, MonthlyHeadcount, Organisation, User, YearlyTurnover
from tests.cast import Cast
from tests.clock import set_clock

URL = "/api/v1/organisations/"


def _body(cast: Cast, **changes: Any) -> dict[str, Any]:
    return {
        "name": "Épicerie solidaire",
        "siren": "732 829 320",
        "cooperation": str(cast.cooperation.pk),
        "circle": "active",
        **changes,
    }


def _codes(response: Any) -> set[tuple[str, str]]:
    return {(error["pointer"], error["code"]) for error in response.json()["errors"]}


def test_an_organisation_is_recorded_by_joining_and_its_identifiers_are_kept_bare(cast: Cast) -> None:
    body = _body(cast, siret="732 829 320 00074", rna="w751000001", naf="88.99b", idcc="29")
    response = cast.api(cast.coordinator).post(URL, body)
    assert response.status_code == 201, response.json()
    data = response.json()
    assert [data[name] for name in ("siren", "siret", "rna", "naf", "idcc")] == [
        "732829320",
        "73282932000074",
        "W751000001",
        "8899B",
        "0029",
    ]
    membership = Membership.objects.get(organisation_id=data["id"])
    assert (membership.cooperation_id, membership.joined_on) == (cast.cooperation.pk, cast.today)
    assert membership.stays.get().circle == "active"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"siren": "123456789"}, {("/siren", "siren_checksum")}),
        ({"siren": "12345678"}, {("/siren", "siren_format")}),
        ({"siren": "732829320", "siret": "55208131700000"}, None),
        ({"siren": ""}, {("", "identifier_missing")}),
        ({"siren": "", "rna": "W12"}, {("/rna", "rna_format")}),
        ({"siren": "123456789", "rna": "X", "naf": "8"}, {
            ("/siren", "siren_checksum"), ("/rna", "rna_format"), ("/naf", "naf_format"),
        }),
    ],
)  # fmt: skip
def test_wrong_identifiers_are_all_told_with_their_place(
    cast: Cast, changes: dict[str, str], expected: set[tuple[str, str]] | None
) -> None:
    before = Organisation.objects.count()
    response = cast.api(cast.coordinator).post(URL, _body(cast, **changes))
    assert response.status_code == 400
    if expected is not None:
        assert _codes(response) == expected
    assert Organisation.objects.count() == before


def test_a_siren_belongs_to_one_organisation_whatever_the_spaces(cast: Cast) -> None:
    spaced = f"{cast.alpha.siren[:3]} {cast.alpha.siren[3:6]} {cast.alpha.siren[6:]}"
    response = cast.api(cast.coordinator).post(URL, _body(cast, siren=spaced))
    assert (response.status_code, _codes(response)) == (400, {("/siren", "siren_taken")})
    own = cast.api(cast.director_alpha).patch(f"{URL}{cast.alpha.pk}/", {"siren": spaced})
    assert own.status_code == 200
    other = cast.api(cast.director_alpha).patch(f"{URL}{cast.alpha.pk}/", {"siren": cast.beta.siren})
    assert (other.status_code, _codes(other)) == (400, {("/siren", "siren_taken")})


def test_a_correction_of_one_identifier_is_judged_with_the_others(cast: Cast) -> None:
    response = cast.api(cast.director_alpha).patch(f"{URL}{cast.alpha.pk}/", {"siret": "73282932000074"})
    assert (response.status_code, _codes(response)) == (400, {("/siret", "siret_not_of_siren")})
    cast.alpha.refresh_from_db()
    assert cast.alpha.siret == ""


@pytest.mark.parametrize(
    ("changes", "pointer"), [({"circle": None}, "/circle"), ({"cooperation": None}, "/cooperation")]
)
def test_whoever_is_not_the_operator_says_where_and_in_which_circle(
    cast: Cast, changes: dict[str, Any], pointer: str
) -> None:
    body = {name: value for name, value in _body(cast, **changes).items() if value is not None}
    response = cast.api(cast.coordinator).post(URL, body)
    assert (response.status_code, _codes(response)) == (400, {(pointer, "required")})


def test_the_operator_records_an_organisation_then_ties_it(cast: Cast) -> None:
    client = APIClient()
    client.force_authenticate(User.objects.create_superuser("operateur@coopproject.example", "x"))
    created = client.post(URL, {"name": "Nouvelle", "siren": "732829320"})
    assert created.status_code == 201
    tie = {"cooperation": str(cast.cooperation.pk), "organisation": created.json()["id"], "circle": "network"}
    assert client.post("/api/v1/memberships/", tie).status_code == 201
    assert cast.api(cast.observer).get(f"{URL}{created.json()['id']}/").status_code == 200
    # The operator sees nothing by it.
    assert client.get(URL).json()["results"] == []


def test_whoever_shares_no_cooperation_reads_an_organisation_as_a_random_id(cast: Cast) -> None:
    for person in (cast.stranger, cast.foreign_coordinator, cast.former_chair):
        client = cast.api(person)
        known, random = client.get(f"{URL}{cast.alpha.pk}/"), client.get(f"{URL}{new_id()}/")
        assert known.status_code == random.status_code == 404
        assert known.json() | {"request_id": ""} == random.json() | {"request_id": ""}
        assert client.patch(f"{URL}{cast.alpha.pk}/", {"name": "Prise"}).status_code == 404
        assert client.get(f"{URL}?siren={cast.alpha.siren}").json()["results"] == []
        assert client.get(f"/api/v1/headcounts/?organisation={cast.alpha.pk}").json()["results"] == []


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("coordinator", 200),
        ("director_alpha", 200),
        ("chair_alpha", 200),
        ("member_alpha", 403),
        ("employees_alpha", 403),
        ("facilitator", 403),
        ("chair_beta", 403),
        ("director_beta", 403),
        ("funder", 403),
        ("yesterday_chair_alpha", 404),
    ],
)
def test_only_its_heads_and_its_coordination_correct_an_organisation(cast: Cast, name: str, status: int) -> None:
    response = cast.api(cast.everyone[name]).patch(f"{URL}{cast.alpha.pk}/", {"sector": "alimentation"})
    assert response.status_code == status
    cast.alpha.refresh_from_db()
    assert cast.alpha.sector == ("alimentation" if status == 200 else "")


def test_coordination_no_longer_answers_for_a_former_member(cast: Cast) -> None:
    response = cast.api(cast.coordinator).patch(f"{URL}{cast.omega.pk}/", {"sector": "x"})
    assert response.status_code == 403


def _month(cast: Cast, months: int) -> dt.date:
    day = cast.today.replace(day=1)
    for _step in range(abs(months)):
        day = (
            (day + dt.timedelta(days=32)).replace(day=1) if months > 0 else (day - dt.timedelta(days=1)).replace(day=1)
        )
    return day


def test_a_month_is_written_once_then_corrected(cast: Cast) -> None:
    client = cast.api(cast.director_alpha)
    month = _month(cast, -30).isoformat()
    body = {"organisation": str(cast.alpha.pk), "month": month, "value": "10.90", "source": "DSN"}
    created = client.post("/api/v1/headcounts/", body)
    assert (created.status_code, created.json()["value"]) == (201, "10.90")
    again = client.post("/api/v1/headcounts/", body | {"value": "12.00"})
    assert (again.status_code, _codes(again)) == (400, {("/month", "already_recorded")})
    corrected = client.patch(created["Location"], {"value": "11.00"})
    assert (corrected.status_code, corrected.json()["value"]) == (200, "11.00")
    rows = MonthlyHeadcount.objects.filter(organisation=cast.alpha, month=month)
    assert [str(row.value) for row in rows] == ["11.00"]


def test_months_to_come_and_days_that_are_not_the_first_are_refused(cast: Cast) -> None:
    set_clock(dt.date(2026, 11, 30))
    MonthlyHeadcount.objects.filter(organisation=cast.alpha).delete()
    client = cast.api(cast.director_alpha)

    def post(month: str, value: str = "1") -> Any:
        return client.post("/api/v1/headcounts/", {"organisation": str(cast.alpha.pk), "month": month, "value": value})

    assert _codes(post("2026-12-01")) == {("/month", "month_in_future")}
    assert _codes(post("2026-10-02")) == {("/month", "month_not_first_day")}
    assert _codes(post("2026-10-01", "-1")) == {("/value", "headcount_negative")}
    assert post("2026-13-01").status_code == post("2026-10-01", "1.005").status_code == 400
    assert post("2026-10-01", "NaN").status_code == 400
    assert not MonthlyHeadcount.objects.filter(organisation=cast.alpha).exists()
    assert post("2026-11-01").status_code == 201


def test_twelve_months_are_written_at_once(cast: Cast) -> None:
    rows = [{"month": _month(cast, -30 + index).isoformat(), "value": f"{index}.50"} for index in range(12)]
    response = cast.api(cast.director_alpha).post(f"{URL}{cast.alpha.pk}/record-headcounts/", {"headcounts": rows})
    assert response.status_code == 200, response.json()
    assert [(row["month"], row["value"]) for row in response.json()["results"]] == [
        (row["month"], row["value"]) for row in rows
    ]
    assert JournalEntry.objects.filter(act="organisation.headcounts_recorded").count() == 1
    # Six of these months were known already, from the cast.
    assert MonthlyHeadcount.objects.filter(organisation=cast.alpha).count() == 24 + 7


def test_several_months_are_all_or_nothing(cast: Cast) -> None:
    before = list(MonthlyHeadcount.objects.filter(organisation=cast.alpha).order_by("pk").values("month", "value"))
    rows = [
        {"month": _month(cast, -1).isoformat(), "value": "1.00"},
        {"month": _month(cast, 2).isoformat(), "value": "1.00"},
        {"month": _month(cast, -1).isoformat(), "value": "2.00"},
    ]
    response = cast.api(cast.director_alpha).post(f"{URL}{cast.alpha.pk}/record-headcounts/", {"headcounts": rows})
    assert response.status_code == 400
    assert _codes(response) == {
        ("/headcounts/1/month", "month_in_future"),
        ("/headcounts/2/month", "repeated"),
    }
    after = list(MonthlyHeadcount.objects.filter(organisation=cast.alpha).order_by("pk").values("month", "value"))
    assert after == before
    for refused in (
        [],
        "x",
        [{"month": "2020-01-01"}],
        [{"month": "2020-01-01", "value": "1", "x": 1}],
        rows[:1] * 101,
    ):
        bad = cast.api(cast.director_alpha).post(f"{URL}{cast.alpha.pk}/record-headcounts/", {"headcounts": refused})
        assert bad.status_code == 400, refused


def test_figures_are_written_by_those_who_answer_for_the_organisation(cast: Cast) -> None:
    rows = {"headcounts": [{"month": _month(cast, -1).isoformat(), "value": "49.00"}]}
    turnover = {"organisation": str(cast.alpha.pk), "year": 2025, "amount": "1.00"}
    month = {"organisation": str(cast.alpha.pk), "month": "2020-01-01", "value": "1.00"}
    for name in ("chair_beta", "director_beta", "member_alpha", "observer"):
        client = cast.api(cast.everyone[name])
        assert client.post(f"{URL}{cast.alpha.pk}/record-headcounts/", rows).status_code == 403, name
        assert client.post("/api/v1/turnovers/", turnover).status_code == 403, name
        assert client.post("/api/v1/headcounts/", month).status_code == 403, name
    assert not MonthlyHeadcount.objects.filter(organisation=cast.alpha, value=49).exists()
    assert not YearlyTurnover.objects.exists()


def test_a_turnover_is_written_once_per_year(cast: Cast) -> None:
    client = cast.api(cast.coordinator)
    body = {"organisation": str(cast.alpha.pk), "year": 2025, "amount": "1234567.89"}
    created = client.post("/api/v1/turnovers/", body)
    assert (created.status_code, created.json()["amount"]) == (201, "1234567.89")
    assert _codes(client.post("/api/v1/turnovers/", body)) == {("/year", "already_recorded")}
    wrong = client.post("/api/v1/turnovers/", body | {"year": cast.today.year + 1, "amount": "-1"})
    assert _codes(wrong) == {("/year", "year_out_of_range"), ("/amount", "negative")}
    assert client.patch(created["Location"], {"amount": "-5"}).status_code == 400
    assert client.patch(created["Location"], {"amount": "5.00"}).json()["amount"] == "5.00"
