"""Stored minutes, as the rules of voting read them."""

from typing import Any

from charters.models import BoardDeliberation
from charters.rules import voting


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
