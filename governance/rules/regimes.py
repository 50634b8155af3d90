"""The dated regimes of staff consultation: which law holds for which employer on which day (`domain.md` 1.1)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

import yaml

_FILE = Path(__file__).parent.parent / "data" / "consultation_regimes.yaml"


class Confidence(StrEnum):
    """How well a legal statement is established: A official text read, B two serious sources, C one, K to check."""

    A = "A"
    B = "B"
    C = "C"
    K = "K"

    @property
    def settled(self) -> bool:
        """Settled enough not to be offered as a setting."""
        return self in {Confidence.A, Confidence.B}


class Situation(StrEnum):
    """What lengthens the limit. The longest of those that a regime knows counts."""

    STANDARD = "standard"
    EXPERT = "expert"
    EXPERT_BOTH_LEVELS = "expert_both_levels"
    CHSCT = "chsct"
    CHSCT_COORDINATION = "chsct_coordination"


class WeekendExtension(StrEnum):
    """What a limit that ends on a Saturday, a Sunday or a public holiday becomes.

    `prudent`: the body is told the nominal date, the employer waits for the extended one. `nominal`: no extension.
    `extended`: the extended date binds both.
    """

    PRUDENT = "prudent"
    NOMINAL = "nominal"
    EXTENDED = "extended"


@dataclass(frozen=True, kw_only=True)
class Regime:
    """One dated state of the law. Dates are inclusive; `valid_to` None means open."""

    id: str
    valid_from: date
    valid_to: date | None
    body: str
    general_duty: str
    legal_ref: str
    confidence: Confidence
    months: Mapping[Situation, int]
    agreement_floor_days: int = 0
    weekend_extension: WeekendExtension = WeekendExtension.PRUDENT
    expert_challenge_suspends: bool = True
    establishment_days_before: int | None = None
    establishment_rule_from: date | None = None
    environment_from: date | None = None
    from_first_cse_election: bool = False
    universal_from: date | None = None

    def months_for(self, situations: Iterable[Situation]) -> int:
        """The limit in months: the longest of the situations that this regime knows, at least the standard one."""
        known = [self.months[situation] for situation in situations if situation in self.months]
        return max(known, default=self.months[Situation.STANDARD])

    def covers_environment(self, on: date) -> bool:
        """Whether the body is also consulted on environmental consequences (C05)."""
        return self.environment_from is not None and on >= self.environment_from

    def in_force(self, on: date, cse_first_elected_on: date | None) -> bool:
        """Whether this regime holds on that day for an employer whose first CSE was elected then (None: not yet)."""
        if on < self.valid_from or (self.valid_to is not None and on > self.valid_to):
            return False
        elected = cse_first_elected_on is not None and cse_first_elected_on <= on
        if self.from_first_cse_election and not (self.universal_from and on >= self.universal_from):
            return elected
        return True


def parse_regimes(rows: Iterable[Mapping[str, Any]]) -> tuple[Regime, ...]:
    """Regimes from plain data (the shape of `governance/data/consultation_regimes.yaml`)."""
    return tuple(_parse(dict(row)) for row in rows)


def _parse(row: dict[str, Any]) -> Regime:
    months = {Situation(name): int(count) for name, count in row.pop("months").items()}
    return Regime(
        months=MappingProxyType(months),
        confidence=Confidence(row.pop("confidence")),
        weekend_extension=WeekendExtension(row.pop("weekend_extension", WeekendExtension.PRUDENT)),
        from_first_cse_election=row.pop("applies_from", None) == "first_cse_election",
        **row,
    )


@cache
def load_regimes() -> tuple[Regime, ...]:
    """The regimes of the reference file, oldest first."""
    return parse_regimes(yaml.safe_load(_FILE.read_text(encoding="utf-8")))


def regime_for(
    information_on: date, cse_first_elected_on: date | None = None, regimes: tuple[Regime, ...] | None = None
) -> Regime | None:
    """The regime in force on the date when the information was handed over; None when no regime covers it.

    The latest that holds wins: an older one stays for the employers that the newer does not reach yet.
    """
    known = load_regimes() if regimes is None else regimes
    holding = [regime for regime in known if regime.in_force(information_on, cse_first_elected_on)]
    return max(holding, key=lambda regime: regime.valid_from, default=None)


def regime_by_id(regime_id: str, regimes: tuple[Regime, ...] | None = None) -> Regime | None:
    """The regime that an act froze; None when it is not known."""
    return next((regime for regime in (load_regimes() if regimes is None else regimes) if regime.id == regime_id), None)
