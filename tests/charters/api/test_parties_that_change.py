"""Members that join, move, leave and come back while a charter is in force or before the boards, all by HTTP."""

import datetime as dt
from typing import Any

import pytest

from charters.models import Approval, CharterVersion
from charters.services import entry_tick
from governance.models import Membership, Organisation, Person
from tests.cast import Cast
from tests.charters.factories import make_charter, make_in_force, make_submitted, minutes, vote
from tests.clock import set_clock
from tests.requests import act, codes

MEMBERSHIPS = "/api/v1/memberships/"
VOTES = "/api/v1/board-deliberations/"
VERSIONS = "/api/v1/charter-versions/"
START = dt.date(2026, 5, 4)
DAY = dt.timedelta(days=1)


@pytest.fixture
def cast(db: None) -> Cast:
    set_clock(START)
    return Cast()


def entry(cast: Cast, version: CharterVersion) -> dict[str, Any]:
    report: dict[str, Any] = cast.api(cast.facilitator).get(f"{VERSIONS}{version.pk}/entry/").json()
    return report


def row(cast: Cast, version: CharterVersion, organisation: Organisation) -> dict[str, Any] | None:
    found = [item for item in entry(cast, version)["parties"] if item["organisation"] == str(organisation.pk)]
    return found[0] if found else None


def told(cast: Cast, version: CharterVersion, organisation: Organisation) -> tuple[Any, ...] | None:
    found = row(cast, version, organisation)
    return (
        found and (found["status"], found["waits_for"], found["since"], found["approved_on"], found["in_force_from"])
    ) or None


def join(cast: Cast, organisation: Organisation, circle: str = "active") -> None:
    body = {"cooperation": str(cast.cooperation.pk), "organisation": str(organisation.pk), "circle": circle}
    response = act(cast.api(cast.coordinator), MEMBERSHIPS, body)
    assert response.status_code == 201, response.content


def membership(organisation: Organisation) -> Membership:
    return Membership.objects.filter(organisation=organisation).latest("joined_on")


def leave(cast: Cast, organisation: Organisation) -> None:
    url = f"{MEMBERSHIPS}{membership(organisation).pk}/leave/"
    assert act(cast.api(cast.coordinator), url, {"reason": "Départ"}).status_code == 200


def move(cast: Cast, organisation: Organisation, circle: str) -> None:
    url = f"{MEMBERSHIPS}{membership(organisation).pk}/move/"
    assert act(cast.api(cast.coordinator), url, {"circle": circle, "reason": "Autre place"}).status_code == 200


def record(cast: Cast, person: Person, version: CharterVersion, organisation: Organisation, day: dt.date) -> Any:
    return act(cast.api(person), VOTES, minutes(version, organisation, day))


def waits(cast: Cast, person: Person) -> list[tuple[str, str]]:
    found = cast.api(person).get("/api/v1/users/me/").json()["waiting"]
    return [(item["code"], item["since"]) for item in found]


def test_whoever_joins_after_the_entry_is_awaited_from_its_day_and_bound_from_its_approval(cast: Cast) -> None:
    version = make_in_force(cast)
    joined = START + 10 * DAY
    set_clock(joined)
    # It had left before there was any charter, and never approved one.
    newcomer, chair = cast.omega, cast.former_chair
    assert row(cast, version, newcomer) is None
    join(cast, newcomer)
    assert told(cast, version, newcomer) == ("pending", "own_board", joined.isoformat(), None, None)
    assert waits(cast, chair) == [("approval_waiting", joined.isoformat())]
    assert entry(cast, version)["summary"] == "En vigueur pour 3 sur 4 ; il manque Oméga (depuis le 14 mai 2026)."
    voted = joined + 5 * DAY
    set_clock(voted)
    assert record(cast, chair, version, newcomer, voted).status_code == 201
    day = voted.isoformat()
    assert told(cast, version, newcomer) == ("in_force", None, day, day, day)
    version.refresh_from_db()
    assert (version.state, version.in_force_on) == ("in_force", START)
    again = record(cast, chair, version, newcomer, voted)
    assert (again.status_code, codes(again)) == (409, {"already_approved"})


