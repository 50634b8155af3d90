"""Facts that cannot be, sent to the API: a clear problem that points to the field, and nothing changed at all."""

import datetime as dt
from typing import Any

import pytest

from governance.models import Consultation, ConsultationMeeting, InformationContest, JournalEntry, MonthlyHeadcount
from governance.services.consultations import consultations_deem_negative_due
from tests.cast import Cast
from tests.clock import set_clock
from tests.governance import factories
from tests.requests import act

pytestmark = pytest.mark.django_db
URL, MEETINGS = "/api/v1/consultations/", "/api/v1/consultation-meetings/"
RESPONSE = {"text": "Entendu", "given_on": "2026-03-10"}


@pytest.fixture
def in_march(db: None) -> None:
    set_clock(dt.date(2026, 3, 2))


@pytest.fixture
def running(in_march: None, cast: Cast) -> Consultation:
    """Informed on 2 March 2026, the limit ends on 2 April; today is the 10th."""
    made = factories.consultation(cast, factories.decision(cast, submitted_on=dt.date(2026, 3, 1)))
    sent = act(cast.api(cast.director_alpha), f"{URL}{made.pk}/send-information/", {"delivered_on": "2026-03-02"})
    assert sent.status_code == 200
    set_clock(dt.date(2026, 3, 10))
    return made


def everything() -> tuple[Any, ...]:
    """What must be the same afterwards."""
    models = (Consultation, ConsultationMeeting, InformationContest, MonthlyHeadcount)
    return (
        JournalEntry.objects.count(),
        *(sorted(map(repr, model.objects.order_by("pk").values())) for model in models),
    )


def refused(response: Any) -> tuple[int, list[tuple[str, str]]]:
    problem = response.json()
    assert response.headers["Content-Type"].startswith("application/problem+json")
    assert all(error["detail"] for error in problem["errors"]), problem
    return response.status_code, [(error["code"], error["pointer"]) for error in problem["errors"]]


CASES: list[tuple[str, dict[str, Any], int, list[tuple[str, str]]]] = [
    # Before the start
    ("extend", {"common_agreement_on": "2026-03-01"}, 400, [("before_the_start", "/common_agreement_on")]),
    ("extend", {"judge_seized_on": "2026-03-01"}, 400, [("before_the_start", "/judge_seized_on")]),
    ("designate-expert", {"designated_on": "2026-03-01"}, 400, [("before_the_start", "/designated_on")]),
    (
        "contest-information",
        {"contested_on": "2026-03-01", "lacking": "Tout"},
        400,
        [("before_the_start", "/contested_on")],
    ),
    (
        "record-opinion",
        {"kind": "favourable", "given_on": "2026-03-01"},
        409,
        [("opinion_before_information", "/given_on")],
    ),
    # In the future
    ("extend", {"judge_seized_on": "2026-03-11"}, 400, [("in_the_future", "/judge_seized_on")]),
    ("designate-expert", {"designated_on": "2026-03-11"}, 400, [("in_the_future", "/designated_on")]),
    ("record-opinion", {"kind": "favourable", "given_on": "2026-03-11"}, 400, [("in_the_future", "/given_on")]),
    (
        "contest-information",
        {"contested_on": "2026-03-11", "lacking": "Tout"},
        400,
        [("in_the_future", "/contested_on")],
    ),
    (
        "record-response",
        RESPONSE | {"given_on": "2026-03-11", "meeting_on": "2026-03-12"},
        400,
        [("in_the_future", "/given_on"), ("in_the_future", "/meeting_on")],
    ),
    # What nobody may type
    ("record-opinion", {"kind": "deemed_negative", "given_on": "2026-03-10"}, 400, [("invalid_choice", "/kind")]),
    ("record-opinion", {"kind": "maybe", "given_on": "2026-03-10"}, 400, [("invalid_choice", "/kind")]),
    (
        "record-opinion",
        {"kind": "favourable", "given_on": "2026-03-10", "state": "opinion_given"},
        400,
        [("unknown_field", "/state")],
    ),
    # Votes that do not add up
    *(
        ("record-opinion", {"kind": "reserved", "given_on": "2026-03-10", "votes": votes}, 400, [(code, pointer)])
        for votes, code, pointer in (
            ({"present": 4, "for": 3, "against": 2}, "more_votes_than_present", "/votes/present"),
            ({"present": 6, "for": 3, "against": 2}, "fewer_votes_than_present", "/votes/present"),
            ({"present": 0, "for": 0, "against": 0}, "nobody_present", "/votes/present"),
            ({"present": 5, "for": -1, "against": 2}, "min_value", "/votes/for"),
            ({"present": 5, "for": "deux", "against": 2}, "invalid", "/votes/for"),
            ({"present": 5, "for": 3, "against": 2, "names": ["Ana"]}, "unknown_field", "/votes/names"),
        )
    ),
    # Words and numbers that say nothing, or too much
    ("record-response", RESPONSE | {"text": "   "}, 400, [("blank", "/text")]),
    ("record-response", RESPONSE | {"changes_made": [""]}, 400, [("blank", "/changes_made/0")]),
    ("record-response", RESPONSE, 409, [("wrong_state", "")]),
    ("contest-information", {"contested_on": "2026-03-10", "lacking": ""}, 400, [("blank", "/lacking")]),
    ("answer-contest", {"answered_on": "2026-03-10", "answer": "Voici"}, 409, [("nothing_contested", "")]),
    ("extend", {}, 400, [("nothing_given", "")]),
    ("extend", {"suspended_days": 99_999}, 400, [("max_value", "/suspended_days")]),
    ("extend", {"common_agreement_on": "2026-02-30"}, 400, [("invalid", "/common_agreement_on")]),
    ("extend", {"common_agreement_on": "9999-12-31"}, 400, [("date_out_of_range", "/common_agreement_on")]),
    ("extend", {"judge_fixed_on": "2026-05-04"}, 409, [("judge_not_seized", "/judge_fixed_on")]),
]


