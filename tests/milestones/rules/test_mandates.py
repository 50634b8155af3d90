"""A pilot acts under an accepted mandate, within its days and its ceiling."""

from dataclasses import replace
from datetime import date

import pytest

from milestones.rules.mandates import (
    MandateFacts,
    MandateState,
    acting_violations,
    ceiling_violations,
    in_force,
    load,
    overlap_violations,
    term_violations,
)

TODAY = date(2026, 11, 22)
MANDATE = MandateFacts("vae", "ana", date(2026, 1, 1), date(2026, 12, 31), MandateState.ACCEPTED, 240)


@pytest.mark.parametrize(
    ("day", "running"),
    [
        (date(2025, 12, 31), False),
        (date(2026, 1, 1), True),
        (date(2026, 12, 31), True),
        (date(2027, 1, 1), False),
    ],
)
def test_a_mandate_runs_from_its_first_to_its_last_day(day, running):
    assert in_force(MANDATE, at=day) is running


def test_a_mandate_without_term_runs_on():
    assert in_force(replace(MANDATE, until=None), at=date(2099, 1, 1))


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({}, None),
        ({"until": date(2026, 11, 21)}, "mandate_expired"),
        ({"until": TODAY}, None),
        ({"since": date(2026, 11, 23)}, "mandate_not_started"),
        ({"state": "proposed"}, "mandate_not_accepted"),
        ({"state": "suspended"}, "mandate_suspended"),
        ({"state": "ended"}, "mandate_ended"),
        ({"activity": "purchases"}, "no_mandate"),
        ({"person": "bob"}, "no_mandate"),
    ],
)
def test_only_a_pilot_in_office_acts_and_others_are_told_why_not(changes, code):
    mandates = [replace(MANDATE, **changes)]

    found = acting_violations(mandates, person="ana", activity="vae", at=TODAY)

    assert [violation.code for violation in found] == ([code] if code else [])


def test_one_mandate_in_force_is_enough_whatever_the_former_ones():
    mandates = [replace(MANDATE, state="ended"), replace(MANDATE, state="ended"), MANDATE]

    assert acting_violations(mandates, person="ana", activity="vae", at=TODAY) == ()
    assert len(acting_violations(mandates[:2], person="ana", activity="vae", at=TODAY)) == 1


@pytest.mark.parametrize(
    ("changes", "overlaps"),
    [
        ({"since": date(2027, 1, 1), "until": None}, False),
        ({"since": date(2026, 12, 31), "until": None}, True),
        ({"since": date(2025, 1, 1), "until": date(2025, 12, 31)}, False),
        ({"since": date(2025, 1, 1), "until": date(2026, 1, 1)}, True),
        ({"since": date(2025, 1, 1), "until": None}, True),
        ({"activity": "purchases"}, False),
        ({"state": "proposed"}, False),
        ({"state": "ended"}, False),
        ({"state": "suspended"}, True),
    ],
)
def test_an_activity_has_one_pilot_at_a_time(changes, overlaps):
    other = replace(MANDATE, **({"person": "bob"} | changes))

    found = overlap_violations(MANDATE, [other])

    assert [violation.code for violation in found] == (["mandate_overlap"] if overlaps else [])
    if other.state == MandateState.ACCEPTED:
        assert bool(overlap_violations(other, [MANDATE])) is overlaps


@pytest.mark.parametrize(
    ("ceiling", "already", "amount", "refused"),
    [
        (100_000, 0, 100_000, False),
        (100_000, 1, 100_000, True),
        (100_000, 100_000, 1, True),
        (100_000, 200_000, -5_000, False),
        (100_000, 200_000, 0, False),
        (0, 0, 1, True),
        (None, 10**9, 10**9, False),
    ],
)
def test_a_pilot_spends_up_to_the_ceiling_and_not_a_cent_more(ceiling, already, amount, refused):
    found = ceiling_violations(ceiling, already=already, amount=amount)

    assert [violation.code for violation in found] == (["mandate_ceiling_exceeded"] if refused else [])


def test_the_refusal_says_the_amounts():
    found = ceiling_violations(100_000, already=99_999, amount=2)

    assert (
        str(found[0].detail)
        == "Le mandat autorise 1 000,00 € ; 999,99 € sont déjà engagés, il en faudrait 0,02 de plus."
    )


def test_the_load_is_what_is_promised_that_day_against_the_time_there_is():
    mandates = [
        MANDATE,
        replace(MANDATE, activity="purchases", minutes_per_week=90),
        replace(MANDATE, activity="later", since=date(2027, 1, 1), until=None),
        replace(MANDATE, activity="proposed", state="proposed"),
        replace(MANDATE, person="bob"),
        replace(MANDATE, activity="unknown", minutes_per_week=None),
    ]

    found = load(mandates, person="ana", at=TODAY, available=300)

    assert (found.promised, found.excess, found.unknown) == (330, 30, 1)
    assert load([], person="ana", at=TODAY, available=300).unknown == 0
    assert load(mandates, person="ana", at=TODAY, available=330).excess == 0


def test_an_availability_that_nobody_stated_is_not_zero():
    assert load([MANDATE], person="ana", at=TODAY, available=None).excess is None
    assert load([MANDATE], person="ana", at=TODAY, available=0).excess == 240


def test_a_mandate_ends_on_its_first_day_at_the_earliest():
    assert term_violations(TODAY, TODAY) == ()
    assert term_violations(TODAY, None) == ()
    assert [violation.code for violation in term_violations(TODAY, date(2026, 11, 21))] == ["term_before_start"]
