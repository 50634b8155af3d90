"""`people/{id}/leave/`: what a person leaves is taken by somebody or stays open knowingly, all of it or nothing."""

import datetime as dt
import uuid
from types import SimpleNamespace
from typing import Any

import pytest

from governance import journal
from governance.enums import CircleKind, RoleKind
from governance.models import JournalEntry, Person, Role
from milestones.models import CorrectiveAction, Mandate, Measurement
from tests.cast import Cast
from tests.clock import set_clock
from tests.governance import factories as governance
from tests.milestones import factories as make
from tests.milestones.api.test_person_departures import convened, departure
from tests.requests import act, codes, pointers

TODAY = dt.date(2026, 1, 31)
TOMORROW = TODAY + dt.timedelta(days=1)


@pytest.fixture
def cast(db: None) -> Cast:
    set_clock(TODAY)
    return Cast()


def leave(cast: Cast, person: Person, by: str = "coordinator", **body: Any) -> Any:
    said = {"cooperation": str(cast.cooperation.pk), "reason": "Nouvel emploi", **body}
    return act(cast.api(cast.everyone[by]), f"/api/v1/people/{person.pk}/leave/", said)


def work(cast: Cast) -> SimpleNamespace:
    """Boris pilots, owns an action and has a measure to resume; what he leaves, by its key."""
    activity = make.activity(cast, name="Minibus")
    made = SimpleNamespace(
        activity=activity,
        mandate=make.mandate(cast, activity, spending_ceiling="500.00", powers="Signer"),
        action=make.corrective_action(cast),
        measure=make.measurement(cast, make.indicator(cast, activity), entered_by=cast.pilot_beta, state="draft"),
        role=cast.pilot_beta.roles.get(),
    )
    made.keys = {
        "mandate": f"activity_without_pilot:{made.mandate.pk}",
        "action": f"corrective_action_without_owner:{made.action.pk}",
        "measure": f"measurement_to_resume:{made.measure.pk}",
    }
    return made


def before(cast: Cast) -> list[Any]:
    """What a refusal must leave as it was."""
    return [
        list(Role.objects.order_by("pk").values()),
        list(Mandate.objects.order_by("pk").values()),
        list(CorrectiveAction.objects.order_by("pk").values()),
        list(Measurement.objects.order_by("pk").values()),
        JournalEntry.objects.count(),
    ]


def signs(cast: Cast, reader: str = "coordinator") -> dict[str, dict[str, Any]]:
    """Object -> the sign that it was left open."""
    found = cast.api(cast.everyone[reader]).get(f"/api/v1/cooperations/{cast.cooperation.pk}/vital-signs/")
    rows = found.json()["signs"]
    return {row["objects"][0]["id"]: row for row in rows if row["code"] == "left_open"}


def test_each_thing_is_taken_by_somebody_and_the_journal_says_by_whom(cast: Cast) -> None:
    left = work(cast)
    berthe, fanny = cast.director_beta, cast.facilitator
    response = leave(
        cast,
        cast.pilot_beta,
        handovers={
            left.keys["mandate"]: {"to": str(berthe.pk)},
            left.keys["action"]: {"to": str(fanny.pk)},
            left.keys["measure"]: {"to": str(berthe.pk)},
        },
    )
    assert response.status_code == 200, response.json()
    left.mandate.refresh_from_db()
    assert (left.mandate.state, left.mandate.until) == ("accepted", TODAY)
    following = Mandate.objects.get(activity=left.activity, person=berthe)
    assert (following.state, following.since, following.organisation) == ("proposed", TOMORROW, cast.beta)
    assert (following.powers, following.spending_ceiling) == ("Signer", left.mandate.spending_ceiling)
    assert CorrectiveAction.objects.get().owner == fanny
    assert Measurement.objects.get().entered_by == berthe
    assert Role.objects.get(pk=left.role.pk).until == TODAY
    entry = JournalEntry.objects.get(act="person.left")
    assert (entry.cooperation, entry.object_id) == (cast.cooperation, str(cast.pilot_beta.pk))
    assert entry.payload["left_on"] == "2026-01-31"
    assert entry.payload["roles_ended"] == [str(left.role.pk)]
    assert {(row["id"], row["to"]) for row in entry.payload["handed_over"]} == {
        (str(left.mandate.pk), str(berthe.pk)),
        (str(left.action.pk), str(fanny.pk)),
        (str(left.measure.pk), str(berthe.pk)),
    }
    assert entry.payload["left_open"] == []
    assert (entry.reason, entry.on_behalf_of, entry.confidentiality) == ("Nouvel emploi", cast.beta, "active")
    assert journal.verify_all() == []
    assert signs(cast) == {}


