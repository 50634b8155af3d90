"""Boards and the assembly decide by their own rules; a vote held too early counts for nothing until it is ratified."""

import datetime as dt
import hashlib
from typing import Any

import pytest

from governance.models import Decision, DecisionOption, DecisionVote, JournalEntry, Membership, StoredFile
from tests.cast import PLAIN_RULE, Cast
from tests.clock import set_clock
from tests.files import multipart, pdf, send
from tests.governance import factories
from tests.requests import act, codes, pointers

DAY = dt.timedelta(days=1)
VOTES, DECISIONS = "/api/v1/decision-votes/", "/api/v1/decisions/"
TAKE = {"outcome": "Adoptée."}


def to_decide(cast: Cast, *concerned: Any, by: str = "each_board", **fields: Any) -> Decision:
    """Submitted yesterday; without any effect on employees, so that no works council is awaited."""
    values = {"impact_flags": [], "no_impact_reason": "Aucun effet", "submitted_on": cast.today - DAY, **fields}
    made = factories.decision(cast, decided_by=by, **values)
    made.concerned.set(concerned)
    return made


def minutes(cast: Cast, decision: Decision, board: Any = None, **changes: Any) -> dict[str, Any]:
    given = {
        "decision": str(decision.pk),
        "held_on": cast.today.isoformat(),
        "minutes_reference": "PV 12",
        "present": 6,
        "votes_for": 5,
        "votes_against": 1,
        **changes,
    }
    return given if board is None else {**given, "board": str(board.boards.get().pk)}


def record(cast: Cast, person: Any, decision: Decision, board: Any = None, **changes: Any) -> Any:
    return act(cast.api(person), VOTES, minutes(cast, decision, board, **changes))


def asked(cast: Cast, decision: Decision, person: Any = None) -> dict[str | None, str]:
    """Organisation -> what its board still owes, consultations apart."""
    path = f"{DECISIONS}{decision.pk}/requirements/"
    rows = cast.api(person or cast.coordinator).get(path).json()["requirements"]
    return {row["organisation"]: row["code"] for row in rows if row["basis"] in {"each_board", "assembly"}}


def take(cast: Cast, decision: Decision, **more: Any) -> Any:
    return act(cast.api(cast.coordinator), f"{DECISIONS}{decision.pk}/take/", TAKE | more)


def test_each_board_of_the_members_concerned_decides_and_then_it_is_taken(cast: Cast) -> None:
    decision = to_decide(cast, cast.alpha, cast.gamma)
    alpha, gamma = str(cast.alpha.pk), str(cast.gamma.pk)
    assert asked(cast, decision) == {alpha: "board_decision_missing", gamma: "board_decision_missing"}
    assert codes(take(cast, decision)) == {"board_decision_missing"}
    vote = record(cast, cast.member_alpha, decision, cast.alpha)
    assert vote.status_code == 201, vote.json()
    shown = vote.json()
    assert (shown["result"], shown["in_office"], shown["organisation"]) == ("adopted", 9, alpha)
    assert (shown["capacity"], shown["irregular"]) == ("board_member", False)
    assert shown["explanation"] == "5 pour > 1 contre"
    against = record(cast, cast.chair_gamma, decision, cast.gamma, votes_for=1, votes_against=5)
    assert against.json()["result"] == "rejected"
    assert asked(cast, decision) == {alpha: "board_decision_given", gamma: "board_decision_against"}
    assert codes(take(cast, decision)) == {"board_decision_against"}
    # The board meets again, and its last vote stands.
    assert record(cast, cast.chair_gamma, decision, cast.gamma, minutes_reference="PV 13").status_code == 201
    done = take(cast, decision)
    assert done.status_code == 200, done.json()
    facts = [fact["code"] for fact in done.json()["requirements_at_taking"]]
    assert facts.count("board_decision_given") == 2


