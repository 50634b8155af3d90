"""The gate stands before the vote: minutes of a vote held too early are kept, and count for nothing until ratified."""

import datetime as dt
from typing import Any

import pytest

from charters.models import Approval, BoardDeliberation, Regularisation
from governance.models import JournalEntry
from tests.cast import Cast
from tests.charters.factories import (
    ADOPTED,
    NO_QUORUM,
    REJECTED,
    make_charter,
    make_submitted,
    minutes,
)
from tests.clock import set_clock
from tests.governance.factories import consultation, decision
from tests.requests import act, codes, pointers

URL = "/api/v1/board-deliberations/"
ONE_APPROVES = {"kind": "n_of_m", "n": 1}


class Early:
    """Alpha voted a text whose decision its works council had still to be consulted on."""

    def __init__(self, cast: Cast, figures: dict[str, Any] = ADOPTED, **fields: Any) -> None:
        self.cast, self.decision = cast, decision(cast, cast.alpha)
        self.version = make_submitted(cast, decision=self.decision, **fields)
        self.client = cast.api(cast.chair_alpha)
        self.response = self.record(figures)

    def record(self, figures: dict[str, Any] = ADOPTED, **fields: Any) -> Any:
        return act(self.client, URL, {**minutes(self.version, self.cast.alpha, self.cast.today), **figures, **fields})

    @property
    def id(self) -> str:
        found: str = self.response.json()["id"]
        return found

    def consulted(self) -> dt.date:
        """The council was informed today, and its time has run out: the day from which nothing is held back."""
        consultation(
            self.cast,
            self.decision,
            information_delivered_on=self.cast.today,
            information_complete=True,
            state="information_sent",
        )
        day = self.cast.today + dt.timedelta(days=45)
        set_clock(day)
        return day

    def regularise(self, day: dt.date, **fields: Any) -> Any:
        body = {
            "ratified_on": day.isoformat(),
            "minutes_reference": "PV de ratification",
            "reason": "Le conseil confirme son vote, après l’avis du CSE.",
            **fields,
        }
        return act(self.client, f"{URL}{self.id}/regularise/", body)


def everything() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (BoardDeliberation, Regularisation, Approval, JournalEntry))


def test_the_board_of_the_employer_concerned_came_too_early_and_the_others_did_not(cast: Cast) -> None:
    early = Early(cast)
    assert early.response.status_code == 201, early.response.content
    body = early.response.json()
    assert (body["result"], body["irregular"], body["irregular_codes"]) == (
        "adopted",
        True,
        ["consultation_missing"],
    )
    assert not Approval.objects.exists()
    beta = act(cast.api(cast.chair_beta), URL, minutes(early.version, cast.beta, cast.today))
    assert (beta.status_code, beta.json()["irregular"]) == (201, False)


def test_an_irregular_vote_puts_nothing_in_force_and_does_not_stand_in_the_way_of_another(cast: Cast) -> None:
    early = Early(cast, charter=make_charter(cast, entry_rule=ONE_APPROVES))
    early.version.refresh_from_db()
    assert early.version.state == "submitted"
    day = early.consulted()
    again = early.record(held_on=day.isoformat())
    assert (again.status_code, again.json()["irregular"]) == (201, False)
    early.version.refresh_from_db()
    assert (early.version.state, early.version.in_force_on) == ("in_force", day)
    refused = early.regularise(day)
    assert codes(refused) == {"later_vote_counts", "already_approved"}


def test_what_was_voted_while_the_delay_ran_is_irregular_whenever_it_is_recorded(cast: Cast) -> None:
    early = Early(cast)
    early.consulted()
    held_on = (cast.today + dt.timedelta(days=5)).isoformat()
    found = early.record(held_on=held_on).json()
    assert (found["irregular"], found["irregular_codes"]) == (True, ["decision_before_consultation"])


