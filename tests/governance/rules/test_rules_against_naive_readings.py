"""The rules against a second, naive reading of the law, on inputs that nobody chose."""

import unicodedata
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from governance.rules.belonging import Period, role_violations
from governance.rules.calendars import add_months
from governance.rules.cse_votes import CseVote, vote_result, vote_violations
from governance.rules.exit_notice import earliest_exit, exit_violations
from governance.rules.headcount import ThresholdState, threshold_status
from governance.rules.identifiers import Identifiers, luhn, validate_siret
from governance.rules.regimes import load_regimes, regime_for

FIRST = date(2013, 12, 30)
DAYS = st.dates(FIRST, date(2045, 12, 31))


@given(DAYS, st.none() | st.dates(date(2015, 1, 1), date(2045, 12, 31)))
def test_every_day_has_one_regime_whenever_the_first_cse_was_elected(day: date, elected: date | None) -> None:
    if day < date(2016, 1, 1):
        expected = "CE_2013"
    elif day < date(2018, 1, 1) or (day < date(2020, 1, 1) and (elected is None or elected > day)):
        expected = "CE_2016"
    else:
        expected = "CSE_2018"
    found = regime_for(day, elected)
    assert found is not None
    assert found.id == expected


@given(st.dates(date(1, 1, 1), FIRST - timedelta(days=1)), st.none() | st.dates())
def test_no_regime_is_invented_for_the_days_before_the_first_one(day: date, elected: date | None) -> None:
    assert regime_for(day, elected) is None
    starts = [regime.valid_from for regime in load_regimes()]
    assert len(set(starts)) == len(starts), "the later of two regimes must be one"


# Two years and a half of months, some without a figure, close to the threshold on both sides.
START = date(2023, 1, 1)
VALUES = st.sampled_from([None, "0.00", "10.99", "11.00", "11.01", "49.99", "50.00"])
SERIES = st.lists(st.tuples(VALUES, st.integers(1, 16)), min_size=1, max_size=7).map(
    lambda runs: [value for value, length in runs for _month in range(length)][:30]
)


def _headcounts(values: list[str | None]) -> dict[date, Decimal]:
    months = {add_months(START, index): value for index, value in enumerate(values)}
    return {month: Decimal(value) for month, value in months.items() if value is not None}


def _window(known: dict[date, Decimal], last: date, threshold: int, above: bool) -> bool:
    """Whether the twelve months that end with `last` all have a figure, all at or above the threshold, or below."""
    figures = [known.get(add_months(last, -index)) for index in range(12)]
    return all(figure is not None and (figure >= threshold) is above for figure in figures)


@given(SERIES, st.sampled_from([11, 50]), st.lists(st.integers(0, 900), max_size=4), st.booleans())
def test_the_threshold_engine_agrees_with_whoever_looks_at_each_window_of_twelve_months(
    values: list[str | None], threshold: int, renewed: list[int], anytime: bool
) -> None:
    known, on = _headcounts(values), add_months(START, 30)
    renewals = [START + timedelta(days=number) for number in renewed]
    since = lost_on = None
    for index in range(31):
        month = add_months(START, index)
        if month > on:
            break
        days = [day for day in renewals if day.replace(day=1) == month and day <= on]
        loses = max(days, default=month if anytime else None)
        # A renewal looks at the twelve months before its own.
        if since and loses and _window(known, add_months(month, -1), threshold, above=False):
            since, lost_on = None, loses
        if since is None and _window(known, month, threshold, above=True):
            since, lost_on = month, None
    status = threshold_status(known, threshold, on, renewals=renewals, lost_without_renewal=anytime)
    assert (status.since, status.lost_on if known else None) == (since, lost_on)
    assert (status.state is ThresholdState.REACHED) is (since is not None)


@given(SERIES, st.sampled_from([11, 50]), st.data())
def test_what_is_said_not_reached_stays_so_whatever_the_missing_months_were(
    values: list[str | None], threshold: int, data: st.DataObject
) -> None:
    on = add_months(START, 30)
    status = threshold_status(_headcounts(values), threshold, on)
    figures = st.sampled_from(["0.00", "10.99", "11.00", "50.00"])
    filled = {month: Decimal(data.draw(figures)) for month in status.missing}
    after = threshold_status(_headcounts(values) | filled, threshold, on)
    if status.state is not ThresholdState.UNKNOWN:
        assert after.state is status.state or status.state is ThresholdState.REACHED
    if status.state is ThresholdState.REACHED:
        assert after.state is ThresholdState.REACHED


COUNTS = st.integers(-2, 12)


@given(present=COUNTS, votes_for=COUNTS, votes_against=COUNTS, votes_abstain=COUNTS, votes_blank=COUNTS)
def test_a_count_is_used_only_when_everybody_present_is_counted_once(**counts: int) -> None:
    present, votes = counts["present"], [value for name, value in counts.items() if name != "present"]
    usable = present > 0 and min(votes) >= 0 and sum(votes) == present
    ballot = CseVote(**counts)
    assert (vote_violations(ballot) == []) is usable
    if usable:
        assert vote_result(ballot).adopted is (counts["votes_for"] > present - counts["votes_for"])


