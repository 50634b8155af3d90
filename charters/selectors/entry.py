"""The entry of a version into force: who approved, who has not, who is asked again, and what each waits for."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from functools import cached_property
from uuid import UUID

from charters.enums import AmendmentType, VersionState
from charters.models import AmendmentContest, CharterVersion
from charters.rules.amendments import ContestPeriod
from charters.rules.entry_into_force import (
    BoardVote,
    EntryIntoForce,
    EntryRule,
    Party,
    PartyStatus,
    Wait,
    entry_into_force,
)
from charters.rules.frozen import FrozenTerms
from charters.rules.staleness import Expiry, Given, ReviewTerms, Situation, StaleReason, situation
from charters.selectors.annexes import annex_texts, annexes_of
from charters.selectors.boards import wait_of
from charters.selectors.record import PARTY_CIRCLES, Belonging, GivenBy, Record
from charters.selectors.rows import Approved, Entry, PartyRow, contested
from coopproject import clock
from coopproject.exceptions import InvalidInput
from governance.models import CircleStay, Cooperation
from governance.rules.calendars import day_after


def party_circles(cooperation: Cooperation, day: dt.date) -> list[tuple[str, str]]:
    """(organisation, circle) of the members of the core and active circles on that day: those who are to approve."""
    stays = CircleStay.objects.in_force(day).filter(cooperation=cooperation, circle__in=PARTY_CIRCLES)
    rows = stays.order_by("membership__organisation_id").values_list("membership__organisation_id", "circle")
    return [(str(organisation_id), str(circle)) for organisation_id, circle in rows]


class EntryReader:
    """Computes the entry of one version on one day. Several readers share the queries of one `record`."""

    def __init__(self, version: CharterVersion, day: dt.date, record: Record | None = None) -> None:
        self.version, self.day = version, day
        self.cooperation: Cooperation = version.charter.cooperation
        self.record = record or Record([version])

    @cached_property
    def submitted_on(self) -> dt.date | None:
        at = self.version.submitted_at
        return clock.local_date(at, self.cooperation.zone) if at else None

    @cached_property
    def terms(self) -> FrozenTerms:
        """The frozen terms; for a draft, those that it would be submitted with today."""
        if self.version.state != VersionState.DRAFT:
            return self.record.terms(self.version.pk)
        charter = self.version.charter
        return FrozenTerms(
            EntryRule.from_dict(charter.entry_rule),
            tuple(party_circles(self.cooperation, self.day)),
            tuple(annex_texts(annexes_of(self.version))),
            ReviewTerms(charter.review_every_months, Expiry(charter.approvals_expire)),
            charter.editorial_contest_days,
        )

    @cached_property
    def contest_period(self) -> ContestPeriod | None:
        """The time in which a correction that nobody votes can be contested; None for what boards vote, or a draft."""
        if self.version.amendment_type != AmendmentType.EDITORIAL or self.submitted_on is None:
            return None
        return ContestPeriod(self.submitted_on, self.terms.contest_days)

    @cached_property
    def contests(self) -> list[AmendmentContest]:
        """Who contested it, in the order in which they did."""
        return list(self.version.contests.select_related("organisation").order_by("contested_at", "pk"))

    @property
    def _belonging(self) -> dict[str, Belonging]:
        return self.record.belonging(self.version.cooperation_id)

    def parties(self, day: dt.date | None = None) -> tuple[Party, ...]:
        """Those called to approve: the frozen parties that still are; once in force, those of today's circles too."""
        day = day or self.day
        staying = {id_ for id_, _circle in self.terms.circles if self._belonging[id_].circle(day)}
        parties = self.terms.parties(staying)
        if self.version.state != VersionState.IN_FORCE:
            return parties
        late = sorted((id_, circle) for id_, life in self._belonging.items() if (circle := life.circle(day)))
        return (*parties, *(Party(id_, circle) for id_, circle in late if id_ not in staying))

    @cached_property
    def approved(self) -> dict[str, Approved]:
        """Organisation -> its approvals that count for this text; not what it gave before it left and came back."""
        everything = self.record.carried(self.version, self.terms)
        for given in self.record.approvals(self.version.pk):
            everything.setdefault(given.organisation, []).append(given)
        found = {}
        for id_, approvals in everything.items():
            if kept := tuple(given for given in approvals if self._situation(given, self.day).binds):
                found[id_] = Approved(kept, self._situation(kept[-1], self.day), self.version.number)
        return found

    def _situation(self, given: GivenBy, day: dt.date) -> Situation:
        return situation(
            # Whoever approved this text or one that it carries over approved this one.
            Given(given.given_on, self.version.content_hash, given.entered_on),
            content_hash=self.version.content_hash,
            text_since=self.submitted_on or day,
            terms=self.terms.review,
            reviews=self.version.charter.reviews,
            left_on=self._belonging[given.organisation].left_on(day),
            at=day,
        )

    def asked_from(self, organisation: str) -> dt.date | None:
        """The day since which this board is asked again for a text that it had approved; None when it is not."""
        if known := self.approved.get(organisation):
            return known.situation.since
        left_on = self._belonging[organisation].left_on(self.day)
        voted = any(given.organisation == organisation for given in self.record.approvals(self.version.pk))
        return day_after(left_on) if voted and left_on else None

    def stands(self, organisation: str) -> bool:
        """Whether its approval of this text, or of one that this text carries over, is good."""
        known = self.approved.get(organisation)
        return known is not None and not known.situation.is_stale

    def is_carried(self, organisation: str) -> bool:
        """Whether this text, before the boards, does not ask for its vote."""
        submitted = self.version.state == VersionState.SUBMITTED
        return submitted and self.stands(organisation) and self.approved[organisation].carried_from is not None

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
            return Entry((*rows, *self._gone()), "", None, None, False, impossible.violations)

    # Before the entry into force.

    @cached_property
    def _carried(self) -> dict[str, Approved]:
        """Those whose approval of a former text was good on the day when this one was put to the boards."""
        day = self.submitted_on or self.day
        return {
            id_: approved
            for id_, approved in self.approved.items()
            if approved.carried_from is not None and not self._situation(approved.last, day).is_stale
        }

    def _votes(self, day: dt.date) -> list[BoardVote]:
        """What the boards said of this text and of the former one; not before their organisation left."""
        former = self.record.former(self.version)
        votes = list(self.record.votes(self.version.pk))
        if former is not None:
            votes += [
                BoardVote(given.organisation, given.content_hash, adopted=True, decided_on=given.given_on)
                for given in self.record.approvals(former.pk)
            ]
        return [vote for vote in votes if self._stayed_since(vote.party, vote.decided_on, day)]

    def _stayed_since(self, organisation: str, since: dt.date, day: dt.date) -> bool:
        left_on = self._belonging[organisation].left_on(day)
        return left_on is None or left_on < since

    def _evaluate(self, day: dt.date, votes: Iterable[BoardVote] | None = None) -> EntryIntoForce:
        submitted = self.submitted_on or day
        return entry_into_force(
            self.terms.rule,
            self.parties(day),
            self._votes(day) if votes is None else votes,
            content_hash=self.version.content_hash,
            stated_on=self.version.stated_on,
            at=day,
            carried=dict.fromkeys(self._carried, submitted),
            asked=self.record.asked(self.version, self.terms) if self._carried else (),
        )

    def _met_on(self) -> dt.date | None:
        """Since when the rule is met by those who were parties then: a vote can do it, and so can a departure."""
        days = {vote.decided_on for vote in self.record.votes(self.version.pk)}
        days |= {day_after(end) for id_, _c in self.terms.circles for end in self._belonging[id_].ends()}
        met_on = None
        for day in sorted({self.day, self.submitted_on or self.day, *days}, reverse=True):
            if day > self.day or (self.submitted_on and day < self.submitted_on):
                continue
            try:
                if self._evaluate(day).met_on is None:
                    break
            except InvalidInput:
                break
            met_on = day
        return met_on

    def _by_the_rule(self) -> Entry:
        result = self._evaluate(self.day)
        met_on = self._met_on()
        stated = self.version.stated_on
        enters_on = met_on and (max(met_on, stated) if stated else met_on)
        answers = {
            vote.party: vote.decided_on
            for vote in self._votes(self.day)
            if vote.content_hash == self.version.content_hash
        }
        circles = {party.id: party.circle for party in self.parties()}
        asked = self.version.state in (VersionState.DRAFT, VersionState.SUBMITTED)
        rows = []
        for found in result.parties:
            row = PartyRow(
                UUID(found.party),
                circles[found.party],
                found.status,
                found.approved_on,
                found.in_force_from,
                found.waits_for,
                found.approved_on or answers.get(found.party) or self.submitted_on,
            )
            if known := self.approved.get(found.party):
                row = replace(row, carried_from=known.carried_from, round=known.last.round)
                if found.status == PartyStatus.PENDING and known.situation.is_stale:
                    row = self._stale(row, known)
                elif found.approved_on:
                    row = replace(row, approved_on=known.last.given_on)
            if not asked and row.status == PartyStatus.PENDING:
                row = replace(row, status=PartyStatus.NOT_ASKED, waits_for=None)
            rows.append(self._with_its_vote(row))
        in_force = enters_on is not None and enters_on <= self.day
        return Entry((*rows, *self._gone()), str(result.formula), met_on, enters_on, in_force)

    def _with_its_vote(self, row: PartyRow) -> PartyRow:
        """A party that waits for its own board, with what is known of that board's vote."""
        if row.status not in (PartyStatus.PENDING, PartyStatus.STALE) or row.waits_for is None:
            return row
        vote = self.record.latest_vote(self.version.pk, str(row.organisation_id))
        wait = wait_of(vote) if vote is not None else None
        if vote is None or wait is None:
            return row
        if row.waits_for == Wait.REJECTED_BY_OWN_BOARD:
            return replace(row, vote=vote)
        since = row.since if wait == Wait.BOARD_CONVENED else vote.opened_on or vote.held_on
        return replace(row, vote=vote, waits_for=wait, since=since)

    def still_reachable(self) -> bool:
        """Whether the rule could still be met if every board that has not refused were to approve."""
        votes = self._votes(self.day)
        refused = {vote.party for vote in votes if not vote.adopted}
        refused -= {vote.party for vote in votes if vote.adopted and vote.content_hash == self.version.content_hash}
        best = [
            BoardVote(party.id, self.version.content_hash, adopted=True, decided_on=self.day)
            for party in self.parties()
            if party.id not in refused
        ]
        try:
            return self._evaluate(self.day, best).met_on is not None
        except InvalidInput:
            return False

    def _without_vote(self) -> Entry:
        """A correction of a charter in force, which no board votes: it counts from the end of the time to contest it,
        or from its date; never once it is contested (docs/adr/0016)."""
        objections = tuple(contested(contest) for contest in self.contests)
        met_on = self.contest_period.enters_on if self.contest_period and not objections else None
        enters_on = met_on and max(met_on, self.version.stated_on or met_on)
        in_force = enters_on is not None and enters_on <= self.day
        rows = []
        for party in self.parties():
            known = self.approved.get(party.id)
            wait = None if objections else Wait.ENTRY_DATE
            row = PartyRow(UUID(party.id), party.circle, PartyStatus.NOT_ASKED, None, None, wait, self.submitted_on)
            if known:
                row = replace(
                    row,
                    status=PartyStatus.CARRIED,
                    approved_on=known.last.given_on,
                    carried_from=known.carried_from,
                    round=known.last.round,
                )
            rows.append(row)
        return Entry(tuple(rows), "", met_on, enters_on, in_force, objections)

    # From the entry into force on.

    def _once_in_force(self) -> Entry:
        """The rule is met for good: who approved is bound from the later of the two days, the others are awaited."""
        started = self.version.in_force_on
        assert started is not None
        refusals: dict[str, dt.date] = {}
        for vote in sorted(self.record.votes(self.version.pk), key=lambda vote: vote.decided_on):
            refusals.pop(vote.party, None)
            if not vote.adopted:
                refusals[vote.party] = vote.decided_on
        in_force = self.version.state == VersionState.IN_FORCE
        rows = []
        for party in self.parties():
            row = self._bound(party, started, refusals.get(party.id))
            if not in_force:
                ended = PartyStatus.APPROVED if row.approved_on else PartyStatus.NOT_ASKED
                row = replace(row, status=ended, waits_for=None, since=row.approved_on, reason=None, stale_since=None)
            rows.append(self._with_its_vote(row))
        return Entry((*rows, *self._gone()), "", started, started, in_force)

    def _bound(self, party: Party, started: dt.date, refused_on: dt.date | None) -> PartyRow:
        life = self._belonging[party.id]
        known = self.approved.get(party.id)
        if known is None:
            wait, since = Wait.OWN_BOARD, max(started, life.party_since(self.day) or started)
            if refused_on is not None and refused_on >= since:
                wait, since = Wait.REJECTED_BY_OWN_BOARD, refused_on
            elif self._approved_the_former(party.id):
                wait = Wait.APPROVED_ANOTHER_TEXT
            left_before = self.asked_from(party.id)
            reason = StaleReason.LEFT_SINCE if left_before else None
            return PartyRow(UUID(party.id), party.circle, PartyStatus.PENDING, None, None, wait, since, reason=reason)
        first, last = known.given[0].given_on, known.last
        day = max(started, first, life.joined_on(self.day) or first)
        row = PartyRow(
            UUID(party.id),
            party.circle,
            PartyStatus.IN_FORCE,
            last.given_on,
            day,
            None,
            last.given_on,
            carried_from=known.carried_from,
            round=last.round,
            valid_until=known.situation.last_day,
        )
        if not known.situation.is_stale:
            return row
        row = self._stale(row, known)
        if refused_on is not None and row.stale_since and refused_on >= row.stale_since:
            row = replace(row, waits_for=Wait.REJECTED_BY_OWN_BOARD, since=refused_on)
        return row

    def _stale(self, row: PartyRow, known: Approved) -> PartyRow:
        found = known.situation
        return replace(
            row,
            status=PartyStatus.STALE,
            approved_on=known.last.given_on,
            waits_for=row.waits_for if row.waits_for == Wait.REJECTED_BY_OWN_BOARD else Wait.OWN_BOARD,
            since=found.since,
            reason=found.reason,
            stale_since=found.since,
            valid_until=found.last_day,
        )

    def _approved_the_former(self, organisation: str) -> bool:
        former = self.record.former(self.version)
        return former is not None and any(
            given.organisation == organisation and self._stayed_since(organisation, given.given_on, self.day)
            for given in self.record.approvals(former.pk)
        )

    def _gone(self) -> list[PartyRow]:
        """The parties that left or moved to a circle that approves nothing: what they approved stays in the record."""
        here = {party.id for party in self.parties()}
        circles = dict(self.terms.circles)
        given: dict[str, GivenBy] = {}
        for approval in self.record.approvals(self.version.pk):
            given[approval.organisation] = approval
        rows = []
        for id_ in sorted((circles.keys() | given.keys()) - here):
            mine = given.get(id_)
            rows.append(
                PartyRow(
                    UUID(id_),
                    circles.get(id_) or "",
                    PartyStatus.NOT_ASKED,
                    mine.given_on if mine else None,
                    None,
                    None,
                    self._belonging[id_].stopped_on(self.day),
                    round=mine.round if mine else None,
                )
            )
        return rows


def entry_of(version: CharterVersion, day: dt.date) -> Entry:
    """The entry into force of a version on a day. Select `charter__cooperation` with it."""
    return EntryReader(version, day).read()


def asked_again(versions: Iterable[CharterVersion]) -> dict[UUID, list[PartyRow]]:
    """Version -> the boards that are asked again today. Few queries, however many versions; select
    `charter__cooperation` with them."""
    found: dict[UUID, list[PartyRow]] = {version.pk: [] for version in versions}
    in_force = [version for version in versions if version.state == VersionState.IN_FORCE]
    record = Record(in_force)
    days: dict[str, dt.date] = {}
    for version in in_force:
        zone = version.charter.cooperation.zone
        if zone not in days:
            days[zone] = clock.today(zone)
        found[version.pk] = EntryReader(version, days[zone], record).read().asked_again
    return found
