"""When a frozen charter version enters into force, for whom, and what each party still waits for (domain.md 2.3, 2.4).

An approval binds to the exact text: only a deliberation on the frozen version's hash counts (V17).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction
from itertools import groupby

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from charters.rules.fractions import show_fraction
from charters.rules.json_fields import Fields
from charters.rules.voting.rule_set import Compare
from coopproject.exceptions import InvalidInput, Violation

CORE = "core"


class EntryKind(StrEnum):
    ALL_MEMBERS = "all_members"
    ALL_CORE_CIRCLE = "all_core_circle"
    N_OF_M = "n_of_m"
    WEIGHT_THRESHOLD = "weight_threshold"


@dataclass(frozen=True)
class EntryRule:
    """The charter's own rule.

    `n` (of `m`, when stated) serves `n_of_m`. `threshold`, a share of all weights, serves `weight_threshold`, with
    `weights` by reference of the party where the charter states them (else each `Party` carries its own).
    """

    kind: EntryKind
    n: int | None = None
    m: int | None = None
    threshold: Fraction | None = None
    compare: Compare = Compare.AT_LEAST
    weights: tuple[tuple[str, int], ...] = ()

    @classmethod
    def from_dict(cls, data: object, *, pointer: str = "") -> "EntryRule":
        """Read the JSON form. Raises `InvalidInput` with every violation at once, each pointing to its field."""
        found: list[Violation] = []
        fields = Fields(data, pointer, found).only("kind", "n", "m", "threshold", "compare", "weights")
        kind = fields.choice("kind", EntryKind)
        n = m = threshold = None
        compare: Compare | None = Compare.AT_LEAST
        weights: tuple[tuple[str, int], ...] = ()
        if kind is EntryKind.N_OF_M:
            n = fields.whole("n", 1)
            m = fields.whole("m", 1, nullable=True) if "m" in fields.data else None
            if n is not None and m is not None and n > m:
                fields.refuse("out_of_range", _("Il faudrait plus d’approbations que de parties."), "n")
        elif kind is EntryKind.WEIGHT_THRESHOLD:
            threshold = fields.share("threshold", zero=False)
            compare = fields.choice("compare", Compare) if "compare" in fields.data else Compare.AT_LEAST
            weights = _read_weights(fields)
            if threshold == 1 and compare is Compare.MORE_THAN:
                fields.refuse("out_of_range", _("Personne ne peut réunir plus que tous les poids."), "threshold")
        counted, weighed = ("n", "m"), ("threshold", "compare", "weights")
        if kind is not EntryKind.N_OF_M:
            fields.absent(*counted)
        if kind is not EntryKind.WEIGHT_THRESHOLD:
            fields.absent(*weighed)
        if found or kind is None or compare is None:
            raise InvalidInput(*found)
        return cls(kind, n, m, threshold, compare, weights)

    def to_dict(self) -> dict[str, object]:
        data: dict[str, object] = {"kind": self.kind.value}
        if self.kind is EntryKind.N_OF_M:
            data |= {"n": self.n, "m": self.m}
        elif self.kind is EntryKind.WEIGHT_THRESHOLD:
            data |= {"threshold": str(self.threshold), "compare": self.compare.value}
            if self.weights:
                data["weights"] = dict(self.weights)
        return data


@dataclass(frozen=True)
class Party:
    """A member organisation called to approve; `circle` is its code at that time, `weight` for a weighted rule."""

    id: str
    circle: str
    weight: Fraction | int | None = None


@dataclass(frozen=True)
class BoardVote:
    """What one party's body decided, on which text. The later of two votes on the same text replaces the earlier."""

    party: str
    content_hash: str
    adopted: bool
    decided_on: date


class PartyStatus(StrEnum):
    """`pending`: this party's own approval is missing. `approved`: given, the charter is not in force yet.
    `carried`: given to the former text, and this one does not ask for it again. `stale`: bound, and asked again.
    `not_asked`: no party any more, or no vote is asked of anybody."""

    IN_FORCE = "in_force"
    APPROVED = "approved"
    CARRIED = "carried"
    STALE = "stale"
    PENDING = "pending"
    NOT_ASKED = "not_asked"


class Wait(StrEnum):
    """What a party waits for: its own board to vote, to vote again on another text or after a refusal, the others,
    the date. Of its own board, where more is known: the meeting, the close, a second call, a new vote after a tie, the
    ratification of a vote held too early."""

    OWN_BOARD = "own_board"
    BOARD_CONVENED = "board_convened"
    VOTE_OPEN = "vote_open"
    NO_QUORUM = "no_quorum"
    REVOTE = "revote"
    IRREGULAR_VOTE = "irregular_vote"
    APPROVED_ANOTHER_TEXT = "approved_another_text"
    REJECTED_BY_OWN_BOARD = "rejected_by_own_board"
    OTHER_BOARDS = "other_boards"
    ENTRY_DATE = "entry_date"


