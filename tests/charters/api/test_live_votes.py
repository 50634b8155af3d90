"""The life of a live vote through the API: convened, open, cast, closed; and every refusal on the way."""

import datetime as dt
from typing import Any

import pytest

from charters import services
from charters.models import Approval, Ballot, BoardDeliberation, CharterVersion, Elector, Urn
from governance.enums import RoleKind
from governance.models import Board, CircleStay, JournalEntry, Role, VotingRule
from tests.cast import Cast
from tests.charters.factories import (
    ADOPTED,
    NO_QUORUM,
    actor_of,
    make_charter,
    make_draft,
    make_submitted,
    minutes,
    vote,
)
from tests.charters.live import ANY_PROXY, URL, LiveVote, convening, directors, with_rule
from tests.clock import set_clock
from tests.governance.factories import consultation, decision
from tests.requests import act, codes, pointers

ONE_APPROVES: dict[str, Any] = {"kind": "n_of_m", "n": 1}


def everything() -> tuple[int, ...]:
    """What a refusal must leave as it was."""
    versions = sum(BoardDeliberation.objects.order_by().values_list("version", flat=True))
    counts = [model.objects.count() for model in (BoardDeliberation, Elector, Ballot, Approval, JournalEntry)]
    return (versions, *counts)


def refused(live: LiveVote, who: Any, name: str, *expected: str, status: int = 409, **body: Any) -> Any:
    before, state = everything(), live.row.state
    response = live.do(who, name, **body)
    assert response.status_code == status, response.content
    if expected:
        assert codes(response) == set(expected)
    assert (everything(), live.row.state) == (before, state)
    return response


class TestConvening:
    def test_a_board_is_convened_on_the_frozen_text_and_nothing_is_counted_yet(self, cast: Cast) -> None:
        live = LiveVote(cast, make_submitted(cast), ballot="secret")
        found = live.seen_by(cast.observer)
        assert (found["mode"], found["state"], found["ballot"]) == ("live", "convened", "secret")
        assert (found["result"], found["votes_for"], found["in_office"], found["voting_rule"]) == ("", None, None, None)
        assert found["electors"] == found["ballots"] == []

    def test_figures_belong_to_minutes_and_a_ballot_to_a_vote_held_here(self, cast: Cast) -> None:
        version = make_submitted(cast)
        client = cast.api(cast.chair_gamma)
        live = act(client, URL, convening(cast, version, cast.gamma, present=4))
        assert (live.status_code, codes(live), pointers(live)) == (400, {"not_applicable"}, {"/present"})
        body = convening(cast, version, cast.gamma)
        del body["ballot"]
        without = act(client, URL, body)
        assert (without.status_code, pointers(without)) == (400, {"/ballot"})
        recorded = act(client, URL, minutes(version, cast.gamma, cast.today, ballot="named"))
        assert (recorded.status_code, pointers(recorded)) == (400, {"/ballot"})
        assert not BoardDeliberation.objects.exists()

    @pytest.mark.parametrize("who", ["coordinator", "director_alpha", "chair_beta", "employees_alpha"])
    def test_nobody_convenes_the_board_of_another(self, cast: Cast, who: str) -> None:
        version = make_submitted(cast)
        response = act(cast.api(cast.everyone[who]), URL, convening(cast, version, cast.gamma))
        assert response.status_code == 403
        assert not BoardDeliberation.objects.exists()

    def test_for_a_day_that_is_over_it_is_not_convened(self, cast: Cast) -> None:
        version = make_submitted(cast)
        yesterday = (cast.today - dt.timedelta(days=1)).isoformat()
        response = act(cast.api(cast.chair_gamma), URL, convening(cast, version, cast.gamma, held_on=yesterday))
        assert (response.status_code, codes(response)) == (400, {"in_the_past"})

    def test_every_reason_why_it_could_not_vote_is_said_at_once(self, cast: Cast) -> None:
        version = make_submitted(cast)
        vote(cast, version, cast.gamma)
        response = act(cast.api(cast.chair_gamma), URL, convening(cast, version, cast.gamma, content_hash="0" * 64))
        assert (response.status_code, codes(response)) == (409, {"hash_mismatch", "already_approved"})
        draft = make_draft(cast, charter=make_charter(cast, title="Autre"))
        body = convening(cast, draft, cast.gamma, content_hash="0" * 64)
        assert codes(act(cast.api(cast.chair_gamma), URL, body)) == {"wrong_state"}

    def test_a_board_deliberates_once_at_a_time_on_a_text(self, cast: Cast) -> None:
        version = make_submitted(cast)
        live = LiveVote(cast, version)
        client = cast.api(cast.chair_gamma)
        again = act(client, URL, convening(cast, version, cast.gamma))
        typed = act(client, URL, minutes(version, cast.gamma, cast.today))
        assert codes(again) == codes(typed) == {"deliberation_pending"}
        live.ok(live.chair, "cancel", reason="Salle fermée")
        assert act(client, URL, convening(cast, version, cast.gamma)).status_code == 201


