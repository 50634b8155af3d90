"""What a move is said to change to the votes, against what it changes once done, whatever the rule and the votes."""

import datetime as dt
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from charters import services
from charters.enums import VersionState
from charters.models import BoardDeliberation, CharterVersion
from charters.selectors import entry_of
from charters.selectors.entry import EntryReader
from governance import simulations
from governance.models import Membership, Organisation
from governance.services.memberships import membership_move
from governance.simulations import Move
from tests.cast import Cast
from tests.charters.factories import REJECTED, actor_of, make_charter, make_in_force, make_submitted, vote
from tests.clock import set_clock
from tests.permissions.asking import undone

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
CIRCLES = ("network", "active", "core")


def simulated(cast: Cast, organisation: Organisation, circle: str, since: dt.date, **who: Any) -> list[dict[str, Any]]:
    membership = Membership.objects.get(cooperation=cast.cooperation, organisation=organisation)
    client = cast.api(who.get("by", cast.coordinator))
    query = {"circle": circle, "since": since.isoformat()}
    response = client.get(f"/api/v1/memberships/{membership.pk}/simulate-move/", query)
    assert response.status_code == 200, response.json()
    votes: list[dict[str, Any]] = response.json()["votes"]
    return votes


def move(cast: Cast, organisation: Organisation, circle: str, since: dt.date) -> None:
    membership = Membership.objects.get(cooperation=cast.cooperation, organisation=organisation)
    membership_move(pk=membership.pk, actor=actor_of(cast.coordinator), circle=circle, since=since, reason="x")


def parties(version: CharterVersion, day: dt.date) -> set[str]:
    version = CharterVersion.objects.select_related("charter__cooperation").get(pk=version.pk)
    return {party.id for party in EntryReader(version, day).parties()}


def rules(cast: Cast) -> dict[str, dict[str, Any]]:
    weights = {str(cast.alpha.pk): 3, str(cast.beta.pk): 2, str(cast.gamma.pk): 5}
    return {
        "all_members": {"kind": "all_members"},
        "all_core_circle": {"kind": "all_core_circle"},
        "n_of_m": {"kind": "n_of_m", "n": 2},
        "weight_threshold": {"kind": "weight_threshold", "threshold": "1/2", "weights": weights},
    }


@settings(max_examples=15, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rule=st.sampled_from(["all_members", "all_core_circle", "n_of_m", "weight_threshold"]),
    ballots=st.dictionaries(st.sampled_from(["alpha", "beta", "gamma"]), st.booleans(), max_size=3),
    who=st.sampled_from(["alpha", "beta", "gamma", "delta"]),
    circle=st.sampled_from(CIRCLES),
    offset=st.sampled_from([-3, 0, 5]),
    stated=st.sampled_from([None, 3, 9]),
)
def test_what_a_move_was_said_to_change_is_what_it_changes(
    cast: Cast, rule: str, ballots: dict[str, bool], who: str, circle: str, offset: int, stated: int | None
) -> None:
    organisation = getattr(cast, who)
    current = Membership.objects.get(organisation=organisation).stays.get().circle
    if current == circle:
        return
    with undone():
        set_clock(cast.today)
        stated_on = cast.today + stated * DAY if stated is not None else None
        charter = make_charter(cast, entry_rule=rules(cast)[rule])
        version = make_submitted(cast, charter=charter, stated_on=stated_on)
        for name, adopted in ballots.items():
            if CharterVersion.objects.get(pk=version.pk).state == VersionState.SUBMITTED:
                vote(cast, version, getattr(cast, name), None if adopted else REJECTED)
        version.refresh_from_db()
        state, since = version.state, cast.today + offset * DAY
        on = max(since, cast.today)
        supposed = Move(organisation.pk, current, circle, since, on)
        effects = simulations.on_votes(actor_of(cast.coordinator), cast.cooperation, supposed)
        told = {effect.code: effect for effect in effects}
        was = parties(version, on)
        move(cast, organisation, circle, since)
        will_be = parties(version, on)
        assert ("becomes_asked" in told, "stops_being_asked" in told) == (
            str(organisation.pk) in will_be - was,
            str(organisation.pk) in was - will_be,
        )
        if state != VersionState.SUBMITTED:
            assert set(told) <= {"becomes_asked", "stops_being_asked"}
            return
        set_clock(on)
        services.entry_tick()
        version = CharterVersion.objects.select_related("charter__cooperation").get(pk=version.pk)
        entered = version.state == VersionState.IN_FORCE
        assert entered == ("enters_into_force" in told or "enters_anyway" in told)
        if entered:
            effect = told.get("enters_into_force") or told["enters_anyway"]
            assert effect.day == version.in_force_on
            return
        entry = entry_of(version, on)
        assert ("waits_for_its_day" in told) == (entry.enters_on is not None)
        waits = {"still_waits", "entry_out_of_reach", "entry_impeded"} & set(told)
        assert (len(waits) == 1) == (entry.enters_on is None)
        if "still_waits" in told:
            pending = {row.organisation_id for row in entry.parties if row.status in ("pending", "stale")}
            assert set(told["still_waits"].organisations) == pending
            assert entry.formula in str(told["still_waits"].title)


