"""A decision on a matter that affects an employer waits for its works council, and for nothing longer than the law."""

import datetime as dt

import pytest

from governance.enums import ConsultationState, DecisionState, ImpactFlag, OpinionKind
from governance.models import CircleStay, Consultation, JournalEntry
from governance.services.consultations import consultations_deem_negative_due
from tests.cast import Cast
from tests.clock import set_clock
from tests.governance import factories
from tests.requests import act, codes, pointers

TAKE = {"outcome": "Adoptée en comité."}


@pytest.fixture
def on_2_april(db: None) -> None:
    """Long before anything of the test, so that its dates can be written as dates of the vectors."""
    set_clock(dt.date(2026, 3, 1))


def informed(cast: Cast, decision: object, **fields: object) -> Consultation:
    """The consultation of alpha, information handed over on 2 March 2026 (vector D01: nominal 2 April)."""
    made = factories.consultation(cast, decision, cast.alpha)  # type: ignore[arg-type]
    path = f"/api/v1/consultations/{made.pk}/send-information/"
    response = act(cast.api(cast.director_alpha), path, {"delivered_on": "2026-03-02"})
    assert response.status_code == 200, response.json()
    made.refresh_from_db()
    return made


def test_a_decision_without_any_consultation_is_refused_and_nothing_changes(cast: Cast) -> None:
    decision = factories.decision(cast)
    before = JournalEntry.objects.count()
    response = act(cast.api(cast.coordinator), f"/api/v1/decisions/{decision.pk}/take/", TAKE)
    assert response.status_code == 409
    assert response["Content-Type"] == "application/problem+json"
    assert codes(response) == {"consultation_missing"}
    decision.refresh_from_db()
    assert (decision.state, decision.taken_on, decision.version) == (DecisionState.SUBMITTED, None, 1)
    assert JournalEntry.objects.count() == before


def test_the_deadline_day_still_refuses_and_the_day_after_accepts(on_2_april: None, cast: Cast) -> None:
    set_clock(dt.date(2026, 3, 2))
    decision = factories.decision(cast, submitted_on=dt.date(2026, 3, 1))
    consultation = informed(cast, decision)
    assert (consultation.nominal_deadline, consultation.act_from) == (dt.date(2026, 4, 2), dt.date(2026, 4, 3))
    path = f"/api/v1/decisions/{decision.pk}/take/"
    # 23:59 in Paris on the deadline day: the day ends at 24:00.
    set_clock(dt.datetime(2026, 4, 2, 23, 59, 59))
    response = act(cast.api(cast.coordinator), path, TAKE)
    assert response.status_code == 409
    assert codes(response) == {"decision_before_consultation"}
    set_clock(dt.datetime(2026, 4, 3, 0, 0, 1))
    response = act(cast.api(cast.coordinator), path, TAKE)
    assert response.status_code == 200, response.json()
    assert response.json()["taken_on"] == "2026-04-03"
    decision.refresh_from_db()
    assert [fact["code"] for fact in decision.requirements_at_taking or []] == ["consultation_done"]


@pytest.mark.parametrize("kind", [OpinionKind.FAVOURABLE, OpinionKind.UNFAVOURABLE, OpinionKind.RESERVED])
def test_an_explicit_opinion_unblocks_at_once_even_unfavourable(on_2_april: None, cast: Cast, kind: str) -> None:
    set_clock(dt.date(2026, 3, 2))
    decision = factories.decision(cast, submitted_on=dt.date(2026, 3, 1))
    consultation = informed(cast, decision)
    set_clock(dt.date(2026, 3, 20))
    response = act(
        cast.api(cast.employees_alpha),
        f"/api/v1/consultations/{consultation.pk}/record-opinion/",
        {"kind": kind, "given_on": "2026-03-20", "votes": {"present": 4, "for": 3, "against": 1}},
    )
    assert response.status_code == 200, response.json()
    assert response.json()["act_from"] == "2026-03-20"
    response = act(cast.api(cast.coordinator), f"/api/v1/decisions/{decision.pk}/take/", TAKE)
    assert response.status_code == 200, response.json()


