"""Rules of motivations: the coded reasons, what a revision asks of them, and what holds one back from deletion."""

import datetime as dt
from typing import Any

import pytest

from charters.rules.amendments import AmendmentKind
from charters.rules.motivation_codes import MOTIVATION_CODES, Family, motivation_code
from charters.rules.motivations import deletion_violations, frozen_motivation, refresh_warnings

FIRST = dt.date(2026, 3, 1)
DAY = dt.timedelta(days=1)


def motivation(**fields: Any) -> dict[str, Any]:
    effects = [{"id": "e", "label": "Trois marchés", "due_on": None, "expected_level": 4}]
    return {"id": "m", "code": "m", "label": "Durer", "weight": 3, "expected_level": 4, "effects": effects} | fields


def warned(current: list[dict[str, Any]], **facts: Any) -> list[str]:
    values: dict[str, Any] = {
        "kind": AmendmentKind.SUBSTANTIAL,
        "frozen": [motivation()],
        "in_force_on": FIRST,
        "confirmed_on": None,
    }
    return [warning.code for warning in refresh_warnings(current=current, **values | facts)]


def test_a_substantial_revision_that_left_the_motivations_alone_asks_for_them() -> None:
    assert warned([motivation()]) == ["motivations_not_refreshed"]


@pytest.mark.parametrize(
    "current",
    [
        [motivation(weight=4)],
        [motivation(label="Durer ensemble")],
        [motivation(expected_level=5)],
        [motivation(effects=[])],
        [motivation(effects=[{"id": "e", "label": "Trois marchés", "due_on": "2027-01-01", "expected_level": 4}])],
        [motivation(), motivation(id="n", code="n")],
        [],
    ],
)
def test_any_change_of_the_thread_refreshes_it(current: list[dict[str, Any]]) -> None:
    assert warned(current) == []


def test_identifiers_and_codes_of_the_guide_are_not_what_members_read() -> None:
    assert warned([motivation(id="other", matrix_code="visibility")]) == ["motivations_not_refreshed"]


@pytest.mark.parametrize(("confirmed_on", "asked"), [(FIRST - DAY, True), (FIRST, False), (FIRST + DAY, False)])
def test_confirming_counts_from_the_entry_into_force(confirmed_on: dt.date, asked: bool) -> None:
    assert bool(warned([motivation()], confirmed_on=confirmed_on)) is asked


@pytest.mark.parametrize("kind", [kind for kind in AmendmentKind if kind is not AmendmentKind.SUBSTANTIAL])
def test_only_a_substantial_revision_asks(kind: AmendmentKind) -> None:
    assert warned([motivation()], kind=kind) == []


def test_nothing_in_force_asks_for_nothing() -> None:
    assert warned([motivation()], in_force_on=None) == []


def test_everything_that_holds_is_said_at_once() -> None:
    found = deletion_violations(versions=[2, 1], effects=1, in_use=True)
    assert [violation.code for violation in found] == ["frozen_in_a_version", "has_effects", "in_use"]
    assert "1, 2" in str(found[0].detail)
    assert deletion_violations(versions=[]) == []


def test_a_frozen_motivation_is_known_by_its_identifier_and_in_older_texts_by_its_code() -> None:
    renamed = motivation(id="m", code="ancien")
    assert frozen_motivation([motivation(id="n"), renamed], identifier="m", code="m") == renamed
    assert frozen_motivation([motivation(id="n", code="m")], identifier="m", code="m") is None
    nameless = {key: value for key, value in motivation().items() if key != "id"}
    assert frozen_motivation([nameless], identifier="m", code="m") == nameless
    assert frozen_motivation([nameless], identifier="m", code="autre") is None


def test_each_reason_of_the_guide_has_its_own_code_and_quotes_it() -> None:
    codes = [found.code for found in MOTIVATION_CODES]
    assert len(codes) == len(set(codes)) == 26
    assert {found.family for found in MOTIVATION_CODES} == set(Family)
    assert all(found.source and len(found.code) <= 40 for found in MOTIVATION_CODES)
    families = [found.family for found in MOTIVATION_CODES]
    assert sorted(families, key=list(Family).index) == families
    assert motivation_code("common_voice") in MOTIVATION_CODES
    assert motivation_code("nothing") is None
