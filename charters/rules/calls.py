"""A meeting that follows another on the same text: a second call where quorum lacked, a new vote where it was tied."""

from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import Violation

NO_QUORUM, REVOTE = "no_quorum", "revote"


@dataclass(frozen=True)
class Followed:
    """The deliberation to which another wants to be the sequel. `result` is empty while it is not closed."""

    same_vote: bool
    result: str
    has_successor: bool
    call: int
    held_on: date
    first_call_on: date | None


def following_call(followed: Followed) -> tuple[int, date | None, list[Violation]]:
    """The call, the day of the first one, and why nothing may follow.

    Without quorum the next meeting is the second call; after a tie that the statutes send back to the vote it is the
    same call again, with the same quorum: the meeting had one (ADR 0012).
    """
    found = []
    if not followed.same_vote:
        detail = _("La délibération suivie est celle d’une autre instance ou d’un autre texte.")
        found.append(Violation("follows_another_vote", detail, "/follows"))
    if followed.result not in (NO_QUORUM, REVOTE):
        detail = _("Seule une délibération sans quorum, ou à voter de nouveau, appelle une suite.")
        found.append(Violation("nothing_to_call_again", detail, "/follows"))
    if followed.has_successor:
        detail = _("Une autre délibération fait déjà suite à celle-ci.")
        found.append(Violation("already_followed", detail, "/follows"))
    if followed.result == REVOTE:
        return followed.call, followed.first_call_on, found
    if followed.call > 1 and not found:
        detail = _("La seconde convocation n’a pas réuni le quorum : convoquez une nouvelle première réunion.")
        found.append(Violation("second_call_held", detail, "/follows"))
    return 2, followed.held_on, found
