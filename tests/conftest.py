"""What every test lives under. The services themselves are started by `tests/services.py`."""

from collections.abc import Iterator

import pytest
from django.db.backends.postgresql.operations import DatabaseOperations
from hypothesis import settings

from tests.cast import Cast

# A busy machine must not fail an example that was merely slow.
settings.register_profile("house", deadline=None)
settings.load_profile("house")


@pytest.fixture(autouse=True, scope="session")
def _flush_past_the_append_only_triggers() -> Iterator[None]:
    """Let transactional tests empty the tables that refuse TRUNCATE (the journal).

    Only here, as superuser and within the transaction of the flush: triggers do not fire for a replica.
    """
    original = DatabaseOperations.execute_sql_flush

    def execute_sql_flush(self: DatabaseOperations, sql_list: list[str]) -> None:
        original(self, ["SET LOCAL session_replication_role = replica;", *sql_list] if sql_list else sql_list)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(DatabaseOperations, "execute_sql_flush", execute_sql_flush)
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    """People and organisations with names, and `cast.api(person)`: see `tests/cast.py`."""
    return Cast()