class TestOpening:
    def test_the_rule_the_seats_and_the_electorate_are_frozen(self, cast: Cast) -> None:
        live = LiveVote(cast, make_submitted(cast), others=2)
        found = live.open()
        assert (found["state"], found["in_office"], found["opened_on"]) == ("open", 9, cast.today.isoformat())
        assert {row["person"]: row["chair"] for row in found["electors"]} == {
            str(person.pk): person == live.chair for person in live.board
        }
        Board.objects.filter(organisation=cast.gamma).update(seats_in_office=3)
        late = directors(cast, cast.gamma, 1)[0]
        refused(live, late, "cast", "not_an_elector", choice="for")
        # Whoever chairs could else take a vote away in the middle of it.
        Role.objects.filter(person=live.board[1]).update(until=cast.today - dt.timedelta(days=1))
        live.ok(live.board[1], "cast", choice="for")
        assert live.close()["in_office"] == 9

    def test_who_left_the_board_before_has_no_vote_and_sees_nothing(self, cast: Cast) -> None:
        live = LiveVote(cast, make_submitted(cast), others=2)
        Role.objects.filter(person=live.board[1]).update(until=cast.today - dt.timedelta(days=1))
        live.open()
        refused(live, live.board[1], "cast", status=404, choice="for")
        Role.objects.filter(person=live.board[2]).update(kind=RoleKind.DIRECTOR)
        live.ok(live.board[2], "cast", choice="for")

    def test_a_vote_opens_on_its_day_not_before(self, cast: Cast) -> None:
        day = cast.today + dt.timedelta(days=3)
        live = LiveVote(cast, make_submitted(cast), held_on=day.isoformat())
        refused(live, live.chair, "open", "before_its_day")
        set_clock(day + dt.timedelta(days=1))
        assert live.open()["held_on"] == (day + dt.timedelta(days=1)).isoformat()

    def test_more_people_than_seats_is_refused_and_so_is_nobody(self, cast: Cast) -> None:
        live = LiveVote(cast, make_submitted(cast), others=2)
        Board.objects.filter(organisation=cast.gamma).update(seats_in_office=2)
        refused(live, live.chair, "open", "more_electors_than_seats")
        Role.objects.filter(organisation=cast.gamma).exclude(person=live.chair).delete()
        Role.objects.filter(person=live.chair).update(since=cast.today + dt.timedelta(days=1))
        refused(live, live.chair, "open", status=404)

    def test_without_statutes_or_with_consent_by_secret_ballot_it_is_not_opened(self, cast: Cast) -> None:
        version = make_submitted(cast)
        live = LiveVote(cast, version, ballot="secret", others=1)
        with_rule(cast.gamma, majority={"kind": "consent"})
        refused(live, live.chair, "open", "consent_is_not_secret")
        VotingRule.objects.filter(board__organisation=cast.gamma).update(definition={})
        refused(live, live.chair, "open", "voting_rule_unusable")
        VotingRule.objects.filter(board__organisation=cast.gamma).delete()
        refused(live, live.chair, "open", "voting_rule_missing")

    def test_a_closed_gate_keeps_the_vote_closed_until_the_consultation_is_over(self, cast: Cast) -> None:
        of = decision(cast, cast.alpha)
        version = make_submitted(cast, decision=of)
        client = cast.api(cast.chair_alpha)
        made = act(client, URL, convening(cast, version, cast.alpha)).json()
        response = act(client, f"{URL}{made['id']}/open/")
        assert (response.status_code, codes(response)) == (409, {"consultation_missing"})
        assert not Elector.objects.exists()
        consultation(cast, of, information_delivered_on=cast.today, information_complete=True, state="information_sent")
        set_clock(cast.today + dt.timedelta(days=45))
        assert act(client, f"{URL}{made['id']}/open/").status_code == 200

    def test_only_who_leads_the_session_opens_and_closes_it(self, cast: Cast) -> None:
        live = LiveVote(cast, make_submitted(cast))
        refused(live, live.board[1], "open", status=403)
        refused(live, cast.chair_beta, "open", status=403)
        live.open()
        refused(live, live.board[1], "close", status=403)
        refused(live, cast.coordinator, "cancel", status=403, reason="Non")

    def test_a_member_who_convened_leads_where_the_chair_cannot(self, cast: Cast) -> None:
        version = make_submitted(cast)
        member = directors(cast, cast.gamma, 1)[0]
        made = act(cast.api(member), URL, convening(cast, version, cast.gamma)).json()
        assert act(cast.api(member), f"{URL}{made['id']}/open/").status_code == 200

    def test_opening_and_closing_ask_for_the_version_that_was_read(self, cast: Cast) -> None:
        live = LiveVote(cast, make_submitted(cast))
        read = live.seen_by(live.chair)["version"]
        live.ok(live.chair, "declare-proxy", holder=str(live.board[1].pk), written=True)
        refused(live, live.chair, "open", status=412, **{"If-Match": f'"{read}"'})
        assert live.open()["state"] == "open"


