"""When an approval no longer says that the board still wants this text, since when, and what clears it (ADR 0017).

A stale approval does not put the charter out of force: it names who is asked again. Days are inclusive: an approval
counts on its last day, and is stale from the next.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from governance.rules.calendars import add_months, day_after

_DAY = timedelta(days=1)


class Expiry(StrEnum):
    """Whether approvals last until they are replaced, or only until the next review of the charter."""

    NEVER = "never"
    AT_REVIEW = "at_review"


class Standing(StrEnum):
    VALID = "valid"
    STALE = "stale"


class StaleReason(StrEnum):
    """`text_changed`: it was given to another text. `left_since`: its organisation left after giving it, and came back.
    `review_held`: the members reviewed the charter since. `review_due`: the day came and nobody did."""

    TEXT_CHANGED = "text_changed"
    LEFT_SINCE = "left_since"
    REVIEW_HELD = "review_held"
    REVIEW_DUE = "review_due"


class Clears(StrEnum):
    """`own_board`: the board votes this text (again). `new_version`: an amendment enters into force."""

    OWN_BOARD = "own_board"
    NEW_VERSION = "new_version"


@dataclass(frozen=True)
class ReviewTerms:
    """What the frozen text says of its reviews: every how many months, and whether approvals expire then."""

    every_months: int = 12
    expire: Expiry = Expiry.NEVER


@dataclass(frozen=True)
class Given:
    """One approval. `entered_on`: when the text that it approved entered into force, None before that day."""

    given_on: date
    content_hash: str
    entered_on: date | None = None


@dataclass(frozen=True)
class Situation:
    """Where an approval stands on a day. `last_day` is known in advance where approvals expire, None where not."""

    standing: Standing
    reason: StaleReason | None = None
    since: date | None = None
    last_day: date | None = None
    clears: tuple[Clears, ...] = ()

    @property
    def is_stale(self) -> bool:
        return self.standing is Standing.STALE

    @property
    def binds(self) -> bool:
        """Whether the organisation is bound: an approval that awaits its renewal binds still."""
        return self.reason not in (StaleReason.TEXT_CHANGED, StaleReason.LEFT_SINCE)


def review_due(entered_on: date, every_months: int, reviews: Iterable[date], *, at: date) -> date:
    """The day by which the next review is due, as it stood on the day `at`: from the later of entry and last review."""
    return add_months(max([entered_on, *(held for held in reviews if held <= at)]), every_months)


def last_day(approval: Given, terms: ReviewTerms, reviews: Iterable[date]) -> tuple[date, StaleReason] | None:
    """The last day of an approval and what ends it: the first review held after it or, failing that, the day on which
    one was due. A vote on that day or later is the renewal itself and lasts a whole period. None: it does not end."""
    if terms.expire is Expiry.NEVER or approval.entered_on is None:
        return None
    reviews = sorted(reviews)
    counts_from = max(approval.given_on, approval.entered_on)
    due = review_due(approval.entered_on, terms.every_months, reviews, at=counts_from)
    if due <= approval.given_on:
        due = add_months(approval.given_on, terms.every_months)
    held = next((review for review in reviews if review > counts_from), None)
    if held is not None and held <= due:
        return held - _DAY, StaleReason.REVIEW_HELD
    return due, StaleReason.REVIEW_DUE


def situation(
    approval: Given,
    *,
    content_hash: str,
    text_since: date,
    terms: ReviewTerms,
    reviews: Iterable[date],
    left_on: date | None,
    at: date,
) -> Situation:
    """Where this approval stands on the day `at`, for the text of `content_hash`, which the boards have since
    `text_since`. `left_on`: the last day of the organisation's last membership that has ended."""
    reviews = [review for review in reviews if review <= at]
    ended: list[tuple[date, StaleReason]] = []
    if approval.content_hash != content_hash:
        ended.append((text_since, StaleReason.TEXT_CHANGED))
    if left_on is not None and approval.given_on <= left_on < at:
        ended.append((day_after(left_on), StaleReason.LEFT_SINCE))
    if ended:
        since, reason = min(ended)
        return Situation(Standing.STALE, reason, since, since - _DAY, (Clears.OWN_BOARD,))
    end = last_day(approval, terms, reviews)
    if end is None:
        return Situation(Standing.VALID)
    day, reason = end
    if at <= day:
        return Situation(Standing.VALID, last_day=day)
    return Situation(Standing.STALE, reason, day + _DAY, day, (Clears.OWN_BOARD, Clears.NEW_VERSION))
