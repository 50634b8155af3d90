"""Approvals that last until the review of the charter: who is asked again, since when, what clears it (ADR 0017)."""

import datetime as dt
from typing import Any

import pytest

from charters import reminders
from charters.models import Approval, BoardDeliberation, CharterVersion
from charters.services import entry_tick
from governance.models import JournalEntry, Organisation
from tests.cast import Cast
from tests.charters.factories import (
    REJECTED,
    chair_of,
    make_charter,
    make_in_force,
    minutes,
)
from tests.clock import set_clock
from tests.requests import act, codes, pointers

VERSIONS = "/api/v1/charter-versions/"
VOTES = "/api/v1/board-deliberations/"
ENTERED = dt.date(2026, 1, 31)
DUE = dt.date(2026, 2, 28)
STALE = dt.date(2026, 3, 1)
MONTHLY: dict[str, Any] = {"review_every_months": 1, "approvals_expire": "at_review"}


@pytest.fixture
def cast(db: None) -> Cast:
    set_clock(ENTERED)
    return Cast()


def record(cast: Cast, version: CharterVersion, organisation: Organisation, day: dt.date, **fields: Any) -> Any:
    return act(cast.api(chair_of(cast, organisation)), VOTES, minutes(version, organisation, day, **fields))


def rows(cast: Cast, version: CharterVersion) -> dict[str, dict[str, Any]]:
    report = cast.api(cast.observer).get(f"{VERSIONS}{version.pk}/entry/").json()
    return {row["name"]: row for row in report["parties"]}


def statuses(cast: Cast, version: CharterVersion) -> dict[str, str]:
    return {name: row["status"] for name, row in rows(cast, version).items()}


def summary(cast: Cast, version: CharterVersion, language: str = "fr") -> str:
    client = cast.api(cast.observer)
    found = client.get(f"{VERSIONS}{version.pk}/entry/", headers={"Accept-Language": language}).json()["summary"]
    assert isinstance(found, str)
    return found


def review(cast: Cast, version: CharterVersion, **body: Any) -> Any:
    return act(cast.api(cast.coordinator), f"/api/v1/charters/{version.charter_id}/record-review/", body)


def asked_again(cast: Cast, version: CharterVersion) -> dict[str, tuple[str, str]]:
    found = cast.api(cast.observer).get(f"{VERSIONS}{version.pk}/").json()
    listed = cast.api(cast.observer).get(f"{VERSIONS}?charter={version.charter_id}").json()["results"]
    assert [row["asked_again"] for row in listed if row["id"] == str(version.pk)] == [found["asked_again"]]
    names = {str(org.pk): org.name for org in (cast.alpha, cast.beta, cast.gamma)}
    return {names[row["organisation"]]: (row["since"], row["reason"]) for row in found["asked_again"]}


def signs(cast: Cast) -> dict[str, dict[str, Any]]:
    found = cast.api(cast.coordinator).get(f"/api/v1/cooperations/{cast.cooperation.pk}/vital-signs/").json()
    return {sign["code"]: sign for sign in found["signs"]}


def waits(cast: Cast, person: Any) -> list[tuple[str, str, str]]:
    found = cast.api(person).get("/api/v1/users/me/").json()["waiting"]
    return [(item["code"], item["id"], item["since"]) for item in found]


def test_the_day_after_the_review_was_due_every_board_is_asked_again_and_the_charter_stays_in_force(cast: Cast) -> None:
    version = make_in_force(cast, charter=make_charter(cast, **MONTHLY))
    set_clock(DUE)
    assert asked_again(cast, version) == {}
    assert {row["valid_until"] for row in rows(cast, version).values()} == {DUE.isoformat()}
    set_clock(STALE)
    since = (STALE.isoformat(), "review_due")
    assert asked_again(cast, version) == {"Alpha": since, "Bêta": since, "Gamma": since}
    body = cast.api(cast.observer).get(f"{VERSIONS}{version.pk}/").json()
    assert (body["state"], body["in_force_on"]) == ("in_force", ENTERED.isoformat())
    row = rows(cast, version)["Alpha"]
    assert (row["status"], row["waits_for"], row["since"]) == ("stale", "own_board", STALE.isoformat())
    assert (row["approved_on"], row["in_force_from"], row["round"]) == (ENTERED.isoformat(), ENTERED.isoformat(), 1)
    sign = signs(cast)["charter_approvals_stale"]
    assert (sign["since"], sign["severity"]) == (STALE.isoformat(), "warning")
    assert {item["label"] for item in sign["objects"] if item["resource"] == "organisations"} == {
        "Alpha",
        "Bêta",
        "Gamma",
    }
    assert waits(cast, cast.chair_beta) == [("approval_waiting", str(version.pk), STALE.isoformat())]
    told = {(str(item.kind), item.recipient_id, item.due_on) for item in reminders.expected(cast.cooperation, STALE)}
    assert ("approval_waiting", cast.chair_gamma.pk, STALE + dt.timedelta(days=60)) in told


