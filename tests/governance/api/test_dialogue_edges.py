"""What the dialogue with employees refuses or keeps at its edges: days, states, what is said twice or too late."""

import datetime as dt
from typing import Any

import pytest

from governance.enums import ConsultationState
from governance.models import (
    Consultation,
    ConsultationDocument,
    ConsultationMeeting,
    InformationContest,
    JournalEntry,
    Role,
    StoredFile,
    WorkingGroupMember,
)
from tests.cast import Cast
from tests.clock import set_clock
from tests.files import send
from tests.governance import factories
from tests.requests import act, codes, pointers

pytestmark = pytest.mark.django_db
DAY = dt.timedelta(days=1)
CONSULTATIONS, DOCUMENTS = "/api/v1/consultations/", "/api/v1/consultation-documents/"
MEETINGS, GROUPS = "/api/v1/consultation-meetings/", "/api/v1/working-groups/"
ACTIONS = "/api/v1/communication-actions/"


@pytest.fixture
def running(cast: Cast) -> Consultation:
    """Informed on 2 March 2026, and it is 10 March."""
    set_clock(dt.date(2026, 3, 10))
    informed = {"information_delivered_on": dt.date(2026, 3, 2), "information_complete": True, "regime": "CSE_2018"}
    decision = factories.decision(cast, submitted_on=dt.date(2026, 3, 1))
    return factories.consultation(cast, decision, state=ConsultationState.INFORMATION_SENT, **informed)


def do(cast: Cast, row: Any, name: str, **body: Any) -> Any:
    return act(cast.api(cast.director_alpha), f"{CONSULTATIONS}{row.pk}/{name}/", body)


def prepare(cast: Cast, consultation: Consultation, **body: Any) -> Any:
    given = {"consultation": str(consultation.pk), "title": "Note", **body}
    given.setdefault("reference", "Remise en main propre")
    return cast.api(cast.director_alpha).post(DOCUMENTS, given, format="json")


def hand(cast: Cast, document: ConsultationDocument, day: str = "2026-03-10") -> Any:
    return act(cast.api(cast.director_alpha), f"{DOCUMENTS}{document.pk}/hand-over/", {"handed_on": day})


def meet(cast: Cast, consultation: Consultation, **body: Any) -> Any:
    given = {"consultation": str(consultation.pk), "convened_on": "2026-03-03", "held_on": "2026-03-09", **body}
    return cast.api(cast.employees_alpha).post(MEETINGS, given, format="json")


def lead(cast: Cast, group: Any, name: str, **body: Any) -> Any:
    return act(cast.api(cast.pilot_beta), f"{GROUPS}{group.pk}/{name}/", body)


def in_state(row: Consultation, state: str, **fields: Any) -> None:
    Consultation.objects.filter(pk=row.pk).update(state=state, **fields)


def test_nothing_is_prepared_nor_handed_over_once_the_consultation_is_closed(running: Consultation, cast: Cast) -> None:
    prepared = factories.document(cast, running)
    in_state(running, "closed", closed_on=dt.date(2026, 3, 9), opinion="favourable", opinion_on=dt.date(2026, 3, 8))
    for refused in (prepare(cast, running), hand(cast, prepared)):
        assert (refused.status_code, codes(refused)) == (409, {"wrong_state"})
    assert ConsultationDocument.objects.get().handed_on is None


def test_a_document_is_not_handed_over_without_its_bytes_ahead_of_its_day_nor_past_its_secrecy(
    running: Consultation, cast: Cast
) -> None:
    notice = {"presented_as_confidential": True, "notice": "Confidentiel", "confidential_until": dt.date(2026, 3, 10)}
    secret = factories.document(cast, running, **notice)
    ahead = hand(cast, secret, "2026-03-11")
    assert (ahead.status_code, codes(ahead), pointers(ahead)) == (400, {"in_the_future"}, {"/handed_on"})
    set_clock(dt.date(2026, 3, 11))
    over = hand(cast, secret, "2026-03-11")
    assert (over.status_code, codes(over), pointers(over)) == (400, {"in_the_past"}, {"/handed_on"})
    # Its last day still counts.
    assert hand(cast, secret, "2026-03-10").status_code == 200
    told = StoredFile.objects.create(name="n.txt", media_type="text/plain", size=1, sha256="0" * 64)
    missing = factories.document(cast, running, file=told, reference="")
    lost = hand(cast, missing)
    assert (lost.status_code, codes(lost)) == (409, {"file_missing"})