def test_whoever_moves_from_the_network_to_an_active_circle_is_awaited_from_that_day(cast: Cast) -> None:
    version = make_in_force(cast)
    assert row(cast, version, cast.delta) is None
    refused = record(cast, cast.chair_delta, version, cast.delta, START)
    assert (refused.status_code, codes(refused)) == (409, {"not_a_party"})
    moved = START + 3 * DAY
    set_clock(moved)
    move(cast, cast.delta, "active")
    assert told(cast, version, cast.delta) == ("pending", "own_board", moved.isoformat(), None, None)
    assert record(cast, cast.chair_delta, version, cast.delta, moved).status_code == 201
    day = moved.isoformat()
    assert told(cast, version, cast.delta) == ("in_force", None, day, day, day)


def test_whoever_moves_to_the_network_is_not_asked_any_more_and_keeps_its_approval_in_the_record(cast: Cast) -> None:
    version = make_in_force(cast)
    moved = START + 3 * DAY
    set_clock(moved)
    move(cast, cast.gamma, "network")
    day = START.isoformat()
    assert told(cast, version, cast.gamma) == ("not_asked", None, moved.isoformat(), day, None)
    assert entry(cast, version)["summary"] == "En vigueur pour 2 sur 2."
    refused = record(cast, cast.chair_gamma, version, cast.gamma, moved)
    assert "not_a_party" in codes(refused)
    assert Approval.objects.filter(organisation=cast.gamma).count() == 1
    set_clock(moved + 4 * DAY)
    move(cast, cast.gamma, "active")
    # It never left the cooperation: what it approved binds it still.
    assert told(cast, version, cast.gamma) == ("in_force", None, day, day, day)


def test_whoever_had_not_approved_and_moves_to_the_network_is_awaited_no_more(cast: Cast) -> None:
    version = make_submitted(cast, charter=make_charter(cast, entry_rule={"kind": "all_core_circle"}))
    vote(cast, version, cast.alpha)
    vote(cast, version, cast.beta)
    assert told(cast, version, cast.gamma) == ("pending", "own_board", START.isoformat(), None, None)
    set_clock(START + DAY)
    move(cast, cast.gamma, "network")
    found = row(cast, version, cast.gamma)
    assert found is not None
    assert (found["status"], found["approved_on"]) == ("not_asked", None)
    assert waits(cast, cast.chair_gamma) == []


def test_whoever_left_and_came_back_approves_again(cast: Cast) -> None:
    version = make_in_force(cast)
    set_clock(START + 5 * DAY)
    leave(cast, cast.gamma)
    # The last day of a member is a day of a member.
    assert told(cast, version, cast.gamma) == (
        "in_force",
        None,
        START.isoformat(),
        START.isoformat(),
        START.isoformat(),
    )
    set_clock(START + 6 * DAY)
    gone = (START + 6 * DAY).isoformat()
    assert told(cast, version, cast.gamma) == ("not_asked", None, gone, START.isoformat(), None)
    back = START + 20 * DAY
    set_clock(back)
    join(cast, cast.gamma)
    chair = cast.person("Gina", "Présidente", "board_chair", cast.gamma)  # type: ignore[arg-type]
    assert told(cast, version, cast.gamma) == ("pending", "own_board", back.isoformat(), None, None)
    found = row(cast, version, cast.gamma)
    assert found is not None
    assert found["reason"] == "left_since"
    early = record(cast, chair, version, cast.gamma, START + 5 * DAY)
    assert (early.status_code, codes(early)) == (409, {"voted_before_asked_again"})
    assert record(cast, chair, version, cast.gamma, back).status_code == 201
    day = back.isoformat()
    assert told(cast, version, cast.gamma) == ("in_force", None, day, day, day)
    rounds = Approval.objects.filter(organisation=cast.gamma).order_by("round").values_list("round", "approved_on")
    assert list(rounds) == [(1, START), (2, back)]


