"""`agreements`: drafted, proposed, signed by each party on the exact text; a refusal changes nothing."""

import datetime as dt
import hashlib
import json
from typing import Any

import pytest

from charters import services
from charters.models import Agreement, AgreementCostKey, AgreementParty
from charters.rules.content import canonical_bytes
from coopproject import clock
from governance.enums import RoleKind
from governance.models import JournalEntry, Role
from tests.cast import Cast
from tests.charters.factories import (
    TACIT_YEAR,
    actor_of,
    make_agreed,
    make_agreement,
    make_charter,
    make_proposed,
    sign,
)
from tests.clock import set_clock
from tests.queries import assert_constant_queries
from tests.requests import act, codes, pointers

AGREEMENTS = "/api/v1/agreements/"
DAY = dt.timedelta(days=1)


def everything() -> tuple[Any, ...]:
    return (
        list(Agreement.objects.order_by("pk").values()),
        list(AgreementParty.objects.order_by("pk").values()),
        list(AgreementCostKey.objects.order_by("pk").values()),
        JournalEntry.objects.count(),
    )


def body(cast: Cast, **fields: Any) -> dict[str, Any]:
    return {
        "cooperation": str(cast.cooperation.pk),
        "title": "Convention du minibus",
        "scope": "Un minibus.",
        "starts_on": cast.today.isoformat(),
        "parties": [{"organisation": str(cast.alpha.pk)}, {"organisation": str(cast.beta.pk), "role": "Héberge"}],
        **fields,
    }


def path(agreement: Agreement, name: str = "") -> str:
    return f"{AGREEMENTS}{agreement.pk}/{name}"


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("coordinator", 201),
        ("facilitator", 201),
        ("chair_alpha", 201),
        ("director_beta", 201),
        ("member_alpha", 403),
        ("chair_gamma", 403),
        ("pilot_beta", 403),
        ("funder", 403),
        ("former_chair", 400),
        ("foreign_coordinator", 400),
        (None, 401),
    ],
)
def test_staff_and_the_heads_of_a_party_draft_an_agreement(cast: Cast, who: str | None, status: int) -> None:
    before = everything()
    response = act(cast.api(cast.everyone[who] if who else None), AGREEMENTS, body(cast))
    assert response.status_code == status, response.content
    if status == 201:
        said = response.json()
        assert [(party["organisation"], party["role"]) for party in said["parties"]] == [
            (str(cast.alpha.pk), ""),
            (str(cast.beta.pk), "Héberge"),
        ]
        assert (said["state"], said["number"], said["with_mandate"]) == ("draft", 1, False)
        assert JournalEntry.objects.get(act="agreement.created").payload["parties"][1]["role"] == "Héberge"
    else:
        assert everything() == before


def test_every_input_error_is_said_at_once_where_it_is(cast: Cast) -> None:
    before = everything()
    party = {"organisation": str(cast.alpha.pk)}
    fields = {
        "ends_on": (cast.today - DAY).isoformat(),
        "renewal": "none",
        "renewal_months": 12,
        "notice_months": 1,
        "notice_days": 30,
        "mandatary": str(cast.omega.pk),
        "parties": [party, party, {"organisation": str(cast.omega.pk)}],
        "cost_keys": [{"label": "Frais", "basis": "fixed_shares", "shares": {str(cast.alpha.pk): 9000}}],
    }
    response = act(cast.api(cast.coordinator), AGREEMENTS, body(cast, **fields))
    assert response.status_code == 400
    assert {(error["pointer"], error["code"]) for error in response.json()["errors"]} == {
        ("/ends_on", "ends_before_it_starts"),
        ("/renewal_months", "not_tacit"),
        ("/notice_days", "one_notice_only"),
        ("/mandatary", "not_a_member"),
        ("/parties/1/organisation", "party_repeated"),
        ("/parties/2/organisation", "not_a_member"),
        (f"/cost_keys/0/shares/{cast.omega.pk}", "share_missing"),
    }
    assert everything() == before


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"parties": [{"organisation": "zeta"}]}, "/parties/0/organisation"),
        ({"parties": [{"organization": "x"}]}, "/parties/0/organization"),
        ({"cost_keys": [{"label": "x", "basis": "dice"}]}, "/cost_keys/0/basis"),
        ({"cost_keys": [{"label": "x", "basis": "equal", "shares": {"a": 1.5}}]}, "/cost_keys/0/shares/a"),
        ({"state": "in_force"}, "/state"),
        ({"content_hash": "0" * 64}, "/content_hash"),
        ({"renewal": "tacit", "renewal_months": 12}, "/ends_on"),
    ],
)
def test_what_is_not_an_agreement_is_refused(cast: Cast, fields: dict[str, Any], pointer: str) -> None:
    if fields.get("parties") == [{"organisation": "zeta"}]:
        fields = {"parties": [{"organisation": str(cast.zeta.pk)}]}
    response = act(cast.api(cast.coordinator), AGREEMENTS, body(cast, **fields))
    assert (response.status_code, pointer in pointers(response)) == (400, True), response.content
    assert not Agreement.objects.exists()


