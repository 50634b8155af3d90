"""Whether a delegation lets its holder take a decision: its period, its scope, its ceilings (docs/adr/0024)."""

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from coopproject import wording

_RAISE = _("Une décision des membres, ou une délégation d’un plafond plus élevé.")


class DelegationCode(StrEnum):
    HELD = "delegation_held"
    MISSING = "delegation_missing"
    EXPIRED = "delegation_expired"
    OUTSIDE_SCOPE = "outside_scope"
    ABOVE_CEILING = "above_ceiling"


@dataclass(frozen=True)
class DelegationFacts:
    """One delegation as recorded. Days are included; `until` is the earlier of its end and of the end of the role.

    `revoked_on` is the first day without it, whoever or whatever ended it. `spent` is what was decided under it
    already, all decisions together.
    """

    id: UUID
    person: UUID
    since: dt.date
    until: dt.date
    ceiling: Decimal
    subjects: Collection[str] = ()
    excluded_impacts: Collection[str] = ()
    total_ceiling: Decimal | None = None
    spent: Decimal = Decimal(0)
    revoked_on: dt.date | None = None


@dataclass(frozen=True)
class Asked:
    """What is to be decided. `amount` is what it commits: nothing for a refusal."""

    subject: str
    impacts: Collection[str]
    amount: Decimal


@dataclass(frozen=True)
class Answer:
    """One thing that a delegation says of a decision, and what would clear it."""

    code: DelegationCode
    detail: str | Promise
    clears: str | Promise = ""
    delegation: UUID | None = None


def answers(
    delegations: Iterable[DelegationFacts], asked: Asked, on: dt.date, *, person: UUID | None = None
) -> list[Answer]:
    """`delegation_held` by one that allows it on that day; else every reason of the one that comes nearest.

    `person`: only what they hold themselves. None: whether anybody holds one.
    """
    mine = [found for found in delegations if person is None or found.person == person]
    judged = sorted(((list(_against(found, asked, on)), found) for found in mine), key=_nearest)
    if not judged:
        detail = _("Personne n’a reçu délégation.") if person is None else _("Vous n’avez reçu aucune délégation.")
        return [Answer(DelegationCode.MISSING, detail, _("Une délégation donnée, ou une décision des membres."))]
    found, best = judged[0]
    if found:
        return found
    held = wording.filled(_("Par délégation, jusqu’au %(until)s."), until=wording.day(best.until))
    return [Answer(DelegationCode.HELD, held, delegation=best.id)]


def _nearest(judged: tuple[list[Answer], DelegationFacts]) -> tuple[int, int, str]:
    """The one with the fewest reasons against it, then the one that lasts longest."""
    found, delegation = judged
    return (len(found), -delegation.until.toordinal(), str(delegation.id))


def _against(held: DelegationFacts, asked: Asked, on: dt.date) -> Iterator[Answer]:
    last = held.until
    if held.revoked_on is not None:
        last = min(last, held.revoked_on - dt.timedelta(days=1))
    if on < held.since:
        yield Answer(
            DelegationCode.MISSING,
            wording.filled(_("La délégation ne commence que le %(since)s."), since=wording.day(held.since)),
            _("Attendre ce jour, ou une décision des membres."),
            held.id,
        )
    elif on > last:
        yield Answer(
            DelegationCode.EXPIRED,
            wording.filled(_("La délégation a pris fin le %(last)s."), last=wording.day(last)),
            _("Une nouvelle délégation, ou une décision des membres."),
            held.id,
        )
    if held.subjects and asked.subject not in held.subjects:
        yield Answer(
            DelegationCode.OUTSIDE_SCOPE,
            _("La délégation ne porte pas sur cette matière."),
            _("Une décision des membres, ou une délégation pour cette matière."),
            held.id,
        )
    if set(held.excluded_impacts) & set(asked.impacts):
        yield Answer(
            DelegationCode.OUTSIDE_SCOPE,
            _("La délégation exclut les décisions qui ont cet effet sur les salariés."),
            _("Une décision des membres."),
            held.id,
        )
    if asked.amount > held.ceiling:
        yield Answer(
            DelegationCode.ABOVE_CEILING,
            wording.filled(
                _("%(amount)s dépasse le plafond de la délégation : %(limit)s."),
                amount=wording.amount(asked.amount),
                limit=wording.amount(held.ceiling),
            ),
            _RAISE,
            held.id,
        )
    if held.total_ceiling is not None and held.spent + asked.amount > held.total_ceiling:
        # What was decided before is not said: not everybody may know of those decisions.
        yield Answer(
            DelegationCode.ABOVE_CEILING,
            wording.filled(
                _("Avec ce qui a déjà été décidé, le plafond total de la délégation serait dépassé : %(limit)s."),
                limit=wording.amount(held.total_ceiling),
            ),
            _RAISE,
            held.id,
        )