class TestCasting:
    def test_a_named_vote_is_counted_at_the_close_and_read_after_it(self, cast: Cast) -> None:
        version = make_submitted(cast, charter=make_charter(cast, entry_rule=ONE_APPROVES))
        live = LiveVote(cast, version)
        live.open()
        live.cast_all("for", "for", "for", "against", "abstention")
        found = live.close(minutes_reference="PV 12")
        assert (found["state"], found["result"], found["explanation"]) == ("closed", "adopted", "3 pour > 1 contre")
        assert (found["present"], found["votes_for"], found["votes_against"], found["votes_abstain"]) == (5, 3, 1, 1)
        assert {row["elector"]: row["choice"] for row in found["ballots"]} == {
            str(person.pk): choice
            for person, choice in zip(live.board, ("for", "for", "for", "against", "abstention"), strict=False)
        }
        assert live.seen_by(cast.observer)["ballots"] == found["ballots"]
        version.refresh_from_db()
        assert version.state == "in_force"
        assert Approval.objects.get().deliberation_id == live.row.pk

    def test_a_vote_is_cast_once_and_never_changed(self, cast: Cast) -> None:
        live = LiveVote(cast, make_submitted(cast))
        live.open()
        live.ok(live.board[1], "cast", choice="for", **{"Idempotency-Key": "one-key-123"})
        again = live.do(live.board[1], "cast", choice="for", **{"Idempotency-Key": "one-key-123"})
        assert (again.status_code, again.headers["Idempotency-Replayed"]) == (200, "true")
        other = live.do(live.board[1], "cast", choice="against", **{"Idempotency-Key": "one-key-123"})
        assert other.status_code == 422
        refused(live, live.board[1], "cast", "already_voted", choice="against")
        assert Ballot.objects.get().choice == "for"

    @pytest.mark.parametrize("state", ["convened", "closed", "cancelled"])
    @pytest.mark.parametrize(
        ("name", "body"),
        [
            ("cast", {"choice": "for"}),
            ("attend", {}),
            ("recuse", {"reason": "Salarié"}),
            ("lift-objection", {}),
            ("close", {}),
        ],
    )
    def test_outside_an_open_vote_nobody_takes_part(
        self, cast: Cast, state: str, name: str, body: dict[str, Any]
    ) -> None:
        live = LiveVote(cast, make_submitted(cast))
        if state == "closed":
            live.open()
            live.close()
        if state == "cancelled":
            live.ok(live.chair, "cancel", reason="Non")
        refused(live, live.chair, name, "wrong_state", **body)

    @pytest.mark.parametrize("who", ["chair_alpha", "coordinator", "director_beta", "observer"])
    def test_nobody_but_the_board_votes(self, cast: Cast, who: str) -> None:
        live = LiveVote(cast, make_submitted(cast))
        live.open()
        refused(live, cast.everyone[who], "cast", status=403, choice="for")

    def test_who_attends_without_voting_abstains(self, cast: Cast) -> None:
        live = LiveVote(cast, make_submitted(cast))
        live.open()
        live.cast_all("for", "for", "for", "for")
        live.ok(live.board[5], "attend")
        found = live.close()
        assert (found["present"], found["votes_for"], found["votes_abstain"]) == (5, 4, 1)

    def test_at_a_distance_only_where_the_statutes_admit_it(self, cast: Cast) -> None:
        live = LiveVote(cast, make_submitted(cast))
        live.open()
        for name, body in (("cast", {"choice": "for"}), ("attend", {})):
            refused(live, live.board[1], name, "remote_not_allowed", remote=True, **body)
        with_rule(cast.gamma, remote={"allowed": True, "kind": "electronic"})
        second = LiveVote(cast, make_submitted(cast, charter=make_charter(cast, title="Autre")), others=0)
        second.open()
        for person in live.board[1:]:
            second.ok(person, "cast", choice="for", remote=True)
        found = second.close()
        assert (found["present"], found["remote"], found["remote_kind"]) == (5, 5, "electronic")