def test_where_the_charter_does_not_say_so_approvals_do_not_age(cast: Cast) -> None:
    version = make_in_force(cast, charter=make_charter(cast, review_every_months=1))
    set_clock(dt.date(2030, 1, 1))
    assert asked_again(cast, version) == {}
    assert statuses(cast, version) == {"Alpha": "in_force", "Bêta": "in_force", "Gamma": "in_force"}
    assert "charter_approvals_stale" not in signs(cast)


def test_changing_the_frame_of_the_charter_ages_nothing_that_was_voted_without_it(cast: Cast) -> None:
    version = make_in_force(cast, charter=make_charter(cast, review_every_months=1))
    changed = cast.api(cast.coordinator).patch(
        f"/api/v1/charters/{version.charter_id}/", {"approvals_expire": "at_review"}, format="json"
    )
    assert (changed.status_code, changed.json()["approvals_expire"]) == (200, "at_review")
    set_clock(STALE)
    assert asked_again(cast, version) == {}


def test_a_review_that_confirms_the_text_does_not_replace_the_boards(cast: Cast) -> None:
    version = make_in_force(cast, charter=make_charter(cast, **MONTHLY))
    set_clock(STALE + dt.timedelta(days=3))
    assert review(cast, version, conclusion="confirmed").status_code == 200
    since = (STALE.isoformat(), "review_due")
    assert asked_again(cast, version) == {"Alpha": since, "Bêta": since, "Gamma": since}
    set_clock(STALE + dt.timedelta(days=5))
    body = review(cast, version, conclusion="confirmed").json()
    assert body["earlier_reviews"] == [(STALE + dt.timedelta(days=3)).isoformat()]
    assert asked_again(cast, version)["Alpha"] == since


def test_a_review_held_early_asks_the_boards_from_its_day(cast: Cast) -> None:
    version = make_in_force(cast, charter=make_charter(cast, **MONTHLY))
    held = ENTERED + dt.timedelta(days=10)
    set_clock(held)
    review(cast, version)
    assert asked_again(cast, version)["Gamma"] == (held.isoformat(), "review_held")


def test_a_board_confirms_the_same_text_in_a_round_of_its_own_and_only_once(cast: Cast) -> None:
    version = make_in_force(cast, charter=make_charter(cast, **MONTHLY))
    first = Approval.objects.get(organisation=cast.alpha)
    early = record(cast, version, cast.alpha, ENTERED)
    assert (early.status_code, codes(early)) == (409, {"already_approved"})
    day = STALE + dt.timedelta(days=6)
    set_clock(day)
    made = record(cast, version, cast.alpha, day)
    assert (made.status_code, made.json()["result"]) == (201, "adopted")
    assert set(asked_again(cast, version)) == {"Bêta", "Gamma"}
    row = rows(cast, version)["Alpha"]
    assert (row["status"], row["round"], row["approved_on"]) == ("in_force", 2, day.isoformat())
    assert (row["in_force_from"], row["valid_until"]) == (ENTERED.isoformat(), "2026-04-07")
    listed = cast.api(cast.observer).get(f"/api/v1/approvals/?organisation={cast.alpha.pk}&ordering=approved_on").json()
    assert [(item["round"], item["approved_on"]) for item in listed["results"]] == [
        (1, ENTERED.isoformat()),
        (2, day.isoformat()),
    ]
    first.refresh_from_db()
    assert (first.round, first.approved_on) == (1, ENTERED)
    before = (Approval.objects.count(), BoardDeliberation.objects.count(), JournalEntry.objects.count())
    again = record(cast, version, cast.alpha, day)
    assert (again.status_code, codes(again)) == (409, {"already_approved"})
    assert (Approval.objects.count(), BoardDeliberation.objects.count(), JournalEntry.objects.count()) == before
    version.refresh_from_db()
    assert (version.state, version.in_force_on) == ("in_force", ENTERED)


def test_a_vote_held_before_the_board_was_asked_again_renews_nothing(cast: Cast) -> None:
    version = make_in_force(cast, charter=make_charter(cast, **MONTHLY))
    set_clock(STALE)
    refused = record(cast, version, cast.alpha, DUE)
    assert (refused.status_code, codes(refused), pointers(refused)) == (
        409,
        {"voted_before_asked_again"},
        {"/held_on"},
    )
    assert Approval.objects.count() == 3


