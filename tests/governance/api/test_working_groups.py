"""Working groups: who leads and sits in them, their meetings and output, what they weigh and leave behind."""

import datetime as dt
import json
from typing import Any

import pytest

from governance import departures
from governance.actor import Actor
from governance.models import JournalEntry, Membership, WorkingGroup, WorkingGroupMeeting, WorkingGroupMember
from governance.reminders import expected
from governance.services import dossiers
from tests.cast import Cast
from tests.files import send
from tests.governance import factories
from tests.governance.dossier.documents import minimal
from tests.governance.dossier.test_round_trip import exported_then_forgotten
from tests.queries import assert_constant_queries
from tests.requests import act, codes, pointers

pytestmark = pytest.mark.django_db
BASE = "/api/v1/working-groups/"
DAY = dt.timedelta(days=1)


def begin(cast: Cast, **body: Any) -> Any:
    given = {
        "cooperation": str(cast.cooperation.pk),
        "theme": "Paie commune",
        "mandate": "Proposer une organisation",
        "lead": str(cast.pilot_beta.pk),
        "organisation": str(cast.beta.pk),
        **body,
    }
    return cast.api(cast.coordinator).post(BASE, given, format="json")


def do(cast: Cast, group: Any, name: str, who: Any = None, **body: Any) -> Any:
    return act(cast.api(who or cast.pilot_beta), f"{BASE}{group}/{name}/", body)


def iso(day: dt.date) -> str:
    return day.isoformat()


def test_a_group_lives_from_its_mandate_to_its_end(cast: Cast) -> None:
    made = begin(cast, since=iso(cast.today - 10 * DAY), output_due_on=iso(cast.today))
    assert made.status_code == 201, made.json()
    pk = made.json()["id"]
    assert [(row["person"], row["capacity"]) for row in made.json()["members"]] == [
        (str(cast.pilot_beta.pk), "facilitator")
    ]
    seated = do(
        cast,
        pk,
        "add-member",
        person=str(cast.employees_alpha.pk),
        organisation=str(cast.alpha.pk),
        capacity="employees_representative",
        since=iso(cast.today - 5 * DAY),
    )
    assert [row["capacity"] for row in seated.json()["members"]] == ["facilitator", "employees_representative"]
    came = [str(cast.pilot_beta.pk), str(cast.employees_alpha.pk)]
    met = do(
        cast,
        pk,
        "record-meeting",
        held_on=iso(cast.today),
        attended=came,
        record="Deux pistes",
        next_meeting_on=iso(cast.today + 7 * DAY),
    ).json()
    assert (met["meetings"][0]["attendance"], set(met["meetings"][0]["attended"])) == (2, set(came))
    assert met["next_meeting_on"] == iso(cast.today + 7 * DAY)
    file = send(cast.api(cast.pilot_beta), b"Trois scenarios.", "note.txt").json()
    delivered = do(cast, pk, "deliver", delivered_on=iso(cast.today), output_file=file["id"]).json()
    assert delivered["output_file"]["sha256"] == file["sha256"]
    assert cast.api(cast.chair_gamma).get(f"{BASE}{pk}/output/").content == b"Trois scenarios."
    assert codes(do(cast, pk, "deliver", delivered_on=iso(cast.today), output_text="Encore")) == {"already_delivered"}
    ended = do(cast, pk, "end", reason="Travail rendu").json()
    assert (ended["ended_on"], ended["end_reason"], ended["next_meeting_on"]) == (
        iso(cast.today),
        "Travail rendu",
        None,
    )
    assert {row["until"] for row in ended["members"]} == {iso(cast.today)}
    for name, body in (("record-meeting", {"held_on": iso(cast.today), "attendance": 2}), ("end", {"reason": "x"})):
        assert codes(do(cast, pk, name, **body)) == {"ended"}
    acts = JournalEntry.objects.filter(act__startswith="working_group.").order_by("sequence")
    assert [entry.act.partition(".")[2] for entry in acts] == ["created", "member_added", "met", "delivered", "ended"]


