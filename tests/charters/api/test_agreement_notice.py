"""Leaving an agreement: by notice, early or late, or by an act that the coordination records."""

import datetime as dt
from typing import Any

import pytest

from charters import services
from charters.models import Agreement
from charters.selectors.agreements import agreements_of
from governance.models import JournalEntry
from governance.rules.calendars import add_months
from tests.cast import Cast
from tests.charters.factories import TACIT_YEAR, make_agreed, make_agreement, make_proposed
from tests.clock import set_clock
from tests.requests import act, codes, pointers

AGREEMENTS = "/api/v1/agreements/"
DAY = dt.timedelta(days=1)


def everything() -> tuple[Any, ...]:
    return list(Agreement.objects.order_by("pk").values()), JournalEntry.objects.count()


def path(agreement: Agreement, name: str = "") -> str:
    return f"{AGREEMENTS}{agreement.pk}/{name}"


def give(cast: Cast, agreement: Agreement, who: str = "chair_beta", **fields: Any) -> Any:
    return act(cast.api(cast.everyone[who]), path(agreement, "give-notice/"), {"reason": "Autre projet", **fields})


def end_of(agreement: Agreement) -> dt.date:
    assert agreement.ends_on is not None
    return agreement.ends_on


def test_a_notice_on_the_very_last_day_ends_it_at_its_term(cast: Cast) -> None:
    agreement = make_agreed(cast, **TACIT_YEAR)
    last = add_months(end_of(agreement), -3)
    set_clock(last)
    said = cast.api(cast.chair_alpha).get(path(agreement)).json()
    assert (said["term"]["last_notice_on"], said["term"]["renews"]) == (last.isoformat(), True)
    assert said["term"]["notice_today"]["ends_on"] == end_of(agreement).isoformat()
    response = give(cast, agreement)
    assert response.status_code == 200, response.content
    said = response.json()
    assert (said["state"], said["notice_ends_on"]) == ("in_force", end_of(agreement).isoformat())
    assert (said["notice_by"], said["notice_given_on"]) == (str(cast.beta.pk), last.isoformat())
    assert (said["term"]["renews"], said["term"]["closes_on"]) == (False, end_of(agreement).isoformat())
    assert said["term"]["next_notice_on"] is None
    entry = JournalEntry.objects.get(act="agreement.notice_given")
    assert (entry.on_behalf_of_id, entry.reason, entry.payload["effect"]) == (cast.beta.pk, "Autre projet", "in_time")
    set_clock(end_of(agreement))
    assert services.agreement_tick() == 0
    set_clock(end_of(agreement) + DAY)
    assert services.agreement_tick() == 1
    agreement.refresh_from_db()
    assert (agreement.state, agreement.ending, agreement.ended_on) == ("ended", "expired", end_of(agreement))


def test_a_late_notice_is_answered_with_the_next_term_and_why(cast: Cast) -> None:
    agreement = make_agreed(cast, **TACIT_YEAR)
    last = add_months(end_of(agreement), -3)
    set_clock(last + DAY)
    said = give(cast, agreement).json()
    following = add_months(end_of(agreement), 12)
    assert said["notice_ends_on"] == following.isoformat()
    assert "tardif" in said["notice_detail"]
    set_clock(following)
    assert services.agreement_tick() == 0
    assert cast.api(cast.chair_alpha).get(path(agreement)).json()["term"]["number"] == 1
    set_clock(following + DAY)
    assert services.agreement_tick() == 1


def test_without_notice_it_renews_by_itself_as_often_as_agreed(cast: Cast) -> None:
    agreement = make_agreed(cast, **TACIT_YEAR, max_renewals=1)
    set_clock(end_of(agreement) + DAY)
    assert services.agreement_tick() == 0
    term = cast.api(cast.chair_alpha).get(path(agreement)).json()["term"]
    last_day = add_months(end_of(agreement), 12)
    assert (term["number"], term["renews"], term["closes_on"]) == (1, False, last_day.isoformat())
    assert term["notice_today"]["reason"] == "last_term"
    set_clock(last_day + DAY)
    assert services.agreement_tick() == 1


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("chair_alpha", 200),
        ("director_beta", 200),
        ("member_alpha", 403),
        ("pilot_beta", 403),
        ("coordinator", 403),
        ("chair_gamma", 403),
        ("chair_delta", 404),
    ],
)
def test_only_a_party_gives_notice_and_for_itself(cast: Cast, who: str, status: int) -> None:
    agreement = make_agreed(cast, **TACIT_YEAR)
    before = everything()
    response = give(cast, agreement, who)
    assert response.status_code == status, response.content
    if status != 200:
        assert everything() == before
    else:
        other = give(cast, agreement, "chair_beta" if who == "chair_alpha" else "chair_alpha")
        assert (other.status_code, codes(other)) == (409, {"notice_already_given"})