@pytest.mark.parametrize(("name", "body", "status", "errors"), CASES)
def test_a_fact_that_cannot_be_is_refused_where_it_stands(
    running: Consultation, cast: Cast, name: str, body: dict[str, Any], status: int, errors: list[tuple[str, str]]
) -> None:
    before = everything()
    response = act(cast.api(cast.director_alpha), f"{URL}{running.pk}/{name}/", body)
    assert refused(response) == (status, errors)
    assert everything() == before


def test_a_judge_seized_after_the_end_and_an_answer_before_the_opinion_change_nothing(
    running: Consultation, cast: Cast
) -> None:
    set_clock(dt.date(2026, 4, 3))
    client, path = cast.api(cast.director_alpha), f"{URL}{running.pk}/"
    before = everything()
    late = act(client, f"{path}extend/", {"judge_seized_on": "2026-04-03"})
    assert refused(late) == (409, [("judge_seized_too_late", "/judge_seized_on")])
    assert everything() == before
    assert consultations_deem_negative_due() == 1
    before = everything()
    again = act(client, f"{path}extend/", {"judge_seized_on": "2026-04-03"})
    assert refused(again) == (409, [("judge_seized_too_late", "/judge_seized_on")])
    early = act(client, f"{path}record-response/", RESPONSE | {"meeting_on": "2026-03-09"})
    assert refused(early) == (400, [("before_the_opinion", "/given_on"), ("before_the_opinion", "/meeting_on")])
    over = act(client, f"{path}acknowledge-incomplete/", {"missing_information": "Le budget"})
    assert refused(over) == (409, [("wrong_state", "")])
    assert everything() == before


@pytest.mark.parametrize(
    ("body", "status", "errors"),
    [
        ({"held_on": "2026-03-11"}, 400, [("in_the_future", "/held_on")]),
        ({"convened_on": "2026-03-10"}, 400, [("after_the_meeting", "/convened_on")]),
        ({"agenda_sent_on": "2026-03-10"}, 400, [("after_the_meeting", "/agenda_sent_on")]),
        ({"level": "establishment"}, 400, [("one_level_only", "/level")]),
        ({"level": "region"}, 400, [("invalid_choice", "/level")]),
        ({"annulled_on": "2026-03-09"}, 400, [("unknown_field", "/annulled_on")]),
    ],
)
def test_a_meeting_that_cannot_be_is_refused(
    running: Consultation, cast: Cast, body: dict[str, Any], status: int, errors: list[tuple[str, str]]
) -> None:
    before = everything()
    given = {"consultation": str(running.pk), "convened_on": "2026-03-03", "held_on": "2026-03-09", **body}
    assert refused(cast.api(cast.director_alpha).post(MEETINGS, given, format="json")) == (status, errors)
    assert everything() == before


