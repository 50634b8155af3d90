"""Votes weighted by college in a SCIC (law 47-1775, art. 19 octies; domain.md 2.5, S01–S05). Exact fractions.

Each member has one vote in its college; how a college's votes are carried to the total is left to the statutes
(confidence K), so it is a parameter.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

from django.utils.functional import Promise
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from charters.rules.fractions import show_fraction
from coopproject.exceptions import InvalidInput, Violation
from governance.rules.legal_forms import LIMITS, WHOLE


class Carry(StrEnum):
    """`proportional`: the college's weight is shared as its votes are. `bloc`: it goes whole to its majority."""

    PROPORTIONAL = "proportional"
    BLOC = "bloc"


@dataclass(frozen=True)
class CollegeLimits:
    """What the legal form asks of colleges (`governance.rules.legal_forms`), as shares of all votes."""

    largest: Fraction = Fraction(LIMITS.largest_college, WHOLE)
    smallest: Fraction = Fraction(LIMITS.smallest_college, WHOLE)
    colleges: int = LIMITS.colleges


@dataclass(frozen=True)
class College:
    """`weight` is a share of all votes (2/5 for 40 %); votes are counted one per member, abstentions left out."""

    code: str
    weight: Fraction
    votes_for: int = 0
    votes_against: int = 0


@dataclass(frozen=True)
class CollegeResult:
    """`share_for` is the exact share of all votes that is for; `silent` the colleges that expressed no vote."""

    adopted: bool
    share_for: Fraction
    silent: tuple[str, ...]
    formula: str | Promise


def college_violations(colleges: Sequence[College], limits: CollegeLimits | None = None) -> tuple[Violation, ...]:
    """Why these colleges are not lawful or their votes not countable, every reason with its pointer."""
    limits = limits or CollegeLimits()
    found = []
    if len(colleges) < limits.colleges:
        detail = format_lazy(_("Il faut au moins {count} collèges."), count=limits.colleges)
        found.append(Violation("too_few_colleges", detail, "/colleges"))
    if len({college.code for college in colleges}) < len(colleges):
        found.append(Violation("college_repeated", _("Un collège est cité deux fois."), "/colleges"))
    for index, college in enumerate(colleges):
        where = f"/colleges/{index}"
        if college.weight > limits.largest:
            detail = format_lazy(_("Un collège ne détient pas plus de {share} des voix."), share=str(limits.largest))
            found.append(Violation("college_too_heavy", detail, f"{where}/weight"))
        if college.weight < limits.smallest:
            detail = format_lazy(_("Un collège ne détient pas moins de {share} des voix."), share=str(limits.smallest))
            found.append(Violation("college_too_light", detail, f"{where}/weight"))
        found += [
            Violation("not_a_count", _("Un nombre entier de personnes est attendu."), f"{where}/{name}")
            for name in ("votes_for", "votes_against")
            if isinstance(count := getattr(college, name), bool) or not isinstance(count, int) or count < 0
        ]
    if sum(college.weight for college in colleges) != 1:
        found.append(Violation("weights_do_not_add_up", _("Les poids des collèges ne font pas 100 %."), "/colleges"))
    return tuple(found)


def college_result(
    colleges: Sequence[College],
    carry: Carry,
    *,
    threshold: Fraction = Fraction(1, 2),
    reaching_suffices: bool = False,
    limits: CollegeLimits | None = None,
) -> CollegeResult:
    """Adopted when more than `threshold` of all votes is for, or just that where reaching it suffices. Raises
    `InvalidInput` for unlawful colleges.

    A college that expressed no vote carries nothing; its weight stays in the total, hence against.
    """
    if violations := college_violations(colleges, limits):
        raise InvalidInput(*violations)
    share_for, silent = Fraction(0), []
    for college in colleges:
        expressed = college.votes_for + college.votes_against
        if not expressed:
            silent.append(college.code)
        elif carry is Carry.PROPORTIONAL:
            share_for += college.weight * Fraction(college.votes_for, expressed)
        elif college.votes_for > college.votes_against:
            share_for += college.weight
    adopted = share_for >= threshold if reaching_suffices else share_for > threshold
    signs = ("≥", "<") if reaching_suffices else (">", "≤")
    formula = format_lazy(
        _("{share} des voix {sign} {threshold}"),
        share=show_fraction(share_for),
        sign=signs[0] if adopted else signs[1],
        threshold=show_fraction(threshold),
    )
    return CollegeResult(adopted, share_for, tuple(silent), formula)