def test_a_group_is_handed_to_another_lead_before_its_lead_leaves_it(cast: Cast) -> None:
    group = factories.group(cast)
    kept = do(cast, group.pk, "remove-member", person=str(cast.pilot_beta.pk))
    assert (kept.status_code, codes(kept), pointers(kept)) == (409, {"leads_the_group"}, {"/person"})
    client = cast.api(cast.facilitator)
    handed = client.patch(f"{BASE}{group.pk}/", {"lead": str(cast.director_alpha.pk)}, format="json").json()
    assert (handed["lead"], handed["organisation"]) == (str(cast.director_alpha.pk), None)
    assert str(cast.director_alpha.pk) in {row["person"] for row in handed["members"]}
    assert do(cast, group.pk, "record-meeting", held_on=iso(cast.today), attendance=2).status_code == 403
    left = do(cast, group.pk, "remove-member", cast.director_alpha, person=str(cast.pilot_beta.pk)).json()
    assert [row["until"] for row in left["members"] if row["person"] == str(cast.pilot_beta.pk)] == [iso(cast.today)]


def test_what_cannot_be_is_refused_where_it_stands_and_nothing_changes(cast: Cast) -> None:
    group = factories.group(cast)
    other = factories.decision(cast, cast.beta, title="Autre")
    heard = factories.consultation(cast, factories.decision(cast))
    before = (JournalEntry.objects.count(), WorkingGroupMember.objects.count())
    after, early = iso(cast.today + DAY), iso(group.since - DAY)
    me, stranger = str(cast.pilot_beta.pk), str(cast.chair_alpha.pk)
    for response, status, errors in (
        (begin(cast, lead=str(cast.stranger.pk)), 400, {("does_not_exist", "/lead")}),
        (begin(cast, lead=str(cast.yesterday_chair_alpha.pk)), 400, {("not_in_the_cooperation", "/lead")}),
        (begin(cast, organisation=str(cast.alpha.pk)), 400, {("not_on_its_behalf", "/organisation")}),
        (begin(cast, since=after), 400, {("in_the_future", "/since")}),
        (begin(cast, output_due_on=iso(cast.today - DAY)), 400, {("before_the_start", "/output_due_on")}),
        (
            begin(cast, confidentiality="restricted"),
            400,
            {("governance_group_is_not_of_one_organisation", "/confidentiality")},
        ),
        (
            begin(cast, decision=str(other.pk), consultation=str(heard.pk)),
            400,
            {("other_decision", "/consultation")},
        ),
        (do(cast, group.pk, "add-member", person=me), 409, {("already_a_member", "/person")}),
        (do(cast, group.pk, "add-member", person=stranger, since=early), 400, {("before_the_start", "/since")}),
        (do(cast, group.pk, "add-member", person=stranger, capacity="union"), 400, {("invalid_choice", "/capacity")}),
        (do(cast, group.pk, "remove-member", person=stranger), 409, {("not_a_member", "/person")}),
        (do(cast, group.pk, "record-meeting", held_on=after, attendance=2), 400, {("in_the_future", "/held_on")}),
        (do(cast, group.pk, "record-meeting", held_on=early, attendance=2), 400, {("before_the_start", "/held_on")}),
        (do(cast, group.pk, "record-meeting", held_on=iso(cast.today)), 400, {("nobody_came", "/attendance")}),
        (
            do(cast, group.pk, "record-meeting", held_on=iso(cast.today), attended=[me, stranger], attendance=3),
            400,
            {("not_a_member", "/attended/1"), ("attendance_differs", "/attendance")},
        ),
        (
            do(
                cast,
                group.pk,
                "record-meeting",
                held_on=iso(cast.today),
                attendance=2,
                next_meeting_on=iso(cast.today),
            ),
            400,
            {("not_after_this_one", "/next_meeting_on")},
        ),
        (do(cast, group.pk, "deliver", delivered_on=iso(cast.today)), 400, {("required", "/output_text")}),
        (do(cast, group.pk, "end", reason=" "), 400, {("blank", "/reason")}),
        (do(cast, group.pk, "end", reason="x", ended_on=after), 400, {("in_the_future", "/ended_on")}),
    ):
        found = {(error["code"], error["pointer"]) for error in response.json()["errors"]}
        assert response.status_code == status, response.json()
        if errors != {("governance_group_is_not_of_one_organisation", "/confidentiality")}:
            assert found == errors
    assert (JournalEntry.objects.count(), WorkingGroupMember.objects.count()) == before
    assert not WorkingGroupMeeting.objects.exists()
    do(cast, group.pk, "record-meeting", held_on=iso(cast.today), attendance=2)
    again = do(cast, group.pk, "record-meeting", held_on=iso(cast.today), attendance=2)
    assert codes(again) == {"already_recorded"}
    assert codes(do(cast, group.pk, "end", reason="x", ended_on=iso(cast.today - DAY))) == {"before_its_last_act"}