def test_without_members_concerned_every_member_of_the_day_is_asked_and_who_left_is_not(cast: Cast) -> None:
    decision = to_decide(cast)
    members = {str(org.pk) for org in (cast.alpha, cast.beta, cast.gamma, cast.delta)}
    assert set(asked(cast, decision)) == members
    Membership.objects.filter(organisation=cast.delta).update(left_on=cast.today - DAY)
    assert set(asked(cast, decision)) == members - {str(cast.delta.pk)}
    refused = record(cast, cast.chair_delta, decision, cast.delta)
    assert refused.status_code == 400
    only = to_decide(cast, cast.delta)
    assert codes(take(cast, only)) == {"nobody_to_decide"}


@pytest.mark.parametrize(
    ("changes", "status", "code", "pointer"),
    [
        ({"held_on": 1}, 400, "in_the_future", "/held_on"),
        ({"held_on": -2}, 409, "voted_before_submission", "/held_on"),
        ({"present": 10}, 400, "more_members_than_in_office", "/present"),
        ({"particulars": {"recused": 7}}, 400, "more_recused_than_present", "/particulars/recused"),
        ({"votes_for": 6}, 400, "more_votes_than_voters", "/votes_for"),
        ({"votes_for": -1}, 400, "min_value", "/votes_for"),
        ({"minutes_reference": "  "}, 400, "blank", "/minutes_reference"),
        ({"result": "adopted"}, 400, "unknown_field", "/result"),
        ({"particulars": {"nothing": 1}}, 400, "unknown_field", "/particulars/nothing"),
        ({"option": "01890000-0000-7000-8000-000000000000"}, 400, "does_not_exist", "/option"),
        ({"board": None}, 409, "not_decided_so", "/board"),
        ({"board": "beta"}, 409, "not_asked", "/board"),
    ],
)
def test_minutes_that_cannot_be_are_refused_and_nothing_is_written(
    cast: Cast, changes: dict[str, Any], status: int, code: str, pointer: str
) -> None:
    decision = to_decide(cast, cast.alpha)
    given = dict(changes)
    if isinstance(given.get("held_on"), int):
        given["held_on"] = (cast.today + given["held_on"] * DAY).isoformat()
    body = minutes(cast, decision, cast.alpha) | given
    person = cast.chair_alpha
    if given.get("board") == "beta":
        body["board"], person = str(cast.beta.boards.get().pk), cast.chair_beta
    if "board" in given and given["board"] is None:
        person = cast.coordinator
    before = JournalEntry.objects.count()
    refused = act(cast.api(person), VOTES, body)
    assert refused.status_code == status, refused.json()
    assert pointer in pointers(refused), refused.json()
    assert code in codes(refused), refused.json()
    assert (DecisionVote.objects.count(), JournalEntry.objects.count()) == (0, before)


def test_nobody_votes_on_a_draft_nor_after_the_taking(cast: Cast) -> None:
    draft = to_decide(cast, cast.gamma, state="draft")
    assert codes(record(cast, cast.chair_gamma, draft, cast.gamma)) == {"wrong_state"}
    decision = to_decide(cast, cast.gamma)
    record(cast, cast.chair_gamma, decision, cast.gamma)
    assert take(cast, decision).status_code == 200
    assert codes(record(cast, cast.chair_gamma, decision, cast.gamma)) == {"wrong_state"}


