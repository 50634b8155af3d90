"""`people/{id}/export/`: all that is held about a person, nothing of another, and no table forgotten."""

import json
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from governance import personal_data
from governance.models import JournalEntry, Person, Role, WorkingGroupMeeting
from tests.cast import Cast
from tests.milestones import factories as make
from tests.permissions.scene import Scene


def export(cast: Cast, person: Person, reader: Person | None = None) -> dict[str, Any]:
    response = cast.api(reader or person).get(f"/api/v1/people/{person.pk}/export/")
    assert response.status_code == 200, getattr(response, "data", "")
    found: dict[str, Any] = json.loads(response.getvalue())
    return found


def test_every_reference_to_a_person_is_exported_or_left_out_with_a_reason() -> None:
    found = {column.label for column in personal_data.columns()}
    assert found == personal_data.declared(), "say of each in its app: rows, acts, or left out and why"
    assert all(personal_data.left_out().values())


def test_what_somebody_did_and_what_is_said_of_them_is_all_there(cast: Cast) -> None:
    here = Scene(cast).here.objects
    alice = cast.chair_alpha
    cast.api(alice).patch(f"/api/v1/people/{alice.pk}/", {"phone": "01 02 03 04 05"})
    told = export(cast, alice)
    assert (told["format"], told["format_version"]) == ("coopproject-person", 1)
    assert (told["person"]["id"], told["person"]["phone"]) == (str(alice.pk), "01 02 03 04 05")
    rows = {label: [row.get("id", row.get("key")) for row in found] for label, found in told["rows"].items()}
    assert rows["governance.role.person"] == [str(alice.roles.get().pk)]
    assert rows["governance.user.person"] == [str(alice.account.pk)]
    assert str(here["tokens"].pk) in rows["governance.apitoken.user"]
    assert rows["governance.storedfile.uploaded_by"] == [str(here["files"].pk)]
    assert rows["charters.articlecomment.author"] == [str(here["article-comments"].pk)]
    assert rows["worker.reminder.recipient"] == [str(here["reminders"].pk)]
    [elector] = told["rows"]["charters.elector.person"]
    assert elector["deliberation"] == str(here["board-deliberations"].pk)
    assert told["acts"]["charters.boarddeliberation.recorded_by"] == [
        {
            "id": str(here["board-deliberations"].pk),
            "created_at": told["acts"]["charters.boarddeliberation.recorded_by"][0]["created_at"],
            "cooperation": str(cast.cooperation.pk),
        }
    ]
    # Every column has its list, be it empty; so have the past states of those that have some.
    assert set(told["rows"]) | set(told["acts"]) | set(told["left_out"]) == personal_data.declared()
    assert [row["id"] for row in told["past"]["governance.role.person"]] == [str(alice.roles.get().pk)]
    assert {"pgh_created_at", "kind"} <= set(told["past"]["governance.role.person"][0])
    by_them = {entry["act"] for entry in told["journal"]["by_them"]}
    assert {"board_deliberation.opened", "person.updated"} <= by_them
    assert [entry["act"] for entry in told["journal"]["about_them"]] == ["person.updated"]
    assert JournalEntry.objects.filter(actor=f"person:{alice.pk}").count() == len(told["journal"]["by_them"])


def test_nothing_is_there_of_another_and_no_secret(cast: Cast) -> None:
    Scene(cast)
    for person in (cast.chair_alpha, cast.pilot_beta, cast.coordinator):
        text = json.dumps(export(cast, person), ensure_ascii=False)
        for other in cast.everyone.values():
            if other != person:
                assert other.email not in text
                assert other.given_name not in text
        assert "secret_hash" not in text
        assert "password" not in text
    stranger = export(cast, cast.stranger)
    assert [label for label, rows in stranger["rows"].items() if rows] == [
        "governance.apitoken.user",
        "governance.user.person",
    ]


def test_the_coordination_exports_for_who_cannot_sign_in(cast: Cast) -> None:
    paul = Person.objects.create(given_name="Paul", family_name="Sans Compte")
    Role.objects.create(cooperation=cast.cooperation, person=paul, kind="observer", since=cast.since)
    assert export(cast, paul, cast.coordinator)["person"]["family_name"] == "Sans Compte"
    refused = cast.api(cast.coordinator).get(f"/api/v1/people/{cast.chair_alpha.pk}/export/")
    assert refused.status_code == 403
    assert cast.api(cast.chair_beta).get(f"/api/v1/people/{paul.pk}/export/").status_code == 403
    unknown = cast.api(cast.chair_alpha).get(f"/api/v1/people/{cast.chair_alpha.pk}/export/?fields=id&x=1")
    assert unknown.status_code == 400


def test_it_costs_one_query_a_table_however_many_rows(cast: Cast) -> None:
    def count() -> int:
        with CaptureQueriesContext(connection) as captured:
            export(cast, cast.pilot_beta)
        return len(
            [query for query in captured.captured_queries if "DECLARE" in query["sql"] or "SELECT" in query["sql"]]
        )

    activity = make.activity(cast)
    for _index in range(2):
        make.mandate(cast, activity, state="proposed")
    export(cast, cast.pilot_beta)
    few = count()
    for _index in range(38):
        make.mandate(cast, activity, state="proposed")
    assert count() == few
    assert few < 80


@pytest.mark.django_db
def test_an_undeclared_reference_would_still_be_told_as_an_act() -> None:
    column = next(iter(personal_data.columns()))
    assert personal_data.share_of(personal_data.Column(column.model, "forgotten", of_account=False)) == "act"


def test_whoever_has_anything_at_all_here_can_read_it_to_the_end(cast: Cast) -> None:
    """Join tables included: who attended the meeting of a group stands in one that has neither day nor tenant."""
    group = Scene(cast).here.objects["working-groups"]
    meeting = WorkingGroupMeeting.objects.create(
        cooperation=cast.cooperation, group=group, held_on=cast.today, attendance=1
    )
    meeting.attended.add(cast.chair_alpha)
    [attended] = export(cast, cast.chair_alpha)["rows"]["governance.workinggroupmeeting_attended.person"]
    assert attended["workinggroupmeeting"] == str(meeting.pk)
    for person in cast.everyone.values():
        assert export(cast, person)["person"]["id"] == str(person.pk)