def test_what_stays_open_says_why_and_is_a_sign_until_somebody_takes_it(cast: Cast) -> None:
    left = work(cast)
    response = leave(
        cast, cast.pilot_beta, handovers={key: {"left_open": f"Décidé en mars ({key})"} for key in left.keys.values()}
    )
    assert response.status_code == 200, response.json()
    entry = JournalEntry.objects.get(act="person.left")
    assert {row["code"]: row["why"] for row in entry.payload["left_open"]} == {
        key.partition(":")[0]: f"Décidé en mars ({key})" for key in left.keys.values()
    }
    # Until his last day is over, he does it.
    assert left.mandate.pk not in signs(cast)
    set_clock(TOMORROW)
    shown = signs(cast)
    assert set(shown) == {str(left.mandate.pk), str(left.action.pk), str(left.measure.pk)}
    sign = shown[str(left.mandate.pk)]
    assert "Minibus" in sign["title"]
    assert "Décidé en mars" in sign["why"]
    assert (sign["since"], sign["severity"], sign["objects"][0]["resource"]) == ("2026-02-01", "warning", "mandates")
    assert signs(cast, "chair_delta") == {}
    coordinator = cast.api(cast.coordinator)
    make.mandate(cast, left.activity, cast.director_beta, since=TOMORROW)
    coordinator.patch(f"/api/v1/corrective-actions/{left.action.pk}/", {"owner": str(cast.facilitator.pk)})
    taken = act(coordinator, f"/api/v1/measurements/{left.measure.pk}/hand-over/", {"to": str(cast.facilitator.pk)})
    assert taken.status_code == 200, taken.json()
    assert signs(cast) == {}


def test_each_thing_without_its_answer_is_a_reason_and_nothing_changes(cast: Cast) -> None:
    left = work(cast)
    was = before(cast)
    nothing = leave(cast, cast.pilot_beta)
    assert (nothing.status_code, codes(nothing)) == (409, {"handover_missing"})
    assert pointers(nothing) == {f"/handovers/{key}" for key in left.keys.values()}
    assert any("Minibus" in error["detail"] for error in nothing.json()["errors"])
    # What could be taken is not, as long as the rest is not said.
    some = leave(cast, cast.pilot_beta, handovers={left.keys["action"]: {"to": str(cast.facilitator.pk)}})
    assert pointers(some) == {f"/handovers/{left.keys[name]}" for name in ("mandate", "measure")}
    assert before(cast) == was


def test_an_answer_that_cannot_be_is_refused_where_it_stands(cast: Cast) -> None:
    left = work(cast)
    role = f"role_ends:{left.role.pk}"
    foreign = f"activity_without_pilot:{make.mandate(cast, make.activity(cast), cast.director_alpha, cast.alpha).pk}"
    was = before(cast)
    response = leave(
        cast,
        cast.pilot_beta,
        handovers={
            # Acts for Alpha: cannot pilot for Bêta.
            left.keys["mandate"]: {"to": str(cast.director_alpha.pk)},
            left.keys["action"]: {"to": str(cast.pilot_beta.pk)},
            # A role of old: known, but unable.
            left.keys["measure"]: {"to": str(cast.yesterday_chair_alpha.pk)},
            role: {"left_open": "Rien"},
            foreign: {"to": str(cast.director_beta.pk)},
            "inventé:1/2": {"left_open": "Rien"},
        },
    )
    assert response.status_code == 409
    assert {(error["pointer"], error["code"]) for error in response.json()["errors"]} == {
        (f"/handovers/{left.keys['mandate']}/to", "no_role"),
        (f"/handovers/{left.keys['action']}/to", "leaves_too"),
        (f"/handovers/{left.keys['measure']}/to", "no_role"),
        (f"/handovers/{role}", "not_left_behind"),
        (f"/handovers/{foreign}", "not_left_behind"),
        ("/handovers/inventé:1~12", "not_left_behind"),
    }
    assert before(cast) == was


def test_a_body_of_the_wrong_shape_is_refused_where_it_is_wrong(cast: Cast) -> None:
    bodies: list[tuple[dict[str, Any], str]] = [
        ({"handovers": {"a:b": {}}}, "/handovers/a:b"),
        ({"handovers": {"a:b": {"to": None}}}, "/handovers/a:b/to"),
        ({"handovers": {"a:b": {"left_open": " "}}}, "/handovers/a:b/left_open"),
        ({"handovers": {"a:b": {"left_open": "Oui", "qui": "moi"}}}, "/handovers/a:b/qui"),
        ({"handovers": {"a:b": {"to": str(uuid.UUID(int=1))}}}, "/handovers/a:b/to"),
        ({"handovers": []}, "/handovers"),
        ({"handovers": {f"a:{number}": {"left_open": "Oui"} for number in range(501)}}, "/handovers"),
        ({"reason": ""}, "/reason"),
        ({"left_on": "demain"}, "/left_on"),
        ({"cooperation": str(cast.foreign_cooperation.pk)}, "/cooperation"),
    ]
    for said, pointer in bodies:
        response = leave(cast, cast.observer, **said)
        assert (response.status_code, pointers(response)) == (400, {pointer}), said


