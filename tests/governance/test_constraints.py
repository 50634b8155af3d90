"""What the database itself refuses in governance, each by its name: a valid row, and one thing wrong."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F, Model

from coopproject.models import IdempotencyKey, new_id
from governance import journal
from governance.actor import Actor
from governance.models import (
    InformationContest,
    JournalEntry,
    StepCompletion,
    User,
    VotingRule,
    WorkingGroupMeeting,
    YearlyTurnover,
)
from tests.cast import PLAIN_RULE, Cast
from tests.governance import factories

DAY = dt.timedelta(days=1)
type Rows = dict[str, Any]


@pytest.fixture
def rows(cast: Cast) -> Rows:
    """A valid row of each table."""
    decision = factories.decision(cast, cast.alpha)
    step = factories.onboarding_step(cast, "core")
    return {
        "organisation": cast.alpha,
        "headcount": cast.alpha.headcounts.latest("month"),
        "turnover": YearlyTurnover.objects.create(organisation=cast.alpha, year=2020, amount=10),
        "board": cast.alpha.boards.get(),
        "rule": VotingRule.objects.get(board__organisation=cast.alpha),
        "account": cast.chair_alpha.account,
        "cooperation": cast.cooperation,
        "membership": cast.alpha.memberships.get(),
        "stay": cast.alpha.memberships.get().stays.get(),
        "step": step,
        "stakeholder": factories.stakeholder(cast),
        "named": factories.stakeholder(cast, name="", person=cast.observer),
        "completion": StepCompletion.objects.create(
            cooperation=cast.cooperation, membership=cast.alpha.memberships.get(), step=step, completed_on=cast.today
        ),
        "role": cast.chair_alpha.roles.get(),
        "decision": decision,
        "consultation": factories.consultation(cast, decision),
        "entry": journal.record("decision.looked_at", decision, actor=Actor.system("test")),
    }


@pytest.mark.parametrize(
    ("name", "row", "wrong"),
    [
        ("governance_organisation_has_an_identifier", "organisation", {"siren": "", "rna": "", "local_register": ""}),
        (
            "governance_size_override_has_a_reason",
            "organisation",
            {"size_override": "lt11", "size_override_reason": ""},
        ),
        ("governance_headcount_month_is_first_day", "headcount", {"month": dt.date(2026, 3, 2)}),
        ("governance_headcount_not_negative", "headcount", {"value": "-0.01"}),
        ("governance_turnover_not_negative", "turnover", {"amount": "-0.01"}),
        ("governance_board_has_a_seat", "board", {"seats_in_office": 0}),
        ("governance_cooperation_ends_after_it_starts", "cooperation", {"ended_on": F("started_on") - DAY}),
        ("governance_membership_left_after_joined", "membership", {"left_on": F("joined_on") - DAY}),
        ("governance_membership_notice_is_whole", "membership", {"notice_given_on": F("joined_on")}),
        (
            "governance_membership_notice_is_whole",
            "membership",
            {"notice_given_on": F("joined_on"), "notice_exit_on": F("joined_on")},
        ),
        (
            "governance_membership_notice_is_whole",
            "membership",
            {"notice_given_on": F("joined_on"), "notice_exit_on": F("joined_on") - DAY, "notice_reason": "x"},
        ),
        ("governance_membership_notice_is_whole", "membership", {"notice_exit_on": F("joined_on")}),
        ("governance_membership_waived_by_leaving", "membership", {"leave_waiver": "x", "left_on": None}),
        ("governance_membership_asset_of_its_profile", "membership", {"profile": "specific_asset"}),
        ("governance_membership_asset_of_its_profile", "membership", {"profile": "solid", "specific_asset": "x"}),
        ("governance_membership_alliance_says_on_what", "membership", {"relation": "alliance"}),
        ("governance_membership_alliance_says_on_what", "membership", {"competes_on": "x"}),
        ("governance_onboarding_step_position_from_one", "step", {"position": 0}),
        ("governance_onboarding_step_retired_with_its_reason", "step", {"retired_on": dt.date(2026, 3, 2)}),
        ("governance_onboarding_step_retired_with_its_reason", "step", {"retired_reason": "x"}),
        ("governance_step_undone_with_its_reason", "completion", {"undone_on": F("completed_on")}),
        ("governance_step_undone_with_its_reason", "completion", {"undone_reason": "x"}),
        (
            "governance_step_undone_after_it_was_done",
            "completion",
            {"undone_on": F("completed_on") - DAY, "undone_reason": "x"},
        ),
        ("governance_stakeholder_is_somebody", "stakeholder", {"name": ""}),
        ("governance_stakeholder_contact_of_an_organisation", "named", {"contact": "x"}),
        ("governance_stakeholder_family_of_its_kind", "stakeholder", {"role_family": "team"}),
        ("governance_stakeholder_other_says_what", "stakeholder", {"kind": "other"}),
        ("governance_stakeholder_other_says_what", "stakeholder", {"kind_other": "x"}),
        ("governance_stakeholder_ends_after_it_starts", "stakeholder", {"until": F("since") - DAY}),
        ("governance_stakeholder_not_restricted_to_one", "stakeholder", {"confidentiality": "restricted"}),
        ("governance_circle_stay_ends_after_start", "stay", {"until": F("since") - DAY}),
        ("governance_role_ends_after_it_starts", "role", {"until": F("since") - DAY}),
        ("governance_role_names_its_organisation", "role", {"organisation": None}),
        ("governance_decision_taken_with_its_facts", "decision", {"state": "taken"}),
        ("governance_decision_taken_with_its_facts", "decision", {"state": "taken", "requirements_at_taking": []}),
        ("governance_decision_taken_with_its_facts", "decision", {"taken_on": dt.date(2026, 3, 2)}),
        ("governance_decision_is_not_of_one_organisation", "decision", {"confidentiality": "restricted"}),
        ("governance_decision_submitted_before_taken", "decision", {"submitted_on": None}),
        (
            "governance_consultation_extended_after_nominal",
            "consultation",
            {"nominal_deadline": dt.date(2026, 3, 2), "extended_deadline": dt.date(2026, 3, 1)},
        ),
        (
            "governance_consultation_extended_after_nominal",
            "consultation",
            {"extended_deadline": dt.date(2026, 3, 1)},
        ),
        ("governance_consultation_opinion_with_its_state", "consultation", {"opinion": "favourable"}),
        (
            "governance_consultation_opinion_with_its_state",
            "consultation",
            {"state": "opinion_given", "information_delivered_on": dt.date(2026, 3, 1)},
        ),
        ("governance_consultation_informed_before_opinion", "consultation", {"state": "information_sent"}),
        (
            "governance_consultation_agreement_in_one_unit",
            "consultation",
            {"agreement_days": 15, "agreement_months": 1},
        ),
        (
            "governance_consultation_closed_has_a_date",
            "consultation",
            {
                "state": "closed",
                "information_delivered_on": dt.date(2026, 3, 1),
                "opinion": "favourable",
                "opinion_on": dt.date(2026, 3, 2),
            },
        ),
    ],
)
def test_a_row_with_one_thing_wrong_is_refused(rows: Rows, name: str, row: str, wrong: dict[str, Any]) -> None:
    with pytest.raises(IntegrityError, match=name):
        type(rows[row]).objects.filter(pk=rows[row].pk).update(**wrong)


@pytest.mark.parametrize(
    ("row", "right"),
    [
        ("organisation", {"siren": "", "local_register": "Registre 3"}),
        ("headcount", {"value": "0.00"}),
        ("board", {"seats_in_office": 1}),
        ("cooperation", {"ended_on": F("started_on")}),
        ("membership", {"left_on": F("joined_on")}),
        ("stay", {"until": F("since")}),
        ("role", {"until": F("since")}),
        ("role", {"organisation": None, "kind": "observer"}),
        ("decision", {"state": "taken", "taken_on": dt.date(2026, 3, 2), "requirements_at_taking": []}),
        ("decision", {"state": "draft", "submitted_on": None}),
    ],
)
def test_a_row_at_the_edge_is_accepted(rows: Rows, row: str, right: dict[str, Any]) -> None:
    assert type(rows[row]).objects.filter(pk=rows[row].pk).update(**right) == 1


def _copy(row: Model, **other: Any) -> Model:
    """A second row like the first, with an identifier of its own."""
    values = {
        field.attname: getattr(row, field.attname)
        for field in row._meta.concrete_fields
        if not field.generated and not field.primary_key
    }
    return type(row)(**(values | {"id": new_id()} | other))


@pytest.mark.parametrize(
    ("name", "row", "other"),
    [
        ("governance_one_organisation_per_siren", "organisation", {}),
        ("governance_one_organisation_per_rna", "organisation", {"siren": ""}),
        ("governance_one_headcount_per_month", "headcount", {}),
        ("governance_one_turnover_per_year", "turnover", {}),
        ("governance_one_board_approves_charters", "board", {}),
        ("governance_one_voting_rule_per_day", "rule", {"definition": PLAIN_RULE}),
        ("governance_one_open_membership", "membership", {}),
        ("governance_one_open_circle_stay", "stay", {}),
        ("governance_one_standing_completion_per_step", "completion", {}),
        ("governance_one_open_role", "role", {}),
        ("governance_one_consultation_per_employer", "consultation", {}),
        ("governance_journal_one_entry_per_rank", "entry", {}),
    ],
)
def test_a_second_row_of_the_same_is_refused(rows: Rows, name: str, row: str, other: dict[str, Any]) -> None:
    first = rows[row]
    if name.endswith("per_rna"):
        type(first).objects.filter(pk=first.pk).update(rna="W691234567")
        other = {**other, "rna": "W691234567"}
    with pytest.raises(IntegrityError, match=name):
        _copy(first, **other).save(force_insert=True)


@pytest.mark.parametrize(
    ("row", "other"),
    [
        ("organisation", {"siren": "", "local_register": "Registre 3"}),
        ("board", {"approves_charters": False}),
        ("role", {"until": dt.date(2999, 1, 1)}),
    ],
)
def test_a_second_row_that_differs_where_it_counts_is_accepted(rows: Rows, row: str, other: dict[str, Any]) -> None:
    _copy(rows[row], **other).save(force_insert=True)


def test_two_accounts_never_share_an_address_whatever_its_case(cast: Cast) -> None:
    with pytest.raises(IntegrityError, match="governance_one_account_per_email"):
        User.objects.create(email=cast.chair_alpha.account.email.upper(), password="!")


def test_a_person_answers_once_per_idempotency_key(cast: Cast) -> None:
    def keep(user: User) -> None:
        IdempotencyKey.objects.create(
            user=user, key="a-key-of-mine", method="POST", path="/", request_hash="0" * 64, status=201, body=""
        )

    keep(cast.chair_alpha.account)
    keep(cast.chair_beta.account)
    with pytest.raises(IntegrityError, match="coopproject_one_answer_per_key"), transaction.atomic():
        keep(cast.chair_alpha.account)


def test_the_table_of_the_journal_is_one_chain_per_cooperation(rows: Rows) -> None:
    entry: JournalEntry = rows["entry"]
    _copy(entry, chain="").save(force_insert=True)
    assert JournalEntry.objects.filter(sequence=entry.sequence).count() >= 2


@pytest.mark.parametrize(
    ("name", "row", "wrong"),
    [
        ("governance_consultation_response_is_reasoned", "consultation", {"changes_made": ["Le calendrier"]}),
        ("governance_consultation_response_is_reasoned", "consultation", {"response_meeting_on": dt.date(2026, 3, 2)}),
        ("governance_document_file_or_reference", "document", {"file": None}),
        ("governance_document_file_or_reference", "document", {"reference": "La même"}),
        ("governance_document_handed_over_with_its_hash", "document", {"handed_on": dt.date(2026, 3, 2)}),
        ("governance_document_handed_over_with_its_hash", "document", {"sha256": "0" * 64}),
        ("governance_document_notice_with_its_presentation", "document", {"presented_as_confidential": True}),
        ("governance_document_notice_with_its_presentation", "document", {"notice": "Confidentiel"}),
        ("governance_document_closed_source_is_presented_so", "document", {"source_level": "core"}),
        ("governance_meeting_convened_before_held", "meeting", {"convened_on": F("held_on") + DAY}),
        ("governance_meeting_convened_before_held", "meeting", {"agenda_sent_on": F("held_on") + DAY}),
        ("governance_meeting_annulled_with_its_reason", "meeting", {"annulled_on": F("held_on")}),
        ("governance_contest_answered_in_words", "contest", {"answered_on": F("contested_on")}),
        ("governance_contest_answered_in_words", "contest", {"answer": "x", "answered_on": F("contested_on") - DAY}),
    ],
)
def test_what_surrounds_a_consultation_with_one_thing_wrong_is_refused(
    rows: Rows, cast: Cast, name: str, row: str, wrong: dict[str, Any]
) -> None:
    dialogue = rows | _dialogue(cast, rows["consultation"])
    with pytest.raises(IntegrityError, match=name):
        type(dialogue[row]).objects.filter(pk=dialogue[row].pk).update(**wrong)


def _dialogue(cast: Cast, consultation: Any) -> Rows:
    contest = InformationContest(
        cooperation=cast.cooperation, consultation=consultation, contested_on=cast.today, lacking="Le budget"
    )
    contest.save(force_insert=True)
    return {
        "document": factories.document(cast, consultation),
        "meeting": factories.meeting(cast, consultation),
        "contest": contest,
    }


def test_only_one_contest_waits_for_its_answer(rows: Rows, cast: Cast) -> None:
    contest = _dialogue(cast, rows["consultation"])["contest"]
    with pytest.raises(IntegrityError, match="governance_one_open_contest"):
        _copy(contest).save(force_insert=True)


@pytest.mark.parametrize(
    ("name", "row", "wrong"),
    [
        ("governance_group_ends_with_a_reason", "group", {"ended_on": F("since")}),
        ("governance_group_ends_with_a_reason", "group", {"ended_on": F("since") - DAY, "end_reason": "Fini"}),
        ("governance_group_delivers_something", "group", {"delivered_on": F("since")}),
        ("governance_group_delivers_something", "group", {"output_text": "Une note"}),
        ("governance_group_is_not_of_one_organisation", "group", {"confidentiality": "restricted"}),
        ("governance_group_seat_ends_after_it_starts", "seat", {"until": F("since") - DAY}),
        ("governance_group_meeting_was_attended", "group_meeting", {"attendance": 0}),
        ("governance_communication_done_says_what", "action", {"state": "done"}),
        ("governance_communication_done_says_what", "action", {"said": "Le calendrier"}),
        ("governance_communication_cancelled_with_a_reason", "action", {"state": "cancelled"}),
        ("governance_communication_cancelled_with_a_reason", "action", {"cancelled_reason": "Non"}),
        ("governance_communication_is_not_of_one_organisation", "action", {"confidentiality": "restricted"}),
    ],
)
def test_a_group_or_an_action_with_one_thing_wrong_is_refused(
    cast: Cast, name: str, row: str, wrong: dict[str, Any]
) -> None:
    groups = _groups(cast)
    with pytest.raises(IntegrityError, match=name):
        type(groups[row]).objects.filter(pk=groups[row].pk).update(**wrong)


def _groups(cast: Cast) -> Rows:
    group = factories.group(cast)
    meeting = WorkingGroupMeeting(cooperation=cast.cooperation, group=group, held_on=cast.today, attendance=3)
    meeting.save(force_insert=True)
    return {
        "group": group,
        "seat": group.members.get(),
        "group_meeting": meeting,
        "action": factories.communication(cast, cast.alpha),
    }


@pytest.mark.parametrize(
    ("name", "row"),
    [("governance_one_open_group_seat", "seat"), ("governance_one_group_meeting_a_day", "group_meeting")],
)
def test_a_group_has_one_seat_per_person_and_one_meeting_a_day(cast: Cast, name: str, row: str) -> None:
    with pytest.raises(IntegrityError, match=name):
        _copy(_groups(cast)[row]).save(force_insert=True)
