"""What a meeting recorded, and what the rule set makes of it (domain.md 2.2, vectors V01–V16)."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from typing import assert_never

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from charters.rules.fractions import show_fraction
from charters.rules.voting.colleges import CollegeVotes, by_college
from charters.rules.voting.rule_set import (
    Compare,
    MajorityBase,
    MajorityKind,
    QuorumCounts,
    SecondCallQuorum,
    Tie,
    VotingRule,
    Weighing,
)


class Choice(StrEnum):
    FOR = "for"
    AGAINST = "against"
    ABSTENTION = "abstention"
    BLANK_OR_VOID = "blank_or_void"


class Outcome(StrEnum):
    """`revote`: a tie that the statutes send back to the vote. `no_quorum`: the vote is void (V12)."""

    ADOPTED = "adopted"
    REJECTED = "rejected"
    NO_QUORUM = "no_quorum"
    REVOTE = "revote"


@dataclass(frozen=True)
class Tally:
    """The figures of one motion at the moment of its vote, as the minutes record them. People, not percentages.

    `present` counts everybody who attends, at a distance too (`remote` of them), and those who step aside
    (`recused` of them). `represented` counts the absent who gave a proxy (`recused_represented` of them may not vote
    on this motion). The votes include those cast by proxy. `proxies_by_holder`, where the minutes tell, is the number
    that each holder holds. `casting_vote` is how the person who breaks ties voted, `open_objections` the reasoned
    objections that remain (consent only). `college_votes` are the same figures by college, in a SCIC. `call` is 1, or 2
    for the meeting that follows one without quorum.
    """

    in_office: int
    present: int
    represented: int = 0
    votes_for: int = 0
    votes_against: int = 0
    abstentions: int = 0
    blank_or_void: int = 0
    recused: int = 0
    recused_represented: int = 0
    remote: int = 0
    remote_kind: str | None = None
    proxies_by_holder: tuple[int, ...] | None = None
    proxies_written: bool | None = None
    proxies_same_body: bool | None = None
    casting_vote: str | None = None
    open_objections: int | None = None
    call: int = 1
    held_on: date | None = None
    first_call_on: date | None = None
    declared_outcome: str | None = None
    college_votes: tuple[CollegeVotes, ...] | None = None

    @property
    def cast(self) -> int:
        """Ballots of every kind."""
        return self.votes_for + self.votes_against + self.abstentions + self.blank_or_void

    @property
    def voters(self) -> int:
        """Votes that may be cast: present or represented, minus those who step aside."""
        return self.present + self.represented - self.recused - self.recused_represented

    @property
    def is_tied(self) -> bool:
        return self.votes_for == self.votes_against > 0


@dataclass(frozen=True)
class QuorumResult:
    """`needed` is the exact threshold in members; None when no quorum applies to this meeting."""

    met: bool
    counted: int
    base: int
    needed: Fraction | None
    formula: str | Promise


@dataclass(frozen=True)
class VoteResult:
    """`formula` is the sum that decided, in words; `tie_break` the rule that decided a tie, where one did.

    `second_call_from` is set without quorum when the statutes allow a second meeting and the date is known.
    """

    outcome: Outcome
    quorum: QuorumResult
    formula: str | Promise
    base: int | None = None
    tie_break: Tie | None = None
    second_call_allowed: bool = False
    second_call_from: date | None = None


def compute_quorum(tally: Tally, rule: VotingRule) -> QuorumResult:
    """Whether enough members take part. A meeting of nobody never has a quorum, whatever the statutes say.

    A member who steps aside leaves both sides of the quorum when the rule set says that recusal removes from it.
    """
    counted, base = tally.present, tally.in_office
    if rule.recusal.leaves_quorum:
        counted, base = counted - tally.recused, base - tally.recused - tally.recused_represented
    counts = rule.quorum.counts if rule.quorum else QuorumCounts.PRESENT
    if counts is QuorumCounts.PRESENT_OR_REPRESENTED:
        counted += tally.represented - (tally.recused_represented if rule.recusal.leaves_quorum else 0)

    minimum = rule.quorum.minimum if rule.quorum else None
    if tally.call == 2 and rule.second_call.allowed:
        if rule.second_call.quorum is SecondCallQuorum.NONE:
            minimum = None
        elif rule.second_call.quorum is SecondCallQuorum.REDUCED:
            minimum = rule.second_call.minimum
    if minimum is None:
        formula = format_lazy(_("aucun quorum exigé ({counted} sur {base})"), counted=counted, base=base)
        return QuorumResult(counted > 0, counted, base, None, formula)

    compare = rule.quorum.compare if rule.quorum else Compare.AT_LEAST
    needed = minimum * base
    met = counted > 0 and compare.holds(counted, needed)
    formula = format_lazy(
        _("{counted} {sign} {needed} ({share} × {base} en exercice)"),
        counted=counted,
        sign=_sign(compare, compare.holds(counted, needed)),
        needed=show_fraction(needed),
        share=show_fraction(minimum),
        base=base,
    )
    return QuorumResult(met, counted, base, needed, formula)


def compute_result(tally: Tally, rule: VotingRule) -> VoteResult:
    """The outcome of figures that `tally_violations` accepts (`voting.result` checks both). Exact, no rounding."""
    quorum = compute_quorum(tally, rule)
    if not quorum.met:
        allowed = rule.second_call.allowed and tally.call == 1
        wait = rule.second_call.min_days
        again = tally.held_on + timedelta(days=wait) if allowed and tally.held_on and wait is not None else None
        return VoteResult(
            Outcome.NO_QUORUM,
            quorum,
            format_lazy(_("pas de quorum : {formula}"), formula=quorum.formula),
            second_call_allowed=allowed,
            second_call_from=again,
        )
    if rule.colleges and rule.carry:
        weighed = by_college(
            rule.colleges,
            rule.carry,
            tally.college_votes or (),
            threshold=rule.majority.fraction or Fraction(1, 2),
            reaching_suffices=rule.majority.compare is Compare.AT_LEAST,
        )
        return VoteResult(Outcome.ADOPTED if weighed.adopted else Outcome.REJECTED, quorum, weighed.formula)
    passes, formula, base = _majority(tally, rule, bonus=0)
    tie_break = _tie_break(tally, rule) if not passes else None
    if tie_break is None:
        return VoteResult(Outcome.ADOPTED if passes else Outcome.REJECTED, quorum, formula, base)
    if tie_break is Tie.REVOTE:
        formula = format_lazy(_("{formula} : égalité, nouveau vote"), formula=formula)
        return VoteResult(Outcome.REVOTE, quorum, formula, base, tie_break)
    if tie_break is not Tie.REJECTED and tally.casting_vote == Choice.FOR:
        passes, formula, base = _majority(tally, rule, bonus=1)
    return VoteResult(Outcome.ADOPTED if passes else Outcome.REJECTED, quorum, formula, base, tie_break)


def needs_casting_vote(tally: Tally, rule: VotingRule) -> bool:
    """Whether the figures alone leave it to one person's casting vote."""
    if not compute_quorum(tally, rule).met or _majority(tally, rule, bonus=0)[0]:
        return False
    return _tie_break(tally, rule) in (Tie.CHAIR_CASTING_VOTE, Tie.OLDER_MEMBER)


