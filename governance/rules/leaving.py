"""When a person may leave a cooperation, and which answers are awaited of what they leave there. Pure."""

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coopproject import wording
from coopproject.exceptions import Violation
from governance.rules.belonging import Period

# A last day further away is a slip of the pen: a convention of this project (confidence K).
AHEAD = dt.timedelta(days=3660)


@dataclass(frozen=True)
class Left:
    """One thing left behind: `asks` for an answer or not; `blocking` may not stay open; `reassignable` may be taken."""

    key: str
    title: str | Promise
    clears: str | Promise
    asks: bool
    blocking: bool
    reassignable: bool


@dataclass(frozen=True)
class Answer:
    """What is said of one thing: somebody takes it, or (not `taken`) it stays open."""

    taken: bool


def day_violations(*, last_day: dt.date, today: dt.date, roles: Iterable[Period]) -> Iterator[Violation]:
    """`roles`: those that the person would not keep after `last_day`. One that began since was lived already."""
    if last_day > today + AHEAD:
        yield Violation("too_far", _("Le dernier jour est à dix ans au plus."), "/left_on")
    if any(last_day < role.since <= today for role in roles):
        yield Violation("role_began_later", _("Un rôle de cette personne a commencé après cette date."), "/left_on")


def nothing_violations(*, holds: bool, leaves: bool) -> Iterator[Violation]:
    """Nobody leaves what they do not hold. A role that is over may have left something behind."""
    if not holds and not leaves:
        yield Violation(
            "nothing_to_leave", _("Cette personne n’exerce plus rien dans cette coopération après cette date.")
        )


def answer_violations(left: Iterable[Left], answers: Mapping[str, Answer]) -> Iterator[Violation]:
    """One for each thing without its answer, and one for each answer that cannot be."""
    known = {item.key: item for item in left}
    for item in known.values():
        if item.asks and item.key not in answers:
            # The remedy says both ways: who takes it, or why it stays open.
            detail = wording.filled("%(title)s %(clears)s", title=item.title, clears=item.clears)
            yield Violation("handover_missing", detail, pointer_of(item.key))
    for key, answer in answers.items():
        found = known.get(key)
        if found is None or not found.asks:
            detail = _("Cette personne ne laisse rien de tel, ou rien n’est attendu à ce sujet.")
            yield Violation("not_left_behind", detail, pointer_of(key))
        elif answer.taken and not found.reassignable:
            detail = _("Personne ne peut le prendre à sa place : %(clears)s")
            yield Violation("not_reassignable", wording.filled(detail, clears=found.clears), f"{pointer_of(key)}/to")
        elif found.blocking and not answer.taken:
            detail = _("Cela ne peut rester ouvert : %(clears)s")
            yield Violation(
                "cannot_stay_open", wording.filled(detail, clears=found.clears), f"{pointer_of(key)}/left_open"
            )


def pointer_of(key: str) -> str:
    """Where the answer of this key stands in the body (RFC 6901)."""
    return "/handovers/" + key.replace("~", "~0").replace("/", "~1")
