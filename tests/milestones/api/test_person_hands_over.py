"""What a person is in charge of by name passes to who may hold it, or stays open knowingly, whatever the app."""

import datetime as dt
from types import SimpleNamespace
from typing import Any

import pytest

from governance import journal
from governance.models import (
    CommunicationAction,
    JournalEntry,
    Person,
    ProjectStep,
    Role,
    Stakeholder,
    SupportMission,
    WorkingGroup,
    WorkingGroupMember,
)
from governance.reminders import expected
from milestones.models import EvaluationGap
from milestones.reminders import expected as expected_by_milestones
from tests.cast import Cast
from tests.clock import set_clock
from tests.governance import factories as governance
from tests.governance import path_factories as path
from tests.milestones import factories as make
from tests.milestones.api.test_person_departures import departure, told
from tests.milestones.api.test_person_leaves import leave, signs
from tests.requests import act, codes, pointers

TODAY = dt.date(2026, 1, 31)
DAY = dt.timedelta(days=1)
TOMORROW = TODAY + DAY
HELD = (WorkingGroup, CommunicationAction, ProjectStep, SupportMission, Stakeholder, EvaluationGap)


@pytest.fixture
def cast(db: None) -> Cast:
    set_clock(TODAY)
    return Cast()


def charge(cast: Cast, holder: Person | None = None) -> SimpleNamespace:
    """Boris leads a group for Bêta, speaks, does a step, follows a mission, is a stakeholder and answers for a gap."""
    boris = holder or cast.pilot_beta
    activity = make.activity(cast)
    read = {"owner": boris, "cause": "Retard", "decision": "accept", "due_on": TODAY + 30 * DAY, "read_on": TODAY}
    made = SimpleNamespace(
        group=governance.group(cast, lead=boris, output_due_on=TODAY + DAY, next_meeting_on=TODAY + DAY),
        action=governance.communication(cast, None, owner=boris, planned_on=TODAY + DAY),
        step=path.step(path.project(cast), owner=boris, due_on=TODAY + DAY),
        mission=path.mission(cast, referent=boris),
        part=governance.stakeholder(cast, name="", person=boris, associated_on=TODAY, expected="Un avis"),
        gap=make.gap(cast, make.evaluation(cast, state="open"), make.milestone(cast, activity), **read),
    )
    path.deliverable(made.mission, due_on=TODAY + DAY)
    made.keys = {
        "group": f"group_loses_its_lead:{made.group.pk}",
        "action": f"communication_planned:{made.action.pk}",
        "step": f"structure_step_without_owner:{made.step.pk}",
        "mission": f"mission_without_referent:{made.mission.pk}",
        "part": f"stakeholder_named:{made.part.pk}",
        "gap": f"gap_without_owner:{made.gap.pk}",
    }
    return made


def fresh(held: SimpleNamespace) -> SimpleNamespace:
    for name in held.keys:
        getattr(held, name).refresh_from_db()
    return held


def to(held: SimpleNamespace, person: Person) -> dict[str, dict[str, str]]:
    return {key: {"to": str(person.pk)} for key in held.keys.values()}


def rows() -> list[Any]:
    """What a refusal must leave as it was."""
    models = (*HELD, WorkingGroupMember, Role)
    return [*(list(model.objects.order_by("pk").values()) for model in models), JournalEntry.objects.count()]


def gone(cast: Cast) -> set[str]:
    """What is said to be in the charge of somebody who left."""
    found = cast.api(cast.coordinator).get(f"/api/v1/cooperations/{cast.cooperation.pk}/vital-signs/").json()["signs"]
    return {row["objects"][0]["id"] for row in found if row["code"] == "in_charge_gone"}


def reminded(cast: Cast) -> set[Any]:
    """Who is reminded of what Boris was in charge of."""
    found = [*expected(cast.cooperation, TOMORROW), *expected_by_milestones(cast.cooperation, TOMORROW)]
    return {item.recipient_id for item in found if item.kind != "milestone_due"}


