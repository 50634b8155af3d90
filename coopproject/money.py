"""Money in integer cents: half-up on each line, largest remainder on each split (domain.md 4.1, F5; section 6)."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from coopproject.exact import Exact, exact, round_half_up
from coopproject.exceptions import InvalidInput, Violation


def cents(amount: Decimal | int) -> int:
    """The whole cents of an amount in euros. Raises `InvalidInput` (`not_whole_cents`) for a part of a cent."""
    whole = exact(amount) * 100
    if whole.denominator != 1:
        raise InvalidInput(Violation("not_whole_cents", _("Un montant s’arrête au centime.")))
    return whole.numerator


def euros(amount: int) -> Decimal:
    """The amount in euros, with its two decimals."""
    return Decimal(amount).scaleb(-2)


def round_to_cents(amount: Exact) -> int:
    """An amount in cents that a rate made fractional, half-up (away from zero), as each line of a sum is rounded."""
    return round_half_up(exact(amount))


def split(total: int, weights: Mapping[str, Exact]) -> dict[str, int]:
    """A total in cents shared by weight, to the cent: what is left over goes to the largest remainders, ties by id.

    The shares always add up to the total, a weight of zero gets nothing, and a negative total (a credit) is shared as
    its opposite. Raises `InvalidInput`: `no_base` when the weights add up to nothing (K14), `weight_negative`.
    """
    shares = {member: exact(weight) for member, weight in weights.items()}
    if negative := [member for member, weight in shares.items() if weight < 0]:
        raise InvalidInput(
            *(
                Violation("weight_negative", _("Un poids n’est pas négatif."), f"/weights/{member}")
                for member in negative
            )
        )
    base = sum(shares.values(), Fraction(0))
    if not base:
        raise InvalidInput(
            Violation("no_base", _("Aucune base de répartition : tous les poids sont nuls."), "/weights")
        )
    sign, amount = (-1, -total) if total < 0 else (1, total)
    exact_shares = {member: amount * weight / base for member, weight in shares.items()}
    given = {member: int(share) for member, share in exact_shares.items()}
    left = amount - sum(given.values())
    by_remainder = sorted(exact_shares, key=lambda member: (given[member] - exact_shares[member], member))
    for member in by_remainder[:left]:
        given[member] += 1
    return {member: sign * given[member] for member in weights}
