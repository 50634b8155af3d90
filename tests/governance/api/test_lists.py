"""Every list of identity costs the same for 2 rows and for 40."""

import datetime as dt
from collections.abc import Callable

import pytest

from coopproject import clock
from governance import journal
from governance.actor import Actor
from governance.api.authentication import new_token
from governance.enums import CircleKind, RoleKind
from governance.models import ApiToken, Board, MonthlyHeadcount, Role, VotingRule, YearlyTurnover
from tests.cast import PLAIN_RULE, Cast
from tests.queries import assert_constant_queries


def _organisations(cast: Cast, count: int) -> None:
    for number in range(count):
        cast.organisation(f"Organisation {number}", circle=CircleKind.CORE)


def _people(cast: Cast, count: int) -> None:
    for number in range(count):
        person = cast.person(f"Prénom {number}", "Nom", RoleKind.OBSERVER)
        Role.objects.create(
            cooperation=cast.foreign_cooperation, person=person, kind=RoleKind.OBSERVER, since=cast.since
        )


def _headcounts(cast: Cast, count: int) -> None:
    MonthlyHeadcount.objects.filter(organisation=cast.alpha).delete()
    for number in range(count):
        MonthlyHeadcount.objects.create(
            organisation=cast.organisation(f"Effectif {number}", circle=CircleKind.ACTIVE),
            month=dt.date(2001, 1, 1),
            value=3,
        )


def _turnovers(cast: Cast, count: int) -> None:
    for number in range(count):
        organisation = cast.organisation(f"Compte {number}", circle=CircleKind.ACTIVE)
        YearlyTurnover.objects.create(organisation=organisation, year=2020, amount=1000)


def _voting_rules(cast: Cast, count: int) -> None:
    for number in range(count):
        organisation = cast.organisation(f"Statuts {number}", circle=CircleKind.NETWORK)
        board = Board.objects.get(organisation=organisation)
        VotingRule.objects.create(board=board, valid_from=dt.date(2001, 1, 1), definition=PLAIN_RULE)


def _tokens(cast: Cast, count: int) -> None:
    for _number in range(count):
        ApiToken.objects.create(
            key=new_token()[0],
            user=cast.coordinator.account,
            name="autre",
            secret_hash="0" * 64,
            scopes=["read"],
            expires_at=clock.now(),
        )


def _journal(cast: Cast, count: int) -> None:
    for _number in range(count):
        journal.record(
            "cooperation.looked_at", cast.cooperation, actor=Actor.system("test"), on_behalf_of=cast.alpha.pk
        )


def _cooperations(cast: Cast, count: int) -> None:
    from governance.models import Cooperation

    for number in range(count):
        cooperation = Cooperation.objects.create(name=f"Coopération {number}", started_on=cast.since)
        Role.objects.create(
            cooperation=cooperation, person=cast.coordinator, kind=RoleKind.COORDINATION, since=cast.since
        )


@pytest.mark.parametrize(
    ("path", "make"),
    [
        ("organisations/", _organisations),
        ("organisations/?q=organisation", _organisations),
        ("memberships/", _organisations),
        ("memberships/?expand=organisation,cooperation", _organisations),
        ("boards/?expand=organisation", _organisations),
        ("people/", _people),
        ("roles/", _people),
        ("roles/?expand=person,organisation", _people),
        ("cooperations/", _cooperations),
        ("headcounts/?month=2001-01-01", _headcounts),
        ("turnovers/", _turnovers),
        ("voting-rules/?valid_from=2001-01-01&expand=board.organisation", _voting_rules),
        ("tokens/", _tokens),
        ("journal/", _journal),
        ("journal/?expand=on_behalf_of,cooperation", _journal),
    ],
)
def test_a_list_costs_the_same_for_two_rows_and_for_forty(
    cast: Cast, path: str, make: Callable[[Cast, int], None]
) -> None:
    client = cast.api(cast.coordinator)
    assert_constant_queries(client, f"/api/v1/{path}", lambda count: make(cast, count))