class TestRecusal:
    def test_who_steps_aside_leaves_the_base_and_nobody_votes_for_them(self, cast: Cast) -> None:
        with_rule(
            cast.gamma,
            majority={"kind": "absolute", "base": "present"},
            abstention="counts_in_base",
            recusal={"removes_from": "base"},
        )
        live = LiveVote(cast, make_submitted(cast))
        live.open()
        live.cast_all("for", "for", "for", "against", "against")
        live.ok(live.board[5], "recuse", reason="Mon conjoint y travaille")
        refused(live, live.board[5], "cast", "recused", choice="against")
        found = live.close()
        assert (found["present"], found["recused"], found["result"]) == (6, 1, "adopted")
        assert found["explanation"] == "3 pour > 2 1/2 (1/2 × 5 présents)"
        recused = next(row for row in found["electors"] if row["recused"])
        assert recused["recusal_reason"] == "Mon conjoint y travaille"

    def test_the_chair_records_the_recusal_of_another_but_a_member_does_not(self, cast: Cast) -> None:
        live = LiveVote(cast, make_submitted(cast))
        live.open()
        other = str(live.board[2].pk)
        refused(live, live.board[1], "recuse", status=403, elector=other, reason="Intérêt")
        live.ok(live.chair, "recuse", elector=other, reason="Intérêt")
        refused(live, live.board[2], "recuse", "already_recused", reason="Intérêt")
        live.ok(live.board[1], "cast", choice="for")
        refused(live, live.board[1], "recuse", "already_voted", reason="Trop tard")
        # Absent, they are no more present for having been put aside.
        assert (live.close()["present"], live.row.recused) == (1, 0)

    def test_a_director_of_two_parties_is_flagged_to_everybody_and_may_still_vote(self, cast: Cast) -> None:
        version = make_submitted(cast)
        live = LiveVote(cast, version)
        both = live.board[1]
        Role.objects.create(
            cooperation=cast.cooperation, person=both, organisation=cast.beta, kind="board_member", since=cast.since
        )
        Role.objects.create(
            cooperation=cast.cooperation, person=both, organisation=cast.delta, kind="board_member", since=cast.since
        )
        assert live.open()["conflicts"] == [{"person": str(both.pk), "organisation": str(cast.beta.pk)}]
        assert live.seen_by(cast.funder)["conflicts"]
        live.ok(both, "cast", choice="for")


