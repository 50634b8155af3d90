"""The acts on one consultation: what starts, lengthens and ends its limit, and what is refused with nothing changed."""

import datetime as dt
from typing import Any

import pytest

from governance.enums import ConsultationState
from governance.models import Consultation, Decision, JournalEntry
from governance.services.consultations import consultations_deem_negative_due
from tests.cast import Cast
from tests.clock import set_clock
from tests.governance import factories
from tests.requests import act, codes, pointers

URL = "/api/v1/consultations/"


@pytest.fixture
def in_march(db: None) -> None:
    """Before the cast is made, whose dates are relative to the day."""
    set_clock(dt.date(2026, 3, 2))


@pytest.fixture
def decision(in_march: None, cast: Cast) -> Decision:
    return factories.decision(cast, submitted_on=dt.date(2026, 3, 1))


@pytest.fixture
def running(decision: Decision, cast: Cast) -> Consultation:
    """Informed on 2 March 2026: the limit ends on 2 April (vector D01)."""
    made = factories.consultation(cast, decision)
    assert do(cast, made, "send-information", delivered_on="2026-03-02").status_code == 200
    return made


def do(cast: Cast, consultation: Consultation, name: str, **body: Any) -> Any:
    who = cast.employees_alpha if name == "record-opinion" else cast.director_alpha
    return act(cast.api(who), f"{URL}{consultation.pk}/{name}/", body)


def facts(consultation: Consultation) -> tuple[Any, ...]:
    row = Consultation.objects.filter(pk=consultation.pk).values().get()
    return (row, JournalEntry.objects.count())


def test_an_agreement_in_months_ends_on_the_same_day_number(decision: Decision, cast: Cast) -> None:
    made = factories.consultation(cast, decision, agreement_months=2)
    answer = do(cast, made, "send-information", delivered_on="2026-03-02").json()
    assert (answer["nominal_deadline"], answer["act_from"]) == ("2026-05-02", "2026-05-05")
    assert answer["clock"]["reasons"][0]["code"] == "agreement"


def test_an_agreement_in_days_and_in_months_at_once_is_refused(decision: Decision, cast: Cast) -> None:
    client = cast.api(cast.director_alpha)
    both = {"agreement_days": 15, "agreement_months": 1}
    ids = {"decision": str(decision.pk), "organisation": str(cast.alpha.pk)}
    refused = client.post(URL, {**ids, **both})
    assert (refused.status_code, codes(refused)) == (400, {"agreement_unit"})
    assert not Consultation.objects.exists()
    made = client.post(URL, {**ids, "agreement_days": 15})
    path = f"{URL}{made.json()['id']}/"
    refused = client.patch(path, {"agreement_months": 1}, headers={"If-Match": "*"})
    assert (refused.status_code, pointers(refused)) == (400, {"/agreement_months"})
    swapped = client.patch(path, {"agreement_days": None, "agreement_months": 1}, headers={"If-Match": "*"})
    assert swapped.status_code == 200, swapped.json()


def test_a_required_bdese_notice_alone_starts_the_clock(decision: Decision, cast: Cast) -> None:
    """Vector D22, and C15: the information is complete, the notice was never sent."""
    made = factories.consultation(cast, decision, bdese_required=True)
    answer = do(cast, made, "send-information", delivered_on="2026-03-02").json()
    assert (answer["clock"]["status"], answer["act_from"], answer["regime"]) == ("clock_not_started", None, "")
    assert "BDESE" in answer["clock"]["reasons"][0]["detail"]
    set_clock(dt.date(2026, 9, 1))
    taken = act(cast.api(cast.coordinator), f"/api/v1/decisions/{decision.pk}/take/", {"outcome": "Oui"})
    assert codes(taken) == {"clock_not_started"}
    answer = do(cast, made, "send-information", delivered_on="2026-03-02", bdese_notice_on="2026-09-01").json()
    assert (answer["clock"]["start"], answer["nominal_deadline"]) == ("2026-09-01", "2026-10-01")
    assert answer["regime"] == "CSE_2018"