def test_each_thing_is_asked_and_taken_by_the_act_that_names_its_holder(cast: Cast) -> None:
    held, boris, berthe = charge(cast), cast.pilot_beta, cast.director_beta
    consequences = departure(cast, boris).json()["consequences"]
    asked = {item["key"] for item in consequences if item["asks"] and item["reassignable"]}
    assert asked == set(held.keys.values())
    done = leave(cast, boris, handovers=to(held, berthe))
    assert done.status_code == 200, done.json()
    fresh(held)
    # She acts for Bêta too: the group stays led on its behalf.
    assert (held.group.lead, held.group.organisation) == (berthe, cast.beta)
    seats = {seat.person: seat.until for seat in held.group.members.select_related("person")}
    assert seats == {boris: TODAY, berthe: None}
    assert (held.action.owner, held.step.owner, held.mission.referent) == (berthe, berthe, berthe)
    assert (held.gap.owner, held.gap.cause, held.gap.due_on) == (berthe, "Retard", TODAY + 30 * DAY)
    assert (held.part.until, held.part.end_reason) == (TODAY, "Nouvel emploi")
    following = Stakeholder.objects.get(person=berthe)
    assert (following.since, following.expected, following.kind) == (TOMORROW, "Un avis", "users")
    # Heard was Boris.
    assert following.associated_on is None
    acts = set(JournalEntry.objects.values_list("act", flat=True))
    assert {"working_group.updated", "project_step.updated", "support_mission.updated"} <= acts
    assert {"stakeholder.ended", "stakeholder.created", "evaluation_gap.read", "person.left"} <= acts
    assert journal.verify_all() == []
    set_clock(TOMORROW)
    assert (signs(cast), gone(cast)) == ({}, set())
    assert boris.pk not in reminded(cast)
    assert berthe.pk in reminded(cast)


def test_who_acts_for_another_organisation_leads_in_their_own_name(cast: Cast) -> None:
    held = charge(cast)
    assert leave(cast, cast.pilot_beta, handovers=to(held, cast.facilitator)).status_code == 200
    assert (fresh(held).group.lead, held.group.organisation) == (cast.facilitator, None)


def test_what_stays_open_is_a_sign_and_the_coordination_is_reminded(cast: Cast) -> None:
    held, boris = charge(cast), cast.pilot_beta
    answers = {key: {"left_open": f"À revoir ({key})"} for key in held.keys.values()}
    done = leave(cast, boris, handovers=answers)
    assert done.status_code == 200, done.json()
    assert held.group.members.get().until == TODAY
    assert signs(cast) == {}
    set_clock(TOMORROW)
    shown = signs(cast)
    assert set(shown) == {str(getattr(held, name).pk) for name in held.keys}
    assert all(f"À revoir ({held.keys[name]})" in shown[str(getattr(held, name).pk)]["why"] for name in held.keys)
    assert set(signs(cast, "chair_delta")) == {str(held.part.pk)}
    # Told once: what was left open is no second sign for having nobody in charge.
    assert gone(cast) == set()
    assert reminded(cast) == {cast.coordinator.pk}
    coordinator = cast.api(cast.coordinator)
    # Said of the group, and nobody is seated again by it.
    themed = coordinator.patch(f"/api/v1/working-groups/{held.group.pk}/", {"theme": "Paie"})
    assert (themed.status_code, held.group.members.filter(until=None).exists()) == (200, False)
    fanny = str(cast.facilitator.pk)
    for resource, row, field in (
        ("working-groups", held.group, "lead"),
        ("communication-actions", held.action, "owner"),
        ("project-steps", held.step, "owner"),
        ("support-missions", held.mission, "referent"),
    ):
        taken = coordinator.patch(f"/api/v1/{resource}/{row.pk}/", {field: fanny})
        assert taken.status_code == 200, (resource, taken.json())
    ended = act(coordinator, f"/api/v1/stakeholders/{held.part.pk}/end/", {"reason": "Partie", "until": "2026-01-31"})
    assert ended.status_code == 200, ended.json()
    reading = {"cause": "Retard", "decision": "accept", "owner": fanny, "due_on": "2026-03-01"}
    assert act(coordinator, f"/api/v1/evaluation-gaps/{held.gap.pk}/read/", reading).status_code == 200
    assert (signs(cast), gone(cast)) == ({}, set())
    assert held.group.members.get(until=None).person == cast.facilitator