def test_a_link_to_what_one_may_not_know_of_is_neither_shown_nor_found(cast: Cast) -> None:
    decision = factories.decision(cast, confidentiality="core")
    group = factories.group(cast, decision=decision)
    for person, known in ((cast.chair_alpha, True), (cast.chair_gamma, False)):
        client = cast.api(person)
        told = client.get(f"{BASE}{group.pk}/").json()
        assert (told["decision"] == str(decision.pk)) is known
        assert len(client.get(f"{BASE}?decision={decision.pk}").json()["results"]) == known
    assert len(cast.api(cast.chair_gamma).get(f"{BASE}?member={cast.pilot_beta.pk}&ended=false").json()["results"]) == 1


def test_the_load_of_each_person_counts_only_the_groups_that_the_reader_may_know_of(cast: Cast) -> None:
    path = f"/api/v1/cooperations/{cast.cooperation.pk}/committee-load/"
    cast.cooperation.settings = {"committee_load": 1}
    cast.cooperation.save(update_fields=["settings"])
    opened = factories.group(cast)
    factories.group(cast, theme="Fusion", confidentiality="core")
    WorkingGroupMeeting.objects.create(
        cooperation=cast.cooperation, group=opened, held_on=cast.today - DAY, attendance=1
    )
    for person, groups, over in ((cast.chair_alpha, 2, True), (cast.chair_gamma, 1, False)):
        told = cast.api(person).get(path).json()
        assert (told["threshold"], told["configurable"]) == (1, "committee_load")
        assert "comitologie" in told["warning"]
        (row,) = [row for row in told["people"] if row["person"] == str(cast.pilot_beta.pk)]
        assert (row["name"], row["groups"], row["meetings"], row["over_threshold"]) == ("Boris Pilote", groups, 1, over)
    assert cast.api(cast.chair_delta).get(path).json()["people"] != []
    boards = {row["person"]: row["boards"] for row in told["people"]}
    assert (boards[str(cast.chair_alpha.pk)], boards[str(cast.pilot_beta.pk)]) == (1, 0)
    assert str(cast.former_chair.pk) in boards or boards[str(cast.chair_gamma.pk)] == 1


def test_silence_and_late_outputs_are_vital_signs(cast: Cast) -> None:
    factories.group(cast, since=cast.today - 200 * DAY, output_due_on=cast.today - DAY)
    factories.group(cast, theme="Récent", output_due_on=cast.today)
    path = f"/api/v1/cooperations/{cast.cooperation.pk}/vital-signs/"
    signs = [sign for sign in cast.api(cast.chair_gamma).get(path).json()["signs"] if "group" in sign["code"]]
    assert sorted(sign["code"] for sign in signs) == ["working_group_output_overdue", "working_group_silent"]
    assert next(sign["since"] for sign in signs if sign["code"].endswith("overdue")) == iso(cast.today)
    cast.cooperation.settings = {"group_silence_months": 12}
    cast.cooperation.save(update_fields=["settings"])
    signs = cast.api(cast.chair_gamma).get(path).json()["signs"]
    assert "working_group_silent" not in {sign["code"] for sign in signs}


def test_a_departure_says_which_groups_lose_their_lead(cast: Cast) -> None:
    group = factories.group(cast)
    WorkingGroupMember.objects.create(
        cooperation=cast.cooperation,
        group=group,
        person=cast.director_beta,
        organisation=cast.beta,
        since=cast.today,
    )
    factories.communication(cast, None, owner=cast.pilot_beta)
    reader = Actor.for_user(cast.coordinator.account)
    of_person = departures.of_person(reader, cast.cooperation, cast.pilot_beta.pk, cast.today)
    told = sorted(item.code for item in of_person if item.code != "role_ends")
    assert told == ["communication_planned", "group_loses_its_lead"]
    membership = Membership.objects.get(organisation=cast.beta)
    body = cast.api(cast.coordinator).get(f"/api/v1/memberships/{membership.pk}/departure/").json()
    found = [item["code"] for item in body["consequences"] if item["code"] != "role_ends"]
    assert sorted(found) == ["communication_planned", "group_loses_its_lead", "group_seat_ends"]
    WorkingGroup.objects.update(confidentiality="core")
    hidden = Actor.for_user(cast.chair_gamma.account)
    left = departures.of_person(hidden, cast.cooperation, cast.pilot_beta.pk, cast.today)
    assert [item.code for item in left if item.code != "role_ends"] == ["communication_planned"]