def test_a_notice_that_cannot_be_is_refused_and_changes_nothing(cast: Cast) -> None:
    agreement = make_agreed(cast, **TACIT_YEAR)
    set_clock(cast.today + 20 * DAY)
    before = everything()
    given = {
        "in_the_future": {"given_on": (cast.today + 21 * DAY).isoformat()},
        "before_the_agreement": {"given_on": (cast.today - DAY).isoformat(), "reference": "LRAR"},
        "reference_required": {"given_on": (cast.today + DAY).isoformat()},
        "not_a_party": {"organisation": str(cast.gamma.pk)},
        "required": {"reason": None},
    }
    for code, fields in given.items():
        body = {"reason": "x", **fields}
        if body["reason"] is None:
            del body["reason"]
        response = act(cast.api(cast.chair_beta), path(agreement, "give-notice/"), body)
        assert codes(response) == {code}, response.content
    assert give(cast, agreement, organisation=str(cast.alpha.pk)).status_code == 403
    assert everything() == before
    dated = give(cast, agreement, given_on=(cast.today + DAY).isoformat(), reference="Lettre recommandée 1A")
    assert dated.status_code == 200
    assert JournalEntry.objects.get(act="agreement.notice_given").payload["reference"] == "Lettre recommandée 1A"


def test_what_is_not_in_force_is_not_left(cast: Cast) -> None:
    for agreement in (make_agreement(cast), make_proposed(cast)):
        before = everything()
        assert codes(give(cast, agreement)) == {"wrong_state"}
        body = {"reason": "x", "reference": "y"}
        assert codes(act(cast.api(cast.coordinator), path(agreement, "end/"), body)) == {"wrong_state"}
        assert everything() == before


def test_without_term_the_notice_runs_from_the_day_it_is_given(cast: Cast) -> None:
    agreement = make_agreed(cast, days=None, notice_months=2)
    said = give(cast, agreement).json()
    assert said["notice_ends_on"] == add_months(cast.today, 2).isoformat()
    assert said["term"]["last_day"] == said["notice_ends_on"]


def test_without_notice_agreed_it_ends_on_the_day_and_is_over_the_day_after(cast: Cast) -> None:
    agreement = make_agreed(cast, days=None)
    set_clock(cast.today + 3 * DAY)
    said = give(cast, agreement, given_on=(cast.today + DAY).isoformat(), reference="Courriel du 3").json()
    assert (said["state"], said["ended_on"], said["ending"]) == (
        "ended",
        (cast.today + DAY).isoformat(),
        "expired",
    )
    assert said["term"] is None


def test_the_coordination_records_an_end_with_the_act_that_binds_the_parties(cast: Cast) -> None:
    agreement = make_agreed(cast, **TACIT_YEAR)
    client = cast.api(cast.coordinator)
    before = everything()
    missing = act(client, path(agreement, "end/"), {"reason": "Accord"})
    assert (missing.status_code, pointers(missing)) == (400, {"/reference"})
    future = {"reason": "Accord", "reference": "Acte", "ended_on": (cast.today + DAY).isoformat()}
    assert codes(act(client, path(agreement, "end/"), future)) == {"in_the_future"}
    early = future | {"ended_on": (cast.today - DAY).isoformat()}
    assert codes(act(client, path(agreement, "end/"), early)) == {"before_the_agreement"}
    body = {"reason": "Accord", "reference": "Acte du 2 mai"}
    assert act(cast.api(cast.chair_alpha), path(agreement, "end/"), body).status_code == 403
    assert everything() == before
    said = act(client, path(agreement, "end/"), body).json()
    assert (said["state"], said["ending"], said["ended_reference"]) == ("ended", "terminated", "Acte du 2 mai")
    assert codes(act(client, path(agreement, "end/"), body)) == {"wrong_state"}


def test_what_leaving_would_entail_is_known_for_each_agreement_of_an_organisation(cast: Cast) -> None:
    tacit = make_agreed(cast, **TACIT_YEAR)
    endless = make_agreed(cast, days=None, notice_days=30, starts=-5)
    proposed = make_proposed(cast, starts=5)
    make_agreed(cast, cast.alpha, cast.gamma)
    make_agreement(cast)
    found = agreements_of(cast.beta, cast.cooperation, cast.today)
    assert [item.agreement.pk for item in found] == [tacit.pk, endless.pk, proposed.pk]
    assert [item.earliest_end for item in found] == [tacit.ends_on, cast.today + 30 * DAY, None]
    assert [item.notice_by for item in found] == [add_months(end_of(tacit), -3), None, None]
    give(cast, tacit, "chair_alpha")
    found = agreements_of(cast.beta, cast.cooperation, cast.today)
    assert (found[0].earliest_end, found[0].notice_by) == (tacit.ends_on, None)
