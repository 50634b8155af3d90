"""Rule sets and figures shared by the voting tests: statutes written out key by key, as the API receives them."""

import copy

from charters.rules.voting import Tally, VotingRule

STATUTES: dict[str, object] = {
    "body": "CA",
    "quorum": {"base": "in_office", "min": "1/2", "compare": ">=", "counts": "present"},
    "second_call": {"allowed": True, "quorum": "none", "min_days": 15},
    "majority": {"kind": "simple", "base": None},
    "abstention": "neutral",
    "blank_or_void": "neutral",
    "tie": "rejected",
    "proxy": {"allowed": True, "max_per_holder": 2, "written": True, "same_body_only": True},
    "remote": {"allowed": False},
    "recusal": {"removes_from": "none"},
}


def statutes(**changes: object) -> dict[str, object]:
    return copy.deepcopy(STATUTES) | changes


def majority(kind: str, base: str | None = None, fraction: str | None = None, compare: str = ">=") -> dict[str, object]:
    """The keys of a rule set that depend on its majority, coherent with each other."""
    qualified = {"fraction": fraction, "compare": compare} if fraction else {}
    abstention = "neutral" if base in (None, "expressed") else "counts_in_base"
    return {"majority": {"kind": kind, "base": base} | qualified, "abstention": abstention}


def rule(**changes: object) -> VotingRule:
    return VotingRule.from_dict(statutes(**changes))


def board_a(votes: tuple[int, int, int] | None = None, **facts: object) -> Tally:
    """Board A of domain.md 2.4: nine in office, five present, one proxy given to a present director."""
    cast = dict(zip(("votes_for", "votes_against", "abstentions"), votes or (6, 0, 0), strict=True))
    return Tally(**({"in_office": 9, "present": 5, "represented": 1} | cast | facts))  # type: ignore[arg-type]
