"""Money in integer cents: half-up on each line, largest remainder on each split (domain.md 4.1, F5; section 6)."""

from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from coopproject.exceptions import InvalidInput, Violation
from milestones.rules.exact import Exact, exact, round_half_up


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


def modulated_weights(turnover: Mapping[str, Exact], fte: Mapping[str, Exact], *, alpha: Exact) -> dict[str, Fraction]:
    """F5: w = α · turnover/Σturnover + (1 − α) · FTE/ΣFTE, for the members of either table.

    A key with a share of zero is not looked at. Raises `InvalidInput` (`no_base`) when a key that counts is empty, and
    `base_missing` for a member without figure in it: missing is not zero.
    """
    share = exact(alpha)
    if not 0 <= share <= 1:
        raise InvalidInput(Violation("out_of_range", _("Une part se situe entre 0 et 1."), "/alpha"))
    members = [*turnover, *(member for member in fte if member not in turnover)]
    weights = dict.fromkeys(members, Fraction(0))
    found = []
    for name, table, part in (("turnover", turnover, share), ("fte", fte, 1 - share)):
        if not part:
            continue
        missing = [member for member in members if member not in table]
        found += [
            Violation("base_missing", _("Ce chiffre manque : zéro se déclare."), f"/{name}/{member}")
            for member in missing
        ]
        total = sum((exact(value) for value in table.values()), Fraction(0))
        if not total:
            found.append(Violation("no_base", _("Aucune base de répartition : tous les poids sont nuls."), f"/{name}"))
        elif not missing:
            for member in members:
                weights[member] += part * exact(table[member]) / total
    if found:
        raise InvalidInput(*found)
    return weights
