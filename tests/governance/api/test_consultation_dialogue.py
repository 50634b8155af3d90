"""Meetings, contests, extensions and answers of a consultation: what the API serves of them, and keeps."""

import datetime as dt
from typing import Any

import pytest

from governance.models import Consultation, ConsultationMeeting, Decision, InformationContest, JournalEntry
from tests.cast import Cast
from tests.clock import set_clock
from tests.governance import factories
from tests.requests import act, codes, pointers

pytestmark = pytest.mark.django_db
URL, MEETINGS = "/api/v1/consultations/", "/api/v1/consultation-meetings/"


@pytest.fixture
def in_march(db: None) -> None:
    set_clock(dt.date(2026, 3, 2))


@pytest.fixture
def running(in_march: None, cast: Cast) -> Consultation:
    """Informed on 2 March 2026, at both levels."""
    made = factories.consultation(cast, factories.decision(cast, submitted_on=dt.date(2026, 3, 1)), both_levels=True)
    assert do(cast, made, "send-information", delivered_on="2026-03-02").status_code == 200
    return made


def do(cast: Cast, consultation: Consultation, name: str, **body: Any) -> Any:
    return act(cast.api(cast.director_alpha), f"{URL}{consultation.pk}/{name}/", body)


def meet(cast: Cast, consultation: Consultation, **body: Any) -> Any:
    given = {"consultation": str(consultation.pk), **body}
    return cast.api(cast.employees_alpha).post(MEETINGS, given, format="json")


def shown(cast: Cast, consultation: Consultation) -> dict[str, Any]:
    found: dict[str, Any] = cast.api(cast.member_alpha).get(f"{URL}{consultation.pk}/").json()
    return found


def found_codes(told: dict[str, Any], name: str = "irregularities") -> list[str]:
    return [row["code"] for row in told[name]]


def test_a_meeting_without_its_agenda_three_days_before_is_flagged_and_annulled_without_being_lost(
    running: Consultation, cast: Cast
) -> None:
    set_clock(dt.date(2026, 3, 20))
    good = meet(cast, running, convened_on="2026-03-10", agenda_sent_on="2026-03-17", held_on="2026-03-20")
    assert good.status_code == 201, good.json()
    assert found_codes(shown(cast, running)) == []
    bad = meet(
        cast,
        running,
        convened_on="2026-03-10",
        agenda_sent_on="2026-03-18",
        held_on="2026-03-20",
        level="establishment",
    ).json()
    told = shown(cast, running)
    assert [(row["code"], row["since"], row["legal_reference"]) for row in told["irregularities"]] == [
        ("agenda_late", "2026-03-20", "C. trav. L2315-30")
    ]
    annulled = act(cast.api(cast.employees_alpha), f"{MEETINGS}{bad['id']}/annul/", {"reason": "Saisie en double"})
    assert annulled.json()["annulled_on"] == "2026-03-20"
    assert found_codes(shown(cast, running)) == []
    assert ConsultationMeeting.objects.count() == 2
    again = act(cast.api(cast.employees_alpha), f"{MEETINGS}{bad['id']}/annul/", {"reason": "Encore"})
    assert codes(again) == {"already_annulled"}
    assert cast.api(cast.employees_alpha).delete(f"{MEETINGS}{bad['id']}/").status_code == 405
    listed = cast.api(cast.member_alpha).get(f"{MEETINGS}?annulled=false").json()["results"]
    assert [row["id"] for row in listed] == [good.json()["id"]]


def test_under_fifty_no_agenda_is_flagged(in_march: None, cast: Cast) -> None:
    made = factories.consultation(
        cast,
        factories.decision(cast, cast.beta),
        cast.beta,
        state="information_sent",
        information_delivered_on=cast.today,
        information_complete=True,
        regime="CSE_2018",
    )
    factories.meeting(cast, made, agenda_sent_on=None)
    told = cast.api(cast.chair_beta).get(f"{URL}{made.pk}/").json()
    assert told["irregularities"] == []


def test_a_contest_says_what_is_lacking_and_stops_no_clock(running: Consultation, cast: Cast) -> None:
    set_clock(dt.date(2026, 3, 9))
    before = shown(cast, running)
    contested = do(cast, running, "contest-information", contested_on="2026-03-09", lacking="Le plan de charge.").json()
    assert contested["nominal_deadline"] == before["nominal_deadline"]
    (state,) = contested["situations"]
    assert (state["code"], state["since"]) == ("information_contested", "2026-03-09")
    assert state["why"].startswith("Le CSE estime qu’il manque : Le plan de charge. Cela n’arrête pas le délai")
    assert codes(do(cast, running, "contest-information", contested_on="2026-03-09", lacking="Encore")) == {
        "contest_open"
    }
    signs = cast.api(cast.coordinator).get(f"/api/v1/cooperations/{cast.cooperation.pk}/vital-signs/").json()["signs"]
    [sign] = [sign for sign in signs if sign["code"] == "consultation_information_contested"]
    assert sign["title"] == "Information contestée par le CSE : Alpha"
    early = do(cast, running, "answer-contest", answered_on="2026-03-08", answer="Voici")
    assert (early.status_code, pointers(early)) == (400, {"/answered_on"})
    answered = do(cast, running, "answer-contest", answered_on="2026-03-09", answer="Remis ce jour").json()
    assert answered["situations"] == []
    assert [row["answer"] for row in answered["contests"]] == ["Remis ce jour"]
    assert codes(do(cast, running, "answer-contest", answered_on="2026-03-09", answer="Voici")) == {"nothing_contested"}
    acts = (
        JournalEntry.objects.filter(act__startswith="consultation.").order_by("sequence").values_list("act", flat=True)
    )
    assert list(acts)[-2:] == ["consultation.information_contested", "consultation.contest_answered"]
    assert InformationContest.objects.count() == 1


