"""Vectors of domain.md 1.7 by HTTP: the rules are tried elsewhere, here what the API makes of the facts."""

import datetime as dt
from typing import Any

import pytest

from governance.models import Organisation
from governance.services.consultations import consultations_deem_negative_due
from tests.cast import Cast
from tests.clock import set_clock
from tests.governance import factories
from tests.requests import act, codes, pointers

pytestmark = pytest.mark.django_db
URL = "/api/v1/consultations/"
type Acts = list[tuple[str, dict[str, Any]]]


def expert(day: str) -> tuple[str, dict[str, Any]]:
    return "designate-expert", {"designated_on": day}


def extend(**given: Any) -> tuple[str, dict[str, Any]]:
    return "extend", given


# id, start, preparation, calendar, acts, nominal, extended, act from
VECTORS: list[tuple[str, str, dict[str, Any], str, Acts, str, str, str]] = [
    ("D09", "2014-10-01", {}, "metropole", [expert("2014-10-01")], "2014-12-01", "2014-12-01", "2014-12-02"),
    (
        "D10",
        "2026-12-01",
        {"both_levels": True},
        "metropole",
        [expert("2026-12-01")],
        "2027-03-01",
        "2027-03-01",
        "2027-03-02",
    ),
    ("D14", "2026-03-02", {"agreement_days": 15}, "metropole", [], "2026-03-17", "2026-03-17", "2026-03-18"),
    (
        "D16",
        "2026-03-02",
        {"agreement_days": 42},
        "metropole",
        [expert("2026-03-02")],
        "2026-04-13",
        "2026-04-13",
        "2026-04-14",
    ),
    (
        "K-D15c floor of 15 days",
        "2015-03-02",
        {"agreement_days": 10},
        "metropole",
        [],
        *["2015-03-17"] * 2,
        "2015-03-18",
    ),
    (
        "K-D17a common accord twice",
        "2026-03-02",
        {},
        "metropole",
        [extend(common_agreement_on="2026-05-07"), extend(common_agreement_on="2026-05-20")],
        "2026-05-20",
        "2026-05-20",
        "2026-05-21",
    ),
    (
        "K-D18e seized on the day itself",
        "2026-03-02",
        {},
        "metropole",
        [extend(judge_seized_on="2026-03-02", judge_fixed_on="2026-05-15")],
        "2026-05-15",
        "2026-05-15",
        "2026-05-16",
    ),
    (
        "K-D24 suspended",
        "2026-03-02",
        {},
        "metropole",
        [expert("2026-03-02"), extend(suspended_days=20)],
        "2026-05-22",
        "2026-05-22",
        "2026-05-23",
    ),
    ("K-D27 26 December", "2028-11-26", {}, "alsace_moselle", [], "2028-12-26", "2028-12-27", "2028-12-28"),
    ("K-D27 Good Friday", "2026-03-03", {}, "alsace_moselle", [], "2026-04-03", "2026-04-07", "2026-04-08"),
    ("K-D27 22 May", "2026-04-22", {}, "martinique", [], "2026-05-22", "2026-05-26", "2026-05-27"),
]


def ask(cast: Cast, consultation: str, name: str, body: dict[str, Any]) -> Any:
    return act(cast.api(cast.director_alpha), f"{URL}{consultation}/{name}/", body)


def take(cast: Cast, decision: Any) -> Any:
    return act(cast.api(cast.coordinator), f"/api/v1/decisions/{decision.pk}/take/", {"outcome": "Oui"})


