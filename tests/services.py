"""A pytest plugin: one PostgreSQL and one Valkey for the whole run, shared by the workers of pytest-xdist.

Loaded by `-p tests.services` (pyproject.toml), so that the addresses are in the environment before pytest-django reads
the settings. The process that pytest was started as starts the services; its workers inherit the addresses, and each
takes a Valkey database of its own (pytest-django gives each a PostgreSQL database of its own).

`TEST_DATABASE_URL` and `TEST_BROKER_URL` name outside services instead, to try another version of them.
"""

import os
import re
import tempfile
from pathlib import Path

import pytest

from coopproject.embedded import postgres, valkey
from coopproject.embedded.processes import Keeper

WORKERS = 32
"""Valkey databases 1 to 32, one for each worker; 0 is for a run without workers."""


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Put into the environment what the settings need, and start the services unless a parent did."""
    options = early_config.known_args_namespace
    worker = os.environ.get("PYTEST_XDIST_WORKER", "")
    idle = options.help or options.version
    if not worker and not idle:
        _start(early_config)
    os.environ |= {
        "APP_ENV": "test",
        # Making and dropping the test databases takes longer than a request on a busy machine.
        "STATEMENT_TIMEOUT_MS": "60000",
        "LOCK_TIMEOUT_MS": "20000",
        "DEBUG": "0",
        "SECRET_KEY": "only-for-the-tests-" + "x" * 40,
        "TOKEN_PEPPER": "only-for-the-tests-" + "y" * 40,
        "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
        "SITE_URL": "http://testserver",
        "EMAIL_URL": "memorymail://",
        "DATABASE_URL": os.environ.get("TEST_DATABASE_URL", "postgres://nobody@/none"),
        "CELERY_BROKER_URL": _broker(worker),
    }


def _start(config: pytest.Config) -> None:
    folder = Path(tempfile.mkdtemp(prefix="coop-tests-"))
    keeper = Keeper()
    keeper.remove_at_end(folder)
    added: list[str] = []

    def stop() -> None:
        keeper.close()
        for name in added:
            del os.environ[name]

    config.add_cleanup(stop)
    (folder / "data" / "static").mkdir(parents=True)
    os.environ["DATA_DIR"] = str(folder / "data")
    if "TEST_DATABASE_URL" not in os.environ:
        _, os.environ["TEST_DATABASE_URL"] = postgres.start(keeper, folder / "postgres", options=postgres.THROWAWAY)
        os.environ["EMBEDDED_TESTS"] = "1"
        added += ["TEST_DATABASE_URL", "EMBEDDED_TESTS"]
    if "TEST_BROKER_URL" not in os.environ:
        _, os.environ["TEST_BROKER_URL"] = valkey.start(keeper, folder / "valkey", databases=WORKERS + 1)
        added.append("TEST_BROKER_URL")


def _broker(worker: str) -> str:
    base = os.environ.get("TEST_BROKER_URL", "redis+socket:///none?virtual_host=0")
    number = int(worker.removeprefix("gw")) + 1 if worker else 0
    before = re.match(r"redis\+socket://.*virtual_host=|rediss?://[^/]*/", base)
    assert before, "TEST_BROKER_URL ends with the number of a database"
    return f"{before[0]}{number}"
