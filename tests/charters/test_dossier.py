"""Charters in a dossier: a text still matches its hash, and a vote its minutes, once they come from elsewhere."""

import datetime as dt
import json
from collections.abc import Callable
from typing import Any

import pytest
from django.db import transaction

from charters.models import Approval, ArticleComment, BoardDeliberation, CharterVersion
from charters.rules import content as rules
from charters.selectors import EntryReader
from coopproject.exceptions import InvalidInput
from governance.actor import Actor
from governance.models import Cooperation
from governance.services import dossiers
from tests.cast import luhn_siren
from tests.governance.dossier.documents import minimal

pytestmark = pytest.mark.django_db
BATCH = Actor.system("test")
REFERENCE = "2026-09-15"


def _with_charter() -> dict[str, Any]:
    """A charter whose only core member approved its first version; nobody wrote a hash."""
    document = minimal()
    document["charters"] = [
        {
            "ref": "charte-commune",
            "title": "Charte commune",
            "entry_rule": {
                "kind": "weight_threshold",
                "weights": {"alpha": 3, "beta": 1},
                "threshold": "1/2",
                "compare": ">=",
            },
        }
    ]
    document["motivations"] = [
        {
            "charter": "charte-commune",
            "code": "couts",
            "label": "Réduire les coûts",
            "expected_effects": [{"label": "Moins de frais", "due_on": "M+6"}],
        }
    ]
    document["charter_versions"] = [
        {
            "ref": "v1",
            "charter": "charte-commune",
            "number": 1,
            "state": "in_force",
            "decision": "charte",
            "submitted_at": "D-60T09:00:00Z",
            "in_force_on": "D-30",
            "articles": [
                {
                    "key": "a",
                    "position": 1,
                    "section": "origin_and_triggers",
                    "title": "Origine",
                    "body": "Un constat.",
                },
                {"key": "b", "position": 2, "section": "exit", "title": "Sortie", "body": "Un préavis."},
            ],
        }
    ]
    document["board_deliberations"] = [
        {
            "ref": "vote",
            "charter_version": "v1",
            "board": "ca-alpha",
            "held_on": "D-30",
            "minutes_reference": "PV 12",
            "present": 7,
            "votes_for": 6,
            "votes_against": 1,
        }
    ]
    document["approvals"] = [{"deliberation": "vote"}]
    thread = {
        "ref": "fil",
        "charter_version": "v1",
        "article_key": "a",
        "quote": "Un constat",
        "body": "Lequel ?",
        "author": "zoe",
        "organisation": "alpha",
        "capacity": "board_chair",
        "written_at": "D-20T09:00:00Z",
        "state": "resolved",
        "resolved_by": "zoe",
        "resolved_at": "D-10T09:00:00Z",
        "outcome": "Précisé à la prochaine version",
    }
    reply = {"ref": "reponse", "parent": "fil", "body": "Celui de mars.", "written_at": "D-19T09:00:00Z"}
    correction = {
        "ref": "v2",
        "charter": "charte-commune",
        "number": 2,
        "state": "submitted",
        "amendment_type": "editorial",
        "submitted_at": "D-9T09:00:00Z",
        "articles": document["charter_versions"][0]["articles"],
    }
    document["charter_versions"].append(correction)
    document["amendment_contests"] = [
        {
            "charter_version": "v2",
            "organisation": "alpha",
            "contested_by": "zoe",
            "capacity": "board_chair",
            "reason": "Un mot change",
            "contested_at": "D-8T09:00:00Z",
        }
    ]
    shared = {name: thread[name] for name in ("charter_version", "article_key", "author")}
    document["article_comments"] = [thread, shared | reply]
    return document


def _exported() -> dict[str, Any]:
    """The same once frozen, with its hash, out of an instance that forgot it."""
    with transaction.atomic():
        cooperation = dossiers.dossier_import(actor=BATCH, document=_with_charter()).cooperation
        text = dossiers.dossier_export(cooperation)
        transaction.set_rollback(True)
    document: dict[str, Any] = json.loads(text)
    return document


def test_a_text_left_to_be_frozen_is_frozen_with_its_parties_and_its_vote_counted() -> None:
    dossiers.dossier_import(actor=BATCH, document=_with_charter())
    version, vote, approval = (
        CharterVersion.objects.get(number=1),
        BoardDeliberation.objects.get(),
        Approval.objects.get(),
    )
    frozen = json.loads(version.content)
    assert version.content_hash == rules.content_hash(frozen) == vote.content_hash == approval.content_hash
    assert [article["title"] for article in frozen["articles"]] == ["Origine", "Sortie"]
    parties = {party["organisation"]: party["circle"] for party in frozen["frozen_facts"]["parties"]}
    assert sorted(parties.values()) == ["active", "core"]
    assert set(frozen["entry_rule"]["weights"]) == set(parties)
    assert (vote.result, vote.in_office, vote.organisation_id) == ("adopted", 9, approval.organisation_id)
    assert frozen["frozen_facts"]["motivations"][0]["effects"][0]["label"] == "Moins de frais"


