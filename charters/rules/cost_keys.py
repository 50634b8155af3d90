"""Cost keys of an agreement, as they are described: who bears which part of a shared cost (domain.md 4.1, F5; 4.2).

What is spent and charged comes elsewhere; here a key is checked, and splits an amount exactly.
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from coopproject import wording
from coopproject.exact import Exact, exact
from coopproject.exceptions import InvalidInput, Violation
from coopproject.money import split

WHOLE = 10_000
"""A whole in basis points: 2500 is a quarter."""


class Basis(StrEnum):
    """What the parts are proportional to; `fixed_shares`: stated in the agreement itself."""

    EQUAL = "equal"
    HEADCOUNT = "headcount"
    TURNOVER = "turnover"
    USAGE = "usage"
    FIXED_SHARES = "fixed_shares"


def key_violations(
    basis: str, shares: Mapping[str, object], parties: Sequence[str], pointer: str = ""
) -> Iterator[Violation]:
    """Why a key cannot be used by these parties. `shares`: party -> whole basis points, for fixed shares only."""
    if basis not in set(Basis):
        yield Violation("unknown_choice", _("Cette base de répartition n’existe pas."), f"{pointer}/basis")
        return
    if basis != Basis.FIXED_SHARES:
        if shares:
            detail = _("Seule une clé à parts fixes énonce des parts.")
            yield Violation("shares_not_expected", detail, f"{pointer}/shares")
        return
    usable = True
    for party, value in shares.items():
        where = f"{pointer}/shares/{party}"
        if party not in parties:
            yield Violation("not_a_party", _("Cette organisation n’est pas partie à la convention."), where)
        if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= WHOLE:
            usable = False
            detail = _("Une part est un nombre entier de points de base, de 0 à 10 000.")
            yield Violation("not_basis_points", detail, where)
    for party in parties:
        if party not in shares:
            usable = False
            detail = _("La part de cette partie manque : zéro se déclare.")
            yield Violation("share_missing", detail, f"{pointer}/shares/{party}")
    total = sum(value for value in shares.values() if isinstance(value, int))
    if usable and total != WHOLE:
        detail = _("Les parts font %(total)s points de base au lieu de 10 000.")
        yield Violation("shares_do_not_add_up", wording.filled(detail, total=total), f"{pointer}/shares")


def split_by_key(
    amount: int,
    *,
    basis: str,
    parties: Sequence[str],
    shares: Mapping[str, int] | None = None,
    measures: Mapping[str, Exact] | None = None,
) -> dict[str, int]:
    """An amount in cents, shared to the cent: the parts add up to it (largest remainder, ties by party).

    `measures`: party -> headcount, turnover or usage, for the bases that are measured. Raises `InvalidInput`: the codes
    of `key_violations`, `base_missing` for a party without figure, `no_base` when all figures are zero.
    """
    found = list(key_violations(basis, shares or {}, parties))
    if found:
        raise InvalidInput(*found)
    weights: dict[str, Fraction]
    if basis == Basis.EQUAL:
        weights = dict.fromkeys(parties, Fraction(1))
    elif basis == Basis.FIXED_SHARES:
        weights = {party: Fraction((shares or {})[party], WHOLE) for party in parties}
    else:
        known = measures or {}
        if missing := [party for party in parties if party not in known]:
            detail = _("Ce chiffre manque : zéro se déclare.")
            raise InvalidInput(*(Violation("base_missing", detail, f"/measures/{party}") for party in missing))
        weights = {party: exact(known[party]) for party in parties}
    return split(amount, weights)