def test_a_decision_dated_before_the_consultation_ended_is_refused_afterwards_too(on_2_april: None, cast: Cast) -> None:
    set_clock(dt.date(2026, 3, 2))
    decision = factories.decision(cast, submitted_on=dt.date(2026, 3, 1))
    informed(cast, decision)
    set_clock(dt.date(2026, 5, 1))
    path = f"/api/v1/decisions/{decision.pk}/take/"
    response = act(cast.api(cast.coordinator), path, {**TAKE, "taken_on": "2026-03-15"})
    assert response.status_code == 409
    assert codes(response) == {"decision_before_consultation"}


def test_incomplete_information_never_starts_the_clock(on_2_april: None, cast: Cast) -> None:
    set_clock(dt.date(2026, 3, 2))
    decision = factories.decision(cast, submitted_on=dt.date(2026, 3, 1))
    consultation = factories.consultation(cast, decision)
    path = f"/api/v1/consultations/{consultation.pk}/send-information/"
    response = act(
        cast.api(cast.director_alpha),
        path,
        {"delivered_on": "2026-03-02", "complete": False, "missing_information": "Budget"},
    )
    assert response.status_code == 200, response.json()
    assert (response.json()["act_from"], response.json()["clock"]["status"]) == (None, "clock_not_started")
    set_clock(dt.date(2026, 9, 1))
    response = act(cast.api(cast.coordinator), f"/api/v1/decisions/{decision.pk}/take/", TAKE)
    assert codes(response) == {"clock_not_started"}
    # Completed: the clock starts that day, not on the first one.
    response = act(cast.api(cast.director_alpha), path, {"delivered_on": "2026-09-01"})
    assert response.json()["nominal_deadline"] == "2026-10-01"


def test_requirements_answer_what_take_would_rest_on(on_2_april: None, cast: Cast) -> None:
    set_clock(dt.date(2026, 3, 2))
    decision = factories.decision(cast, cast.alpha, cast.beta, cast.gamma, submitted_on=dt.date(2026, 3, 1))
    informed(cast, decision)
    response = cast.api(cast.member_alpha).get(f"/api/v1/decisions/{decision.pk}/requirements/")
    assert response.status_code == 200
    body = response.json()
    assert body["can_be_taken"] is False
    found = {row["organisation"]: row for row in body["requirements"]}
    alpha = found[str(cast.alpha.pk)]
    assert (alpha["code"], alpha["status"], alpha["basis"]) == (
        "decision_before_consultation",
        "open",
        "consult_required",
    )
    assert (alpha["holds_from"], alpha["since"]) == ("2026-04-03", "2026-03-02")
    assert found[str(cast.beta.pk)]["code"] == "inform_recommended"
    assert found[str(cast.gamma.pk)]["code"] == "no_body"


def test_staff_lending_asks_for_the_council_of_a_smaller_employer(cast: Cast) -> None:
    decision = factories.decision(cast, cast.beta, impact_flags=[ImpactFlag.STAFF_LENDING_OUT])
    response = cast.api(cast.coordinator).get(f"/api/v1/decisions/{decision.pk}/requirements/")
    (row,) = response.json()["requirements"]
    assert (row["basis"], row["status"]) == ("consult_specific", "blocked")


def test_months_without_a_headcount_are_named_and_hold_the_decision_back_as_nothing_is_guessed(
    on_2_april: None, cast: Cast
) -> None:
    cast.alpha.headcounts.filter(month__lt=dt.date(2025, 4, 1)).delete()
    cast.alpha.headcounts.filter(month=dt.date(2025, 11, 1)).delete()
    decision = factories.decision(cast, submitted_on=dt.date(2026, 2, 1))
    client = cast.api(cast.coordinator)
    (row,) = client.get(f"/api/v1/decisions/{decision.pk}/requirements/").json()["requirements"]
    assert (row["code"], row["status"]) == ("headcount_unknown", "to_assess")
    assert "novembre 2025" in {reason["code"]: reason["detail"] for reason in row["reasons"]}["headcounts_missing"]
    assert codes(act(client, f"/api/v1/decisions/{decision.pk}/take/", TAKE)) == {"headcount_unknown"}