def test_an_approval_given_before_leaving_does_not_count_for_a_text_still_before_the_boards(cast: Cast) -> None:
    version = make_submitted(cast)
    vote(cast, version, cast.gamma)
    leave(cast, cast.gamma)
    set_clock(START + 2 * DAY)
    join(cast, cast.gamma, "core")
    chair = cast.person("Gina", "Présidente", "board_chair", cast.gamma)  # type: ignore[arg-type]
    day = START + 2 * DAY
    assert record(cast, cast.chair_alpha, version, cast.alpha, day).status_code == 201
    assert record(cast, cast.chair_beta, version, cast.beta, day).status_code == 201
    version.refresh_from_db()
    assert version.state == "submitted"
    found = row(cast, version, cast.gamma)
    assert found is not None
    assert (found["status"], found["waits_for"]) == ("pending", "own_board")
    assert record(cast, chair, version, cast.gamma, day).status_code == 201
    version.refresh_from_db()
    assert (version.state, version.in_force_on) == ("in_force", day)


class TestWhileTheBoardsVote:
    def test_n_of_m_counts_those_who_stay(self, cast: Cast) -> None:
        version = make_submitted(cast, charter=make_charter(cast, entry_rule={"kind": "n_of_m", "n": 2, "m": 3}))
        vote(cast, version, cast.gamma)
        leave(cast, cast.gamma)
        set_clock(START + DAY)
        report = entry(cast, version)
        assert report["formula"] == "0 approbations sur 2 nécessaires (2 parties)"
        assert entry_tick() == 0
        assert report["problems"] == []
        for chair, organisation in ((cast.chair_alpha, cast.alpha), (cast.chair_beta, cast.beta)):
            assert record(cast, chair, version, organisation, START + DAY).status_code == 201
        version.refresh_from_db()
        assert (version.state, version.in_force_on) == ("in_force", START + DAY)

    def test_n_that_can_no_longer_be_reached_is_said_and_enters_nothing(self, cast: Cast) -> None:
        version = make_submitted(cast, charter=make_charter(cast, entry_rule={"kind": "n_of_m", "n": 3}))
        vote(cast, version, cast.alpha)
        move(cast, cast.gamma, "network")
        report = entry(cast, version)
        assert [problem["code"] for problem in report["problems"]] == ["n_out_of_range"]
        assert report["summary"].startswith("Ne peut plus entrer en vigueur")
        again = record(cast, cast.chair_alpha, version, cast.alpha, START)
        assert (again.status_code, codes(again)) == (409, {"already_approved"})

    def test_the_weight_of_a_leaver_leaves_both_sides(self, cast: Cast) -> None:
        weights = {str(cast.alpha.pk): 50, str(cast.beta.pk): 30, str(cast.gamma.pk): 20}
        rule = {"kind": "weight_threshold", "weights": weights, "threshold": "3/5"}
        version = make_submitted(cast, charter=make_charter(cast, entry_rule=rule))
        vote(cast, version, cast.alpha)
        assert entry(cast, version)["formula"] == "poids 50 sur 100 (seuil ≥ 60)"
        leave(cast, cast.gamma)
        set_clock(START + DAY)
        assert entry_tick() == 1
        version.refresh_from_db()
        assert (version.state, version.in_force_on) == ("in_force", START + DAY)

    def test_the_weight_of_a_leaver_that_had_approved_counts_no_more(self, cast: Cast) -> None:
        weights = {str(cast.alpha.pk): 50, str(cast.beta.pk): 30, str(cast.gamma.pk): 20}
        rule = {"kind": "weight_threshold", "weights": weights, "threshold": "2/3"}
        version = make_submitted(cast, charter=make_charter(cast, entry_rule=rule), stated_on=START + 9 * DAY)
        vote(cast, version, cast.alpha)
        vote(cast, version, cast.gamma)
        assert entry(cast, version)["met_on"] == START.isoformat()
        leave(cast, cast.gamma)
        set_clock(START + 9 * DAY)
        assert entry_tick() == 0
        assert entry(cast, version)["formula"] == "poids 50 sur 80 (seuil ≥ 53 1/3)"

    def test_the_departure_that_satisfies_the_rule_dates_it(self, cast: Cast) -> None:
        version = make_submitted(cast)
        vote(cast, version, cast.alpha)
        vote(cast, version, cast.beta)
        set_clock(START + 3 * DAY)
        leave(cast, cast.gamma)
        set_clock(START + 8 * DAY)
        assert entry(cast, version)["met_on"] == (START + 4 * DAY).isoformat()
        assert entry_tick() == 1
        version.refresh_from_db()
        assert version.in_force_on == START + 4 * DAY


