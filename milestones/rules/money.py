"""What a contribution is modulated by (domain.md 4.1, F5); the split itself is `coopproject.money.split`."""

from collections.abc import Mapping
from fractions import Fraction

from django.utils.translation import gettext_lazy as _

from coopproject.exact import Exact, exact
from coopproject.exceptions import InvalidInput, Violation


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