def test_no_meeting_is_recorded_before_anything_was_handed_over(in_march: None, cast: Cast) -> None:
    made = factories.consultation(cast, factories.decision(cast))
    before = everything()
    given = {"consultation": str(made.pk), "convened_on": "2026-02-20", "held_on": "2026-03-02"}
    response = cast.api(cast.director_alpha).post(MEETINGS, given, format="json")
    assert refused(response) == (409, [("wrong_state", "")])
    assert everything() == before


def test_headcounts_of_months_to_come_are_refused_and_missing_months_are_named(in_march: None, cast: Cast) -> None:
    client, path = cast.api(cast.director_alpha), f"/api/v1/organisations/{cast.alpha.pk}/record-headcounts/"
    before = everything()
    rows = [
        {"month": "2026-02-01", "value": "64.00"},
        {"month": "2026-04-01", "value": "64.00"},
        {"month": "2026-03-02", "value": "64.00"},
        {"month": "2026-02-01", "value": "-1.00"},
    ]
    status, errors = refused(client.post(path, {"headcounts": rows}, format="json"))
    assert (status, {pointer for _code, pointer in errors}) == (
        400,
        {"/headcounts/1/month", "/headcounts/2/month", "/headcounts/3/value", "/headcounts/3/month"},
    )
    assert everything() == before
    # What nobody recorded is never taken for zero: the decision says which months are missing.
    MonthlyHeadcount.objects.filter(organisation=cast.alpha, month__in=["2025-11-01", "2026-01-01"]).delete()
    decision = factories.decision(cast, submitted_on=dt.date(2026, 3, 1))
    body = cast.api(cast.coordinator).get(f"/api/v1/decisions/{decision.pk}/requirements/").json()
    (requirement,) = body["requirements"]
    told = {reason["code"]: reason["detail"] for reason in requirement["reasons"]}
    assert "novembre 2025" in told["headcounts_missing"]
    assert "janvier 2026" in told["headcounts_missing"]
    assert body["can_be_taken"] is False


def test_what_a_constraint_refuses_points_to_the_field_to_correct(cast: Cast) -> None:
    decision = factories.decision(cast)
    factories.consultation(cast, decision)
    factories.readiness(cast, cast.alpha)
    alpha = {"organisation": str(cast.alpha.pk)}
    before = everything()
    again = cast.api(cast.coordinator).post(URL, {"decision": str(decision.pk), **alpha})
    assert refused(again) == (400, [("unique", "/organisation")])
    mine = {"cooperation": str(cast.cooperation.pk), **alpha}
    answers = cast.api(cast.director_alpha).post("/api/v1/readiness-assessments/", mine)
    assert refused(answers) == (400, [("unique", "/organisation")])
    place = {"cooperation": str(cast.cooperation.pk), "challenge": "team", "reason": "Un atelier."}
    assert cast.api(cast.coordinator).post("/api/v1/journey-entries/", place).status_code == 201
    assert refused(cast.api(cast.coordinator).post("/api/v1/journey-entries/", place)) == (400, [("unique", "/since")])
    assert everything()[1:] == before[1:]


def test_a_deemed_opinion_that_somebody_types_is_told_where_it_comes_from(running: Consultation, cast: Cast) -> None:
    typed = {"kind": "deemed_negative", "given_on": "2026-03-10"}
    problem = act(cast.api(cast.director_alpha), f"{URL}{running.pk}/record-opinion/", typed).json()
    [error] = problem["errors"]
    assert error["detail"] == "« deemed_negative » ne s’enregistre pas : « réputé négatif » résulte du seul délai."
