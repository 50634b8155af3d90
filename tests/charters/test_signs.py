"""What charters raise by themselves: vital signs, reminders, and what waits for a person."""

import datetime as dt
import hashlib
from typing import Any

import pytest

from charters import reminders, services, vital_signs
from charters.enums import AmendmentType
from charters.models import BoardDeliberation, CharterVersion
from governance.models import CircleStay, Membership, Person, StoredFile
from governance.services import files
from governance.vital_signs import VitalSign, examine
from governance.waiting import waiting_for
from tests.cast import Cast
from tests.charters.factories import (
    REJECTED,
    actor_of,
    make_annex,
    make_charter,
    make_draft,
    make_effect,
    make_in_force,
    make_motivation,
    make_submitted,
    vote,
)
from tests.clock import set_clock
from tests.governance.factories import consultation, decision


def signs(cast: Cast, on: dt.date | None = None, person: Person | None = None) -> dict[str, VitalSign]:
    """Code -> sign, those of charters only."""
    found = examine(cast.cooperation, actor=actor_of(person or cast.coordinator), on=on or cast.today)
    return {sign.code: sign for sign in found if sign.code in vital_signs.CODES}


def concerned(sign: VitalSign) -> list[str]:
    return sorted(concern.label for concern in sign.objects if concern.resource == "organisations")


def test_a_cooperation_whose_charter_is_in_force_and_complete_raises_nothing(cast: Cast) -> None:
    version = make_in_force(cast)
    make_effect(cast, make_motivation(cast, version.charter))
    assert signs(cast) == {}


def test_a_charter_without_a_version_in_force_is_a_sign(cast: Cast) -> None:
    charter = make_charter(cast)
    found = signs(cast)
    assert list(found) == ["charter_without_version_in_force"]
    assert found["charter_without_version_in_force"].since == cast.today
    services.charter_archive(pk=charter.pk, actor=actor_of(cast.coordinator), reason="Remplacée par une autre")
    assert signs(cast) == {}


def test_silent_boards_are_named_since_the_submission_and_grow_grave_after_the_time_to_answer(cast: Cast) -> None:
    version = make_submitted(cast)
    vote(cast, version, cast.alpha)
    sign = signs(cast)["charter_boards_silent"]
    assert (concerned(sign), sign.since, str(sign.severity)) == (["Bêta", "Gamma"], cast.today, "warning")
    assert str(signs(cast, cast.today + dt.timedelta(days=60))["charter_boards_silent"].severity) == "warning"
    assert str(signs(cast, cast.today + dt.timedelta(days=61))["charter_boards_silent"].severity) == "critical"


def test_a_refusal_is_a_sign_of_its_own(cast: Cast) -> None:
    vote(cast, make_submitted(cast), cast.beta, REJECTED)
    found = signs(cast)
    assert concerned(found["charter_board_refused"]) == ["Bêta"]
    assert concerned(found["charter_boards_silent"]) == ["Alpha", "Gamma"]


def test_a_rule_that_nobody_can_meet_any_more_is_grave(cast: Cast) -> None:
    make_submitted(cast, charter=make_charter(cast, entry_rule={"kind": "n_of_m", "n": 3}))
    CircleStay.objects.filter(membership__organisation=cast.gamma).update(until=cast.today)
    Membership.objects.filter(organisation=cast.gamma).update(left_on=cast.today)
    assert "charter_entry_impossible" not in signs(cast)
    tomorrow = cast.today + dt.timedelta(days=1)
    assert str(signs(cast, tomorrow)["charter_entry_impossible"].severity) == "critical"


def test_members_who_did_not_approve_the_charter_in_force_are_named(cast: Cast) -> None:
    version = make_submitted(cast, charter=make_charter(cast, entry_rule={"kind": "all_core_circle"}))
    vote(cast, version, cast.alpha)
    vote(cast, version, cast.beta)
    assert concerned(signs(cast)["charter_members_not_bound"]) == ["Gamma"]


def test_a_correction_without_vote_is_announced_for_a_month(cast: Cast) -> None:
    former = make_in_force(cast)
    actor = actor_of(cast.coordinator)
    draft = services.charter_version_amend(pk=former.pk, actor=actor, amendment_type=AmendmentType.EDITORIAL)
    services.charter_version_submit(pk=draft.pk, actor=actor)
    set_clock(cast.today + dt.timedelta(days=16))
    services.entry_tick()
    assert "charter_corrected_without_vote" in signs(cast, cast.today + dt.timedelta(days=46))
    assert "charter_corrected_without_vote" not in signs(cast, cast.today + dt.timedelta(days=47))


def test_a_review_is_overdue_the_day_after_its_term_and_recording_it_clears_it(db: None) -> None:
    set_clock(dt.date(2026, 1, 31))
    cast = Cast()
    version = make_in_force(cast, charter=make_charter(cast, review_every_months=1))
    term = dt.date(2026, 2, 28)
    assert "charter_review_overdue" not in signs(cast, term)
    late = term + dt.timedelta(days=1)
    assert signs(cast, late)["charter_review_overdue"].since == late
    set_clock(late)
    services.charter_record_review(pk=version.charter_id, actor=actor_of(cast.coordinator), conclusion="Tenue")
    assert "charter_review_overdue" not in signs(cast, late)


