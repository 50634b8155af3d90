"""Leaving a charter that asks for notice: who owes it, from when one may go, who waives it (ADR 0020)."""

import datetime as dt
from typing import Any

import pytest

from charters.models import CharterVersion
from governance.models import JournalEntry, Membership, Organisation, Role
from tests.cast import Cast
from tests.charters.factories import make_charter, make_in_force, make_submitted, vote
from tests.clock import set_clock
from tests.requests import act, codes, pointers

URL = "/api/v1/memberships/"
TODAY = dt.date(2026, 1, 31)
EXIT = dt.date(2026, 4, 30)


@pytest.fixture
def cast(db: None) -> Cast:
    set_clock(TODAY)
    return Cast()


def in_force(cast: Cast, months: int | None = 3) -> CharterVersion:
    return make_in_force(cast, charter=make_charter(cast, exit_notice_months=months))


def membership(cast: Cast, organisation: Organisation) -> Membership:
    return Membership.objects.get(cooperation=cast.cooperation, organisation=organisation)


def give_notice(cast: Cast, organisation: Organisation, person: str = "coordinator", **body: Any) -> Any:
    address = f"{URL}{membership(cast, organisation).pk}/give-notice/"
    return act(cast.api(cast.everyone[person]), address, {"reason": "Autre projet", **body})


def leave(cast: Cast, organisation: Organisation, person: str = "coordinator", **body: Any) -> Any:
    address = f"{URL}{membership(cast, organisation).pk}/leave/"
    return act(cast.api(cast.everyone[person]), address, {"reason": "Autre projet", **body})


def test_a_notice_says_from_when_one_may_leave_and_one_leaves_that_day(cast: Cast) -> None:
    in_force(cast)
    response = give_notice(cast, cast.alpha, "chair_alpha")
    assert response.status_code == 200, response.json()
    assert (response.json()["notice_given_on"], response.json()["notice_exit_on"]) == ("2026-01-31", "2026-04-30")
    entry = JournalEntry.objects.get(act="membership.notice_given")
    assert (entry.payload["months"], entry.payload["exit_on"]) == (3, "2026-04-30")
    early = leave(cast, cast.alpha, "chair_alpha", left_on="2026-04-29")
    assert (early.status_code, codes(early), pointers(early)) == (409, {"notice_running"}, {"/left_on"})
    assert "30 avril 2026" in early.json()["errors"][0]["detail"]
    assert membership(cast, cast.alpha).left_on is None
    assert not Role.objects.filter(organisation=cast.alpha, person=cast.chair_alpha, until__isnull=False).exists()
    assert leave(cast, cast.alpha, "chair_alpha", left_on="2026-04-30").status_code == 200


def test_one_does_not_leave_without_the_notice_that_the_charter_asks_for(cast: Cast) -> None:
    in_force(cast)
    response = leave(cast, cast.beta, left_on="2031-01-01")
    assert (response.status_code, codes(response)) == (409, {"notice_missing"})
    assert membership(cast, cast.beta).left_on is None
    assert not JournalEntry.objects.filter(act="membership.left").exists()


def test_the_notice_that_is_owed_is_that_of_the_frozen_text(cast: Cast) -> None:
    version = in_force(cast)
    client = cast.api(cast.coordinator)
    changed = client.patch(f"/api/v1/charters/{version.charter_id}/", {"exit_notice_months": 0}, format="json")
    assert (changed.status_code, changed.json()["exit_notice_months"]) == (200, 0)
    assert give_notice(cast, cast.alpha).json()["notice_exit_on"] == "2026-04-30"


@pytest.mark.parametrize("months", [None, 0])
def test_a_charter_that_asks_for_no_notice_lets_one_leave_at_once(cast: Cast, months: int | None) -> None:
    in_force(cast, months)
    assert leave(cast, cast.alpha).status_code == 200


def test_a_member_that_the_text_does_not_bind_owes_no_notice(cast: Cast) -> None:
    submitted = make_submitted(cast, charter=make_charter(cast, exit_notice_months=3))
    vote(cast, submitted, cast.alpha)
    # Not in force yet: it binds nobody. And the network circle approves nothing, ever.
    assert leave(cast, cast.alpha).status_code == 200
    vote(cast, submitted, cast.beta)
    vote(cast, submitted, cast.gamma)
    submitted.refresh_from_db()
    assert submitted.state == "in_force"
    assert leave(cast, cast.delta).status_code == 200
    assert codes(leave(cast, cast.gamma)) == {"notice_missing"}


