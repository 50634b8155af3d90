"""INSEE codes of a territory: their shapes, and the department that a commune says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.rules.territory import Territory, department_of, is_department

METROPOLE = [f"{number:02}" for number in range(1, 96) if number != 20] + ["2A", "2B"]
OVERSEAS = [*(str(number) for number in range(971, 979)), *(str(number) for number in range(984, 990))]


def communes(department: str) -> st.SearchStrategy[str]:
    width = 5 - len(department)
    return st.integers(0, 10**width - 1).map(lambda number: f"{department}{number:0{width}}")


@given(st.sampled_from(METROPOLE + OVERSEAS).flatmap(lambda code: st.tuples(st.just(code), communes(code))))
def test_a_commune_is_in_the_department_whose_code_it_begins_with(pair: tuple[str, str]) -> None:
    department, commune = pair
    assert is_department(department)
    assert department_of(commune) == department
    assert list(Territory(commune, department).violations()) == []
    assert list(Territory(commune).violations()) == []


@given(st.sampled_from(METROPOLE + OVERSEAS), st.sampled_from(METROPOLE + OVERSEAS))
def test_any_other_department_is_refused(one: str, other: str) -> None:
    found = [violation.code for violation in Territory(f"{one}001"[:5], other).violations()]
    assert found == ([] if one == other else ["department_differs_from_commune"])


@given(st.text(st.sampled_from("0123456789AB9Z "), max_size=6))
def test_a_code_is_refused_or_says_its_department(text: str) -> None:
    cleaned = Territory.cleaned(commune_code=text, department_code="", employment_area_code="")
    codes = [violation.code for violation in cleaned.violations()]
    if cleaned.commune_code:
        assert (codes == []) == (department_of(cleaned.commune_code) in {*METROPOLE, *OVERSEAS})
    assert Territory.cleaned(**vars(cleaned)) == cleaned


@pytest.mark.parametrize("code", ["20001", "00123", "96001", "99138", "97901", "98301", "2C001", "6912", "691234"])
def test_what_is_no_commune(code: str) -> None:
    assert [violation.code for violation in Territory(code).violations()] == ["commune_format"]


def test_every_code_that_cannot_be_is_said_at_once() -> None:
    found = Territory("20001", "20", "84 1").violations()
    assert [(one.code, one.pointer) for one in found] == [
        ("commune_format", "/commune_code"),
        ("department_format", "/department_code"),
        ("employment_area_format", "/employment_area_code"),
    ]
    typed = Territory.cleaned(commune_code=" 2a 004", department_code="2a", employment_area_code="94 01")
    assert (typed, list(typed.violations())) == (Territory("2A004", "2A", "9401"), [])