def put(*path: Any, value: Any) -> Callable[[dict[str, Any]], None]:
    def spoil(document: dict[str, Any]) -> None:
        where: Any = document
        for part in path[:-1]:
            where = where[part]
        where[path[-1]] = value

    return spoil


CASES: dict[str, tuple[Callable[[dict[str, Any]], Any], tuple[str, str]]] = {
    "one letter of a frozen article": (
        put("charter_versions", 0, "articles", 0, "body", value="Un constât."),
        ("/charter_versions/0/articles", "content_mismatch"),
    ),
    "another hash": (
        put("charter_versions", 0, "content_hash", value="0" * 64),
        ("/charter_versions/0/content_hash", "hash_mismatch"),
    ),
    "a content that is not canonical": (
        put("charter_versions", 0, "content", value='{"b": 1, "a": 2}'),
        ("/charter_versions/0/content", "content_not_canonical"),
    ),
    "a content that is not JSON": (
        put("charter_versions", 0, "content", value="once upon a time"),
        ("/charter_versions/0/content", "content_not_canonical"),
    ),
    "a vote on another text": (
        put("board_deliberations", 0, "content_hash", value="0" * 64),
        ("/board_deliberations/0/content_hash", "hash_mismatch"),
    ),
    "more votes than voters": (
        put("board_deliberations", 0, "votes_against", value=7),
        ("/board_deliberations/0", "more_votes_than_voters"),
    ),
    "a rejection that the figures do not give": (
        put("board_deliberations", 0, "result", value="rejected"),
        ("/board_deliberations/0/result", "result_differs"),
    ),
    "a vote before the text was submitted": (
        put("board_deliberations", 0, "held_on", value="2026-01-05"),
        ("/board_deliberations/0/held_on", "voted_before_submission"),
    ),
    "an approval of another text": (
        put("approvals", 0, "content_hash", value="0" * 64),
        ("/approvals/0/content_hash", "differs_from_deliberation"),
    ),
    "in force without any approval": (
        put("approvals", value=[]),
        ("/charter_versions/0/state", "never_approved"),
    ),
    "a reply on another article": (
        put("article_comments", 1, "article_key", value="b"),
        ("/article_comments/1/parent", "another_thread"),
    ),
    "a thread closed before it was opened": (
        put("article_comments", 0, "resolved_at", value="2026-01-05T09:00:00Z"),
        ("/article_comments/0/resolved_at", "out_of_order"),
    ),
    "a motivation given up without a reason": (
        put("motivations", 0, "retired_on", value="2026-01-05"),
        ("/motivations/0/retired_on", "retired_without_reason"),
    ),
    "an effect to be given up later": (
        put("motivations", 0, "expected_effects", 0, "retired_on", value="2999-01-05"),
        ("/motivations/0/expected_effects/0/retired_on", "in_the_future"),
    ),
    "a motivation of an organisation that never joined": (
        lambda document: (
            document["organisations"].append({"ref": "ailleurs", "name": "Ailleurs", "siren": luhn_siren(778)}),
            document["motivations"][0].update(organisation="ailleurs"),
        ),
        ("/motivations/0/organisation", "not_a_member"),
    ),
    "a second round without the first": (
        put("approvals", 0, "round", value=2),
        ("/approvals/0/round", "rounds_out_of_order"),
    ),
    "an earlier review after the last": (
        put("charters", 0, "earlier_reviews", value=["2026-01-05"]),
        ("/charters/0/earlier_reviews", "out_of_order"),
    ),
    "an objection to what boards vote": (
        put("charter_versions", 1, "amendment_type", value="substantial"),
        ("/amendment_contests/0/charter_version", "not_editorial"),
    ),
    "an objection before the correction": (
        put("amendment_contests", 0, "contested_at", value="2026-01-05T09:00:00Z"),
        ("/amendment_contests/0/contested_at", "out_of_order"),
    ),
    "a correction that counts though it is contested": (
        put("charter_versions", 1, "in_force_on", value="2026-09-10"),
        ("/amendment_contests/0/charter_version", "contested_in_force"),
    ),
    "an entry rule of no kind": (
        put("charters", 0, "entry_rule", value={"kind": "dice"}),
        ("/charters/0/entry_rule/kind", "unknown_choice"),
    ),
}


@pytest.mark.parametrize(("spoil", "expected"), CASES.values(), ids=CASES.keys())
def test_evidence_that_does_not_hold_together_is_refused(
    spoil: Callable[[dict[str, Any]], Any], expected: tuple[str, str]
) -> None:
    document = _exported()
    spoil(document)
    with pytest.raises(InvalidInput) as refused:
        dossiers.dossier_import(actor=BATCH, document=document)
    assert expected in {(found.pointer, found.code) for found in refused.value.violations}
    assert not Cooperation.objects.exists()


def test_what_was_exported_whole_comes_back() -> None:
    dossiers.dossier_import(actor=BATCH, document=_exported())
    assert CharterVersion.objects.get(number=1).state == "in_force"
    thread, reply = ArticleComment.objects.order_by("written_at")
    assert (reply.parent, thread.quote, thread.outcome) == (thread, "Un constat", "Précisé à la prochaine version")