def test_a_board_that_votes_before_its_works_council_is_heard_votes_for_nothing_until_it_ratifies(cast: Cast) -> None:
    decision = factories.decision(cast, cast.alpha, cast.beta, decided_by="each_board", submitted_on=cast.today - DAY)
    # Beta is small: its board does not wait for Alpha's council.
    assert record(cast, cast.chair_beta, decision, cast.beta).json()["irregular"] is False
    early = record(cast, cast.chair_alpha, decision, cast.alpha)
    assert early.status_code == 201, early.json()
    assert (early.json()["irregular"], early.json()["irregular_codes"]) == (True, ["consultation_missing"])
    assert asked(cast, decision)[str(cast.alpha.pk)] == "board_decision_irregular"
    assert codes(take(cast, decision)) == {"consultation_missing", "board_decision_irregular"}
    path = f"{VOTES}{early.json()['id']}/regularise/"
    ratify = {"ratified_on": cast.today.isoformat(), "minutes_reference": "PV 14", "reason": "Avis rendu"}
    too_early = act(cast.api(cast.chair_alpha), path, ratify)
    assert (too_early.status_code, codes(too_early)) == (409, {"consultation_missing"})
    factories.consultation(
        cast,
        decision,
        state="opinion_given",
        information_delivered_on=cast.today,
        information_complete=True,
        regime="CSE_2018",
        opinion="favourable",
        opinion_on=cast.today,
    )
    before = act(cast.api(cast.chair_alpha), path, ratify | {"ratified_on": (cast.today - DAY).isoformat()})
    assert (before.status_code, codes(before)) == (400, {"before_the_vote"})
    future = act(cast.api(cast.chair_alpha), path, ratify | {"ratified_on": (cast.today + DAY).isoformat()})
    assert (future.status_code, codes(future)) == (400, {"in_the_future"})
    assert act(cast.api(cast.chair_alpha), path, ratify).status_code == 200
    assert codes(act(cast.api(cast.chair_alpha), path, ratify)) == {"nothing_to_regularise"}
    assert take(cast, decision).status_code == 200


def test_a_vote_that_proves_too_early_afterwards_counts_for_nothing_until_it_is_ratified(cast: Cast) -> None:
    set_clock(dt.date(2026, 4, 3))
    decision = factories.decision(cast, cast.alpha, decided_by="each_board", submitted_on=dt.date(2026, 3, 1))
    consultation = factories.consultation(
        cast,
        decision,
        state="information_sent",
        information_delivered_on=dt.date(2026, 3, 2),
        information_complete=True,
        regime="CSE_2018",
    )
    vote = record(cast, cast.chair_alpha, decision, cast.alpha, held_on="2026-04-03")
    assert (vote.status_code, vote.json()["irregular"]) == (201, False), vote.json()
    path = f"{VOTES}{vote.json()['id']}/regularise/"
    ratify = {"ratified_on": "2026-04-03", "minutes_reference": "PV 14", "reason": "Juge"}
    assert codes(act(cast.api(cast.chair_alpha), path, ratify)) == {"nothing_to_regularise"}
    # A judge seized in time gives the council until May: on 3 April nothing could be voted after all.
    extended = act(
        cast.api(cast.director_alpha),
        f"/api/v1/consultations/{consultation.pk}/extend/",
        {"judge_seized_on": "2026-03-30", "judge_fixed_on": "2026-05-07"},
    )
    assert extended.status_code == 200, extended.json()
    set_clock(dt.date(2026, 5, 11))
    assert asked(cast, decision) == {str(cast.alpha.pk): "board_decision_irregular"}
    assert codes(take(cast, decision)) == {"board_decision_irregular"}
    done = act(cast.api(cast.chair_alpha), path, ratify | {"ratified_on": "2026-05-11"})
    assert (done.status_code, done.json()["irregular"]) == (200, True), done.json()
    assert done.json()["irregular_codes"] == ["decision_before_consultation"]
    assert take(cast, decision).status_code == 200


