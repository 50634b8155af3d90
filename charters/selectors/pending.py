"""Who is awaited: the boards that have not answered, the charters whose review comes."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from charters.enums import VersionState
from charters.models import CharterVersion
from charters.rules.entry_into_force import Wait
from charters.selectors.entry import Entry, EntryReader, PartyRow
from governance import gate
from governance.models import Cooperation
from governance.rules.calendars import add_months

# Days that a board has to answer when no date is stated: a convention of this project (confidence K), which
# `Cooperation.settings["charter_answer_days"]` changes.
ANSWER_DAYS = 60


@dataclass(frozen=True)
class Ballot:
    """A version before the boards: who may answer and has not, who must wait for the gate, by when."""

    version: CharterVersion
    entry: Entry
    submitted_on: dt.date
    due_on: dt.date
    awaited: tuple[PartyRow, ...]
    held_back: tuple[PartyRow, ...]
    refused: tuple[PartyRow, ...]


def ballots(cooperation: Cooperation, day: dt.date) -> Iterator[Ballot]:
    """Every version before the boards of this cooperation."""
    versions = CharterVersion.objects.filter(
        cooperation=cooperation, state=VersionState.SUBMITTED, charter__archived_on__isnull=True
    )
    for version in versions.select_related("charter__cooperation", "decision").order_by("submitted_at", "pk"):
        reader = EntryReader(version, day)
        entry = reader.read()
        assert reader.submitted_on is not None
        held = set()
        if version.decision is not None:
            held = {
                requirement.organisation_id
                for requirement in gate.requirements(version.decision, on=day)
                if requirement.holds_back
            }
        refused = [row for row in entry.silent if row.waits_for == Wait.REJECTED_BY_OWN_BOARD]
        silent = [row for row in entry.silent if row.waits_for != Wait.REJECTED_BY_OWN_BOARD]
        waiting = [row for row in silent if None in held or row.organisation_id in held]
        yield Ballot(
            version,
            entry,
            reader.submitted_on,
            max(version.stated_on or reader.submitted_on + _answer_time(cooperation), reader.submitted_on),
            tuple(row for row in silent if row not in waiting),
            tuple(waiting),
            tuple(refused),
        )


def _answer_time(cooperation: Cooperation) -> dt.timedelta:
    days = cooperation.settings.get("charter_answer_days", ANSWER_DAYS)
    usable = isinstance(days, int) and not isinstance(days, bool) and 1 <= days <= 3660
    return dt.timedelta(days=days if usable else ANSWER_DAYS)


def versions_in_force(cooperation: Cooperation) -> list[CharterVersion]:
    """The texts in force of this cooperation, charters put away left out."""
    versions = CharterVersion.objects.filter(
        cooperation=cooperation, state=VersionState.IN_FORCE, charter__archived_on__isnull=True
    )
    return list(versions.select_related("charter__cooperation").order_by("in_force_on", "pk"))


def review_due_on(version: CharterVersion) -> dt.date:
    """The day by which the charter of this text in force is to be reviewed: months by day number, from the later of
    its entry into force and the last review."""
    assert version.in_force_on is not None
    charter = version.charter
    start = max(version.in_force_on, charter.last_reviewed_on or version.in_force_on)
    return add_months(start, charter.review_every_months)