def test_a_draft_changes_its_parties_and_keys_whole(cast: Cast) -> None:
    draft = make_agreement(cast)
    client = cast.api(cast.chair_alpha)
    keys = [
        {"label": "Carburant", "basis": "usage"},
        {
            "label": "Assurance",
            "basis": "fixed_shares",
            "shares": {str(cast.alpha.pk): 7000, str(cast.gamma.pk): 3000},
        },
    ]
    parties = [{"organisation": str(cast.gamma.pk)}, {"organisation": str(cast.alpha.pk)}]
    changed = client.patch(
        path(draft), {"parties": parties, "cost_keys": keys}, format="json", headers={"If-Match": '"1"'}
    )
    assert changed.status_code == 200, changed.content
    assert [key["label"] for key in changed.json()["cost_keys"]] == ["Carburant", "Assurance"]
    assert [party["organisation"] for party in changed.json()["parties"]] == [str(cast.gamma.pk), str(cast.alpha.pk)]
    assert changed.json()["version"] == 2
    stale = client.patch(path(draft), {"title": "x"}, format="json", headers={"If-Match": '"1"'})
    assert stale.status_code == 412
    # Alpha leaves the table: the shares no longer add up over the parties.
    before = everything()
    refused = cast.api(cast.coordinator).patch(
        path(draft),
        {"parties": [{"organisation": str(cast.gamma.pk)}, {"organisation": str(cast.beta.pk)}]},
        format="json",
        headers={"If-Match": "*"},
    )
    assert refused.status_code == 400
    assert pointers(refused) == {f"/cost_keys/1/shares/{cast.alpha.pk}", f"/cost_keys/1/shares/{cast.beta.pk}"}
    assert everything() == before


def test_what_is_put_to_the_signature_is_complete_and_says_all_that_it_lacks(cast: Cast) -> None:
    draft = make_agreement(cast, cast.alpha, kind="with_mandate", scope="", mandate_limits="1 000 €")
    before = everything()
    response = act(cast.api(cast.coordinator), path(draft, "propose/"))
    assert response.status_code == 409
    assert codes(response) == {"scope_missing", "too_few_parties", "mandatary_missing"}
    assert everything() == before
    services.agreement_update(
        pk=draft.pk,
        actor=actor_of(cast.coordinator),
        expected_version=None,
        changes={
            "scope": "Acheter ensemble.",
            "mandatary": cast.gamma,
            "parties": [{"organisation": cast.alpha}, {"organisation": cast.beta}],
        },
    )
    response = act(cast.api(cast.coordinator), path(draft, "propose/"))
    assert codes(response) == {"mandatary_not_a_party", "mandate_scope_missing"}