def test_a_text_that_waited_for_one_member_alone_enters_when_it_moves_to_the_network(cast: Cast) -> None:
    version = make_submitted(cast)
    vote(cast, version, cast.alpha)
    vote(cast, version, cast.beta)
    told = simulated(cast, cast.gamma, "network", cast.today)
    assert {effect["code"]: effect["resource"] for effect in told} == {
        "enters_into_force": "charter-versions",
        "stops_being_asked": "charter-versions",
    }
    assert "Charte de la Belle Équipe" in told[0]["title"]
    version.refresh_from_db()
    assert version.state == VersionState.SUBMITTED


def test_a_text_in_force_asks_the_board_of_whoever_comes_closer(cast: Cast) -> None:
    version = make_in_force(cast)
    (effect,) = simulated(cast, cast.delta, "active", cast.today)
    assert (effect["code"], effect["id"]) == ("becomes_asked", str(version.pk))
    assert simulated(cast, cast.gamma, "core", cast.today) == []


def test_a_vote_under_way_would_be_given_up_and_a_text_put_out_of_reach(cast: Cast) -> None:
    version = make_submitted(cast, charter=make_charter(cast, entry_rule={"kind": "n_of_m", "n": 3}))
    chair = actor_of(cast.chair_gamma)
    convened = services.board_deliberation_convene(
        actor=chair,
        charter_version=version,
        board=cast.gamma.boards.get(),
        content_hash=version.content_hash,
        held_on=cast.today,
        ballot="named",
    )
    told = simulated(cast, cast.gamma, "network", cast.today)
    assert {(effect["code"], effect["id"]) for effect in told} == {
        ("vote_given_up", str(convened.pk)),
        ("stops_being_asked", str(version.pk)),
        ("entry_out_of_reach", str(version.pk)),
    }
    move(cast, cast.gamma, "network", cast.today)
    services.entry_tick()
    assert BoardDeliberation.objects.get(pk=convened.pk).state == "cancelled"


def test_a_contested_correction_would_not_enter_whoever_moves(cast: Cast) -> None:
    version = make_in_force(cast)
    draft = services.charter_version_amend(
        pk=version.pk, actor=actor_of(cast.coordinator), amendment_type="editorial", change_summary="Une virgule"
    )
    submitted = services.charter_version_submit(pk=draft.pk, actor=actor_of(cast.coordinator))
    services.charter_version_contest_editorial(
        pk=submitted.pk, actor=actor_of(cast.chair_alpha), reason="Cela change le sens"
    )
    told = {effect["code"]: effect["title"] for effect in simulated(cast, cast.gamma, "network", cast.today)}
    assert "Cela change le sens" in told["entry_impeded"]


def test_nothing_is_told_of_a_text_that_the_reader_may_not_know(cast: Cast) -> None:
    make_submitted(cast, charter=make_charter(cast, confidentiality="core"))
    assert simulated(cast, cast.gamma, "network", cast.today, by=cast.chair_delta) == []
    assert simulated(cast, cast.gamma, "network", cast.today, by=cast.chair_beta) != []
