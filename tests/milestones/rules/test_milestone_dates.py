"""A calendar in order, and what a delay does to the rest."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from milestones.rules.milestone_dates import (
    MilestoneFacts,
    completion_violations,
    dependency_violations,
    find_cycle,
    forecast,
    reschedule_violations,
)

TODAY = date(2026, 11, 22)


def day(number: int) -> date:
    return TODAY + timedelta(days=number)


def milestone(ref, due, *, baseline=None, done=None, after=()):
    return MilestoneFacts(
        ref, day(due), day(due if baseline is None else baseline), None if done is None else day(done), tuple(after)
    )


def codes(violations):
    return [(violation.code, violation.pointer) for violation in violations]


@pytest.mark.parametrize(
    ("after", "found"),
    [
        (["a"], []),
        (["a", "b"], []),
        (["same"], []),
        (["c"], [("depends_on_itself", "/depends_on/0")]),
        (["x"], [("unknown_dependency", "/depends_on/0")]),
        (["late"], [("due_before_dependency", "/due_on")]),
        (["a", "waits"], [("due_before_dependency", "/due_on"), ("dependency_cycle", "/depends_on")]),
    ],
)
def test_a_milestone_depends_on_earlier_ones_that_do_not_wait_for_it(after, found):
    others = [
        milestone("a", 10),
        milestone("b", 20, after=["a"]),
        milestone("late", 31),
        milestone("same", 30),
        milestone("waits", 40, after=["c"]),
    ]

    assert codes(dependency_violations(milestone("c", 30, after=after), others)) == found


def test_a_cycle_is_named_step_by_step():
    circle = [
        milestone("a", 1, after=["b"]),
        milestone("b", 1, after=["c"]),
        milestone("c", 1, after=["a"]),
        milestone("d", 1),
    ]

    found = find_cycle(circle)

    assert found[0] == found[-1]
    assert set(found) == {"a", "b", "c"}
    assert find_cycle(circle[:2]) == ()
    assert find_cycle([milestone("a", 1, after=["a"])]) == ("a", "a")


def test_two_ways_to_the_same_milestone_are_no_cycle():
    diamond = [
        milestone("a", 1),
        milestone("b", 1, after=["a"]),
        milestone("c", 1, after=["a"]),
        milestone("d", 1, after=["b", "c"]),
    ]

    assert find_cycle(diamond) == ()


def test_a_very_long_chain_is_walked_without_falling():
    chain = [milestone(str(n), n, after=[str(n - 1)] if n else []) for n in range(5000)]

    assert find_cycle(chain) == ()
    assert forecast(chain, at=day(10))["4999"].on == day(5009)


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({}, []),
        ({"reason": " "}, [("reason_missing", "/reason")]),
        ({"due_on": day(30)}, [("date_unchanged", "/due_on")]),
        ({"due_on": TODAY}, [("due_before_dependency", "/due_on")]),
        ({"due_on": day(-1)}, [("due_date_past", "/due_on"), ("due_before_dependency", "/due_on")]),
        ({"due_on": day(9), "reason": ""}, [("reason_missing", "/reason"), ("due_before_dependency", "/due_on")]),
        ({"due_on": day(10)}, []),
    ],
)
def test_a_date_moves_with_a_reason_and_stays_in_order(changes, found):
    moved = milestone("c", 30, after=["a"])
    act = {"due_on": day(45), "reason": "Le formateur est parti.", "today": TODAY} | changes

    assert codes(reschedule_violations(moved, [milestone("a", 10), milestone("b", 20)], **act)) == found


def test_what_is_done_is_not_rescheduled():
    moved = milestone("c", 30, done=-3)

    assert codes(reschedule_violations(moved, [], due_on=day(40), reason="x", today=TODAY)) == [("already_done", "")]


@pytest.mark.parametrize(
    ("completed", "started", "dependency_done", "found"),
    [
        (0, None, -1, []),
        (0, 0, -1, []),
        (1, None, -1, ["in_future"]),
        (-2, -1, -1, ["before_start"]),
        (0, None, None, ["dependency_not_done"]),
        (2, 3, None, ["in_future", "before_start", "dependency_not_done"]),
    ],
)
def test_a_milestone_is_done_after_what_it_needs(completed, started, dependency_done, found):
    others = [milestone("a", 10, done=dependency_done), milestone("other", 10)]

    violations = completion_violations(
        milestone("c", 30, after=["a"]),
        others,
        completed_on=day(completed),
        today=TODAY,
        started_on=None if started is None else day(started),
    )

    assert [violation.code for violation in violations] == found


def test_a_delay_pushes_what_waits_for_it_by_the_planned_interval():
    plan = [
        milestone("done", -30, done=-25),
        milestone("late", -10, after=["done"]),
        milestone("next", 5, after=["late"]),
        milestone("free", 5),
    ]

    found = forecast(plan, at=TODAY)

    assert [(f.ref, f.on, f.slip_days, f.because, f.done) for f in found.values()] == [
        ("done", day(-25), 5, None, True),
        ("late", day(0), 10, None, False),
        ("next", day(15), 10, "late", False),
        ("free", day(5), 0, None, False),
    ]


def test_a_milestone_already_moved_is_not_pushed_twice_and_keeps_its_first_promise():
    plan = [milestone("late", 10, baseline=0), milestone("next", 30, baseline=20, after=["late"])]

    found = forecast(plan, at=TODAY)["next"]

    assert (found.on, found.slip_days, found.baseline_slip_days) == (day(30), 0, 10)


def test_what_depends_on_something_promised_later_is_not_foreseen_before_it():
    plan = [milestone("late", 10, baseline=20), milestone("next", 12, baseline=5, after=["late"])]

    assert forecast(plan, at=day(30))["next"].on == day(30)
    assert forecast(plan, at=TODAY)["next"].on == day(12)


def test_what_is_done_today_is_done_and_what_will_be_is_not():
    plan = [milestone("today", 5, done=0), milestone("announced", 5, done=3)]

    assert [found.done for found in forecast(plan, at=TODAY).values()] == [True, False]


def test_a_refusal_tells_the_day_on_which_the_dependency_was_really_done():
    moved, done = milestone("c", 30, after=["a"]), milestone("a", 10, done=12)

    found = reschedule_violations(moved, [done], due_on=day(11), reason="x", today=TODAY)

    assert str(found[0].detail) == "Le jalon dont il dépend est prévu le 4 décembre 2026."


def test_a_cycle_that_slipped_in_does_not_break_the_reading():
    found = forecast(
        [milestone("a", 1, after=["b"]), milestone("b", 2, after=["a"]), milestone("c", 3, after=["a"])], at=TODAY
    )

    assert set(found) == {"a", "b", "c"}


dated = st.lists(
    st.tuples(st.integers(-50, 50), st.integers(-50, 50), st.none() | st.integers(-60, 0)), min_size=1, max_size=8
)


@given(dated, st.randoms(use_true_random=False))
def test_open_milestones_are_never_foreseen_in_the_past_nor_before_what_they_need(dates, random):
    plan = [
        milestone(str(n), due, baseline=baseline, done=done, after=[str(m) for m in range(n) if random.random() < 0.4])
        for n, (due, baseline, done) in enumerate(dates)
    ]
    shuffled = random.sample(plan, len(plan))

    found = forecast(shuffled, at=TODAY)

    for item in plan:
        if item.done_on is None:
            assert found[item.ref].on >= max(TODAY, item.due_on)
            assert all(found[item.ref].on >= found[ref].on for ref in item.depends_on)
        else:
            assert found[item.ref].on == item.done_on
    assert found == forecast(plan, at=TODAY)
