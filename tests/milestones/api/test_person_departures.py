"""`people/{id}/departure/`: what a person would leave behind, told beforehand, and only to who may know of it."""

import datetime as dt
from typing import Any

import pytest

from charters import services
from governance.enums import CircleKind, RoleKind
from governance.models import Person, Role
from tests.cast import Cast
from tests.charters.factories import actor_of, make_charter, make_submitted
from tests.clock import set_clock
from tests.governance import factories as governance
from tests.milestones import factories as make
from tests.requests import codes, pointers

TODAY = dt.date(2026, 1, 31)


@pytest.fixture
def cast(db: None) -> Cast:
    set_clock(TODAY)
    return Cast()


def departure(cast: Cast, person: Person, reader: str = "coordinator", query: str = "") -> Any:
    return cast.api(cast.everyone[reader]).get(f"/api/v1/people/{person.pk}/departure/{query}")


def told(response: Any) -> dict[str, list[str]]:
    """Code -> the objects that it is told about."""
    assert response.status_code == 200, response.json()
    found: dict[str, list[str]] = {}
    for item in response.json()["consequences"]:
        found.setdefault(item["code"], []).append(item["id"])
    return found


def convened(cast: Cast, held_on: dt.date = TODAY) -> Any:
    """A vote of the board of alpha, convened by its chair."""
    version = make_submitted(cast, charter=make_charter(cast, title="Charte du prêt"))
    return services.board_deliberation_convene(
        actor=actor_of(cast.chair_alpha),
        charter_version=version,
        board=cast.alpha.boards.get(),
        content_hash=version.content_hash,
        held_on=held_on,
        ballot="named",
    )


def test_what_every_app_would_lose_is_told_with_its_key_and_its_remedy(cast: Cast) -> None:
    boris = cast.pilot_beta
    activity = make.activity(cast, name="Minibus")
    mandate = make.mandate(cast, activity)
    proposed = make.mandate(cast, make.activity(cast), state="proposed")
    milestone = make.milestone(cast, activity)
    action = make.corrective_action(cast)
    measure = make.measurement(cast, make.indicator(cast, activity), entered_by=boris, state="draft")
    make.measurement(cast, make.indicator(cast, activity), entered_by=boris, state="submitted")
    response = departure(cast, boris)
    assert told(response) == {
        "activity_without_pilot": [str(mandate.pk)],
        "mandate_proposed": [str(proposed.pk)],
        "milestone_at_risk": [str(milestone.pk)],
        "corrective_action_without_owner": [str(action.pk)],
        "measurement_to_resume": [str(measure.pk)],
        "role_ends": [str(boris.roles.get().pk)],
    }
    body = response.json()
    assert (body["person"], body["on"], body["blocked"]) == (str(boris.pk), "2026-01-31", False)
    rows = body["consequences"]
    assert {row["code"] for row in rows if row["asks"]} == {
        "activity_without_pilot",
        "mandate_proposed",
        "corrective_action_without_owner",
        "measurement_to_resume",
    }
    assert all(row["reassignable"] == row["asks"] for row in rows)
    assert all(row["key"] == f"{row['code']}:{row['id']}" and row["title"] and row["clears"] for row in rows)
    assert all(row["url"] == f"/api/v1/{row['resource']}/{row['id']}/" for row in rows)
    again = cast.api(cast.coordinator).get(
        f"/api/v1/people/{boris.pk}/departure/", headers={"If-None-Match": response["ETag"]}
    )
    assert again.status_code == 304


def test_what_somebody_else_does_already_is_not_orphaned(cast: Cast) -> None:
    activity = make.activity(cast)
    mandate = make.mandate(cast, activity, until=dt.date(2026, 3, 31))
    make.mandate(cast, activity, cast.director_alpha, cast.alpha, since=dt.date(2026, 4, 1), until=None)
    assert "activity_without_pilot" in told(departure(cast, cast.pilot_beta, query="?on=2026-03-30"))
    assert told(departure(cast, cast.pilot_beta, query="?on=2026-03-31")).keys() == {"role_ends"}
    mandate.until = dt.date(2026, 3, 30)
    mandate.save()
    Role.objects.create(
        cooperation=cast.cooperation, person=cast.member_alpha, organisation=cast.alpha, kind="director", since=TODAY
    )
    assert told(departure(cast, cast.director_alpha)).keys() >= {"role_ends"}
    assert "organisation_without_director" not in told(departure(cast, cast.director_alpha))


def test_the_last_coordination_blocks_until_another_one_coordinates_the_day_after(cast: Cast) -> None:
    first = departure(cast, cast.coordinator).json()
    assert (first["blocked"], first["consequences"][0]["code"]) == (True, "coordination_lost")
    other = Role.objects.create(
        cooperation=cast.cooperation, person=cast.facilitator, kind="coordination", since=TODAY + dt.timedelta(days=2)
    )
    assert departure(cast, cast.coordinator).json()["blocked"]
    other.since = TODAY + dt.timedelta(days=1)
    other.save()
    assert not departure(cast, cast.coordinator).json()["blocked"]


