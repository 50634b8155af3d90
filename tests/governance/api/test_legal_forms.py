"""Forms by HTTP: the reference, the check that writes nothing, the quiz."""

from typing import Any

import pytest

from governance.enums import LegalForm
from tests.cast import Cast
from tests.permissions.asking import writes, written_since

pytestmark = pytest.mark.django_db


def check(cast: Cast, **body: Any) -> Any:
    return cast.api(cast.director_alpha).post(
        f"/api/v1/cooperations/{cast.cooperation.pk}/check-form/", body, format="json"
    )


def errors(response: Any) -> list[str]:
    assert response.status_code == 200, response.content
    return [found["code"] for found in response.json()["findings"] if found["severity"] == "error"]


def test_the_reference_says_of_each_statement_how_well_it_is_known(cast: Cast) -> None:
    client = cast.api(cast.director_alpha)
    listed = client.get("/api/v1/legal-forms/").json()["results"]
    gip = client.get("/api/v1/legal-forms/gip/").json()
    assert gip in listed
    assert (gip["new_legal_person"], gip["public_bodies_may_join"], gip["checked_on"]) == (True, "yes", "2026-11-22")
    assert {row["confidence"]: row["configurable"] for row in gip["constraints"]} == {"A": False, "C": True, "K": True}
    assert client.get("/api/v1/legal-forms/sarl/").status_code == 404
    assert client.get("/api/v1/legal-forms/?q=gip").status_code == 400


def test_the_members_of_the_cooperation_are_tried_when_nobody_is_named(cast: Cast) -> None:
    before = writes()
    response = check(cast, form="gip")
    assert set(written_since(before)) <= {"governance_apitoken"}
    assert (response.json()["possible"], errors(response)) == (False, ["gip_without_public_actor"])
    cast.delta.legal_form = LegalForm.PUBLIC_BODY
    cast.delta.save()
    assert errors(check(cast, form="gip")) == []
    # A member that left is one no more.
    cast.delta.legal_form = LegalForm.ASSOCIATION
    cast.delta.save()
    cast.omega.legal_form = LegalForm.PUBLIC_BODY
    cast.omega.save()
    assert errors(check(cast, form="gip")) == ["gip_without_public_actor"]


def test_what_is_told_of_an_organisation_completes_what_its_form_says(cast: Cast) -> None:
    company = {"is_public": False, "is_ess": False, "is_enterprise": True}
    alpha = {"organisation": str(cast.alpha.pk)}
    assert errors(check(cast, form="ptce", members=[alpha, company])) == []
    assert errors(check(cast, form="ptce", members=[alpha | {"is_ess": False}, company])) == [
        "ptce_without_ess_enterprise"
    ]


def test_a_college_over_half_is_found_and_points_to_it(cast: Cast) -> None:
    members = [{"category": kind} for kind in ("employees", "beneficiaries", "volunteers")]
    shares = [{"code": "a", "share": 2000}, {"code": "b", "share": 5500}, {"code": "c", "share": 2500}]
    response = check(cast, form="scic", members=members, colleges=shares)
    found = next(found for found in response.json()["findings"] if found["code"] == "college_too_heavy")
    assert (found["severity"], found["pointer"], found["confidence"]) == ("error", "/colleges/1/share", "B")


def test_a_rule_that_is_only_the_guides_can_be_set_aside_by_the_cooperation(cast: Cast) -> None:
    members = [{"is_public": True}, {"is_public": True}]
    assert errors(check(cast, form="gie", members=members)) == ["gie_without_private_actor"]
    cast.cooperation.settings = {"form_checks_off": ["gie_without_private_actor"]}
    cast.cooperation.save()
    assert errors(check(cast, form="gie", members=members)) == []


@pytest.mark.parametrize(
    ("body", "pointer"),
    [
        ({"form": "sarl"}, "/form"),
        ({"form": "gip", "members": []}, "/members"),
        ({"form": "scic", "public_capital": 10_001}, "/public_capital"),
        ({"form": "scic", "colleges": [{"code": "a", "share": -1}]}, "/colleges/0/share"),
        ({"form": "gip", "members": [{"is_rich": True}]}, "/members/0/is_rich"),
    ],
)
def test_facts_that_cannot_be_are_refused_where_they_stand(cast: Cast, body: dict[str, Any], pointer: str) -> None:
    response = check(cast, **body)
    assert response.status_code == 400
    assert [error["pointer"] for error in response.json()["errors"]] == [pointer]


def test_an_organisation_of_elsewhere_is_unknown(cast: Cast) -> None:
    response = check(cast, form="gip", members=[{"organisation": str(cast.zeta.pk)}])
    assert (response.status_code, response.json()["errors"][0]["code"]) == (400, "does_not_exist")


def test_the_quiz_asks_and_scores_without_keeping_anything(cast: Cast) -> None:
    client = cast.api(cast.director_alpha)
    quiz = client.get("/api/v1/cooperative-profile-quiz/").json()
    answers = {question["code"]: question["choices"][0]["code"] for question in quiz["questions"]}
    before = writes()
    scored = client.post("/api/v1/cooperative-profile-quiz/score/", {"answers": answers}, format="json")
    assert set(written_since(before)) <= {"governance_apitoken"}
    # Network, now and then, first to call a meeting, a leader: two for the leader.
    assert [profile["code"] for profile in scored.json()["profiles"]] == ["leader"]
    assert scored.json()["counts"] == {"leader": 2, "business_bringer": 1, "idea_giver": 1}
    refused = client.post("/api/v1/cooperative-profile-quiz/score/", {"answers": {}}, format="json")
    assert (refused.status_code, len(refused.json()["errors"])) == (400, 4)
