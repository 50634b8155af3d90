"""A rule set is stated key by key: nothing is guessed, and each wrong key is pointed at."""

import json

import pytest

from charters.rules.voting import VotingRule, rule_violations
from coopproject.exceptions import InvalidInput
from tests.charters.rules.voting_cases import STATUTES, majority, statutes

QUORUM = {"base": "in_office", "min": "1/2", "compare": ">=", "counts": "present"}


def codes(data: object) -> list[tuple[str, str]]:
    return [(violation.code, violation.pointer) for violation in rule_violations(data)]


@pytest.mark.parametrize(
    "changes",
    [
        {},
        {"quorum": None},
        {"proxy": "must_be_declared"},
        {"proxy": {"allowed": False}},
        {"proxy": {"allowed": True, "max_per_holder": None, "written": False, "same_body_only": False}},
        {"remote": {"allowed": True, "kind": "video"}, "recusal": {"removes_from": "both"}},
        {"second_call": {"allowed": False}},
        {"second_call": {"allowed": True, "quorum": "reduced", "min": "1/4", "min_days": 0}},
        majority("qualified", "in_office", "2/3", ">"),
        majority("unanimous", "present"),
        majority("consent"),
        majority("simple", "expressed"),
    ],
)
def test_a_rule_set_goes_through_json_and_back_unchanged(changes):
    rule = VotingRule.from_dict(statutes(**changes))

    assert VotingRule.from_dict(json.loads(json.dumps(rule.to_dict()))) == rule


@pytest.mark.parametrize("key", sorted(STATUTES))
def test_a_missing_key_must_be_declared(key):
    data = statutes()
    del data[key]

    assert codes(data) == [("must_be_declared", f"/{key}")]


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"quorum": {"min": "1/2"}}, [("must_be_declared", f"/quorum/{k}") for k in ("base", "compare", "counts")]),
        ({"quorum": QUORUM | {"min": 0.5}}, [("not_exact", "/quorum/min")]),
        ({"quorum": QUORUM | {"min": "1/0"}}, [("not_exact", "/quorum/min")]),
        ({"quorum": QUORUM | {"min": "3/2"}}, [("out_of_range", "/quorum/min")]),
        ({"quorum": QUORUM | {"min": "1", "compare": ">"}}, [("out_of_range", "/quorum/min")]),
        ({"quorum": QUORUM | {"min": "1"}}, []),
        ({"quorum": QUORUM | {"min": "0", "compare": ">"}}, []),
        ({"second_call": {"allowed": True, "quorum": "reduced", "min": "0", "min_days": 0}}, []),
        ({"second_call": {"allowed": True, "quorum": "none", "min_days": -1}},
         [("out_of_range", "/second_call/min_days")]),
        ({"proxy": {"allowed": True, "max_per_holder": 1, "written": False, "same_body_only": False}}, []),
        ({"proxy": {"allowed": True, "max_per_holder": 0, "written": False, "same_body_only": False}},
         [("out_of_range", "/proxy/max_per_holder")]),
        ({"proxy": {"allowed": True, "max_per_holder": 10**10, "written": False, "same_body_only": False}},
         [("out_of_range", "/proxy/max_per_holder")]),
        (majority("qualified", "expressed", "1"), []),
        ({"quorum": QUORUM | {"base": "present"}}, [("unknown_choice", "/quorum/base")]),
        ({"second_call": {"allowed": True, "quorum": "reduced", "min_days": 1}},
         [("must_be_declared", "/second_call/min")]),
        ({"majority": {"kind": "qualified", "base": "present"}, "abstention": "counts_in_base"},
         [("must_be_declared", "/majority/fraction"), ("must_be_declared", "/majority/compare")]),
        ({"majority": {"kind": "simple", "base": "present"}}, [("not_applicable", "/majority/base")]),
        ({"majority": {"kind": "simple", "fraction": "2/3"}}, [("not_applicable", "/majority/fraction")]),
        (majority("qualified", "expressed", "0"), [("out_of_range", "/majority/fraction")]),
        (majority("qualified", "expressed", "1", ">"), [("out_of_range", "/majority/fraction")]),
        (majority("absolute", "in_office") | {"abstention": "neutral"},
         [("abstention_contradicts_base", "/abstention")]),
        (majority("absolute", "expressed") | {"abstention": "counts_in_base"},
         [("abstention_contradicts_base", "/abstention")]),
        ({"blank_or_void": "counts_in_base"}, [("blank_contradicts_majority", "/blank_or_void")]),
        ({"proxy": {"allowed": True}},
         [("must_be_declared", f"/proxy/{k}") for k in ("max_per_holder", "written", "same_body_only")]),
        ({"proxy": {"allowed": "yes"}}, [("wrong_type", "/proxy/allowed")]),
        ({"remote": {"allowed": True}}, [("must_be_declared", "/remote/kind")]),
        ({"tie": ["rejected"]}, [("unknown_choice", "/tie")]),
        ({"colour": "blue"}, [("unknown_field", "/colour")]),
        ({"recusal": None}, [("wrong_type", "/recusal")]),
    ],
)  # fmt: skip
def test_each_wrong_key_is_pointed_at(changes, found):
    assert codes(statutes(**changes)) == found


@pytest.mark.parametrize("data", [None, [], "CA", 1])
def test_something_that_is_not_an_object_is_refused_once(data):
    assert codes(data) == [("wrong_type", "")]


def test_every_wrong_key_is_reported_at_once_under_the_prefix_of_the_body():
    with pytest.raises(InvalidInput) as refused:
        VotingRule.from_dict(statutes(tie="coin", body="senate"), pointer="/rule")

    assert [v.pointer for v in refused.value.violations] == ["/rule/body", "/rule/tie"]


def test_the_organ_is_read_in_either_case_and_written_as_the_api_does():
    assert VotingRule.from_dict(statutes(body="CA")).to_dict()["body"] == "ca"
    assert VotingRule.from_dict(statutes(body="ca")) == VotingRule.from_dict(statutes(body="CA"))