class TestTies:
    def test_a_casting_vote_is_read_in_the_ballot_of_the_chair(self, cast: Cast) -> None:
        with_rule(cast.gamma, tie="chair_casting_vote")
        live = LiveVote(cast, make_submitted(cast))
        live.open()
        live.cast_all("for", "for", "for", "against", "against", "against")
        refused(live, live.chair, "close", "casting_vote_not_expected", status=400, casting_vote="against")
        found = live.close()
        assert (found["result"], found["casting_vote"]) == ("adopted", "for")

    @pytest.mark.parametrize("votes", [("against",) * 5, ("for", "for", "for", "against", "against", "against")])
    def test_by_secret_ballot_it_is_asked_for_whether_or_not_they_are_tied(self, cast: Cast, votes: Any) -> None:
        with_rule(cast.gamma, tie="chair_casting_vote")
        live = LiveVote(cast, make_submitted(cast), ballot="secret")
        live.open()
        live.cast_all(*votes)
        response = refused(live, live.chair, "close", "casting_vote_missing", status=400)
        assert pointers(response) == {"/casting_vote"}
        found = live.close(casting_vote="for")
        tied = len(set(votes)) > 1
        assert (found["result"], found["casting_vote"]) == (("adopted", "for") if tied else ("rejected", ""))

    def test_a_tie_that_the_statutes_send_back_is_voted_again_on_the_same_call(self, cast: Cast) -> None:
        with_rule(cast.gamma, tie="revote", second_call={"allowed": False})
        version = make_submitted(cast)
        live = LiveVote(cast, version)
        live.open()
        live.cast_all("for", "for", "for", "against", "against", "against")
        assert live.close()["result"] == "revote"
        again = LiveVote(cast, version, others=0, follows=live.id)
        assert (again.row.call, again.row.follows_id) == (1, live.row.pk)


class TestConsent:
    def test_an_objection_is_reasoned_and_may_be_lifted_before_the_close(self, cast: Cast) -> None:
        with_rule(cast.gamma, majority={"kind": "consent"})
        live = LiveVote(cast, make_submitted(cast))
        live.open()
        refused(live, live.board[1], "cast", "objection_without_reason", status=400, choice="against")
        live.ok(live.board[1], "cast", choice="against", reason="Le préavis est trop long.")
        refused(live, live.board[2], "lift-objection", "no_objection")
        live.cast_all("for")
        for person in live.board[2:5]:
            live.ok(person, "cast", choice="for")
        live.ok(live.board[1], "lift-objection")
        refused(live, live.board[1], "lift-objection", "no_objection")
        found = live.close()
        assert (found["result"], found["open_objections"], found["votes_against"]) == ("adopted", 0, 1)
        lifted = next(row for row in found["ballots"] if row["choice"] == "against")
        assert (lifted["lifted"], lifted["reason"]) == (True, "Le préavis est trop long.")

    def test_an_objection_that_stands_refuses_the_motion(self, cast: Cast) -> None:
        with_rule(cast.gamma, majority={"kind": "consent"})
        live = LiveVote(cast, make_submitted(cast))
        live.open()
        live.cast_all("for", "for", "for", "for")
        live.ok(live.board[5], "cast", choice="against", reason="Non")
        assert (live.close()["result"], live.row.open_objections) == ("rejected", 1)


