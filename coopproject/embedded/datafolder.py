"""The data folder of the demo: who may use it, what it keeps, how it is emptied."""

import fcntl
import json
import os
import secrets
import shutil
from pathlib import Path

from coopproject.embedded.processes import StartError

MARKER = ".coopproject"
LOCK = "lock"
FOLDERS = ("logs", "mail", "media", "run", "static")
OURS = (
    *FOLDERS,
    "accounts.txt",
    "demo.env",
    "postgres",
    "postgres.log",
    "postgres.new",
    "secrets.json",
    "tokens.env",
    "valkey",
    "valkey.log",
)
"""What the demo writes, hence what FRESH=1 deletes. The marker and the lock stay."""


class DataFolder:
    """A folder that this process alone uses, until it ends.

    Raises StartError with one sentence when the folder cannot be used.
    """

    def __init__(self, path: Path, *, used_for: str) -> None:
        self.path = path.expanduser().absolute()
        try:
            self._claim()
            self._lock = self._take_lock(used_for)
            for name in FOLDERS:
                self[name].mkdir(mode=0o700, exist_ok=True)
        except OSError as error:
            raise StartError(
                f"The folder {self.path} cannot be written ({error.strerror}): choose another with DATA_DIR=…"
            ) from error

    def __getitem__(self, name: str) -> Path:
        return self.path / name

    def _claim(self) -> None:
        if not self.path.is_dir():
            # Others may pass through it (PostgreSQL may run as another user) but see nothing; what it holds is closed.
            self.path.mkdir(mode=0o711, parents=True)
        if not self[MARKER].exists():
            if any(self.path.iterdir()):
                raise StartError(
                    f"The folder {self.path} holds other things than a demo: choose an empty one with DATA_DIR=…"
                )
            self[MARKER].write_text("Data of a Coopproject demo. FRESH=1 empties this folder.\n")

    def _take_lock(self, used_for: str) -> int:
        lock = os.open(self[LOCK], os.O_RDWR | os.O_CREAT, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            user = os.read(lock, 500).decode(errors="replace")
            os.close(lock)
            raise StartError(
                f"The folder {self.path} is in use by another demo ({user}): "
                "stop it, or choose another folder with DATA_DIR=…"
            ) from None
        os.truncate(lock, 0)
        os.write(lock, f"process {os.getpid()}, {used_for}".encode())
        return lock

    def close(self) -> None:
        """Let another demo use it. The end of the process does the same."""
        os.close(self._lock)

    def empty(self) -> None:
        """Delete what earlier demos wrote here, and nothing else."""
        for name in OURS:
            path = self[name]
            if path.is_dir() and not path.is_symlink():
                shutil.rmtree(path)
            else:
                path.unlink(missing_ok=True)
        for name in FOLDERS:
            self[name].mkdir(mode=0o700)

    def secrets(self) -> dict[str, str]:
        """SECRET_KEY, TOKEN_PEPPER and RECEIPT_SIGNING_KEY of this installation, drawn at the first start."""
        path = self["secrets.json"]
        kept: dict[str, str] = json.loads(path.read_text()) if path.exists() else {}
        drawn = {name: secrets.token_urlsafe(48) for name in ("SECRET_KEY", "TOKEN_PEPPER")}
        drawn["RECEIPT_SIGNING_KEY"] = secrets.token_hex(32)
        if drawn.keys() - kept.keys():
            kept = drawn | kept
            write_private(path, json.dumps(kept))
        return kept


def write_private(path: Path, text: str) -> None:
    """Write a file that only its owner can read; it is whole or absent."""
    fresh = path.with_name(path.name + ".new")
    fresh.unlink(missing_ok=True)
    with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
        file.write(text)
    fresh.replace(path)
