"""What the database itself refuses of delegations, votes, options, reviews and circuits, each by its name."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError
from django.db.models import F

from coopproject.models import new_id
from governance.models import Decision, DecisionOption, OutcomeReview
from tests.cast import Cast
from tests.governance import factories

DAY = dt.timedelta(days=1)
type Rows = dict[str, Any]


@pytest.fixture
def rows(cast: Cast) -> Rows:
    """A valid row of each table."""
    submitted = factories.decision(cast, cast.gamma)
    taken = factories.decision(
        cast, cast.gamma, state="taken", taken_on=cast.today - 3 * DAY, requirements_at_taking=[], amount="1.00"
    )
    option = DecisionOption.objects.create(cooperation=cast.cooperation, decision=taken, position=1, title="Acheter")
    return {
        "submitted": submitted,
        "taken": taken,
        "option": option,
        "vote": factories.board_vote(cast, submitted, cast.gamma),
        "rule": factories.assembly_rule(cast),
        "delegation": factories.delegation(cast),
        "circuit": factories.circuit(cast),
        "review": OutcomeReview.objects.create(
            cooperation=cast.cooperation, decision=taken, held_on=cast.today, obtained="Peu", conclusion="abandoned"
        ),
    }


@pytest.mark.parametrize(
    ("name", "row", "wrong"),
    [
        ("governance_decision_amount_not_negative", "submitted", {"amount": "-0.01"}),
        ("governance_decision_of_coordination_says_its_amount", "submitted", {"decided_by": "coordination"}),
        ("governance_decision_chosen_by_taking", "submitted", {"rejected": True}),
        ("governance_decision_chosen_by_taking", "submitted", {"minutes_reference": "PV 1"}),
        ("governance_decision_reviewed_while_in_force", "submitted", {"review_on": dt.date(2099, 1, 1)}),
        ("governance_decision_reviewed_while_in_force", "taken", {"review_on": F("taken_on")}),
        (
            "governance_decision_reviewed_while_in_force",
            "taken",
            {"review_on": F("taken_on") + DAY, "out_of_force_on": F("taken_on")},
        ),
        ("governance_decision_out_of_force_after_taken", "taken", {"out_of_force_on": F("taken_on") - DAY}),
        ("governance_decision_out_of_force_after_taken", "submitted", {"out_of_force_on": dt.date(2099, 1, 1)}),
        (
            "governance_decision_superseded_from_a_day",
            "taken",
            {"superseded_by": F("pk"), "out_of_force_on": F("taken_on")},
        ),
        ("governance_option_cost_not_negative", "option", {"estimated_cost": "-0.01"}),
        ("governance_decision_vote_by_one_organ", "vote", {"board": None}),
        ("governance_decision_vote_by_one_organ", "vote", {"voting_rule": None}),
        ("governance_decision_vote_no_more_than_in_office", "vote", {"in_office": 5}),
        ("governance_decision_vote_no_more_votes_than_voters", "vote", {"votes_blank": 1}),
        ("governance_decision_vote_irregular_says_why", "vote", {"irregular": True}),
        ("governance_decision_vote_irregular_says_why", "vote", {"irregular_codes": ["x"]}),
        ("governance_decision_vote_ratified_as_a_whole", "vote", {"ratified_on": F("held_on")}),
        (
            "governance_decision_vote_ratified_as_a_whole",
            "vote",
            {
                "irregular": True,
                "irregular_codes": ["x"],
                "ratified_on": F("held_on") - DAY,
                "ratified_reference": "PV",
                "ratified_reason": "x",
            },
        ),
        ("governance_delegation_ends_after_it_starts", "delegation", {"until": F("since") - DAY}),
        ("governance_delegation_has_a_ceiling", "delegation", {"ceiling": "-0.01"}),
        ("governance_delegation_has_a_ceiling", "delegation", {"total_ceiling": "999.99"}),
        ("governance_delegation_names_its_act", "delegation", {"reference": ""}),
        ("governance_delegation_revoked_says_why", "delegation", {"revoked_on": F("since")}),
        ("governance_delegation_revoked_says_why", "delegation", {"revoked_reason": "x"}),
        ("governance_circuit_ceiling_is_of_coordination", "circuit", {"decided_by": "assembly"}),
        ("governance_circuit_ceiling_is_of_coordination", "circuit", {"ceiling": "-0.01"}),
        ("governance_review_is_followed_later", "review", {"conclusion": "kept", "next_review_on": F("held_on")}),
        (
            "governance_review_of_what_is_abandoned_is_the_last",
            "review",
            {"next_review_on": F("held_on") + DAY},
        ),
    ],
)
def test_a_row_with_one_thing_wrong_is_refused(rows: Rows, name: str, row: str, wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=name):
        type(rows[row]).objects.filter(pk=rows[row].pk).update(**wrong)


def test_a_refusal_chooses_no_option(rows: Rows) -> None:
    chosen = Decision.objects.filter(pk=rows["taken"].pk)
    assert chosen.update(chosen_option=rows["option"]) == 1
    with pytest.raises(IntegrityError, match="governance_decision_rejected_chooses_nothing"):
        chosen.update(rejected=True)


@pytest.mark.parametrize(
    ("name", "row"),
    [
        ("governance_one_option_per_position", "option"),
        ("governance_one_assembly_rule_per_day", "rule"),
        ("governance_one_circuit_per_subject_and_day", "circuit"),
    ],
)
def test_a_second_row_that_says_the_same_is_refused(rows: Rows, name: str, row: str) -> None:
    first = rows[row]
    values = {field.attname: getattr(first, field.attname) for field in first._meta.concrete_fields}
    with pytest.raises(IntegrityError, match=name):
        type(first)(**(values | {"id": new_id()})).save(force_insert=True)
