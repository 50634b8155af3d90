"""The figures of the minutes of a vote: those that every vote has, and those that only some statutes ask for."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from coopproject.exceptions import Violation

COUNTED = ("present", "represented", "votes_for", "votes_against", "votes_abstain", "votes_blank")
# As the minutes of charters name them (`charters.rules.voting.Tally` says what each counts).
PARTICULARS = (
    "call",
    "first_call_on",
    "recused",
    "recused_represented",
    "remote",
    "remote_kind",
    "proxies_by_holder",
    "proxies_written",
    "proxies_same_body",
    "casting_vote",
    "open_objections",
    "college_votes",
)


def pointed_at(violation: Violation) -> Violation:
    """The same, pointing to where the body says this figure: a particular lies in `particulars`."""
    name = violation.pointer.removeprefix("/").partition("/")[0]
    return replace(violation, pointer=f"/particulars{violation.pointer}") if name in PARTICULARS else violation


def stored(particulars: Mapping[str, Any]) -> dict[str, Any]:
    """As JSON keeps them: a day as text, what is not said left out."""
    return {
        name: value.isoformat() if isinstance(value, dt.date) else value
        for name, value in particulars.items()
        if value is not None
    }


def read(particulars: Mapping[str, Any]) -> dict[str, Any]:
    """What `stored` kept, as the minutes said it. Raises ValueError for a day that is none."""
    found = dict(particulars)
    if isinstance(found.get("first_call_on"), str):
        found["first_call_on"] = dt.date.fromisoformat(found["first_call_on"])
    return found
