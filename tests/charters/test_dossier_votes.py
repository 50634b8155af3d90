"""Votes held here in a dossier: they come back byte for byte, an open one stays at home, a forged one is refused."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from charters.models import Ballot, BoardDeliberation, Elector, Proxy, Regularisation
from coopproject.exceptions import InvalidInput
from governance.actor import Actor
from governance.models import Cooperation
from governance.services import dossiers
from tests.cast import Cast
from tests.charters.factories import make_charter, make_submitted, vote
from tests.charters.live import ANY_PROXY, LiveVote, with_rule
from tests.governance.factories import decision

BATCH = Actor.system("test")


def lived(cast: Cast, ballot: str = "named") -> LiveVote:
    """A vote of six, one of them by proxy and one recused, that is closed."""
    with_rule(cast.gamma, proxy=ANY_PROXY)
    live = LiveVote(cast, make_submitted(cast), others=6, ballot=ballot)
    live.open()
    live.ok(live.board[5], "declare-proxy", holder=str(live.board[1].pk))
    live.ok(live.board[6], "recuse", reason="Salarié")
    live.cast_all("for", "for", "for", "against", "abstention")
    live.ok(live.board[1], "cast", choice="for", elector=str(live.board[5].pk))
    live.close()
    return live


def exported(cast: Cast) -> str:
    return dossiers.dossier_export(cast.cooperation)


def forgotten() -> None:
    """As if this instance had never known any of it: only inside a transaction that is rolled back."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        for table in connection.introspection.table_names(cursor):
            if table.partition("_")[0] in {"charters", "coopproject", "governance", "milestones", "worker"}:
                cursor.execute(f"DELETE FROM {table}")  # noqa: S608
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


@pytest.mark.parametrize("ballot", ["named", "secret"])
def test_a_closed_vote_comes_back_byte_for_byte(cast: Cast, ballot: str) -> None:
    live = lived(cast, ballot)
    text = exported(cast)
    assert ("ballots" in json.loads(text)["board_deliberations"][0]) == (ballot == "named")
    with transaction.atomic():
        forgotten()
        again = dossiers.dossier_import(actor=BATCH, document=json.loads(text)).cooperation
        assert dossiers.dossier_export(again) == text
        counts = (Elector.objects.count(), Proxy.objects.count(), Ballot.objects.count())
        transaction.set_rollback(True)
    assert counts == (7, 1, 6 if ballot == "named" else 0)
    assert live.row.result == "adopted"


def test_a_convened_a_cancelled_and_an_irregular_vote_travel_and_an_open_one_does_not(cast: Cast) -> None:
    version = make_submitted(cast, decision=decision(cast, cast.alpha))
    early = vote(cast, version, cast.alpha)
    cancelled = LiveVote(cast, version)
    cancelled.ok(cancelled.chair, "cancel", reason="Salle fermée")
    convened = LiveVote(cast, version, others=0)
    opened = LiveVote(cast, make_submitted(cast, charter=make_charter(cast, title="Autre")), others=0)
    opened.open()
    opened.cast_all("for")
    text = exported(cast)
    rows = {row["ref"]: row.get("state", "closed") for row in json.loads(text)["board_deliberations"]}
    assert rows == {str(early.pk): "closed", cancelled.id: "cancelled", convened.id: "convened"}
    assert str(opened.id) not in text
    with transaction.atomic():
        forgotten()
        again = dossiers.dossier_import(actor=BATCH, document=json.loads(text)).cooperation
        assert dossiers.dossier_export(again) == text
        transaction.set_rollback(True)


def put(*path: Any, value: Any) -> Callable[[dict[str, Any]], None]:
    def spoil(document: dict[str, Any]) -> None:
        where: Any = document["board_deliberations"][0]
        for part in path[:-1]:
            where = where[part]
        where[path[-1]] = value

    return spoil


def swap_a_ballot(document: dict[str, Any]) -> None:
    ballots = document["board_deliberations"][0]["ballots"]
    next(row for row in ballots if row["choice"] == "against")["choice"] = "for"


def drop_a_ballot(document: dict[str, Any]) -> None:
    del document["board_deliberations"][0]["ballots"][0]


def hide_an_elector(document: dict[str, Any]) -> None:
    electors = document["board_deliberations"][0]["electors"]
    next(row for row in electors if row.get("recused"))["attended"] = False


@pytest.mark.parametrize(
    ("spoil", "expected"),
    [
        (swap_a_ballot, "electors_differ"),
        (drop_a_ballot, "ballots_differ"),
        (hide_an_elector, "electors_differ"),
        (put("ballot", value="secret"), "ballots_differ"),
        (put("state", value="open"), "vote_in_progress"),
        (put("votes_for", value=5), "more_votes_than_voters"),
        (put("present", value=None), "not_a_count"),
    ],
)
def test_a_vote_that_was_tampered_with_is_refused(
    cast: Cast, spoil: Callable[[dict[str, Any]], None], expected: str
) -> None:
    lived(cast)
    document = json.loads(exported(cast))
    spoil(document)
    with transaction.atomic():
        forgotten()
        with pytest.raises(InvalidInput) as refused:
            dossiers.dossier_import(actor=BATCH, document=document)
        found = {violation.code for violation in refused.value.violations}
        assert not Cooperation.objects.exists()
        transaction.set_rollback(True)
    assert expected in found


def test_a_regularised_vote_is_restored_with_its_approval(cast: Cast) -> None:
    version = make_submitted(cast, decision=decision(cast, cast.alpha))
    early = vote(cast, version, cast.alpha)
    document = json.loads(exported(cast))
    document["regularisations"] = [
        {
            "deliberation": str(early.pk),
            "ratified_on": cast.today.isoformat(),
            "minutes_reference": "PV 9",
            "reason": "Avis recueilli",
        }
    ]
    document["approvals"] = [{"deliberation": str(early.pk)}]
    spoiled = {**document, "regularisations": []}
    with transaction.atomic():
        forgotten()
        with pytest.raises(InvalidInput) as refused:
            dossiers.dossier_import(actor=BATCH, document=spoiled)
        assert "not_regularised" in {violation.code for violation in refused.value.violations}
        dossiers.dossier_import(actor=BATCH, document=document)
        assert Regularisation.objects.get().deliberation.approval.approved_on == cast.today
        assert BoardDeliberation.objects.get().irregular
        transaction.set_rollback(True)