def test_a_board_that_does_not_confirm_is_said_and_the_charter_stays_in_force(cast: Cast) -> None:
    version = make_in_force(cast, charter=make_charter(cast, **MONTHLY))
    set_clock(STALE)
    assert record(cast, version, cast.beta, STALE, **REJECTED).status_code == 201
    row = rows(cast, version)["Bêta"]
    assert (row["status"], row["waits_for"]) == ("stale", "rejected_by_own_board")
    version.refresh_from_db()
    assert version.state == "in_force"
    assert waits(cast, cast.chair_beta) == []
    assert record(cast, version, cast.beta, STALE).status_code == 201
    assert statuses(cast, version)["Bêta"] == "in_force"


def test_a_new_text_clears_it_and_asks_once_while_it_is_before_the_boards(cast: Cast) -> None:
    version = make_in_force(cast, charter=make_charter(cast, **MONTHLY))
    set_clock(STALE)
    client = cast.api(cast.coordinator)
    draft = act(client, f"{VERSIONS}{version.pk}/amend/", {}).json()
    act(client, f"{VERSIONS}{draft['id']}/submit/", **{"If-Match": "*"})
    assert waits(cast, cast.chair_alpha) == [("approval_waiting", draft["id"], STALE.isoformat())]
    assert "charter_approvals_stale" not in signs(cast)
    new = CharterVersion.objects.get(pk=draft["id"])
    assert rows(cast, new)["Alpha"]["waits_for"] == "approved_another_text"
    for organisation in (cast.alpha, cast.beta, cast.gamma):
        assert record(cast, new, organisation, STALE).status_code == 201
    assert asked_again(cast, new) == {}
    assert set(statuses(cast, new).values()) == {"in_force"}


def test_a_correction_of_words_gives_no_approval_a_second_youth(cast: Cast) -> None:
    version = make_in_force(cast, charter=make_charter(cast, editorial_contest_days=1, **MONTHLY))
    set_clock(DUE - dt.timedelta(days=2))
    client = cast.api(cast.coordinator)
    draft = act(client, f"{VERSIONS}{version.pk}/amend/", {"amendment_type": "editorial"}).json()
    act(client, f"{VERSIONS}{draft['id']}/submit/", **{"If-Match": "*"})
    new = CharterVersion.objects.get(pk=draft["id"])
    assert {(row["status"], row["carried_from"]) for row in rows(cast, new).values()} == {("carried", 1)}
    set_clock(DUE)
    assert entry_tick() == 1
    new.refresh_from_db()
    assert {(row["status"], row["carried_from"]) for row in rows(cast, new).values()} == {("in_force", 1)}
    set_clock(STALE)
    assert asked_again(cast, new)["Alpha"] == (STALE.isoformat(), "review_due")
    assert record(cast, new, cast.alpha, STALE).status_code == 201
    row = rows(cast, new)["Alpha"]
    assert (row["status"], row["round"], row["carried_from"]) == ("in_force", 1, None)


def test_one_sentence_tells_a_president_where_the_text_stands(cast: Cast) -> None:
    version = make_in_force(cast, charter=make_charter(cast, **MONTHLY))
    assert summary(cast, version) == "En vigueur pour 3 sur 3."
    set_clock(STALE)
    record(cast, version, cast.alpha, STALE)
    assert summary(cast, version) == (
        "En vigueur pour 3 sur 3 ; à consulter de nouveau : Bêta (depuis le 1er mars 2026), "
        "Gamma (depuis le 1er mars 2026)."
    )


def test_reviews_are_announced_to_coordination_a_month_before_and_cleared_by_recording_one(cast: Cast) -> None:
    charter = make_charter(cast, review_every_months=12)
    version = make_in_force(cast, charter=charter)
    term = dt.date(2027, 1, 31)
    set_clock(term - dt.timedelta(days=31))
    assert waits(cast, cast.coordinator) == []
    announced = term - dt.timedelta(days=30)
    set_clock(announced)
    assert waits(cast, cast.coordinator) == [("charter_review_due", str(charter.pk), announced.isoformat())]
    assert waits(cast, cast.chair_alpha) == []
    assert "charter_review_overdue" not in signs(cast)
    set_clock(term + dt.timedelta(days=1))
    assert signs(cast)["charter_review_overdue"]["since"] == (term + dt.timedelta(days=1)).isoformat()
    kinds = {str(item.kind) for item in reminders.expected(cast.cooperation, term + dt.timedelta(days=1))}
    assert "review_due" in kinds
    assert review(cast, version).status_code == 200
    assert waits(cast, cast.coordinator) == []
    assert "charter_review_overdue" not in signs(cast)