def test_the_members_are_reminded_of_the_meeting_and_the_lead_of_the_output(cast: Cast) -> None:
    group = factories.group(cast, next_meeting_on=cast.today + DAY, output_due_on=cast.today + 2 * DAY)
    WorkingGroupMember.objects.create(
        cooperation=cast.cooperation, group=group, person=cast.employees_alpha, since=cast.today
    )
    told = {(item.kind, item.recipient_id, item.due_on) for item in expected(cast.cooperation, cast.today)}
    assert told == {
        ("working_group_meeting", cast.pilot_beta.pk, cast.today + DAY),
        ("working_group_meeting", cast.employees_alpha.pk, cast.today + DAY),
        ("working_group_output", cast.pilot_beta.pk, cast.today + 2 * DAY),
    }
    WorkingGroup.objects.update(ended_on=cast.today, end_reason="Fini")
    assert list(expected(cast.cooperation, cast.today)) == []


def test_what_waits_for_the_lead_is_the_meeting_to_record_and_the_output(cast: Cast) -> None:
    factories.group(cast, next_meeting_on=cast.today, output_due_on=cast.today + 14 * DAY)
    factories.group(cast, theme="Plus tard", next_meeting_on=cast.today + DAY, output_due_on=cast.today + 15 * DAY)

    def waits(person: Any) -> list[str]:
        return [item["code"] for item in cast.api(person).get("/api/v1/users/me/").json()["waiting"]]

    assert waits(cast.pilot_beta) == ["group_meeting_to_record", "group_output_to_deliver"]
    assert "group_meeting_to_record" not in waits(cast.coordinator)


def test_a_list_costs_the_same_for_two_rows_and_for_forty(cast: Cast) -> None:
    def make(count: int) -> None:
        for index in range(count):
            group = factories.group(cast, decision=factories.decision(cast), delivered=True)
            meeting = WorkingGroupMeeting.objects.create(
                cooperation=cast.cooperation, group=group, held_on=cast.today - index * DAY, attendance=1
            )
            meeting.attended.set([cast.pilot_beta])

    client = cast.api(cast.coordinator)
    assert_constant_queries(client, "/api/v1/working-groups/", make)
    found = client.get(f"{BASE}?q=PAIE&lead={cast.pilot_beta.pk}&count=exact").json()
    assert (found["count"], client.get(f"{BASE}?q=transport").json()["results"]) == (40, [])


def _document() -> dict[str, Any]:
    document = minimal()
    document["working_groups"] = [
        {
            "theme": "Paie",
            "mandate": "Deux scénarios",
            "lead": "ana",
            "decision": "charte",
            "consultation": "cse",
            "since": "2026-06-01",
            "delivered_on": "2026-09-01",
            "output_text": "Une note",
            "group_members": [
                {"person": "ana", "capacity": "facilitator", "since": "2026-06-01"},
                {"person": "zoe", "organisation": "alpha", "since": "2026-06-10"},
            ],
            "group_meetings": [{"held_on": "2026-07-01", "attendance": 2, "attended": ["ana", "zoe"], "record": "Vu"}],
        }
    ]
    return document


def test_groups_come_back_from_a_dossier_byte_for_byte() -> None:
    text = exported_then_forgotten(_document())
    assert "Deux scénarios" in text
    assert exported_then_forgotten(json.loads(text)) == text


@pytest.mark.parametrize(
    ("where", "changed", "code"),
    [
        ("", {"since": "2030-01-01"}, "in_the_future"),
        ("", {"end_reason": "Fini"}, "required"),
        ("", {"output_text": ""}, "required"),
        ("", {"lead": "zoe", "group_members": []}, "lead_does_not_sit"),
        ("group_members", {"since": "2026-05-01"}, "before_the_start"),
        ("group_members", {"until": "2026-05-01"}, "out_of_order"),
        ("group_meetings", {"held_on": "2026-05-01"}, "outside_the_group"),
        ("group_meetings", {"held_on": "2026-06-05"}, "not_a_member"),
        ("group_meetings", {"attendance": 5}, "attendance_differs"),
    ],
)
def test_a_dossier_whose_group_does_not_hold_together_is_refused(
    where: str, changed: dict[str, Any], code: str
) -> None:
    document = _document()
    group = document["working_groups"][0]
    (group[where][-1] if where else group).update(changed)
    with pytest.raises(dossiers.importer.InvalidInput) as refused:
        dossiers.dossier_import(actor=Actor.system("test"), document=document)
    assert code in {violation.code for violation in refused.value.violations}
    assert not WorkingGroup.objects.exists()
