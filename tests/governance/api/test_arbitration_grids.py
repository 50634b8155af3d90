"""Cooperate or merge: each member's grid, its own while a draft, added up once handed over."""

import json
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from coopproject.exceptions import InvalidInput
from governance.actor import Actor
from governance.enums import CircleKind
from governance.models import ArbitrationGrid, JournalEntry
from governance.rules.arbitration import CRITERIA
from governance.services import dossiers
from tests.cast import Cast
from tests.governance import factories
from tests.governance.dossier.documents import minimal
from tests.governance.factories import scores
from tests.queries import assert_constant_queries
from tests.requests import codes

pytestmark = pytest.mark.django_db
BATCH = Actor.system("test")
BASE = "/api/v1/arbitration-grids/"


def begin(cast: Cast, **body: Any) -> Any:
    given = {"cooperation": str(cast.cooperation.pk), "organisation": str(cast.alpha.pk), **body}
    return cast.api(cast.chair_alpha).post(BASE, given, format="json")


def sums(cast: Cast, person: Any) -> dict[str, Any]:
    found: dict[str, Any] = cast.api(person).get(f"/api/v1/cooperations/{cast.cooperation.pk}/arbitration/").json()
    return found


def test_a_head_scores_submits_and_takes_back(cast: Cast) -> None:
    client = cast.api(cast.director_alpha)
    begun = begin(cast, scores={"will": {"score": -2, "reason": "Personne n’en veut"}})
    assert (begun.status_code, begun.json()["state"]) == (201, "draft")
    address = f"{BASE}{begun.json()['id']}/"
    early = client.post(f"{address}submit/")
    assert (early.status_code, codes(early), len(early.json()["errors"])) == (409, {"score_missing"}, len(CRITERIA) - 1)
    assert client.patch(address, {"scores": scores(1)}, format="json").status_code == 200
    assert client.post(f"{address}submit/").json()["submitted_on"] == cast.today.isoformat()
    refused = client.patch(address, {"scores": {}}, format="json")
    assert (refused.status_code, codes(refused)) == (409, {"wrong_state"})
    assert ArbitrationGrid.objects.get().scores == scores(1)
    assert client.post(f"{address}reopen/").json()["state"] == "draft"


def test_nothing_of_anothers_draft_is_visible_or_counted(cast: Cast) -> None:
    secret = "Nous ne tiendrons pas un an"
    draft = begin(cast, scores={"will": {"score": 2, "reason": secret}}).json()
    for person in (cast.chair_beta, cast.funder):
        client = cast.api(person)
        assert client.get(f"{BASE}{draft['id']}/").status_code == 404
        assert client.get(BASE).json()["results"] == []
        assert (sums(cast, person)["for_merger"], secret in json.dumps(sums(cast, person))) == (0, False)
    assert all(secret not in json.dumps(entry.payload) for entry in JournalEntry.objects.order_by("pk"))


def test_sums_conclude_nothing_before_every_member_gave_its_reasons(cast: Cast) -> None:
    for member in (cast.alpha, cast.beta, cast.gamma):
        factories.grid(cast, member, scores=scores(1, will=-2) if member == cast.alpha else scores(1))
    found = sums(cast, cast.chair_beta)
    points = 3 * len(CRITERIA) - 1
    assert (found["for_merger"], found["for_cooperation"]) == (points, 2)
    assert (found["most_divisive"], found["leaning"], found["awaited"]) == (["will"], None, [str(cast.delta.pk)])
    will = next(row for row in found["criteria"] if row["code"] == "will")
    assert (will["for_cooperation"], will["for_merger"], will["spread"], len(will["scores"])) == (2, 2, 3, 3)
    factories.grid(cast, cast.delta, scores=scores(0))
    assert sums(cast, cast.chair_beta)["leaning"] == "merge"


@pytest.mark.parametrize(
    ("given", "code", "pointer"),
    [
        ({"money": {"score": 1, "reason": "x"}}, "unknown_criterion", "/scores/money"),
        ({"will": {"score": 3, "reason": "x"}}, "out_of_range", "/scores/will/score"),
        ({"will": {"score": 1, "reason": ""}}, "reason_missing", "/scores/will/reason"),
    ],
)
def test_a_score_without_its_reason_or_out_of_the_scale_is_refused(
    cast: Cast, given: dict[str, Any], code: str, pointer: str
) -> None:
    response = begin(cast, scores=given)
    assert response.status_code == 400
    assert [(error["code"], error["pointer"]) for error in response.json()["errors"]] == [(code, pointer)]
    assert not ArbitrationGrid.objects.exists()


def test_a_member_has_one_grid_and_its_submission_a_day(cast: Cast) -> None:
    factories.grid(cast, cast.alpha)
    assert begin(cast).status_code == 400
    for name, fields in (
        ("governance_one_grid_per_member", {"organisation": cast.alpha}),
        ("governance_grid_submitted_on_a_day", {"organisation": cast.beta, "submitted_on": None}),
    ):
        with pytest.raises(IntegrityError, match=name), transaction.atomic():
            factories.grid(cast, **fields)


def test_a_list_costs_the_same_for_two_rows_and_for_forty(cast: Cast) -> None:
    numbers = iter(range(100))

    def make(count: int) -> None:
        for _index in range(count):
            factories.grid(cast, cast.organisation(f"Membre {next(numbers)}", circle=CircleKind.NETWORK))

    assert_constant_queries(cast.api(cast.coordinator), BASE, make)


def test_grids_come_back_from_a_dossier_byte_for_byte_and_whole(cast: Cast) -> None:
    document = minimal()
    row = {"organisation": "alpha", "state": "submitted", "submitted_on": "D-3", "scores": scores(-1)}
    document["arbitration_grids"] = [row]
    with transaction.atomic():
        text = dossiers.dossier_export(dossiers.dossier_import(actor=BATCH, document=document).cooperation)
        transaction.set_rollback(True)
    again = dossiers.dossier_import(actor=BATCH, document=json.loads(text)).cooperation
    assert dossiers.dossier_export(again) == text
    del row["scores"]
    with pytest.raises(InvalidInput) as refused:
        dossiers.dossier_import(actor=BATCH, document=document)
    assert {violation.code for violation in refused.value.violations} == {"score_missing"}
