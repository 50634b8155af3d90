"""The orientation table of the guide: the vectors of domain.md 3.1."""

from dataclasses import replace
from typing import Any

import pytest

from coopproject.exceptions import RuleViolated
from governance.rules.orientation import (
    FORM_LABELS,
    TABLE,
    CooperationType,
    Family,
    Form,
    OrientationFacts,
    family,
    orient,
)

AVEC, ENSEMBLE, CORPS = CooperationType.FAIRE_AVEC, CooperationType.FAIRE_ENSEMBLE, CooperationType.FAIRE_CORPS
EVERY_TYPE = {AVEC, ENSEMBLE, CORPS}


def facts(*types: CooperationType, without_new_entity: bool = False) -> OrientationFacts:
    return OrientationFacts(
        project="Une plate-forme commune de VAE",
        needs=["former hors des villes"],
        motivations=["peser ensemble"],
        types=frozenset(types),
        without_new_entity=without_new_entity,
    )


# The rows of the guide, transcribed: one sign per form, in the order of its columns.
@pytest.mark.parametrize(
    ("kind", "row"),
    [(AVEC, "-xx-xxxx"), (ENSEMBLE, "x--xx-xx"), (CORPS, "xx--x---")],
    ids=["avec", "ensemble", "corps"],
)
def test_the_table_is_that_of_the_guide(kind: CooperationType, row: str) -> None:
    assert "".join("x" if form in TABLE[kind] else "-" for form in Form) == row


def test_the_first_four_forms_create_no_legal_person() -> None:
    assert [family(form) for form in Form] == [Family.FUNCTIONAL] * 4 + [Family.ORGANIC] * 4
    assert set(FORM_LABELS) == set(Form)


@pytest.mark.parametrize(
    ("types", "without_new_entity", "forms"),
    [
        ({AVEC}, False, "adhesion convention_mutualisation association ge_gcsms gie_gcs scic"),
        ({ENSEMBLE}, False, "reseau_informel convention_coproduction association gie_gcs scic"),
        ({CORPS}, False, "reseau_informel adhesion association"),
        ({AVEC, ENSEMBLE}, False, "association gie_gcs scic"),
        ({AVEC, CORPS}, False, "adhesion association"),
        ({ENSEMBLE, CORPS}, False, "reseau_informel association"),
        (EVERY_TYPE, False, "association"),
        ({AVEC}, True, "adhesion convention_mutualisation"),
        ({AVEC, ENSEMBLE}, True, ""),
    ],
)
def test_the_forms_that_carry_every_wanted_type(
    types: set[CooperationType], without_new_entity: bool, forms: str
) -> None:
    found = orient(facts(*types, without_new_entity=without_new_entity))
    assert [oriented.form.value for oriented in found.whole] == forms.split()


def test_forms_that_carry_only_some_types_come_apart_the_most_first() -> None:
    found = orient(facts(*EVERY_TYPE, without_new_entity=True))
    assert found.whole == ()
    assert [(oriented.form, len(oriented.types)) for oriented in found.partial] == [
        (Form.RESEAU_INFORMEL, 2),
        (Form.ADHESION, 2),
        (Form.CONVENTION_MUTUALISATION, 1),
        (Form.CONVENTION_COPRODUCTION, 1),
    ]


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ({"project": " "}, ["project_missing"]),
        ({"needs": [""]}, ["needs_missing"]),
        ({"motivations": ()}, ["motivations_missing"]),
        ({"types": frozenset()}, ["types_missing"]),
        (
            {"project": "", "needs": [], "motivations": [], "types": frozenset()},
            ["project_missing", "needs_missing", "motivations_missing", "types_missing"],
        ),
    ],
)
def test_the_form_is_never_the_entry_point(change: dict[str, Any], codes: list[str]) -> None:
    assert orient(facts(AVEC)).whole
    with pytest.raises(RuleViolated) as refused:
        orient(replace(facts(AVEC), **change))
    assert [violation.code for violation in refused.value.violations] == codes