@pytest.mark.parametrize(
    ("votes", "pointer"),
    [
        ({"present": 4, "for": 3, "against": 2}, "/votes/present"),
        ({"present": 6, "for": 3, "against": 2}, "/votes/present"),
        ({"present": 0, "for": 0, "against": 0}, "/votes/present"),
        ({"for": 3, "against": 2}, "/votes/present"),
        ({"present": 4, "for": 2, "against": 2}, "/votes"),
        ({"present": 5, "for": 2, "against": 2, "abstain": 1}, "/votes"),
    ],
)
def test_a_favourable_opinion_needs_more_than_half_of_the_full_members_present(
    running: Consultation, cast: Cast, votes: dict[str, int], pointer: str
) -> None:
    before = facts(running)
    refused = do(cast, running, "record-opinion", kind="favourable", given_on="2026-03-02", votes=votes)
    assert (refused.status_code, pointers(refused)) == (400, {pointer})
    assert facts(running) == before


def test_the_counts_are_kept_with_those_present(running: Consultation, cast: Cast) -> None:
    votes = {"present": 5, "for": 3, "against": 1, "abstain": 1}
    answer = do(cast, running, "record-opinion", kind="favourable", given_on="2026-03-02", votes=votes)
    assert answer.status_code == 200, answer.json()
    names = ("present", "for", "against", "abstain", "blank")
    assert [answer.json()[f"votes_{name}"] for name in names] == [5, 3, 1, 1, 0]


@pytest.mark.parametrize(
    ("name", "body", "status", "code"),
    [
        ("extend", {"common_agreement_on": "2026-03-01"}, 400, "before_the_start"),
        ("extend", {"judge_seized_on": "2026-03-01"}, 400, "before_the_start"),
        (
            "extend",
            {"judge_seized_on": "2026-03-09", "judge_fixed_on": "2026-03-08"},
            400,
            "judge_order_before_seizure",
        ),
        ("extend", {"judge_fixed_on": "2026-05-04"}, 409, "judge_not_seized"),
        ("extend", {"common_agreement_on": "2026-04-02"}, 409, "not_an_extension"),
        ("extend", {"judge_seized_on": "2026-03-09", "judge_fixed_on": "2026-04-02"}, 409, "not_an_extension"),
        ("record-opinion", {"kind": "favourable", "given_on": "2026-03-01"}, 409, "opinion_before_information"),
        ("record-opinion", {"kind": "deemed_negative", "given_on": "2026-03-09"}, 400, "invalid_choice"),
        ("record-opinion", {"kind": "favourable", "given_on": "2026-03-11"}, 400, "in_the_future"),
        ("send-information", {"delivered_on": "2026-03-09"}, 409, "clock_already_started"),
    ],
)
def test_dates_and_opinions_that_cannot_be_are_refused_and_nothing_changes(
    running: Consultation, cast: Cast, name: str, body: dict[str, str], status: int, code: str
) -> None:
    set_clock(dt.date(2026, 3, 10))
    before = facts(running)
    refused = do(cast, running, name, **body)
    assert (refused.status_code, codes(refused)) == (status, {code}), refused.json()
    assert facts(running) == before


@pytest.mark.parametrize(
    ("granted", "taken_back"),
    [
        ({"suspended_days": 30}, {"suspended_days": 1}),
        ({"judge_seized_on": "2026-04-01", "judge_fixed_on": "2026-05-29"}, {"judge_seized_on": "2026-04-03"}),
    ],
    ids=["a suspension cut short", "a seizure told later"],
)
def test_what_lengthened_the_limit_is_not_taken_back(
    running: Consultation, cast: Cast, granted: dict[str, Any], taken_back: dict[str, Any]
) -> None:
    """The employer, who records the facts, would otherwise decide before the day that was granted to the CSE."""
    set_clock(dt.date(2026, 4, 1))
    assert do(cast, running, "extend", **granted).status_code == 200
    set_clock(dt.date(2026, 4, 4))
    before = facts(running)
    refused = do(cast, running, "extend", **taken_back)
    assert (refused.status_code, codes(refused)) == (409, {"not_an_extension"}), refused.json()
    assert pointers(refused) == {f"/{name}" for name in taken_back}
    assert facts(running) == before
    taken = act(cast.api(cast.coordinator), f"/api/v1/decisions/{running.decision_id}/take/", {"outcome": "Oui"})
    assert codes(taken) == {"decision_before_consultation"}


