"""`POST /cooperations/import/` and `GET /cooperations/{id}/export/`."""

import datetime as dt
import json
from typing import Any

import pytest

from governance.actor import Actor
from governance.enums import Confidentiality, TokenScope
from governance.models import Consultation, Cooperation, Decision, Organisation, User
from governance.services import dossiers
from tests.cast import Cast
from tests.governance.dossier.documents import minimal

pytestmark = pytest.mark.django_db
IMPORT = "/api/v1/cooperations/import/"


@pytest.fixture
def cast() -> Cast:
    return Cast()


def _post(client: Any, document: Any, key: str = "import-0001") -> Any:
    return client.post(IMPORT, document, format="json", headers={"idempotency-key": key})


def _operator(cast: Cast) -> Any:
    User.objects.filter(person=cast.stranger).update(is_staff=True)
    return cast.api(cast.stranger)


def _mine(cast: Cast, document: dict[str, Any]) -> dict[str, Any]:
    """The dossier with the stranger of the cast as its coordination, under their own identifier."""
    person = cast.stranger
    own = {"given_name": person.given_name, "family_name": person.family_name, "email": person.email}
    document["people"].append({"ref": str(person.pk), **own})
    document["roles"][0]["person"] = str(person.pk)
    return document


def test_the_operator_imports_a_dossier(cast: Cast) -> None:
    answer = _post(_operator(cast), minimal())
    assert answer.status_code == 201, answer.json()
    cooperation = Cooperation.objects.get(pk=answer.json()["id"])
    assert cooperation.name == "Coopération d’essai"
    assert answer.json()["counts"]["consultations"] == 1
    assert answer["Location"].endswith(f"/api/v1/cooperations/{cooperation.pk}/")


def test_a_person_imports_a_dossier_that_makes_them_its_coordination(cast: Cast) -> None:
    client = cast.api(cast.stranger)
    assert _post(client, minimal()).status_code == 403
    answer = _post(client, _mine(cast, minimal()), "import-0002")
    assert answer.status_code == 201, answer.json()
    assert client.get(f"/api/v1/cooperations/{answer.json()['id']}/export/").status_code == 200


def test_a_coordination_of_yesterday_is_none(cast: Cast) -> None:
    document = _mine(cast, minimal())
    document["roles"][0]["until"] = "D-1"
    count = Cooperation.objects.count()
    assert _post(cast.api(cast.stranger), document).status_code == 403
    assert Cooperation.objects.count() == count


def test_importing_is_no_way_to_come_near_an_organisation_of_others(cast: Cast) -> None:
    """Whoever names a known SIREN would become its partner, and read its figures."""
    document = _mine(cast, minimal())
    document["organisations"][0] = {"ref": "alpha", "name": cast.alpha.name, "siren": cast.alpha.siren}
    answer = _post(cast.api(cast.stranger), document)
    assert answer.status_code == 400
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [("/organisations/0", "ref_taken")]
    assert not cast.stranger.roles.exists()


def test_importing_adds_nothing_to_an_organisation_that_the_instance_knows(cast: Cast) -> None:
    client = cast.api(cast.stranger)
    assert _post(client, _mine(cast, minimal())).status_code == 201
    document = _mine(cast, minimal())
    document["organisations"][0]["headcounts"].append({"month": "M-3/1", "value": "900.00"})
    answer = _post(client, document, "import-0002")
    assert answer.status_code == 400
    assert {e["code"] for e in answer.json()["errors"]} == {"not_yours_to_complete"}
    assert Organisation.objects.get(siren="100000009").headcounts.count() == 2


def test_an_import_needs_a_key_and_the_legal_scope_and_is_done_once(cast: Cast) -> None:
    client = _operator(cast)
    assert client.post(IMPORT, minimal(), format="json").status_code == 428
    limited = cast.api(cast.stranger, TokenScope.READ, TokenScope.WRITE)
    assert _post(limited, minimal()).status_code == 403
    assert cast.api(None).post(IMPORT, minimal(), format="json").status_code == 401
    first, again = _post(client, minimal()), _post(client, minimal())
    assert again["Idempotency-Replayed"] == "true"
    assert first.json() == again.json()
    assert Cooperation.objects.filter(name="Coopération d’essai").count() == 1


def test_yaml_is_taken_too_and_refused_with_its_line(cast: Cast) -> None:
    client = _operator(cast)
    good = "format: coopproject-dossier\nformat_version: 1\ncooperation: {name: En YAML, started_on: D-3}\n"
    headers = {"idempotency-key": "import-yaml"}
    answer = client.post(IMPORT, good, content_type="application/yaml", headers=headers)
    assert answer.status_code == 201, answer.json()
    bad = client.post(IMPORT, "a: &x 1\n", content_type="application/yaml", headers={"idempotency-key": "import-bad1"})
    assert (bad.status_code, bad.json()["code"]) == (400, "malformed_body")
    assert "Ligne 1" in bad.json()["detail"]


def test_every_error_has_its_pointer(cast: Cast) -> None:
    document = minimal()
    document["roles"][1]["person"] = "nobody"
    answer = _post(_operator(cast), document)
    assert answer.status_code == 400
    assert answer["Content-Type"] == "application/problem+json"
    assert [(e["pointer"], e["code"]) for e in answer.json()["errors"]] == [("/roles/1/person", "unknown_ref")]


def test_only_the_coordination_exports(cast: Cast) -> None:
    path = f"/api/v1/cooperations/{cast.cooperation.pk}/export/"
    for name, person in cast.everyone.items():
        knows = any(role.cooperation_id == cast.cooperation.pk for role in person.roles.all())
        expected = 200 if name == "coordinator" else 403 if knows else 404
        if name in {"former_chair", "yesterday_chair_alpha"}:
            expected = 404
        assert cast.api(person).get(path).status_code == expected, name
    assert cast.api(None).get(path).status_code == 401


def test_the_export_of_the_api_is_the_canonical_text(cast: Cast) -> None:
    answer = cast.api(cast.coordinator).get(f"/api/v1/cooperations/{cast.cooperation.pk}/export/")
    coordination = Actor.for_user(cast.coordinator.account)
    assert answer.content.decode() == dossiers.dossier_export(cast.cooperation, reader=coordination)
    assert "attachment" in answer["Content-Disposition"]
    assert cast.foreign_cooperation.name not in answer.content.decode()
    assert cast.zeta.name not in answer.content.decode()


def test_the_export_leaves_out_what_the_coordination_may_not_know_of(cast: Cast) -> None:
    decision = Decision.objects.create(
        cooperation=cast.cooperation, title="Paie", state="submitted", submitted_on=dt.date(2026, 1, 5)
    )
    Consultation.objects.create(
        cooperation=cast.cooperation,
        decision=decision,
        organisation=cast.alpha,
        confidentiality=Confidentiality.RESTRICTED,
    )
    answer = cast.api(cast.coordinator).get(f"/api/v1/cooperations/{cast.cooperation.pk}/export/")
    assert "decisions" in json.loads(answer.content)
    assert "consultations" not in json.loads(answer.content)
    assert "consultations" in json.loads(dossiers.dossier_export(cast.cooperation))
