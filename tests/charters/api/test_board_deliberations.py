"""`POST /board-deliberations/`: who may record which vote on which text, and that a refusal changes nothing."""

import datetime as dt
from typing import Any

import pytest

from charters import services
from charters.models import Approval, BoardDeliberation, CharterVersion
from governance.enums import RoleKind
from governance.models import JournalEntry, Role, VotingRule
from tests.cast import Cast
from tests.charters.factories import actor_of, make_draft, make_in_force, make_submitted, minutes, vote
from tests.requests import act, codes, pointers

URL = "/api/v1/board-deliberations/"


def state_of(version: CharterVersion) -> tuple[Any, ...]:
    """Everything that a refused vote must leave as it was."""
    version.refresh_from_db()
    return (
        version.state,
        version.version,
        BoardDeliberation.objects.count(),
        Approval.objects.count(),
        JournalEntry.objects.count(),
    )


def test_a_chair_records_the_vote_of_the_board_and_its_approval_is_served(cast: Cast) -> None:
    version = make_submitted(cast)
    response = act(cast.api(cast.chair_alpha), URL, minutes(version, cast.alpha, cast.today))
    assert response.status_code == 201, response.content
    body = response.json()
    assert (body["result"], body["capacity"], body["irregular"]) == ("adopted", "board_chair", False)
    assert body["explanation"] == "5 pour > 1 contre"
    approvals = cast.api(cast.observer).get(f"/api/v1/approvals/?charter_version={version.pk}").json()["results"]
    assert [(row["organisation"], row["content_hash"], row["deliberation"]) for row in approvals] == [
        (str(cast.alpha.pk), version.content_hash, body["id"])
    ]
    facts = cast.api(cast.observer).get(f"/api/v1/approvals/{approvals[0]['id']}/?expand=deliberation").json()
    assert facts["deliberation"]["minutes_reference"] == "PV 2026-11"


def test_a_member_of_the_board_may_record_it_too(cast: Cast) -> None:
    version = make_submitted(cast)
    response = act(cast.api(cast.member_alpha), URL, minutes(version, cast.alpha, cast.today))
    assert (response.status_code, response.json()["capacity"]) == (201, "board_member")


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("coordinator", 403),
        ("facilitator", 403),
        ("director_alpha", 403),
        ("employees_alpha", 403),
        ("chair_beta", 403),
        ("chair_delta", 403),
        ("pilot_beta", 403),
        ("funder", 403),
        ("observer", 403),
        # They may not know of the text: the reference does not exist for them.
        ("former_chair", 400),
        ("yesterday_chair_alpha", 400),
        ("foreign_chair", 400),
        ("foreign_coordinator", 400),
        ("stranger", 400),
        (None, 401),
    ],
)
def test_nobody_else_approves_for_alpha(cast: Cast, who: str | None, status: int) -> None:
    version = make_submitted(cast)
    before = state_of(version)
    person = cast.everyone[who] if who else None
    response = act(cast.api(person), URL, minutes(version, cast.alpha, cast.today))
    assert response.status_code == status, response.content
    assert state_of(version) == before


def test_a_chair_whose_role_ended_yesterday_is_refused_even_if_another_role_remains(cast: Cast) -> None:
    version = make_submitted(cast)
    Role.objects.create(
        cooperation=cast.cooperation,
        person=cast.yesterday_chair_alpha,
        organisation=cast.alpha,
        kind=RoleKind.DIRECTOR,
        since=cast.since,
    )
    before = state_of(version)
    response = act(cast.api(cast.yesterday_chair_alpha), URL, minutes(version, cast.alpha, cast.today))
    assert response.status_code == 403
    assert state_of(version) == before


def test_the_chair_of_two_boards_approves_here_only_for_the_party(cast: Cast) -> None:
    """Everything right but the organisation: chair of alpha, a party, and of zeta, foreign to this cooperation."""
    version = make_submitted(cast)
    Role.objects.create(
        cooperation=cast.foreign_cooperation,
        person=cast.chair_alpha,
        organisation=cast.zeta,
        kind=RoleKind.BOARD_CHAIR,
        since=cast.since,
    )
    before = state_of(version)
    response = act(cast.api(cast.chair_alpha), URL, minutes(version, cast.zeta, cast.today))
    assert response.status_code == 403
    assert state_of(version) == before


def test_a_token_without_the_legal_scope_cannot_approve(cast: Cast) -> None:
    version = make_submitted(cast)
    before = state_of(version)
    client = cast.api(cast.chair_alpha, "read", "write")  # type: ignore[arg-type]
    response = act(client, URL, minutes(version, cast.alpha, cast.today))
    assert (response.status_code, response.json()["code"]) == (403, "insufficient_scope")
    assert state_of(version) == before


