"""Stored minutes: their figures as the rules of voting read them, and the document that holds them."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from charters.models import BoardDeliberation
from charters.rules import voting
from coopproject.exceptions import InvalidInput, Violation
from governance.models import StoredFile
from governance.rules.files import MediaType


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


def minutes_file(upload: StoredFile | None) -> StoredFile | None:
    """The document of minutes, a PDF. Raises InvalidInput(`not_a_pdf`) for any other file."""
    if upload is not None and upload.media_type != MediaType.PDF:
        raise InvalidInput(Violation("not_a_pdf", _("Un procès-verbal se joint en PDF."), "/minutes_file"))
    return upload


def sha256_of(stored: StoredFile | None) -> str | None:
    return stored.sha256 if stored is not None else None
