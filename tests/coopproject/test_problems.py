"""Every refusal is a problem document that points to the place, and nothing else ever comes out of the API."""

import json

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import override_settings
from django.urls import include, path
from rest_framework.test import APIClient

from governance.enums import DecisionState, TokenScope
from governance.models import Decision
from tests.cast import Cast
from tests.governance import factories
from tests.requests import codes, pointers


def broken(request: HttpRequest) -> HttpResponse:
    raise ValueError("the secret is 12345")


urlpatterns = [path("api/v1/broken/", broken), path("", include("coopproject.urls"))]


def test_an_unknown_address_is_a_problem(client: APIClient) -> None:
    response = client.get("/api/v1/nothing-here/")
    assert response.status_code == 404
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == "not_found"


def test_an_anonymous_caller_is_challenged(cast: Cast) -> None:
    response = cast.api(None).get("/api/v1/decisions/")
    assert response.status_code == 401
    assert response["WWW-Authenticate"].startswith("Bearer")
    assert response.json()["code"] == "not_authenticated"


@override_settings(ROOT_URLCONF="tests.coopproject.test_problems")
def test_an_unforeseen_error_says_nothing_of_its_cause_but_its_request_id(db: None) -> None:
    response = APIClient(raise_request_exception=False).get("/api/v1/broken/", headers={"X-Request-ID": "my-request-1"})
    assert response.status_code == 500
    assert response["Content-Type"] == "application/problem+json"
    assert "12345" not in response.content.decode()
    assert (response.json()["request_id"], response["X-Request-ID"]) == ("my-request-1", "my-request-1")


@pytest.mark.parametrize("given", ["short", "x" * 65, "with space in", "a\tb-too-odd", "<script>alert"])
def test_a_request_id_that_could_harm_a_log_is_replaced(client: APIClient, given: str) -> None:
    assert client.get("/livez", headers={"X-Request-ID": given})["X-Request-ID"] != given


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ("{", 400, "malformed_body"),
        ('{"title": "a", "title": "b"}', 400, "malformed_body"),
        ('{"title": NaN}', 400, "malformed_body"),
        ('"text"', 400, "malformed_body"),
        ('{"title": "\\u0000"}', 400, "malformed_body"),
        ('{"title": "\\ud800"}', 400, "malformed_body"),
        (b'{"title": "\xff"}', 400, "malformed_body"),
        ('{"a":' * 21 + "1" + "}" * 21, 413, "body_too_large"),
        ("[" * 100_000, 413, "body_too_large"),
        ('{"title": "' + "x" * 5_300_000 + '"}', 413, "body_too_large"),
    ],
    ids=["cut", "duplicate", "nan", "scalar", "nul", "surrogate", "utf8", "deep", "very deep", "huge"],
)
def test_a_body_that_is_not_proper_json_is_refused(cast: Cast, body: str | bytes, status: int, code: str) -> None:
    response = cast.api(cast.coordinator).generic("POST", "/api/v1/decisions/", body, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (status, code)
    assert not Decision.objects.exists()


def test_another_media_type_is_refused(cast: Cast) -> None:
    response = cast.api(cast.coordinator).generic("POST", "/api/v1/decisions/", "<a/>", content_type="text/xml")
    assert (response.status_code, response.json()["code"]) == (415, "unsupported_media_type")


def test_every_wrong_field_is_named_at_once(cast: Cast) -> None:
    body = {"cooperation": str(cast.cooperation.pk), "titel": "faute", "planned_on": "31/12/2026", "state": "taken"}
    response = cast.api(cast.coordinator).post("/api/v1/decisions/", body)
    assert response.status_code == 400
    assert pointers(response) == {"/titel", "/planned_on", "/title", "/state"}
    assert "unknown_field" in codes(response)
    assert not Decision.objects.exists()


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("colour=red", "?colour"),
        ("state=taken&state=draft", "?state"),
        ("state=flying", "?state"),
        ("state__in=taken,flying", "?state__in"),
        ("planned_on=demain", "?planned_on"),
        ("page_size=0", "?page_size"),
        ("page_size=201", "?page_size"),
        ("page_size=1e1", "?page_size"),
        ("ordering=password", "?ordering"),
        ("ordering=--title", "?ordering"),
        ("count=yes", "?count"),
        ("fields=id,secret", "?fields"),
        ("expand=cooperation.members", "?expand"),
        ("cooperation=1", "?cooperation"),
        ("q=" + "x" * 201, "?q"),
    ],
)
def test_a_parameter_that_is_not_understood_is_never_ignored(cast: Cast, query: str, pointer: str) -> None:
    response = cast.api(cast.coordinator).get(f"/api/v1/decisions/?{query}")
    assert response.status_code == 400, response.json()
    assert pointers(response) == {pointer}


def test_a_token_does_no_more_than_its_scopes(cast: Cast) -> None:
    decision = factories.decision(cast, cast.gamma)
    reader = cast.api(cast.coordinator, TokenScope.READ)
    writer = cast.api(cast.coordinator, TokenScope.READ, TokenScope.WRITE)
    assert reader.get("/api/v1/decisions/").status_code == 200
    path = f"/api/v1/decisions/{decision.pk}/"
    assert reader.patch(path, {"title": "A"}, headers={"If-Match": "*"}).json()["code"] == "insufficient_scope"
    headers = {"If-Match": "*", "Idempotency-Key": "some-long-key"}
    response = writer.post(f"{path}take/", {"outcome": "Oui"}, headers=headers)
    assert (response.status_code, response.json()["code"]) == (403, "insufficient_scope")
    decision.refresh_from_db()
    assert decision.state == DecisionState.SUBMITTED


def test_refusals_speak_english_to_who_reads_english(cast: Cast) -> None:
    response = cast.api(None).get("/api/v1/decisions/", headers={"Accept-Language": "en"})
    french = cast.api(None).get("/api/v1/decisions/")
    assert french.json()["title"] == "Authentification requise"
    assert response.json()["title"] == "Authentication required"


def test_each_problem_type_opens_its_explanation(client: APIClient) -> None:
    listed = client.get("/api/v1/problems/").json()["results"]
    assert {"not_found", "rule_violated", "internal_error"} <= {row["code"] for row in listed}
    for row in listed:
        assert client.get(f"/api/v1/problems/{row['code']}/").json()["explanation"]
    assert client.get("/api/v1/problems/unheard-of/").status_code == 404


def test_the_answer_is_json_with_readable_accents(cast: Cast) -> None:
    factories.decision(cast, title="Été à Bâle")
    response = cast.api(cast.coordinator).get("/api/v1/decisions/")
    assert "Été à Bâle" in response.content.decode()
    json.loads(response.content)


def test_a_host_that_is_not_ours_is_refused_as_such(db: None) -> None:
    response = APIClient(raise_request_exception=False).get("/api/v1/decisions/", headers={"Host": "evil.example"})
    assert (response.status_code, response.json()["code"]) == (400, "bad_request")


def test_the_root_leads_to_the_documentation(client: APIClient) -> None:
    assert client.get("/")["Location"] == "/api/v1/docs/"
    for address in client.get("/api/v1/").json().values():
        assert client.get(address.removeprefix("http://testserver")).status_code in {200, 401}, address