def test_the_assembly_decides_one_member_one_vote_by_the_rule_of_the_cooperation(cast: Cast) -> None:
    decision = to_decide(cast, by="assembly")
    assert asked(cast, decision) == {None: "assembly_missing"}
    without = record(cast, cast.coordinator, decision, present=3, votes_for=2, votes_against=1)
    assert codes(without) == {"voting_rule_missing"}
    bad = {"cooperation": str(cast.cooperation.pk), "valid_from": cast.since.isoformat(), "definition": {"body": "ag"}}
    refused = cast.api(cast.coordinator).post("/api/v1/assembly-rules/", bad, format="json")
    assert (refused.status_code, "/definition/quorum" in pointers(refused)) == (400, True)
    rule = cast.api(cast.coordinator).post("/api/v1/assembly-rules/", bad | {"definition": PLAIN_RULE}, format="json")
    assert rule.status_code == 201, rule.json()
    # Four members that day: five cannot be there, and one is no quorum.
    assert record(cast, cast.coordinator, decision, present=5, votes_for=4, votes_against=1).status_code == 400
    alone = record(cast, cast.coordinator, decision, present=1, votes_for=1, votes_against=0)
    assert (alone.json()["result"], alone.json()["in_office"]) == ("no_quorum", 4)
    assert asked(cast, decision) == {None: "assembly_no_quorum"}
    assert codes(take(cast, decision)) == {"assembly_no_quorum"}
    record(cast, cast.coordinator, decision, present=3, votes_for=1, votes_against=2)
    assert codes(take(cast, decision)) == {"assembly_against"}
    vote = record(
        cast,
        cast.coordinator,
        decision,
        present=2,
        votes_for=1,
        votes_against=0,
        votes_abstain=1,
        particulars={"remote": 0, "proxies_written": True},
    )
    assert (vote.json()["result"], vote.json()["assembly_rule"]) == ("adopted", rule.json()["id"])
    assert vote.json()["particulars"] == {"remote": 0, "proxies_written": True}
    assert asked(cast, decision) == {None: "assembly_decided"}
    assert take(cast, decision).status_code == 200


def test_a_refusal_is_taken_when_an_organ_voted_against_and_not_before(cast: Cast) -> None:
    factories.assembly_rule(cast)
    by_boards, by_assembly = to_decide(cast, cast.alpha, cast.gamma), to_decide(cast, by="assembly")
    assert codes(take(cast, by_boards, rejected=True)) == {"no_board_against"}
    assert codes(take(cast, by_assembly, rejected=True)) == {"assembly_missing"}
    record(cast, cast.chair_gamma, by_boards, cast.gamma, votes_for=1, votes_against=5)
    record(cast, cast.coordinator, by_assembly, present=3, votes_for=2, votes_against=1)
    done = take(cast, by_boards, rejected=True)
    assert (done.status_code, done.json()["rejected"]) == (200, True)
    assert codes(take(cast, by_assembly, rejected=True)) == {"assembly_in_favour"}
    assert take(cast, by_assembly).status_code == 200


def test_boards_that_chose_another_option_decided_otherwise(cast: Cast) -> None:
    decision = to_decide(cast, cast.alpha, cast.gamma)
    rent, buy = (
        DecisionOption.objects.create(cooperation=cast.cooperation, decision=decision, position=index, title=title)
        for index, title in enumerate(("Louer", "Acheter"), start=1)
    )
    missing = record(cast, cast.chair_alpha, decision, cast.alpha)
    assert (missing.status_code, pointers(missing)) == (400, {"/option"})
    record(cast, cast.chair_alpha, decision, cast.alpha, option=str(rent.pk))
    record(cast, cast.chair_gamma, decision, cast.gamma, option=str(buy.pk))
    assert asked(cast, decision)[None] == "board_options_differ"
    assert codes(take(cast, decision, chosen_option=str(rent.pk))) == {"board_decision_against"}
    record(cast, cast.chair_gamma, decision, cast.gamma, option=str(rent.pk))
    assert codes(take(cast, decision, chosen_option=str(buy.pk))) == {"board_decision_against"}
    assert take(cast, decision, chosen_option=str(rent.pk)).status_code == 200


def test_a_decision_that_says_nothing_is_recorded_as_before(cast: Cast) -> None:
    decision = to_decide(cast, cast.gamma, by="")
    assert asked(cast, decision) == {}
    assert take(cast, decision).status_code == 200