def test_a_loan_of_staff_has_an_end_and_shows_law_only_where_it_is_sure(cast: Cast) -> None:
    draft = make_agreement(cast, kind="staff_lending", days=None)
    client = cast.api(cast.coordinator)
    assert codes(act(client, path(draft, "propose/"))) == {"staff_lending_without_end"}
    warnings = {warning["code"]: warning for warning in client.get(path(draft)).json()["warnings"]}
    at_cost = warnings["staff_lending_at_cost"]
    assert (at_cost["confidence"], at_cost["configurable"]) == ("B", False)
    assert "L8241-1" in at_cost["legal_reference"]
    unsure = [warning for warning in warnings.values() if warning["confidence"] not in {"A", "B"}]
    assert {warning["code"] for warning in unsure} >= {"staff_lending_host_consultation", "authorisation_missing"}
    assert all(warning["configurable"] and not warning["legal_reference"] for warning in unsure)
    cast.cooperation.settings = {"agreement_checks_off": ["staff_lending_host_consultation", "staff_lending_at_cost"]}
    cast.cooperation.save()
    told = {warning["code"] for warning in client.get(path(draft)).json()["warnings"]}
    assert "staff_lending_host_consultation" not in told
    assert "staff_lending_at_cost" in told


def test_the_text_is_frozen_with_a_hash_that_anybody_can_compute_again(cast: Cast) -> None:
    charter = make_charter(cast)
    agreement = make_proposed(cast, charter=charter, mandatary=cast.alpha, mandate_scope="Acheter", **TACIT_YEAR)
    said = cast.api(cast.chair_beta).get(path(agreement, "content/")).json()
    content = json.loads(said["content"])
    assert hashlib.sha256(said["content"].encode()).hexdigest() == said["content_hash"] == agreement.content_hash
    assert canonical_bytes(content).decode() == said["content"]
    assert [party["organisation"] for party in content["parties"]] == [str(cast.alpha.pk), str(cast.beta.pk)]
    assert (content["mandatary"], content["notice_months"], content["renewal"]) == (str(cast.alpha.pk), 3, "tacit")
    assert str(charter.pk) not in said["content"]
    before = everything()
    client = cast.api(cast.coordinator)
    refused = client.patch(path(agreement), {"title": "Autre", "parties": []}, format="json", headers={"If-Match": "*"})
    assert (refused.status_code, codes(refused)) == (409, {"text_is_frozen"})
    assert pointers(refused) == {"/title", "/parties"}
    assert codes(act(client, path(agreement, "propose/"))) == {"wrong_state"}
    assert everything() == before


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("chair_alpha", 200),
        ("director_alpha", 200),
        ("member_alpha", 403),
        ("employees_alpha", 403),
        ("pilot_beta", 403),
        ("chair_gamma", 403),
        ("coordinator", 403),
        ("facilitator", 403),
        ("chair_delta", 404),
        ("yesterday_chair_alpha", 404),
        ("foreign_chair", 404),
    ],
)
def test_only_the_chair_or_the_director_of_a_party_signs_for_it(cast: Cast, who: str, status: int) -> None:
    agreement = make_proposed(cast)
    before = everything()
    response = act(cast.api(cast.everyone[who]), path(agreement, "sign/"), {"content_hash": agreement.content_hash})
    assert response.status_code == status, response.content
    if status != 200:
        assert everything() == before
        return
    party = AgreementParty.objects.get(agreement=agreement, organisation=cast.alpha)
    assert (party.signed_on, party.signatory_id) == (cast.today, cast.everyone[who].pk)
    assert party.capacity == {"chair_alpha": "board_chair", "director_alpha": "director"}[who]
    entry = JournalEntry.objects.get(act="agreement.signed")
    assert (entry.on_behalf_of_id, entry.payload["content_hash"]) == (cast.alpha.pk, agreement.content_hash)
    assert response.json()["state"] == "proposed"


def test_nobody_signs_for_another_party(cast: Cast) -> None:
    agreement = make_proposed(cast)
    before = everything()
    client = cast.api(cast.chair_alpha)
    given = {"content_hash": agreement.content_hash}
    other = act(client, path(agreement, "sign/"), given | {"organisation": str(cast.beta.pk)})
    stranger = act(client, path(agreement, "sign/"), given | {"organisation": str(cast.gamma.pk)})
    foreign = act(client, path(agreement, "sign/"), given | {"organisation": str(cast.zeta.pk)})
    assert other.status_code == 403
    assert (stranger.status_code, codes(stranger)) == (400, {"not_a_party"})
    assert (foreign.status_code, codes(foreign)) == (400, {"does_not_exist"})
    assert everything() == before


