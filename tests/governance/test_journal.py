"""The journal forgets nothing, and tells where it was touched."""

import threading
from io import StringIO
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from governance import journal
from governance.actor import Actor
from governance.models import Cooperation, JournalEntry, JournalHead
from tests.cast import Cast

ACTOR = Actor.system("test")


def write(cooperation: Cooperation, number: int = 5) -> list[JournalEntry]:
    with transaction.atomic():
        return [
            journal.record("cooperation.noted", cooperation, actor=ACTOR, number=index, sum="12.50", day=None)
            for index in range(number)
        ]


def as_superuser(statement: str, *params: Any) -> None:
    """What somebody with all rights on the database could do: the triggers are silent for a replica."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(statement, params)
        cursor.execute("SET LOCAL session_replication_role = origin")


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE governance_journalentry SET reason = 'x'",
        "UPDATE governance_journalentry SET recorded_at = now() WHERE sequence = 1",
        "DELETE FROM governance_journalentry",
        "SET CONSTRAINTS ALL IMMEDIATE; TRUNCATE governance_journalentry",
        "SET LOCAL pgtrigger.ignore = '{governance_journalentry}'; DELETE FROM governance_journalentry",
    ],
)
def test_the_database_refuses_to_change_or_empty_the_journal(cast: Cast, statement: str) -> None:
    write(cast.cooperation)
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert JournalEntry.objects.filter(cooperation=cast.cooperation).count() == 5


def test_an_untouched_journal_verifies(cast: Cast) -> None:
    write(cast.cooperation)
    write(cast.foreign_cooperation, 2)
    out = StringIO()
    call_command("verify_journal", stdout=out)
    assert "intègre" in out.getvalue()
    head = JournalHead.objects.get(chain=str(cast.cooperation.pk))
    assert (head.sequence, head.hash) == (5, JournalEntry.objects.get(chain=head.chain, sequence=5).hash)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("reason", "autre"),
        ("actor", "person:00000000-0000-7000-8000-000000000000"),
        ("act", "cooperation.forged"),
        ("payload", '{"number": 2, "sum": "12.51", "day": null}'),
        ("request_id", "forged-request"),
        ("confidentiality", "public"),
        ("object_id", "00000000-0000-7000-8000-000000000000"),
        ("recorded_at", "2020-01-01T00:00:00Z"),
        ("format", "2"),
        ("hash", "0" * 64),
    ],
)
def test_one_value_changed_by_a_superuser_names_the_entry(cast: Cast, column: str, value: str) -> None:
    entries = write(cast.cooperation)
    as_superuser(f"UPDATE governance_journalentry SET {column} = %s WHERE id = %s", value, entries[2].pk)  # noqa: S608
    fault = journal.verify(str(cast.cooperation.pk))
    assert fault is not None
    assert (fault.sequence, fault.entry_id) == (3, str(entries[2].pk))
    with pytest.raises(CommandError):
        call_command("verify_journal", stderr=StringIO())


def test_an_entry_removed_from_the_middle_or_the_end_is_missed(cast: Cast) -> None:
    entries = write(cast.cooperation)
    as_superuser("DELETE FROM governance_journalentry WHERE id = %s", entries[4].pk)
    fault = journal.verify(str(cast.cooperation.pk))
    assert fault is not None
    assert fault.why == "head_mismatch"
    as_superuser("DELETE FROM governance_journalentry WHERE id = %s", entries[1].pk)
    fault = journal.verify(str(cast.cooperation.pk))
    assert fault is not None
    assert (fault.why, fault.sequence) == ("missing_entry", 2)


def test_a_chain_whose_head_was_deleted_is_still_walked(cast: Cast) -> None:
    write(cast.cooperation)
    JournalHead.objects.filter(chain=str(cast.cooperation.pk)).delete()
    assert [fault.why for fault in journal.verify_all()] == ["head_mismatch"]


def test_an_act_that_is_rolled_back_leaves_no_entry_and_the_chain_goes_on(cast: Cast) -> None:
    write(cast.cooperation, 1)
    with transaction.atomic():
        write(cast.cooperation, 1)
        transaction.set_rollback(True)
    write(cast.cooperation, 1)
    assert list(JournalEntry.objects.values_list("sequence", flat=True)) == [1, 2]
    assert journal.verify(str(cast.cooperation.pk)) is None


@pytest.mark.django_db(transaction=True)
def test_nothing_is_recorded_outside_a_transaction() -> None:
    cooperation = Cooperation.objects.create(name="Essai", started_on="2026-01-01")
    with pytest.raises(RuntimeError):
        journal.record("cooperation.noted", cooperation, actor=ACTOR)
    assert not JournalEntry.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_writers_at_once_keep_one_chain() -> None:
    cooperation = Cooperation.objects.create(name="Essai", started_on="2026-01-01")
    errors: list[Exception] = []

    def writer() -> None:
        try:
            for _index in range(10):
                write(cooperation, 1)
        except Exception as error:  # noqa: BLE001 - shown by the assertion below
            errors.append(error)
        finally:
            connection.close()

    threads = [threading.Thread(target=writer) for _index in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert journal.verify(str(cooperation.pk)) is None
    assert JournalHead.objects.get(chain=str(cooperation.pk)).sequence == 30