def test_minutes_are_served_with_the_decision_and_a_rule_that_counted_is_never_changed(cast: Cast) -> None:
    decision = to_decide(cast, cast.alpha, confidentiality="core")
    client = cast.api(cast.chair_alpha)
    text = send(client, b"Le conseil a adopt\xc3\xa9.", "pv.txt").json()["id"]
    refused = record(cast, cast.chair_alpha, decision, cast.alpha, minutes_file=text)
    assert (refused.status_code, codes(refused)) == (400, {"not_a_pdf"})
    upload = send(client, pdf()).json()["id"]
    vote = record(cast, cast.chair_alpha, decision, cast.alpha, minutes_file=upload).json()
    path = f"{VOTES}{vote['id']}/minutes/"
    assert cast.api(cast.chair_beta).get(path).content == pdf()
    assert cast.api(cast.chair_gamma).get(path).status_code == 404
    rule = vote["voting_rule"]
    changed = client.patch(f"/api/v1/voting-rules/{rule}/", {"definition": PLAIN_RULE}, format="json")
    assert (changed.status_code, codes(changed)) == (409, {"voting_rule_in_use"})


def test_what_waits_is_told_to_the_boards_awaited_and_then_to_the_coordination(cast: Cast) -> None:
    decision = to_decide(cast, cast.gamma)

    def waiting(person: Any) -> set[tuple[str, str]]:
        found = cast.api(person).get("/api/v1/users/me/").json()["waiting"]
        assert {item["cooperation"] for item in found} <= {str(cast.cooperation.pk)}
        return {(item["code"], item["id"]) for item in found if item["resource"] == "decisions"}

    assert waiting(cast.chair_gamma) == {("board_vote_expected", str(decision.pk))}
    assert waiting(cast.chair_alpha) == set()
    assert waiting(cast.coordinator) == set()
    record(cast, cast.chair_gamma, decision, cast.gamma)
    assert waiting(cast.chair_gamma) == set()
    assert waiting(cast.coordinator) == {("decision_ready", str(decision.pk))}
    set_clock(cast.today + DAY)
    by_assembly = to_decide(cast, by="assembly")
    assert ("assembly_vote_expected", str(by_assembly.pk)) in waiting(cast.coordinator)


def test_a_board_is_not_awaited_while_its_works_council_is(cast: Cast) -> None:
    decision = factories.decision(cast, cast.alpha, decided_by="each_board")
    found = cast.api(cast.chair_alpha).get("/api/v1/users/me/").json()["waiting"]
    assert [item for item in found if item["id"] == str(decision.pk)] == []


def test_minutes_known_by_their_hash_only_come_back_as_the_very_same_bytes(cast: Cast) -> None:
    lost = {
        "name": "pv.pdf",
        "media_type": "application/pdf",
        "size": len(pdf()),
        "sha256": hashlib.sha256(pdf()).hexdigest(),
    }
    decision = to_decide(
        cast,
        cast.alpha,
        state="taken",
        taken_on=cast.today,
        requirements_at_taking=[],
        minutes_file=StoredFile.objects.create(**lost),
    )
    vote = factories.board_vote(cast, decision, cast.alpha, minutes_file=StoredFile.objects.create(**lost))
    for path, person in ((f"{DECISIONS}{decision.pk}/", cast.facilitator), (f"{VOTES}{vote.pk}/", cast.member_alpha)):
        client = cast.api(person)
        assert client.get(f"{path}minutes/").status_code == 404
        other = client.post(f"{path}restore-minutes/", **multipart(("file", "pv.pdf", pdf(title="Autre"))))
        assert (other.status_code, codes(other)) == (400, {"other_bytes"})
        back = client.post(f"{path}restore-minutes/", **multipart(("file", "pv.pdf", pdf())))
        assert (back.status_code, back.json()["minutes_file"]["is_missing"]) == (200, False)
        assert client.get(f"{path}minutes/").content == pdf()
    acts = set(JournalEntry.objects.values_list("act", flat=True))
    assert {"decision.minutes_restored", "decision_vote.minutes_restored"} <= acts