def test_whoever_heads_two_parties_says_for_which_one(cast: Cast) -> None:
    Role.objects.create(
        cooperation=cast.cooperation,
        person=cast.chair_alpha,
        organisation=cast.beta,
        kind=RoleKind.DIRECTOR,
        since=cast.since,
    )
    agreement = make_proposed(cast)
    client, given = cast.api(cast.chair_alpha), {"content_hash": agreement.content_hash}
    assert codes(act(client, path(agreement, "sign/"), given)) == {"organisation_required"}
    for organisation in (cast.alpha, cast.beta):
        response = act(client, path(agreement, "sign/"), given | {"organisation": str(organisation.pk)})
        assert response.status_code == 200, response.content
    assert response.json()["state"] == "in_force"
    capacities = AgreementParty.objects.order_by("position").values_list("capacity", flat=True)
    assert list(capacities) == ["board_chair", "director"]


@pytest.mark.parametrize(
    ("given", "status", "code"),
    [
        ({"content_hash": "0" * 64}, 409, "hash_mismatch"),
        ({"content_hash": "chaîne"}, 400, "invalid"),
        ({"signed_on": "tomorrow"}, 400, "in_the_future"),
        ({"signed_on": "yesterday"}, 400, "signed_before_proposal"),
        ({"authorised_on": "tomorrow"}, 400, "in_the_future"),
    ],
)
def test_a_signature_on_another_text_or_another_day_is_refused(
    cast: Cast, given: dict[str, str], status: int, code: str
) -> None:
    agreement = make_proposed(cast)
    before = everything()
    days = {"tomorrow": (cast.today + DAY).isoformat(), "yesterday": (cast.today - DAY).isoformat()}
    said = {"content_hash": agreement.content_hash} | {name: days.get(value, value) for name, value in given.items()}
    response = act(cast.api(cast.chair_alpha), path(agreement, "sign/"), said)
    assert (response.status_code, codes(response)) == (status, {code})
    assert everything() == before


def test_the_last_signature_puts_it_in_force_and_no_second_one_counts(cast: Cast) -> None:
    agreement = make_proposed(cast, cast.alpha, cast.beta, cast.gamma)
    sign(cast, agreement, cast.beta)
    again = act(cast.api(cast.chair_beta), path(agreement, "sign/"), {"content_hash": agreement.content_hash})
    assert (again.status_code, codes(again)) == (409, {"already_signed"})
    sign(cast, agreement, cast.alpha)
    assert agreement.state == "proposed"
    sign(cast, agreement, cast.gamma, authorisation_reference="CA du 3 mars")
    assert (agreement.state, agreement.in_force_on) == ("in_force", cast.today)
    assert JournalEntry.objects.filter(act="agreement.entered_into_force").count() == 1


def test_signed_by_all_it_waits_for_its_day(cast: Cast) -> None:
    agreement = make_agreed(cast, starts=5)
    assert agreement.state == "proposed"
    assert services.agreement_tick() == 0
    set_clock(agreement.starts_on)
    assert services.agreement_tick() == 1
    assert services.agreement_tick() == 0
    agreement.refresh_from_db()
    assert (agreement.state, agreement.in_force_on) == ("in_force", agreement.starts_on)


def test_past_its_term_nobody_proposes_or_signs_it_and_it_ends_by_itself(cast: Cast) -> None:
    late = make_agreement(cast, starts=-20, days=10)
    assert codes(act(cast.api(cast.coordinator), path(late, "propose/"))) == {"term_is_over"}
    proposed, agreed = make_proposed(cast, days=20), make_agreed(cast, days=20)
    assert agreed.ends_on is not None
    set_clock(agreed.ends_on)
    assert services.agreement_tick() == 0
    set_clock(agreed.ends_on + DAY)
    given = {"content_hash": proposed.content_hash}
    assert codes(act(cast.api(cast.chair_alpha), path(proposed, "sign/"), given)) == {"term_is_over"}
    assert services.agreement_tick() == 1
    agreed.refresh_from_db()
    assert (agreed.state, agreed.ending, agreed.ended_on) == ("ended", "expired", agreed.ends_on)
    assert cast.api(cast.chair_alpha).get(path(agreed)).json()["term"] is None


