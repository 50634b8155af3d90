"""Whether the CSE adopted a resolution (L2315-32 and case law, `domain.md` 1.2 C18). Counts only: no names.

Majority of the full members present: elected full members, or the substitutes who sit for one. There is no quorum.
Abstentions, blank and void votes weigh as votes against; a tie is not adoption. The employer does not vote.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coopproject import wording
from coopproject.exceptions import InvalidInput, Violation


@dataclass(frozen=True, kw_only=True)
class CseVote:
    """The count of one vote. `blank` counts blank and void votes; `seats` is the number of full members, if known."""

    present: int
    votes_for: int
    votes_against: int
    votes_abstain: int = 0
    votes_blank: int = 0
    seats: int | None = None

    @property
    def counted(self) -> int:
        return self.votes_for + self.votes_against + self.votes_abstain + self.votes_blank


@dataclass(frozen=True)
class CseVoteResult:
    """`formula` shows the comparison that decided."""

    adopted: bool
    formula: Promise


def vote_violations(vote: CseVote) -> list[Violation]:
    """What makes the count impossible, all at once."""
    return list(_vote_violations(vote))


def _vote_violations(vote: CseVote) -> Iterator[Violation]:
    for name in ("present", "votes_for", "votes_against", "votes_abstain", "votes_blank"):
        if getattr(vote, name) < 0:
            yield Violation("count_negative", _("Un nombre de voix ne peut être négatif."), f"/{name}")
    if vote.present == 0:
        yield Violation("nobody_present", _("Aucun titulaire présent : il n’y a pas de vote."), "/present")
    counts = {"counted": vote.counted, "present": vote.present}
    if vote.counted > vote.present:
        detail = _("%(counted)s voix comptées pour %(present)s titulaires présents.")
        yield Violation("more_votes_than_present", wording.filled(detail, **counts), "/present")
    elif vote.counted < vote.present:
        detail = _(
            "%(counted)s voix comptées pour %(present)s titulaires présents : comptez aussi abstentions et blancs."
        )
        yield Violation("fewer_votes_than_present", wording.filled(detail, **counts), "/present")
    if vote.seats is not None and vote.present > vote.seats:
        yield Violation("more_present_than_seats", _("Plus de présents que de sièges de titulaires."), "/present")


def vote_result(vote: CseVote) -> CseVoteResult:
    """Adopted when strictly more than half of the full members present voted for.

    Raises InvalidInput with every violation of `vote_violations`.
    """
    if violations := vote_violations(vote):
        raise InvalidInput(*violations)
    adopted = 2 * vote.votes_for > vote.present
    formula = (
        _("%(votes_for)s pour sur %(present)s présents : plus de la moitié.")
        if adopted
        else _("%(votes_for)s pour sur %(present)s présents : pas plus de la moitié.")
    )
    return CseVoteResult(adopted, wording.filled(formula, votes_for=vote.votes_for, present=vote.present))
