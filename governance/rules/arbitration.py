"""Cooperate or merge: the criteria of the guide (seed S2, chapter 3), scored by each member with its reasons.

The guide gives no answer (« il n’y a pas de réponse tranchée ») and neither does this: sums and differences are shown,
people decide. The guide's own comparison table is lost in the text that we have; the criteria are those of its prose.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import Violation

# From « clearly for cooperating » to « clearly for merging »; 0 weighs on neither side.
LOWEST, HIGHEST = -2, 2
MAX_REASON = 2000

CRITERIA: Mapping[str, str | Promise] = {
    "critical_size": _("Atteindre une taille critique."),
    "investment": _("Investir pour se développer."),
    "public_funding": _("Faire face à la contraction des finances publiques."),
    "competition": _("S’organiser face à la concurrence."),
    "savings": _("Économies d’échelle : achats groupés, frais de siège, masse salariale."),
    "thresholds": _("Franchissements de seuils : système d’information, déménagement."),
    "new_functions": _("Fonctions nouvelles à créer : qualité, communication, juridique, veille."),
    "activity": _("Continuité de l’activité pendant l’opération."),
    "history_and_culture": _("Histoire et culture des organisations."),
    "will": _("Volonté des dirigeants, des salariés et des partenaires."),
    "time": _("Temps disponible pour préparer."),
    "independence": _("Indépendance statutaire et patrimoniale de chacun."),
    "territory": _("Territoires et tailles des structures."),
    "social_protection": _("Harmonisation sociale : conventions, prévoyance, mutuelle."),
}


class Leaning(StrEnum):
    """Where the sums lean; never a decision."""

    COOPERATE = "cooperate"
    MERGE = "merge"
    EVEN = "even"


def score_violations(scores: Any, pointer: str = "/scores") -> list[Violation]:
    """Known criteria, each with a whole score from −2 to 2 and a reason."""
    if not isinstance(scores, dict):
        return [Violation("invalid", _("Un objet JSON est attendu."), pointer)]
    found = []
    for code, given in scores.items():
        where = f"{pointer}/{code}"
        if code not in CRITERIA:
            found.append(Violation("unknown_criterion", _("Ce critère n’est pas connu."), where))
            continue
        if not isinstance(given, dict) or set(given) != {"score", "reason"}:
            found.append(Violation("invalid", _("Un score et une raison sont attendus."), where))
            continue
        score, reason = given["score"], given["reason"]
        if type(score) is not int or not LOWEST <= score <= HIGHEST:
            found.append(Violation("out_of_range", _("Un entier de −2 à 2 est attendu."), f"{where}/score"))
        if not isinstance(reason, str) or not reason.strip():
            found.append(Violation("reason_missing", _("Un score se donne avec sa raison."), f"{where}/reason"))
        elif len(reason) > MAX_REASON:
            found.append(Violation("max_length", _("Cette raison est trop longue."), f"{where}/reason"))
    return found


def missing_scores(scores: Mapping[str, Any]) -> list[Violation]:
    """The criteria still to be scored before a grid may be submitted, all at once."""
    detail = _("Ce critère attend un score et sa raison.")
    return [Violation("score_missing", detail, f"/scores/{code}") for code in CRITERIA if code not in scores]


@dataclass(frozen=True)
class CriterionTally:
    """Points given to each side, and `spread`: the distance between the two members furthest apart."""

    code: str
    for_cooperation: int
    for_merger: int
    spread: int


@dataclass(frozen=True)
class GridTally:
    """`most_divisive`: the criteria of the greatest spread, none when all agree. `leaning` None: not every member has
    given its reasons, so nothing is concluded."""

    criteria: tuple[CriterionTally, ...]
    for_cooperation: int
    for_merger: int
    most_divisive: tuple[str, ...]
    awaited: tuple[str, ...]
    leaning: Leaning | None


def tally(sheets: Mapping[str, Mapping[str, int]], members: Collection[str]) -> GridTally:
    """Add up the grids (member -> criterion -> score) of those who are members; exact, and no more than sums."""
    counted = {who: scores for who, scores in sheets.items() if who in members}
    rows = []
    for code in CRITERIA:
        given = [scores[code] for scores in counted.values() if code in scores]
        rows.append(
            CriterionTally(
                code,
                -sum(score for score in given if score < 0),
                sum(score for score in given if score > 0),
                max(given) - min(given) if given else 0,
            )
        )
    widest = max(row.spread for row in rows)
    cooperate, merge = sum(row.for_cooperation for row in rows), sum(row.for_merger for row in rows)
    awaited = tuple(who for who in members if set(counted.get(who, ())) != set(CRITERIA))
    leaning = None
    if members and not awaited:
        leaning = Leaning.EVEN if cooperate == merge else (Leaning.MERGE if merge > cooperate else Leaning.COOPERATE)
    return GridTally(
        tuple(rows),
        cooperate,
        merge,
        tuple(row.code for row in rows if widest and row.spread == widest),
        awaited,
        leaning,
    )