# Its board is at it: what is awaited is told of the meeting, not of the text.
MEETING = (Wait.BOARD_CONVENED, Wait.VOTE_OPEN)


@dataclass(frozen=True)
class PartySituation:
    party: str
    status: PartyStatus
    approved_on: date | None
    in_force_from: date | None
    waits_for: Wait | None


@dataclass(frozen=True)
class EntryIntoForce:
    """`met_on`: the day the rule was satisfied. `enters_on`: the later of that day and the stated date."""

    met_on: date | None
    enters_on: date | None
    in_force: bool
    approved: tuple[str, ...]
    pending: tuple[str, ...]
    parties: tuple[PartySituation, ...]
    formula: str | Promise


def _read_weights(fields: Fields) -> tuple[tuple[str, int], ...]:
    stated = fields.data.get("weights")
    if stated is None:
        return ()
    section = Fields(stated, f"{fields.pointer}/weights", fields.found)
    read = [(party, section.whole(party, 0)) for party in sorted(section.data)]
    return tuple((party, weight) for party, weight in read if weight is not None)


def entry_rule_violations(rule: EntryRule, parties: Sequence[Party]) -> tuple[Violation, ...]:
    """Why this rule cannot be applied to these parties; without them « all » would be satisfied by nobody."""
    found = []
    if not parties:
        found.append(Violation("no_parties", _("La charte n’a aucune partie."), "/parties"))
    if len({party.id for party in parties}) < len(parties):
        found.append(Violation("party_repeated", _("Une partie est citée deux fois."), "/parties"))
    if rule.kind is EntryKind.ALL_CORE_CIRCLE and not any(party.circle == CORE for party in parties):
        found.append(Violation("no_core_member", _("Le noyau dur n’a aucun membre."), "/kind"))
    if rule.kind is EntryKind.N_OF_M:
        if rule.m is not None and rule.m != len(parties):
            detail = format_lazy(_("La charte compte {count} parties."), count=len(parties))
            found.append(Violation("m_differs_from_parties", detail, "/m"))
        if rule.n is None or rule.n < 1 or rule.n > len(parties):
            found.append(Violation("n_out_of_range", _("Ce nombre d’approbations ne peut être atteint."), "/n"))
    if rule.kind is EntryKind.WEIGHT_THRESHOLD:
        found += _weight_violations(rule, parties)
    return tuple(found)


def _weight_violations(rule: EntryRule, parties: Sequence[Party]) -> list[Violation]:
    found = []
    for index, party in enumerate(parties):
        weight = _weight(rule, party)
        if weight is None:
            found.append(Violation("weight_missing", _("Le poids est attendu."), f"/parties/{index}/weight"))
        elif weight < 0:
            found.append(Violation("weight_negative", _("Un poids n’est pas négatif."), f"/parties/{index}/weight"))
    if not found and not sum(_weight(rule, party) or 0 for party in parties):
        found.append(Violation("no_weight", _("Aucune partie n’a de poids."), "/parties"))
    if rule.threshold is None:
        found.append(Violation("threshold_missing", _("Le seuil est attendu."), "/threshold"))
    return found