def test_the_longest_notice_counts(cast: Cast) -> None:
    in_force(cast, 1)
    in_force(cast, 6)
    assert give_notice(cast, cast.alpha).json()["notice_exit_on"] == "2026-07-31"


def test_the_coordination_waives_the_notice_and_says_why(cast: Cast) -> None:
    in_force(cast)
    own = leave(cast, cast.alpha, "chair_alpha", waiver_reason="Nous sommes pressés")
    assert (own.status_code, codes(own)) == (409, {"waiver_by_coordination"})
    assert membership(cast, cast.alpha).left_on is None
    response = leave(cast, cast.alpha, waiver_reason="Accord des autres membres, réunion du 20 janvier")
    assert response.status_code == 200, response.json()
    assert response.json()["leave_waiver"] == "Accord des autres membres, réunion du 20 janvier"
    assert JournalEntry.objects.get(act="membership.left").payload["waiver"] == response.json()["leave_waiver"]


def test_there_must_be_something_to_waive(cast: Cast) -> None:
    response = leave(cast, cast.alpha, waiver_reason="Pour être sûr")
    assert (response.status_code, codes(response)) == (409, {"nothing_to_waive"})
    assert membership(cast, cast.alpha).left_on is None


def test_a_notice_is_given_once_and_never_for_a_day_to_come(cast: Cast) -> None:
    in_force(cast)
    future = give_notice(cast, cast.alpha, given_on="2026-02-01")
    assert (future.status_code, codes(future)) == (400, {"in_the_future"})
    past = give_notice(cast, cast.alpha, "chair_alpha", given_on="2026-01-30")
    assert (past.status_code, codes(past), pointers(past)) == (400, {"reference_required"}, {"/reference"})
    assert membership(cast, cast.alpha).notice_given_on is None
    assert give_notice(cast, cast.alpha).status_code == 200
    again = give_notice(cast, cast.alpha)
    assert (again.status_code, codes(again)) == (409, {"notice_already_given"})
    assert codes(give_notice(cast, cast.omega)) == {"membership_ended"}


def test_a_notice_of_an_earlier_day_owes_what_bound_the_member_that_day(cast: Cast) -> None:
    in_force(cast)
    set_clock(TODAY + dt.timedelta(days=10))
    before = give_notice(cast, cast.alpha, given_on="2026-01-30", reference="Lettre recommandée du 30 janvier")
    assert before.json()["notice_exit_on"] == "2026-01-30"
    since = give_notice(cast, cast.beta, given_on="2026-01-31", reference="Lettre recommandée du 31 janvier")
    assert since.json()["notice_exit_on"] == "2026-04-30"


def test_an_amendment_of_form_brings_in_no_other_notice(cast: Cast) -> None:
    version = in_force(cast, None)
    client = cast.api(cast.coordinator)
    client.patch(f"/api/v1/charters/{version.charter_id}/", {"exit_notice_months": 24}, format="json")
    draft = act(client, f"/api/v1/charter-versions/{version.pk}/amend/", {"amendment_type": "editorial"})
    assert draft.status_code == 201, draft.json()
    response = act(client, f"/api/v1/charter-versions/{draft.json()['id']}/submit/")
    assert (response.status_code, codes(response)) == (409, {"frame_changed"})


def test_a_notice_of_the_days_of_a_former_text_owes_what_that_text_asked(cast: Cast) -> None:
    version = in_force(cast, 6)
    client = cast.api(cast.coordinator)
    set_clock(dt.date(2026, 3, 1))
    client.patch(f"/api/v1/charters/{version.charter_id}/", {"exit_notice_months": 1}, format="json")
    draft = act(client, f"/api/v1/charter-versions/{version.pk}/amend/", {"amendment_type": "substantial"}).json()
    assert act(client, f"/api/v1/charter-versions/{draft['id']}/submit/").status_code == 200
    second = CharterVersion.objects.get(pk=draft["id"])
    for organisation in (cast.alpha, cast.beta, cast.gamma):
        vote(cast, second, organisation, held_on=dt.date(2026, 3, 1))
    former = give_notice(cast, cast.alpha, given_on="2026-02-28", reference="Lettre recommandée")
    assert former.json()["notice_exit_on"] == "2026-08-28"
    assert give_notice(cast, cast.beta).json()["notice_exit_on"] == "2026-04-01"