@given(DAYS, DAYS, st.integers(0, 60), st.integers(0, 60))
def test_a_later_or_longer_notice_never_lets_one_go_earlier(one: date, other: date, few: int, many: int) -> None:
    (one, other), (few, many) = sorted((one, other)), sorted((few, many))
    assert one <= earliest_exit(one, few) <= earliest_exit(one, many) <= earliest_exit(other, many)
    assert (earliest_exit(one, few).year - one.year) * 12 + earliest_exit(one, few).month - one.month == few


@given(DAYS, st.integers(-40, 40), st.integers(1, 24))
def test_who_owes_a_notice_leaves_neither_without_it_nor_before_its_day(given_on: date, lag: int, months: int) -> None:
    exit_on = earliest_exit(given_on, months)
    left_on = exit_on + timedelta(days=lag)
    told: dict[str, Any] = {"left_on": left_on, "today": given_on, "months": months}
    running = [found.code for found in exit_violations(**told, notice_exit_on=exit_on, waived=False)]
    assert running == ([] if lag >= 0 else ["notice_running"])
    assert [found.code for found in exit_violations(**told, notice_exit_on=None, waived=False)] == ["notice_missing"]


_INDEXES = st.integers(0, 30)


@given(_INDEXES, st.none() | _INDEXES, st.lists(st.tuples(_INDEXES, st.none() | _INDEXES), max_size=3))
def test_a_role_for_an_organisation_is_lived_whole_within_one_membership(
    since: int, length: int | None, members: list[tuple[int, int | None]]
) -> None:
    """Each day of the role one by one, over a horizon beyond every end; an open end reaches it."""
    horizon = 100

    def days(start: int, lasts: int | None) -> set[int]:
        return set(range(start, horizon if lasts is None else start + lasts + 1))

    def period(start: int, lasts: int | None) -> Period:
        day = FIRST + timedelta(days=start)
        return Period(day, None if lasts is None else day + timedelta(days=lasts))

    found = role_violations(
        period=period(since, length),
        needs_membership=True,
        memberships=[period(*member) for member in members],
        same_roles=[],
    )
    allowed = any(days(since, length) <= days(*member) for member in members)
    assert ([violation.code for violation in found] == []) is allowed


SPACES = st.sampled_from([" ", "\u00a0", "\u202f", "\u2009", "\u200b", "\t", "\n", "\ufeff"])
TYPED = st.text(st.one_of(st.characters(), SPACES, st.sampled_from("0123456789W９٣²")), max_size=20)


@given(TYPED, TYPED, TYPED, TYPED, TYPED)
def test_what_passes_for_an_identifier_is_bare_ascii_and_cleans_to_itself(
    siren: str, siret: str, rna: str, naf: str, idcc: str
) -> None:
    given_values = {"siren": siren, "siret": siret, "rna": rna, "naf": naf, "idcc": idcc}
    cleaned = Identifiers.cleaned(**given_values)
    again = Identifiers.cleaned(**{name: getattr(cleaned, name) for name in given_values})
    assert again == cleaned
    wrong = {violation.pointer for violation in cleaned.violations()}
    for name in given_values:
        value = getattr(cleaned, name)
        if value and f"/{name}" not in wrong:
            assert value.isascii()
            assert value.isalnum()
            assert value == value.upper()


@given(st.integers(1, 99_999_999), st.integers(1, 9_999), st.lists(st.tuples(st.integers(0, 20), SPACES), max_size=6))
def test_a_siret_typed_with_any_spaces_brings_its_siren_and_one_digit_wrong_is_seen(
    number: int, site: int, spaces: list[tuple[int, str]]
) -> None:
    siren = next(whole for key in "0123456789" if luhn(whole := f"{number:08d}{key}"))
    siret = next(whole for key in "0123456789" if luhn(whole := f"{siren}{site:04d}{key}"))
    typed = siret
    for position, space in spaces:
        typed = typed[:position] + space + typed[position:]
    cleaned = Identifiers.cleaned(siret=typed)
    assert (cleaned.siren, cleaned.siret, cleaned.violations()) == (siren, siret, [])
    spoiled = siret[:5] + str((int(siret[5]) + 1) % 10) + siret[6:]
    assert validate_siret(spoiled)
    wide = "".join(unicodedata.lookup(f"FULLWIDTH DIGIT {_NAMES[int(digit)]}") for digit in siret)
    assert [found.code for found in Identifiers.cleaned(siret=wide).violations()] == ["siret_format"]


_NAMES = ("ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE")


@given(st.integers(0, 99_999), st.integers(0, 4))
def test_an_idcc_is_the_same_with_or_without_its_leading_zeros(number: int, zeros: int) -> None:
    typed = "0" * zeros + str(number)
    cleaned = Identifiers.cleaned(rna="W691234567", idcc=typed)
    assert (cleaned.violations() == []) is (number > 0 and len(typed) <= 4)
    if len(typed) <= 4:
        assert cleaned.idcc == f"{number:04d}"