def test_the_last_coordination_is_handed_over_and_never_left_open(cast: Cast) -> None:
    camille, key = cast.coordinator, f"coordination_lost:{cast.cooperation.pk}"
    refused = leave(cast, camille, handovers={key: {"left_open": "On verra"}})
    assert (refused.status_code, codes(refused)) == (409, {"cannot_stay_open"})
    assert pointers(refused) == {f"/handovers/{key}/left_open"}
    stranger = Person.objects.create(given_name="Ida", family_name="Ailleurs")
    Role.objects.create(cooperation=cast.foreign_cooperation, person=stranger, kind="observer", since=cast.since)
    unknown = leave(cast, camille, handovers={key: {"to": str(stranger.pk)}})
    assert (unknown.status_code, codes(unknown)) == (400, {"does_not_exist"})
    done = leave(cast, camille, left_on="2026-02-28", handovers={key: {"to": str(cast.facilitator.pk)}})
    assert done.status_code == 200, done.json()
    given = Role.objects.get(person=cast.facilitator, kind=RoleKind.COORDINATION)
    assert (given.since, given.until, camille.roles.get().until) == (
        dt.date(2026, 3, 1),
        None,
        dt.date(2026, 2, 28),
    )


def test_a_chair_leaves_with_the_votes_that_only_a_chair_can_close(cast: Cast) -> None:
    vote = convened(cast)
    alice, adam = cast.chair_alpha, cast.member_alpha
    role = alice.roles.get()
    keys = [f"organisation_without_chair:{role.pk}", f"vote_without_chair:{vote.pk}"]
    self_made = leave(cast, alice, "chair_alpha", handovers={key: {"to": str(adam.pk)} for key in keys})
    assert self_made.status_code == 200, self_made.json()
    # Once for both.
    given = Role.objects.get(person=adam, kind=RoleKind.BOARD_CHAIR)
    assert (given.organisation, given.since) == (cast.alpha, TOMORROW)
    # The rule of roles: nobody makes themselves chair.
    basile = cast.chair_beta
    key = f"organisation_without_chair:{basile.roles.get().pk}"
    proud = leave(cast, basile, "director_beta", handovers={key: {"to": str(cast.director_beta.pk)}})
    assert (proud.status_code, codes(proud), pointers(proud)) == (409, {"self_granted"}, {f"/handovers/{key}/to"})
    unseated = leave(cast, basile, "director_beta", handovers={key: {"left_open": "Élection en mars"}})
    assert unseated.status_code == 200, unseated.json()
    set_clock(TOMORROW)
    assert set(signs(cast)) == {str(Role.objects.get(person=basile).pk)}


def test_leaving_gives_nobody_a_right_that_they_had_not(cast: Cast) -> None:
    left = work(cast)
    to = {"to": str(cast.director_beta.pk)}
    own = leave(cast, cast.pilot_beta, "pilot_beta", handovers=dict.fromkeys(left.keys.values(), to))
    assert own.status_code == 409
    # A pilot proposes no mandate and entrusts no action; the measure is theirs to pass on.
    assert {(error["pointer"], error["code"]) for error in own.json()["errors"]} == {
        (f"/handovers/{left.keys[name]}/to", "not_yours_to_give") for name in ("mandate", "action")
    }
    anouk = cast.employees_alpha
    key = f"organisation_without_employees_contact:{anouk.roles.get().pk}"
    refused = leave(cast, anouk, "employees_alpha", handovers={key: {"to": str(cast.member_alpha.pk)}})
    assert codes(refused) == {"not_yours_to_give"}
    assert leave(cast, anouk, "employees_alpha", handovers={key: {"left_open": "À pourvoir"}}).status_code == 200
    for name in ("facilitator", "chair_alpha", "member_alpha", "chair_delta"):
        assert leave(cast, cast.pilot_beta, name).status_code == 403, name


def test_what_the_actor_may_not_know_ends_without_being_asked_of_them(cast: Cast) -> None:
    core = make.activity(cast, confidentiality="board")
    mandate = make.mandate(cast, core)
    done = leave(cast, cast.pilot_beta, "director_beta")
    assert done.status_code == 200, done.json()
    mandate.refresh_from_db()
    assert mandate.until == TODAY
    entry = JournalEntry.objects.get(act="person.left")
    assert str(mandate.pk) not in str(entry.payload)
    assert JournalEntry.objects.get(act="mandate.shortened").confidentiality == "board"