def test_what_is_over_or_done_asks_nothing(cast: Cast) -> None:
    boris = cast.pilot_beta
    governance.group(cast, ended_on=TODAY, end_reason="Fini")
    governance.communication(cast, None, owner=boris, state="cancelled", cancelled_reason="Sans objet")
    path.step(path.project(cast), owner=boris, state="done")
    path.step(path.project(cast, state="abandoned"), owner=boris)
    over = path.mission(cast, referent=boris, ends_on=TODAY)
    governance.stakeholder(cast, name="", person=boris, until=TODAY)
    closed = make.evaluation(cast, state="closed")
    read = {"owner": boris, "cause": "Retard", "decision": "accept", "due_on": TODAY, "read_on": TODAY}
    make.gap(cast, closed, make.milestone(cast, make.activity(cast)), **read)
    assert set(told(departure(cast, boris))) == {"role_ends"}
    # An accompaniment that is over and still owes something has somebody to ask for it.
    path.deliverable(over)
    assert told(departure(cast, boris))["mission_without_referent"] == [str(over.pk)]
    coming = governance.stakeholder(cast, name="", person=boris, since=TODAY + 9 * DAY)
    assert told(departure(cast, boris))["stakeholder_named"] == [str(coming.pk)]
    keys = [f"mission_without_referent:{over.pk}", f"stakeholder_named:{coming.pk}"]
    done = leave(cast, boris, handovers={key: {"to": str(cast.facilitator.pk)} for key in keys})
    assert done.status_code == 200, done.json()
    coming.refresh_from_db()
    assert (coming.person, coming.since, coming.until) == (cast.facilitator, TODAY + 9 * DAY, None)


def test_every_reason_is_told_at_once_at_its_answer_and_nothing_changes(cast: Cast) -> None:
    held, boris = charge(cast), cast.pilot_beta
    for person in (cast.coordinator, cast.foreign_chair):
        Role.objects.create(cooperation=cast.foreign_cooperation, person=person, kind="observer", since=TODAY - 9 * DAY)
    # Known to the coordinator, who observes the other cooperation; unknown to this one.
    elsewhere = cast.foreign_chair
    Role.objects.filter(person=cast.observer).update(until=TODAY)
    Role.objects.filter(person=cast.funder).update(until=TODAY + 10 * DAY)
    said_before = leave(cast, cast.funder, left_on="2026-02-05")
    assert said_before.status_code == 200, said_before.json()
    was = rows()
    answers = {
        held.keys["group"]: {"to": str(elsewhere.pk)},
        held.keys["action"]: {"to": str(cast.yesterday_chair_alpha.pk)},
        held.keys["step"]: {"to": str(boris.pk)},
        held.keys["mission"]: {"to": str(cast.funder.pk)},
        held.keys["part"]: {"to": str(cast.observer.pk)},
        f"group_seat_ends:{held.group.pk}": {"left_open": "Rien"},
    }
    refused = leave(cast, boris, handovers=answers)
    assert refused.status_code == 409
    assert {(row["pointer"].rpartition("/handovers/")[2], row["code"]) for row in refused.json()["errors"]} == {
        (f"{held.keys['group']}/to", "not_in_the_cooperation"),
        (f"{held.keys['action']}/to", "not_in_the_cooperation"),
        (f"{held.keys['step']}/to", "leaves_too"),
        (f"{held.keys['mission']}/to", "leaves_too"),
        (f"{held.keys['part']}/to", "gone_by_then"),
        (held.keys["gap"], "handover_missing"),
        (f"group_seat_ends:{held.group.pk}", "not_left_behind"),
    }
    assert rows() == was
    # Unknown to the actor altogether: as what does not exist.
    hidden = leave(cast, boris, handovers={held.keys["step"]: {"to": str(cast.stranger.pk)}})
    assert (hidden.status_code, codes(hidden)) == (400, {"does_not_exist"})
    # Whoever comes back after that day may take it.
    Role.objects.create(cooperation=cast.cooperation, person=cast.funder, kind="observer", since=TODAY)
    again = leave(cast, boris, handovers=answers)
    assert f"/handovers/{held.keys['mission']}/to" not in pointers(again)


def test_nobody_is_put_in_charge_on_their_last_day(cast: Cast) -> None:
    held = charge(cast)
    assert leave(cast, cast.observer).status_code == 200
    odile, coordinator = str(cast.observer.pk), cast.api(cast.coordinator)
    for resource, row, field, code in (
        ("working-groups", held.group, "lead", "not_in_the_cooperation"),
        ("communication-actions", held.action, "owner", "not_in_the_cooperation"),
        ("project-steps", held.step, "owner", "no_role"),
        ("support-missions", held.mission, "referent", "no_role"),
        ("corrective-actions", make.corrective_action(cast), "owner", "no_role"),
    ):
        response = coordinator.patch(f"/api/v1/{resource}/{row.pk}/", {field: odile})
        assert (response.status_code, codes(response), pointers(response)) == (400, {code}, {f"/{field}"}), resource