def test_a_decision_without_impact_waits_for_a_human_to_say_why(cast: Cast) -> None:
    decision = factories.decision(cast, impact_flags=[])
    path = f"/api/v1/decisions/{decision.pk}/"
    response = act(cast.api(cast.coordinator), f"{path}take/", TAKE)
    assert codes(response) == {"consult_to_assess"}
    client = cast.api(cast.coordinator)
    changed = client.patch(
        path, {"no_impact_reason": "Réseau d’information, sans engagement."}, headers={"If-Match": "*"}
    )
    assert changed.status_code == 200, changed.json()
    assert act(client, f"{path}take/", TAKE).status_code == 200


def test_silence_is_deemed_negative_by_the_system_only_and_only_after_the_last_day(
    on_2_april: None, cast: Cast
) -> None:
    set_clock(dt.date(2026, 3, 2))
    decision = factories.decision(cast, submitted_on=dt.date(2026, 3, 1))
    consultation = informed(cast, decision)
    response = act(
        cast.api(cast.employees_alpha),
        f"/api/v1/consultations/{consultation.pk}/record-opinion/",
        {"kind": "deemed_negative", "given_on": "2026-03-02"},
    )
    assert response.status_code == 400
    assert pointers(response) == {"/kind"}
    set_clock(dt.datetime(2026, 4, 2, 23, 59))
    assert consultations_deem_negative_due() == 0
    set_clock(dt.datetime(2026, 4, 3, 0, 1))
    assert consultations_deem_negative_due() == 1
    assert consultations_deem_negative_due() == 0
    consultation.refresh_from_db()
    assert (consultation.state, consultation.opinion) == (ConsultationState.DEEMED_NEGATIVE, "deemed_negative")
    assert (consultation.opinion_on, consultation.act_from) == (dt.date(2026, 4, 2), dt.date(2026, 4, 3))
    entry = JournalEntry.objects.get(act="consultation.deemed_negative")
    assert entry.actor == "system:consultations"


@pytest.mark.parametrize(
    ("name", "path", "body"),
    [
        (
            "the coordination cannot speak for the council",
            "record-opinion",
            {"kind": "favourable", "given_on": "2026-03-20"},
        ),
        ("the coordination cannot hand over for the employer", "send-information", {"delivered_on": "2026-03-02"}),
    ],
)
def test_only_the_employers_own_people_act_on_its_consultation(
    on_2_april: None, cast: Cast, name: str, path: str, body: dict[str, str]
) -> None:
    decision = factories.decision(cast)
    consultation = factories.consultation(cast, decision)
    for person in (cast.coordinator, cast.chair_beta, cast.director_beta, cast.member_alpha):
        response = act(cast.api(person), f"/api/v1/consultations/{consultation.pk}/{path}/", body)
        assert response.status_code == 403, name
    consultation.refresh_from_db()
    assert (consultation.state, consultation.version) == (ConsultationState.DRAFT, 1)


@pytest.mark.parametrize(
    "who", ["foreign_coordinator", "former_chair", "yesterday_chair_alpha", "stranger", "chair_delta"]
)
def test_whoever_may_not_know_gets_the_answer_of_a_thing_that_is_not(cast: Cast, who: str) -> None:
    decision = factories.decision(cast)
    client = cast.api(cast.everyone[who])
    real = client.get(f"/api/v1/decisions/{decision.pk}/")
    none = client.get(f"/api/v1/decisions/{cast.alpha.pk}/")
    assert real.status_code == none.status_code == 404
    assert {**real.json(), "request_id": ""} == {**none.json(), "request_id": ""}
    assert client.get("/api/v1/decisions/?count=exact").json()["count"] == 0
    assert act(client, f"/api/v1/decisions/{decision.pk}/take/", TAKE).status_code == 404