def test_a_draft_or_a_proposal_is_withdrawn_with_its_reason_and_taken_up_again(cast: Cast) -> None:
    agreement = make_proposed(cast)
    sign(cast, agreement, cast.alpha)
    client = cast.api(cast.chair_beta)
    assert act(client, path(agreement, "withdraw/"), {}).status_code == 400
    said = act(client, path(agreement, "withdraw/"), {"reason": "Le montant est faux"}).json()
    assert (said["state"], said["withdrawn_reason"]) == ("withdrawn", "Le montant est faux")
    given = {"content_hash": agreement.content_hash}
    assert codes(act(client, path(agreement, "sign/"), given)) == {"wrong_state"}
    again = act(client, path(agreement, "amend/"))
    assert again.status_code == 201, again.content
    copy = again.json()
    assert (copy["number"], copy["replaces"], copy["state"]) == (1, None, "draft")
    assert [party["signed_on"] for party in copy["parties"]] == [None, None]
    draft = make_agreement(cast)
    assert act(client, path(draft, "withdraw/"), {"reason": "Sans objet"}).json()["content_hash"]


def test_an_amendment_ends_what_it_replaces_the_day_it_enters(cast: Cast) -> None:
    agreement = make_agreed(cast, **TACIT_YEAR)
    draft_id = act(cast.api(cast.chair_alpha), path(agreement, "amend/")).json()["id"]
    second = act(cast.api(cast.coordinator), path(agreement, "amend/"))
    assert (second.status_code, codes(second)) == (409, {"amendment_exists"})
    amendment = Agreement.objects.get(pk=draft_id)
    assert (amendment.number, amendment.replaces_id, amendment.renewal_months) == (2, agreement.pk, 12)
    set_clock(cast.today + 30 * DAY)
    services.agreement_propose(pk=amendment.pk, actor=actor_of(cast.coordinator))
    amendment.refresh_from_db()
    assert json.loads(amendment.content)["replaces"] == agreement.content_hash
    sign(cast, amendment, cast.alpha)
    agreement.refresh_from_db()
    assert agreement.state == "in_force"
    sign(cast, amendment, cast.beta)
    agreement.refresh_from_db()
    assert (amendment.state, amendment.in_force_on) == ("in_force", cast.today + 30 * DAY)
    assert (agreement.state, agreement.ending, agreement.ended_on) == ("ended", "replaced", cast.today + 29 * DAY)


def test_a_list_costs_the_same_whatever_its_length(cast: Cast) -> None:
    def make(count: int) -> None:
        for _index in range(count):
            make_agreement(
                cast, charter=charter, cost_keys=[{"label": "Frais", "basis": "equal"}], mandatary=cast.alpha
            )

    charter = make_charter(cast)
    assert_constant_queries(cast.api(cast.chair_alpha), "/api/v1/agreements/", make)
    assert_constant_queries(cast.api(cast.chair_alpha), "/api/v1/agreements/?expand=charter", make)


def test_agreements_are_found_by_party_state_and_words(cast: Cast) -> None:
    first = make_agreed(cast, title="Achats groupés")
    second = make_agreement(cast, cast.alpha, cast.gamma, kind="with_mandate", mandatary=cast.gamma)
    client = cast.api(cast.coordinator)

    def found(query: str) -> list[str]:
        response = client.get(f"{AGREEMENTS}?{query}")
        assert response.status_code == 200, response.content
        return [row["id"] for row in response.json()["results"]]

    assert found(f"organisation={cast.beta.pk}") == [str(first.pk)]
    assert found(f"organisation={cast.alpha.pk}&ordering=created_at") == [str(first.pk), str(second.pk)]
    assert found("with_mandate=true") == [str(second.pk)]
    assert found("with_mandate=false") == [str(first.pk)]
    assert found("state__in=in_force,ended") == [str(first.pk)]
    assert found("q=achats groupes") == [str(first.pk)]


def test_today_is_asked_of_the_clock_of_the_cooperation(cast: Cast) -> None:
    agreement = make_agreement(cast, starts=-1, days=2)
    assert clock.today() == agreement.ends_on
    assert cast.api(cast.coordinator).get(path(agreement)).json()["term"]["last_day"] == cast.today.isoformat()
    set_clock(cast.today + DAY)
    assert cast.api(cast.coordinator).get(path(agreement)).json()["term"] is None
