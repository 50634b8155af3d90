"""What agreements raise by themselves, and to whom: nothing is told to whoever may not know of them."""

import datetime as dt
from typing import Any

import pytest

from charters import reminders, services, vital_signs_agreements
from charters.models import Agreement
from governance.models import Person
from governance.rules.calendars import add_months
from governance.vital_signs import VitalSign, examine
from governance.waiting import waiting_for
from tests.cast import Cast
from tests.charters.factories import TACIT_YEAR, actor_of, make_agreed, make_agreement, make_proposed, sign
from tests.clock import set_clock
from tests.requests import act, codes
from worker import selectors

DAY = dt.timedelta(days=1)


def signs(cast: Cast, on: dt.date, person: Person | None = None) -> dict[str, VitalSign]:
    found = examine(cast.cooperation, actor=actor_of(person or cast.coordinator), on=on)
    return {sign.code: sign for sign in found if sign.code in vital_signs_agreements.CODES}


def restricted(agreement: Agreement) -> Agreement:
    Agreement.objects.filter(pk=agreement.pk).update(confidentiality="restricted")
    return agreement


def end_of(agreement: Agreement) -> dt.date:
    assert agreement.ends_on is not None
    return agreement.ends_on


def test_a_term_within_sixty_days_is_a_sign_graver_when_nothing_follows(cast: Cast) -> None:
    fixed = make_agreed(cast)
    assert signs(cast, end_of(fixed) - 61 * DAY) == {}
    found = signs(cast, end_of(fixed) - 60 * DAY)["agreement_term_near"]
    assert (str(found.severity), found.since) == ("warning", end_of(fixed) - 60 * DAY)
    services.agreement_end(pk=fixed.pk, actor=actor_of(cast.coordinator), reason="x", reference="y")
    tacit = make_agreed(cast, **{**TACIT_YEAR, "notice_months": 1})
    found = signs(cast, add_months(end_of(tacit), -1))["agreement_term_near"]
    assert str(found.severity) == "info"
    assert "Sans préavis" in str(found.why)
    found = signs(cast, add_months(end_of(tacit), -1) + DAY)["agreement_term_near"]
    assert "est passé" in str(found.why)
    assert signs(cast, end_of(tacit) + DAY) == {}


def test_a_signature_that_does_not_come_is_a_sign_after_thirty_days_or_as_the_cooperation_says(cast: Cast) -> None:
    agreement = make_proposed(cast)
    sign(cast, agreement, cast.alpha)
    assert signs(cast, cast.today + 29 * DAY) == {}
    found = signs(cast, cast.today + 30 * DAY)["agreement_signature_missing"]
    assert [item.label for item in found.objects if item.resource == "organisations"] == ["Bêta"]
    cast.cooperation.settings = {"agreement_signature_days": 3}
    assert "agreement_signature_missing" in signs(cast, cast.today + 3 * DAY)


def test_signs_and_waiting_things_are_told_only_to_whoever_may_know(cast: Cast) -> None:
    agreement = restricted(make_proposed(cast))
    later = cast.today + 40 * DAY
    assert signs(cast, later) == {}
    assert set(signs(cast, later, cast.member_alpha)) == {"agreement_signature_missing"}
    assert signs(cast, later, cast.chair_gamma) == {}

    def waits(person: Person) -> list[Any]:
        return [item.id for item in waiting_for(actor_of(person), on=cast.today) if item.code == "agreement_to_sign"]

    for person in (cast.chair_alpha, cast.director_alpha, cast.chair_beta, cast.director_beta):
        assert waits(person) == [agreement.pk]
    for person in (cast.coordinator, cast.member_alpha, cast.pilot_beta, cast.chair_gamma, cast.foreign_chair):
        assert waits(person) == []
    sign(cast, agreement, cast.alpha)
    assert waits(cast.chair_alpha) == []
    assert waits(cast.director_beta) == [agreement.pk]