def test_leaving_lets_nobody_entrust_what_they_could_not(cast: Cast) -> None:
    held, boris = charge(cast), cast.pilot_beta
    own = governance.communication(cast, cast.beta, owner=boris)
    keys = held.keys | {"own": f"communication_planned:{own.pk}"}
    answers = {key: {"to": str(cast.director_beta.pk)} for key in keys.values()}
    # The lead hands the group on; the rest is not theirs to entrust.
    refused = {"action", "step", "mission", "part", "gap", "own"}
    alone = leave(cast, boris, "pilot_beta", handovers=answers)
    assert (alone.status_code, codes(alone)) == (409, {"not_yours_to_give"})
    assert pointers(alone) == {f"/handovers/{keys[name]}/to" for name in refused}
    # Each says whom to ask.
    assert all("oordination" in error["detail"] for error in alone.json()["errors"])
    # The head of Bêta plans what its own people are told.
    headed = leave(cast, boris, "chair_beta", handovers=answers)
    assert pointers(headed) == {f"/handovers/{keys[name]}/to" for name in (refused | {"group"}) - {"own"}}
    for name in refused:
        answers[keys[name]] = {"left_open": "À confier"}
    done = leave(cast, boris, "pilot_beta", handovers=answers)
    assert done.status_code == 200, done.json()
    assert fresh(held).group.lead == cast.director_beta


def test_what_the_actor_may_not_know_is_not_asked_and_is_told_to_who_may(cast: Cast) -> None:
    hidden = governance.group(cast, confidentiality="board")
    done = leave(cast, cast.pilot_beta, "director_beta")
    assert done.status_code == 200, done.json()
    hidden.refresh_from_db()
    assert (hidden.lead, hidden.members.get().until) == (cast.pilot_beta, TODAY)
    assert str(hidden.pk) not in str(JournalEntry.objects.get(act="person.left").payload)
    assert JournalEntry.objects.get(act="working_group.member_removed").confidentiality == "board"
    set_clock(TOMORROW)
    assert gone(cast) == {str(hidden.pk)}
    reader = cast.api(cast.director_beta)
    assert str(hidden.pk) not in reader.get(f"/api/v1/cooperations/{cast.cooperation.pk}/vital-signs/").content.decode()


def test_who_leaves_one_cooperation_keeps_what_they_hold_in_the_others(cast: Cast) -> None:
    boris = cast.pilot_beta
    Role.objects.create(cooperation=cast.foreign_cooperation, person=boris, kind="observer", since=cast.since)
    there = governance.group(cast, organisation=None)
    WorkingGroup.objects.update(cooperation=cast.foreign_cooperation)
    WorkingGroupMember.objects.update(cooperation=cast.foreign_cooperation)
    path.mission(cast, referent=boris, cooperation=cast.foreign_cooperation)
    here = governance.group(cast)
    found = told(departure(cast, boris))
    assert found == {"group_loses_its_lead": [str(here.pk)], "role_ends": found["role_ends"]}
    key = f"group_loses_its_lead:{here.pk}"
    foreign = leave(cast, boris, handovers={f"group_loses_its_lead:{there.pk}": {"left_open": "Ailleurs"}})
    assert codes(foreign) == {"handover_missing", "not_left_behind"}
    assert leave(cast, boris, handovers={key: {"to": str(cast.facilitator.pk)}}).status_code == 200
    there.refresh_from_db()
    assert (there.lead, there.members.get().until) == (boris, None)


