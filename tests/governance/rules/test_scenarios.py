"""Hypotheses side by side: what divides them, and what a JSON of facts may hold."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.rules.legal_forms import CollegeShare, MemberFacts
from governance.rules.legal_forms.told import form_facts, told_violations
from governance.rules.scenarios import FEATURES, ROWS, SENTENCES, compare, family_of

VALUES = st.lists(st.sampled_from("abc"), max_size=2)


@given(st.lists(st.dictionaries(st.sampled_from([*ROWS, *FEATURES]), VALUES), max_size=4))
def test_a_head_divides_exactly_when_two_that_speak_of_it_differ(columns: list[dict[str, list[str]]]) -> None:
    found = {row.code: row for row in compare(columns)}
    assert list(found) == [*ROWS, *FEATURES]
    for code, row in found.items():
        always = code in {"employers", "errors"}
        told = [set(column.get(code, ())) for column in columns if column.get(code) or always]
        if code in SENTENCES or len(told) < 2:
            assert row.divides is None
        else:
            assert row.divides is any(one != other for one in told for other in told)


@given(st.permutations(["x", "y", "z"]))
def test_the_order_of_hypotheses_changes_no_answer(order: list[str]) -> None:
    columns = {"x": {"forms": ["ge"]}, "y": {"forms": ["scic"]}, "z": {"forms": ["ge"]}}
    rows = {row.code: row for row in compare([columns[name] for name in order])}
    assert rows["forms"].divides is True
    assert rows["forms"].values == tuple((columns[name]["forms"][0],) for name in order)


@pytest.mark.parametrize(
    ("forms", "family"),
    [([], None), (["ges"], "functional"), (["ges", "scic"], "organic"), (["merger"], "organic")],
)
def test_one_new_entity_makes_it_organic(forms: list[str], family: str | None) -> None:
    assert family_of(forms) == family


@pytest.mark.parametrize(
    ("told", "pointer"),
    [
        ([], ""),
        ({"colleges": [{"code": "a"}]}, "/colleges/0"),
        ({"colleges": [{"code": "a", "share": True}]}, "/colleges/0"),
        ({"colleges": [{"code": "a", "share": 1}, {"code": "a", "share": 2}]}, "/colleges/1/code"),
        ({"states": "2"}, "/states"),
        ({"states": 0}, "/states"),
        ({"lends_outside": 1}, "/lends_outside"),
        ({"members": {}}, "/members"),
        ({"members": [[]]}, "/members/0"),
        ({"members": [{"is_public": "yes"}]}, "/members/0/is_public"),
        ({"members": [{"category": "king"}]}, "/members/0/category"),
        ({"members": [{"category": ["king"]}]}, "/members/0/category"),
        ({"members": [{"organisation": "a"}, {"organisation": "a"}]}, "/members/1/organisation"),
        ({"members": [{"organisation": ["a"]}]}, "/members/0/organisation"),
        ({"members": [{"name": "Ana"}]}, "/members/0/name"),
    ],
)
def test_facts_that_mean_nothing_are_pointed_at(told: Any, pointer: str) -> None:
    assert [found.pointer for found in told_violations(told, {"a"})] == [f"/facts{pointer}"]


def test_what_is_told_completes_what_a_legal_form_says_and_adds_the_others() -> None:
    told = {
        "members": [{"organisation": "b", "is_employer": True}, {"category": "employees"}],
        "colleges": [{"code": "x", "share": 5000}],
        "lends_outside": False,
    }
    known = {"a": MemberFacts(is_public=False), "b": MemberFacts(is_public=True)}
    facts = form_facts(told, known)
    assert list(facts.members) == [
        MemberFacts(is_public=False),
        MemberFacts(is_public=True, is_employer=True),
        MemberFacts(category="employees"),  # type: ignore[arg-type]
    ]
    assert (facts.colleges, facts.lends_outside) == ([CollegeShare(code="x", share=5000)], False)
    assert form_facts({}, {}).members == []