def _tie_break(tally: Tally, rule: VotingRule) -> Tie | None:
    """A tie is equality of votes for and against; it settles a simple or an absolute majority, nothing stronger."""
    settles = rule.majority.kind in (MajorityKind.SIMPLE, MajorityKind.ABSOLUTE)
    return rule.tie if settles and tally.is_tied else None


def _majority(tally: Tally, rule: VotingRule, *, bonus: int) -> tuple[bool, str | Promise, int | None]:
    """Whether the motion passes, the formula, the base. `bonus` 1 counts the casting vote a second time."""
    majority, base = rule.majority, _base(tally, rule, bonus=bonus)
    votes_for = tally.votes_for + bonus
    shown = format_lazy(_("{n} pour"), n=tally.votes_for)
    if bonus:
        shown = format_lazy(_("{shown} + voix prépondérante"), shown=shown)
    match majority.kind:
        case MajorityKind.SIMPLE:
            passes = votes_for > tally.votes_against
            return passes, _compared(shown, _sign(Compare.MORE_THAN, passes), tally.votes_against), None
        case MajorityKind.ABSOLUTE:
            return _share_of_base(tally, rule, shown, votes_for, base, Fraction(1, 2), Compare.MORE_THAN)
        case MajorityKind.QUALIFIED:
            assert majority.fraction is not None
            assert majority.compare is not None
            return _share_of_base(tally, rule, shown, votes_for, base, majority.fraction, majority.compare)
        case MajorityKind.UNANIMOUS:
            passes = base > 0 and votes_for >= base and tally.votes_against == 0
            if tally.votes_against:
                return False, format_lazy(_("{n} contre : pas d’unanimité"), n=tally.votes_against), base
            whole = format_lazy("{base} {name}", base=base, name=_base_name(rule))
            return passes, _compared(shown, _sign(Compare.AT_LEAST, votes_for >= base), whole), base
        case MajorityKind.CONSENT:
            passes = tally.open_objections == 0
            formula = format_lazy(_("objections argumentées non levées : {n}"), n=tally.open_objections)
            return passes, formula, None
        case _ as never:
            assert_never(never)


