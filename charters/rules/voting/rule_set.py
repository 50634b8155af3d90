"""The rule set by which one body of one member organisation votes (domain.md 2.2).

The law of 1901 fixes almost nothing (B01, B02): quorum, majority and proxies are what the statutes say. So every key
is stated by a person and nothing is guessed; what is missing is refused with the code `must_be_declared`.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from charters.rules.json_fields import MUST_BE_DECLARED, Fields
from charters.rules.scic import Carry
from charters.rules.voting.colleges import CollegeShare, read_colleges
from coopproject.exceptions import InvalidInput, Violation


class Body(StrEnum):
    """The organ that approves for a member: its board in an association, another organ elsewhere (B10).

    Read in either case: `CA` as domain.md writes it, `ca` as the API does.
    """

    CA = "ca"
    BUREAU = "bureau"
    AG = "ag"
    DIRECTOIRE = "directoire"
    GERANCE = "gerance"
    OTHER = "other"

    @classmethod
    def _missing_(cls, value: object) -> "Body | None":
        lowered = value.lower() if isinstance(value, str) else None
        return next((body for body in cls if body.value == lowered), None)


class Compare(StrEnum):
    AT_LEAST = ">="
    MORE_THAN = ">"

    def holds(self, value: Fraction | int, threshold: Fraction) -> bool:
        return value >= threshold if self is Compare.AT_LEAST else value > threshold


class QuorumCounts(StrEnum):
    PRESENT = "present"
    PRESENT_OR_REPRESENTED = "present_or_represented"


class SecondCallQuorum(StrEnum):
    NONE = "none"
    SAME = "same"
    REDUCED = "reduced"


class MajorityKind(StrEnum):
    SIMPLE = "simple"
    ABSOLUTE = "absolute"
    QUALIFIED = "qualified"
    UNANIMOUS = "unanimous"
    CONSENT = "consent"


class MajorityBase(StrEnum):
    EXPRESSED = "expressed"
    PRESENT = "present"
    PRESENT_OR_REPRESENTED = "present_or_represented"
    IN_OFFICE = "in_office"


class Weighing(StrEnum):
    """Whether a vote that is neither for nor against weighs in the base, hence against the motion."""

    NEUTRAL = "neutral"
    COUNTS_IN_BASE = "counts_in_base"


class Tie(StrEnum):
    REJECTED = "rejected"
    CHAIR_CASTING_VOTE = "chair_casting_vote"
    OLDER_MEMBER = "older_member"
    REVOTE = "revote"


class RemoteKind(StrEnum):
    VIDEO = "video"
    WRITTEN = "written"
    ELECTRONIC = "electronic"


class RecusalRemoves(StrEnum):
    """What a member who steps aside leaves: the quorum (both sides of it), the base of the majority, both or none."""

    QUORUM = "quorum"
    BASE = "base"
    BOTH = "both"
    NONE = "none"

    @property
    def leaves_quorum(self) -> bool:
        return self in (RecusalRemoves.QUORUM, RecusalRemoves.BOTH)

    @property
    def leaves_base(self) -> bool:
        return self in (RecusalRemoves.BASE, RecusalRemoves.BOTH)


@dataclass(frozen=True)
class QuorumRule:
    """At least (or more than) `minimum` of the members in office take part. Base: `in_office`, the only one."""

    minimum: Fraction
    compare: Compare
    counts: QuorumCounts


@dataclass(frozen=True)
class SecondCallRule:
    """What a second meeting needs after a first without quorum, `min_days` days later at the earliest."""

    allowed: bool
    quorum: SecondCallQuorum | None = None
    minimum: Fraction | None = None
    min_days: int | None = None


@dataclass(frozen=True)
class MajorityRule:
    """`base` is None for a simple majority and for consent; `fraction` and `compare` serve a qualified one only."""

    kind: MajorityKind
    base: MajorityBase | None = None
    fraction: Fraction | None = None
    compare: Compare | None = None


@dataclass(frozen=True)
class ProxyRule:
    """`max_per_holder` None says that the statutes set no limit (B03); it has to be stated."""

    allowed: bool
    max_per_holder: int | None = None
    written: bool = False
    same_body_only: bool = False


@dataclass(frozen=True)
class RemoteRule:
    allowed: bool
    kind: RemoteKind | None = None


@dataclass(frozen=True)
class VotingRule:
    """One version of the rule set of one member's body.

    `quorum` None: the statutes set none (B02). `proxy` None: the statutes say nothing of proxies and nobody has
    declared what applies (B03 and B04 disagree); a vote without proxies is possible, one with proxies is refused.
    """

    body: Body
    quorum: QuorumRule | None
    second_call: SecondCallRule
    majority: MajorityRule
    abstention: Weighing
    blank_or_void: Weighing
    tie: Tie
    proxy: ProxyRule | None
    remote: RemoteRule
    recusal: RecusalRemoves
    # Of a SCIC whose statutes weigh the votes by college (domain.md 2.5); empty elsewhere.
    colleges: tuple[CollegeShare, ...] = ()
    carry: Carry | None = None

    @classmethod
    def from_dict(cls, data: object, *, pointer: str = "") -> "VotingRule":
        """Read the JSON form. Raises `InvalidInput` with every violation at once, each pointing to its field."""
        rule, violations = _read(data, pointer)
        if rule is None:
            raise InvalidInput(*violations)
        return rule

    def to_dict(self) -> dict[str, object]:
        """The JSON form: fractions as `"2/3"`; `from_dict` gives the same rule back."""
        majority: dict[str, object] = {"kind": self.majority.kind.value, "base": _value(self.majority.base)}
        if self.majority.kind is MajorityKind.QUALIFIED:
            majority |= {"fraction": str(self.majority.fraction), "compare": _value(self.majority.compare)}
        second_call: dict[str, object] = {"allowed": self.second_call.allowed}
        if self.second_call.allowed:
            second_call |= {"quorum": _value(self.second_call.quorum), "min_days": self.second_call.min_days}
            if self.second_call.minimum is not None:
                second_call["min"] = str(self.second_call.minimum)
        return {
            "body": self.body.value,
            "quorum": self.quorum
            and {
                "base": "in_office",
                "min": str(self.quorum.minimum),
                "compare": self.quorum.compare.value,
                "counts": self.quorum.counts.value,
            },
            "second_call": second_call,
            "majority": majority,
            "abstention": self.abstention.value,
            "blank_or_void": self.blank_or_void.value,
            "tie": self.tie.value,
            "proxy": _proxy_to_dict(self.proxy),
            "remote": {"allowed": True, "kind": _value(self.remote.kind)}
            if self.remote.allowed
            else {"allowed": False},
            "recusal": {"removes_from": self.recusal.value},
            **({"colleges": [share.to_dict() for share in self.colleges], "carry": self.carry} if self.carry else {}),
        }


def rule_violations(data: object, *, pointer: str = "") -> tuple[Violation, ...]:
    """Everything wrong in the JSON form of a rule set; empty when `VotingRule.from_dict` accepts it."""
    return _read(data, pointer)[1]


def _value(choice: StrEnum | None) -> str | None:
    return None if choice is None else choice.value


def _proxy_to_dict(proxy: ProxyRule | None) -> object:
    if proxy is None:
        return MUST_BE_DECLARED
    if not proxy.allowed:
        return {"allowed": False}
    return {
        "allowed": True,
        "max_per_holder": proxy.max_per_holder,
        "written": proxy.written,
        "same_body_only": proxy.same_body_only,
    }


def _read(data: object, pointer: str) -> tuple[VotingRule | None, tuple[Violation, ...]]:
    found: list[Violation] = []
    fields = Fields(data, pointer, found).only(*VotingRule.__dataclass_fields__)
    body = fields.choice("body", Body)
    quorum = _read_quorum(fields)
    second_call = _read_second_call(fields)
    majority = _read_majority(fields)
    abstention = fields.choice("abstention", Weighing)
    blank_or_void = fields.choice("blank_or_void", Weighing)
    tie = fields.choice("tie", Tie)
    proxy = _read_proxy(fields)
    remote = _read_remote(fields)
    recusal_fields = fields.section("recusal", "removes_from")
    recusal = recusal_fields.choice("removes_from", RecusalRemoves) if recusal_fields else None
    if majority and abstention and (majority.base or majority.kind is MajorityKind.SIMPLE):
        counted = majority.base not in (None, MajorityBase.EXPRESSED)
        if abstention is not (Weighing.COUNTS_IN_BASE if counted else Weighing.NEUTRAL):
            fields.refuse(
                "abstention_contradicts_base",
                _("La base dit le contraire : sur les exprimés l’abstention est neutre, sinon elle pèse."),
                "abstention",
            )
        if majority.kind is MajorityKind.SIMPLE and blank_or_void is Weighing.COUNTS_IN_BASE:
            fields.refuse(
                "blank_contradicts_majority",
                _("Une majorité simple ignore les votes blancs et nuls."),
                "blank_or_void",
            )
    colleges, carry = read_colleges(fields)
    if colleges and majority:
        _refuse_what_colleges_exclude(fields, majority, tie, blank_or_void)
    if found or not (body and second_call and majority and abstention and blank_or_void and tie and remote and recusal):
        return None, tuple(found)
    rule = VotingRule(
        body, quorum, second_call, majority, abstention, blank_or_void, tie, proxy, remote, recusal, colleges, carry
    )
    return rule, ()


def _refuse_what_colleges_exclude(
    fields: Fields, majority: MajorityRule, tie: Tie | None, blank_or_void: Weighing | None
) -> None:
    """Colleges weigh the votes expressed in each: no other base, and no person who breaks a tie of weights."""
    kinds = (MajorityKind.SIMPLE, MajorityKind.ABSOLUTE, MajorityKind.QUALIFIED)
    if majority.kind not in kinds or majority.base not in (None, MajorityBase.EXPRESSED):
        fields.refuse("majority_not_by_college", _("Par collège, la majorité se compte sur les exprimés."), "majority")
    if tie not in (None, Tie.REJECTED):
        fields.refuse("tie_not_by_college", _("Par collège, l’égalité ne se départage pas : elle rejette."), "tie")
    if blank_or_void is Weighing.COUNTS_IN_BASE:
        fields.refuse("blank_not_by_college", _("Par collège, les votes blancs ne pèsent pas."), "blank_or_void")


def _read_quorum(fields: Fields) -> QuorumRule | None:
    if "quorum" in fields.data and fields.data["quorum"] is None:
        return None
    section = fields.section("quorum", "base", "min", "compare", "counts")
    if section is None:
        return None
    if section.declared("base") and section.data["base"] != "in_office":
        section.refuse("unknown_choice", _("Le quorum se compte sur les membres en exercice."), "base")
    minimum = section.share("min", zero=True)
    compare = section.choice("compare", Compare)
    counts = section.choice("counts", QuorumCounts)
    if minimum is None or compare is None or counts is None:
        return None
    if minimum == 1 and compare is Compare.MORE_THAN:
        section.refuse("out_of_range", _("Personne ne peut réunir plus que tous les membres."), "min")
    return QuorumRule(minimum, compare, counts)


def _read_second_call(fields: Fields) -> SecondCallRule | None:
    section = fields.section("second_call", "allowed", "quorum", "min", "min_days")
    allowed = section.flag("allowed") if section else None
    if section is None or allowed is None:
        return None
    if not allowed:
        return SecondCallRule(allowed=False)
    quorum = section.choice("quorum", SecondCallQuorum)
    reduced = quorum is SecondCallQuorum.REDUCED
    minimum = section.share("min", zero=True) if reduced else None
    if not reduced:
        section.absent("min")
    return SecondCallRule(True, quorum, minimum, section.whole("min_days", 0))


def _read_majority(fields: Fields) -> MajorityRule | None:
    section = fields.section("majority", "kind", "base", "fraction", "compare")
    kind = section.choice("kind", MajorityKind) if section else None
    if section is None or kind is None:
        return None
    fraction = compare = base = None
    if kind is MajorityKind.QUALIFIED:
        fraction, compare = section.share("fraction", zero=False), section.choice("compare", Compare)
        if fraction == 1 and compare is Compare.MORE_THAN:
            section.refuse("out_of_range", _("Personne ne peut réunir plus que toutes les voix."), "fraction")
    else:
        section.absent("fraction", "compare")
    if kind not in (MajorityKind.SIMPLE, MajorityKind.CONSENT):
        base = section.choice("base", MajorityBase)
    elif kind is MajorityKind.CONSENT or section.data.get("base") != MajorityBase.EXPRESSED:
        section.absent("base")
    return MajorityRule(kind, base, fraction, compare)


def _read_proxy(fields: Fields) -> ProxyRule | None:
    if fields.data.get("proxy") == MUST_BE_DECLARED:
        return None
    section = fields.section("proxy", "allowed", "max_per_holder", "written", "same_body_only")
    allowed = section.flag("allowed") if section else None
    if section is None or allowed is None:
        return None
    if not allowed:
        return ProxyRule(allowed=False)
    limit = section.whole("max_per_holder", 1, nullable=True)
    return ProxyRule(True, limit, bool(section.flag("written")), bool(section.flag("same_body_only")))


def _read_remote(fields: Fields) -> RemoteRule | None:
    section = fields.section("remote", "allowed", "kind")
    allowed = section.flag("allowed") if section else None
    if section is None or allowed is None:
        return None
    return RemoteRule(True, section.choice("kind", RemoteKind)) if allowed else RemoteRule(allowed=False)
