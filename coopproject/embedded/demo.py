"""`make demo`: the whole product on this machine, from wheels alone, until Ctrl-C.

Reads PORT (8000), BIND (127.0.0.1), DATA_DIR (./data) and FRESH (1 to begin anew) from the environment.
"""

import errno
import http.client
import os
import shlex
import socket
import sys
import time
from pathlib import Path
from urllib.parse import quote

from coopproject.embedded import postgres, valkey
from coopproject.embedded.datafolder import DataFolder, write_private
from coopproject.embedded.processes import Child, Keeper, StartError, end_leftovers, socket_folder
from coopproject.embedded.supervisor import Program, Stopped, StopRequest, supervise

PROJECT = Path(__file__).resolve().parents[2]
READY_WITHIN = 120.0
LARGEST_LOG = 10_000_000


def main() -> int:
    """Start, say where everything is, supervise, stop. Returns the exit code."""
    asked = StopRequest()
    try:
        return Demo(asked).run()
    except Stopped:
        return 0
    except StartError as error:
        print(error, file=sys.stderr)
        return 1


class Demo:
    """One run of the demo."""

    def __init__(self, asked: StopRequest) -> None:
        self.pause = asked.pause
        self.bind, self.port = os.environ.get("BIND") or "127.0.0.1", _port(os.environ.get("PORT") or "8000")
        self.site = f"http://{'127.0.0.1' if self.bind == '0.0.0.0' else self.bind}:{self.port}"  # noqa: S104 — shown, not bound.
        self.folder = DataFolder(Path(os.environ.get("DATA_DIR") or "data"), used_for=self.site)
        self.began = time.monotonic()
        self.env: dict[str, str] = {}

    def run(self) -> int:
        """Everything between the first check and the last stop."""
        left = end_leftovers(self.folder["run"] / "processes.json")
        if left:
            self.say(f"Ended {left} processes that an earlier demo had left behind.")
        _check_port(self.bind, self.port)
        if os.environ.get("FRESH", "").lower() in {"1", "true", "yes"}:
            self.say(f"FRESH=1: beginning anew in {self.folder.path}.")
            self.folder.empty()
        keeper = Keeper(self.folder["run"] / "processes.json")
        programs: list[Program] = []
        try:
            self.start(keeper, programs)
            supervise(keeper, programs, self.pause)
        except Stopped:
            self.say("Stopping…")
            return 0
        finally:
            # Those who use the services stop first, together: each polite wait is bounded, and so is their sum.
            keeper.stop(*(program.child for program in programs[2:] if program.child))
            keeper.close()
            self.say(f"Stopped. The data stay in {self.folder.path}.")

    def start(self, keeper: Keeper, programs: list[Program]) -> None:
        """Start the services, prepare the database, start the programs, wait until the site answers."""
        sockets = (
            socket_folder(self.folder["postgres"], ".s.PGSQL.5432.lock", keeper),
            socket_folder(self.folder["valkey"], "valkey.sock", keeper),
        )

        def database() -> Child:
            child, self.env["DATABASE_URL"] = postgres.start(
                keeper, self.folder["postgres"], sockets=sockets[0], pause=self.pause
            )
            return child

        def broker() -> Child:
            child, self.env["CELERY_BROKER_URL"] = valkey.start(
                keeper, self.folder["valkey"], sockets=sockets[1], pause=self.pause
            )
            return child

        self.env = self.environment()
        self.say("Starting PostgreSQL and Valkey…")
        programs += [Program("PostgreSQL", database), Program("Valkey", broker)]
        for program in programs:
            program.begin()
        self.say("Bringing the database up to date…")
        self.prepare(keeper)
        self.say("Starting the web server, the worker and the clock…")
        for name, command in self.commands().items():
            program = Program(name, lambda name=name, command=command: self.launch(keeper, name, command))  # type: ignore[misc]
            programs.append(program)
            program.begin()
        self.wait_until_ready(programs[2:])
        self.write_environment()
        self.announce()

    def environment(self) -> dict[str, str]:
        """What the programs find in their environment; the addresses of the services are added as they start."""
        chosen = {
            name: os.environ.get(name) or value
            for name, value in {
                "SITE_URL": self.site,
                "ALLOWED_HOSTS": f"localhost,127.0.0.1,[::1],{socket.gethostname()},{self.bind}",
                "EMAIL_URL": f"filemail:///{quote(str(self.folder['mail']))}",
                "LOG_LEVEL": "INFO",
            }.items()
        }
        fixed = {
            "APP_ENV": "demo",
            "DEBUG": "0",
            "DATA_DIR": str(self.folder.path),
            "STATIC_ROOT": str(self.folder["static"]),
            "DJANGO_SETTINGS_MODULE": "coopproject.settings",
            "PYTHONUNBUFFERED": "1",
        }
        return dict(os.environ) | chosen | fixed | self.folder.secrets()

    def write_environment(self) -> None:
        """What `manage.py` needs to speak to this demo from another terminal: `. data/demo.env`."""
        names = (
            *("APP_ENV", "DATABASE_URL", "CELERY_BROKER_URL", "SECRET_KEY", "TOKEN_PEPPER", "DATA_DIR", "STATIC_ROOT"),
            *("SITE_URL", "ALLOWED_HOSTS", "EMAIL_URL", "RECEIPT_SIGNING_KEY"),
        )
        lines = "".join(f"export {name}={shlex.quote(self.env[name])}\n" for name in names)
        write_private(self.folder["demo.env"], lines)

    def commands(self) -> dict[str, list[str]]:
        """The command line of each program."""
        python = [sys.executable, "-m"]
        celery = [*python, "celery", "-A", "worker.app"]
        return {
            "The web server": [
                *python,
                *("gunicorn", "coopproject.wsgi", "--preload", "--no-control-socket"),
                *("--bind", f"{self.bind}:{self.port}", "--workers", "2", "--threads", "4"),
                *("--graceful-timeout", "3", "--timeout", "60"),
                *("--config", "python:coopproject.gunicorn_conf"),
            ],
            "The worker": [
                *(*celery, "worker", "--pool", "threads", "--concurrency", "2", "--loglevel", "INFO"),
                *("--without-gossip", "--without-mingle", "--without-heartbeat"),
            ],
            "The clock": [*celery, "beat", "--loglevel", "INFO"],
        }

    def log(self, name: str) -> Path:
        """The file that takes what a program prints."""
        return self.folder["logs"] / f"{name.removeprefix('The ').replace(' ', '-')}.log"

    def launch(self, keeper: Keeper, name: str, command: list[str]) -> Child:
        """Start one program, its output going to its log."""
        path = self.log(name)
        if path.exists() and path.stat().st_size > LARGEST_LOG:
            path.replace(path.with_suffix(".old.log"))
        with path.open("ab") as output:
            return keeper.start(name, command, env=self.env, cwd=PROJECT, output=output, grace=4.5)

    def prepare(self, keeper: Keeper) -> None:
        """Migrate and load the examples, what they print being shown."""
        command = [sys.executable, "-m", "coopproject.embedded.prepare", str(self.folder["accounts.txt"])]
        # A migration may take longer than a request is allowed to.
        env = self.env | {"STATEMENT_TIMEOUT_MS": "0", "LOCK_TIMEOUT_MS": "0"}
        child = keeper.start("prepare", command, env=env, cwd=PROJECT, grace=2)
        while child.running():
            self.pause(0.05)
        keeper.forget(child)
        if child.process.returncode:
            raise StartError("The database could not be prepared: the reason is above. FRESH=1 begins anew.")

    def wait_until_ready(self, programs: list[Program]) -> None:
        """Return once the site says that it is ready; raise StartError when a program ends or it takes too long."""
        deadline = time.monotonic() + READY_WITHIN
        while (missing := self.not_ready()) is not None:
            for program in programs:
                if program.child and not program.child.running():
                    raise StartError(f"{program.name} did not start: see {self.log(program.name)}.")
            if time.monotonic() > deadline:
                raise StartError(f"The site is not ready after {READY_WITHIN:.0f} s: {missing}")
            self.pause(0.1)

    def not_ready(self) -> str | None:
        """What the site says is missing, or None when it is ready."""
        host = "127.0.0.1" if self.bind == "0.0.0.0" else self.bind  # noqa: S104 — compared, not bound.
        connection = http.client.HTTPConnection(host, self.port, timeout=5)
        try:
            connection.request("GET", "/readyz")
            answer = connection.getresponse()
            return None if answer.status == 200 else answer.read(1000).decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            return str(error)
        finally:
            connection.close()

    def announce(self) -> None:
        """Say where everything is."""
        accounts = self.folder["accounts.txt"].read_text(encoding="utf-8").strip()
        print(
            f"\n{accounts}\n\n"
            f"  Address        {self.site}/\n"
            f"  Documentation  {self.site}/api/v1/docs/\n"
            f"  Mail sent      {self.env['EMAIL_URL'] if os.environ.get('EMAIL_URL') else self.folder['mail']}\n"
            f"  Logs           {self.folder['logs']}\n"
            f"  Accounts       {self.folder['accounts.txt']} (the list above)\n"
            f"  Commands       . {self.folder['demo.env']} && .venv/bin/python manage.py vital_signs\n"
            f"  Tutorial       docs/tutorial.md, with the tokens of {self.folder['tokens.env']}\n\n"
            f"Ready in {time.monotonic() - self.began:.1f} s. Ctrl-C stops everything and keeps the data.",
            flush=True,
        )

    def say(self, sentence: str) -> None:
        """One line of progress."""
        print(f"[{time.monotonic() - self.began:5.1f} s] {sentence}", flush=True)


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise StartError(f"PORT={text} is not a port: give a number from 1 to 65535.")
    return int(text)


def _check_port(bind: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in bind else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((bind, port))
            probe.listen()
        except OSError as error:
            if error.errno == errno.EADDRINUSE:
                raise StartError(f"Port {port} is already taken: choose another with PORT=…") from None
            raise StartError(
                f"Port {port} of {bind} cannot be used ({error.strerror}): choose another with PORT=…"
            ) from None


if __name__ == "__main__":
    sys.exit(main())
