"""The vectors of domain.md 1.7, as data, and the cases around them."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from coopproject.exceptions import InvalidInput
from governance.rules.calendars import SiteCalendar
from governance.rules.consultation_deadlines import (
    AgreedDelay,
    ConsultationFacts,
    DeadlinePolicy,
    DeadlineStatus,
    JudgeOrder,
    Opinion,
    OpinionKind,
    WeekendExtension,
    day_limit,
    deadline,
    earliest_decision_on,
    regime_for,
    too_early,
)


def day(text: str) -> date:
    return date.fromisoformat(text)


def facts(start: str | None, **given: Any) -> ConsultationFacts:
    return ConsultationFacts(information_delivered_on=day(start) if start else None, **given)


def codes(facts: ConsultationFacts, decided_on: str, **given: Any) -> list[str]:
    return [violation.code for violation in too_early(facts, day(decided_on), **given)]


FAVOURABLE = Opinion(OpinionKind.FAVOURABLE, day("2026-03-20"))
UNFAVOURABLE = Opinion(OpinionKind.UNFAVOURABLE, day("2026-03-20"))

# id, start, other input, nominal, extended, act from
VECTORS: list[tuple[str, str, dict[str, Any], str, str, str]] = [
    ("D01", "2026-03-02", {}, "2026-04-02", "2026-04-02", "2026-04-03"),
    ("D02", "2026-01-31", {}, "2026-02-28", "2026-03-02", "2026-03-03"),
    ("D03", "2028-01-31", {}, "2028-02-29", "2028-02-29", "2028-03-01"),
    ("D04", "2026-04-14", {}, "2026-05-14", "2026-05-15", "2026-05-16"),
    ("D06", "2026-03-08", {"expert": True}, "2026-05-08", "2026-05-11", "2026-05-12"),
    ("D07", "2026-10-01", {}, "2026-11-01", "2026-11-02", "2026-11-03"),
    ("D08", "2026-10-01", {"expert": True}, "2026-12-01", "2026-12-01", "2026-12-02"),
    ("D09", "2014-10-01", {"expert": True}, "2014-12-01", "2014-12-01", "2014-12-02"),
    ("D10", "2026-12-01", {"expert": True, "both_levels": True}, "2027-03-01", "2027-03-01", "2027-03-02"),
    ("D14", "2026-03-02", {"agreement": AgreedDelay(days=15)}, "2026-03-17", "2026-03-17", "2026-03-18"),
    (
        "D16",
        "2026-03-02",
        {"expert": True, "agreement": AgreedDelay(days=42)},
        "2026-04-13",
        "2026-04-13",
        "2026-04-14",
    ),
    ("D17", "2026-03-02", {"common_agreement_on": day("2026-05-07")}, "2026-05-07", "2026-05-07", "2026-05-08"),
    (
        "D19",
        "2026-03-02",
        {"judge": JudgeOrder(day("2026-04-03"), extended_to=day("2026-06-01"))},
        "2026-04-02",
        "2026-04-02",
        "2026-04-03",
    ),
    ("D20", "2026-03-02", {"opinion": FAVOURABLE}, "2026-04-02", "2026-04-02", "2026-03-20"),
    ("D21", "2026-03-02", {"opinion": UNFAVOURABLE}, "2026-04-02", "2026-04-02", "2026-03-20"),
    ("D26", "2028-11-26", {}, "2028-12-26", "2028-12-26", "2028-12-27"),
    ("D30", "2028-02-29", {}, "2028-03-29", "2028-03-29", "2028-03-30"),
]


TWO_MONTHS = {"agreement": AgreedDelay(months=2)}
LATE_IN_APRIL = JudgeOrder(day("2026-04-10"), day("2026-05-20"))

# Worked out by hand from the text of 1.5, where the tables have gaps: the days of rest, the ends of months, each site.
OF_OURS: list[tuple[str, str, dict[str, Any], str, str, str]] = [
    ("K-D05a 1 May, then a weekend", "2026-04-01", {}, "2026-05-01", "2026-05-04", "2026-05-05"),
    ("K-D05b Easter Monday", "2026-03-06", {}, "2026-04-06", "2026-04-07", "2026-04-08"),
    ("K-D05c the Saturday before Easter", "2026-03-04", {}, "2026-04-04", "2026-04-07", "2026-04-08"),
    ("K-D05d Whit Monday", "2026-04-25", {}, "2026-05-25", "2026-05-26", "2026-05-27"),
    ("K-D05e New Year, a Friday", "2026-12-01", {}, "2027-01-01", "2027-01-04", "2027-01-05"),
    ("K-D05f a holiday on a Saturday", "2026-07-15", {}, "2026-08-15", "2026-08-17", "2026-08-18"),
    ("K-D05g no 31 April", "2026-03-31", {}, "2026-04-30", "2026-04-30", "2026-05-01"),
    ("K-D05h no 30 February", "2026-01-30", {}, "2026-02-28", "2026-03-02", "2026-03-03"),
    ("K-D05i 28 stays 28", "2026-02-28", {}, "2026-03-28", "2026-03-30", "2026-03-31"),
    ("K-D05j no 31 February, expert", "2026-12-31", {"expert": True}, "2027-02-28", "2027-03-01", "2027-03-02"),
    ("K-D05k leap year, expert", "2027-12-31", {"expert": True}, "2028-02-29", "2028-02-29", "2028-03-01"),
    ("K-D11a both levels, no expert", "2026-12-02", {"both_levels": True}, "2027-01-02", "2027-01-04", "2027-01-05"),
    (
        "K-D11b both levels, no 30 February",
        "2026-11-30",
        {"expert": True, "both_levels": True},
        "2027-02-28",
        "2027-03-01",
        "2027-03-02",
    ),
    (
        "K-D12 the notice comes later",
        "2026-03-02",
        {"bdese_notice_on": day("2026-03-10")},
        "2026-04-10",
        "2026-04-10",
        "2026-04-11",
    ),
    ("K-D15a two months agreed", "2026-03-02", TWO_MONTHS, "2026-05-02", "2026-05-04", "2026-05-05"),
    (
        "K-D15b 26 days agreed, a Saturday",
        "2026-03-02",
        {"agreement": AgreedDelay(days=26)},
        "2026-03-28",
        "2026-03-30",
        "2026-03-31",
    ),
    (
        "K-D18a a judge fixes Ascension",
        "2026-03-02",
        {"judge": JudgeOrder(day("2026-04-02"), day("2026-05-14"))},
        "2026-05-14",
        "2026-05-15",
        "2026-05-16",
    ),
    (
        "K-D18b seized while a common accord holds",
        "2026-03-02",
        {"common_agreement_on": day("2026-04-20"), "judge": LATE_IN_APRIL},
        "2026-05-20",
        "2026-05-20",
        "2026-05-21",
    ),
    (
        "K-D18c seized while a suspension holds",
        "2026-03-02",
        {"suspended_days": 12, "judge": LATE_IN_APRIL},
        "2026-06-01",
        "2026-06-01",
        "2026-06-02",
    ),
    (
        "K-D18d seized after the suspension",
        "2026-03-02",
        {"suspended_days": 7, "judge": LATE_IN_APRIL},
        "2026-04-09",
        "2026-04-09",
        "2026-04-10",
    ),
    (
        "K-D24 suspended over the end",
        "2026-03-02",
        {"expert": True, "suspended_days": 20},
        "2026-05-22",
        "2026-05-22",
        "2026-05-23",
    ),
    *(
        (f"K-D27 {calendar.value}", start, {"calendar": calendar}, nominal, extended, act_from)
        for calendar, start, nominal, extended, act_from in (
            # 26 December 2028 (D26 is the same day elsewhere); Good Friday, then the weekend and the Monday of Easter.
            (SiteCalendar.ALSACE_MOSELLE, "2028-11-26", "2028-12-26", "2028-12-27", "2028-12-28"),
            (SiteCalendar.ALSACE_MOSELLE, "2026-03-03", "2026-04-03", "2026-04-07", "2026-04-08"),
            # The abolition of slavery; in Martinique in 2026 a Friday before Whit Monday.
            (SiteCalendar.MARTINIQUE, "2026-04-22", "2026-05-22", "2026-05-26", "2026-05-27"),
            (SiteCalendar.GUADELOUPE, "2026-04-27", "2026-05-27", "2026-05-28", "2026-05-29"),
            (SiteCalendar.GUYANE, "2026-05-10", "2026-06-10", "2026-06-11", "2026-06-12"),
            (SiteCalendar.REUNION, "2027-11-20", "2027-12-20", "2027-12-21", "2027-12-22"),
            (SiteCalendar.MAYOTTE, "2026-03-27", "2026-04-27", "2026-04-28", "2026-04-29"),
            (SiteCalendar.SAINT_BARTHELEMY, "2026-09-09", "2026-10-09", "2026-10-12", "2026-10-13"),
            (SiteCalendar.SAINT_MARTIN, "2026-04-28", "2026-05-28", "2026-05-29", "2026-05-30"),
        )
    ),
]
ROWS = VECTORS + OF_OURS


@pytest.mark.parametrize(
    ("start", "given", "nominal", "extended", "act_from"), [row[1:] for row in ROWS], ids=[row[0] for row in ROWS]
)
def test_the_limit_is_that_of_the_vector(
    start: str, given: dict[str, Any], nominal: str, extended: str, act_from: str
) -> None:
    limit = deadline(facts(start, **given))
    assert (limit.nominal, limit.extended, limit.act_from) == (day(nominal), day(extended), day(act_from))
    assert limit.status is DeadlineStatus.RUNNING


@pytest.mark.parametrize(
    ("start", "act_from"),
    [("2026-01-31", "2026-03-01"), ("2026-04-14", "2026-05-15"), ("2026-10-01", "2026-11-02")],
    ids=["D02", "D04", "D07"],
)
def test_the_nominal_policy_waits_for_no_working_day(start: str, act_from: str) -> None:
    policy = DeadlinePolicy(weekend_extension=WeekendExtension.NOMINAL)
    assert earliest_decision_on(facts(start), policy) == day(act_from)


def test_the_body_is_told_the_nominal_date_unless_the_extended_one_binds_both() -> None:
    answer_by = {
        weekend: deadline(facts("2026-10-01"), DeadlinePolicy(weekend_extension=weekend)).answer_by
        for weekend in WeekendExtension
    }
    assert answer_by == {
        WeekendExtension.PRUDENT: day("2026-11-01"),
        WeekendExtension.NOMINAL: day("2026-11-01"),
        WeekendExtension.EXTENDED: day("2026-11-02"),
    }


def test_d09_is_counted_under_the_regime_of_its_day() -> None:
    assert deadline(facts("2014-10-01", expert=True)).regime_id == "CE_2013"


def test_d10_establishments_answer_seven_days_before() -> None:
    limit = deadline(facts("2026-12-01", expert=True, both_levels=True))
    assert limit.establishment_due_on == day("2027-02-22")
    assert deadline(facts("2026-12-01", expert=True)).establishment_due_on is None


@pytest.mark.parametrize(
    ("start", "due_on"), [("2015-03-02", None), ("2016-06-30", None), ("2016-07-01", "2016-07-25")]
)
def test_establishments_have_a_date_since_2016_07_01(start: str, due_on: str | None) -> None:
    assert deadline(facts(start, both_levels=True)).establishment_due_on == (day(due_on) if due_on else None)


def test_d22_a_clock_that_never_started_never_allows_a_decision() -> None:
    waiting = facts("2026-03-02", bdese_required=True)
    limit = deadline(waiting)
    assert (limit.status, limit.start, limit.nominal, limit.act_from) == ("clock_not_started", None, None, None)
    assert codes(waiting, "2099-01-01") == ["clock_not_started"]
    assert codes(facts(None, opinion=FAVOURABLE), "2099-01-01") == ["clock_not_started"]
    assert codes(facts("2026-03-02", information_complete=False), "2099-01-01") == ["clock_not_started"]


def test_d23_a_vote_before_the_end_is_refused_the_deadline_day_included() -> None:
    assert codes(facts("2026-03-02"), "2026-03-15") == ["decision_before_consultation"]
    assert codes(facts("2026-03-02"), "2026-04-02") == ["decision_before_consultation"]
    assert codes(facts("2026-03-02"), "2026-04-03") == []


def test_a_vote_is_accepted_the_day_of_an_opinion_and_not_the_day_before() -> None:
    given = facts("2026-03-02", opinion=UNFAVOURABLE)
    assert codes(given, "2026-03-20") == []
    assert codes(given, "2026-03-19") == ["decision_before_consultation"]


def test_d29_ten_days_to_challenge_run_past_the_easter_weekend() -> None:
    assert day_limit(day("2022-04-06"), 10) == (day("2022-04-16"), day("2022-04-19"))
    assert day_limit(day("2022-04-06"), 0) == (day("2022-04-06"), day("2022-04-06"))
    with pytest.raises(ValueError, match="negative"):
        day_limit(day("2022-04-06"), -1)


def test_good_friday_and_the_26th_of_december_extend_only_in_alsace_moselle() -> None:
    alsace = SiteCalendar.ALSACE_MOSELLE
    assert deadline(facts("2028-11-26", calendar=alsace)).extended == day("2028-12-27")
    assert deadline(facts("2026-03-03", calendar=alsace)).extended == day("2026-04-07")
    assert deadline(facts("2026-03-03")).extended == day("2026-04-03")


def test_the_clock_starts_with_the_later_of_information_and_notice() -> None:
    both = facts("2026-03-02", bdese_notice_on=day("2026-03-10"))
    assert both.start == day("2026-03-10")
    assert facts("2026-03-12", bdese_notice_on=day("2026-03-10")).start == day("2026-03-12")
    assert facts("2026-03-02").start == day("2026-03-02")
    assert facts(None, bdese_notice_on=day("2026-03-10"), bdese_required=True).start == day("2026-03-10")


def test_an_agreement_under_the_committees_regimes_has_a_floor_of_15_days() -> None:
    short = AgreedDelay(days=10)
    old, new = deadline(facts("2015-03-02", agreement=short)), deadline(facts("2026-03-02", agreement=short))
    assert (old.nominal, old.days) == (day("2015-03-17"), 15)
    assert "agreement_below_floor" in {reason.code for reason in old.reasons}
    assert (new.nominal, new.days) == (day("2026-03-12"), 10)


def test_an_agreement_in_months_ends_on_the_same_day_number() -> None:
    limit = deadline(facts("2026-01-31", expert=True, agreement=AgreedDelay(months=1)))
    assert (limit.nominal, limit.months, limit.days) == (day("2026-02-28"), 1, None)


def test_a_common_agreement_only_extends() -> None:
    assert deadline(facts("2026-03-02", common_agreement_on=day("2026-03-20"))).nominal == day("2026-04-02")


@pytest.mark.parametrize(
    ("seized_on", "extended_to", "nominal"),
    [
        ("2026-04-02", "2026-06-01", "2026-06-01"),
        ("2026-03-20", "2026-06-01", "2026-06-01"),
        ("2026-04-02", None, "2026-04-02"),
        ("2026-03-20", "2026-03-25", "2026-04-02"),
    ],
    ids=["last_day", "ruled_after_the_limit", "no_ruling_yet", "a_judge_never_shortens"],
)
def test_a_judge_seized_in_time_extends(seized_on: str, extended_to: str | None, nominal: str) -> None:
    order = JudgeOrder(day(seized_on), day(extended_to) if extended_to else None)
    assert deadline(facts("2026-03-02", judge=order)).nominal == day(nominal)


@pytest.mark.parametrize(
    ("policy", "nominal"),
    [
        (WeekendExtension.PRUDENT, "2026-02-28"),
        (WeekendExtension.NOMINAL, "2026-02-28"),
        (WeekendExtension.EXTENDED, "2026-04-15"),
    ],
)
def test_a_judge_is_seized_by_the_last_day_that_binds_the_body(policy: WeekendExtension, nominal: str) -> None:
    """D02 ends on a Saturday; seized on the Monday, which is its end where the extended day binds both."""
    order = JudgeOrder(day("2026-03-02"), day("2026-04-15"))
    limit = deadline(facts("2026-01-31", judge=order), DeadlinePolicy(weekend_extension=policy))
    assert limit.nominal == day(nominal)
    assert limit.answer_by == limit.nominal or policy is WeekendExtension.EXTENDED
    late = JudgeOrder(day("2026-03-03"), day("2026-04-15"))
    assert deadline(facts("2026-01-31", judge=late), DeadlinePolicy(weekend_extension=policy)).nominal == day(
        "2026-02-28"
    )


def test_a_suspension_that_the_policy_ignores_keeps_nothing_open_for_the_judge() -> None:
    suspended = facts("2026-03-02", suspended_days=12, judge=LATE_IN_APRIL)
    assert deadline(suspended, DeadlinePolicy(expert_challenge_suspends=False)).nominal == day("2026-04-02")


def test_a_challenged_expert_suspends_only_when_the_policy_says_so() -> None:
    suspended = facts("2026-03-02", expert=True, suspended_days=12)
    assert deadline(suspended).nominal == day("2026-05-14")
    assert deadline(suspended, DeadlinePolicy(expert_challenge_suspends=False)).nominal == day("2026-05-02")


def test_an_opinion_older_than_the_information_does_not_count() -> None:
    early = facts("2026-03-02", opinion=Opinion(OpinionKind.FAVOURABLE, day("2026-03-01")))
    limit = deadline(early)
    assert (limit.opinion_on, limit.act_from) == (None, day("2026-04-03"))


def test_an_opinion_after_the_deadline_delays_nothing() -> None:
    late = facts("2026-03-02", opinion=Opinion(OpinionKind.FAVOURABLE, day("2026-04-20")))
    limit = deadline(late)
    assert (limit.opinion_on, limit.act_from) == (None, day("2026-04-03"))


def test_a_recorded_refusal_leaves_the_limit_to_run_unless_the_policy_says_otherwise() -> None:
    refused = facts("2026-03-02", opinion=Opinion(OpinionKind.NO_POSITION, day("2026-03-20")))
    assert earliest_decision_on(refused) == day("2026-04-03")
    assert earliest_decision_on(refused, DeadlinePolicy(refusal_ends_consultation=True)) == day("2026-03-20")


@pytest.mark.parametrize(
    ("on", "elected_on", "regime"),
    [
        ("2013-12-29", None, None),
        ("2013-12-30", None, "CE_2013"),
        ("2015-12-31", None, "CE_2013"),
        ("2016-01-01", None, "CE_2016"),
        ("2017-12-31", "2017-06-01", "CE_2016"),
        ("2018-05-31", "2018-06-01", "CE_2016"),
        ("2018-06-01", "2018-06-01", "CSE_2018"),
        ("2019-12-31", None, "CE_2016"),
        ("2020-01-01", None, "CSE_2018"),
        ("2026-03-02", None, "CSE_2018"),
    ],
)
def test_the_regime_is_that_of_the_day_and_of_the_employer(on: str, elected_on: str | None, regime: str | None) -> None:
    found = regime_for(day(on), day(elected_on) if elected_on else None)
    assert (found.id if found else None) == regime


@pytest.mark.parametrize(
    ("start", "given", "months"),
    [
        ("2014-03-03", {}, 1),
        ("2014-03-03", {"expert": True}, 2),
        ("2014-03-03", {"chsct": True}, 3),
        ("2014-03-03", {"expert": True, "chsct": True, "chsct_coordination": True}, 4),
        ("2014-03-03", {"expert": True, "both_levels": True}, 2),
        ("2016-03-03", {"chsct_coordination": True}, 3),
        ("2026-03-03", {"both_levels": True}, 1),
        ("2026-03-03", {"expert": True, "both_levels": True}, 3),
        ("2026-03-03", {"chsct": True}, 1),
    ],
)
def test_each_regime_has_its_own_lengths(start: str, given: dict[str, Any], months: int) -> None:
    assert deadline(facts(start, **given)).months == months


def test_a_regime_frozen_at_opening_is_kept() -> None:
    assert deadline(facts("2020-02-03", chsct=True, regime_id="CE_2016")).months == 3


def test_a_consultation_older_than_every_known_regime_has_no_limit() -> None:
    old = facts("2012-03-02")
    assert deadline(old).status is DeadlineStatus.REGIME_UNKNOWN
    assert codes(old, "2026-01-01") == ["regime_unknown"]


def test_the_deemed_instant_is_midnight_at_the_site() -> None:
    assert deadline(facts("2026-03-02")).deemed_negative_at == datetime(2026, 4, 2, 22, tzinfo=UTC)
    reunion = deadline(facts("2026-03-02", calendar=SiteCalendar.REUNION))
    assert reunion.deemed_negative_at == datetime(2026, 4, 2, 20, tzinfo=UTC)


def test_every_flaw_of_the_facts_is_named_at_once() -> None:
    flawed = facts(
        "2026-03-02",
        agreement=AgreedDelay(days=0, months=2),
        suspended_days=-1,
        judge=JudgeOrder(day("2026-03-20"), day("2026-03-10")),
        opinion=Opinion(OpinionKind.DEEMED_NEGATIVE, day("2026-03-20")),
        common_agreement_on=day("9999-12-31"),
        regime_id="CSE_1900",
    )
    with pytest.raises(InvalidInput) as refused:
        deadline(flawed)
    assert [(violation.code, violation.pointer) for violation in refused.value.violations] == [
        ("agreement_unit", "/agreement"),
        ("agreement_length", "/agreement/days"),
        ("suspension_length", "/suspended_days"),
        ("judge_order_before_seizure", "/judge/extended_to"),
        ("deemed_negative_is_computed", "/opinion/kind"),
        ("regime_unknown", "/regime_id"),
        ("date_out_of_range", "/common_agreement_on"),
    ]


def test_a_clock_that_did_not_start_says_what_it_waits_for_under_the_policy_that_was_asked() -> None:
    asked = DeadlinePolicy(weekend_extension=WeekendExtension.NOMINAL)
    waits = {
        "BDESE": ConsultationFacts(information_delivered_on=day("2026-03-02"), bdese_required=True),
        "information complète": ConsultationFacts(
            information_delivered_on=day("2026-03-02"), information_complete=False, bdese_notice_on=day("2026-03-01")
        ),
    }
    for what, facts in waits.items():
        told = deadline(facts, asked)
        assert (told.status, told.policy) == (DeadlineStatus.CLOCK_NOT_STARTED, asked)
        assert what in str(told.reasons[0].detail)
    ancient = deadline(ConsultationFacts(information_delivered_on=day("2012-03-02")), asked)
    assert (ancient.status, ancient.policy) == (DeadlineStatus.REGIME_UNKNOWN, asked)
