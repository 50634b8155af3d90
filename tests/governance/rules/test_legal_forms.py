"""Forms and their constraints: the checks of domain.md 3.2 and 2.5, on facts told, not told, and told wrong."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coopproject.exceptions import InvalidInput, RuleViolated
from governance.rules.legal_forms import (
    FORMS,
    CollegeShare,
    FindingSeverity,
    FormCode,
    FormFacts,
    MemberCategory,
    MemberFacts,
    check_form,
    form_by_code,
    require_possible,
)
from governance.rules.orientation import Family, Form, family
from governance.rules.regimes import Confidence

PUBLIC = MemberFacts(is_public=True, is_ess=False, is_enterprise=False, is_association=False)
ASSOCIATION = MemberFacts(is_public=False, is_ess=True, is_enterprise=True, is_association=True)
COMPANY = MemberFacts(is_public=False, is_ess=False, is_enterprise=True, is_association=False)
UNTOLD = MemberFacts()
# The conditions that the law sets in words, by form, transcribed from domain.md 3.2.
SCIC = [MemberFacts(category=kind) for kind in (MemberCategory.EMPLOYEES, MemberCategory.BENEFICIARIES)]
SCIC.append(MemberFacts(category=MemberCategory.VOLUNTEERS))


def codes(form: str, *members: MemberFacts, severity: str = "error", **rest: Any) -> set[str]:
    found = check_form(form, FormFacts(members=members, **rest))
    return {finding.code for finding in found if finding.severity == severity}


def colleges(*shares: int) -> list[CollegeShare]:
    return [CollegeShare(code=str(index), share=share) for index, share in enumerate(shares)]


def test_every_form_of_the_reference_is_there_once() -> None:
    assert [form.code for form in FORMS] == list(FormCode)
    assert form_by_code("gip") is FORMS[list(FormCode).index(FormCode.GIP)]
    assert form_by_code("sarl") is None


def test_a_form_that_makes_a_legal_person_is_of_the_organic_family() -> None:
    assert {form.code for form in FORMS if form.new_legal_person is None} == {FormCode.MERGER}
    assert all((form.family == Family.ORGANIC) == (form.new_legal_person is not False) for form in FORMS)


def test_every_column_of_the_orientation_table_is_a_form_of_its_family() -> None:
    assert {form.orientation for form in FORMS} - {None} == set(Form)
    assert all(form.family == family(form.orientation) for form in FORMS if form.orientation)


def test_what_is_not_established_is_never_shown_as_law() -> None:
    for form in FORMS:
        for constraint in form.constraints:
            assert constraint.configurable == (constraint.confidence in {Confidence.C, Confidence.K})
    assert {form.code for form in FORMS if form.confidence == Confidence.K} == {FormCode.GCS}
    assert form_by_code("gcs").configurable  # type: ignore[union-attr]
    assert not form_by_code("joint_tender").configurable  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("form", "members", "rest", "code"),
    [
        ("gip", (ASSOCIATION, COMPANY), {}, "gip_without_public_actor"),
        ("gie", (PUBLIC, PUBLIC), {}, "gie_without_private_actor"),
        ("association", (ASSOCIATION,), {}, "too_few_members"),
        ("ge", (ASSOCIATION, COMPANY), {"lends_outside": True}, "ge_members_only"),
        ("union", (ASSOCIATION, COMPANY), {}, "member_not_an_association"),
        ("federation", (ASSOCIATION, COMPANY), {}, "member_not_an_association"),
        ("scic", SCIC[:2], {}, "too_few_kinds"),
        ("scic", [SCIC[1], SCIC[2], MemberFacts(category=MemberCategory.OTHER)], {}, "employees_missing"),
        ("scic", [SCIC[0], SCIC[2], MemberFacts(category=MemberCategory.OTHER)], {}, "beneficiaries_missing"),
        ("scic", SCIC, {"public_capital": 5001}, "too_much_public_capital"),
        # The vectors S03, S04 and S05 of 2.5.
        ("scic", SCIC, {"colleges": colleges(5500, 2500, 2000)}, "college_too_heavy"),
        ("scic", SCIC, {"colleges": colleges(5000, 4500, 500)}, "college_too_light"),
        ("scic", SCIC, {"colleges": colleges(4000, 3500, 2000)}, "weights_do_not_add_up"),
        ("scic", SCIC, {"colleges": colleges(5000, 5000)}, "too_few_colleges"),
        ("scop", (UNTOLD, UNTOLD), {"worker_capital": 5000}, "scop_workers_not_majority"),
        ("scop", (UNTOLD, UNTOLD), {"worker_capital": 5100, "worker_votes": 6499}, "scop_share_too_small"),
        ("ptce", (COMPANY, COMPANY, PUBLIC), {}, "ptce_without_ess_enterprise"),
        ("ptce", (ASSOCIATION, ASSOCIATION, PUBLIC), {}, "ptce_without_other_enterprise"),
        ("sce", (ASSOCIATION, ASSOCIATION), {"states": 1}, "sce_in_one_state"),
    ],
)
def test_a_known_breach_is_an_error_and_such_a_form_cannot_be_chosen(
    form: str, members: Any, rest: dict[str, Any], code: str
) -> None:
    facts = FormFacts(members=members, **rest)
    assert codes(form, *members, **rest) == {code}
    with pytest.raises(RuleViolated) as refused:
        require_possible(form, facts)
    assert [violation.code for violation in refused.value.violations] == [code]


@pytest.mark.parametrize(
    ("form", "members", "rest"),
    [
        ("gip", (PUBLIC, UNTOLD), {}),
        ("gie", (PUBLIC, COMPANY), {}),
        ("association", (ASSOCIATION, PUBLIC), {}),
        ("ge", (ASSOCIATION, COMPANY), {"lends_outside": False}),
        ("union", (ASSOCIATION, ASSOCIATION), {}),
        ("scic", SCIC, {"public_capital": 5000, "colleges": colleges(5000, 4000, 1000)}),
        ("scop", (UNTOLD, UNTOLD), {"worker_capital": 5100, "worker_votes": 6500}),
        ("ptce", (ASSOCIATION, COMPANY, PUBLIC), {"has_legal_person": True}),
        ("sce", (ASSOCIATION, ASSOCIATION), {"states": 2}),
        ("informal_network", (UNTOLD, UNTOLD), {}),
    ],
)
def test_at_the_limit_a_form_is_possible_and_nothing_is_left_to_tell(
    form: str, members: Any, rest: dict[str, Any]
) -> None:
    assert codes(form, *members, **rest) == set()
    assert codes(form, *members, severity="unknown", **rest) == set()
    assert all(found.severity != FindingSeverity.ERROR for found in require_possible(form, FormFacts(members=members)))


def test_what_is_not_told_is_asked_for_and_refuses_nothing() -> None:
    assert codes("gip", ASSOCIATION, UNTOLD) == set()
    assert codes("gip", ASSOCIATION, UNTOLD, severity="unknown") == {"gip_without_public_actor"}
    assert codes("scic", UNTOLD, UNTOLD, UNTOLD, severity="unknown") == {
        "too_few_kinds",
        "employees_missing",
        "beneficiaries_missing",
        "too_much_public_capital",
    }
    assert codes("scic", *SCIC[:2], UNTOLD, severity="unknown") == {"too_few_kinds", "too_much_public_capital"}


def test_two_members_cannot_be_of_three_kinds_whatever_is_not_told() -> None:
    assert "too_few_kinds" in codes("scic", UNTOLD, UNTOLD)


def test_producers_stand_in_for_employees() -> None:
    members = [SCIC[1], SCIC[2], MemberFacts(category=MemberCategory.PRODUCERS)]
    assert codes("scic", *members) == set()


def test_a_pole_without_a_legal_person_is_told_that_it_cannot_answer_the_state() -> None:
    members = (ASSOCIATION, COMPANY, PUBLIC)
    assert codes("ptce", *members, severity="warning", has_legal_person=False) == {"ptce_without_legal_person"}
    assert codes("ptce", *members, severity="warning", has_legal_person=True) == set()
    assert codes("ptce", ASSOCIATION, COMPANY, severity="warning", has_legal_person=True) == {
        "ptce_too_few_legal_persons",
        "ptce_without_other_partner",
    }


def test_a_solidarity_group_is_no_legal_status() -> None:
    assert codes("ges", ASSOCIATION, COMPANY, severity="warning") == {"ges_not_a_legal_status"}
    assert codes("ges", ASSOCIATION, COMPANY, severity="warning", as_legal_status=False) == set()


@pytest.mark.parametrize(
    ("form", "risks"),
    [
        ("joint_several_tender", {"liable_for_the_whole"}),
        ("joint_tender", {"tender_leader_may_be_liable"}),
        ("ge", {"ge_joint_liability"}),
        ("gie", {"gie_members_liable"}),
        ("merger", {"merger_ends_members"}),
        ("association", set()),
    ],
)
def test_what_a_form_makes_its_members_liable_for_is_said(form: str, risks: set[str]) -> None:
    assert codes(form, ASSOCIATION, ASSOCIATION, severity="risk") == risks


def test_only_a_rule_that_is_not_settled_can_be_set_aside_and_it_stays_a_warning() -> None:
    gie = FormFacts(members=(PUBLIC, PUBLIC))
    found = require_possible("gie", gie, waived={"gie_without_private_actor"})
    assert ("gie_without_private_actor", "warning") in {(one.code, str(one.severity)) for one in found}
    with pytest.raises(RuleViolated, match="gip_without_public_actor"):
        require_possible("gip", FormFacts(members=(COMPANY, COMPANY)), waived={"gip_without_public_actor"})


def test_a_rule_of_the_guide_only_says_that_it_is_to_be_checked() -> None:
    (found,) = [one for one in check_form("gie", FormFacts(members=(PUBLIC, PUBLIC))) if one.severity == "error"]
    assert (found.confidence, found.configurable) == (Confidence.K, True)


@pytest.mark.parametrize(
    ("form", "facts", "code", "pointer"),
    [
        ("sarl", FormFacts(members=(UNTOLD, UNTOLD)), "unknown_form", "/form"),
        ("gip", FormFacts(members=()), "members_missing", "/members"),
        ("scic", FormFacts(members=SCIC, public_capital=10_001), "out_of_range", "/public_capital"),
        ("scic", FormFacts(members=SCIC, worker_votes=-1), "out_of_range", "/worker_votes"),
        ("scic", FormFacts(members=SCIC, colleges=colleges(-1)), "out_of_range", "/colleges/0/share"),
        ("scic", FormFacts(members=SCIC, public_capital=True), "out_of_range", "/public_capital"),
        ("sce", FormFacts(members=SCIC, states=0), "out_of_range", "/states"),
        (
            "scic",
            FormFacts(members=SCIC, colleges=[CollegeShare(code="a", share=1), CollegeShare(code="a", share=2)]),
            "college_repeated",
            "/colleges/1/code",
        ),
    ],
)
def test_facts_that_cannot_be_are_bad_input(form: str, facts: FormFacts, code: str, pointer: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        check_form(form, facts)
    assert [(found.code, found.pointer) for found in refused.value.violations] == [(code, pointer)]


@given(st.lists(st.integers(0, 10_000), min_size=1, max_size=6))
def test_colleges_are_lawful_exactly_when_each_lies_between_a_tenth_and_half_of_the_whole(shares: list[int]) -> None:
    naive = len(shares) >= 3 and sum(shares) == 10_000 and all(1_000 <= share <= 5_000 for share in shares)
    assert (codes("scic", *SCIC, public_capital=0, colleges=colleges(*shares)) == set()) is naive


@given(st.lists(st.sampled_from([True, False, None]), min_size=2, max_size=6))
def test_telling_more_never_clears_an_error(public: list[bool | None]) -> None:
    members = [MemberFacts(is_public=value) for value in public]
    told = [MemberFacts(is_public=bool(value)) for value in public]
    assert codes("gip", *members) <= codes("gip", *told)
    assert (codes("gip", *told) == set()) is any(public)