def test_an_approval_needs_an_idempotency_key_and_is_replayed_with_it(cast: Cast) -> None:
    version = make_submitted(cast)
    client = cast.api(cast.chair_alpha)
    body = minutes(version, cast.alpha, cast.today)
    assert client.post(URL, body, format="json").status_code == 428
    assert not BoardDeliberation.objects.exists()
    first = act(client, URL, body, **{"Idempotency-Key": "the-same-key"})
    second = act(client, URL, body, **{"Idempotency-Key": "the-same-key"})
    assert (first.status_code, second.status_code) == (201, 201)
    assert first.json()["id"] == second.json()["id"]
    assert second.headers["Idempotency-Replayed"] == "true"
    assert Approval.objects.count() == 1


def refused(cast: Cast, version: CharterVersion, expected: set[str], status: int = 409, **fields: Any) -> Any:
    before = state_of(version)
    response = act(cast.api(cast.chair_alpha), URL, minutes(version, cast.alpha, cast.today, **fields))
    assert response.status_code == status, response.content
    assert codes(response) == expected
    assert state_of(version) == before
    return response


def test_another_text_than_the_frozen_one_is_refused(cast: Cast) -> None:
    version = make_submitted(cast)
    refused(cast, version, {"hash_mismatch"}, content_hash="0" * 64)


def test_approving_twice_is_refused(cast: Cast) -> None:
    version = make_submitted(cast)
    vote(cast, version, cast.alpha)
    refused(cast, version, {"already_approved"})


def test_a_draft_cannot_be_voted(cast: Cast) -> None:
    refused(cast, make_draft(cast), {"wrong_state"}, content_hash="0" * 64)


def test_a_withdrawn_text_cannot_be_voted(cast: Cast) -> None:
    version = make_submitted(cast)
    services.charter_version_withdraw(pk=version.pk, actor=actor_of(cast.coordinator), reason="Faute")
    refused(cast, version, {"wrong_state"})


def test_an_organisation_that_is_not_a_party_is_refused(cast: Cast) -> None:
    version = make_submitted(cast)
    before = state_of(version)
    response = act(cast.api(cast.chair_delta), URL, minutes(version, cast.delta, cast.today))
    assert (response.status_code, codes(response)) == (409, {"not_a_party"})
    assert state_of(version) == before


def test_without_the_statutes_of_the_board_the_vote_is_not_guessed(cast: Cast) -> None:
    version = make_submitted(cast)
    VotingRule.objects.filter(board__organisation=cast.alpha).update(valid_from=cast.today + dt.timedelta(days=1))
    refused(cast, version, {"voting_rule_missing"})


def test_a_board_that_does_not_approve_charters_is_refused(cast: Cast) -> None:
    version = make_submitted(cast)
    cast.alpha.boards.update(approves_charters=False)
    refused(cast, version, {"board_does_not_approve"})


def test_a_vote_held_before_the_text_was_frozen_or_to_come_is_refused(cast: Cast) -> None:
    version = make_submitted(cast)
    refused(cast, version, {"voted_before_submission"}, held_on=(cast.today - dt.timedelta(days=1)).isoformat())
    response = refused(cast, version, {"in_the_future"}, 400, held_on=(cast.today + dt.timedelta(days=1)).isoformat())
    assert pointers(response) == {"/held_on"}


def test_every_reason_is_said_at_once(cast: Cast) -> None:
    version = make_submitted(cast)
    vote(cast, version, cast.alpha)
    refused(cast, version, {"already_approved", "hash_mismatch"}, content_hash="0" * 64)


def test_inconsistent_figures_point_to_their_field(cast: Cast) -> None:
    version = make_submitted(cast)
    response = refused(cast, version, {"more_members_than_in_office"}, 400, present=12, votes_for=11)
    assert pointers(response) == {"/present"}


def test_unknown_fields_and_missing_figures_are_refused(cast: Cast) -> None:
    version = make_submitted(cast)
    body = minutes(version, cast.alpha, cast.today, result="adopted")
    del body["votes_abstain"]
    before = state_of(version)
    response = act(cast.api(cast.chair_alpha), URL, body)
    assert (response.status_code, pointers(response)) == (400, {"/result", "/votes_abstain"})
    assert state_of(version) == before


def test_a_text_in_force_is_not_approved_twice_by_the_same_board(cast: Cast) -> None:
    refused(cast, make_in_force(cast), {"already_approved"})
