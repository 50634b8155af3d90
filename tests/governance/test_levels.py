"""A consultation is never more open than its decision, a decision never of one organisation alone."""

import pytest

from coopproject.exceptions import InvalidInput
from governance.actor import Actor
from governance.models import Consultation, Decision, JournalEntry
from governance.services.dossiers import dossier_import
from tests.cast import Cast
from tests.governance.dossier.documents import minimal
from tests.governance.factories import consultation, decision
from tests.requests import act, codes, pointers

CONSULTATIONS, DECISIONS = "/api/v1/consultations/", "/api/v1/decisions/"


@pytest.mark.parametrize(
    ("level", "status"), [("network", 400), ("active", 400), ("core", 201), ("board", 201), ("restricted", 201)]
)
def test_a_consultation_is_prepared_at_the_level_of_its_decision_or_above(cast: Cast, level: str, status: int) -> None:
    of = decision(cast, cast.alpha, confidentiality="core")
    body = {"decision": str(of.pk), "organisation": str(cast.alpha.pk), "confidentiality": level}
    response = act(cast.api(cast.coordinator), CONSULTATIONS, body)
    assert response.status_code == status, response.content
    assert Consultation.objects.count() == (status == 201)
    if status == 400:
        assert (codes(response), pointers(response)) == ({"more_open_than_its_decision"}, {"/confidentiality"})


def test_a_consultation_is_not_opened_beyond_its_decision_afterwards(cast: Cast) -> None:
    made = consultation(cast, decision(cast, cast.alpha, confidentiality="core"), confidentiality="core")
    entries = JournalEntry.objects.count()
    response = cast.api(cast.director_alpha).patch(
        f"{CONSULTATIONS}{made.pk}/", {"confidentiality": "active"}, format="json", headers={"If-Match": "*"}
    )
    assert (response.status_code, codes(response)) == (400, {"more_open_than_its_decision"})
    made.refresh_from_db()
    assert (made.confidentiality, JournalEntry.objects.count()) == ("core", entries)


@pytest.mark.parametrize(("before", "after"), [("active", "core"), ("board", "board"), ("restricted", "restricted")])
def test_a_decision_that_is_closed_closes_its_consultations_with_it(cast: Cast, before: str, after: str) -> None:
    of = decision(cast, cast.alpha, state="draft")
    made = consultation(cast, of, confidentiality=before)
    response = cast.api(cast.coordinator).patch(
        f"{DECISIONS}{of.pk}/", {"confidentiality": "core"}, format="json", headers={"If-Match": "*"}
    )
    assert response.status_code == 200, response.content
    made.refresh_from_db()
    assert made.confidentiality == after
    written = JournalEntry.objects.filter(act="consultation.updated", object_id=str(made.pk)).count()
    assert written == (before != after)


def test_a_decision_is_never_of_one_organisation_alone(cast: Cast) -> None:
    body = {"cooperation": str(cast.cooperation.pk), "title": "Seuls", "confidentiality": "restricted"}
    response = act(cast.api(cast.coordinator), DECISIONS, body)
    assert response.status_code == 400, response.content
    assert Decision.objects.count() == 0


@pytest.mark.parametrize(
    ("given", "stored"), [({}, "core"), ({"confidentiality": "board"}, "board"), ({"confidentiality": "active"}, None)]
)
def test_a_dossier_brings_in_no_consultation_more_open_than_its_decision(
    cast: Cast, given: dict[str, str], stored: str | None
) -> None:
    document = minimal()
    document["decisions"][0]["confidentiality"] = "core"
    document["consultations"][0] |= given
    if stored is None:
        with pytest.raises(InvalidInput, match="more_open_than_its_decision"):
            dossier_import(actor=Actor.system("test"), document=document)
    else:
        done = dossier_import(actor=Actor.system("test"), document=document)
        assert Consultation.objects.get(cooperation=done.cooperation).confidentiality == stored


def test_what_a_decision_waits_for_does_not_name_a_consultation_of_others(cast: Cast) -> None:
    of = decision(cast, cast.alpha)
    made = consultation(cast, of, confidentiality="restricted")
    for person, named in ((cast.director_alpha, True), (cast.director_beta, False)):
        answers = [
            cast.api(person).get(f"{DECISIONS}{of.pk}/requirements/"),
            cast.api(person).get(f"/api/v1/cooperations/{cast.cooperation.pk}/vital-signs/"),
        ]
        for answer in answers:
            assert answer.status_code == 200
            assert (str(made.pk) in answer.content.decode()) == named
        assert answers[0].json()["can_be_taken"] is False