def test_information_that_was_incomplete_is_not_complete_from_an_earlier_day(decision: Decision, cast: Cast) -> None:
    """Else the limit would have run while the CSE waited for what was missing."""
    made = factories.consultation(cast, decision)
    do(cast, made, "send-information", delivered_on="2026-03-02", complete=False, missing_information="Le budget")
    set_clock(dt.date(2026, 3, 20))
    before = facts(made)
    refused = do(cast, made, "send-information", delivered_on="2026-02-02")
    assert (refused.status_code, codes(refused)) == (400, {"before_the_first_delivery"}), refused.json()
    assert (pointers(refused), facts(made)) == ({"/delivered_on"}, before)
    assert do(cast, made, "send-information", delivered_on="2026-03-20").json()["nominal_deadline"] == "2026-04-20"


def test_no_opinion_counts_while_the_information_is_incomplete(decision: Decision, cast: Cast) -> None:
    made = factories.consultation(cast, decision)
    do(cast, made, "send-information", delivered_on="2026-03-02", complete=False, missing_information="Le budget")
    before = facts(made)
    refused = do(cast, made, "record-opinion", kind="favourable", given_on="2026-03-02")
    assert (refused.status_code, codes(refused)) == (409, {"clock_not_started"})
    assert facts(made) == before


@pytest.mark.parametrize("deemed", [False, True], ids=["before the tick", "after the tick"])
def test_a_judge_seized_after_the_end_moves_nothing(running: Consultation, cast: Cast, deemed: bool) -> None:
    """Vector D19."""
    set_clock(dt.date(2026, 4, 3))
    if deemed:
        assert consultations_deem_negative_due() == 1
    before = facts(running)
    refused = do(cast, running, "extend", judge_seized_on="2026-04-03", judge_fixed_on="2026-06-01")
    assert (refused.status_code, codes(refused)) == (409, {"judge_seized_too_late"})
    assert "2 avril 2026" in refused.json()["errors"][0]["detail"]
    assert facts(running) == before


def test_a_judge_seized_in_time_may_rule_after_the_end_and_reopens_the_limit(running: Consultation, cast: Cast) -> None:
    set_clock(dt.date(2026, 4, 1))
    assert do(cast, running, "extend", judge_seized_on="2026-04-01").json()["nominal_deadline"] == "2026-04-02"
    set_clock(dt.date(2026, 4, 20))
    assert consultations_deem_negative_due() == 1
    answer = do(cast, running, "extend", judge_fixed_on="2026-05-05")
    assert answer.status_code == 200, answer.json()
    shown = answer.json()
    assert (shown["state"], shown["opinion"], shown["act_from"]) == ("information_sent", "", "2026-05-06")
    taken = act(cast.api(cast.coordinator), f"/api/v1/decisions/{running.decision_id}/take/", {"outcome": "Oui"})
    assert codes(taken) == {"decision_before_consultation"}
    set_clock(dt.date(2026, 5, 6))
    assert consultations_deem_negative_due() == 1
    running.refresh_from_db()
    assert (running.state, running.opinion_on) == (ConsultationState.DEEMED_NEGATIVE, dt.date(2026, 5, 5))


def test_a_common_accord_after_the_end_comes_too_late_even_with_a_seizure_in_time(
    running: Consultation, cast: Cast
) -> None:
    set_clock(dt.date(2026, 4, 3))
    before = facts(running)
    refused = do(cast, running, "extend", judge_seized_on="2026-04-01", common_agreement_on="2026-05-07")
    assert (refused.status_code, codes(refused)) == (409, {"deadline_passed"})
    assert facts(running) == before