def test_what_is_restricted_to_an_organisation_is_told_by_its_own_entry_alone(cast: Cast) -> None:
    running = governance.consultation(cast, governance.decision(cast), confidentiality="restricted")
    anouk = cast.employees_alpha
    keys = [
        f"organisation_without_employees_contact:{anouk.roles.get().pk}",
        f"consultation_without_contact:{running.pk}",
    ]
    response = leave(cast, anouk, "director_alpha", handovers={key: {"left_open": "À pourvoir"} for key in keys})
    assert response.status_code == 200, response.json()
    told = JournalEntry.objects.get(act="person.left")
    assert (told.confidentiality, str(running.pk) in str(told.payload)) == ("network", False)
    own = JournalEntry.objects.get(act="consultation.left_open")
    assert (own.confidentiality, own.on_behalf_of) == ("restricted", cast.alpha)
    set_clock(TOMORROW)
    assert str(running.pk) in signs(cast, "director_alpha")
    assert str(running.pk) not in signs(cast)


def test_several_roles_two_organisations_a_later_day_and_another_cooperation(cast: Cast) -> None:
    boris = cast.pilot_beta
    make_role = Role.objects.create
    second = make_role(
        cooperation=cast.cooperation, person=boris, organisation=cast.gamma, kind="board_member", since=cast.since
    )
    future = make_role(cooperation=cast.cooperation, person=boris, kind="observer", since=TODAY + dt.timedelta(days=90))
    cast.member(cast.beta, CircleKind.NETWORK, cooperation=cast.foreign_cooperation)
    elsewhere = make_role(cooperation=cast.foreign_cooperation, person=boris, kind="observer", since=cast.since)
    proposed = make.mandate(cast, make.activity(cast), state="proposed")
    later = make.mandate(cast, make.activity(cast), since=TODAY + dt.timedelta(days=60), until=None)
    keys = [f"mandate_proposed:{proposed.pk}", f"activity_without_pilot:{later.pk}"]
    for head in ("chair_beta", "chair_gamma"):
        assert leave(cast, boris, head).status_code == 403, head
    body = {"left_on": "2026-02-15", "handovers": {key: {"left_open": "À repenser"} for key in keys}}
    done = leave(cast, boris, **body)
    assert done.status_code == 200, done.json()
    assert {role.until for role in boris.roles.filter(cooperation=cast.cooperation)} == {dt.date(2026, 2, 15)}
    assert not Role.objects.filter(pk=future.pk).exists()
    assert Role.objects.get(pk=elsewhere.pk).until is None
    assert {mandate.state for mandate in Mandate.objects.filter(pk__in=[proposed.pk, later.pk])} == {"ended"}
    entry = JournalEntry.objects.get(act="person.left")
    assert entry.payload["roles_never_begun"] == [str(future.pk)]
    assert (str(second.pk) in entry.payload["roles_ended"], entry.on_behalf_of) == (True, None)
    again = leave(cast, boris, left_on="2026-02-15")
    assert (again.status_code, codes(again)) == (409, {"nothing_to_leave"})


def test_days_that_cannot_be_the_last(cast: Cast) -> None:
    new = Role.objects.create(
        cooperation=cast.cooperation, person=cast.observer, kind="funder", since=TODAY - dt.timedelta(days=3)
    )
    lived = leave(cast, cast.observer, left_on="2026-01-20")
    assert (lived.status_code, codes(lived), pointers(lived)) == (409, {"role_began_later"}, {"/left_on"})
    far = leave(cast, cast.observer, left_on="9999-12-31")
    assert (far.status_code, codes(far)) == (409, {"too_far"})
    assert leave(cast, cast.observer, left_on="2026-01-28").status_code == 200
    new.refresh_from_db()
    assert new.until == dt.date(2026, 1, 28)


def test_the_same_key_leaves_once_and_a_stale_version_is_told(cast: Cast) -> None:
    stale = act(
        cast.api(cast.coordinator),
        f"/api/v1/people/{cast.observer.pk}/leave/",
        {"cooperation": str(cast.cooperation.pk), "reason": "Fini"},
        **{"If-Match": '"7"'},
    )
    assert stale.status_code == 412
    key = {"Idempotency-Key": str(uuid.uuid4())}
    said = {"cooperation": str(cast.cooperation.pk), "reason": "Fini"}
    url = f"/api/v1/people/{cast.observer.pk}/leave/"
    first, second = (act(cast.api(cast.coordinator), url, said, **key) for _again in range(2))
    assert (first.status_code, second.status_code) == (200, 200)
    assert second["Idempotency-Replayed"] == "true"
    assert JournalEntry.objects.filter(act="person.left").count() == 1
    assert departure(cast, cast.observer).json()["consequences"] == []
