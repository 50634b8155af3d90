"""What members answer before cooperating: their own while a draft, compared once handed over."""

import json
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from coopproject.exceptions import InvalidInput
from governance.actor import Actor
from governance.enums import CircleKind
from governance.models import JournalEntry, ReadinessAssessment
from governance.rules.readiness import PRECONDITIONS, Accord, compare
from governance.services import dossiers
from tests.cast import Cast
from tests.governance import factories
from tests.governance.dossier.documents import minimal
from tests.governance.factories import ANSWERS
from tests.queries import assert_constant_queries
from tests.requests import codes

pytestmark = pytest.mark.django_db
BATCH = Actor.system("test")
BASE = "/api/v1/readiness-assessments/"


def begin(cast: Cast, **body: Any) -> Any:
    given = {"cooperation": str(cast.cooperation.pk), "organisation": str(cast.alpha.pk), **body}
    return cast.api(cast.chair_alpha).post(BASE, given, format="json")


def side_by_side(cast: Cast, person: Any) -> dict[str, Any]:
    found: dict[str, Any] = cast.api(person).get(f"/api/v1/cooperations/{cast.cooperation.pk}/readiness/").json()
    return found


def test_a_head_answers_submits_and_takes_back(cast: Cast) -> None:
    client = cast.api(cast.chair_alpha)
    begun = begin(cast, why="Former hors des villes")
    assert (begun.status_code, begun.json()["state"]) == (201, "draft")
    address = f"{BASE}{begun.json()['id']}/"
    early = client.post(f"{address}submit/")
    assert early.status_code == 409
    pointers = [error["pointer"] for error in early.json()["errors"]]
    assert pointers == [
        *("/stakes", "/benefits", "/drawbacks", "/pooling", "/pooled"),
        *(f"/preconditions/{code}" for code in PRECONDITIONS),
    ]
    assert client.patch(address, ANSWERS, format="json").status_code == 200
    done = client.post(f"{address}submit/").json()
    assert (done["state"], done["submitted_on"]) == ("submitted", cast.today.isoformat())
    refused = client.patch(address, {"why": "Autre chose"}, format="json")
    assert (refused.status_code, codes(refused)) == (409, {"wrong_state"})
    assert ReadinessAssessment.objects.get().why == ANSWERS["why"]
    back = client.post(f"{address}reopen/").json()
    assert (back["state"], back["submitted_on"]) == ("draft", None)


def test_nothing_of_anothers_draft_is_visible_anywhere(cast: Cast) -> None:
    secret = "Nous avons peur de disparaître"
    draft = begin(cast, why=secret).json()
    cast.api(cast.chair_alpha).patch(f"{BASE}{draft['id']}/", {"stakes": secret}, format="json")
    for person in (cast.chair_beta, cast.funder, cast.chair_gamma):
        client = cast.api(person)
        assert client.get(f"{BASE}{draft['id']}/").status_code == 404
        assert client.get(f"{BASE}?count=exact").json()["results"] == []
        assert secret not in json.dumps(side_by_side(cast, person))
        assert secret not in client.get("/api/v1/journal/?page_size=200").content.decode()
    for person in (cast.director_alpha, cast.coordinator, cast.facilitator):
        assert cast.api(person).get(f"{BASE}{draft['id']}/").json()["why"] == secret
    assert all(secret not in json.dumps(entry.payload) for entry in JournalEntry.objects.order_by("pk"))
    # Not even that it was begun: alpha has not answered, as gamma has not.
    members = {row["name"]: row["submitted_on"] for row in side_by_side(cast, cast.chair_beta)["members"]}
    assert members == {"Alpha": None, "Bêta": None, "Delta": None, "Gamma": None}


