"""Who is awaited: the boards that have not answered, the charters whose review comes."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from charters.enums import AmendmentType, VersionState
from charters.models import AmendmentContest, CharterVersion
from charters.rules.entry_into_force import PartyStatus, Wait
from charters.rules.staleness import review_due
from charters.selectors.entry import EntryReader
from charters.selectors.record import Record
from charters.selectors.rows import Entry, PartyRow, told_to
from governance import gate
from governance.actor import Actor
from governance.models import Cooperation

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


def ballots(cooperation: Cooperation, day: dt.date, actor: Actor | None = None) -> Iterator[Ballot]:
    """Every version before the boards of this cooperation; a correction, which none votes, is not.

    With an `actor`, here and below: without the parties whose belonging is closed to them.
    """
    versions = CharterVersion.objects.filter(
        cooperation=cooperation, state=VersionState.SUBMITTED, charter__archived_on__isnull=True
    )
    versions = versions.exclude(amendment_type=AmendmentType.EDITORIAL)
    for version in versions.select_related("charter__cooperation", "decision").order_by("submitted_at", "pk"):
        reader = EntryReader(version, day)
        entry = told_to(actor, version, reader.read())
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


@dataclass(frozen=True)
class InForce:
    """A text in force on a day: who has not approved it yet, and who is asked again because its approval is stale."""

    version: CharterVersion
    entry: Entry
    answer_time: dt.timedelta
    asks: bool

    @property
    def unbound(self) -> list[PartyRow]:
        """The parties that it does not bind, refusals included."""
        return [row for row in self.entry.parties if row.status == PartyStatus.PENDING]

    @property
    def newcomers(self) -> list[PartyRow]:
        """Those whose board may vote it and has not."""
        return [row for row in self.unbound if self.asks and row.waits_for != Wait.REJECTED_BY_OWN_BOARD]

    @property
    def asked_again(self) -> list[PartyRow]:
        return self.entry.asked_again if self.asks else []

    @property
    def awaited(self) -> list[PartyRow]:
        """Those asked again that have not answered."""
        return [row for row in self.asked_again if row.waits_for != Wait.REJECTED_BY_OWN_BOARD]

    def due_on(self, row: PartyRow) -> dt.date:
        """The day by which a board asked again is to answer."""
        assert row.stale_since is not None
        return row.stale_since + self.answer_time


def entries_in_force(cooperation: Cooperation, day: dt.date, actor: Actor | None = None) -> list[InForce]:
    """Every text in force. One whose charter has its next text before the boards `asks` nobody: they vote that one."""
    submitted = CharterVersion.objects.filter(cooperation=cooperation, state=VersionState.SUBMITTED)
    busy = set(submitted.exclude(amendment_type=AmendmentType.EDITORIAL).values_list("charter_id", flat=True))
    versions = versions_in_force(cooperation)
    record = Record(versions)
    return [
        InForce(
            version,
            told_to(actor, version, EntryReader(version, day, record).read()),
            _answer_time(cooperation),
            version.charter_id not in busy,
        )
        for version in versions
    ]


@dataclass(frozen=True)
class Correction:
    """A submitted version that no board votes: in force on `enters_on` unless a party contests it until `until`."""

    version: CharterVersion
    entry: Entry
    submitted_on: dt.date
    until: dt.date
    contests: tuple[AmendmentContest, ...]

    @property
    def parties(self) -> frozenset[UUID]:
        return frozenset(row.organisation_id for row in self.entry.parties)


def corrections(cooperation: Cooperation, day: dt.date, actor: Actor | None = None) -> Iterator[Correction]:
    """Every correction submitted in this cooperation that is not in force yet, those that are contested included."""
    versions = CharterVersion.objects.filter(
        cooperation=cooperation,
        state=VersionState.SUBMITTED,
        amendment_type=AmendmentType.EDITORIAL,
        charter__archived_on__isnull=True,
    )
    for version in versions.select_related("charter__cooperation").order_by("submitted_at", "pk"):
        reader = EntryReader(version, day)
        assert reader.contest_period is not None
        period = reader.contest_period
        closed = actor.closed_members.get(cooperation.pk, {}) if actor is not None else {}
        contests = tuple(contest for contest in reader.contests if contest.organisation_id not in closed)
        entry = told_to(actor, version, reader.read())
        yield Correction(version, entry, period.submitted_on, period.until, contests)


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
    reviews = charter.reviews
    return review_due(version.in_force_on, charter.review_every_months, reviews, at=max(reviews, default=dt.date.min))
