"""Who runs PostgreSQL: it refuses to run as root, which is what a container or a fresh server often is.

Started by an ordinary user, PostgreSQL runs as that user. Started by root, it runs as `nobody`: no account is created
and no permission of an existing folder is changed. Where `nobody` cannot enter the folders (a clone under `/root`, a
temporary folder of mode 700), Linux gives that one process the right to pass (CAP_DAC_OVERRIDE) through `setpriv`.
"""

import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from coopproject.embedded.processes import StartError

UNPRIVILEGED = "nobody"


@dataclass(frozen=True)
class Identity:
    """How to run a command as the chosen user: words before it, and arguments for `Popen`."""

    prefix: tuple[str, ...] = ()
    popen: tuple[tuple[str, Any], ...] = ()
    owner: tuple[int, int] | None = None

    def command(self, *words: str | Path) -> list[str]:
        """The command line to run."""
        return [*self.prefix, *map(str, words)]

    def arguments(self) -> dict[str, Any]:
        """Keyword arguments for `Popen`."""
        return dict(self.popen)

    def own(self, folder: Path) -> None:
        """Make the folder theirs, closed to everybody else."""
        folder.chmod(0o700)
        if self.owner:
            os.chown(folder, *self.owner)


def for_postgres(binaries: Path, folder: Path) -> Identity:
    """The identity under which PostgreSQL can use both folders.

    Raises StartError where root has no way to hand them over.
    """
    if os.geteuid() != 0:
        return Identity()
    entry = pwd.getpwnam(UNPRIVILEGED)
    owner = (entry.pw_uid, entry.pw_gid)
    plain = Identity(popen=(("user", owner[0]), ("group", owner[1]), ("extra_groups", [])), owner=owner)
    if _works(plain, binaries, folder):
        return plain
    setpriv = shutil.which("setpriv")
    if setpriv:
        # Without no_setuid_fixup, access(2) ignores the capability and initdb does not find its neighbour.
        words = (
            setpriv,
            f"--reuid={owner[0]}",
            f"--regid={owner[1]}",
            "--clear-groups",
            "--securebits=+no_setuid_fixup",
        )
        capable = Identity((*words, "--inh-caps=-all,+dac_override", "--ambient-caps=-all,+dac_override"), (), owner)
        if _works(capable, binaries, folder):
            return capable
    raise StartError(
        f"PostgreSQL cannot run as root, and the user {UNPRIVILEGED} may not enter {folder} or {binaries}: "
        "start as an ordinary user, or move the project to a folder that everybody may enter."
    )


def _works(identity: Identity, binaries: Path, folder: Path) -> bool:
    probe = identity.command("/bin/sh", "-c", 'cd "$1" && exec "$2" --version', "sh", folder, binaries / "initdb")
    quiet = {"PATH": os.defpath, "LC_ALL": "C"}
    try:
        done = subprocess.run(probe, check=False, capture_output=True, cwd="/", env=quiet, **identity.arguments())
    except OSError:
        return False
    return done.returncode == 0 and b"invalid binary" not in done.stderr
