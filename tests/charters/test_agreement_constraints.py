"""What the database itself refuses of an agreement, each by its name."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction

from charters.models import Agreement, AgreementCostKey, AgreementParty
from coopproject import clock
from tests.cast import Cast
from tests.charters.factories import make_agreed, make_agreement, make_proposed, sign

DAY = dt.date(2026, 1, 10)
PROPOSED = {
    "content": "{}",
    "content_hash": "a" * 64,
    "proposed_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    "state": "proposed",
}
IN_FORCE = {**PROPOSED, "state": "in_force", "in_force_on": DAY}
ENDED = {**IN_FORCE, "state": "ended", "ended_on": DAY, "ending": "expired"}


def refuses(name: str) -> Any:
    return pytest.raises(IntegrityError, match=name)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("charters_agreement_first_replaces_nothing", {"number": 0}),
        ("charters_agreement_ends_after_it_starts", {"ends_on": DAY - dt.timedelta(days=1)}),
        ("charters_agreement_renews_by_known_terms", {"renewal": "tacit", "renewal_months": 12}),
        ("charters_agreement_renews_by_known_terms", {"renewal": "tacit", "ends_on": DAY}),
        ("charters_agreement_renews_by_known_terms", {"ends_on": DAY, "renewal_months": 12}),
        ("charters_agreement_renews_by_known_terms", {"ends_on": DAY, "max_renewals": 1}),
        ("charters_agreement_one_notice", {"notice_months": 1, "notice_days": 30}),
        ("charters_agreement_hashed_when_not_draft", {"content_hash": "a" * 64}),
        ("charters_agreement_hashed_when_not_draft", {**PROPOSED, "content_hash": "A" * 64}),
        ("charters_agreement_proposed_before_the_rest", {**PROPOSED, "proposed_at": None}),
        ("charters_agreement_in_force_has_its_day", {**PROPOSED, "in_force_on": DAY}),
        ("charters_agreement_in_force_has_its_day", {**IN_FORCE, "in_force_on": None}),
        ("charters_agreement_in_force_has_its_day", {**IN_FORCE, "in_force_on": DAY - dt.timedelta(days=1)}),
        ("charters_agreement_notice_is_whole", {**IN_FORCE, "notice_given_on": DAY}),
        ("charters_agreement_notice_is_whole", {**IN_FORCE, "notice_ends_on": DAY}),
        ("charters_agreement_ended_says_how", {**ENDED, "ending": ""}),
        ("charters_agreement_ended_says_how", {**ENDED, "ended_on": None}),
        ("charters_agreement_ended_says_how", {**ENDED, "ended_on": DAY - dt.timedelta(days=1)}),
        ("charters_agreement_ended_says_how", {**IN_FORCE, "ended_on": DAY}),
        ("charters_agreement_terminated_says_why", {**ENDED, "ending": "terminated", "ended_reason": "Accord"}),
        ("charters_agreement_withdrawn_says_why", {**PROPOSED, "state": "withdrawn", "withdrawn_on": DAY}),
        ("charters_agreement_withdrawn_says_why", {"withdrawn_reason": "À revoir"}),
    ],
)
def test_an_agreement_agrees_with_its_state_and_its_terms(cast: Cast, name: str, fields: dict[str, Any]) -> None:
    with refuses(name):
        Agreement(cooperation=cast.cooperation, title="x", **{"starts_on": DAY, **fields}).save()


def test_an_agreement_is_replaced_once_unless_the_amendment_was_withdrawn(cast: Cast) -> None:
    agreed = make_agreed(cast)
    values = {"cooperation": cast.cooperation, "title": "x", "starts_on": DAY, "number": 2, "replaces": agreed}
    withdrawn = {**PROPOSED, "state": "withdrawn", "withdrawn_on": DAY, "withdrawn_reason": "x"}
    Agreement(**values, **withdrawn).save()
    Agreement(**values).save()
    with refuses("charters_agreement_replaced_once"):
        Agreement(**values).save()


def test_parties_and_keys_have_their_own_place_and_signatures_a_capacity(cast: Cast) -> None:
    draft = make_agreement(cast, cost_keys=[{"label": "Frais", "basis": "equal"}])
    common = {"cooperation": cast.cooperation, "agreement": draft}
    with refuses("charters_party_once_per_agreement"), transaction.atomic():
        AgreementParty(**common, organisation=cast.alpha, position=3).save()
    with refuses("charters_one_party_per_position"), transaction.atomic():
        AgreementParty(**common, organisation=cast.gamma, position=2).save()
    with refuses("charters_party_signs_in_a_capacity"), transaction.atomic():
        draft.parties.filter(position=1).update(signed_on=cast.today, capacity="funder")
    with refuses("charters_party_signs_in_a_capacity"), transaction.atomic():
        draft.parties.filter(position=1).update(signatory=cast.chair_alpha)
    with refuses("charters_one_cost_key_per_position"):
        AgreementCostKey(**common, label="Frais", basis="equal", position=1).save()


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "Autre"},
        {"ends_on": None},
        {"mandate_limits": "aucune"},
        {"content_hash": "b" * 64},
        {"state": "draft", "content": "", "content_hash": "", "proposed_at": None},
    ],
)
def test_no_program_changes_what_was_proposed(cast: Cast, changes: dict[str, Any]) -> None:
    agreement = make_proposed(cast)
    with refuses("charters_proposed_agreement_is_frozen"):
        Agreement.objects.filter(pk=agreement.pk).update(**changes)


def test_no_program_changes_the_parties_the_keys_or_a_signature_given(cast: Cast) -> None:
    agreement = make_proposed(cast, cost_keys=[{"label": "Frais", "basis": "equal"}])
    sign(cast, agreement, cast.alpha)
    parties, keys = agreement.parties.all(), agreement.cost_keys.all()
    common = {"cooperation": cast.cooperation, "agreement": agreement}
    attempts = [
        lambda: parties.filter(position=2).update(role="Héberge"),
        lambda: parties.filter(position=2).update(organisation=cast.gamma),
        lambda: parties.filter(position=1).update(signed_on=None, signatory=None, capacity=""),
        lambda: parties.filter(position=1).update(authorisation_reference="CA"),
        lambda: parties.filter(position=2)._raw_delete(parties.db),
        lambda: AgreementParty(**common, organisation=cast.gamma, position=3).save(),
        lambda: keys.update(label="Autre"),
        lambda: keys._raw_delete(keys.db),
        lambda: AgreementCostKey(**common, label="x", basis="equal", position=2).save(),
        lambda: Agreement.objects.filter(pk=agreement.pk)._raw_delete(keys.db),
    ]
    for attempt in attempts:
        with refuses("charters_proposed_agreement_is_frozen"), transaction.atomic():
            attempt()
    parties.filter(position=2).update(authorisation_reference="CA du 3 mars")
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for table in ("charters_agreement", "charters_agreementparty", "charters_agreementcostkey"):
        with refuses("append_only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"TRUNCATE {table} CASCADE")


def test_the_day_of_a_notice_never_follows_that_on_which_it_ends(cast: Cast) -> None:
    agreement = make_agreed(cast)
    with refuses("charters_agreement_notice_is_whole"):
        Agreement.objects.filter(pk=agreement.pk).update(
            notice_given_on=clock.today(), notice_by=cast.alpha, notice_ends_on=clock.today() - dt.timedelta(days=1)
        )