class TestQuorum:
    def test_without_quorum_the_vote_is_void_and_called_again_after_the_delay(self, cast: Cast) -> None:
        version = make_submitted(cast)
        live = LiveVote(cast, version)
        live.open()
        live.cast_all("for", "for", "for", "for")
        found = live.close()
        again = cast.today + dt.timedelta(days=8)
        assert (found["result"], found["call_again_from"]) == ("no_quorum", again.isoformat())
        assert not Approval.objects.exists()
        client = cast.api(live.chair)
        early = (again - dt.timedelta(days=1)).isoformat()
        body = convening(cast, version, cast.gamma, follows=live.id, held_on=early)
        assert codes(act(client, URL, body)) == {"second_call_too_early"}
        second = LiveVote(cast, version, others=0, follows=live.id, held_on=again.isoformat())
        assert (second.row.call, second.row.first_call_on) == (2, cast.today)
        set_clock(again)
        second.open()
        second.ok(live.chair, "cast", choice="for")
        assert second.close()["result"] == "adopted"  # The statutes ask for no quorum on second call.

    def test_what_follows_must_follow_a_void_vote_of_the_same_board_once(self, cast: Cast) -> None:
        version = make_submitted(cast)
        void = vote(cast, version, cast.gamma, NO_QUORUM)
        settled = vote(cast, version, cast.beta)
        client = cast.api(cast.chair_gamma)
        later = (cast.today + dt.timedelta(days=8)).isoformat()

        def said(**fields: Any) -> set[str]:
            body = {"follows": str(void.pk), "held_on": later, **fields}
            response = act(client, URL, convening(cast, version, cast.gamma, **body))
            assert response.status_code in (400, 409), response.content
            return codes(response)

        assert said(follows=str(settled.pk)) == {"follows_another_vote", "nothing_to_call_again"}
        assert said(call=1) == {"differs_from_followed"}
        assert said(first_call_on=later) == {"differs_from_followed"}
        with_rule(cast.gamma, second_call={"allowed": False})
        assert said() == {"second_call_not_allowed"}
        with_rule(cast.gamma)
        second = LiveVote(cast, version, others=0, follows=str(void.pk), held_on=later)
        assert said() == {"already_followed", "deliberation_pending"}
        second.ok(second.chair, "cancel", reason="Salle fermée")
        LiveVote(cast, version, others=0, follows=str(void.pk), held_on=later)

    def test_minutes_may_follow_too(self, cast: Cast) -> None:
        version = make_submitted(cast)
        set_clock(cast.today)
        void = vote(cast, version, cast.gamma, NO_QUORUM)
        day = cast.today + dt.timedelta(days=8)
        set_clock(day)
        body = minutes(version, cast.gamma, day, follows=str(void.pk), present=2, votes_for=2, votes_against=0)
        response = act(cast.api(cast.chair_gamma), URL, body)
        assert response.status_code == 201, response.content
        found = response.json()
        assert (found["call"], found["first_call_on"], found["result"]) == (2, cast.today.isoformat(), "adopted")


