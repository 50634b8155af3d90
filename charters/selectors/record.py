"""The facts from which the entry of versions is read: who belonged when, which boards approved which text."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property
from uuid import UUID

from django.db.models import Q

from charters.enums import DeliberationResult, DeliberationState
from charters.models import Approval, BoardDeliberation, CharterVersion
from charters.rules.amendments import AmendmentKind
from charters.rules.carrying import asked
from charters.rules.entry_into_force import BoardVote
from charters.rules.frozen import FrozenTerms, frozen_terms
from governance.enums import CircleKind
from governance.models import Membership
from governance.rules.calendars import day_after

PARTY_CIRCLES = (CircleKind.CORE, CircleKind.ACTIVE)
_DAY = dt.timedelta(days=1)


@dataclass(frozen=True)
class Stay:
    """A period in one circle; `until` is its last day."""

    circle: str
    since: dt.date
    until: dt.date | None

    def holds(self, day: dt.date) -> bool:
        return self.circle in PARTY_CIRCLES and self.since <= day and (self.until is None or day <= self.until)


class Belonging:
    """One organisation in one cooperation: the ends of its memberships and its stays, oldest first."""

    def __init__(self) -> None:
        self.memberships: list[tuple[dt.date, dt.date | None]] = []
        self.stays: list[Stay] = []

    def circle(self, day: dt.date) -> str | None:
        """The circle in which it is called to approve on that day; None when it is not."""
        return next((stay.circle for stay in self.stays if stay.holds(day)), None)

    def joined_on(self, day: dt.date) -> dt.date | None:
        """The first day of its membership on that day."""
        current = [since for since, until in self.memberships if since <= day and (until is None or day <= until)]
        return max(current, default=None)

    def left_on(self, day: dt.date) -> dt.date | None:
        """The last day of its last membership that ended before that day."""
        return max((until for _since, until in self.memberships if until is not None and until < day), default=None)

    def party_since(self, day: dt.date) -> dt.date | None:
        """Since when it has been called to approve without a break, on a day on which it is."""
        since: dt.date | None = None
        for stay in sorted(self.stays, key=lambda stay: stay.since, reverse=True):
            if stay.holds(day if since is None else since - _DAY):
                since = stay.since
        return since

    def ends(self) -> list[dt.date]:
        """The last day of each stay that ended, in whatever circle."""
        return [stay.until for stay in self.stays if stay.until is not None]

    def leave(self, on: dt.date) -> None:
        """Suppose that it leaves, `on` its last day. In memory: for who asks what would become of the rest."""
        self.stays = [
            stay if stay.until is not None and stay.until <= on else replace(stay, until=on) for stay in self.stays
        ]
        self.memberships = [
            (since, until if until is not None and until <= on else on) for since, until in self.memberships
        ]

    def move(self, circle: str, since: dt.date) -> None:
        """Suppose that it is in this circle from `since` on. In memory, as `leave`."""
        self.stays = [
            replace(stay, until=since - _DAY) if stay.until is None or stay.until >= since else stay
            for stay in self.stays
            if stay.since < since
        ]
        self.stays.append(Stay(circle, since, None))

    def stopped_on(self, day: dt.date) -> dt.date | None:
        """The day from which it has no longer been called to approve, on a day on which it is not."""
        ends = [stay.until for stay in self.stays if stay.circle in PARTY_CIRCLES and stay.until and stay.until < day]
        return day_after(max(ends)) if ends else None


@dataclass(frozen=True)
class Entered:
    """A version that is or was in force."""

    pk: UUID
    number: int
    kind: AmendmentKind
    content_hash: str
    entered_on: dt.date


@dataclass(frozen=True)
class GivenBy:
    """One approval in the record. `number` and `entered_on` are those of the version that it was given to."""

    organisation: str
    number: int
    content_hash: str
    entered_on: dt.date | None
    given_on: dt.date
    round: int


class Record:
    """What reading the entry of these versions takes, in a number of queries that does not grow with theirs."""

    def __init__(self, versions: Iterable[CharterVersion]) -> None:
        self.versions = list(versions)

    @cached_property
    def _entered(self) -> dict[UUID, list[Entered]]:
        """Charter -> its versions that entered into force, by number."""
        charters = {version.charter_id for version in self.versions}
        rows = CharterVersion.objects.filter(charter__in=charters, in_force_on__isnull=False).order_by("number")
        found: dict[UUID, list[Entered]] = defaultdict(list)
        for charter_id, pk, number, kind, content_hash, entered_on in rows.values_list(
            "charter_id", "pk", "number", "amendment_type", "content_hash", "in_force_on"
        ):
            assert entered_on is not None
            found[charter_id].append(Entered(pk, number, AmendmentKind(kind), content_hash, entered_on))
        return found

    def former(self, version: CharterVersion) -> Entered | None:
        """The text that was in force when this one was put to the boards."""
        return next(
            (found for found in reversed(self._entered[version.charter_id]) if found.number < version.number), None
        )

    def chain(self, version: CharterVersion) -> list[Entered]:
        """The former texts whose approvals this one carries over for some party, the nearest first."""
        found = []
        kind = AmendmentKind(version.amendment_type)
        for earlier in reversed(self._entered[version.charter_id]):
            if earlier.number >= version.number:
                continue
            if kind not in (AmendmentKind.EDITORIAL, AmendmentKind.ANNEX_ONLY):
                break
            found.append(earlier)
            kind = earlier.kind
        return found

    @cached_property
    def _terms(self) -> dict[UUID, FrozenTerms]:
        needed = {version.pk for version in self.versions}
        needed |= {earlier.pk for version in self.versions for earlier in self.chain(version)}
        rows = CharterVersion.objects.filter(pk__in=needed).exclude(content="").order_by("pk")
        return {pk: frozen_terms(content) for pk, content in rows.values_list("pk", "content")}

    def terms(self, pk: UUID) -> FrozenTerms:
        """What a version that left the draft was frozen with."""
        return self._terms[pk]

    @cached_property
    def _approvals(self) -> dict[UUID, list[GivenBy]]:
        """Version -> the approvals of its text, oldest first."""
        rows = Approval.objects.filter(charter_version__charter__in={version.charter_id for version in self.versions})
        found: dict[UUID, list[GivenBy]] = defaultdict(list)
        for pk, organisation_id, number, content_hash, entered_on, given_on, round_ in rows.order_by(
            "approved_on", "round", "pk"
        ).values_list(
            "charter_version_id",
            "organisation_id",
            "charter_version__number",
            "content_hash",
            "charter_version__in_force_on",
            "approved_on",
            "round",
        ):
            found[pk].append(GivenBy(str(organisation_id), number, content_hash, entered_on, given_on, round_))
        return found

    def approvals(self, pk: UUID) -> list[GivenBy]:
        """Every round on the text of this version, oldest first."""
        return self._approvals[pk]

    def asked(self, version: CharterVersion, terms: FrozenTerms) -> frozenset[str]:
        """The parties whose board this version, of these terms, asks for a vote."""
        former = self.former(version)
        everybody = {id_ for id_, _circle in terms.circles}
        kind = AmendmentKind(version.amendment_type)
        if former is None or kind is not AmendmentKind.ANNEX_ONLY:
            return asked(kind, everybody, old=(), new=())
        return asked(kind, everybody, old=self.terms(former.pk).annexes, new=terms.annexes)

    def carried(self, version: CharterVersion, terms: FrozenTerms) -> dict[str, list[GivenBy]]:
        """Organisation -> its approvals of former texts that still count for this one, of these terms, oldest first."""
        untouched: set[str] | None = None
        found: dict[str, list[GivenBy]] = defaultdict(list)
        new, kind = terms, AmendmentKind(version.amendment_type)
        for earlier in self.chain(version):
            given = self.approvals(earlier.pk)
            old = self.terms(earlier.pk)
            everybody = {
                approval.organisation for version_given in self._approvals.values() for approval in version_given
            }
            kept = everybody - asked(kind, everybody, old=old.annexes, new=new.annexes)
            untouched = kept if untouched is None else untouched & kept
            for approval in reversed(given):
                if approval.organisation in untouched:
                    found[approval.organisation].insert(0, approval)
            new, kind = old, earlier.kind
        return found

    @cached_property
    def _votes(self) -> dict[UUID, list[BoardVote]]:
        settled = Q(approval__isnull=False) | Q(result=DeliberationResult.REJECTED)
        # A vote that came too early counts for nothing until it is regularised.
        counted = Q(irregular=False) | Q(regularisation__isnull=False)
        rows = BoardDeliberation.objects.filter(settled & counted, charter_version__in=self.versions)
        found: dict[UUID, list[BoardVote]] = defaultdict(list)
        for pk, organisation_id, content_hash, approved_on, ratified_on, held_on in rows.order_by(
            "created_at", "pk"
        ).values_list(
            "charter_version_id",
            "organisation_id",
            "content_hash",
            "approval__approved_on",
            "regularisation__ratified_on",
            "held_on",
        ):
            day = approved_on or ratified_on or held_on
            found[pk].append(BoardVote(str(organisation_id), content_hash, approved_on is not None, day))
        return found

    def votes(self, pk: UUID) -> list[BoardVote]:
        """What the boards settled on this version, in the order in which it was recorded."""
        return self._votes[pk]

    @cached_property
    def _latest_votes(self) -> dict[UUID, dict[str, BoardDeliberation]]:
        rows = BoardDeliberation.objects.filter(charter_version__in=self.versions)
        rows = rows.exclude(state=DeliberationState.CANCELLED).select_related("voting_rule", "regularisation")
        found: dict[UUID, dict[str, BoardDeliberation]] = defaultdict(dict)
        for row in rows.order_by("created_at", "pk"):
            found[row.charter_version_id][str(row.organisation_id)] = row
        return found

    def latest_vote(self, pk: UUID, organisation: str) -> BoardDeliberation | None:
        """The last deliberation of its board on this version that was not cancelled."""
        return self._latest_votes[pk].get(organisation)

    @cached_property
    def _belonging(self) -> dict[UUID, dict[str, Belonging]]:
        rows = Membership.objects.filter(cooperation__in={version.cooperation_id for version in self.versions})
        found: dict[UUID, dict[str, Belonging]] = defaultdict(lambda: defaultdict(Belonging))
        seen = set()
        for cooperation_id, organisation_id, pk, joined_on, left_on, circle, since, until in rows.order_by(
            "joined_on", "pk", "stays__since"
        ).values_list(
            "cooperation_id",
            "organisation_id",
            "pk",
            "joined_on",
            "left_on",
            "stays__circle",
            "stays__since",
            "stays__until",
        ):
            belonging = found[cooperation_id][str(organisation_id)]
            if pk not in seen:
                seen.add(pk)
                belonging.memberships.append((joined_on, left_on))
            if since is not None:
                belonging.stays.append(Stay(str(circle), since, until))
        return found

    def belonging(self, cooperation_id: UUID) -> dict[str, Belonging]:
        """Organisation -> its life in that cooperation; an empty one for whoever never was a member."""
        return self._belonging[cooperation_id]
