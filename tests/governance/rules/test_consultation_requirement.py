"""What a step needs from each employer's staff body: the vectors of domain.md 1.7 and the whole table of 1.4."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from coopproject.exceptions import InvalidInput
from governance.rules.calendars import add_months
from governance.rules.consultation_requirement import (
    CseStatus,
    EmployerFacts,
    Impact,
    Requirement,
    RequirementPolicy,
    requirement,
)
from governance.rules.headcount import AdhocDeferral, SizeClass, SizeOverride, enterprise_headcounts
from governance.rules.regimes import Confidence
from governance.rules.requirement_facts import BranchAgreement, record_violations

ON = date(2026, 11, 22)
ORG = [Impact.ORG_OR_MANAGEMENT]


def year(value: str, *, last: date = date(2026, 10, 1), count: int = 12) -> dict[date, Decimal]:
    return {add_months(last, -index): Decimal(value) for index in range(count)}


def employer(headcount: str | None, cse: CseStatus = CseStatus.NONE, **given: Any) -> EmployerFacts:
    return EmployerFacts(headcounts={} if headcount is None else year(headcount), cse_status=cse, **given)


def ask(facts: EmployerFacts, impacts: Iterable[Impact] = ORG, **given: Any) -> Requirement:
    return requirement(facts, impacts, ON, **given)


def code(facts: EmployerFacts, impacts: Iterable[Impact] = ORG, **given: Any) -> str:
    return ask(facts, impacts, **given).code.value


ELECTED, CARENCE = CseStatus.ELECTED, CseStatus.CARENCE
SITES = enterprise_headcounts([year("25"), year("15"), year("24")])
FALLEN = year("55", last=date(2025, 10, 1)) | year("48")
RENEWED = date(2026, 11, 5)

VECTORS: list[tuple[str, EmployerFacts, list[Impact], str]] = [
    ("R01", employer("8.0"), [Impact.STAFF_VOLUME], "no_body"),
    ("R02", employer("10.9"), ORG, "no_body"),
    ("R03", employer("11.0"), ORG, "body_missing"),
    ("R05", employer("32", ELECTED), ORG, "inform_recommended"),
    ("R06", employer("32", ELECTED), [Impact.STAFF_LENDING_OUT], "consult_specific"),
    ("R08", employer("50.0", ELECTED), ORG, "consult_required"),
    ("R10", EmployerFacts(headcounts=SITES, cse_status=ELECTED), ORG, "consult_required"),
    (
        "R12",
        EmployerFacts(headcounts=FALLEN, cse_status=ELECTED, mandate_started_on=RENEWED),
        ORG,
        "inform_recommended",
    ),
    ("R13", employer("120", ELECTED), [], "consult_to_assess"),
    ("R14", employer("0"), ORG, "not_applicable"),
]


@pytest.mark.parametrize(
    ("facts", "impacts", "expected"), [row[1:] for row in VECTORS], ids=[row[0] for row in VECTORS]
)
def test_the_answer_is_that_of_the_vector(facts: EmployerFacts, impacts: list[Impact], expected: str) -> None:
    assert code(facts, impacts) == expected


BLOCKING = {"consult_required", "consult_specific", "consult_by_agreement", "consult_to_assess", "headcount_unknown"}


@pytest.mark.parametrize("facts", [row[1] for row in VECTORS], ids=[row[0] for row in VECTORS])
@pytest.mark.parametrize("impacts", [[], ORG, [Impact.STAFF_LENDING_IN]], ids=["none", "org", "lending_in"])
def test_an_answer_explains_itself_cites_the_law_and_blocks_only_for_a_consultation(
    facts: EmployerFacts, impacts: list[Impact]
) -> None:
    found = ask(facts, impacts)
    assert found.explanation.endswith(".")
    assert found.legal_ref.startswith("C. trav. L")
    assert found.blocks == (found.code.value in BLOCKING)
    assert bool(found.configurable) == (not found.confidence.settled)


@pytest.mark.parametrize("impact", list(Impact))
def test_any_effect_on_an_employer_of_fifty_requires_the_consultation(impact: Impact) -> None:
    assert code(employer("50", ELECTED), [impact]) == "consult_required"


def test_one_below_fifty_is_enough_not_to_be_required() -> None:
    assert code(employer("49.99", ELECTED)) == "inform_recommended"
    assert code(employer("49.99", ELECTED), []) == "inform_recommended"


def test_the_environment_counts_since_2021_08_25() -> None:
    headcounts = year("60", last=date(2021, 7, 1))
    facts = EmployerFacts(headcounts=headcounts, cse_status=ELECTED)
    before, after = (requirement(facts, [Impact.ENVIRONMENT], date(2021, 8, day)) for day in (24, 25))
    assert (before.code, after.code) == ("consult_to_assess", "consult_required")


@pytest.mark.parametrize(
    ("on", "elected_on", "law", "confidence"),
    [
        ("2014-10-01", "2019-06-03", "C. trav. L2323-6", "B"),
        ("2017-12-31", "2019-06-03", "C. trav. L2323-1", "B"),
        ("2019-06-02", "2019-06-03", "C. trav. L2323-1", "B"),
        ("2019-06-03", "2019-06-03", "C. trav. L2312-8 et L2312-14", "A"),
        ("2020-01-01", None, "C. trav. L2312-8 et L2312-14", "A"),
    ],
)
def test_the_duty_is_that_of_the_law_of_the_day_even_before_the_first_cse(
    on: str, elected_on: str | None, law: str, confidence: str
) -> None:
    """D09, D15: an employer of fifty had a works committee, whose consultation the decision had to wait for."""
    day = date.fromisoformat(on)
    elected = date.fromisoformat(elected_on) if elected_on else None
    facts = EmployerFacts(
        headcounts=year("60", last=add_months(day.replace(day=1), -1), count=30),
        cse_status=ELECTED,
        cse_first_elected_on=elected,
    )
    found, without = requirement(facts, ORG, day), requirement(facts, [], day)
    assert (found.code, found.legal_ref, found.confidence) == ("consult_required", law, confidence)
    assert (without.code, without.legal_ref.startswith(f"{law} ;")) == ("consult_to_assess", True)


def test_minutes_of_carence_document_the_absence_until_they_lapse() -> None:
    recent = employer("60", CARENCE, carence_on=date(2022, 11, 23))
    old = employer("60", CARENCE, carence_on=date(2022, 11, 22))
    assert [code(recent), code(old)] == ["body_absent_documented", "body_missing"]
    assert code(old, policy=RequirementPolicy(carence_validity_months=None)) == "body_absent_documented"
    assert code(employer(None, CARENCE, carence_on=date(2025, 1, 6))) == "body_absent_documented"
    assert code(employer("8", CARENCE, carence_on=date(2025, 1, 6))) == "no_body"


def test_minutes_of_carence_say_their_day_or_that_it_is_not_known() -> None:
    dated, undated = ask(employer("60", CARENCE, carence_on=date(2025, 3, 3))), ask(employer("60", CARENCE))
    assert (dated.code, undated.code) == ("body_absent_documented", "body_absent_documented")
    assert "3 mars 2025" in dated.explanation
    assert "date inconnue" in undated.explanation


def test_lending_staff_is_submitted_to_the_body_of_the_lender_and_of_the_host() -> None:
    out, into = (
        ask(employer("32", ELECTED), [impact]) for impact in (Impact.STAFF_LENDING_OUT, Impact.STAFF_LENDING_IN)
    )
    assert (out.code, out.confidence, out.configurable) == ("consult_specific", Confidence.B, "")
    assert (into.code, into.confidence, into.configurable) == ("consult_specific", Confidence.K, "host_is_consulted")
    relaxed = RequirementPolicy(host_is_consulted=False)
    assert code(employer("32", ELECTED), [Impact.STAFF_LENDING_IN], policy=relaxed) == "inform_recommended"


def test_a_branch_agreement_widens_the_powers_of_the_cse_of_a_smaller_employer() -> None:
    found = ask(employer("32", ELECTED, idcc="1285"))
    assert (found.code, found.confidence, found.configurable) == ("consult_by_agreement", "C", "branch_agreements")
    assert "III.2.2" in found.legal_ref
    assert code(employer("32", ELECTED, idcc="1518")) == "inform_recommended"
    assert code(employer("32", ELECTED, idcc="1285"), agreements=()) == "inform_recommended"
    assert code(employer("32", idcc="1285")) == "body_missing"
    assert code(employer("9", ELECTED, idcc="1285")) == "inform_recommended"
    assert code(employer("50", ELECTED, idcc="1285")) == "consult_required"
    assert code(employer("32", ELECTED, idcc="1285"), []) == "inform_recommended"


def test_a_branch_agreement_holds_within_its_dates_and_its_sizes() -> None:
    agreement = BranchAgreement("0413", date(2026, 11, 22), date(2026, 11, 30), 20, 40, "accord", Confidence.B)

    def code_on(day: date, headcount: str = "32", idcc: str = "413") -> str:
        facts = employer(headcount, ELECTED, idcc=idcc)
        return requirement(facts, ORG, day, agreements=(agreement,)).code.value

    assert code_on(ON) == code_on(date(2026, 11, 30)) == "consult_by_agreement"
    assert code_on(date(2026, 11, 21)) == code_on(date(2026, 12, 1)) == "inform_recommended"
    assert [code_on(ON, size) for size in ("19.9", "20", "39.9", "40")] == [
        "inform_recommended",
        "consult_by_agreement",
        "consult_by_agreement",
        "inform_recommended",
    ]
    assert code_on(ON, idcc="") == "inform_recommended"


def test_a_company_agreement_widens_them_too() -> None:
    found = ask(employer("32", ELECTED, wider_powers_ref="Accord d’entreprise du 3 mars 2024"))
    assert (found.code, found.configurable) == ("consult_by_agreement", "")
    assert "3 mars 2024" in found.legal_ref


def test_a_size_that_cannot_be_told_is_left_to_a_person_and_never_silent() -> None:
    for facts in (
        employer(None),
        employer(None, ELECTED),
        EmployerFacts(headcounts=year("60", count=6), cse_status=ELECTED),
    ):
        found = ask(facts)
        assert (found.code, found.size, found.blocks) == ("headcount_unknown", SizeClass.UNKNOWN, True)
        assert "consignez" in found.explanation
    assert not ask(employer(None), policy=RequirementPolicy(unknown_headcount_blocks=False)).blocks


def test_missing_months_are_reported_with_the_answer() -> None:
    headcounts = year("60")
    del headcounts[date(2026, 4, 1)]
    found = ask(EmployerFacts(headcounts=headcounts, cse_status=ELECTED))
    assert (found.code, found.missing_months) == ("headcount_unknown", (date(2026, 4, 1),))


def test_an_unknown_size_changes_nothing_where_every_size_is_consulted() -> None:
    assert code(employer(None, ELECTED), [Impact.STAFF_LENDING_OUT]) == "consult_specific"


def test_a_body_that_sits_makes_the_threshold_of_eleven_moot() -> None:
    assert code(EmployerFacts(headcounts=year("32", count=2), cse_status=ELECTED)) == "inform_recommended"
    assert code(employer("8", ELECTED)) == "inform_recommended"


def test_a_body_is_gone_after_the_mandate_that_twelve_months_below_eleven_closed() -> None:
    headcounts = year("12", last=date(2025, 10, 1)) | year("9")
    facts = EmployerFacts(headcounts=headcounts, cse_status=ELECTED, mandate_ends_on=RENEWED)
    assert requirement(facts, ORG, RENEWED).code == "inform_recommended"
    assert requirement(facts, ORG, date(2026, 11, 6)).code == "no_body"


def test_without_a_body_twelve_months_below_eleven_end_the_duty_to_elect_one() -> None:
    headcounts = year("12", last=date(2025, 10, 1)) | year("9")
    assert code(EmployerFacts(headcounts=headcounts)) == "no_body"
    assert code(EmployerFacts(headcounts=year("12", last=date(2025, 11, 1)) | year("9", count=11))) == "body_missing"


def test_a_fall_below_eleven_in_mid_mandate_takes_no_power_from_a_body() -> None:
    headcounts = year("12", last=date(2025, 10, 1)) | year("9")
    facts = EmployerFacts(headcounts=headcounts, cse_status=ELECTED, idcc="1285")
    assert code(facts) == "consult_by_agreement"


def test_a_body_is_missing_also_while_the_threshold_of_fifty_cannot_be_told() -> None:
    headcounts = year("12", last=date(2025, 10, 1)) | year("60", count=6)
    found = ask(EmployerFacts(headcounts=headcounts))
    assert (found.code, found.size) == ("body_missing", SizeClass.UNKNOWN)


def test_a_recorded_assessment_lifts_only_what_waits_for_one() -> None:
    weighed = ask(employer("120", ELECTED), [], assessment="Réseau d’échange sans engagement.")
    assert (weighed.code, weighed.blocks) == ("consult_to_assess", False)
    assert "Réseau d’échange sans engagement." in weighed.explanation
    assert ask(employer("120", ELECTED), [], assessment="  ").blocks
    assert ask(employer("120", ELECTED), assessment="Inutile.").blocks
    assert not ask(employer(None), assessment="Trois salariés à temps partiel.").blocks


def test_a_size_stated_by_hand_prevails_with_its_reason() -> None:
    override = SizeOverride(SizeClass.FROM_11_TO_49, "Salariés en insertion comptés à part.")
    found = ask(employer("60", ELECTED, override=override))
    assert (found.code, found.size) == ("inform_recommended", SizeClass.FROM_11_TO_49)
    assert "Salariés en insertion comptés à part." in found.explanation
    assert code(employer(None, ELECTED, override=SizeOverride(SizeClass.FROM_50, "DADS 2025"))) == "consult_required"
    assert code(employer("0", override=SizeOverride(SizeClass.FROM_11_TO_49, "DADS 2025"))) == "body_missing"


def test_an_override_without_reason_or_size_and_a_mandate_backwards_are_refused_together() -> None:
    flawed = employer(
        "60",
        override=SizeOverride(SizeClass.UNKNOWN, " "),
        mandate_started_on=date(2026, 2, 1),
        mandate_ends_on=date(2026, 1, 1),
    )
    with pytest.raises(InvalidInput) as refused:
        ask(flawed)
    found = [violation.code for violation in refused.value.violations]
    assert found == ["override_size_missing", "override_reason_missing", "mandate_order"]


def test_an_association_that_says_it_employs_nobody_is_believed_unless_figures_say_otherwise() -> None:
    assert code(employer(None, has_employees=False)) == "not_applicable"
    assert code(employer("8", has_employees=False)) == "no_body"
    assert code(employer("0", has_employees=True)) == "not_applicable"


def test_a_choice_that_no_setting_knows_leaves_the_prudent_one() -> None:
    assert RequirementPolicy.of({}) == RequirementPolicy()
    odd = {"adhoc_deferral": "never", "carence_validity_months": True, "host_is_consulted": 0}
    assert RequirementPolicy.of(odd) == RequirementPolicy.of({"carence_validity_months": 0}) == RequirementPolicy()
    assert RequirementPolicy.of({"unknown_headcount_blocks": False}).unknown_headcount_blocks
    chosen = {"adhoc_deferral": "12_months", "carence_validity_months": 1, "host_is_consulted": False}
    assert RequirementPolicy.of(chosen) == RequirementPolicy(
        adhoc_deferral=AdhocDeferral.TWELVE_MONTHS, carence_validity_months=1, host_is_consulted=False
    )


def test_crossing_fifty_with_a_cse_requires_it_at_once_unless_deferral_was_chosen() -> None:
    crossed = employer("50", ELECTED, cse_first_elected_on=date(2023, 5, 1))
    found = ask(crossed)
    assert (found.code, found.confidence, found.configurable) == ("consult_required", "K", "adhoc_deferral")
    deferred = RequirementPolicy(adhoc_deferral=AdhocDeferral.TWELVE_MONTHS)
    waiting = ask(crossed, policy=deferred)
    assert (waiting.code, waiting.legal_ref) == ("inform_recommended", "C. trav. L2312-2")
    assert (waiting.confidence, waiting.configurable) == ("K", "adhoc_deferral")
    small = ask(employer("32", ELECTED), policy=deferred)
    assert (small.legal_ref, small.configurable) == ("C. trav. L2312-5 et L2312-6", "")
    assert code(crossed, [Impact.STAFF_LENDING_OUT], policy=deferred) == "consult_specific"
    long_since = EmployerFacts(headcounts=year("50", count=25), cse_status=ELECTED)
    assert ask(long_since, policy=deferred).code == "consult_required"
    assert ask(long_since).confidence is Confidence.A


def test_the_twelfth_month_counts_while_it_is_under_way() -> None:
    facts = EmployerFacts(headcounts=year("50", last=date(2026, 11, 1)), cse_status=ELECTED)
    assert code(facts) == "consult_required"


def test_a_first_cse_elected_after_fifty_was_met_is_left_to_a_person_for_one_year() -> None:
    headcounts = year("60", count=24)
    young = EmployerFacts(headcounts=headcounts, cse_status=ELECTED, cse_first_elected_on=date(2025, 11, 23))
    older = EmployerFacts(headcounts=headcounts, cse_status=ELECTED, cse_first_elected_on=date(2025, 11, 22))
    assert [code(young), code(older)] == ["consult_to_assess", "consult_required"]
    same_day = EmployerFacts(headcounts=year("60"), cse_status=ELECTED, cse_first_elected_on=date(2026, 11, 1))
    assert code(same_day) == "consult_to_assess"
    assert code(young, [Impact.STAFF_LENDING_OUT]) == "consult_specific"


def test_fifty_once_reached_is_not_lost_by_a_fall_in_mid_mandate() -> None:
    assert code(EmployerFacts(headcounts=FALLEN, cse_status=ELECTED)) == "consult_required"
    still = EmployerFacts(headcounts=FALLEN, cse_status=ELECTED, mandate_started_on=date(2026, 9, 30))
    assert code(still) == "consult_required"


def test_each_employer_has_its_own_answer_whatever_the_others() -> None:
    answers = [code(employer(headcount, ELECTED)) for headcount in ("64", "32", "120")]
    assert answers == ["consult_required", "inform_recommended", "consult_required"]


def test_what_is_recorded_of_a_staff_body_is_past_or_of_today_and_in_order() -> None:
    today, tomorrow = date(2026, 11, 22), date(2026, 11, 23)
    same_day = EmployerFacts(
        carence_on=today, cse_first_elected_on=today, mandate_started_on=today, mandate_ends_on=today
    )
    assert record_violations(same_day, today) == []
    wrong = replace(same_day, carence_on=tomorrow, cse_first_elected_on=tomorrow, mandate_started_on=tomorrow)
    assert [(violation.code, violation.pointer) for violation in record_violations(wrong, today)] == [
        ("in_the_future", "/cse_first_elected_on"),
        ("in_the_future", "/carence_on"),
        ("mandate_order", "/mandate_ends_on"),
    ]
    assert record_violations(EmployerFacts(), today) == []
