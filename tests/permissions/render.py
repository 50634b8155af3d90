"""Writes docs/reference/permissions.md from the matrix: `python -m tests.permissions.render` (`make permissions`)."""

import os
import sys
from pathlib import Path

from tests.permissions.matrix import AGREEMENT_LEVELS, LEVELS, MATRIX, PEOPLE, cells

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "permissions.md"
SIGNS = {"ok": "✓", "hid": "∅"}

_HEAD = """# Who may do what

<!-- Written by `python -m tests.permissions.render` from tests/permissions/matrix.py. Do not edit by hand. -->

Each cell is executed by the tests (`tests/permissions/`) against the real API; an operation without its line fails
them. Three questions, in this order: *may I know of it* (404), *may I do this* (403), *may it be done now* (409, with
every reason). This page answers the first two; the third belongs to the rules.

| sign | meaning |
|---|---|
| ✓ | permitted (the state of the object may still refuse it just now: 409) |
| ∅ | permitted, and the list does not contain the object |
| 400 | refused: the body names something that, for this person, does not exist |
| 401 | refused: who are you |
| 403 | refused: you may know of it, not do it |
| 404 | refused: there is no such thing, for you; the same answer as for an identifier that nothing carries |

A refusal changes nothing, and every permitted change leaves a line in the journal. A token adds its own limit: `read`
for reading, `write` to change, `legal` for acts that bind.

## People

| column | who |
|---|---|
"""


def page() -> str:
    """The whole page."""
    # Here, since they read models, for which Django must have been set up.
    from tests.permissions.near_misses import NEAR_MISSES

    parts = [_HEAD + "".join(f"| {somebody.code} | {somebody.words} |\n" for somebody in PEOPLE.values())]
    for title, table in _sections():
        parts.append(f"## {title}\n\n" + _table("operation", table))
    parts.append(
        "## Levels of confidentiality\n\nWho gets the object, with all that hangs below it, when it is put at each "
        "level ([ADR 0008](../adr/0008-nested-levels.md)); `restricted` is for a consultation of Alpha.\n\n"
        + _table("level", LEVELS)
    )
    parts.append(
        "### Of an agreement between Alpha and Beta\n\nThe people of a party always know of their agreement "
        "([ADR 0019](../adr/0019-agreements.md)); `restricted` is for them alone.\n\n"
        + _table("level", AGREEMENT_LEVELS)
    )
    rows = "".join(
        f"| {miss.words} | {_spoken(miss.person)} | `{miss.operation}` | {SIGNS.get(miss.expected, miss.expected)} |\n"
        for miss in NEAR_MISSES
    )
    parts.append(
        "## Near misses\n\nEverything right but one thing.\n\n| what differs | person | operation | answer |\n"
        f"|---|---|---|---|\n{rows}"
    )
    return "\n".join(parts)


def _sections() -> list[tuple[str, str]]:
    """Title and lines of each part of the matrix: a comment, the heads of the columns, then the lines."""
    found = []
    for block in MATRIX.strip().split("\n\n"):
        title, _heads, *lines = block.splitlines()
        found.append((title.removeprefix("# "), "\n".join(lines)))
    return found


def _table(corner: str, table: str) -> str:
    rows = [f"| {corner} | {' | '.join(PEOPLE)} |", f"|---|{'---|' * len(PEOPLE)}"]
    for name, line in cells(table).items():
        rows.append(f"| `{name}` | {' | '.join(SIGNS.get(value, value) for value in line.values())} |")
    return "\n".join(rows) + "\n"


def _spoken(name: str) -> str:
    return name.replace("_", " ")


def main() -> None:
    """Write the page. Django is set up as for the tests, with no database behind it."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "coopproject.settings")
    os.environ.setdefault("APP_ENV", "test")
    import django

    django.setup()
    PAGE.write_text(page(), encoding="utf-8")
    sys.stdout.write(f"{PAGE}\n")


if __name__ == "__main__":
    main()