def test_a_file_that_came_as_a_hash_only_is_a_sign_to_those_who_may_know_of_its_annex(cast: Cast) -> None:
    draft = make_draft(cast)
    stored = StoredFile.objects.create(
        name="parts.csv", media_type="text/csv", size=4, sha256=hashlib.sha256(b"A;1\n").hexdigest()
    )
    annex = make_annex(cast, draft, body="", file=stored, confidentiality="core")
    sign = signs(cast)["charter_file_missing"]
    assert [(concern.resource, concern.id) for concern in sign.objects] == [("annexes", str(annex.pk))]
    assert "charter_file_missing" not in signs(cast, person=cast.chair_gamma)
    files.restore(stored, b"A;1\n")
    assert "charter_file_missing" not in signs(cast)


def test_an_irregular_vote_of_an_imported_history_is_grave(cast: Cast) -> None:
    deliberation = vote(cast, make_submitted(cast), cast.alpha, REJECTED)
    values = {field.attname: getattr(deliberation, field.attname) for field in deliberation._meta.concrete_fields}
    values = {name: value for name, value in values.items() if name not in ("id", "created_at", "updated_at")}
    BoardDeliberation(**{**values, "irregular": True, "irregular_codes": ["consultation_missing"]}).save()
    sign = signs(cast)["charter_vote_irregular"]
    assert "consultation_missing" in str(sign.why)


def test_a_motivation_from_which_nothing_is_expected_is_a_sign(cast: Cast) -> None:
    version = make_in_force(cast)
    motivation = make_motivation(cast, version.charter)
    assert list(signs(cast)) == ["motivation_without_effect"]
    make_effect(cast, motivation)
    assert signs(cast) == {}


def test_signs_about_a_confidential_charter_are_told_to_its_circle_only(cast: Cast) -> None:
    make_submitted(cast, charter=make_charter(cast, confidentiality="core"))
    assert "charter_boards_silent" in signs(cast, person=cast.chair_alpha)
    assert signs(cast, person=cast.chair_gamma) == {}
    assert signs(cast, person=cast.funder) == {}


def test_that_a_decision_is_held_back_is_not_told_to_who_may_not_know_it(cast: Cast) -> None:
    of = decision(cast, cast.alpha, confidentiality="active")
    consultation(cast, of)
    make_submitted(cast, decision=of)

    def why(person: Person) -> str:
        return str(signs(cast, person=person)["charter_boards_silent"].why)

    assert "retenue" in why(cast.chair_gamma)
    assert "retenue" not in why(cast.chair_delta)


def told(cast: Cast, on: dt.date | None = None) -> list[tuple[str, Any, Any, dt.date]]:
    return sorted(
        (str(item.kind), item.recipient_id, item.subject_id, item.due_on)
        for item in reminders.expected(cast.cooperation, on or cast.today)
    )


class TestReminders:
    def test_each_chair_whose_board_has_not_answered_is_reminded_until_it_does(self, cast: Cast) -> None:
        version = make_submitted(cast, stated_on=cast.today + dt.timedelta(days=40))
        vote(cast, version, cast.alpha)
        due = cast.today + dt.timedelta(days=40)
        expected = [("approval_waiting", chair.pk, version.pk, due) for chair in (cast.chair_beta, cast.chair_gamma)]
        assert told(cast) == sorted(expected)
        vote(cast, version, cast.beta, REJECTED)
        assert told(cast) == [expected[1]]
        services.charter_version_withdraw(pk=version.pk, actor=actor_of(cast.coordinator), reason="Faute")
        assert told(cast) == []

    def test_a_board_that_must_wait_for_its_works_council_is_not_chased(self, cast: Cast) -> None:
        version = make_submitted(cast, decision=decision(cast, cast.alpha))
        assert {recipient for _kind, recipient, _subject, _due in told(cast)} == {
            cast.chair_beta.pk,
            cast.chair_gamma.pk,
        }
        assert version.pk

    def test_coordination_is_reminded_of_the_review(self, db: None) -> None:
        set_clock(dt.date(2026, 3, 15))
        cast = Cast()
        version = make_in_force(cast)
        assert told(cast) == [("review_due", cast.coordinator.pk, version.charter_id, dt.date(2027, 3, 15))]

    def test_a_draft_reminds_nobody(self, cast: Cast) -> None:
        make_draft(cast)
        assert told(cast) == []


@pytest.mark.parametrize(
    ("who", "count"),
    [("chair_alpha", 0), ("chair_beta", 1), ("chair_gamma", 1), ("chair_delta", 0), ("director_beta", 0)],
)
def test_what_waits_for_my_vote(cast: Cast, who: str, count: int) -> None:
    version = make_submitted(cast)
    vote(cast, version, cast.alpha)
    found = waiting_for(actor_of(cast.everyone[who]), on=cast.today)
    assert [(item.code, item.resource, item.id) for item in found] == [
        ("approval_waiting", "charter-versions", version.pk)
    ] * count


def test_no_sign_leaves_the_cooperation(cast: Cast) -> None:
    make_submitted(cast)
    found = examine(cast.foreign_cooperation, actor=actor_of(cast.foreign_coordinator), on=cast.today)
    assert [sign.code for sign in found if sign.code in vital_signs.CODES] == []
    assert CharterVersion.objects.count() == 1