def test_answers_side_by_side_say_where_members_agree(cast: Cast) -> None:
    factories.readiness(cast, cast.alpha)
    factories.readiness(
        cast, cast.beta, pooled=["experiences"], preconditions=ANSWERS["preconditions"] | {"voluntary": "partly"}
    )
    factories.readiness(cast, cast.gamma, state="draft", preconditions={"transparency": "no"}, pooled=["powers"])
    found = side_by_side(cast, cast.chair_gamma)
    accords = {row["code"]: row["accord"] for row in found["preconditions"]}
    assert accords == dict.fromkeys(PRECONDITIONS, "agreed") | {"voluntary": "divided"}
    voluntary = next(row for row in found["preconditions"] if row["code"] == "voluntary")
    assert voluntary["by_answer"] == {"yes": [str(cast.alpha.pk)], "partly": [str(cast.beta.pk)], "no": []}
    pooled = {row["code"]: row["accord"] for row in found["pooled"]}
    assert (pooled["experiences"], pooled["gains"], pooled["powers"]) == ("agreed", "divided", "agreed")
    assert [len(question["answers"]) for question in found["questions"]] == [2] * 5


def test_one_answer_is_nothing_to_agree_with() -> None:
    assert compare("x", [("alpha", "yes")], ("yes", "no")).accord is Accord.UNTOLD
    assert compare("x", [("alpha", "yes"), ("beta", "yes")], ("yes", "no")).accord is Accord.AGREED


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"preconditions": {"voluntary": "maybe"}}, "invalid_choice", "/preconditions/voluntary"),
        ({"preconditions": {"money": "yes"}}, "unknown_precondition", "/preconditions/money"),
        ({"pooled": ["gains", "gains"]}, "repeated", "/pooled"),
        ({"confidentiality": "restricted"}, "level_not_allowed", "/confidentiality"),
    ],
)
def test_answers_that_cannot_be_are_refused_where_they_stand(
    cast: Cast, body: dict[str, Any], code: str, pointer: str
) -> None:
    response = begin(cast, **body)
    assert response.status_code == 400
    assert [(error["code"], error["pointer"]) for error in response.json()["errors"]] == [(code, pointer)]
    assert not ReadinessAssessment.objects.exists()


def test_a_member_answers_once_and_its_submission_has_a_day(cast: Cast) -> None:
    factories.readiness(cast, cast.alpha)
    assert begin(cast).status_code == 400
    for name, fields in (
        ("governance_one_readiness_per_member", {"organisation": cast.alpha}),
        ("governance_readiness_submitted_on_a_day", {"organisation": cast.beta, "submitted_on": None}),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            factories.readiness(cast, **fields)


def test_a_list_costs_the_same_for_two_rows_and_for_forty(cast: Cast) -> None:
    numbers = iter(range(100))

    def make(count: int) -> None:
        for _index in range(count):
            factories.readiness(
                cast, cast.organisation(f"Membre {next(numbers)}", headcount="1.00", circle=CircleKind.NETWORK)
            )

    assert_constant_queries(cast.api(cast.coordinator), BASE, make)


def test_answers_come_back_from_a_dossier_byte_for_byte() -> None:
    document = minimal()
    submitted = ANSWERS | {"organisation": "alpha", "state": "submitted", "submitted_on": "D-3"}
    document["readiness_assessments"] = [submitted]
    with transaction.atomic():
        text = dossiers.dossier_export(dossiers.dossier_import(actor=BATCH, document=document).cooperation)
        transaction.set_rollback(True)
    assert "Former près de chez soi" in text
    again = dossiers.dossier_import(actor=BATCH, document=json.loads(text)).cooperation
    assert dossiers.dossier_export(again) == text


@pytest.mark.parametrize(
    ("changed", "code", "pointer"),
    [
        ({"why": ""}, "answer_missing", "/why"),
        ({"submitted_on": None}, "required", "/submitted_on"),
        ({"submitted_on": "D+999"}, "in_the_future", "/submitted_on"),
        ({"preconditions": {"money": "yes"}}, "unknown_precondition", "/preconditions/money"),
        ({"confidentiality": "restricted"}, "level_not_allowed", "/confidentiality"),
    ],
)
def test_a_dossier_whose_answers_do_not_hold_together_is_refused(
    changed: dict[str, Any], code: str, pointer: str
) -> None:
    document = minimal()
    row = ANSWERS | {"organisation": "alpha", "state": "submitted", "submitted_on": "D-3"} | changed
    document["readiness_assessments"] = [row]
    with pytest.raises(InvalidInput) as refused:
        dossiers.dossier_import(actor=BATCH, document=document)
    found = [(violation.code, violation.pointer) for violation in refused.value.violations]
    assert found == [(code, f"/readiness_assessments/0{pointer}")]
    assert not ReadinessAssessment.objects.exists()
