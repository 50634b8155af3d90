"""What the database itself refuses of a deliberation, its electors and its ballots, each by its name."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from charters.models import Approval, Ballot, BoardDeliberation, CharterVersion, Elector, Proxy, Regularisation, Urn
from charters.models.deliberations import COUNTS
from tests.cast import Cast
from tests.charters.factories import make_submitted, vote
from tests.queries import assert_constant_queries


def refuses(name: str) -> Any:
    return pytest.raises(IntegrityError, match=name)


def convened(cast: Cast, version: CharterVersion, **fields: Any) -> BoardDeliberation:
    values: dict[str, Any] = {
        "mode": "live",
        "state": "convened",
        "ballot": "named",
        "held_on": cast.today,
        **dict.fromkeys(COUNTS),
        **fields,
    }
    return BoardDeliberation(
        cooperation=cast.cooperation,
        charter_version=version,
        board=cast.alpha.boards.get(),
        organisation=cast.alpha,
        content_hash=version.content_hash,
        **values,
    )


def opened(cast: Cast, version: CharterVersion, **fields: Any) -> BoardDeliberation:
    rule = cast.alpha.boards.get().voting_rules.get()
    return convened(
        cast, version, **{"state": "open", "opened_on": cast.today, "voting_rule": rule, "in_office": 9, **fields}
    )


def closed(cast: Cast, version: CharterVersion, **fields: Any) -> BoardDeliberation:
    figures: dict[str, Any] = {**dict.fromkeys(COUNTS, 0), "present": 6, "votes_for": 6, "result": "adopted"}
    return opened(cast, version, **{"state": "closed", **figures, **fields})


def elector_of(deliberation: BoardDeliberation, **fields: Any) -> Elector:
    person = fields.pop("person")
    return Elector(cooperation=deliberation.cooperation, deliberation=deliberation, person=person, **fields)


def test_a_life_without_fault_is_stored(cast: Cast) -> None:
    version = make_submitted(cast)
    for make in (convened, opened, closed):
        with transaction.atomic():
            make(cast, version).save()
            transaction.set_rollback(True)
    assert not BoardDeliberation.objects.exists()


@pytest.mark.parametrize(
    ("name", "make", "fields"),
    [
        ("charters_deliberation_recorded_or_live", convened, {"ballot": ""}),
        ("charters_deliberation_recorded_or_live", convened, {"mode": "recorded", "ballot": ""}),
        ("charters_deliberation_recorded_or_live", closed, {"mode": "recorded", "ballot": "", "opened_on": None}),
        ("charters_deliberation_counted_when_closed", convened, {"present": 0}),
        ("charters_deliberation_counted_when_closed", opened, {"votes_for": 3}),
        ("charters_deliberation_counted_when_closed", opened, {"result": "adopted"}),
        ("charters_deliberation_counted_when_closed", opened, {"casting_vote": "for"}),
        ("charters_deliberation_counted_when_closed", opened, {"irregular": True, "irregular_codes": ["x"]}),
        ("charters_deliberation_counted_when_closed", closed, {"result": ""}),
        ("charters_deliberation_counted_when_closed", closed, {"votes_against": None}),
        ("charters_deliberation_counted_when_closed", closed, {"in_office": None}),
        ("charters_deliberation_opened_with_its_rule", convened, {"in_office": 9}),
        ("charters_deliberation_opened_with_its_rule", opened, {"voting_rule": None}),
        ("charters_deliberation_opened_with_its_rule", opened, {"opened_on": None}),
        ("charters_deliberation_opened_with_its_rule", closed, {"opened_on": None}),
        ("charters_deliberation_cancelled_says_why", convened, {"state": "cancelled"}),
        (
            "charters_deliberation_cancelled_says_why",
            convened,
            {"state": "cancelled", "cancelled_on": dt.date(2026, 1, 1)},
        ),
        ("charters_deliberation_cancelled_says_why", opened, {"cancelled_reason": "Non"}),
    ],
)
def test_a_deliberation_agrees_with_its_state(cast: Cast, name: str, make: Any, fields: dict[str, Any]) -> None:
    version = make_submitted(cast)
    with refuses(name):
        make(cast, version, **fields).save()


def test_a_list_of_votes_held_here_costs_the_same_for_two_and_for_forty(cast: Cast) -> None:
    version = make_submitted(cast)

    def make(count: int) -> None:
        for _index in range(count):
            deliberation = closed(cast, version)
            for person in (cast.chair_alpha, cast.member_alpha):
                elector = elector_of(deliberation, person=person, attended=True, voted=True)
                elector.save()
                elector.also_sits_for.add(cast.beta)
                Ballot(
                    cooperation=cast.cooperation,
                    deliberation=deliberation,
                    elector=elector,
                    choice="for",
                    cast_by=person,
                ).save()
            deliberation.save()

    assert_constant_queries(cast.api(cast.chair_alpha), "/api/v1/board-deliberations/?expand=charter_version", make)


def test_a_board_deliberates_on_a_text_once_at_a_time(cast: Cast) -> None:
    version = make_submitted(cast)
    opened(cast, version).save()
    with refuses("charters_one_pending_deliberation"):
        convened(cast, version).save()


def test_a_deliberation_has_one_successor_unless_it_is_cancelled(cast: Cast) -> None:
    version = make_submitted(cast)
    first = closed(cast, version, result="no_quorum")
    first.save()
    gone = {"state": "cancelled", "cancelled_on": cast.today, "cancelled_reason": "Salle fermée"}
    convened(cast, version, follows=first, **gone).save()
    closed(cast, version, follows=first).save()
    with refuses("charters_deliberation_one_successor"):
        closed(cast, version, follows=first).save()


def test_what_is_closed_or_cancelled_never_changes_and_what_is_pending_may(cast: Cast) -> None:
    version = make_submitted(cast)
    pending = convened(cast, version)
    pending.save()
    BoardDeliberation.objects.filter(pk=pending.pk).update(held_on=cast.today + dt.timedelta(days=1))
    BoardDeliberation.objects.filter(pk=pending.pk)._raw_delete("default")
    gone = convened(cast, version, state="cancelled", cancelled_on=cast.today, cancelled_reason="Salle fermée")
    for frozen in (closed(cast, version), gone):
        frozen.save()
        rows = BoardDeliberation.objects.filter(pk=frozen.pk)
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            rows.update(minutes_reference="Autre")
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            rows._raw_delete("default")


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("charters_elector_at_a_distance_attends", {"remote": True}),
        ("charters_elector_recused_says_why_and_does_not_vote", {"recused": True}),
        ("charters_elector_recused_says_why_and_does_not_vote", {"recusal_reason": "Salarié"}),
        (
            "charters_elector_recused_says_why_and_does_not_vote",
            {"recused": True, "recusal_reason": "Salarié", "voted": True},
        ),
    ],
)
def test_an_elector_is_there_recused_or_has_voted(cast: Cast, name: str, fields: dict[str, Any]) -> None:
    deliberation = opened(cast, make_submitted(cast))
    deliberation.save()
    with refuses(name):
        elector_of(deliberation, person=cast.chair_alpha, **fields).save()


def test_an_elector_has_one_vote_one_proxy_and_nobody_represents_themselves(cast: Cast) -> None:
    deliberation = opened(cast, make_submitted(cast))
    deliberation.save()
    elector_of(deliberation, person=cast.chair_alpha).save()
    with refuses("charters_one_vote_per_elector"), transaction.atomic():
        elector_of(deliberation, person=cast.chair_alpha).save()
    people = {"giver": cast.member_alpha, "holder": cast.chair_alpha}
    common: dict[str, Any] = {"cooperation": cast.cooperation, "deliberation": deliberation}
    Proxy.objects.create(**common, **people, revoked_on=cast.today)
    Proxy.objects.create(**common, **people)
    with refuses("charters_one_proxy_per_giver"), transaction.atomic():
        Proxy.objects.create(**common, **people)
    with refuses("charters_proxy_to_somebody_else"), transaction.atomic():
        Proxy.objects.create(**common, giver=cast.chair_alpha, holder=cast.chair_alpha)
    with refuses("charters_proxy_used_is_not_revoked"):
        Proxy.objects.create(**common, giver=cast.chair_beta, holder=cast.chair_alpha, used=True, revoked_on=cast.today)


def test_a_name_never_stands_on_a_secret_ballot_and_only_an_objection_is_lifted(cast: Cast) -> None:
    version = make_submitted(cast)
    secret = opened(cast, version, ballot="secret")
    secret.save()
    elector = elector_of(secret, person=cast.chair_alpha)
    elector.save()
    ballot: dict[str, Any] = {"cooperation": cast.cooperation, "cast_by": cast.chair_alpha, "choice": "for"}
    with refuses("charters_no_name_on_a_secret_ballot"), transaction.atomic():
        Ballot.objects.create(deliberation=secret, elector=elector, **ballot)
    BoardDeliberation.objects.filter(pk=secret.pk).update(ballot="named")
    with refuses("charters_only_an_objection_is_lifted"):
        Ballot.objects.create(deliberation=secret, elector=elector, lifted=True, **ballot)


def test_once_the_vote_is_over_nobody_votes_attends_or_is_represented(cast: Cast) -> None:
    deliberation = closed(cast, make_submitted(cast))
    elector = elector_of(deliberation, person=cast.chair_alpha)
    elector.save()  # As a history comes in: what is inside goes first.
    deliberation.save()
    common: dict[str, Any] = {"cooperation": cast.cooperation, "deliberation": deliberation}
    with refuses("charters_vote_is_over"), transaction.atomic():
        Elector.objects.filter(pk=elector.pk).update(attended=True)
    with refuses("charters_vote_is_over"), transaction.atomic():
        Elector.objects.filter(pk=elector.pk)._raw_delete("default")
    with refuses("charters_vote_is_over"), transaction.atomic():
        elector_of(deliberation, person=cast.member_alpha).save()
    with refuses("charters_vote_is_over"), transaction.atomic():
        Proxy.objects.create(**common, giver=cast.member_alpha, holder=cast.chair_alpha)
    with refuses("charters_vote_is_over"), transaction.atomic():
        Ballot.objects.create(**common, elector=elector, choice="for", cast_by=cast.chair_alpha)
    with refuses("charters_vote_is_over"):
        Urn.objects.create(deliberation=deliberation)


def test_only_an_irregular_vote_is_regularised_and_without_it_approves_nothing(cast: Cast) -> None:
    version = make_submitted(cast)
    regular = vote(cast, version, cast.beta)
    irregular = closed(cast, version, irregular=True, irregular_codes=["consultation_missing"])
    irregular.save()
    approval: dict[str, Any] = {
        "cooperation": cast.cooperation,
        "charter_version": version,
        "organisation": cast.alpha,
        "deliberation": irregular,
        "content_hash": version.content_hash,
        "approved_on": cast.today,
    }
    with refuses("charters_irregular_approves_nothing"), transaction.atomic():
        Approval.objects.create(**approval)
    common: dict[str, Any] = {"cooperation": cast.cooperation, "minutes_reference": "PV 3", "reason": "Avis recueilli"}
    yesterday = cast.today - dt.timedelta(days=1)
    for wrong in (
        {"deliberation": regular, "ratified_on": cast.today},
        {"deliberation": irregular, "ratified_on": yesterday},
    ):
        with refuses("charters_regularisation_of_an_irregular_vote"), transaction.atomic():
            Regularisation.objects.create(**common, **wrong)
    Regularisation.objects.create(**common, deliberation=irregular, ratified_on=cast.today)
    Approval.objects.create(**approval)
    with pytest.raises(IntegrityError, match="append-only"):
        Regularisation.objects.update(reason="Autre")
