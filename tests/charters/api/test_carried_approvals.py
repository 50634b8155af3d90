"""An amendment of annexes asks the boards that it touches; the others' approvals are carried over (ADR 0017)."""

import datetime as dt
from typing import Any

import pytest

from charters.models import Approval, CharterAnnex, CharterVersion
from governance.models import JournalEntry, Organisation
from tests.cast import Cast
from tests.charters.factories import chair_of, make_annex, make_charter, make_draft, minutes, vote
from tests.clock import set_clock
from tests.requests import act, codes

ANNEXES = "/api/v1/annexes/"
VERSIONS = "/api/v1/charter-versions/"
VOTES = "/api/v1/board-deliberations/"
NOW = {"If-Match": "*"}
START = dt.date(2026, 5, 4)
DAY = dt.timedelta(days=1)


@pytest.fixture
def cast(db: None) -> Cast:
    set_clock(START)
    return Cast()


def in_force(cast: Cast, *annexes: tuple[str, tuple[Organisation, ...]], **fields: Any) -> CharterVersion:
    """A first version with these annexes, approved by the three parties."""
    draft = make_draft(cast, charter=make_charter(cast, **fields))
    for title, concerns in annexes:
        make_annex(cast, draft, title=title, body=f"Texte de « {title} ».", concerns=list(concerns))
    submit(cast, draft)
    for organisation in (cast.alpha, cast.beta, cast.gamma):
        vote(cast, draft, organisation)
    draft.refresh_from_db()
    assert draft.state == "in_force"
    return draft


def amend(cast: Cast, former: CharterVersion, kind: str = "annex_only") -> CharterVersion:
    url = f"{VERSIONS}{former.pk}/amend/"
    draft = act(cast.api(cast.coordinator), url, {"amendment_type": kind}).json()
    return CharterVersion.objects.get(pk=draft["id"])


def change(cast: Cast, version: CharterVersion, title: str, /, **changes: Any) -> None:
    annex = CharterAnnex.objects.get(charter_version=version, title=title)
    response = cast.api(cast.coordinator).patch(f"{ANNEXES}{annex.pk}/", changes, format="json", headers=NOW)
    assert response.status_code == 200, response.content


def submit(cast: Cast, version: CharterVersion) -> None:
    response = act(cast.api(cast.coordinator), f"{VERSIONS}{version.pk}/submit/", **NOW)
    assert response.status_code == 200, response.content
    version.refresh_from_db()


def record(cast: Cast, version: CharterVersion, organisation: Organisation, day: dt.date = START) -> Any:
    return act(cast.api(chair_of(cast, organisation)), VOTES, minutes(version, organisation, day))


def rows(cast: Cast, version: CharterVersion) -> dict[str, dict[str, Any]]:
    report = cast.api(cast.observer).get(f"{VERSIONS}{version.pk}/entry/").json()
    return {row["name"]: row for row in report["parties"]}


def statuses(cast: Cast, version: CharterVersion) -> dict[str, str]:
    return {name: row["status"] for name, row in rows(cast, version).items()}


def test_only_the_board_that_the_annex_concerns_is_asked_and_the_others_are_carried_over(cast: Cast) -> None:
    former = in_force(cast, ("Locaux de Gamma", (cast.gamma,)), ("Budget", ()))
    day = START + 30 * DAY
    set_clock(day)
    draft = amend(cast, former)
    change(cast, draft, "Locaux de Gamma", body="Deux salles.")
    expected = {"Alpha": "carried", "Bêta": "carried", "Gamma": "pending"}
    assert statuses(cast, draft) == expected  # Before it is submitted: whom it would ask.
    submit(cast, draft)
    assert statuses(cast, draft) == expected
    alpha, gamma = rows(cast, draft)["Alpha"], rows(cast, draft)["Gamma"]
    assert (alpha["carried_from"], alpha["approved_on"], alpha["waits_for"]) == (1, START.isoformat(), "other_boards")
    assert gamma["waits_for"] == "approved_another_text"
    waiting = {
        name: [item["code"] for item in cast.api(cast.everyone[name]).get("/api/v1/users/me/").json()["waiting"]]
        for name in ("chair_alpha", "chair_beta", "chair_gamma")
    }
    assert waiting == {"chair_alpha": [], "chair_beta": [], "chair_gamma": ["approval_waiting"]}
    before = (Approval.objects.count(), JournalEntry.objects.count())
    refused = record(cast, draft, cast.alpha, day)
    assert (refused.status_code, codes(refused)) == (409, {"approval_carried"})
    assert (Approval.objects.count(), JournalEntry.objects.count()) == before
    assert record(cast, draft, cast.gamma, day).status_code == 201
    draft.refresh_from_db()
    assert (draft.state, draft.in_force_on) == ("in_force", day)
    assert statuses(cast, draft) == dict.fromkeys(expected, "in_force")
    assert {name: row["carried_from"] for name, row in rows(cast, draft).items()} == {
        "Alpha": 1,
        "Bêta": 1,
        "Gamma": None,
    }
    # Read from the former text, never copied.
    assert Approval.objects.filter(charter_version=draft).count() == 1
    entered = JournalEntry.objects.get(act="charter_version.entered_into_force", object_id=str(draft.pk))
    assert sorted(entered.payload["carried_over"]) == sorted([str(cast.alpha.pk), str(cast.beta.pk)])
    again = record(cast, draft, cast.alpha, day)
    assert codes(again) == {"already_approved"}