def test_ratified_once_nothing_holds_it_back_it_approves_from_that_day(cast: Cast) -> None:
    early = Early(cast, charter=make_charter(cast, entry_rule=ONE_APPROVES))
    day = early.consulted()
    response = early.regularise(day)
    assert response.status_code == 200, response.content
    found = response.json()
    assert found["regularisation"]["minutes_reference"] == "PV de ratification"
    assert (found["irregular"], found["regularisation"]["capacity"]) == (True, "board_chair")
    assert Approval.objects.get().approved_on == day
    early.version.refresh_from_db()
    assert (early.version.state, early.version.in_force_on) == ("in_force", day)
    before = everything()
    assert codes(early.regularise(day)) >= {"already_regularised"}
    assert everything() == before


def test_while_the_gate_is_closed_nothing_is_ratified(cast: Cast) -> None:
    early = Early(cast)
    before = everything()
    response = early.regularise(cast.today)
    assert (response.status_code, codes(response)) == (409, {"consultation_missing"})
    day = early.consulted()
    during = early.regularise(day - dt.timedelta(days=40))
    assert (during.status_code, codes(during)) == (409, {"decision_before_consultation"})
    assert everything() == before


def test_a_ratification_has_its_day_between_the_vote_and_today(cast: Cast) -> None:
    early = Early(cast)
    day = early.consulted()
    before = everything()
    tomorrow, yesterday = day + dt.timedelta(days=1), cast.today - dt.timedelta(days=1)
    for wrong, code in ((tomorrow, "in_the_future"), (yesterday, "before_the_vote")):
        response = early.regularise(wrong)
        assert (response.status_code, codes(response), pointers(response)) == (400, {code}, {"/ratified_on"})
    assert everything() == before


def test_only_an_irregular_vote_that_settled_something_is_ratified(cast: Cast) -> None:
    void = Early(cast, NO_QUORUM)
    day = void.consulted()
    assert codes(void.regularise(day)) == {"nothing_to_regularise"}
    void.response = void.record(held_on=day.isoformat())
    assert codes(void.regularise(day)) == {"nothing_to_regularise", "already_approved"}


def test_a_refusal_that_came_too_early_counts_as_a_refusal_once_ratified(cast: Cast) -> None:
    early = Early(cast, REJECTED)
    entry = f"/api/v1/charter-versions/{early.version.pk}/entry/"

    def waits() -> Any:
        parties = early.client.get(entry).json()["parties"]
        return next(row["waits_for"] for row in parties if row["organisation"] == str(cast.alpha.pk))

    assert waits() == "irregular_vote"
    assert early.regularise(early.consulted()).status_code == 200
    assert waits() == "rejected_by_own_board"
    assert not Approval.objects.exists()


@pytest.mark.parametrize(
    ("who", "status"),
    [("member_alpha", 200), ("director_alpha", 403), ("coordinator", 403), ("chair_beta", 403), ("former_chair", 404)],
)
def test_only_the_board_itself_ratifies(cast: Cast, who: str, status: int) -> None:
    early = Early(cast)
    day = early.consulted()
    early.client = cast.api(cast.everyone[who])
    assert early.regularise(day).status_code == status
    assert Regularisation.objects.exists() == (status == 200)


def test_what_is_refused_for_another_reason_is_refused_still(cast: Cast) -> None:
    early = Early(cast)
    before = everything()
    response = early.record(content_hash="0" * 64)
    assert (response.status_code, codes(response)) == (409, {"hash_mismatch"})
    response = early.record(present=12)
    assert response.status_code == 400
    assert everything() == before


def test_why_it_is_irregular_is_told_to_who_may_know_of_the_decision(cast: Cast) -> None:
    early = Early(cast)
    for who, told in (("chair_gamma", ["consultation_missing"]), ("chair_delta", []), ("funder", [])):
        found = cast.api(cast.everyone[who]).get(f"{URL}{early.id}/").json()
        assert (found["irregular"], found["irregular_codes"]) == (True, told)
    entries = JournalEntry.objects.filter(object_id=early.id)
    assert "consultation_missing" not in " ".join(str(entry.payload) for entry in entries)


def test_the_vote_is_admitted_from_the_day_when_the_consultation_is_over(cast: Cast) -> None:
    early = Early(cast)
    day = early.consulted()
    found = early.record(held_on=day.isoformat()).json()
    assert (found["irregular"], found["result"]) == (False, "adopted")
