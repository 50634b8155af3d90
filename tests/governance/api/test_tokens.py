"""`tokens`: the secret is shown once, the rights never grow, and revoked means at once."""

import datetime as dt
from typing import Any

import pytest
from django.db import connection
from rest_framework.test import APIClient

from coopproject import clock
from governance.enums import TokenScope
from governance.models import ApiToken, JournalEntry
from tests.cast import Cast
from tests.clock import set_clock
from tests.requests import codes, pointers

URL = "/api/v1/tokens/"
ME = "/api/v1/users/me/"


def _bearer(token: str) -> APIClient:
    client = APIClient(raise_request_exception=False)
    client.credentials(HTTP_AUTHORIZATION=f"Bearer {token}")
    return client


def _body(**changes: Any) -> dict[str, Any]:
    return {"name": "Tableur", "scopes": ["read"], **changes}


def test_the_secret_is_shown_once_and_opens_what_its_scopes_say(cast: Cast) -> None:
    client = cast.api(cast.chair_alpha)
    created = client.post(URL, _body())
    assert created.status_code == 201, created.json()
    full = created.json()["token"]
    assert _bearer(full).get(ME).json()["token"]["name"] == "Tableur"
    assert _bearer(full).patch(f"/api/v1/people/{cast.chair_alpha.pk}/", {"phone": "1"}).status_code == 403
    secret = full.partition(".")[2]
    for address in (URL, created["Location"], f"{URL}?count=exact"):
        assert secret not in client.get(address).content.decode()


def test_the_secret_is_written_nowhere_even_when_the_request_can_be_replayed(cast: Cast) -> None:
    client = cast.api(cast.chair_alpha)
    first = client.post(URL, _body(), headers={"Idempotency-Key": "cle-de-test-1"})
    again = client.post(URL, _body(), headers={"Idempotency-Key": "cle-de-test-1"})
    assert (first.status_code, again.status_code) == (201, 201)
    assert again["Idempotency-Replayed"] == "true"
    assert "token" in first.json()
    assert "token" not in again.json()
    secret = first.json()["token"].partition(".")[2]
    with connection.cursor() as cursor:
        cursor.execute("SELECT table_name FROM information_schema.tables WHERE table_schema = 'public'")
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT count(*) FROM "{table}" t WHERE t::text LIKE %s', [f"%{secret}%"])  # noqa: S608
            assert cursor.fetchone() == (0,), table


@pytest.mark.parametrize(
    ("life", "status"),
    [("-1 s", 400), ("365 days", 201), ("1 year", 201), ("367 days", 400)],
)
def test_a_token_expires_within_a_year(cast: Cast, life: str, status: int) -> None:
    set_clock(dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC))
    now = clock.now()
    ends = {
        "-1 s": now - dt.timedelta(seconds=1),
        "365 days": now + dt.timedelta(days=365),
        "1 year": now.replace(year=2027),
        "367 days": now + dt.timedelta(days=367),
    }
    before = ApiToken.objects.count()
    client = cast.api(cast.chair_alpha)
    made = ApiToken.objects.count() - before
    response = client.post(URL, _body(expires_at=ends[life].isoformat()))
    assert response.status_code == status
    if status == 400:
        assert pointers(response) == {"/expires_at"}
    assert ApiToken.objects.count() == before + made + (status == 201)


def test_an_expired_token_opens_nothing(cast: Cast) -> None:
    set_clock(dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC))
    end = dt.datetime(2026, 11, 23, 12, 0, tzinfo=dt.UTC)
    full = cast.api(cast.chair_alpha).post(URL, _body(expires_at=end.isoformat())).json()["token"]
    set_clock(end - dt.timedelta(seconds=1))
    assert _bearer(full).get(ME).status_code == 200
    set_clock(end)
    assert _bearer(full).get(ME).status_code == 401


def test_a_token_gives_no_more_than_it_has(cast: Cast) -> None:
    client = cast.api(cast.chair_alpha, TokenScope.READ, TokenScope.WRITE)
    response = client.post(URL, _body(scopes=["read", "legal"]))
    assert (response.status_code, codes(response)) == (400, {"beyond_own_scopes"})
    assert client.post(URL, _body(scopes=["write", "read", "read"])).json()["scopes"] == ["read", "write"]
    reader = cast.api(cast.chair_alpha, TokenScope.READ)
    assert reader.post(URL, _body()).status_code == 403
    assert ApiToken.objects.filter(name="Tableur").count() == 1


def test_a_token_limited_to_addresses_gives_only_those(cast: Cast) -> None:
    limited = cast.api(cast.chair_alpha).post(URL, _body(scopes=["write"], allowed_addresses=["127.0.0.1"]))
    client = _bearer(limited.json()["token"])
    for addresses in ([], ["127.0.0.1", "192.0.2.1"]):
        response = client.post(URL, _body(scopes=["write"], allowed_addresses=addresses))
        assert (response.status_code, codes(response)) == (400, {"beyond_own_addresses"})
    assert client.post(URL, _body(scopes=["write"], allowed_addresses=["127.0.0.1"])).status_code == 201
    elsewhere = client.get(ME, REMOTE_ADDR="192.0.2.1")
    assert elsewhere.status_code == 401


@pytest.mark.parametrize(
    "changes",
    [
        {"scopes": []},
        {"scopes": ["admin"]},
        {"scopes": None},
        {"name": ""},
        {"allowed_addresses": ["ici"]},
        {"user": 1},
    ],
)
def test_what_is_not_a_token_is_refused(cast: Cast, changes: dict[str, Any]) -> None:
    assert cast.api(cast.chair_alpha).post(URL, _body(**changes)).status_code == 400
    assert not ApiToken.objects.filter(name__in=["Tableur", ""]).exists()


def test_revoking_closes_at_once_and_says_when(cast: Cast) -> None:
    client = cast.api(cast.chair_alpha)
    created = client.post(URL, _body())
    other = _bearer(created.json()["token"])
    assert other.get(ME).status_code == 200
    assert client.delete(created["Location"]).status_code == 204
    assert client.delete(created["Location"]).status_code == 204
    assert other.get(ME).status_code == 401
    assert client.get(created["Location"]).json()["revoked_at"] is not None
    assert created.json()["id"] not in [
        row["id"] for row in client.get(f"{URL}?revoked_at__isnull=true").json()["results"]
    ]
    assert JournalEntry.objects.filter(act="api_token.revoked").count() == 1


def test_nobody_sees_or_revokes_the_token_of_another(cast: Cast) -> None:
    created = cast.api(cast.chair_alpha).post(URL, _body())
    for person in (cast.coordinator, cast.director_alpha, cast.stranger):
        client = cast.api(person)
        assert client.get(created["Location"]).status_code == 404
        assert client.delete(created["Location"]).status_code == 404
        assert created.json()["id"] not in [row["id"] for row in client.get(URL).json()["results"]]
    assert ApiToken.objects.get(key=created.json()["id"]).revoked_at is None
    assert APIClient().get(URL).status_code == 401
