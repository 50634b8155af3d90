"""When a working group is silent, and how much meeting one person bears."""

import datetime as dt

from hypothesis import given
from hypothesis import strategies as st

from governance.rules.calendars import add_months
from governance.rules.working_groups import GroupMeeting, Seat, loads, silent_since

TODAY = dt.date(2026, 6, 30)
DAY = dt.timedelta(days=1)


@given(
    st.dates(dt.date(2020, 1, 1), dt.date(2030, 1, 1)),
    st.lists(st.integers(0, 400), max_size=5),
    st.integers(1, 12),
    st.integers(0, 900),
)
def test_a_group_is_silent_from_the_day_after_its_months_without_meeting(
    since: dt.date, offsets: list[int], months: int, later: int
) -> None:
    on = since + dt.timedelta(days=later)
    met = [since + dt.timedelta(days=offset) for offset in offsets]
    last = max([since, *(day for day in met if day <= on)])
    found = silent_since(since=since, met_on=met, months=months, on=on)
    assert (found is not None) == (on > add_months(last, months))
    assert found in {None, add_months(last, months)}


def test_a_meeting_to_come_breaks_no_silence() -> None:
    silent = silent_since(since=dt.date(2026, 1, 1), met_on=[TODAY + DAY], months=3, on=TODAY)
    assert silent == dt.date(2026, 4, 1)


def test_a_load_counts_groups_and_boards_of_today_and_the_meetings_of_three_months() -> None:
    since, ended = dt.date(2026, 1, 1), dt.date(2026, 4, 15)
    seats = [
        Seat("ana", "paie", since),
        Seat("ana", "achats", since),
        Seat("bob", "paie", since),
        Seat("bob", "achats", since, ended),
        Seat("zoe", "achats", TODAY + DAY),
    ]
    meetings = [
        # Only a number is known: all who sat that day, Bob included until he left.
        GroupMeeting("achats", ended),
        GroupMeeting("achats", ended + DAY),
        GroupMeeting("paie", TODAY, frozenset({"bob"})),
        # Three months ago and before, or still to come: not counted.
        GroupMeeting("paie", dt.date(2026, 3, 30)),
        GroupMeeting("paie", TODAY + DAY),
    ]
    found = loads(seats=seats, meetings=meetings, boards=["ana", "ana", "eve"], threshold=3, on=TODAY)
    told = {load.person: (load.groups, load.meetings, load.boards, load.total, load.is_over) for load in found}
    assert told == {"ana": (2, 2, 2, 4, True), "bob": (1, 2, 0, 1, False), "eve": (0, 0, 1, 1, False)}
    assert next(load.person for load in found) == "ana"


def test_three_meetings_in_three_months_weigh_one_group_more() -> None:
    meetings = [GroupMeeting("paie", TODAY - index * DAY, frozenset({"ana"})) for index in range(3)]
    (load,) = loads(seats=[], meetings=meetings, boards=[], threshold=1, on=TODAY)
    assert (load.meetings, load.total, load.is_over) == (3, 1, False)
    (more,) = loads(seats=[Seat("ana", "paie", TODAY)], meetings=meetings, boards=[], threshold=1, on=TODAY)
    assert more.is_over
