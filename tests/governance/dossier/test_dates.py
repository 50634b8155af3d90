"""Dates counted from the day of reference."""

import datetime as dt

import pytest

from governance.dossier.dates import read_date, read_instant, read_year, write_instant

REFERENCE = dt.date(2026, 3, 31)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2025-12-24", dt.date(2025, 12, 24)),
        ("D", dt.date(2026, 3, 31)),
        ("D-30", dt.date(2026, 3, 1)),
        ("D+14", dt.date(2026, 4, 14)),
        ("M-1", dt.date(2026, 2, 28)),
        ("M+1", dt.date(2026, 4, 30)),
        ("M-3", dt.date(2025, 12, 31)),
        ("M-3/1", dt.date(2025, 12, 1)),
        ("M+12/15", dt.date(2027, 3, 15)),
    ],
)
def test_an_offset_names_a_day(text: str, expected: dt.date) -> None:
    assert read_date(text, REFERENCE) == expected


@pytest.mark.parametrize("text", ["M-1/30", "2026-02-29", "D+99999999", "M-99999"])
def test_an_offset_that_names_no_day_is_refused(text: str) -> None:
    with pytest.raises((ValueError, OverflowError)):
        read_date(text, REFERENCE)


def test_years_and_instants_are_counted_too() -> None:
    assert (read_year("Y-2", REFERENCE), read_year("Y", REFERENCE), read_year("1998", REFERENCE)) == (2024, 2026, 1998)
    moment = read_instant("D-1T09:30:00+02:00", REFERENCE)
    assert moment == dt.datetime(2026, 3, 30, 7, 30, tzinfo=dt.UTC)
    assert write_instant(moment) == "2026-03-30T07:30:00Z"
