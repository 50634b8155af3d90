"""`boards` and `voting-rules`: one organ approves charters, and a rule that counted a vote is never changed."""

from typing import Any

import pytest

from governance import voting_rules
from governance.models import Board, VotingRule
from tests.cast import PLAIN_RULE, Cast
from tests.requests import codes, pointers

URL = "/api/v1/boards/"
RULES = "/api/v1/voting-rules/"


def _board(cast: Cast) -> Board:
    return Board.objects.get(organisation=cast.alpha, body="ca")


def test_the_head_of_an_organisation_declares_another_organ(cast: Cast) -> None:
    body = {"organisation": str(cast.alpha.pk), "body": "ag", "seats_in_office": 120, "approves_charters": False}
    response = cast.api(cast.chair_alpha).post(URL, body)
    assert response.status_code == 201, response.json()
    changed = cast.api(cast.chair_alpha).patch(response["Location"], {"seats_in_office": 118})
    assert changed.json()["seats_in_office"] == 118


def test_only_one_organ_approves_charters(cast: Cast) -> None:
    client = cast.api(cast.chair_alpha)
    body = {"organisation": str(cast.alpha.pk), "body": "bureau", "seats_in_office": 4}
    second = client.post(URL, body)
    assert (second.status_code, codes(second)) == (400, {"another_board_approves"})
    other = client.post(URL, body | {"approves_charters": False})
    again = client.patch(other["Location"], {"approves_charters": True, "seats_in_office": 0})
    assert (again.status_code, codes(again)) == (400, {"another_board_approves", "min_value"})
    assert client.patch(f"{URL}{_board(cast).pk}/", {"approves_charters": False}).status_code == 200
    assert client.patch(other["Location"], {"approves_charters": True}).status_code == 200
    assert Board.objects.filter(organisation=cast.alpha, approves_charters=True).count() == 1


@pytest.mark.parametrize(
    ("name", "status"),
    [
        ("coordinator", 200),
        ("director_alpha", 200),
        ("member_alpha", 403),
        ("chair_beta", 403),
        ("yesterday_chair_alpha", 404),
        ("foreign_chair", 404),
    ],
)
def test_who_changes_a_board(cast: Cast, name: str, status: int) -> None:
    board = _board(cast)
    response = cast.api(cast.everyone[name]).patch(f"{URL}{board.pk}/", {"seats_in_office": 11})
    assert response.status_code == status
    board.refresh_from_db()
    assert board.seats_in_office == (11 if status == 200 else 9)


def test_a_rule_is_declared_for_a_day_and_once(cast: Cast) -> None:
    client = cast.api(cast.chair_alpha)
    body = {"board": str(_board(cast).pk), "valid_from": "2026-01-01", "definition": PLAIN_RULE, "source": "art. 12"}
    created = client.post(RULES, body)
    assert created.status_code == 201, created.json()
    again = client.post(RULES, body)
    assert (again.status_code, pointers(again)) == (400, {"/valid_from"})
    known = client.get(f"{RULES}?organisation={cast.alpha.pk}&ordering=-valid_from").json()["results"]
    assert [row["source"] for row in known] == ["art. 12", ""]


def test_a_rule_that_does_not_count_is_refused_with_its_place(cast: Cast) -> None:
    """Whoever counts votes says so: charters registers its reading of statutes."""
    client = cast.api(cast.chair_alpha)
    body: dict[str, Any] = {"board": str(_board(cast).pk), "valid_from": "2026-01-01"}
    without_majority = {name: value for name, value in PLAIN_RULE.items() if name != "majority"}
    for definition in ({}, [], "simple", without_majority, {**PLAIN_RULE, "tie": "heads_or_tails"}):
        response = client.post(RULES, body | {"definition": definition})
        assert response.status_code == 400, definition
        assert all(pointer.startswith("/definition") for pointer in pointers(response))
    rule = VotingRule.objects.get(board=_board(cast))
    assert client.patch(f"{RULES}{rule.pk}/", {"definition": without_majority}).status_code == 400
    rule.refresh_from_db()
    assert rule.definition == PLAIN_RULE
    assert VotingRule.objects.filter(board=rule.board).count() == 1


def test_a_rule_is_corrected_until_a_vote_was_counted_by_it(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    rule = VotingRule.objects.get(board=_board(cast))
    client = cast.api(cast.chair_alpha)
    assert client.patch(f"{RULES}{rule.pk}/", {"source": "art. 9"}).status_code == 200
    counted: set[Any] = set()
    monkeypatch.setattr(voting_rules, "_usages", {"a ballot box": lambda candidate: candidate.pk in counted})
    assert client.patch(f"{RULES}{rule.pk}/", {"source": "art. 10"}).status_code == 200
    counted.add(rule.pk)
    refused = client.patch(f"{RULES}{rule.pk}/", {"source": "art. 11"})
    assert (refused.status_code, codes(refused)) == (409, {"voting_rule_in_use"})
    rule.refresh_from_db()
    assert rule.source == "art. 10"


def test_rules_of_an_organisation_that_i_do_not_answer_for_are_read_only(cast: Cast) -> None:
    rule = VotingRule.objects.get(board=_board(cast))
    client = cast.api(cast.chair_beta)
    assert client.get(f"{RULES}{rule.pk}/").json()["abilities"] == {"update": False}
    assert client.patch(f"{RULES}{rule.pk}/", {"source": "x"}).status_code == 403
    body = {"board": str(rule.board_id), "valid_from": "2026-01-01", "definition": PLAIN_RULE}
    assert client.post(RULES, body).status_code == 403
    assert cast.api(cast.foreign_chair).get(f"{RULES}{rule.pk}/").status_code == 404
