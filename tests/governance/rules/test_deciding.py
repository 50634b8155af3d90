"""The last vote that counts stands; one held too early counts from its ratification only."""

import datetime as dt
from typing import Any
from uuid import UUID

import pytest

from governance.rules.deciding import CountedVote, Standing, options_adopted, standing

START = dt.date(2026, 3, 1)


def vote(held: int, result: str = "adopted", *, ratified: int | None = None, **fields: Any) -> CountedVote:
    on = None if ratified is None else START + dt.timedelta(days=ratified)
    return CountedVote(UUID(int=held + 100), START + dt.timedelta(days=held), result, ratified_on=on, **fields)


@pytest.mark.parametrize(
    ("votes", "on", "expected"),
    [
        ([], 9, Standing.MISSING),
        ([vote(1)], 1, Standing.ADOPTED),
        ([vote(1)], 0, Standing.MISSING),
        ([vote(1, "rejected")], 9, Standing.AGAINST),
        ([vote(1), vote(2, "rejected")], 9, Standing.AGAINST),
        ([vote(1), vote(2, "rejected")], 1, Standing.ADOPTED),
        ([vote(1, order=1), vote(1, "rejected", order=0)], 9, Standing.ADOPTED),
        ([vote(1, "no_quorum")], 9, Standing.NO_QUORUM),
        ([vote(1, "revote")], 9, Standing.UNDECIDED),
        ([vote(1), vote(2, "no_quorum")], 9, Standing.ADOPTED),
        ([vote(1, irregular=True)], 9, Standing.IRREGULAR),
        ([vote(1, "no_quorum", irregular=True)], 9, Standing.MISSING),
        ([vote(1, "no_quorum"), vote(2, irregular=True)], 9, Standing.IRREGULAR),
        ([vote(1, irregular=True, ratified=5)], 5, Standing.ADOPTED),
        ([vote(1, irregular=True, ratified=5)], 4, Standing.IRREGULAR),
        ([vote(1, irregular=True, ratified=5), vote(3, "rejected")], 9, Standing.ADOPTED),
        ([vote(1, "rejected"), vote(2, irregular=True)], 9, Standing.AGAINST),
    ],
)
def test_where_an_organ_stands_on_a_day(votes: list[CountedVote], on: int, expected: Standing) -> None:
    assert standing(votes, START + dt.timedelta(days=on))[0] is expected


def test_only_adopted_options_are_compared() -> None:
    one, other = UUID(int=1), UUID(int=2)
    stood = [
        (Standing.ADOPTED, vote(1, option=one)),
        (Standing.AGAINST, vote(1, option=other)),
        (Standing.MISSING, None),
    ]
    assert options_adopted(stood) == {one}
