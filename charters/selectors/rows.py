"""What is read of the entry of a version: one row for each party, and the whole."""

import datetime as dt
from dataclasses import dataclass, field, replace
from uuid import UUID

from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from charters.models import AmendmentContest, BoardDeliberation, CharterVersion
from charters.rules.entry_into_force import PartyStatus
from charters.rules.staleness import Situation
from charters.selectors.record import GivenBy
from coopproject.exceptions import Violation
from governance.actor import Actor


@dataclass(frozen=True)
class PartyRow:
    """One party of a version: where it stands, since when, and what it waits for (codes of `Wait`, or None).

    `carried_from`: number of the version that it approved, when that approval is carried over. `reason`: why its
    approval is stale (`StaleReason`), `stale_since` from which day. `valid_until`: its last day, where it has one.
    `vote`: of a party that waits for its own board, the last vote of it while that approves nothing: convened, open,
    void, irregular.
    """

    organisation_id: UUID
    circle: str
    status: str
    approved_on: dt.date | None
    in_force_from: dt.date | None
    waits_for: str | None
    since: dt.date | None
    carried_from: int | None = None
    round: int | None = None
    reason: str | None = None
    stale_since: dt.date | None = None
    valid_until: dt.date | None = None
    vote: BoardDeliberation | None = None


@dataclass(frozen=True)
class Entry:
    """A version on its way into force on a day. `problems`: why its rule cannot be applied to who is left."""

    parties: tuple[PartyRow, ...]
    formula: str
    met_on: dt.date | None
    enters_on: dt.date | None
    in_force: bool
    problems: tuple[Violation, ...] = field(default=())

    @property
    def silent(self) -> list[PartyRow]:
        """Those whose board is to vote and has not settled the matter yet."""
        return [row for row in self.parties if row.status in (PartyStatus.PENDING, PartyStatus.STALE) and row.waits_for]

    @property
    def asked_again(self) -> list[PartyRow]:
        """Those that are bound, and whose board is to confirm an approval that is stale."""
        return [row for row in self.parties if row.status == PartyStatus.STALE]

    def row(self, organisation_id: UUID | str) -> PartyRow | None:
        return next((row for row in self.parties if str(row.organisation_id) == str(organisation_id)), None)


def told_to(actor: Actor | None, version: CharterVersion, entry: Entry) -> Entry:
    """The entry without the parties whose belonging is closed to the actor: neither counted nor named in a sentence.

    Whole without an actor: for services and rules.
    """
    closed = actor.closed_members.get(version.cooperation_id, {}) if actor is not None else {}
    known = tuple(row for row in entry.parties if row.organisation_id not in closed)
    if len(known) == len(entry.parties):
        return entry
    problems = tuple(
        Violation(found.code, _("Un membre conteste que ce ne soit qu’une correction."), found.pointer)
        if isinstance(found, Contested) and found.organisation_id in closed
        else found
        for found in entry.problems
    )
    return replace(entry, parties=known, problems=problems, formula="")


@dataclass(frozen=True)
class Approved:
    """The approvals of one party that count for a text, oldest first, and where the last one stands."""

    given: tuple[GivenBy, ...]
    situation: Situation
    number: int

    @property
    def last(self) -> GivenBy:
        return self.given[-1]

    @property
    def carried_from(self) -> int | None:
        return self.last.number if self.last.number != self.number else None


@dataclass(frozen=True)
class Contested(Violation):
    """A contest, whose sentence names who made it."""

    organisation_id: UUID | None = None


def contested(contest: AmendmentContest) -> Contested:
    """Why a correction that a party contests does not enter into force."""
    detail = format_lazy(
        _("{organisation} conteste que ce ne soit qu’une correction : {reason}"),
        organisation=str(contest.organisation),
        reason=contest.reason,
    )
    return Contested("contested", detail, organisation_id=contest.organisation_id)
