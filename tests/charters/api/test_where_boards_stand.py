"""At each step the API tells why a text is not in force yet, what waits for whom, and whom a reminder will reach."""

import datetime as dt
from typing import Any

import pytest

from charters import reminders, vital_signs
from charters.models import CharterVersion
from coopproject import wording
from governance.models import Organisation, Person
from governance.vital_signs import examine
from governance.waiting import waiting_for
from tests.cast import Cast
from tests.charters.factories import NO_QUORUM, REJECTED, actor_of, make_submitted, vote
from tests.charters.live import LiveVote, with_rule
from tests.clock import set_clock
from tests.governance.factories import decision


def party(cast: Cast, version: CharterVersion, organisation: Organisation) -> dict[str, Any]:
    found = cast.api(cast.observer).get(f"/api/v1/charter-versions/{version.pk}/entry/").json()["parties"]
    row: dict[str, Any] = next(row for row in found if row["organisation"] == str(organisation.pk))
    return row


def told(cast: Cast, who: Person, on: dt.date | None = None) -> list[tuple[str, str]]:
    return [(item.code, str(item.id)) for item in waiting_for(actor_of(who), on=on or cast.today)]


def reminded(cast: Cast, on: dt.date | None = None) -> list[tuple[Any, Any, dt.date]]:
    found = reminders.expected(cast.cooperation, on or cast.today)
    gamma = {cast.chair_gamma.pk} | {role.person_id for role in cast.gamma.roles.all()}
    return [(item.subject_id, item.recipient_id, item.due_on) for item in found if item.recipient_id in gamma]


def test_from_the_convocation_to_the_close(cast: Cast) -> None:
    version = make_submitted(cast)
    assert party(cast, version, cast.gamma)["deliberation"] is None
    day = cast.today + dt.timedelta(days=5)
    live = LiveVote(cast, version, others=4, held_on=day.isoformat())
    found = party(cast, version, cast.gamma)
    assert (found["waits_for"], found["deliberation"]["id"]) == ("board_convened", live.id)
    assert str(wording.day(day)) in found["detail"]
    # The meeting is what is awaited: nobody is asked to put the text on an agenda any more.
    assert told(cast, live.chair) == []
    assert {(subject, due) for subject, _who, due in reminded(cast)} == {(live.row.pk, day)}
    assert {who for _subject, who, _due in reminded(cast)} == {person.pk for person in live.board}

    set_clock(day)
    assert told(cast, live.chair, day) == [("vote_to_open", live.id)]
    assert told(cast, live.board[1], day) == []
    live.open()
    found = party(cast, version, cast.gamma)
    assert (found["waits_for"], found["since"]) == ("vote_open", day.isoformat())
    assert [told(cast, person, day) for person in live.board] == [[("vote_expected", live.id)]] * 5
    assert reminded(cast, day) == [(live.row.pk, live.chair.pk, day)]
    live.cast_all("for", "for", "for", "for")
    live.ok(live.board[4], "recuse", reason="Salarié")
    assert told(cast, live.board[1], day) == []
    assert told(cast, live.chair, day) == [("vote_to_close", live.id)]
    live.close()
    assert party(cast, version, cast.gamma)["status"] == "approved"
    assert told(cast, live.chair, day) == []


def test_an_open_vote_is_to_be_closed_once_its_day_is_over(cast: Cast) -> None:
    live = LiveVote(cast, make_submitted(cast))
    live.open()
    assert ("vote_to_close", live.id) not in told(cast, live.chair)
    assert ("vote_to_close", live.id) in told(cast, live.chair, cast.today + dt.timedelta(days=1))


def test_without_quorum_the_board_is_asked_to_meet_again_and_from_when(cast: Cast) -> None:
    version = make_submitted(cast)
    void = vote(cast, version, cast.gamma, NO_QUORUM)
    found = party(cast, version, cast.gamma)
    again = cast.today + dt.timedelta(days=8)
    assert (found["waits_for"], found["deliberation"]["call_again_from"]) == ("no_quorum", again.isoformat())
    assert str(wording.day(again)) in found["detail"]
    assert told(cast, cast.chair_gamma) == [("vote_to_call_again", str(void.pk))]
    set_clock(again)
    LiveVote(cast, version, others=0, follows=str(void.pk), held_on=again.isoformat())
    assert party(cast, version, cast.gamma)["waits_for"] == "board_convened"


def test_where_no_second_call_is_allowed_no_day_is_told(cast: Cast) -> None:
    with_rule(cast.gamma, second_call={"allowed": False})
    version = make_submitted(cast)
    vote(cast, version, cast.gamma, NO_QUORUM)
    found = party(cast, version, cast.gamma)
    assert (found["waits_for"], found["deliberation"]["call_again_from"]) == ("no_quorum", None)


def test_a_vote_held_too_early_is_told_to_everybody_concerned(cast: Cast) -> None:
    version = make_submitted(cast, decision=decision(cast, cast.alpha))
    early = vote(cast, version, cast.alpha)
    assert early.irregular
    found = party(cast, version, cast.alpha)
    assert (found["status"], found["waits_for"], found["deliberation"]["irregular"]) == (
        "pending",
        "irregular_vote",
        True,
    )
    assert told(cast, cast.chair_alpha) == [("vote_to_regularise", str(early.pk))]
    assert told(cast, cast.member_alpha) == [("vote_to_regularise", str(early.pk))]

    def irregular(who: Person) -> list[str]:
        found = examine(cast.cooperation, actor=actor_of(who), on=cast.today)
        return [str(sign.why) for sign in found if sign.code == "charter_vote_irregular"]

    assert "consultation_missing" in irregular(cast.coordinator)[0]
    assert irregular(cast.funder)
    assert "consultation_missing" not in irregular(cast.funder)[0]
    assert "charter_vote_irregular" in vital_signs.CODES


def test_a_refusal_stays_one_while_the_board_meets_again(cast: Cast) -> None:
    version = make_submitted(cast)
    vote(cast, version, cast.gamma, REJECTED)
    assert party(cast, version, cast.gamma)["deliberation"] is None
    live = LiveVote(cast, version)
    found = party(cast, version, cast.gamma)
    assert (found["waits_for"], found["deliberation"]["id"]) == ("rejected_by_own_board", live.id)


@pytest.mark.parametrize("who", ["chair_beta", "coordinator", "stranger", "yesterday_chair_alpha"])
def test_nobody_else_is_asked_to_vote(cast: Cast, who: str) -> None:
    live = LiveVote(cast, make_submitted(cast))
    live.open()
    assert "vote_expected" not in [code for code, _id in told(cast, cast.everyone[who])]