def test_an_accord_a_judge_and_a_suspension_are_told_since_the_day_they_were_written_down(
    running: Consultation, cast: Cast
) -> None:
    set_clock(dt.date(2026, 3, 16))
    do(cast, running, "extend", common_agreement_on="2026-05-07")
    do(cast, running, "extend", judge_seized_on="2026-03-12")
    set_clock(dt.date(2026, 3, 18))
    told = do(cast, running, "extend", suspended_days=10).json()
    states = {row["code"]: (row["since"], row["confidence"], row["configurable"]) for row in told["situations"]}
    assert states == {
        "judge_seized": ("2026-03-12", "A", ""),
        "extended_by_agreement": ("2026-03-16", "B", ""),
        "suspended": ("2026-03-18", "K", "expert_challenge_suspends"),
    }


def test_establishments_answer_seven_days_before_the_central_council(running: Consultation, cast: Cast) -> None:
    """Vector D10, without the expert: 2 April less seven days."""
    assert shown(cast, running)["clock"]["establishment_due_on"] == "2026-03-26"


def test_a_reasoned_response_says_what_the_opinion_changed(running: Consultation, cast: Cast) -> None:
    set_clock(dt.date(2026, 3, 20))
    do(cast, running, "record-opinion", kind="reserved", given_on="2026-03-20")
    set_clock(dt.date(2026, 4, 20))
    assert found_codes(shown(cast, running)) == ["response_missing"]
    body = {"text": "Le calendrier est revu.", "given_on": "2026-04-20", "meeting_on": "2026-04-20"}
    changes = ["Deux mois de plus", "Un bilan à six mois"]
    told = do(cast, running, "record-response", **body, changes_made=changes).json()
    assert (told["response_meeting_on"], told["changes_made"]) == ("2026-04-20", changes)
    assert found_codes(told) == []


def test_closed_without_a_response_it_says_so(running: Consultation, cast: Cast) -> None:
    do(cast, running, "record-opinion", kind="favourable", given_on="2026-03-02")
    assert found_codes(do(cast, running, "close").json()) == ["closed_without_response"]


def test_the_days_for_a_response_are_the_cooperations_own(running: Consultation, cast: Cast) -> None:
    client, path = cast.api(cast.coordinator), f"/api/v1/cooperations/{cast.cooperation.pk}/"
    refused = client.patch(path, {"settings": {"cse_response_days": "trente"}}, format="json")
    assert (refused.status_code, pointers(refused)) == (400, {"/settings/cse_response_days"})
    assert client.patch(path, {"settings": {"cse_response_days": 10}}, format="json").status_code == 200
    do(cast, running, "record-opinion", kind="favourable", given_on="2026-03-02")
    set_clock(dt.date(2026, 3, 13))
    (found,) = shown(cast, running)["irregularities"]
    assert (found["since"], found["confidence"], found["configurable"]) == ("2026-03-13", "K", "cse_response_days")


def test_a_decision_imported_too_early_is_irregular(running: Consultation, cast: Cast) -> None:
    Decision.objects.filter(pk=running.decision_id).update(
        state="taken", taken_on=dt.date(2026, 3, 15), requirements_at_taking=[]
    )
    set_clock(dt.date(2026, 3, 20))
    told = shown(cast, running)
    assert (found_codes(told), found_codes(told, "situations")) == (["decision_too_early"], ["irregular"])
    signs = cast.api(cast.coordinator).get(f"/api/v1/cooperations/{cast.cooperation.pk}/vital-signs/").json()["signs"]
    (sign,) = [row for row in signs if row["code"] == "consultation_irregular"]
    assert sign["severity"] == "critical"


def test_silence_that_nobody_could_see_run_is_told_wherever_it_counts(cast: Cast) -> None:
    """A hand-over written down once its limit was over: accepted, since paper comes first, and never unseen."""
    set_clock(dt.date(2026, 5, 20))
    made = factories.consultation(cast, factories.decision(cast, submitted_on=dt.date(2026, 3, 1)))
    told = do(cast, made, "send-information", delivered_on="2026-03-02").json()
    assert (told["information_recorded_on"], found_codes(told)) == ("2026-05-20", ["recorded_after_limit"])
    (requirement,) = (
        cast.api(cast.member_alpha).get(f"/api/v1/decisions/{made.decision_id}/requirements/").json()["requirements"]
    )
    assert (requirement["code"], requirement["status"]) == ("consultation_done", "met")
    assert "recorded_after_limit" in {reason["code"] for reason in requirement["reasons"]}
    signs = cast.api(cast.employees_alpha).get(f"/api/v1/cooperations/{cast.cooperation.pk}/vital-signs/").json()
    assert any("20 mai 2026" in sign["why"] for sign in signs["signs"] if sign["code"] == "consultation_irregular")
