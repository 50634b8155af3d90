"""`session` and `users/me`: signing in by cookie, and what one learns of oneself."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.core.management import call_command
from rest_framework.test import APIClient

from governance import waiting
from governance.actor import Actor
from governance.models import User
from tests.cast import Cast

URL = "/api/v1/session/"
ME = "/api/v1/users/me/"
PASSWORD = "un-mot-de-passe-long"


class CountingHasher(MD5PasswordHasher):
    """Counts what it is asked to hash."""

    hashed = 0

    def encode(self, password: str, salt: str) -> str:
        type(self).hashed += 1
        return super().encode(password, salt)


def _browser() -> APIClient:
    return APIClient(raise_request_exception=False, enforce_csrf_checks=True)


def _sign_in(client: APIClient, email: str, password: str = PASSWORD) -> Any:
    token = client.get(URL).json()["csrf_token"]
    return client.post(URL, {"email": email, "password": password}, headers={"X-CSRFToken": token})


@pytest.fixture
def account(cast: Cast) -> User:
    user: User = cast.chair_alpha.account
    user.set_password(PASSWORD)
    user.save()
    return user


def test_signing_in_and_out(account: User) -> None:
    client = _browser()
    opened = client.get(URL)
    assert (opened.json()["authenticated"], opened.json()["user"]) == (False, None)
    assert "csrftoken" in opened.cookies
    assert opened["Cache-Control"] == "no-store"
    response = _sign_in(client, account.email.upper())
    assert response.status_code == 200, response.json()
    assert response.json()["user"]["email"] == account.email
    assert client.get(ME).json()["person"]["given_name"] == "Alice"
    token = client.get(URL).json()["csrf_token"]
    assert client.delete(URL, headers={"X-CSRFToken": token}).status_code == 204
    assert client.get(ME).status_code == 401
    assert client.get(URL).json()["authenticated"] is False


def test_the_session_and_the_csrf_token_change_at_sign_in(account: User) -> None:
    client = _browser()
    client.get(URL)
    before = client.cookies["csrftoken"].value
    session = client.session
    session["planted"] = "by somebody else"
    session.save()
    planted = client.cookies["sessionid"].value
    assert _sign_in(client, account.email).status_code == 200
    assert client.cookies["sessionid"].value != planted
    assert client.cookies["csrftoken"].value != before


def test_a_sign_in_from_another_site_is_refused(account: User) -> None:
    client = _browser()
    response = client.post(URL, {"email": account.email, "password": PASSWORD})
    assert response.status_code == 403
    assert response["Content-Type"] == "application/problem+json"
    assert client.get(URL).json()["authenticated"] is False


def test_an_act_in_a_session_needs_the_csrf_token(cast: Cast, account: User) -> None:
    client = _browser()
    _sign_in(client, account.email)
    address = f"/api/v1/people/{cast.chair_alpha.pk}/"
    assert client.patch(address, {"phone": "1"}).status_code == 403
    token = client.get(URL).json()["csrf_token"]
    assert client.patch(address, {"phone": "1"}, headers={"X-CSRFToken": token}).status_code == 200


def test_every_refusal_reads_the_same(cast: Cast, account: User) -> None:
    closed: User = cast.chair_beta.account
    closed.set_password(PASSWORD)
    closed.is_active = False
    closed.save()
    refusals = [
        _sign_in(_browser(), account.email, "faux"),
        _sign_in(_browser(), "personne@ailleurs.example"),
        _sign_in(_browser(), closed.email),
        _sign_in(_browser(), cast.chair_gamma.email),
    ]
    assert {response.status_code for response in refusals} == {401}
    assert len({response.json()["detail"] for response in refusals}) == 1
    assert len({response.json()["code"] for response in refusals}) == 1


def test_an_unknown_address_costs_a_hash_as_a_known_one_does(account: User, settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["tests.governance.api.test_session.CountingHasher"]
    account.set_password(PASSWORD)
    account.save()
    costs = []
    for email in (account.email, "personne@ailleurs.example"):
        CountingHasher.hashed = 0
        _sign_in(_browser(), email, "faux")
        costs.append(CountingHasher.hashed)
    assert costs[0] == costs[1] > 0


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"email": "x"},
        {"email": "a@b.example", "password": "x", "next": "/"},
        [],
        {"email": "a\x00@b.c", "password": "x"},
    ],
)
def test_a_wrong_shape_is_a_400(db: None, body: Any) -> None:
    client = _browser()
    token = client.get(URL).json()["csrf_token"]
    response = client.post(URL, body, headers={"X-CSRFToken": token})
    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


def test_neither_address_takes_a_parameter(cast: Cast) -> None:
    assert _browser().get(f"{URL}?next=/").status_code == 400
    assert cast.api(cast.chair_alpha).get(f"{ME}?person=x").status_code == 400


def test_me_says_my_roles_in_force_and_my_cooperations(cast: Cast) -> None:
    mine = cast.api(cast.chair_alpha).get(ME).json()
    assert [role["kind"] for role in mine["roles"]] == ["board_chair"]
    assert mine["cooperations"] == [{"id": str(cast.cooperation.pk), "name": "La Belle Équipe"}]
    assert mine["token"]["scopes"] == ["read", "write", "legal"]
    assert mine["is_operator"] is False
    for person in (cast.yesterday_chair_alpha, cast.former_chair, cast.stranger):
        theirs = cast.api(person).get(ME).json()
        assert (theirs["roles"], theirs["cooperations"], theirs["waiting"]) == ([], [], [])
        assert theirs["person"]["id"] == str(person.pk)
    assert APIClient().get(ME).status_code == 401


@pytest.fixture
def provider(monkeypatch: pytest.MonkeyPatch, cast: Cast) -> None:
    def one(actor: Actor, on: dt.date) -> list[waiting.Waiting]:
        known = actor.holds(cast.cooperation.pk, ["board_chair"])
        item = waiting.Waiting(
            "approval_waiting",
            "Votre conseil doit délibérer",
            "charter-versions",
            cast.alpha.pk,
            cast.cooperation.pk,
            on,
        )
        return [item] if known else []

    monkeypatch.setattr(waiting, "_providers", {})
    waiting.register("test", one)
    with pytest.raises(ValueError, match="registered twice"):
        waiting.register("test", lambda actor, on: [])


@pytest.mark.usefixtures("provider")
def test_me_lists_what_waits_for_me(cast: Cast) -> None:
    assert cast.api(cast.chair_alpha).get(ME).json()["waiting"] == [
        {
            "code": "approval_waiting",
            "title": "Votre conseil doit délibérer",
            "resource": "charter-versions",
            "id": str(cast.alpha.pk),
            "cooperation": str(cast.cooperation.pk),
            "since": cast.today.isoformat(),
            "due_on": None,
            "url": f"/api/v1/charter-versions/{cast.alpha.pk}/",
        }
    ]
    assert cast.api(cast.pilot_beta).get(ME).json()["waiting"] == []


def test_createsuperuser_makes_the_operator(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", PASSWORD)
    call_command("createsuperuser", email="Operateur@coopproject.example", interactive=False, verbosity=0)
    client = _browser()
    response = _sign_in(client, "operateur@coopproject.example")
    assert response.status_code == 200, response.json()
    user = response.json()["user"]
    assert (user["is_operator"], user["person"], user["roles"]) == (True, None, [])