@pytest.mark.parametrize(
    ("start", "prepared", "calendar", "acts", "nominal", "extended", "act_from"),
    [row[1:] for row in VECTORS],
    ids=[row[0] for row in VECTORS],
)
def test_a_decision_waits_for_the_day_of_the_vector_and_no_longer(
    request: pytest.FixtureRequest,
    start: str,
    prepared: dict[str, Any],
    calendar: str,
    acts: Acts,
    nominal: str,
    extended: str,
    act_from: str,
) -> None:
    set_clock(dt.date.fromisoformat(start))
    cast: Cast = request.getfixturevalue("cast")
    Organisation.objects.filter(pk=cast.alpha.pk).update(site_calendar=calendar)
    decision = factories.decision(cast, submitted_on=cast.today)
    body = {"decision": str(decision.pk), "organisation": str(cast.alpha.pk), **prepared}
    made = cast.api(cast.director_alpha).post(URL, body, format="json").json()["id"]
    for name, given in [("send-information", {"delivered_on": start}), *acts]:
        answer = ask(cast, made, name, given)
        assert answer.status_code == 200, answer.json()
    shown = answer.json()
    assert (shown["nominal_deadline"], shown["extended_deadline"], shown["act_from"]) == (nominal, extended, act_from)
    set_clock(dt.date.fromisoformat(act_from) - dt.timedelta(days=1))
    assert codes(take(cast, decision)) == {"decision_before_consultation"}
    set_clock(dt.date.fromisoformat(act_from))
    assert take(cast, decision).status_code == 200


@pytest.fixture
def informed(request: pytest.FixtureRequest, db: None) -> tuple[Cast, Any, str]:
    """Informed on 2 March 2026: the limit ends on 2 April (D01)."""
    set_clock(dt.date(2026, 3, 2))
    cast: Cast = request.getfixturevalue("cast")
    decision = factories.decision(cast, submitted_on=cast.today)
    made = str(factories.consultation(cast, decision).pk)
    assert ask(cast, made, "send-information", {"delivered_on": "2026-03-02"}).status_code == 200
    return cast, decision, made


def test_a_judge_seized_while_a_suspension_holds_is_seized_in_time(informed: tuple[Cast, Any, str]) -> None:
    cast, _decision, made = informed
    assert ask(cast, made, *extend(suspended_days=12)).json()["nominal_deadline"] == "2026-04-14"
    set_clock(dt.date(2026, 4, 10))
    seized = ask(cast, made, *extend(judge_seized_on="2026-04-10")).json()
    assert "judge_seized_too_late" not in {reason["code"] for reason in seized["clock"]["reasons"]}
    set_clock(dt.date(2026, 4, 20))
    assert consultations_deem_negative_due() == 1
    # The date that the judge fixed, and the days of the suspension after it.
    fixed = ask(cast, made, *extend(judge_fixed_on="2026-05-20")).json()
    assert (fixed["state"], fixed["nominal_deadline"]) == ("information_sent", "2026-06-01")


@pytest.mark.parametrize("deemed", [False, True], ids=["before the tick", "after the tick"])
class TestToldLate:
    """Minutes come up to fifteen days after the meeting (D2315-26): what counts is the day of the fact."""

    def test_an_opinion_of_its_time_counts(self, informed: tuple[Cast, Any, str], deemed: bool) -> None:
        cast, decision, made = informed
        set_clock(dt.date(2026, 4, 10))
        assert consultations_deem_negative_due() == 1 if deemed else True
        late = ask(cast, made, "record-opinion", {"kind": "favourable", "given_on": "2026-04-03"})
        assert (late.status_code, codes(late), pointers(late)) == (409, {"deadline_passed"}, {"/given_on"})
        told = ask(cast, made, "record-opinion", {"kind": "favourable", "given_on": "2026-04-02"}).json()
        assert (told["state"], told["opinion"], told["act_from"]) == ("opinion_given", "favourable", "2026-04-02")
        assert take(cast, decision).status_code == 200

    def test_an_expert_called_in_before_the_end_lengthens_it(
        self, informed: tuple[Cast, Any, str], deemed: bool
    ) -> None:
        cast, decision, made = informed
        set_clock(dt.date(2026, 4, 10))
        assert consultations_deem_negative_due() == 1 if deemed else True
        late = ask(cast, made, *expert("2026-04-03"))
        assert (late.status_code, codes(late), pointers(late)) == (409, {"deadline_passed"}, {"/designated_on"})
        early = ask(cast, made, *expert("2026-03-01"))
        assert (early.status_code, codes(early)) == (400, {"before_the_start"})
        told = ask(cast, made, *expert("2026-03-25")).json()
        assert (told["state"], told["opinion"], told["nominal_deadline"]) == ("information_sent", "", "2026-05-02")
        assert codes(take(cast, decision)) == {"decision_before_consultation"}
