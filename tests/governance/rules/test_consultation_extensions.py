"""What lengthens the limit of a consultation, from facts alone (domain.md C09, C10, C16): 2 March to 2 April."""

from datetime import date
from typing import Any

import pytest

from governance.rules.consultation_extensions import (
    Extension,
    extension_violations,
    impossible_dates,
    shortening_violations,
)

START, NOMINAL, ANSWER_BY = date(2026, 3, 2), date(2026, 4, 2), date(2026, 4, 7)


def on(text: str) -> date:
    return date.fromisoformat(f"2026-{text}")


def asked(**days: str) -> Extension:
    return Extension(**{name: on(text) for name, text in days.items()})


def said(found: list[Any]) -> list[tuple[str, str]]:
    return [(violation.code, violation.pointer) for violation in found]


@pytest.mark.parametrize(
    ("extension", "expected"),
    [
        (asked(), []),
        (asked(common_agreement_on="03-02", judge_seized_on="03-02", judge_fixed_on="03-02"), []),
        (
            asked(common_agreement_on="03-01", judge_seized_on="03-01", judge_fixed_on="03-01"),
            [
                ("before_the_start", "/common_agreement_on"),
                ("before_the_start", "/judge_seized_on"),
                ("before_the_start", "/judge_fixed_on"),
            ],
        ),
        (
            asked(judge_seized_on="03-20", judge_fixed_on="03-19"),
            [("judge_order_before_seizure", "/judge_fixed_on")],
        ),
        (
            asked(already_seized_on="03-20", judge_fixed_on="03-19"),
            [("judge_order_before_seizure", "/judge_fixed_on")],
        ),
        # A seizure that is told again stands for the one that was known.
        (asked(already_seized_on="03-25", judge_seized_on="03-18", judge_fixed_on="03-19"), []),
        (asked(judge_fixed_on="03-19"), []),
    ],
)
def test_days_that_cannot_be_are_refused_each_where_it_stands(
    extension: Extension, expected: list[tuple[str, str]]
) -> None:
    assert said(impossible_dates(extension, START)) == expected


@pytest.mark.parametrize(
    ("extension", "expected"),
    [
        (asked(), []),
        (asked(common_agreement_on="04-03"), []),
        (asked(common_agreement_on="04-02"), [("not_an_extension", "/common_agreement_on")]),
        # Seized on the last day that binds the body, after the nominal one.
        (asked(judge_seized_on="04-07"), []),
        (asked(judge_seized_on="04-08"), [("judge_seized_too_late", "/judge_seized_on")]),
        (asked(judge_fixed_on="05-04"), [("judge_not_seized", "/judge_fixed_on")]),
        (asked(judge_fixed_on="05-04", already_seized_on="04-01"), []),
        (asked(judge_fixed_on="05-04", judge_seized_on="04-01"), []),
        (
            asked(judge_fixed_on="04-02", judge_seized_on="04-08", common_agreement_on="04-01"),
            [
                ("judge_seized_too_late", "/judge_seized_on"),
                ("not_an_extension", "/common_agreement_on"),
                ("not_an_extension", "/judge_fixed_on"),
            ],
        ),
    ],
)
def test_only_what_comes_in_time_and_later_lengthens(extension: Extension, expected: list[tuple[str, str]]) -> None:
    found = extension_violations(extension, NOMINAL, ANSWER_BY)
    assert said(found) == expected
    assert all("avril" in str(violation.detail) for violation in found if violation.code != "judge_not_seized")


def test_nothing_moves_the_end_back_but_it_may_stay() -> None:
    changed = ("suspended_days", "judge_seized_on")
    assert shortening_violations(NOMINAL, NOMINAL, changed) == []
    assert shortening_violations(NOMINAL, on("04-03"), changed) == []
    assert said(shortening_violations(NOMINAL, on("04-01"), changed)) == [
        ("not_an_extension", "/suspended_days"),
        ("not_an_extension", "/judge_seized_on"),
    ]