def test_what_a_circle_may_not_see_appears_when_it_moves_closer(cast: Cast) -> None:
    decision = factories.decision(cast)
    assert cast.api(cast.chair_delta).get("/api/v1/decisions/").json()["results"] == []
    CircleStay.objects.filter(membership__organisation=cast.delta).update(circle="active")
    shown = cast.api(cast.chair_delta).get("/api/v1/decisions/").json()["results"]
    assert [row["id"] for row in shown] == [str(decision.pk)]


def test_taking_twice_with_the_same_key_replays_and_with_another_is_refused(cast: Cast) -> None:
    decision = factories.decision(cast, cast.gamma)
    client, path = cast.api(cast.coordinator), f"/api/v1/decisions/{decision.pk}/take/"
    key = {"Idempotency-Key": "first-attempt"}
    first = act(client, path, TAKE, **key)
    again = act(client, path, TAKE, **key)
    assert first.status_code == again.status_code == 200
    assert first.content == again.content
    assert again["Idempotency-Replayed"] == "true"
    assert JournalEntry.objects.filter(act="decision.taken").count() == 1
    assert act(client, path, {"outcome": "Autre"}, **key).status_code == 422
    assert codes(act(client, path, TAKE)) == {"wrong_state"}


def test_a_stale_reader_is_told_and_a_reader_without_etag_too(cast: Cast) -> None:
    decision = factories.decision(cast, cast.gamma, state=DecisionState.DRAFT)
    client, path = cast.api(cast.coordinator), f"/api/v1/decisions/{decision.pk}/"
    etag = client.get(path)["ETag"]
    assert client.patch(path, {"title": "A"}).status_code == 428
    assert client.patch(path, {"title": "A"}, headers={"If-Match": etag}).status_code == 200
    response = client.patch(path, {"title": "B"}, headers={"If-Match": etag})
    assert response.status_code == 412
    assert client.get(path).json()["title"] == "A"


def test_a_decision_that_was_taken_names_no_consultation_that_its_reader_may_not_know_of(
    on_2_april: None, cast: Cast
) -> None:
    decision = factories.decision(cast, submitted_on=dt.date(2026, 3, 1))
    heard = factories.consultation(
        cast,
        decision,
        state=ConsultationState.OPINION_GIVEN,
        information_delivered_on=dt.date(2026, 3, 2),
        information_complete=True,
        regime="CSE_2018",
        opinion="unfavourable",
        opinion_on=dt.date(2026, 3, 20),
        confidentiality="restricted",
    )
    set_clock(dt.date(2026, 4, 2))
    path = f"/api/v1/decisions/{decision.pk}/"
    taken = act(cast.api(cast.coordinator), f"{path}take/", TAKE)
    assert taken.status_code == 200, taken.json()
    for person in (cast.coordinator, cast.chair_gamma):
        shown = cast.api(person).get(path)
        assert [row["code"] for row in shown.json()["requirements_at_taking"]] == ["consultation_done"]
        assert str(heard.pk) not in shown.content.decode()


def test_a_decision_is_not_taken_on_a_day_before_it_was_submitted(on_2_april: None, cast: Cast) -> None:
    decision = factories.decision(cast, cast.gamma, submitted_on=dt.date(2026, 2, 10))
    path = f"/api/v1/decisions/{decision.pk}/take/"
    for day in ("2026-02-09", "0001-01-01"):
        refused = act(cast.api(cast.coordinator), path, {**TAKE, "taken_on": day})
        # What held on a day when nobody had been asked yet says nothing.
        assert (refused.status_code, codes(refused), pointers(refused)) == (409, {"before_submission"}, {"/taken_on"})
    decision.refresh_from_db()
    assert (decision.state, decision.taken_on) == (DecisionState.SUBMITTED, None)
    assert not JournalEntry.objects.filter(act="decision.taken").exists()
    assert act(cast.api(cast.coordinator), path, {**TAKE, "taken_on": "2026-02-10"}).status_code == 200
