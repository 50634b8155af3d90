"""The orientation table by HTTP: every vector of domain.md 3.1, and nothing before the project is told."""

from typing import Any

import pytest

from tests.cast import Cast
from tests.charters import factories as charter_factories
from tests.governance import factories
from tests.requests import codes

pytestmark = pytest.mark.django_db


def ask(cast: Cast, query: str = "", person: Any = None) -> Any:
    client = cast.api(person or cast.chair_beta)
    return client.get(f"/api/v1/cooperations/{cast.cooperation.pk}/orientation/{query}")


def tell_everything(cast: Cast) -> None:
    cast.cooperation.purpose = "Une plate-forme commune de VAE"
    cast.cooperation.types = ["faire_corps"]
    cast.cooperation.save()
    factories.readiness(cast, cast.alpha)
    charter_factories.make_motivation(cast, charter_factories.make_charter(cast))


def test_no_form_before_project_needs_and_motivations_are_told(cast: Cast) -> None:
    missing = {"project_missing", "needs_missing", "motivations_missing"}
    refused = ask(cast, "?types=faire_avec")
    assert (refused.status_code, codes(refused)) == (409, missing)
    cast.cooperation.purpose = "Une plate-forme commune de VAE"
    cast.cooperation.save()
    assert codes(ask(cast, "?types=faire_avec")) == missing - {"project_missing"}
    draft = factories.readiness(cast, cast.alpha, state="draft")
    assert codes(ask(cast, "?types=faire_avec")) == missing - {"project_missing"}
    draft.delete()
    factories.readiness(cast, cast.alpha)
    assert codes(ask(cast, "?types=faire_avec")) == {"motivations_missing"}
    charter_factories.make_motivation(cast, charter_factories.make_charter(cast))
    assert ask(cast, "?types=faire_avec").status_code == 200
    # Neither the parameter nor the cooperation says of which type.
    assert codes(ask(cast)) == {"types_missing"}


@pytest.mark.parametrize(
    ("query", "forms"),
    [
        ("types=faire_avec", "adhesion convention_mutualisation association ge_gcsms gie_gcs scic"),
        ("types=faire_ensemble", "reseau_informel convention_coproduction association gie_gcs scic"),
        ("types=faire_corps", "reseau_informel adhesion association"),
        ("types=faire_avec,faire_ensemble", "association gie_gcs scic"),
        ("types=faire_avec,faire_corps", "adhesion association"),
        ("types=faire_ensemble,faire_corps", "reseau_informel association"),
        ("types=faire_avec,faire_ensemble,faire_corps", "association"),
        ("types=faire_avec&new_entity=false", "adhesion convention_mutualisation"),
        ("new_entity=true", "reseau_informel adhesion association"),
    ],
)
def test_the_forms_are_those_of_the_guide(cast: Cast, query: str, forms: str) -> None:
    tell_everything(cast)
    found = ask(cast, f"?{query}").json()
    assert [row["form"] for row in found["forms"]] == forms.split()
    # Each other form says why it is not.
    assert {row["form"] for row in found["forms"]}.isdisjoint(row["form"] for row in found["excluded"])
    assert len(found["forms"]) + len(found["excluded"]) == 8
    assert all(row["reasons"] for row in found["excluded"])


def test_an_excluded_form_gives_every_reason_and_a_type_its_keys(cast: Cast) -> None:
    tell_everything(cast)
    found = ask(cast, "?types=faire_ensemble,faire_corps&new_entity=false").json()
    reasons = {row["form"]: [reason["code"] for reason in row["reasons"]] for row in found["excluded"]}
    assert reasons["ge_gcsms"] == ["type_not_carried", "type_not_carried", "makes_new_entity"]
    assert reasons["association"] == ["makes_new_entity"]
    assert reasons["adhesion"] == ["type_not_carried"]
    assert [row["type"] for row in found["types"]] == ["faire_ensemble", "faire_corps"]
    assert all(row["goal"] and row["gains"] and row["drawbacks"] and row["keys"] for row in found["types"])
    everything = ask(cast, "?types=faire_avec").json()
    assert {"form": "gie_gcs", "legal_forms": ["gie", "gcs"]}.items() <= everything["forms"][4].items()


def test_what_a_reader_may_not_know_of_answers_nothing_for_them(cast: Cast) -> None:
    tell_everything(cast)
    assessment = factories.ReadinessAssessment.objects.get()
    assessment.confidentiality = "core"
    assessment.save()
    assert codes(ask(cast, "?types=faire_avec", cast.chair_gamma)) == {"needs_missing"}
    assert ask(cast, "?types=faire_avec").status_code == 200


@pytest.mark.parametrize("query", ["types=faire_semblant", "types=", "new_entity=maybe", "colour=blue"])
def test_a_question_that_means_nothing_is_refused(cast: Cast, query: str) -> None:
    tell_everything(cast)
    response = ask(cast, f"?{query}")
    assert response.status_code == 400
    assert [error["pointer"] for error in response.json()["errors"]] == [f"?{query.partition('=')[0]}"]