class TestTheEndOfAConvocation:
    def test_the_minutes_of_a_meeting_that_was_convened_are_typed_on_it(self, cast: Cast) -> None:
        live = LiveVote(cast, make_submitted(cast))
        refused(live, live.chair, "record", status=400, **ADOPTED)
        bad = refused(live, live.chair, "record", status=400, minutes_reference="PV", **{**ADOPTED, "present": 12})
        assert "/present" in pointers(bad)
        found = live.ok(live.board[1], "record", minutes_reference="PV 4", **ADOPTED)
        assert (found["state"], found["mode"], found["ballot"], found["result"]) == (
            "closed",
            "recorded",
            "",
            "adopted",
        )
        assert Approval.objects.get().deliberation_id == live.row.pk
        refused(live, live.chair, "record", "wrong_state", minutes_reference="PV", **ADOPTED)

    def test_a_meeting_to_come_is_not_minuted(self, cast: Cast) -> None:
        live = LiveVote(cast, make_submitted(cast), held_on=(cast.today + dt.timedelta(days=2)).isoformat())
        refused(live, live.chair, "record", "in_the_future", status=400, minutes_reference="PV", **ADOPTED)

    def test_cancelling_forgets_what_was_cast(self, cast: Cast) -> None:
        live = LiveVote(cast, make_submitted(cast))
        live.open()
        live.cast_all("for", "against")
        found = live.ok(live.chair, "cancel", reason="Panne de courant")
        assert (found["state"], found["cancelled_reason"], found["ballots"]) == ("cancelled", "Panne de courant", [])
        assert not Ballot.objects.exists()
        refused(live, live.chair, "cancel", "wrong_state", reason="Encore")

    @pytest.mark.parametrize("opened", [True, False])
    def test_a_text_that_is_withdrawn_ends_the_votes_on_it(self, cast: Cast, opened: bool) -> None:
        version = make_submitted(cast)
        live = LiveVote(cast, version, ballot="secret")
        if opened:
            live.open()
            live.cast_all("for")
        services.charter_version_withdraw(pk=version.pk, actor=actor_of(cast.coordinator), reason="Faute")
        assert live.row.state == "cancelled"
        assert not Urn.objects.exists()

    def test_a_text_that_is_replaced_ends_the_votes_on_it(self, cast: Cast) -> None:
        charter = make_charter(cast, entry_rule={"kind": "n_of_m", "n": 2})
        former = make_submitted(cast, charter=charter)
        vote(cast, former, cast.alpha)
        vote(cast, former, cast.beta)
        live = LiveVote(cast, CharterVersion.objects.get(pk=former.pk))
        live.open()
        draft = services.charter_version_amend(pk=former.pk, actor=actor_of(cast.coordinator))
        services.charter_version_submit(pk=draft.pk, actor=actor_of(cast.coordinator))
        vote(cast, draft, cast.alpha)
        assert live.row.state == "open"
        vote(cast, draft, cast.beta)
        assert live.row.state == "cancelled"

    def test_a_board_whose_organisation_left_is_not_counted(self, cast: Cast) -> None:
        version = make_submitted(cast)
        live = LiveVote(cast, version)
        live.open()
        live.cast_all("for", "for", "for", "for", "for")
        assert services.entry_tick() == 0
        assert live.row.state == "open"
        yesterday = cast.today - dt.timedelta(days=1)
        cast.gamma.memberships.update(left_on=yesterday)
        CircleStay.objects.filter(membership__organisation=cast.gamma).update(until=yesterday)
        assert live.do(live.chair, "close").status_code == 403
        services.entry_tick()
        assert (live.row.state, Ballot.objects.count(), Approval.objects.count()) == ("cancelled", 0, 0)

    def test_a_board_whose_organisation_moved_out_of_the_parties_is_not_counted(self, cast: Cast) -> None:
        version = make_submitted(cast)
        live = LiveVote(cast, version)
        live.open()
        live.cast_all("for", "for", "for", "for", "for")
        CircleStay.objects.filter(membership__organisation=cast.gamma).update(circle="network")
        refused(live, live.chair, "close", "not_a_party")


def test_a_gate_that_closed_again_makes_the_close_irregular(cast: Cast) -> None:
    of = decision(cast, cast.gamma)
    version = make_submitted(cast, decision=of)
    live = LiveVote(cast, version)
    live.open()  # Eight employees and no council: nothing to wait for.
    live.cast_all("for", "for", "for", "for", "for")
    cast.gamma.headcounts.update(value="64.00")
    cast.gamma.cse_status, cast.gamma.cse_first_elected_on = "elected", dt.date(2019, 6, 3)
    cast.gamma.save()
    found = live.close()
    assert (found["state"], found["result"], found["irregular"]) == ("closed", "adopted", True)
    assert found["irregular_codes"] == ["consultation_missing"]
    assert not Approval.objects.exists()


def test_proxies_are_held_to_the_rule_that_the_opening_freezes(cast: Cast) -> None:
    with_rule(cast.gamma, proxy=ANY_PROXY)
    live = LiveVote(cast, make_submitted(cast))
    holder = str(live.board[1].pk)
    live.ok(live.board[2], "declare-proxy", holder=holder)
    live.ok(live.board[3], "declare-proxy", holder=holder)
    Role.objects.filter(person=live.board[3]).update(until=cast.today - dt.timedelta(days=1))
    found = live.open()
    standing = {row["giver"]: row["revoked_on"] for row in found["proxies"]}
    assert standing == {str(live.board[2].pk): None, str(live.board[3].pk): cast.today.isoformat()}
    entry = JournalEntry.objects.get(act="board_deliberation.proxy_revoked")
    assert entry.payload["codes"] == ["not_an_elector"]
