"""The deadline engine against a walker that knows only one day after the other, and what must always hold."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any, NamedTuple

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from governance.rules.calendars import SiteCalendar, is_public_holiday
from governance.rules.consultation_deadlines import (
    AgreedDelay,
    ConsultationFacts,
    DeadlinePolicy,
    JudgeOrder,
    Opinion,
    OpinionKind,
    WeekendExtension,
    deadline,
    too_early,
)

DAY = timedelta(days=1)
FIRST, LAST = date(2018, 1, 1), date(2028, 12, 31)
CALENDARS = [SiteCalendar.METROPOLE, SiteCalendar.ALSACE_MOSELLE, SiteCalendar.REUNION]
GIVEN_KINDS = [kind for kind in OpinionKind if kind not in {OpinionKind.DEEMED_NEGATIVE, OpinionKind.NO_POSITION}]

days = st.dates(FIRST, LAST)
lags = st.integers(min_value=-30, max_value=240).map(timedelta)


def walk_months(start: date, months: int) -> date:
    """The day before which the month changes once too often, or the same day number."""
    today, passed = start, 0
    while True:
        tomorrow = today + DAY
        if tomorrow.day == 1:
            if passed == months:
                return today
            passed += 1
        today = tomorrow
        if passed == months and today.day == start.day:
            return today


def walk_days(start: date, count: int) -> date:
    for _step in range(count):
        start += DAY
    return start


def walk_rest(day: date, calendar: SiteCalendar) -> date:
    while day.isoweekday() in {6, 7} or is_public_holiday(day, calendar):
        day += DAY
    return day


def walk(facts: ConsultationFacts, policy: DeadlinePolicy) -> tuple[date, date, date]:
    """(nominal, extended, first day on which a decision is accepted)."""
    known = [day for day in (facts.information_delivered_on, facts.bdese_notice_on) if day]
    start = sorted(known)[-1]
    if facts.agreement is None:
        months = 1
        if facts.expert:
            months = 3 if facts.both_levels else 2
        nominal = walk_months(start, months)
    elif facts.agreement.days is not None:
        nominal = walk_days(start, facts.agreement.days)
    else:
        nominal = walk_months(start, facts.agreement.months or 0)
    if facts.common_agreement_on and facts.common_agreement_on > nominal:
        nominal = facts.common_agreement_on
    suspended = facts.suspended_days if policy.expert_challenge_suspends else 0
    last = walk_days(nominal, suspended)
    if policy.weekend_extension is WeekendExtension.EXTENDED:
        last = walk_rest(last, facts.calendar)
    if facts.judge and facts.judge.extended_to and facts.judge.seized_on <= last and nominal < facts.judge.extended_to:
        nominal = facts.judge.extended_to
    nominal = walk_days(nominal, suspended)
    extended = walk_rest(nominal, facts.calendar)
    waited_for = nominal if policy.weekend_extension is WeekendExtension.NOMINAL else extended
    ends = {*GIVEN_KINDS, OpinionKind.NO_POSITION} if policy.refusal_ends_consultation else set(GIVEN_KINDS)
    today = start
    while True:
        if today > waited_for:
            return nominal, extended, today
        if facts.opinion and facts.opinion.given_on == today and facts.opinion.kind in ends:
            return nominal, extended, today
        today += DAY


@st.composite
def consultations(draw: st.DrawFn) -> ConsultationFacts:
    start = draw(days)

    def perhaps(strategy: st.SearchStrategy[Any]) -> Any:
        return draw(st.none() | strategy)

    near = lags.map(lambda lag: start + lag)
    seized_on = perhaps(near)
    ruling = perhaps(st.integers(0, 200))
    fixed_on = None if seized_on is None or ruling is None else seized_on + timedelta(ruling)
    notice = perhaps(near)
    return ConsultationFacts(
        information_delivered_on=start,
        bdese_notice_on=notice,
        bdese_required=notice is not None and draw(st.booleans()),
        expert=draw(st.booleans()),
        both_levels=draw(st.booleans()),
        agreement=perhaps(
            st.builds(AgreedDelay, days=st.integers(1, 120)) | st.builds(AgreedDelay, months=st.integers(1, 6))
        ),
        common_agreement_on=perhaps(near),
        judge=None if seized_on is None else JudgeOrder(seized_on, fixed_on),
        suspended_days=draw(st.integers(0, 60)),
        opinion=perhaps(st.builds(Opinion, st.sampled_from([*GIVEN_KINDS, OpinionKind.NO_POSITION]), near)),
        calendar=draw(st.sampled_from(CALENDARS)),
        cse_first_elected_on=FIRST,
        regime_id="CSE_2018",
    )


policies = st.builds(
    DeadlinePolicy,
    weekend_extension=st.sampled_from(WeekendExtension),
    expert_challenge_suspends=st.booleans(),
    refusal_ends_consultation=st.booleans(),
)


class Limit(NamedTuple):
    """The dates of a limit that runs."""

    start: date
    nominal: date
    extended: date
    answer_by: date
    deemed_on: date
    act_from: date


def running(facts: ConsultationFacts, policy: DeadlinePolicy) -> Limit:
    found = deadline(facts, policy)
    dates = (found.start, found.nominal, found.extended, found.answer_by, found.deemed_negative_on, found.act_from)
    known = [day for day in dates if day is not None]
    assert len(known) == len(dates)
    return Limit(*known)


@given(consultations(), policies)
def test_the_engine_agrees_with_the_walker(facts: ConsultationFacts, policy: DeadlinePolicy) -> None:
    limit = deadline(facts, policy)
    assert (limit.nominal, limit.extended, limit.act_from) == walk(facts, policy)


@given(days, st.sampled_from(CALENDARS), st.booleans(), st.booleans(), policies)
def test_the_plain_limits_of_ten_years_agree_with_the_walker(
    start: date, calendar: SiteCalendar, expert: bool, both_levels: bool, policy: DeadlinePolicy
) -> None:
    facts = ConsultationFacts(
        information_delivered_on=start,
        expert=expert,
        both_levels=both_levels,
        calendar=calendar,
        cse_first_elected_on=FIRST,
    )
    limit = deadline(facts, policy)
    assert (limit.nominal, limit.extended, limit.act_from) == walk(facts, policy)


@pytest.mark.parametrize("calendar", CALENDARS)
@pytest.mark.parametrize("weekend", WeekendExtension)
def test_every_start_of_ten_years_agrees_with_the_walker(calendar: SiteCalendar, weekend: WeekendExtension) -> None:
    policy = DeadlinePolicy(weekend_extension=weekend)
    start = FIRST
    while start <= LAST:
        # One, two and three months in turn.
        turn = start.toordinal() % 3
        facts = ConsultationFacts(
            information_delivered_on=start,
            calendar=calendar,
            expert=turn > 0,
            both_levels=turn > 1,
            cse_first_elected_on=FIRST,
        )
        limit = deadline(facts, policy)
        assert (limit.nominal, limit.extended, limit.act_from) == walk(facts, policy), facts
        start += DAY


@given(consultations(), policies)
def test_without_an_opinion_nobody_acts_on_or_before_the_nominal_date(
    facts: ConsultationFacts, policy: DeadlinePolicy
) -> None:
    limit = running(replace(facts, opinion=None), policy)
    assert limit.start < limit.nominal <= limit.extended
    assert limit.act_from > limit.nominal
    assert limit.act_from == limit.deemed_on + DAY


@given(consultations(), policies, st.sampled_from(GIVEN_KINDS), lags)
def test_an_opinion_never_delays_and_never_frees_before_the_information(
    facts: ConsultationFacts, policy: DeadlinePolicy, kind: OpinionKind, lag: timedelta
) -> None:
    silent = running(replace(facts, opinion=None), policy)
    given_on = silent.start + lag
    limit = running(replace(facts, opinion=Opinion(kind, given_on)), policy)
    assert silent.start <= limit.act_from <= silent.act_from
    assert (limit.nominal, limit.extended) == (silent.nominal, silent.extended)
    if lag >= timedelta():
        assert limit.act_from == min(given_on, silent.act_from)


@given(consultations(), policies)
def test_every_opinion_frees_alike_whatever_it_says(facts: ConsultationFacts, policy: DeadlinePolicy) -> None:
    assume(facts.opinion is not None)
    assert facts.opinion
    answers = {
        running(replace(facts, opinion=Opinion(kind, facts.opinion.given_on)), policy).act_from for kind in GIVEN_KINDS
    }
    assert len(answers) == 1


@given(consultations(), policies)
def test_an_agreement_of_both_a_ruling_or_a_suspension_never_brings_the_end_forward(
    facts: ConsultationFacts, policy: DeadlinePolicy
) -> None:
    limit = running(facts, policy)
    for change in ({"common_agreement_on": None}, {"judge": None}, {"suspended_days": 0}):
        plain = running(replace(facts, **change), policy)
        assert plain.nominal <= limit.nominal


@given(consultations())
def test_the_prudent_policy_waits_longest_and_answers_earliest(facts: ConsultationFacts) -> None:
    prudent, *others = (
        running(facts, DeadlinePolicy(weekend_extension=weekend))
        for weekend in (WeekendExtension.PRUDENT, WeekendExtension.NOMINAL, WeekendExtension.EXTENDED)
    )
    for other in others:
        assert prudent.answer_by <= other.answer_by
        if facts.opinion is None:
            assert prudent.act_from >= other.act_from


@given(consultations(), policies, lags)
def test_a_decision_is_refused_before_the_day_and_accepted_from_it(
    facts: ConsultationFacts, policy: DeadlinePolicy, lag: timedelta
) -> None:
    limit = running(facts, policy)
    decided_on = limit.act_from + lag
    codes = [violation.code for violation in too_early(facts, decided_on, policy)]
    assert codes == (["decision_before_consultation"] if lag < timedelta() else [])