@pytest.mark.parametrize(
    ("changes", "asked"),
    [
        ({"concerns": ["beta"]}, {"Alpha", "Bêta"}),
        ({"concerns": ["alpha", "gamma"]}, {"Alpha", "Gamma"}),
        ({"concerns": []}, {"Alpha", "Bêta", "Gamma"}),
        ({"title": "Autre titre"}, {"Alpha"}),
    ],
)
def test_a_change_of_whom_it_concerns_asks_the_former_and_the_new(
    cast: Cast, changes: dict[str, Any], asked: set[str]
) -> None:
    former = in_force(cast, ("Local", (cast.alpha,)))
    draft = amend(cast, former)
    if "concerns" in changes:
        changes = {"concerns": [str(getattr(cast, name).pk) for name in changes["concerns"]]}
    change(cast, draft, "Local", **changes)
    submit(cast, draft)
    assert {name for name, status in statuses(cast, draft).items() if status == "pending"} == asked
    assert {name for name, status in statuses(cast, draft).items() if status == "carried"} == {
        "Alpha",
        "Bêta",
        "Gamma",
    } - asked


def test_an_annex_added_or_removed_asks_those_whom_it_concerns_or_concerned(cast: Cast) -> None:
    former = in_force(cast, ("Local", (cast.alpha,)))
    draft = amend(cast, former)
    annex = CharterAnnex.objects.get(charter_version=draft)
    assert cast.api(cast.coordinator).delete(f"{ANNEXES}{annex.pk}/", headers=NOW).status_code == 204
    make_annex(cast, draft, title="Navette", concerns=[cast.beta])
    submit(cast, draft)
    assert statuses(cast, draft) == {"Alpha": "pending", "Bêta": "pending", "Gamma": "carried"}


def test_where_no_annex_changed_all_are_asked(cast: Cast) -> None:
    former = in_force(cast, ("Local", (cast.alpha,)))
    draft = amend(cast, former)
    submit(cast, draft)
    assert set(statuses(cast, draft).values()) == {"pending"}
    assert draft.state == "submitted"


def test_an_amendment_of_annexes_brings_no_other_frame_past_the_boards(cast: Cast) -> None:
    former = in_force(cast, ("Local", (cast.alpha,)))
    draft = amend(cast, former)
    change(cast, draft, "Local", body="Un autre.")
    for changes in ({"title": "Autre charte"}, {"review_every_months": 6}, {"entry_rule": {"kind": "n_of_m", "n": 1}}):
        url = f"/api/v1/charters/{former.charter_id}/"
        charter = cast.api(cast.coordinator).get(url).json()
        assert cast.api(cast.coordinator).patch(url, changes, format="json").status_code == 200
        response = act(cast.api(cast.coordinator), f"{VERSIONS}{draft.pk}/submit/", **NOW)
        assert (response.status_code, codes(response)) == (409, {"frame_changed"}), changes
        cast.api(cast.coordinator).patch(url, {name: charter[name] for name in changes}, format="json")
    submit(cast, draft)


