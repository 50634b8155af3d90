"""The errors of the domain. No HTTP in here: `coopproject.api.problems` gives each its status."""

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise


@dataclass(frozen=True)
class Violation:
    """One reason why an act is refused.

    `code` is the contract (English, stable); `detail` is a sentence for people, in the reader's language.
    `pointer` is a JSON pointer into the request body where the reason lies there, else "".
    """

    code: str
    detail: str | Promise
    pointer: str = ""


class DomainError(Exception):
    """Base of what a service may refuse."""


class RuleViolated(DomainError):
    """A rule refuses the act now (HTTP 409). Carries every violated rule at once, never only the first."""

    def __init__(self, *violations: Violation) -> None:
        if not violations:
            raise ValueError("RuleViolated needs at least one violation")
        self.violations = violations
        super().__init__(", ".join(violation.code for violation in violations))


class InvalidInput(DomainError):
    """The input itself is wrong (HTTP 400), found out by a service rather than by the shape of the body."""

    def __init__(self, *violations: Violation) -> None:
        if not violations:
            raise ValueError("InvalidInput needs at least one violation")
        self.violations = violations
        super().__init__(", ".join(violation.code for violation in violations))


class StaleVersion(DomainError):
    """The caller's version of the aggregate is not the current one (HTTP 412), compared under the lock."""

    def __init__(self, current: int, expected: int) -> None:
        self.current, self.expected = current, expected
        super().__init__(f"version is {current}, not {expected}")


class NotVisible(DomainError):
    """The object does not exist for this actor (HTTP 404): same answer as a thing that does not exist."""


class NotAllowed(DomainError):
    """The actor may know of the object but may not do this (HTTP 403)."""

    def __init__(self, detail: str | Promise = "", **context: Any) -> None:
        self.detail = detail
        self.context = context
        super().__init__(str(detail))