def test_texts_votes_and_comments_come_back_byte_for_byte() -> None:
    document = _exported()
    cooperation = dossiers.dossier_import(actor=BATCH, document=document).cooperation
    assert json.loads(dossiers.dossier_export(cooperation)) == document


def test_motivations_come_back_with_their_code_and_what_was_given_up() -> None:
    document = _with_charter()
    [motivation] = document["motivations"]
    motivation["matrix_code"] = "economies_of_scale"
    motivation["expected_effects"].append({"label": "Hors de portée", "retired_on": "D-90", "retired_reason": "Trop"})
    given_up = {"retired_on": "D-59", "retired_reason": "Atteinte"}
    document["motivations"].append({"charter": "charte-commune", "code": "z", "label": "Apprendre", **given_up})
    document["charters"][0]["motivations_confirmed_on"] = "D-10"
    with transaction.atomic():
        cooperation = dossiers.dossier_import(actor=BATCH, document=document).cooperation
        text = dossiers.dossier_export(cooperation)
        transaction.set_rollback(True)
    again = dossiers.dossier_import(actor=BATCH, document=json.loads(text)).cooperation
    assert dossiers.dossier_export(again) == text
    # Given up the day after the text was submitted: that text still holds the one, not the other.
    facts = json.loads(CharterVersion.objects.get(number=1).content)["frozen_facts"]["motivations"]
    assert [(row["code"], [effect["label"] for effect in row["effects"]]) for row in facts] == [
        ("couts", ["Moins de frais"]),
        ("z", []),
    ]
    assert facts[0]["matrix_code"] == "economies_of_scale"


def test_a_renewed_approval_and_the_reviews_that_asked_for_it_come_back() -> None:
    document = _with_charter()
    charter, vote = document["charters"][0], document["board_deliberations"][0]
    charter |= {"approvals_expire": "at_review", "review_every_months": 1, "last_reviewed_on": "D-5"}
    document["board_deliberations"].append(vote | {"ref": "again", "held_on": "D-3", "minutes_reference": "PV 13"})
    document["approvals"].append({"deliberation": "again", "round": 2})
    with transaction.atomic():
        cooperation = dossiers.dossier_import(actor=BATCH, document=document).cooperation
        text = dossiers.dossier_export(cooperation)
        transaction.set_rollback(True)
    again = dossiers.dossier_import(actor=BATCH, document=json.loads(text)).cooperation
    assert dossiers.dossier_export(again) == text
    version = CharterVersion.objects.select_related("charter__cooperation").get(number=1)
    reviewed_on = version.charter.last_reviewed_on
    assert reviewed_on is not None
    assert [approval.round for approval in Approval.objects.order_by("round")] == [1, 2]
    row = EntryReader(version, reviewed_on + dt.timedelta(days=2)).read().parties[0]
    assert (row.status, row.round) == ("in_force", 2)


def _by_college() -> dict[str, Any]:
    document = _with_charter()
    weights = {"salaries": "2/5", "beneficiaires": "7/20", "tiers": "1/4"}
    definition = document["voting_rules"][0]["definition"] | {
        "colleges": [{"code": code, "label": "", "weight": weight} for code, weight in weights.items()],
        "carry": "proportional",
    }
    document["voting_rules"][0] = document["voting_rules"][0] | {"definition": definition}
    document["board_deliberations"][0]["college_votes"] = [
        {"college": "salaries", "present": 3, "votes_for": 3, "votes_against": 0},
        {"college": "beneficiaires", "present": 2, "votes_for": 2, "votes_against": 0},
        {"college": "tiers", "present": 2, "votes_for": 1, "votes_against": 1},
    ]
    return document


def test_votes_by_college_come_back_and_are_weighed_again() -> None:
    with transaction.atomic():
        cooperation = dossiers.dossier_import(actor=BATCH, document=_by_college()).cooperation
        text = dossiers.dossier_export(cooperation)
        transaction.set_rollback(True)
    again = dossiers.dossier_import(actor=BATCH, document=json.loads(text)).cooperation
    assert dossiers.dossier_export(again) == text
    assert BoardDeliberation.objects.get().explanation == "7/8 des voix > 1/2"


@pytest.mark.parametrize(
    ("votes", "expected"),
    [
        ("six", {"wrong_type"}),
        ([{"college": "salaries", "present": 7, "votes_for": "six", "votes_against": 1}], {"wrong_type"}),
        (None, {"college_votes_missing"}),
    ],
)
def test_votes_by_college_that_cannot_be_are_refused(votes: Any, expected: set[str]) -> None:
    document = _by_college()
    document["board_deliberations"][0]["college_votes"] = votes
    with pytest.raises(InvalidInput) as refused:
        dossiers.dossier_import(actor=BATCH, document=document)
    # Without a result there is nothing adopted to approve.
    assert {violation.code for violation in refused.value.violations} == expected | {"not_adopted"}
    assert not Cooperation.objects.exists()
