"""The steps proposed for each form, their order, and everything that stands against a creation."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.rules.legal_forms import FORMS, FormCode
from governance.rules.structure_projects import (
    STAFF_CONSULTATION,
    StepFacts,
    find_cycle,
    later_violations,
    makes_an_entity,
    registration_violations,
    steps_for,
    waiting_violations,
)

FORMS_OF_AN_ENTITY = [entry.code for entry in FORMS if makes_an_entity(entry.code)]


def test_only_a_form_that_makes_an_entity_has_a_file() -> None:
    assert FormCode.ASSOCIATION in FORMS_OF_AN_ENTITY
    assert FormCode.MERGER in FORMS_OF_AN_ENTITY
    assert not {FormCode.GES, FormCode.PTCE, FormCode.POOLING_AGREEMENT} & set(FORMS_OF_AN_ENTITY)
    assert not makes_an_entity("sarl")


@pytest.mark.parametrize("form", FORMS_OF_AN_ENTITY)
def test_the_steps_of_a_form_come_in_an_order_that_can_be_followed(form: str) -> None:
    steps = steps_for(form)
    codes = [step.code for step in steps]
    assert len(set(codes)) == len(codes)
    for index, step in enumerate(steps):
        assert set(step.after) <= set(codes[:index]), step.code
    by_code = {step.code: step for step in steps}
    # The law and the guide: employees are consulted before the boards vote, the boards before the assembly.
    assert STAFF_CONSULTATION in by_code["board_votes"].after
    assert by_code["constitutive_assembly"].after == ("board_votes",)
    assert "constitutive_assembly" in by_code["registration"].after
    assert {"bank_account", "insurance", "social_protection", "staff_transfers", "first_budget"} <= set(codes)


@pytest.mark.parametrize(
    ("form", "own"),
    [
        ("association", {"statutes_draft"}),
        ("scic", {"statutes_draft", "colleges", "capital"}),
        ("ge", {"statutes_draft", "collective_agreement"}),
        ("gip", {"contract_draft", "public_approval"}),
        ("gie", {"contract_draft"}),
        ("merger", {"statutes_draft", "merger_treaty"}),
    ],
)
def test_each_form_has_steps_of_its_own(form: str, own: set[str]) -> None:
    particular = {"statutes_draft", "contract_draft", "colleges", "capital", "collective_agreement"}
    particular |= {"public_approval", "merger_treaty"}
    assert {step.code for step in steps_for(form)} & particular == own
    required = {step.code: step.required for step in steps_for(form)}
    assert required["social_protection"] is (form in {"ge", "merger"})
    assert required["registration"] is True


EDGES = st.dictionaries(st.sampled_from("abcd"), st.sets(st.sampled_from("abcdx"), max_size=3), max_size=4)


def _reaches_itself(after: dict[str, set[str]], start: str) -> bool:
    pending, seen = list(after.get(start, ())), set[str]()
    while pending:
        following = pending.pop()
        if following == start:
            return True
        if following not in seen:
            seen.add(following)
            pending += after.get(following, ())
    return False


@given(EDGES)
def test_a_cycle_is_found_exactly_when_a_step_waits_for_itself(after: dict[str, set[str]]) -> None:
    assert find_cycle(after) is any(_reaches_itself(after, step) for step in after)


DONE, OPEN = StepFacts("1", "Statuts", True, True), StepFacts("2", "Votes", True, False)
OPTIONAL = StepFacts("3", "Assurance", False, False)


def test_a_step_waits_for_those_before_and_holds_those_after() -> None:
    assert [str(found.detail) for found in waiting_violations([DONE, OPEN, OPTIONAL])] == [
        "« Votes » vient avant, et reste à faire.",
        "« Assurance » vient avant, et reste à faire.",
    ]
    assert [found.code for found in later_violations([DONE, OPEN])] == ["later_step_cleared"]


def test_everything_against_a_creation_is_said_at_once() -> None:
    found = registration_violations(
        errors=[("gip_without_public_actor", "Un GIP…")],
        steps=[DONE, OPEN, OPTIONAL],
        founders=0,
        former_members=["Bêta"],
        decision_taken=False,
    )
    assert [violation.code for violation in found] == [
        "gip_without_public_actor",
        "founders_missing",
        "founder_left",
        "step_open",
        "decision_not_taken",
    ]


@pytest.mark.parametrize(("taken", "expected"), [(True, []), (None, ["decision_missing"])])
def test_a_creation_asks_for_cleared_steps_and_for_the_decision_that_launches_it(
    taken: bool | None, expected: list[str]
) -> None:
    found = registration_violations(
        errors=[], steps=[DONE, OPTIONAL], founders=2, former_members=[], decision_taken=taken
    )
    assert [violation.code for violation in found] == expected
