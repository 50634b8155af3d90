"""When a clause holds, and which level it may ask for."""

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from governance.enums import ClauseState, Confidentiality
from governance.rules.clauses import CLAUSE_LEVELS, below, clause_state, handed_over, is_ending, level_violations
from governance.rules.confidentiality import LEVELS

DAYS = st.dates(min_value=dt.date(2020, 1, 1), max_value=dt.date(2030, 12, 31))
MAYBE = st.none() | DAYS


@given(on=DAYS, until=MAYBE, lifted_on=MAYBE)
def test_a_clause_holds_until_its_last_day_and_not_on_the_day_when_it_is_lifted(
    on: dt.date, until: dt.date | None, lifted_on: dt.date | None
) -> None:
    state = clause_state(on, until=until, lifted_on=lifted_on)
    holds = (until is None or on <= until) and (lifted_on is None or on < lifted_on)
    assert (state is ClauseState.IN_FORCE) == holds
    # What is over stays over.
    later = clause_state(on + dt.timedelta(days=1), until=until, lifted_on=lifted_on)
    assert holds or later is not ClauseState.IN_FORCE


def test_the_last_thirty_days_are_said_to_be_the_last() -> None:
    day = dt.date(2026, 6, 30)
    assert [is_ending(day - dt.timedelta(days=before), day) for before in (31, 30, 0, -1)] == [False, True, True, False]
    assert not is_ending(day, None)


@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("level", LEVELS)
@pytest.mark.parametrize("own", LEVELS)
def test_a_clause_never_asks_less_than_what_it_covers_and_for_a_field_always_more(
    level: Confidentiality, own: Confidentiality, whole: bool
) -> None:
    found = {violation.code for violation in level_violations(level, set(Confidentiality), own, whole=whole)}
    if level not in CLAUSE_LEVELS:
        assert found == {"level_not_allowed"}
    else:
        adds = below(own, level) or (whole and own == level)
        assert found == (set() if adds else {"covers_nothing_more"})


def test_nobody_closes_their_own_clause_to_themselves() -> None:
    active = {"public", "network", "active"}
    [violation] = level_violations("core", active, None, whole=False)
    assert violation.code == "level_above_yours"
    assert level_violations("active", active, None, whole=False) == []


@given(levels=st.lists(st.sampled_from(LEVELS), min_size=3, max_size=3).map(sorted))
def test_a_clause_that_ends_first_hands_over_what_it_found_and_nothing_else(levels: list[Confidentiality]) -> None:
    found, first, other = levels
    mine = [{"id": "a", "level": str(found)}]
    # The other found the object at the level of the first, or at its own level and raised nothing.
    assert handed_over(mine, of=first, to=[{"id": "a", "level": str(first)}]) == mine
    assert handed_over(mine, of=first, to=[]) == mine
    if other != first:
        kept = [{"id": "a", "level": str(other)}]
        assert handed_over(mine, of=first, to=kept) == kept
