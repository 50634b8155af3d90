"""What every test lives under. The services themselves are started by `tests/services.py`."""

from collections.abc import Iterator

import pytest
from django.db import connection
from django.db.backends.postgresql.operations import DatabaseOperations
from django.utils import translation
from hypothesis import settings
from pytest_django import DjangoDbBlocker

from tests import template
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


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None, django_db_createdb: bool) -> None:
    """Start from the migrated database of an earlier run, where there is one."""
    if not django_db_createdb:
        template.restore(connection.settings_dict)


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """Keep the migrated database for the next run."""
    with django_db_blocker.unblock():
        template.keep(connection.settings_dict)


@pytest.fixture(autouse=True)
def _every_test_begins_in_french() -> Iterator[None]:
    """A request leaves its language active in the thread of the test that made it."""
    yield
    translation.deactivate()


@pytest.fixture
def cast(db: None) -> Cast:
    """People and organisations with names, and `cast.api(person)`: see `tests/cast.py`."""
    return Cast()
