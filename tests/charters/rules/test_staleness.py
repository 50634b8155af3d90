"""Until when an approval counts, why it no longer does, and since when (ADR 0017)."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from charters.rules.staleness import (
    Clears,
    Expiry,
    Given,
    ReviewTerms,
    StaleReason,
    Standing,
    last_day,
    review_due,
    situation,
)
from governance.rules.calendars import add_months

TEXT, OTHER = "a" * 64, "b" * 64
YEARLY = ReviewTerms(12, Expiry.AT_REVIEW)
ENTERED = date(2026, 3, 15)
DUE = date(2027, 3, 15)
DAY = timedelta(days=1)


def where(given_on=ENTERED, *, at, reviews=(), left_on=None, terms=YEARLY, text=TEXT, entered_on=ENTERED):
    return situation(
        Given(given_on, text, entered_on),
        content_hash=TEXT,
        text_since=date(2026, 3, 1),
        terms=terms,
        reviews=reviews,
        left_on=left_on,
        at=at,
    )


@pytest.mark.parametrize("given_on", [date(2026, 2, 20), ENTERED, date(2027, 3, 14)])
def test_an_approval_lasts_until_the_day_when_the_review_is_due_whoever_gave_it_when(given_on):
    assert where(given_on, at=DUE).standing is Standing.VALID
    assert where(given_on, at=DUE).last_day == DUE
    found = where(given_on, at=DUE + DAY)
    assert (found.standing, found.reason, found.since) == (Standing.STALE, StaleReason.REVIEW_DUE, DUE + DAY)
    assert found.clears == (Clears.OWN_BOARD, Clears.NEW_VERSION)
    assert found.binds


def test_where_the_charter_does_not_say_so_nothing_expires():
    assert where(at=date(2099, 1, 1), terms=ReviewTerms(1)).standing is Standing.VALID
    assert where(at=date(2099, 1, 1), terms=ReviewTerms(1)).last_day is None


def test_a_text_that_is_not_in_force_yet_has_no_review_to_come():
    assert where(at=date(2099, 1, 1), entered_on=None).standing is Standing.VALID


def test_a_review_held_before_its_term_asks_the_boards_from_its_day():
    held = date(2027, 1, 20)
    assert where(at=held - DAY, reviews=[held]).standing is Standing.VALID
    found = where(at=held, reviews=[held])
    assert (found.reason, found.since) == (StaleReason.REVIEW_HELD, held)


@pytest.mark.parametrize(
    "reviews", [[DUE + 9 * DAY], [DUE + 9 * DAY, DUE + 30 * DAY], [DUE + 9 * DAY, date(2028, 1, 1)]]
)
def test_recording_reviews_afterwards_neither_clears_nor_moves_the_day(reviews):
    found = where(at=date(2028, 2, 1), reviews=reviews)
    assert (found.reason, found.since) == (StaleReason.REVIEW_DUE, DUE + DAY)


def test_what_the_board_votes_again_lasts_until_the_next_review():
    held = date(2027, 1, 20)
    renewed = date(2027, 2, 10)
    assert where(renewed, at=date(2028, 1, 20), reviews=[held]).standing is Standing.VALID
    assert where(renewed, at=date(2028, 1, 21), reviews=[held]).since == date(2028, 1, 21)
    assert where(held, at=held, reviews=[held]).standing is Standing.VALID


def test_a_renewal_without_any_review_recorded_lasts_a_whole_period():
    renewed = DUE + 20 * DAY
    assert where(renewed, at=date(2028, 4, 4)).standing is Standing.VALID
    assert where(renewed, at=date(2028, 4, 5)).since == date(2028, 4, 5)


def test_reviews_of_the_former_text_say_nothing_of_this_one():
    assert where(date(2026, 3, 2), at=DUE, reviews=[date(2026, 3, 5)]).standing is Standing.VALID


def test_an_approval_of_another_text_says_nothing_of_this_one():
    found = where(at=ENTERED, text=OTHER)
    assert (found.reason, found.since, found.clears) == (
        StaleReason.TEXT_CHANGED,
        date(2026, 3, 1),
        (Clears.OWN_BOARD,),
    )
    assert not found.binds


@pytest.mark.parametrize(
    ("left_on", "at", "binds"),
    [
        (date(2026, 6, 30), date(2026, 6, 30), True),
        (date(2026, 6, 30), date(2026, 7, 1), False),
        (ENTERED, ENTERED + DAY, False),
        (ENTERED - DAY, date(2026, 7, 1), True),
    ],
)
def test_whoever_left_after_approving_is_bound_no_more_even_come_back(left_on, at, binds):
    found = where(at=at, left_on=left_on)
    assert found.binds is binds
    assert (found.reason is StaleReason.LEFT_SINCE) is not binds


def test_the_end_of_a_month_is_counted_by_day_number():
    assert review_due(date(2026, 1, 31), 1, [], at=date(2026, 1, 31)) == date(2026, 2, 28)


days = st.integers(0, 1500).map(lambda n: ENTERED - timedelta(days=100) + timedelta(days=n))


@given(given_on=days, reviews=st.lists(days, max_size=5), at=days, later=days, months=st.integers(1, 30))
def test_once_stale_it_stays_so_since_the_same_day_whatever_is_recorded_later(given_on, reviews, at, later, months):
    terms = ReviewTerms(months, Expiry.AT_REVIEW)
    now = where(given_on, at=at, reviews=[review for review in reviews if review <= at], terms=terms)
    if now.is_stale:
        after = where(given_on, at=max(at, later), reviews=reviews, terms=terms)
        assert (after.is_stale, after.since, after.reason) == (True, now.since, now.reason)


@given(given_on=days, reviews=st.lists(days, max_size=5), months=st.integers(1, 30))
def test_the_last_day_is_the_one_found_by_walking_day_by_day(given_on, reviews, months):
    """The naive counterpart: walk from the approval, keep the term, stop at the first review or past the term."""
    counts_from = max(given_on, ENTERED)
    base = max([ENTERED, *(review for review in reviews if review <= counts_from)])
    due = add_months(base, months)
    if due <= given_on:
        due = add_months(given_on, months)
    day = counts_from
    while day + DAY not in reviews and day < due:
        day += DAY
    end = last_day(Given(given_on, TEXT, ENTERED), ReviewTerms(months, Expiry.AT_REVIEW), reviews)
    assert end is not None
    assert end[0] == day