def test_a_document_has_the_level_of_its_consultation_unless_told_and_its_entries_the_more_closed_of_both(
    running: Consultation, cast: Cast
) -> None:
    Consultation.objects.update(confidentiality="active")
    open_one = prepare(cast, running, source_level="public")
    assert prepare(cast, running).json()["source_level"] == "active"
    closed = prepare(cast, running, source_level="board", presented_as_confidential=True, notice="Confidentiel")
    levels = dict(
        JournalEntry.objects.filter(act="consultation_document.created").values_list("object_id", "confidentiality")
    )
    assert (levels[open_one.json()["id"]], levels[closed.json()["id"]]) == ("active", "board")
    # Said again as it stands: nothing happened.
    path, before = f"{DOCUMENTS}{open_one.json()['id']}/", JournalEntry.objects.count()
    same = cast.api(cast.director_alpha).patch(path, {"title": "Note"}, format="json", headers={"If-Match": "*"})
    assert (same.status_code, same.json()["version"], JournalEntry.objects.count()) == (200, 1, before)


@pytest.mark.parametrize(
    ("body", "code", "pointer"),
    [
        ({"level": "establishment"}, "one_level_only", "/level"),
        ({"convened_on": "2026-03-10"}, "after_the_meeting", "/convened_on"),
        ({"agenda_sent_on": "2026-03-10"}, "after_the_meeting", "/agenda_sent_on"),
        ({"held_on": "2026-03-11"}, "in_the_future", "/held_on"),
        ({"held_on": "2026-03-10", "agenda_sent_on": "2026-03-11"}, "in_the_future", "/agenda_sent_on"),
    ],
)
def test_a_meeting_that_cannot_have_been_is_refused_where_it_stands(
    running: Consultation, cast: Cast, body: dict[str, str], code: str, pointer: str
) -> None:
    refused = meet(cast, running, **body)
    assert (refused.status_code, codes(refused), pointers(refused)) == (400, {code}, {pointer})
    assert not ConsultationMeeting.objects.exists()


def test_a_meeting_is_held_between_the_information_and_the_end(running: Consultation, cast: Cast) -> None:
    same_day = {"convened_on": "2026-03-09", "agenda_sent_on": "2026-03-09"}
    assert meet(cast, running, **same_day).status_code == 201
    closed = {"closed_on": dt.date(2026, 3, 9), "opinion": "favourable", "opinion_on": dt.date(2026, 3, 8)}
    in_state(running, "closed", **closed)
    assert codes(meet(cast, running)) == {"wrong_state"}
    prepared = factories.consultation(cast, factories.decision(cast))
    assert codes(meet(cast, prepared)) == {"wrong_state"}
    assert ConsultationMeeting.objects.count() == 1


def test_information_is_contested_once_given_before_the_opinion_and_not_ahead(
    running: Consultation, cast: Cast
) -> None:
    def contest(row: Consultation, day: str) -> Any:
        return do(cast, row, "contest-information", contested_on=day, lacking="Le plan de charge")

    for day, code in (("2026-03-11", "in_the_future"), ("2026-03-01", "before_the_start")):
        refused = contest(running, day)
        assert (refused.status_code, codes(refused), pointers(refused)) == (400, {code}, {"/contested_on"})
    prepared = factories.consultation(cast, factories.decision(cast))
    assert codes(contest(prepared, "2026-03-10")) == {"wrong_state"}
    assert not InformationContest.objects.exists()
    # Of two deliveries, the first is enough to find it lacking.
    Consultation.objects.filter(pk=running.pk).update(bdese_notice_on=dt.date(2026, 3, 6))
    assert contest(running, "2026-03-02").status_code == 200
    ahead = do(cast, running, "answer-contest", answered_on="2026-03-11", answer="Voici")
    assert (ahead.status_code, codes(ahead), pointers(ahead)) == (400, {"in_the_future"}, {"/answered_on"})


def test_only_information_that_awaits_an_opinion_is_found_incomplete(running: Consultation, cast: Cast) -> None:
    prepared = factories.consultation(cast, factories.decision(cast))
    for row in (prepared, running):
        if row is running:
            in_state(row, "opinion_given", opinion="favourable", opinion_on=dt.date(2026, 3, 9))
        refused = do(cast, row, "acknowledge-incomplete", missing_information="Le bilan")
        assert (refused.status_code, codes(refused)) == (409, {"wrong_state"})


