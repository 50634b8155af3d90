"""The entry of a version into force: the parties, who approved, who has not and what each waits for."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from uuid import UUID

from charters.enums import AmendmentType, DeliberationResult, VersionState
from charters.models import BoardDeliberation, CharterVersion
from charters.rules.entry_into_force import (
    BoardVote,
    EntryIntoForce,
    EntryRule,
    Party,
    PartyStatus,
    Wait,
    entry_into_force,
)
from charters.rules.frozen import FrozenTerms, frozen_terms
from coopproject import clock
from coopproject.exceptions import InvalidInput, Violation
from governance.enums import CircleKind
from governance.models import CircleStay, Cooperation, Membership

PARTY_CIRCLES = (CircleKind.CORE, CircleKind.ACTIVE)
_SETTLED = (DeliberationResult.ADOPTED, DeliberationResult.REJECTED)


def party_circles(cooperation: Cooperation, day: dt.date) -> list[tuple[str, str]]:
    """(organisation, circle) of the members of the core and active circles on that day: those who are to approve."""
    stays = CircleStay.objects.in_force(day).filter(cooperation=cooperation, circle__in=PARTY_CIRCLES)
    rows = stays.order_by("membership__organisation_id").values_list("membership__organisation_id", "circle")
    return [(str(organisation_id), str(circle)) for organisation_id, circle in rows]


@dataclass(frozen=True)
class PartyRow:
    """One party of a version: where it stands, since when, and what it waits for (codes of `Wait`, or None)."""

    organisation_id: UUID
    circle: str
    status: str
    approved_on: dt.date | None
    in_force_from: dt.date | None
    waits_for: str | None
    since: dt.date | None


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
        """Those whose board has not settled the matter yet."""
        return [row for row in self.parties if row.status == PartyStatus.PENDING and row.waits_for]


class EntryReader:
    """Computes the entry of one version on one day; the queries are made once, whatever the number of parties."""

    def __init__(self, version: CharterVersion, day: dt.date) -> None:
        self.version, self.day = version, day
        self.cooperation: Cooperation = version.charter.cooperation

    @cached_property
    def submitted_on(self) -> dt.date | None:
        at = self.version.submitted_at
        return clock.local_date(at, self.cooperation.zone) if at else None

    @cached_property
    def terms(self) -> FrozenTerms:
        """The frozen rule and parties; for a draft, those that it would be submitted with today."""
        if self.version.content:
            return frozen_terms(self.version.content)
        rule = EntryRule.from_dict(self.version.charter.entry_rule)
        return FrozenTerms(rule, tuple(party_circles(self.cooperation, self.day)))

    @cached_property
    def departures(self) -> dict[str, dt.date]:
        """Parties that are no longer members: the day after they left."""
        ids = [id_ for id_, _circle in self.terms.circles]
        left: dict[str, dt.date] = {}
        members: set[str] = set()
        rows = Membership.objects.filter(cooperation=self.cooperation, organisation_id__in=ids).order_by("joined_on")
        for organisation_id, joined_on, left_on in rows.values_list("organisation_id", "joined_on", "left_on"):
            if joined_on <= self.day and (left_on is None or left_on >= self.day):
                members.add(str(organisation_id))
            elif left_on is not None and left_on < self.day:
                left[str(organisation_id)] = left_on + dt.timedelta(days=1)
        return {id_: left.get(id_, self.day) for id_ in ids if id_ not in members}

    @cached_property
    def votes(self) -> list[BoardVote]:
        """What the boards settled on this version, in the order in which it was recorded."""
        rows = BoardDeliberation.objects.filter(charter_version=self.version, result__in=_SETTLED)
        return [
            BoardVote(str(organisation_id), content_hash, result == DeliberationResult.ADOPTED, held_on)
            for organisation_id, content_hash, result, held_on in rows.order_by("created_at", "pk").values_list(
                "organisation_id", "content_hash", "result", "held_on"
            )
        ]

    def parties(self) -> tuple[Party, ...]:
        """Those called to approve: the frozen parties that are still members; once in force, late joiners too."""
        staying = {id_ for id_, _circle in self.terms.circles} - set(self.departures)
        parties = self.terms.parties(staying)
        if self.version.state != VersionState.IN_FORCE:
            return parties
        known = {party.id for party in parties}
        late = [row for row in party_circles(self.cooperation, self.day) if row[0] not in known]
        return (*parties, *(Party(id_, circle) for id_, circle in late))

    def read(self) -> Entry:
        if self.version.state in (VersionState.IN_FORCE, VersionState.SUPERSEDED):
            return self._once_in_force()
        if self.version.amendment_type == AmendmentType.EDITORIAL:
            return self._without_vote()
        try:
            return self._by_the_rule()
        except InvalidInput as impossible:
            rows = tuple(
                PartyRow(UUID(party.id), party.circle, PartyStatus.PENDING, None, None, None, self.submitted_on)
                for party in self.parties()
            )
            return Entry(rows, "", None, None, False, impossible.violations)

    def _by_the_rule(self) -> Entry:
        everybody = self.terms.parties({id_ for id_, _circle in self.terms.circles})
        staying = self.parties()
        result = self._evaluate(staying)
        met_on = result.met_on
        if len(staying) < len(everybody) and met_on is not None and self._evaluate(everybody).met_on is None:
            # The departure is what satisfied the rule: not before it.
            met_on = max(met_on, *self.departures.values())
        stated = self.version.stated_on
        enters_on = met_on and (max(met_on, stated) if stated else met_on)
        answers = {vote.party: vote.decided_on for vote in self.votes}
        rows = []
        circles = {party.id: party.circle for party in staying}
        for situation in result.parties:
            since = situation.approved_on or answers.get(situation.party) or self.submitted_on
            rows.append(
                PartyRow(
                    UUID(situation.party),
                    circles[situation.party],
                    situation.status,
                    situation.approved_on,
                    situation.in_force_from,
                    situation.waits_for,
                    since,
                )
            )
        in_force = enters_on is not None and enters_on <= self.day
        return Entry(tuple(rows), str(result.formula), met_on, enters_on, in_force)

    def _evaluate(self, parties: tuple[Party, ...]) -> EntryIntoForce:
        return entry_into_force(
            self.terms.rule,
            parties,
            self.votes,
            content_hash=self.version.content_hash,
            stated_on=self.version.stated_on,
            at=self.day,
        )

    def still_reachable(self) -> bool:
        """Whether the rule could still be met if every board that has not refused were to approve."""
        refused = {vote.party for vote in self.votes if not vote.adopted}
        refused -= {vote.party for vote in self.votes if vote.adopted}
        parties = self.parties()
        best = [
            BoardVote(party.id, self.version.content_hash, adopted=True, decided_on=self.day)
            for party in parties
            if party.id not in refused
        ]
        try:
            result = entry_into_force(
                self.terms.rule,
                parties,
                best,
                content_hash=self.version.content_hash,
                stated_on=None,
                at=self.day,
            )
        except InvalidInput:
            return False
        return result.met_on is not None

    def _without_vote(self) -> Entry:
        """An editorial correction of a charter in force: no board votes, the text counts from its date."""
        met_on = self.submitted_on
        enters_on = met_on and max(met_on, self.version.stated_on or met_on)
        in_force = enters_on is not None and enters_on <= self.day
        rows = tuple(
            PartyRow(UUID(party.id), party.circle, PartyStatus.APPROVED, None, None, Wait.ENTRY_DATE, met_on)
            for party in self.parties()
        )
        return Entry(rows, "", met_on, enters_on, in_force)

    def _once_in_force(self) -> Entry:
        """The rule is met for good: who approved is bound from the later of the two days, the others are awaited."""
        started = self.version.in_force_on
        assert started is not None
        approved = bound_since([self.version])
        rows = []
        for party in self.parties():
            approval = approved.get(party.id)
            if approval is None:
                rows.append(
                    PartyRow(UUID(party.id), party.circle, PartyStatus.PENDING, None, None, Wait.OWN_BOARD, started)
                )
            else:
                day = max(started, approval)
                rows.append(PartyRow(UUID(party.id), party.circle, PartyStatus.IN_FORCE, approval, day, None, approval))
        return Entry(tuple(rows), "", started, started, self.version.state == VersionState.IN_FORCE)


def bound_since(versions: Iterable[CharterVersion]) -> dict[str, dt.date]:
    """Organisation -> day of its approval of this text, or of the voted text that editorial versions only corrected."""
    approved: dict[str, dt.date] = {}
    for version in versions:
        chain = [version.pk]
        if version.amendment_type == AmendmentType.EDITORIAL:
            earlier = CharterVersion.objects.filter(
                charter_id=version.charter_id, number__lt=version.number, in_force_on__isnull=False
            )
            for pk, kind in earlier.order_by("-number").values_list("pk", "amendment_type"):
                chain.append(pk)
                if kind != AmendmentType.EDITORIAL:
                    break
        rows = BoardDeliberation.objects.filter(charter_version__in=chain, approval__isnull=False)
        for organisation_id, held_on in rows.order_by("held_on", "pk").values_list("organisation_id", "held_on"):
            approved.setdefault(str(organisation_id), held_on)
    return approved


def entry_of(version: CharterVersion, day: dt.date) -> Entry:
    """The entry into force of a version on a day. Select `charter__cooperation` with it."""
    return EntryReader(version, day).read()
