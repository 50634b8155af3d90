"""The vectors of domain.md 3.1 and 3.2 by HTTP, each under its name."""

from typing import Any

import pytest

from tests.cast import Cast
from tests.governance import path_factories as path

pytestmark = pytest.mark.django_db
ORDER = ("adhesion", "convention_mutualisation", "association", "ge_gcsms", "gie_gcs", "scic")
PUBLIC = {"is_public": True, "is_ess": False, "is_enterprise": False}
ESS = {"is_public": False, "is_ess": True, "is_enterprise": True, "is_association": True}
COMPANY = {"is_public": False, "is_ess": False, "is_enterprise": True}
KINDS = {
    kind: {"category": kind}
    for kind in ("employees", "producers", "beneficiaries", "volunteers", "public_bodies", "other")
}
SCIC = [KINDS["employees"], KINDS["beneficiaries"], KINDS["volunteers"]]

# 3.1: each combination of types, with any form, then with no new legal person.
COMBINATIONS = {
    "avec": (
        "adhesion convention_mutualisation association ge_gcsms gie_gcs scic",
        "adhesion convention_mutualisation",
    ),
    "ensemble": (
        "reseau_informel convention_coproduction association gie_gcs scic",
        "reseau_informel convention_coproduction",
    ),
    "corps": ("reseau_informel adhesion association", "reseau_informel adhesion"),
    "avec+ensemble": ("association gie_gcs scic", ""),
    "avec+corps": ("adhesion association", "adhesion"),
    "ensemble+corps": ("reseau_informel association", "reseau_informel"),
    "avec+ensemble+corps": ("association", ""),
}


@pytest.mark.parametrize("new_entity", ["true", "false"], ids=["any form", "no new entity"])
@pytest.mark.parametrize("combination", COMBINATIONS)
def test_3_1_the_forms_that_carry_every_wanted_type(cast: Cast, combination: str, new_entity: str) -> None:
    path.tell_the_project(cast)
    types = ",".join(f"faire_{word}" for word in combination.split("+"))
    address = f"/api/v1/cooperations/{cast.cooperation.pk}/orientation/?types={types}&new_entity={new_entity}"
    found = cast.api(cast.coordinator).get(address).json()
    whole = COMBINATIONS[combination][new_entity == "false"]
    assert [row["form"] for row in found["forms"]] == whole.split()
    assert {row["family"] for row in found["forms"]} <= (
        {"functional"} if new_entity == "false" else {"functional", "organic"}
    )
    # What carries some of the types is offered to be combined, never as if it carried them all.
    assert all(0 < len(row["types"]) < len(combination.split("+")) for row in found["partial_forms"])


def colleges(*shares: int) -> list[dict[str, Any]]:
    return [{"code": f"college-{index}", "share": share} for index, share in enumerate(shares)]


# 3.2: form, members, what else is told -> severity of each finding that the vector is about.
VECTORS: dict[str, tuple[str, list[Any], dict[str, Any], dict[str, str]]] = {
    "GIP without public actor": ("gip", [ESS, COMPANY], {}, {"gip_without_public_actor": "error"}),
    "GIP with a public actor": ("gip", [ESS, PUBLIC], {}, {}),
    "GIE without private actor": ("gie", [PUBLIC, PUBLIC], {}, {"gie_without_private_actor": "error"}),
    "GIE with a private actor": ("gie", [PUBLIC, COMPANY], {}, {}),
    "SCIC of two kinds": ("scic", SCIC[:2], {"public_capital": 0}, {"too_few_kinds": "error"}),
    "SCIC without employees or producers": (
        "scic",
        [KINDS["beneficiaries"], KINDS["volunteers"], KINDS["other"]],
        {"public_capital": 0},
        {"employees_missing": "error"},
    ),
    "SCIC of producers": ("scic", [KINDS["producers"], *SCIC[1:]], {"public_capital": 0}, {}),
    "SCIC without beneficiaries": (
        "scic",
        [KINDS["employees"], KINDS["volunteers"], KINDS["other"]],
        {"public_capital": 0},
        {"beneficiaries_missing": "error"},
    ),
    "SCIC, a college over 50 %": (
        "scic",
        SCIC,
        {"colleges": colleges(5001, 2999, 2000)},
        {"college_too_heavy": "error"},
    ),
    "SCIC, a college at 50 %": ("scic", SCIC, {"colleges": colleges(5000, 3000, 2000), "public_capital": 0}, {}),
    "SCIC, a college under 10 %": (
        "scic",
        SCIC,
        {"colleges": colleges(5000, 4001, 999)},
        {"college_too_light": "error"},
    ),
    "SCIC, a college at 10 %": ("scic", SCIC, {"colleges": colleges(5000, 4000, 1000), "public_capital": 0}, {}),
    "SCIC, 99.99 % in all": (
        "scic",
        SCIC,
        {"colleges": colleges(5000, 3000, 1999)},
        {"weights_do_not_add_up": "error"},
    ),
    "SCIC, public bodies over 50 % of capital": (
        "scic",
        SCIC,
        {"public_capital": 5001},
        {"too_much_public_capital": "error"},
    ),
    "SCIC, public bodies at 50 % of capital": ("scic", SCIC, {"public_capital": 5000}, {}),
    "PTCE without ESS enterprise": (
        "ptce",
        [COMPANY, COMPANY, PUBLIC],
        {"has_legal_person": True},
        {"ptce_without_ess_enterprise": "error"},
    ),
    "PTCE without other enterprise": (
        "ptce",
        [ESS, ESS, PUBLIC],
        {"has_legal_person": True},
        {"ptce_without_other_enterprise": "error"},
    ),
    "PTCE without legal person": (
        "ptce",
        [ESS, COMPANY, PUBLIC],
        {"has_legal_person": False},
        {"ptce_without_legal_person": "warning"},
    ),
    "PTCE that may answer the State": ("ptce", [ESS, COMPANY, PUBLIC], {"has_legal_person": True}, {}),
    "GES asked as legal form": ("ges", [ESS, ESS], {}, {"ges_not_a_legal_status": "warning"}),
    "joint and several tender": ("joint_several_tender", [ESS, ESS], {}, {"liable_for_the_whole": "risk"}),
    "employers' group": ("ge", [ESS, COMPANY], {"lends_outside": False}, {"ge_joint_liability": "risk"}),
}
# Said of every GIE, whoever its members are.
ALWAYS = {"gie_members_liable"}


@pytest.mark.parametrize("name", VECTORS)
def test_3_2_what_a_form_asks_of_its_members(cast: Cast, name: str) -> None:
    form, members, told, expected = VECTORS[name]
    address = f"/api/v1/cooperations/{cast.cooperation.pk}/check-form/"
    response = cast.api(cast.coordinator).post(address, {"form": form, "members": members, **told}, format="json")
    findings = {row["code"]: row["severity"] for row in response.json()["findings"] if row["severity"] != "unknown"}
    assert {code: said for code, said in findings.items() if code not in ALWAYS} == expected
    assert response.json()["possible"] == ("error" not in expected.values())
    assert all(row["detail"] for row in response.json()["findings"])
