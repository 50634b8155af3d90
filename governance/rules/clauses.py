"""When a clause of confidentiality holds, and which levels it may ask for (docs/adr/0025)."""

import datetime as dt
from collections.abc import Collection, Iterable, Mapping

from django.utils.translation import gettext_lazy as _

from coopproject import wording
from coopproject.exceptions import Violation
from governance.enums import ClauseState, Confidentiality
from governance.rules.confidentiality import LEVELS

# `public` hides nothing from anybody; `restricted` is told by the organisation of an object, which a clause has not.
CLAUSE_LEVELS = (Confidentiality.NETWORK, Confidentiality.ACTIVE, Confidentiality.CORE, Confidentiality.BOARD)
# How long before its last day a clause is said to end.
ENDING_DAYS = 30


def clause_state(on: dt.date, *, until: dt.date | None, lifted_on: dt.date | None) -> ClauseState:
    """What the clause is on that day: it holds on its last day, and no longer on the day on which it is lifted."""
    if lifted_on is not None and lifted_on <= on:
        return ClauseState.LIFTED
    if until is not None and until < on:
        return ClauseState.ENDED
    return ClauseState.IN_FORCE


def is_ending(on: dt.date, until: dt.date | None) -> bool:
    """Whether its last day is one of the next thirty, today included."""
    return until is not None and on <= until <= on + dt.timedelta(days=ENDING_DAYS)


def below(level: str, other: str) -> bool:
    """Whether `level` is more open than `other`."""
    return LEVELS.index(Confidentiality(level)) < LEVELS.index(Confidentiality(other))


def handed_over(
    restores: Iterable[Mapping[str, str]], *, of: str, to: Iterable[Mapping[str, str]]
) -> list[dict[str, str]]:
    """What another clause over the same object gives back at its own end, once this one (`of` that level) ended first.

    It found the object at the level of this one: it gives back what this one had found. What it found otherwise stays.
    """
    kept = {row["id"]: row["level"] for row in to}
    for row in restores:
        if kept.get(row["id"], of) == of:
            kept[row["id"]] = row["level"]
    return [{"id": pk, "level": level} for pk, level in sorted(kept.items())]


def level_violations(level: str, known: Collection[str], own: str | None, *, whole: bool) -> list[Violation]:
    """Why a clause may not ask for this level. `known`: those of its author; `own`: that of the object covered."""
    found = []
    if level not in CLAUSE_LEVELS:
        detail = wording.filled(
            _("Une clause demande l’un de ces niveaux : %(known)s."), known=", ".join(CLAUSE_LEVELS)
        )
        return [Violation("level_not_allowed", detail, "/confidentiality")]
    if level not in known:
        detail = _("Ce niveau vous fermerait votre propre clause : demandez à qui l’atteint de la poser.")
        found.append(Violation("level_above_yours", detail, "/confidentiality"))
    if own is not None and own not in LEVELS[: LEVELS.index(Confidentiality(level)) + whole]:
        detail = _("Ce qu’elle couvre est déjà aussi fermé : la clause n’ajouterait rien.")
        found.append(Violation("covers_nothing_more", detail, "/confidentiality"))
    return found
