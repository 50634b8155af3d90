"""Run one command with a PostgreSQL and a Valkey of its own, thrown away afterwards.

    python -m coopproject.embedded.run python manage.py check

For the checks that cannot do without a database, and to try a command without touching any data. The settings are
those of the tests unless `APP_ENV` says otherwise.
"""

import os
import sys
import tempfile
from pathlib import Path

from coopproject.embedded import postgres, valkey
from coopproject.embedded.processes import Keeper, StartError
from coopproject.embedded.supervisor import Stopped, StopRequest


def main(command: list[str]) -> int:
    """Run the command and return its exit code."""
    asked = StopRequest()
    folder = Path(tempfile.mkdtemp(prefix="coop-run-"))
    (folder / "data" / "static").mkdir(parents=True)
    try:
        with Keeper() as keeper:
            keeper.remove_at_end(folder)
            _, database = postgres.start(keeper, folder / "postgres", options=postgres.THROWAWAY, pause=asked.pause)
            _, broker = valkey.start(keeper, folder / "valkey", pause=asked.pause)
            ours = {"DATABASE_URL": database, "CELERY_BROKER_URL": broker, "DATA_DIR": str(folder / "data")}
            child = keeper.start("command", command, env={"APP_ENV": "test"} | dict(os.environ) | ours)
            while child.running():
                asked.pause(0.05)
            return child.process.returncode
    except Stopped:
        return 130
    except StartError as error:
        print(error, file=sys.stderr)
        return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
