"""Side states and irregularities of a consultation (domain.md 1.6), from facts alone."""

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance import cooperation_settings
from governance.rules.adjustable import ADJUSTABLE, adjusted
from governance.rules.consultation_deadlines import ConsultationFacts, JudgeOrder, Opinion, OpinionKind, deadline
from governance.rules.consultation_documents import binds_to_discretion, is_closed, is_late
from governance.rules.consultation_situations import Contest, DialogueFacts, Meeting, irregularities, side_states

START, TODAY = dt.date(2026, 3, 2), dt.date(2026, 6, 1)


def facts(clock: dict[str, Any] | None = None, **values: Any) -> DialogueFacts:
    """A consultation informed on 2 March 2026, of an employer of fifty, about which nothing else happened."""
    known = ConsultationFacts(**{"information_delivered_on": START, **(clock or {})})
    return DialogueFacts(**{"clock": known, "limit": deadline(known), "from_50": True, **values})


def day(number: int, month: int = 3) -> dt.date:
    return dt.date(2026, month, number)


@pytest.mark.parametrize(
    ("given_facts", "expected"),
    [
        (facts(), []),
        (facts(contests=(Contest(day(5), "Le budget"),)), [("information_contested", day(5), "A", "")]),
        (facts(contests=(Contest(day(5), "Le budget", day(9)),)), []),
        (facts({"judge": JudgeOrder(day(9))}), [("judge_seized", day(9), "A", "")]),
        (
            facts({"common_agreement_on": day(7, 5)}, extended_on=day(20)),
            [("extended_by_agreement", day(20), "B", "")],
        ),
        (
            facts({"suspended_days": 4}, suspended_on=day(20)),
            [("suspended", day(20), "K", "expert_challenge_suspends")],
        ),
        (facts(decided_on=day(2, 4)), [("irregular", day(2, 4), "A", "")]),
        (facts(decided_on=day(3, 4)), []),
        (facts({"information_complete": False}, decided_on=day(3, 4)), [("irregular", day(3, 4), "A", "")]),
    ],
)
def test_side_states_say_since_when_and_why(given_facts: DialogueFacts, expected: list[Any]) -> None:
    found = side_states(given_facts)
    assert [(state.code, state.since, str(state.confidence), state.configurable) for state in found] == expected
    assert all(str(state.why) and state.legal_reference for state in found)


@pytest.mark.parametrize(
    ("given_facts", "expected"),
    [
        (facts(), []),
        (facts(recorded_on=day(2, 4)), []),
        (facts(recorded_on=day(3, 4)), [("recorded_after_limit", day(3, 4))]),
        (facts({"opinion": Opinion(OpinionKind.FAVOURABLE, day(20))}, recorded_on=day(3, 4)), []),
        (facts({"information_complete": False}, recorded_on=day(3, 4)), []),
        (facts(decided_on=day(15)), [("decision_too_early", day(15))]),
        (
            facts({"opinion": Opinion(OpinionKind.FAVOURABLE, day(1))}),
            [("opinion_before_information", day(1))],
        ),
        (facts({"opinion": Opinion(OpinionKind.FAVOURABLE, day(2))}), []),
        (
            facts({"information_complete": False, "opinion": Opinion(OpinionKind.FAVOURABLE, day(9))}),
            [("opinion_before_information", day(9))],
        ),
        (facts(required_handed_on=(day(2),)), []),
        (facts(required_handed_on=(day(9), day(3))), [("late_information", day(3))]),
        # Without a start nothing is late: it completes the information.
        (facts({"information_complete": False}, required_handed_on=(day(9),)), []),
        (facts(meetings=(Meeting(day(20), day(17)),)), []),
        (facts(meetings=(Meeting(day(20), day(18)),)), [("agenda_late", day(20))]),
        (facts(meetings=(Meeting(day(20)),)), [("agenda_late", day(20))]),
        (facts(meetings=(Meeting(day(20)),), from_50=False), []),
        (facts(meetings=(Meeting(day(20)),), from_50=None), []),
        (facts(opinion_on=day(2, 5)), []),
        (facts(opinion_on=day(1, 5)), [("response_missing", day(1, 6))]),
        (facts(opinion_on=day(2, 5), response_days=10), [("response_missing", day(13, 5))]),
        (facts(opinion_on=day(1, 4), response_on=day(20, 5)), []),
        (
            facts(opinion_on=day(1, 4), closed_on=day(5, 4), closed_without_response=True),
            [("closed_without_response", day(5, 4))],
        ),
    ],
)
def test_irregularities_are_flagged_with_their_day(given_facts: DialogueFacts, expected: list[Any]) -> None:
    assert [(found.code, found.since) for found in irregularities(given_facts, TODAY)] == expected


def test_only_a_setting_rests_on_what_no_law_says() -> None:
    everything = facts(
        {"opinion": Opinion(OpinionKind.FAVOURABLE, day(1))},
        decided_on=day(1),
        required_handed_on=(day(9),),
        meetings=(Meeting(day(20)),),
        opinion_on=day(1),
    )
    found = irregularities(everything, TODAY)
    assert len(found) == 5
    assert [row.configurable for row in found if not row.confidence.settled] == ["cse_response_days"]
    assert all(row.confidence.settled for row in found if not row.configurable)
    assert "cse_response_days" in ADJUSTABLE


@given(st.dates(dt.date(2020, 1, 1), dt.date(2040, 1, 1)), st.integers(-40, 40), st.integers(1, 400))
def test_a_decision_is_too_early_exactly_before_the_first_day_that_the_limit_accepts(
    start: dt.date, offset: int, days: int
) -> None:
    known = ConsultationFacts(information_delivered_on=start)
    limit = deadline(known)
    assert limit.act_from is not None
    decided = limit.act_from + dt.timedelta(days=offset)
    found = irregularities(DialogueFacts(clock=known, limit=limit, decided_on=decided), decided)
    assert [row.code for row in found] == (["decision_too_early"] if offset < 0 else [])
    answered = DialogueFacts(clock=known, limit=limit, opinion_on=start, response_days=days)
    last = start + dt.timedelta(days=days)
    assert irregularities(answered, last) == []
    (late,) = irregularities(answered, last + dt.timedelta(days=1))
    assert (late.code, late.since) == ("response_missing", last + dt.timedelta(days=1))
    assert irregularities(replace(answered, response_on=last), last + dt.timedelta(days=9)) == []


def test_discretion_needs_both_and_a_closed_level_its_notice() -> None:
    assert [binds_to_discretion(by_nature=a, presented=b) for a in (True, False) for b in (True, False)] == [
        True,
        False,
        False,
        False,
    ]
    closed = {level: is_closed(level) for level in ("public", "network", "active", "core", "board", "restricted")}
    assert [level for level, value in closed.items() if value] == ["core", "board", "restricted"]
    assert (is_late(START, START), is_late(day(3), START), is_late(None, START), is_late(day(3), None)) == (
        False,
        True,
        False,
        False,
    )


@pytest.mark.parametrize("wrong", [0, -1, 1001, True, "30", 2.5, None])
def test_a_setting_that_is_no_whole_number_counts_for_nothing_and_is_refused(wrong: Any) -> None:
    assert adjusted({"cse_response_days": wrong}, "cse_response_days") == 30
    (found,) = cooperation_settings.violations({"cse_response_days": wrong})
    assert (found.code, found.pointer) == ("invalid", "/settings/cse_response_days")
    assert adjusted({"cse_response_days": 45}, "cse_response_days") == 45
    assert list(cooperation_settings.violations({"cse_response_days": 1, "group_silence_months": 1000})) == []
