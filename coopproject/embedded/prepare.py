"""Run as a module by the demo: bring the database up to date and, the first time, load the sample cooperations.

One process for both, since starting Django takes longer than the rest. The argument is the file that keeps the sample
accounts: as long as it is absent, the examples are not loaded.
"""

import io
import os
import sys
from pathlib import Path

import django
from django.core.management import call_command
from django.db import transaction

from coopproject.embedded.datafolder import write_private


def main(accounts: Path) -> None:
    """Migrate, then load the examples unless `accounts` says that it was done."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coopproject.settings")
    django.setup()
    call_command("migrate", interactive=False, verbosity=0 if accounts.exists() else 1)
    if not accounts.exists():
        print("Loading the sample cooperations…", flush=True)
        said = io.StringIO()
        with transaction.atomic():  # All of them or none: the next start tries again.
            # Should we be stopped between the commit and the file, the next start gives new passwords and tokens.
            call_command("load_examples", env=accounts.with_name("tokens.env"), renew=True, stdout=said)
        write_private(accounts, said.getvalue())


if __name__ == "__main__":
    main(Path(sys.argv[1]))