def test_a_delegation_passes_to_nobody_and_asks_unless_another_decides_in_its_matters(cast: Cast) -> None:
    camille, fanny = cast.coordinator, cast.facilitator
    ours = governance.delegation(cast, subjects=["achats"])
    second = Role.objects.create(cooperation=cast.cooperation, person=fanny, kind="coordination", since=TODAY - DAY)
    key = f"delegation_without_holder:{ours.pk}"
    [asked] = [item for item in departure(cast, camille).json()["consequences"] if item["asks"]]
    assert (asked["key"], asked["reassignable"], asked["day"]) == (key, False, (TODAY + 365 * DAY).isoformat())
    given = leave(cast, camille, handovers={key: {"to": str(fanny.pk)}})
    assert (codes(given), pointers(given)) == ({"not_reassignable"}, {f"/handovers/{key}/to"})
    other = governance.delegation(cast, role=second, subjects=["travaux"])
    assert "delegation_without_holder" in told(departure(cast, camille))
    for subjects in (["achats", "travaux"], []):
        type(other).objects.filter(pk=other.pk).update(subjects=subjects)
        assert told(departure(cast, camille)).keys() == {"delegation_ends", "role_ends"}
    type(other).objects.filter(pk=other.pk).update(subjects=["travaux"])
    assert leave(cast, camille, handovers={key: {"left_open": "L’assemblée décide"}}).status_code == 200
    set_clock(TOMORROW)
    assert set(signs(cast, "facilitator")) == {str(ours.pk)}
    type(other).objects.filter(pk=other.pk).update(subjects=["achats"])
    assert signs(cast, "facilitator") == {}


def test_somebody_unable_when_asked_may_take_it_with_the_role_that_they_are_given(cast: Cast) -> None:
    """A chair who leaves gives the chair and what goes with it: the role is held the day after."""
    alice, yves = cast.chair_alpha, cast.yesterday_chair_alpha
    part = governance.stakeholder(cast, name="", person=alice)
    keys = [f"organisation_without_chair:{alice.roles.get().pk}", f"stakeholder_named:{part.pk}"]
    done = leave(cast, alice, handovers={key: {"to": str(yves.pk)} for key in keys})
    assert done.status_code == 200, done.json()
    assert Stakeholder.objects.get(until=None).person == yves


def test_a_departure_told_afterwards_leaves_to_who_is_there_today(cast: Cast) -> None:
    part = governance.stakeholder(cast, name="", person=cast.pilot_beta)
    Role.objects.filter(person=cast.observer).update(until=TODAY - DAY)
    answers = {f"stakeholder_named:{part.pk}": {"to": str(cast.observer.pk)}}
    refused = leave(cast, cast.pilot_beta, left_on="2026-01-20", handovers=answers)
    assert (refused.status_code, codes(refused)) == (409, {"gone_by_then"})
    group = governance.group(cast, lead=cast.facilitator, organisation=None)
    since = TODAY - 5 * DAY
    seat = WorkingGroupMember.objects.create(
        cooperation=cast.cooperation, group=group, person=cast.pilot_beta, since=since
    )
    done = leave(
        cast, cast.pilot_beta, left_on="2026-01-20", handovers={key: {"left_open": "À voir"} for key in answers}
    )
    assert done.status_code == 200, done.json()
    # Seated since: one day of it stays in the record.
    seat.refresh_from_db()
    assert (seat.until, group.members.get(person=cast.facilitator).until) == (since, None)


def test_who_holds_the_same_part_already_is_not_recorded_twice(cast: Cast) -> None:
    part = governance.stakeholder(cast, name="", person=cast.pilot_beta)
    same = governance.stakeholder(cast, name="", person=cast.observer)
    done = leave(cast, cast.pilot_beta, handovers={f"stakeholder_named:{part.pk}": {"to": str(cast.observer.pk)}})
    assert done.status_code == 200, done.json()
    assert list(Stakeholder.objects.filter(until=None)) == [same]


def test_what_was_left_open_is_settled_by_its_end_too(cast: Cast) -> None:
    held = charge(cast)
    answers = {key: {"left_open": "À revoir"} for key in held.keys.values()}
    assert leave(cast, cast.pilot_beta, handovers=answers).status_code == 200
    set_clock(TOMORROW)
    WorkingGroup.objects.update(ended_on=TODAY, end_reason="Fini")
    CommunicationAction.objects.update(state="cancelled", cancelled_reason="Sans objet")
    ProjectStep.objects.update(state="skipped", skipped_reason="Sans objet")
    Stakeholder.objects.update(until=TODAY)
    held.gap.evaluation.state, held.gap.evaluation.closed_on = "closed", TODAY
    held.gap.evaluation.save()
    assert set(signs(cast)) == {str(held.mission.pk)}
