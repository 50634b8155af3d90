"""Voting by the rule set of each member's body (domain.md 2.2, vectors V01–V16): rule set, quorum, result, minutes.

rule = VotingRule.from_dict(data)            # InvalidInput: every violation, with its pointer
quorum(tally, rule), result(tally, rule)     # exact; `formula` is the sum in words
check_minutes(tally, rule)                   # why recorded figures cannot stand
"""

from charters.rules.json_fields import MUST_BE_DECLARED
from charters.rules.voting.colleges import CollegeShare, CollegeVotes, read_college_votes
from charters.rules.voting.minutes import (
    Proxy,
    call_violations,
    check_minutes,
    proxy_violations,
    result,
    tally_violations,
)
from charters.rules.voting.rule_set import (
    Body,
    Compare,
    MajorityBase,
    MajorityKind,
    MajorityRule,
    ProxyRule,
    QuorumCounts,
    QuorumRule,
    RecusalRemoves,
    RemoteKind,
    RemoteRule,
    SecondCallQuorum,
    SecondCallRule,
    Tie,
    VotingRule,
    Weighing,
    rule_violations,
)
from charters.rules.voting.tally import Choice, Outcome, QuorumResult, Tally, VoteResult
from charters.rules.voting.tally import compute_quorum as quorum

__all__ = [
    "MUST_BE_DECLARED",
    "Body",
    "Choice",
    "CollegeShare",
    "CollegeVotes",
    "Compare",
    "MajorityBase",
    "MajorityKind",
    "MajorityRule",
    "Outcome",
    "Proxy",
    "ProxyRule",
    "QuorumCounts",
    "QuorumResult",
    "QuorumRule",
    "RecusalRemoves",
    "RemoteKind",
    "RemoteRule",
    "SecondCallQuorum",
    "SecondCallRule",
    "Tally",
    "Tie",
    "VoteResult",
    "VotingRule",
    "Weighing",
    "call_violations",
    "check_minutes",
    "proxy_violations",
    "quorum",
    "read_college_votes",
    "result",
    "rule_violations",
    "tally_violations",
]
