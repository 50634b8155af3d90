"""The pages of docs/ that are executed: each shell block must answer the lines that its page promises."""

import os
import re
import shutil
import subprocess
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from governance.models import ApiToken, Cooperation, JournalEntry

DOCS = Path(settings.BASE_DIR) / "docs"
TUTORIAL, GOVERNING = DOCS / "tutorial.md", DOCS / "how-to-govern.md"
MARK = "@@ end of block"


def blocks(page: Path) -> list[tuple[str, list[str]]]:
    """(commands, promised lines) of each shell block; a block without promise promises nothing."""
    found: list[tuple[str, list[str]]] = []
    for kind, body in re.findall(r"^```(sh|text)\n(.*?)^```", page.read_text(encoding="utf-8"), re.S | re.M):
        if kind == "sh":
            found.append((body, []))
        else:
            found[-1] = (found[-1][0], body.strip().splitlines())
    return found


def play(page: Path, tokens: Path) -> list[list[str]]:
    """What each block answered, all in one shell as a reader would."""
    assert shutil.which("curl"), "the tutorial is written for curl: install it"
    script = "".join(f"{commands}\necho '{MARK}'\n" for commands, _promised in blocks(page))
    done = subprocess.run(
        ["bash", "-uc", script],
        capture_output=True,
        text=True,
        timeout=300,
        cwd=settings.BASE_DIR,
        env={**os.environ, "TOKENS": str(tokens)},
        check=False,
    )
    assert done.stderr == ""
    return [part.strip().splitlines() for part in done.stdout.split(MARK)[:-1]]


@pytest.mark.django_db(transaction=True)
def test_the_tutorial_answers_what_it_promises_and_leaves_a_whole_journal(
    live_server: Any, tmp_path: Path, settings: Any
) -> None:
    settings.SITE_URL = live_server.url
    tokens = tmp_path / "tokens.env"
    call_command("load_examples", env=tokens, stdout=StringIO())

    answers = play(TUTORIAL, tokens)

    assert answers == [promised for _commands, promised in blocks(TUTORIAL)]

    # The milestone is due in six days: its pilot is told, once.
    for _round in range(2):
        call_command("reconcile", stdout=StringIO())
        call_command("dispatch", stdout=StringIO())
    told = [message for message in mail.outbox if "Premier repas pour deux maisons" in str(message.subject)]
    key = re.search(r"^export PILOT=coop_(\w+)\.", tokens.read_text(), re.M)
    assert key is not None
    assert [message.to for message in told] == [[ApiToken.objects.get(key=key[1]).user.email]]

    call_command("verify_journal", stdout=StringIO())
    cooperation = Cooperation.objects.get(name="Cuisine commune")
    victim = JournalEntry.objects.filter(cooperation=cooperation).order_by("sequence")[7]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("UPDATE governance_journalentry SET act = act || 'x' WHERE id = %s", [victim.pk])
    said = StringIO()
    with pytest.raises(CommandError):
        call_command("verify_journal", stderr=said)
    assert str(victim.pk) in said.getvalue()


@pytest.mark.django_db(transaction=True)
def test_the_page_on_governing_answers_what_it_promises(live_server: Any, tmp_path: Path, settings: Any) -> None:
    settings.SITE_URL = live_server.url
    tokens = tmp_path / "tokens.env"
    call_command("load_examples", env=tokens, stdout=StringIO())

    assert play(GOVERNING, tokens) == [promised for _commands, promised in blocks(GOVERNING)]
    call_command("verify_journal", stdout=StringIO())
