"""The migrated database, kept from one run of the tests to the next.

Migrating takes longer than most runs: Django renders every model again for each operation. The first run dumps what it
migrated; the next ones restore that dump as a template, as long as no migration, no module that one imports and no
dependency changed (the name of the dump is their hash). A fresh clone has no dump, so continuous integration always
migrates, once: the other workers wait for the dump of the first. `--create-db` migrates too. Only with the embedded
PostgreSQL: the dump of one version is not for another.
"""

import hashlib
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import psycopg
from psycopg import sql

from coopproject.embedded import postgres

PROJECT = Path(__file__).resolve().parents[1]
KEPT = Path(sys.prefix) / "test-templates"
OURS = re.compile(r"^(?:import|from) ((?:coopproject|governance|charters|milestones|worker)[\w.]*)", re.MULTILINE)
NAME = "template_coopproject"
MOST = 12
"""Dumps kept; one for each state of the migrations that is being worked on."""


def dump_file() -> Path:
    """Where the dump of the migrations as they are now belongs."""
    digest = hashlib.sha256()
    migrations = set(PROJECT.glob("*/migrations/*.py"))
    used = {module for path in migrations for module in OURS.findall(path.read_text("utf-8"))}
    modules = {file for module in used if (file := PROJECT / f"{module.replace('.', '/')}.py").exists()}
    for path in sorted(migrations | modules | {PROJECT / "requirements.lock", Path(postgres.__file__)}):
        digest.update(f"{path.parent.parent.name}/{path.name}\0".encode() + path.read_bytes())
    return KEPT / f"{digest.hexdigest()[:24]}.dump"


_turn: list[psycopg.Connection[Any]] = []
"""The connection that holds the lock while this worker migrates for all of them."""


def restore(settings: dict[str, Any]) -> None:
    """Make the test database a copy of the kept one; without one, be the worker that migrates and keeps it."""
    if "EMBEDDED_TESTS" not in os.environ:
        return
    server = {"host": settings["HOST"], "user": settings["USER"]}
    connection = psycopg.connect(**server, dbname="postgres", autocommit=True)
    connection.execute("SET lock_timeout = '20min'")  # Should that worker fail, the others fail too rather than wait.
    connection.execute("SELECT pg_advisory_lock(1)")  # The other workers wait, then find it.
    kept = dump_file()
    if not kept.exists():
        _turn.append(connection)
        return
    with connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [NAME]).fetchone():
            draft = f"{NAME}_draft"
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(draft)))
            _run("pg_restore", settings, "-d", draft, "--exit-on-error", str(kept))
            connection.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(draft), sql.Identifier(NAME))
            )
            kept.touch()
    settings["TEST"]["TEMPLATE"] = NAME


def keep(settings: dict[str, Any]) -> None:
    """Dump the test database that was just migrated, unless it came from a dump."""
    if "EMBEDDED_TESTS" not in os.environ or settings["TEST"].get("TEMPLATE") == NAME:
        return
    kept = dump_file()
    KEPT.mkdir(exist_ok=True)
    draft = kept.with_suffix(f".{os.getpid()}")
    _run("pg_dump", settings, "-Fc", "-Z1", "-f", str(draft), settings["NAME"])
    draft.replace(kept)
    for old in sorted(KEPT.glob("*.dump"), key=lambda path: path.stat().st_mtime)[:-MOST]:
        old.unlink(missing_ok=True)
    while _turn:
        _turn.pop().close()


def _run(program: str, settings: dict[str, Any], *words: str) -> None:
    where = ("-h", settings["HOST"], "-U", settings["USER"])
    subprocess.run([str(postgres.binaries() / program), *where, *words], check=True)