def entry_into_force(
    rule: EntryRule,
    parties: Sequence[Party],
    votes: Iterable[BoardVote],
    *,
    content_hash: str,
    stated_on: date | None,
    at: date,
    carried: Mapping[str, date] | None = None,
    asked: Collection[str] = (),
) -> EntryIntoForce:
    """The situation on the day `at`, from the votes decided by then. Raises `InvalidInput` for an impossible rule.

    Votes of organisations that are not parties, and on any other text, do not count. A party that approves after the
    entry into force is bound from its own approval. Once the rule is met, a later refusal does not undo it: one
    leaves a charter in force by its exit clause (2.3, step 10).

    `carried`: parties whose approval of the former text is carried over, and the day from which it counts for this
    one: as an approval of that day. Where this amendment names boards to ask (`asked`), one of them at least must
    approve: what others had approved never puts in force alone what none of those concerned has voted.
    """
    if violations := entry_rule_violations(rule, parties):
        raise InvalidInput(*violations)
    carried = carried or {}
    over = [BoardVote(party, content_hash, adopted=True, decided_on=day) for party, day in carried.items()]
    ballots = sorted((vote for vote in [*over, *votes] if vote.decided_on <= at), key=lambda vote: vote.decided_on)
    awaited = {party.id for party in parties} & set(asked) if carried else set()
    known = {party.id for party in parties}
    on_another = {vote.party for vote in ballots if vote.content_hash != content_hash and vote.adopted}
    refused: set[str] = set()
    approved_on: dict[str, date] = {}
    met_on: date | None = None
    for day, of_the_day in groupby(ballots, key=lambda vote: vote.decided_on):
        for vote in of_the_day:
            if vote.party not in known or vote.content_hash != content_hash:
                continue
            if vote.adopted:
                approved_on.setdefault(vote.party, day)
                refused.discard(vote.party)
            elif met_on is None or vote.party not in approved_on:
                approved_on.pop(vote.party, None)
                refused.add(vote.party)
        if met_on is None and (not awaited or awaited & set(approved_on)):
            met_on = day if _satisfied(rule, parties, set(approved_on)) else None

    enters_on = met_on and (max(met_on, stated_on) if stated_on else met_on)
    in_force = enters_on is not None and enters_on <= at
    situations = []
    for party in parties:
        approval = approved_on.get(party.id)
        if approval is None:
            status = PartyStatus.PENDING
            if party.id in refused:
                wait: Wait | None = Wait.REJECTED_BY_OWN_BOARD
            else:
                wait = Wait.APPROVED_ANOTHER_TEXT if party.id in on_another else Wait.OWN_BOARD
        elif in_force:
            status, wait = PartyStatus.IN_FORCE, None
        else:
            status = PartyStatus.CARRIED if party.id in carried else PartyStatus.APPROVED
            wait = Wait.ENTRY_DATE if met_on else Wait.OTHER_BOARDS
        bound_from = max(enters_on, approval) if enters_on and approval else None
        situations.append(PartySituation(party.id, status, approval, bound_from, wait))
    return EntryIntoForce(
        met_on,
        enters_on,
        in_force,
        tuple(party.id for party in parties if party.id in approved_on),
        tuple(party.id for party in parties if party.id not in approved_on),
        tuple(situations),
        _formula(rule, parties, set(approved_on)),
    )


def version_in_force[V](versions: Iterable[tuple[V, date | None]], *, at: date) -> V | None:
    """The version in force on a day, from (version, day of entry) in the order of their numbers.

    The former version stays in force until the next one meets its rule (2.3, step 8).
    """
    current: tuple[date, V] | None = None
    for version, enters_on in versions:
        if enters_on is not None and enters_on <= at and (current is None or enters_on >= current[0]):
            current = (enters_on, version)
    return current[1] if current else None


def _satisfied(rule: EntryRule, parties: Sequence[Party], approved: set[str]) -> bool:
    match rule.kind:
        case EntryKind.ALL_MEMBERS:
            return all(party.id in approved for party in parties)
        case EntryKind.ALL_CORE_CIRCLE:
            return all(party.id in approved for party in parties if party.circle == CORE)
        case EntryKind.N_OF_M:
            return len(approved) >= (rule.n or 0)
        case EntryKind.WEIGHT_THRESHOLD:
            reached, total = _weights(rule, parties, approved)
            return rule.compare.holds(reached, (rule.threshold or Fraction(1)) * total)


def _weight(rule: EntryRule, party: Party) -> Fraction | int | None:
    return party.weight if party.weight is not None else dict(rule.weights).get(party.id)


def _weights(rule: EntryRule, parties: Sequence[Party], approved: set[str]) -> tuple[Fraction, Fraction]:
    weights = {party.id: Fraction(_weight(rule, party) or 0) for party in parties}
    return sum((weights[party] for party in approved), Fraction(0)), sum(weights.values(), Fraction(0))


def _formula(rule: EntryRule, parties: Sequence[Party], approved: set[str]) -> str | Promise:
    match rule.kind:
        case EntryKind.ALL_CORE_CIRCLE:
            core = [party.id for party in parties if party.circle == CORE]
            done = sum(party in approved for party in core)
            return format_lazy(_("{done} sur {needed} membres du noyau dur"), done=done, needed=len(core))
        case EntryKind.WEIGHT_THRESHOLD:
            reached, total = _weights(rule, parties, approved)
            return format_lazy(
                _("poids {reached} sur {total} (seuil {sign} {threshold})"),
                reached=show_fraction(reached),
                total=show_fraction(total),
                sign="≥" if rule.compare is Compare.AT_LEAST else ">",
                threshold=show_fraction((rule.threshold or Fraction(1)) * total),
            )
        case EntryKind.ALL_MEMBERS | EntryKind.N_OF_M:
            return format_lazy(
                _("{done} approbations sur {needed} nécessaires ({count} parties)"),
                done=len(approved),
                needed=len(parties) if rule.kind is EntryKind.ALL_MEMBERS else rule.n,
                count=len(parties),
            )