def test_the_only_one_of_its_organisation_is_told_with_the_consultation_that_runs(cast: Cast) -> None:
    decision = governance.decision(cast, cast.alpha)
    running = governance.consultation(cast, decision, cast.alpha, confidentiality="restricted")
    withdrawn = governance.decision(cast, state="withdrawn", withdrawn_reason="Sans objet")
    governance.consultation(cast, withdrawn, cast.alpha)
    contact = cast.employees_alpha
    of_alpha = told(departure(cast, contact, "chair_alpha"))
    assert of_alpha == {
        "organisation_without_employees_contact": [str(contact.roles.get().pk)],
        "consultation_without_contact": [str(running.pk)],
    }
    # What is restricted to alpha is told to alpha alone.
    assert told(departure(cast, contact)).keys() == {"organisation_without_employees_contact"}
    # Beta's director goes, its chair may still lead a consultation.
    of_beta = governance.consultation(cast, decision, cast.beta)
    assert told(departure(cast, cast.director_beta)).keys() == {"organisation_without_director"}
    Role.objects.filter(person=cast.chair_beta).update(until=TODAY)
    assert told(departure(cast, cast.director_beta))["consultation_without_contact"] == [str(of_beta.pk)]


def test_the_votes_of_their_board_are_told(cast: Cast) -> None:
    alice, adam = cast.chair_alpha, cast.member_alpha
    vote = convened(cast, held_on=TODAY + dt.timedelta(days=5))
    assert told(departure(cast, alice)) == {
        "organisation_without_chair": [str(alice.roles.get().pk)],
        "vote_without_chair": [str(vote.pk)],
        "seat_in_convened_vote": [str(vote.pk)],
    }
    assert told(departure(cast, adam)).keys() == {"role_ends", "seat_in_convened_vote"}
    set_clock(TODAY + dt.timedelta(days=5))
    services.board_deliberation_open(pk=vote.pk, actor=actor_of(alice))
    services.board_deliberation_declare_proxy(pk=vote.pk, actor=actor_of(alice), giver=None, holder=adam, written=True)
    assert told(departure(cast, adam)) == {
        "role_ends": [str(adam.roles.get().pk)],
        "vote_to_cast": [str(vote.pk)],
        "proxy_without_holder": [str(vote.pk)],
    }
    services.board_deliberation_cast(pk=vote.pk, actor=actor_of(adam), choice="for")
    assert told(departure(cast, adam)).keys() == {"role_ends", "proxy_without_holder"}


def test_the_list_tells_nothing_that_its_reader_may_not_know(cast: Cast) -> None:
    core = make.activity(cast, confidentiality="core")
    mandate = make.mandate(cast, core)
    action = make.corrective_action(cast, confidentiality="board")
    for reader in ("chair_delta", "observer", "chair_gamma"):
        text = departure(cast, cast.pilot_beta, reader).content.decode()
        assert str(mandate.pk) not in text, reader
        assert str(action.pk) not in text, reader
    seen = departure(cast, cast.pilot_beta, "chair_alpha").content.decode()
    assert str(mandate.pk) in seen
    assert str(action.pk) in seen


def test_a_person_of_two_cooperations_is_told_of_one_at_a_time(cast: Cast) -> None:
    boris = cast.pilot_beta
    here = boris.roles.get()
    there = Role.objects.create(
        cooperation=cast.foreign_cooperation, person=boris, kind=RoleKind.OBSERVER, since=cast.since
    )
    cast.member(cast.beta, CircleKind.NETWORK, cooperation=cast.foreign_cooperation)
    unsaid = departure(cast, boris, "pilot_beta")
    assert (unsaid.status_code, pointers(unsaid), codes(unsaid)) == (400, {"?cooperation"}, {"required"})
    mine = told(departure(cast, boris, "pilot_beta", f"?cooperation={cast.foreign_cooperation.pk}"))
    assert mine == {"role_ends": [str(there.pk)]}
    # A coordinator knows of one of them, and need not say which; the other does not exist for them.
    assert told(departure(cast, boris)) == {"role_ends": [str(here.pk)]}
    foreign = departure(cast, boris, query=f"?cooperation={cast.foreign_cooperation.pk}")
    random = departure(cast, boris, query=f"?cooperation={boris.pk}")
    assert foreign.status_code == random.status_code == 400
    assert foreign.json()["errors"] == random.json()["errors"]


def test_roles_that_have_not_begun_and_days_that_are_none(cast: Cast) -> None:
    later = Role.objects.create(
        cooperation=cast.cooperation, person=cast.observer, kind="funder", since=TODAY + dt.timedelta(days=9)
    )
    assert told(departure(cast, cast.observer))["role_never_begins"] == [str(later.pk)]
    assert told(departure(cast, cast.observer, query="?on=2026-02-09")).keys() == {"role_ends"}
    for query in ("?on=demain", "?quand=2026-01-01", "?cooperation=1"):
        assert departure(cast, cast.observer, query=query).status_code == 400, query
    assert departure(cast, cast.observer, query="?on=9999-12-31").status_code == 200