@pytest.mark.parametrize(
    "rule",
    [
        {"kind": "n_of_m", "n": 2},
        {"kind": "all_core_circle"},
        {"kind": "weight_threshold", "threshold": "1/2"},
    ],
    ids=lambda rule: rule["kind"],
)
def test_what_was_carried_never_puts_in_force_what_no_board_concerned_has_voted(
    cast: Cast, rule: dict[str, Any]
) -> None:
    if rule["kind"] == "weight_threshold":
        rule = rule | {"weights": {str(org.pk): 1 for org in (cast.alpha, cast.beta, cast.gamma)}}
    former = in_force(cast, ("Local de Gamma", (cast.gamma,)), entry_rule={"kind": "all_members"})
    # The rule of the charter changes with a text that all vote; from there on, two approvals suffice.
    cast.api(cast.coordinator).patch(
        f"/api/v1/charters/{former.charter_id}/", {"entry_rule": rule}, format="json", headers=NOW
    )
    second = amend(cast, former, "substantial")
    submit(cast, second)
    for organisation in (cast.alpha, cast.beta, cast.gamma):
        assert record(cast, second, organisation).status_code == 201
    third = amend(cast, second)
    change(cast, third, "Local de Gamma", body="Un autre.")
    submit(cast, third)
    assert third.state == "submitted"
    assert statuses(cast, third) == {"Alpha": "carried", "Bêta": "carried", "Gamma": "pending"}
    assert record(cast, third, cast.gamma).status_code == 201
    third.refresh_from_db()
    assert third.state == "in_force"


def test_an_annex_that_concerns_no_party_asks_nobody(cast: Cast) -> None:
    former = in_force(cast, ("Local", (cast.alpha,)))
    draft = amend(cast, former)
    make_annex(cast, draft, title="Accueil de Delta", concerns=[cast.delta])
    submit(cast, draft)
    assert (draft.state, draft.in_force_on) == ("in_force", START)
    assert statuses(cast, draft) == {"Alpha": "in_force", "Bêta": "in_force", "Gamma": "in_force"}


def test_approvals_are_carried_from_text_to_text_as_long_as_none_touches_them(cast: Cast) -> None:
    former = in_force(cast, ("Local de Gamma", (cast.gamma,)), ("Local d’Alpha", (cast.alpha,)))
    second = amend(cast, former)
    change(cast, second, "Local de Gamma", body="Un autre.")
    submit(cast, second)
    assert record(cast, second, cast.gamma).status_code == 201
    third = amend(cast, CharterVersion.objects.get(pk=second.pk))
    change(cast, third, "Local d’Alpha", body="Encore un autre.")
    submit(cast, third)
    assert {name: row["carried_from"] for name, row in rows(cast, third).items()} == {
        "Alpha": None,
        "Bêta": 1,
        "Gamma": 2,
    }
    assert record(cast, third, cast.alpha).status_code == 201
    fourth = amend(cast, CharterVersion.objects.get(pk=third.pk), "substantial")
    submit(cast, fourth)
    assert set(statuses(cast, fourth).values()) == {"pending"}


def test_a_refusal_by_the_board_concerned_keeps_the_former_text_in_force(cast: Cast) -> None:
    former = in_force(cast, ("Local de Gamma", (cast.gamma,)))
    draft = amend(cast, former)
    change(cast, draft, "Local de Gamma", body="Un autre.")
    submit(cast, draft)
    body = minutes(draft, cast.gamma, START, votes_for=1, votes_against=5)
    assert act(cast.api(cast.chair_gamma), VOTES, body).status_code == 201
    former.refresh_from_db()
    draft.refresh_from_db()
    assert (former.state, draft.state) == ("in_force", "submitted")
    url = f"{VERSIONS}{draft.pk}/reject/"
    rejected = act(cast.api(cast.coordinator), url, {"reason": "Gamma refuse"}, **NOW)
    assert (rejected.status_code, rejected.json()["state"]) == (200, "rejected")


def test_a_stale_approval_is_not_carried_into_the_count_and_its_board_is_asked(cast: Cast) -> None:
    former = in_force(cast, ("Local de Gamma", (cast.gamma,)), review_every_months=1, approvals_expire="at_review")
    day = START + 60 * DAY
    set_clock(day)
    assert record(cast, former, cast.alpha, day).status_code == 201
    day += 20 * DAY
    set_clock(day)
    draft = amend(cast, former)
    change(cast, draft, "Local de Gamma", body="Un autre.")
    submit(cast, draft)
    assert statuses(cast, draft) == {"Alpha": "carried", "Bêta": "stale", "Gamma": "pending"}
    assert record(cast, draft, cast.gamma, day).status_code == 201
    draft.refresh_from_db()
    assert draft.state == "submitted"
    assert record(cast, draft, cast.beta, day).status_code == 201
    draft.refresh_from_db()
    assert draft.state == "in_force"
    assert set(statuses(cast, draft).values()) == {"in_force"}
    # Carried is not renewed: what alpha approved lasts as long as it did.
    set_clock(day + 20 * DAY)
    assert statuses(cast, draft) == {"Alpha": "stale", "Bêta": "in_force", "Gamma": "in_force"}