def test_the_heads_of_the_parties_and_the_coordination_are_reminded_of_notice_and_term(cast: Cast) -> None:
    agreement = make_agreed(cast, **TACIT_YEAR)
    make_agreement(cast)

    def told(on: dt.date) -> dict[str, set[Any]]:
        found: dict[str, set[Any]] = {}
        for item in reminders.expected(cast.cooperation, on):
            assert item.subject_id == agreement.pk
            found.setdefault(f"{item.kind} {item.due_on}", set()).add(item.recipient_id)
        return found

    last, following = add_months(end_of(agreement), -3), add_months(end_of(agreement), 12)
    people = {
        person.pk
        for person in (
            cast.coordinator,
            cast.chair_alpha,
            cast.director_alpha,
            cast.chair_beta,
            cast.director_beta,
        )
    }
    term = f"agreement_term {agreement.ends_on}"
    assert told(last) == {f"agreement_notice {last}": people, term: people}
    assert told(last + DAY) == {f"agreement_notice {add_months(following, -3)}": people, term: people}
    services.agreement_give_notice(pk=agreement.pk, actor=actor_of(cast.chair_beta), reason="x")
    assert told(last) == {term: people}


def test_the_worker_reminds_in_time_for_a_board_to_meet_and_of_nothing_hidden(cast: Cast) -> None:
    agreement = restricted(make_agreed(cast, **TACIT_YEAR))
    last = add_months(end_of(agreement), -3)
    set_clock(last - 61 * DAY)
    owed = [
        item for item in selectors.ledger(cast.cooperation).owed.values() if item.expected.kind == "agreement_notice"
    ]
    assert {item.expected.recipient_id for item in owed} == {
        cast.chair_alpha.pk,
        cast.director_alpha.pk,
        cast.chair_beta.pk,
        cast.director_beta.pk,
    }
    assert {item.step.days_before for item in owed} == {60, 30, 14, 1}


@pytest.mark.parametrize("who", ["chair_delta", "funder", "chair_gamma", "facilitator", "coordinator"])
def test_whoever_is_no_party_knows_nothing_of_what_is_for_the_parties_only(cast: Cast, who: str) -> None:
    agreement = restricted(make_agreed(cast, title="Secret partagé"))
    client = cast.api(cast.everyone[who])
    base = "/api/v1/agreements/"
    assert client.get(f"{base}{agreement.pk}/").status_code == 404
    assert client.get(f"{base}{agreement.pk}/content/").status_code == 404
    assert act(client, f"{base}{agreement.pk}/give-notice/", {"reason": "x"}).status_code == 404
    for query in ("", "?q=secret", f"?organisation={cast.alpha.pk}", "?count=exact"):
        said = client.get(f"{base}{query}").json()
        assert said["results"] == []
        assert said.get("count", 0) == 0
    for other in ("users/me/", "reminders/"):
        assert str(agreement.pk) not in client.get(f"/api/v1/{other}").content.decode()


def test_a_party_of_the_outer_circle_knows_its_own_agreement_and_no_other(cast: Cast) -> None:
    own = make_agreement(cast, cast.alpha, cast.delta, confidentiality="core")
    make_agreement(cast, cast.alpha, cast.beta, confidentiality="core")
    found = cast.api(cast.chair_delta).get("/api/v1/agreements/").json()["results"]
    assert [row["id"] for row in found] == [str(own.pk)]
    assert cast.api(cast.chair_gamma).get("/api/v1/agreements/").json()["results"] == []


def test_only_a_party_may_keep_an_agreement_for_the_parties_and_a_level_does_not_open_early(cast: Cast) -> None:
    body = {
        "cooperation": str(cast.cooperation.pk),
        "title": "Prix",
        "starts_on": cast.today.isoformat(),
        "confidentiality": "restricted",
        "parties": [{"organisation": str(cast.alpha.pk)}, {"organisation": str(cast.beta.pk)}],
    }
    refused = act(cast.api(cast.coordinator), "/api/v1/agreements/", body)
    assert (refused.status_code, codes(refused)) == (400, {"out_of_sight"})
    assert act(cast.api(cast.chair_alpha), "/api/v1/agreements/", body).status_code == 201
    until = cast.today + 10 * DAY
    agreement = make_agreed(cast, confidentiality="core", confidential_until=until)

    def put(person: Person, level: str) -> Any:
        return cast.api(person).patch(
            f"/api/v1/agreements/{agreement.pk}/", {"confidentiality": level}, format="json", headers={"If-Match": "*"}
        )

    assert codes(put(cast.coordinator, "active")) == {"level_would_open"}
    assert codes(put(cast.coordinator, "restricted")) == {"out_of_sight"}
    assert put(cast.chair_beta, "board").status_code == 200
    set_clock(until)
    assert codes(put(cast.chair_beta, "active")) == {"level_would_open"}
    set_clock(until + DAY)
    assert put(cast.chair_beta, "active").status_code == 200
