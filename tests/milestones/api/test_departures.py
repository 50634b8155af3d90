"""`memberships/{id}/departure/`: what leaving would leave behind, told beforehand and only to who may know of it."""

import datetime as dt
from typing import Any

import pytest

from charters import services
from governance.models import Membership, Organisation
from tests.cast import Cast
from tests.charters.factories import (
    actor_of,
    make_agreed,
    make_agreement,
    make_charter,
    make_in_force,
    make_motivation,
    make_submitted,
    vote,
)
from tests.clock import set_clock
from tests.milestones import factories as make

TODAY = dt.date(2026, 1, 31)


@pytest.fixture
def cast(db: None) -> Cast:
    set_clock(TODAY)
    return Cast()


def departure(cast: Cast, organisation: Organisation, person: str = "coordinator", query: str = "") -> Any:
    pk = Membership.objects.get(cooperation=cast.cooperation, organisation=organisation).pk
    return cast.api(cast.everyone[person]).get(f"/api/v1/memberships/{pk}/departure/{query}")


def told(response: Any) -> dict[str, list[str]]:
    """Code -> the objects that it is told about."""
    found: dict[str, list[str]] = {}
    for item in response.json()["consequences"]:
        found.setdefault(item["code"], []).append(item["id"])
    return found


def test_what_every_app_would_lose_is_told_with_its_link_and_its_remedy(cast: Cast) -> None:
    version = make_in_force(cast, charter=make_charter(cast, exit_notice_months=3))
    agreement = make_agreed(cast, confidentiality_clause="Rien ne sort.", mandatary=cast.beta, mandate_scope="Acheter")
    motivation = make_motivation(cast, version.charter, organisation=cast.beta)
    activity = make.activity(cast, name="Minibus")
    activity.organisations.set([cast.alpha, cast.beta])
    mandate = make.mandate(cast, activity)
    milestone = make.milestone(cast, activity)
    response = departure(cast, cast.beta)
    assert response.status_code == 200, response.json()
    found = told(response)
    assert found["notice_missing"] == [str(Membership.objects.get(organisation=cast.beta).pk)]
    assert found["activity_without_pilot"] == [str(mandate.pk)]
    assert found["activity_left_alone"] == [str(activity.pk)]
    assert found["milestone_at_risk"] == [str(milestone.pk)]
    assert found["agreement_still_binds"] == found["mandatary_leaves"] == [str(agreement.pk)]
    assert found["confidentiality_survives"] == [str(agreement.pk)]
    assert found["motivation_of_its_own"] == [str(motivation.pk)]
    assert found["approval_ends"] == [str(version.pk)]
    assert len(found["role_ends"]) == 3
    first = response.json()["consequences"][0]
    assert (first["code"], first["blocking"], first["day"]) == ("notice_missing", True, "2026-04-30")
    assert (response.json()["blocked"], response.json()["notice"]) == (
        True,
        {"months": 3, "given_on": None, "exit_on": "2026-04-30"},
    )
    assert all(item["title"] and item["clears"] for item in response.json()["consequences"])
    assert all(item["url"] == f"/api/v1/{item['resource']}/{item['id']}/" for item in response.json()["consequences"])


def test_what_leaving_one_day_leaves_behind_is_told_for_that_day(cast: Cast) -> None:
    activity = make.activity(cast)
    make.mandate(cast, activity, until=dt.date(2026, 3, 31))
    assert "activity_without_pilot" in told(departure(cast, cast.beta, query="?on=2026-03-30"))
    assert "activity_without_pilot" not in told(departure(cast, cast.beta, query="?on=2026-03-31"))


def test_the_list_tells_nothing_that_its_reader_may_not_know(cast: Cast) -> None:
    secret = make_agreement(cast, cast.beta, cast.gamma)
    # Of its parties only, as one of them would have drafted it.
    type(secret).objects.filter(pk=secret.pk).update(confidentiality="restricted")
    services.agreement_propose(pk=secret.pk, actor=actor_of(cast.coordinator))
    core = make.activity(cast, confidentiality="core")
    core.organisations.set([cast.beta])
    mandate = make.mandate(cast, core)
    for person in ("chair_delta", "observer", "funder", "chair_gamma"):
        text = departure(cast, cast.beta, person).content.decode()
        assert str(core.pk) not in text, person
        assert str(mandate.pk) not in text, person
        assert (str(secret.pk) in text) is (person == "chair_gamma"), person
    assert str(core.pk) in departure(cast, cast.beta, "chair_alpha").content.decode()


def test_a_text_that_could_no_longer_enter_into_force_without_it_is_said_so(cast: Cast) -> None:
    rule = {"kind": "n_of_m", "n": 3, "m": 3}
    version = make_submitted(cast, charter=make_charter(cast, entry_rule=rule))
    vote(cast, version, cast.alpha)
    assert told(departure(cast, cast.gamma))["entry_out_of_reach"] == [str(version.pk)]
    enough = make_submitted(cast, charter=make_charter(cast, entry_rule=rule | {"n": 2}))
    assert told(departure(cast, cast.gamma))["entry_counts_without_it"] == [str(enough.pk)]
    assert "entry_out_of_reach" not in told(departure(cast, cast.delta))


def test_the_last_coordination_is_told(cast: Cast) -> None:
    cast.coordinator.roles.update(organisation=cast.alpha)
    assert told(departure(cast, cast.alpha))["coordination_lost"] == [str(cast.cooperation.pk)]
    assert "coordination_lost" not in told(departure(cast, cast.beta))


def test_a_day_that_is_none_and_a_member_that_left(cast: Cast) -> None:
    assert departure(cast, cast.beta, query="?on=demain").status_code == 400
    assert departure(cast, cast.beta, query="?quand=2026-01-01").status_code == 400
    gone = departure(cast, cast.omega)
    assert (gone.json()["consequences"], gone.json()["blocked"]) == ([], False)