@pytest.mark.parametrize(
    ("rule", "voters"),
    [
        ({"kind": "all_members"}, "abc"),
        ({"kind": "all_core_circle"}, "ab"),
        ({"kind": "n_of_m", "n": 2}, "bc"),
        ({"kind": "weight_threshold", "threshold": "1/2", "weights": {"a": 3, "b": 1, "c": 2}}, "a"),
    ],
    ids=lambda value: value["kind"] if isinstance(value, dict) else value,
)
@pytest.mark.parametrize("stated", [None, 4, 20])
def test_each_kind_of_rule_enters_on_the_later_of_its_day_and_the_stated_one(
    cast: Cast, rule: dict[str, Any], voters: str, stated: int | None
) -> None:
    """The last approval comes on the eighth day: after a stated day that is near, before one that is far."""
    people = {
        "a": (cast.chair_alpha, cast.alpha),
        "b": (cast.chair_beta, cast.beta),
        "c": (cast.chair_gamma, cast.gamma),
    }
    if "weights" in rule:
        rule = rule | {"weights": {str(people[name][1].pk): weight for name, weight in rule["weights"].items()}}
    stated_on = None if stated is None else START + stated * DAY
    version = make_submitted(cast, charter=make_charter(cast, entry_rule=rule), stated_on=stated_on)
    last = START + 8 * DAY
    for number, name in enumerate(voters):
        set_clock(last if number == len(voters) - 1 else START + DAY)
        assert (
            record(
                cast, people[name][0], version, people[name][1], last if number == len(voters) - 1 else START + DAY
            ).status_code
            == 201
        )
    enters = max(last, stated_on or last)
    report = entry(cast, version)
    assert (report["met_on"], report["enters_on"]) == (last.isoformat(), enters.isoformat())
    assert report["in_force"] is (enters <= last)
    if enters > last:
        waiting = {item["waits_for"] for item in report["parties"] if item["status"] == "approved"}
        assert waiting == {"entry_date"}
        set_clock(enters - DAY)
        assert entry_tick() == 0
        set_clock(enters)
        assert entry_tick() == 1
    version.refresh_from_db()
    assert (version.state, version.in_force_on) == ("in_force", enters)
    late = enters + 3 * DAY
    set_clock(late)
    for name in sorted(set("abc") - set(voters)):
        assert told(cast, version, people[name][1]) == ("pending", "own_board", enters.isoformat(), None, None)
        assert record(cast, people[name][0], version, people[name][1], late).status_code == 201
        assert told(cast, version, people[name][1]) == ("in_force", None, *[late.isoformat()] * 3)
    version.refresh_from_db()
    assert version.in_force_on == enters


def test_a_rule_of_the_core_circle_is_refused_where_the_core_is_empty(cast: Cast) -> None:
    version = make_submitted(cast, charter=make_charter(cast, entry_rule={"kind": "all_core_circle"}))
    act(cast.api(cast.coordinator), f"{VERSIONS}{version.pk}/withdraw/", {"reason": "x"}, **{"If-Match": "*"})
    draft = act(cast.api(cast.coordinator), f"{VERSIONS}{version.pk}/amend/", {}).json()
    set_clock(START + DAY)
    for organisation in (cast.alpha, cast.beta):
        move(cast, organisation, "active")
    response = act(cast.api(cast.coordinator), f"{VERSIONS}{draft['id']}/submit/", **{"If-Match": "*"})
    assert (response.status_code, codes(response)) == (409, {"no_core_member"})
    assert CharterVersion.objects.get(pk=draft["id"]).state == "draft"