def test_an_answer_to_an_opinion_comes_after_it_and_says_why(running: Consultation, cast: Cast) -> None:
    in_state(running, "opinion_given", opinion="reserved", opinion_on=dt.date(2026, 3, 9))
    body = {"text": "Le calendrier est revu.", "given_on": "2026-03-09", "meeting_on": "2026-03-09"}
    for wrong, code in (
        ({"given_on": "2026-03-08"}, "before_the_opinion"),
        ({"meeting_on": "2026-03-08"}, "before_the_opinion"),
        ({"given_on": "2026-03-11"}, "in_the_future"),
        ({"meeting_on": "2026-03-11"}, "in_the_future"),
        ({"text": " "}, "blank"),
    ):
        refused = do(cast, running, "record-response", **(body | wrong))
        assert (refused.status_code, codes(refused)) == (400, {code})
        assert pointers(refused) == {f"/{name}" for name in wrong}
    # The same day is after.
    assert do(cast, running, "record-response", **body).status_code == 200


def test_who_sat_who_came_and_when_are_not_said_against_each_other(cast: Cast) -> None:
    group = factories.group(cast, next_meeting_on=cast.today + 9 * DAY)
    anouk = WorkingGroupMember.objects.create(
        cooperation=cast.cooperation, group=group, person=cast.employees_alpha, since=cast.today - 2 * DAY
    )
    day = (cast.today - 3 * DAY).isoformat()
    early = lead(cast, group, "record-meeting", held_on=day, attended=[str(cast.employees_alpha.pk)])
    assert (codes(early), pointers(early)) == ({"not_a_member"}, {"/attended/0"})
    twice = lead(cast, group, "record-meeting", held_on=day, attended=[str(cast.pilot_beta.pk)] * 2)
    assert (twice.status_code, codes(twice), pointers(twice)) == (400, {"repeated"}, {"/attended"})
    gone = lead(cast, group, "remove-member", person=str(anouk.person_id), until=day)
    assert (gone.status_code, codes(gone), pointers(gone)) == (400, {"before_the_start"}, {"/until"})
    # Told afterwards of an earlier meeting, the group still meets when it said.
    late = lead(cast, group, "record-meeting", held_on=day, attendance=1)
    assert late.json()["next_meeting_on"] == (cast.today + 9 * DAY).isoformat()
    set_clock(cast.today + 9 * DAY)
    held = lead(cast, group, "record-meeting", held_on=(cast.today + 9 * DAY).isoformat(), attendance=1)
    assert held.json()["next_meeting_on"] is None


def test_a_group_ends_after_all_that_it_did_and_ends_every_seat(cast: Cast) -> None:
    group = factories.group(cast)
    file = send(cast.api(cast.pilot_beta), b"Trois scenarios.", "note.txt").json()
    done = lead(cast, group, "deliver", delivered_on=cast.today.isoformat(), output_file=file["id"])
    assert done.status_code == 200, done.json()
    assert JournalEntry.objects.get(act="working_group.delivered").payload["file_sha256"] == file["sha256"]
    yesterday = (cast.today - DAY).isoformat()
    assert codes(lead(cast, group, "end", reason="Fini", ended_on=yesterday)) == {"before_its_last_act"}
    other = factories.group(cast)
    for person, since, until in (
        (cast.employees_alpha, cast.today, None),
        (cast.director_alpha, cast.today - 9 * DAY, cast.today + 9 * DAY),
    ):
        WorkingGroupMember.objects.create(
            cooperation=cast.cooperation, group=other, person=person, since=since, until=until
        )
    # A seat whose end is to come is a seat still.
    seated = lead(cast, other, "add-member", person=str(cast.director_alpha.pk))
    assert (seated.status_code, codes(seated)) == (409, {"already_a_member"})
    assert lead(cast, other, "end", reason="Fini", ended_on=yesterday).status_code == 200
    ends = dict(other.members.values_list("person", "until"))
    assert ends == {
        cast.pilot_beta.pk: cast.today - DAY,
        cast.employees_alpha.pk: cast.today,
        cast.director_alpha.pk: cast.today - DAY,
    }


def test_an_action_whose_owner_left_still_changes_its_day(cast: Cast) -> None:
    action = factories.communication(cast, cast.alpha)
    Role.objects.filter(person=action.owner).update(until=cast.today - DAY)
    path, later = f"{ACTIONS}{action.pk}/", (cast.today + 40 * DAY).isoformat()
    moved = cast.api(cast.director_alpha).patch(path, {"planned_on": later}, format="json")
    assert (moved.status_code, moved.json().get("planned_on")) == (200, later)
