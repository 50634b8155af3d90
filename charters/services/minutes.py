"""Stored minutes: their figures as the rules of voting read them, and the document that holds them."""

from collections.abc import Mapping
from typing import Any

from charters.models import BoardDeliberation
from charters.rules import voting
from coopproject.exceptions import InvalidInput, Violation
from governance.models import StoredFile
from governance.services.files import minutes_file

__all__ = ["minutes_file", "read_minutes", "sha256_of", "tally_of"]

# Column of the minutes -> figure of the rules, where the names differ.
_FIGURES = {"votes_abstain": "abstentions", "votes_blank": "blank_or_void", "declared_result": "declared_outcome"}
_COLUMNS = {figure: column for column, figure in _FIGURES.items()}
# Facts of the minutes that may be unknown: an empty choice is no choice.
_CHOICES = ("remote_kind", "casting_vote", "declared_result")


def read_minutes(figures: Mapping[str, Any], rule: voting.VotingRule) -> voting.Tally:
    """Figures by the name of their column, as the rules read them. Raises InvalidInput, each pointing to its column."""
    known: dict[str, Any] = {
        _FIGURES.get(name, name): None if name in _CHOICES and not value else value for name, value in figures.items()
    }
    if known.get("proxies_by_holder") is not None:
        known["proxies_by_holder"] = tuple(known["proxies_by_holder"])
    known["college_votes"] = voting.read_college_votes(known.get("college_votes"))
    tally = voting.Tally(**known)
    if violations := voting.check_minutes(tally, rule):
        raise InvalidInput(*(Violation(v.code, v.detail, _column(v.pointer)) for v in violations))
    return tally


def _column(pointer: str) -> str:
    name, slash, rest = pointer.removeprefix("/").partition("/")
    return f"/{_COLUMNS.get(name, name)}{slash}{rest}"


def tally_of(vote: BoardDeliberation) -> voting.Tally:
    """The figures of one vote that is closed."""
    counted: Any = vote  # None of its figures is null (charters_deliberation_counted_when_closed).
    return voting.Tally(
        in_office=counted.in_office,
        present=counted.present,
        represented=counted.represented,
        votes_for=counted.votes_for,
        votes_against=counted.votes_against,
        abstentions=counted.votes_abstain,
        blank_or_void=counted.votes_blank,
        recused=counted.recused,
        recused_represented=counted.recused_represented,
        remote=counted.remote,
        remote_kind=counted.remote_kind or None,
        proxies_by_holder=None if counted.proxies_by_holder is None else tuple(counted.proxies_by_holder),
        proxies_written=counted.proxies_written,
        proxies_same_body=counted.proxies_same_body,
        casting_vote=counted.casting_vote or None,
        open_objections=counted.open_objections,
        college_votes=voting.read_college_votes(counted.college_votes),
        call=counted.call,
        held_on=counted.held_on,
        first_call_on=counted.first_call_on,
    )


def sha256_of(stored: StoredFile | None) -> str | None:
    return stored.sha256 if stored is not None else None
