"""PostgreSQL and Valkey from wheels: they start anywhere, and nothing of them is left, however we end."""

import contextlib
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import environ
import psutil
import psycopg
import pytest
from celery import Celery

from coopproject.embedded import postgres, valkey
from coopproject.embedded.processes import Keeper, StartError, end_leftovers
from tests.coopproject.waiting import descendants, eventually, gone

START_BOTH = """
import sys
from pathlib import Path
from coopproject.embedded import postgres, valkey
from coopproject.embedded.processes import Keeper
folder = Path(sys.argv[1])
keeper = Keeper(folder / "processes.json")
if len(sys.argv) > 2:
    keeper.remove_at_end(folder)
database, url = postgres.start(keeper, folder / "postgres")
broker, _ = valkey.start(keeper, folder / "valkey")
print(url, flush=True)
sys.stdin.read()
"""


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="coop-t-", ignore_cleanup_errors=True) as name:
        yield Path(name)


def connect(url: str) -> psycopg.Connection:
    parts = environ.Env.db_url_config(url)
    return psycopg.connect(host=parts["HOST"], user=parts["USER"], dbname=parts["NAME"], autocommit=True)


def another_process(folder: Path, *more: str) -> tuple[subprocess.Popen[str], str]:
    process = subprocess.Popen(
        [sys.executable, "-c", START_BOTH, str(folder), *more],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    return process, process.stdout.readline().strip()


def bury(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.communicate()


def test_what_was_written_is_there_after_a_stop_and_a_start(folder: Path) -> None:
    for expected in ([], [(1,)]):
        with Keeper() as keeper:
            _, url = postgres.start(keeper, folder / "postgres")
            with connect(url) as connection:
                connection.execute("CREATE TABLE IF NOT EXISTS kept (id int)")
                assert connection.execute("SELECT id FROM kept").fetchall() == expected
                connection.execute("INSERT INTO kept VALUES (1)")


def test_postgres_listens_on_no_port_and_nobody_else_can_enter_its_folder(folder: Path) -> None:
    with Keeper() as keeper:
        child, _ = postgres.start(keeper, folder / "postgres")
        listening = psutil.Process(child.pid).net_connections("inet")
        assert [connection for connection in listening if connection.status == "LISTEN"] == []
        assert (folder / "postgres").stat().st_mode & 0o077 == 0
        child, _ = valkey.start(keeper, folder / "valkey")
        assert psutil.Process(child.pid).net_connections("inet") == []


def test_a_folder_with_a_long_path_gets_its_sockets_elsewhere_and_they_are_removed(folder: Path) -> None:
    deep = folder / ("d" * 120)
    with Keeper() as keeper:
        _, url = postgres.start(keeper, deep / "postgres")
        sockets = Path(environ.Env.db_url_config(url)["HOST"])
        assert deep not in sockets.parents
        assert sockets.stat().st_mode & 0o077 == 0
        with connect(url) as connection:
            assert connection.execute("SELECT 1").fetchone() == (1,)
    assert not sockets.exists()


def test_a_path_with_spaces_accents_and_signs_reaches_both_services_through_their_urls(folder: Path) -> None:
    odd = folder / 'Mes données "A+B" #1, 100%25'
    with Keeper() as keeper:
        _, database = postgres.start(keeper, odd / "postgres")
        _, broker = valkey.start(keeper, odd / "valkey")
        with connect(database) as connection:
            assert connection.execute("SELECT current_database()").fetchone() == ("coopproject",)
        with Celery(broker=broker).connection_for_write() as link:
            link.ensure_connection(max_retries=1)
            assert link.connected


def test_when_the_parent_is_killed_the_services_end_and_the_temporary_folder_goes(folder: Path) -> None:
    process, _ = another_process(folder / "data", "temporary")
    below = descendants(process.pid)
    assert len(below) >= 3
    bury(process)
    eventually(lambda: all(gone(pid) for pid in below))
    eventually(lambda: not (folder / "data").exists())


def test_when_even_the_watchdog_is_killed_the_next_start_ends_what_is_left_and_finds_the_data(folder: Path) -> None:
    process, url = another_process(folder)
    with connect(url) as connection:
        connection.execute("CREATE TABLE kept (id int)")
    below = descendants(process.pid)
    watchdog = below[0]
    assert "watchdog.py" in " ".join(psutil.Process(watchdog).cmdline())
    os.kill(watchdog, signal.SIGKILL)
    bury(process)
    assert end_leftovers(folder / "processes.json") == 2
    eventually(lambda: all(gone(pid) for pid in below))
    with Keeper() as keeper, connect(postgres.start(keeper, folder / "postgres")[1]) as connection:
        assert connection.execute("SELECT count(*) FROM kept").fetchone() == (0,)


def test_after_everything_was_killed_at_once_stale_files_do_not_prevent_the_next_start(folder: Path) -> None:
    process, _ = another_process(folder)
    below = descendants(process.pid)
    bury(process)
    for pid in below:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    eventually(lambda: all(gone(pid) for pid in below))
    assert (folder / "postgres" / "postmaster.pid").exists()
    with Keeper() as keeper:
        postgres.start(keeper, folder / "postgres")
        valkey.start(keeper, folder / "valkey")


def test_a_process_that_got_the_number_of_one_of_ours_is_left_alone(folder: Path) -> None:
    with Keeper(folder / "mine.json") as keeper:
        child = keeper.start("sleep", ["sleep", "60"])
        record = folder / "old.json"
        record.write_text(f'[{{"pid": {child.pid}, "started": 1.0, "signal": 15}}]')
        assert end_leftovers(record) == 0
        assert child.running()


def test_a_preparation_that_was_killed_half_way_is_done_again(folder: Path) -> None:
    half = folder / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    with Keeper() as keeper, connect(postgres.start(keeper, folder / "postgres")[1]) as connection:
        assert connection.execute("SELECT 1").fetchone() == (1,)


@pytest.mark.parametrize("found", ["15", None])
def test_a_folder_of_another_version_or_of_something_else_is_refused_with_one_sentence(
    folder: Path, found: str | None
) -> None:
    data = folder / "postgres"
    data.mkdir()
    if found:
        (data / "PG_VERSION").write_text(f"{found}\n")
    with Keeper() as keeper, pytest.raises(StartError, match=rf"was written by .*{found or 'something else'}"):
        postgres.start(keeper, data)
    assert sorted(path.name for path in data.iterdir()) == (["PG_VERSION"] if found else [])


def test_a_server_that_cannot_start_says_why(folder: Path) -> None:
    with Keeper() as keeper, pytest.raises(StartError, match="no_such_setting"):
        postgres.start(keeper, folder / "postgres", options=("no_such_setting=1",))