def _share_of_base(
    tally: Tally, rule: VotingRule, shown: str | Promise, votes_for: int, base: int, share: Fraction, compare: Compare
) -> tuple[bool, str | Promise, int]:
    """For against a share of the base. Nobody for is never a majority, whatever the base.

    Votes by proxy are no part of the base `present`, so half of it can be reached with more against than for: such a
    motion is refused.
    """
    reached = compare.holds(votes_for, share * base)
    outvoted = share >= Fraction(1, 2) and not compare.holds(votes_for, Fraction(tally.votes_against))
    if reached and outvoted and rule.majority.base is MajorityBase.PRESENT:
        return False, _compared(shown, _sign(Compare.MORE_THAN, holds=False), tally.votes_against), base
    if not votes_for:
        return False, shown, base
    right = format_lazy(
        "{threshold} ({share} × {base} {name})",
        threshold=show_fraction(share * base),
        share=show_fraction(share),
        base=base,
        name=_base_name(rule),
    )
    return reached, _compared(shown, _sign(compare, reached), right), base


def _base(tally: Tally, rule: VotingRule, *, bonus: int) -> int:
    """The number that the majority is a share of. A recusal leaves it only where the rule set says so."""
    expressed = tally.votes_for + tally.votes_against
    leaves = rule.recusal.leaves_base
    present = tally.present - (tally.recused if leaves else 0)
    represented = tally.represented - (tally.recused_represented if leaves else 0)
    blank_is_neutral = rule.blank_or_void is Weighing.NEUTRAL
    match rule.majority.base:
        case None | MajorityBase.EXPRESSED:
            return expressed + bonus + (0 if blank_is_neutral else tally.blank_or_void)
        case MajorityBase.PRESENT:
            # Whether a blank vote came by proxy is not recorded: those that may have are left in the base.
            by_those_present = max(0, tally.blank_or_void - represented)
            return present - (by_those_present if blank_is_neutral else 0)
        case MajorityBase.PRESENT_OR_REPRESENTED:
            base = present + represented
        case MajorityBase.IN_OFFICE:
            base = tally.in_office - (tally.recused + tally.recused_represented if leaves else 0)
        case _ as never:
            assert_never(never)
    return base - (tally.blank_or_void if blank_is_neutral else 0)


_BASES = {
    MajorityBase.EXPRESSED: _("exprimés"),
    MajorityBase.PRESENT: _("présents"),
    MajorityBase.PRESENT_OR_REPRESENTED: _("présents ou représentés"),
    MajorityBase.IN_OFFICE: _("en exercice"),
}


def _base_name(rule: VotingRule) -> str | Promise:
    return _BASES[rule.majority.base or MajorityBase.EXPRESSED]


def _compared(shown: str | Promise, sign: str, right: int | str | Promise) -> str | Promise:
    if isinstance(right, int):
        right = format_lazy(_("{n} contre"), n=right)
    return format_lazy("{left} {sign} {right}", left=shown, sign=sign, right=right)


def _sign(compare: Compare, holds: bool) -> str:
    """The sign that makes the formula true as it stands, so that a refused motion does not show a false sum."""
    if compare is Compare.MORE_THAN:
        return ">" if holds else "≤"
    return "≥" if holds else "<"
