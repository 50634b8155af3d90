"""A red requires a recorded reading, and a decision that somebody carries out."""

from datetime import date

import pytest

from milestones.rules.evaluation import Status
from milestones.rules.readings import EvaluatedItem, GapReading, closing_violations, reading_violations

TODAY = date(2026, 11, 22)
COMPLETE = {"cause": "Le formateur est parti.", "decision": "accept", "owner": "ana", "due_on": date(2026, 12, 15)}


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"due_on": TODAY}, []),
        ({"cause": "  "}, [("cause_missing", "/cause")]),
        ({"decision": None}, [("decision_missing", "/decision")]),
        ({"decision": "wait"}, [("unknown_choice", "/decision")]),
        ({"owner": None}, [("owner_missing", "/owner")]),
        ({"due_on": None}, [("due_date_missing", "/due_on")]),
        ({"due_on": date(2026, 11, 21)}, [("due_date_past", "/due_on")]),
        ({"cause": "", "decision": None, "owner": "", "due_on": None},
         [("cause_missing", "/cause"), ("decision_missing", "/decision"), ("owner_missing", "/owner"),
          ("due_date_missing", "/due_on")]),
    ],
)  # fmt: skip
def test_a_reading_names_its_cause_decision_owner_and_due_date(changes, found):
    violations = reading_violations(GapReading(**(COMPLETE | changes)), recorded_on=TODAY)

    assert [(violation.code, violation.pointer) for violation in violations] == found


@pytest.mark.parametrize(
    ("status", "found"), [(status, ["red_without_reading"] if status is Status.RED else []) for status in Status]
)
def test_only_a_red_blocks_the_closing_without_a_reading(status, found):
    assert [violation.code for violation in closing_violations([EvaluatedItem("trained", status)])] == found


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"decision": "stop"}, []),
        ({"decision": "correct"}, [("corrective_action_missing", "/items/1")]),
        ({"decision": "correct", "corrective_actions": 1}, []),
        ({"decision": "retarget"}, [("new_target_missing", "/items/1")]),
        ({"decision": "retarget", "retargeted": True}, []),
        ({"owner": None}, [("owner_missing", "/items/1/reading/owner")]),
        ({"due_on": date(2020, 1, 1)}, []),
    ],
)
def test_a_red_is_closed_when_its_decision_is_carried_by_something(changes, found):
    items = [
        EvaluatedItem("hours", Status.GREEN),
        EvaluatedItem("trained", Status.RED, GapReading(**(COMPLETE | changes))),
    ]

    assert [(v.code, v.pointer) for v in closing_violations(items)] == found


def test_every_red_is_named_at_once():
    items = [EvaluatedItem(ref, Status.RED) for ref in ("hours", "trained")]

    assert [(v.pointer, str(v.detail)) for v in closing_violations(items)] == [
        ("/items/0", "Un écart rouge attend sa lecture : hours."),
        ("/items/1", "Un écart rouge attend sa lecture : trained."),
    ]
