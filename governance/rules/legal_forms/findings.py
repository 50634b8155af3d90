"""What a check of a form says: an error, a warning, a risk that its members take, or a fact that is missing."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise

from governance.rules.regimes import Confidence


class FindingSeverity(StrEnum):
    """`error`: these members cannot take this form. `warning`: they can, and something is not as they may think.
    `risk`: what the form itself makes its members liable for. `unknown`: a rule could not be tried, a fact misses."""

    ERROR = "error"
    WARNING = "warning"
    RISK = "risk"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Finding:
    """`pointer` leads to the fact that it is about; `confidence` is that of the rule, `legal_ref` its text if read."""

    code: str
    severity: FindingSeverity
    detail: str | Promise
    confidence: Confidence
    legal_ref: str = ""
    pointer: str = ""

    @property
    def configurable(self) -> bool:
        """The rule is not established well enough to be shown as law."""
        return not self.confidence.settled
