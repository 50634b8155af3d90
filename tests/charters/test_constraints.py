"""What the database itself refuses, each by its name."""

import datetime as dt
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from charters.models import (
    AmendmentContest,
    Approval,
    Article,
    ArticleComment,
    BoardDeliberation,
    Charter,
    CharterVersion,
    ExpectedEffect,
    Motivation,
)
from tests.cast import Cast
from tests.charters.factories import (
    make_charter,
    make_comment,
    make_correction,
    make_draft,
    make_effect,
    make_in_force,
    make_motivation,
    make_submitted,
    vote,
)

HASH = "a" * 64


def refuses(name: str) -> Any:
    return pytest.raises(IntegrityError, match=name)


def version_of(charter: Charter, **fields: Any) -> CharterVersion:
    return CharterVersion(cooperation=charter.cooperation, charter=charter, **{"number": 7, **fields})


FROZEN = {"content": "{}", "content_hash": HASH, "submitted_at": dt.datetime(2026, 1, 1, tzinfo=dt.UTC)}
IN_FORCE = {**FROZEN, "state": "in_force", "in_force_on": dt.date(2026, 2, 1)}


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("charters_version_hashed_when_not_draft", {"state": "draft", "content_hash": HASH}),
        ("charters_version_hashed_when_not_draft", {"state": "submitted", "submitted_at": FROZEN["submitted_at"]}),
        ("charters_version_hashed_when_not_draft", {**FROZEN, "state": "submitted", "content_hash": "A" * 64}),
        ("charters_version_submitted_before_the_rest", {**FROZEN, "state": "submitted", "submitted_at": None}),
        ("charters_version_in_force_has_its_day", {**FROZEN, "state": "in_force"}),
        ("charters_version_in_force_has_its_day", {**IN_FORCE, "state": "submitted"}),
        ("charters_version_superseded_after_in_force", {**IN_FORCE, "state": "superseded"}),
        (
            "charters_version_superseded_after_in_force",
            {**IN_FORCE, "state": "superseded", "superseded_on": dt.date(2026, 1, 31)},
        ),
        ("charters_version_withdrawn_with_its_reason", {**FROZEN, "state": "withdrawn"}),
        (
            "charters_version_withdrawn_with_its_reason",
            {**FROZEN, "state": "rejected", "withdrawn_on": dt.date(2026, 3, 1)},
        ),
    ],
)
def test_a_version_agrees_with_its_state(cast: Cast, name: str, fields: dict[str, Any]) -> None:
    with refuses(name):
        version_of(make_charter(cast), **fields).save()


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("charters_one_draft_per_charter", {"state": "draft"}),
        ("charters_one_submitted_version_per_charter", {**FROZEN, "state": "submitted"}),
        ("charters_one_version_in_force_per_charter", IN_FORCE),
    ],
)
def test_a_charter_has_one_version_in_each_open_state(cast: Cast, name: str, fields: dict[str, Any]) -> None:
    charter = make_charter(cast)
    version_of(charter, number=1, **fields).save()
    with refuses(name):
        version_of(charter, number=2, **fields).save()


def test_two_versions_never_share_a_number(cast: Cast) -> None:
    draft = make_draft(cast)
    with refuses("charters_one_version_per_number"):
        version_of(draft.charter, number=1, **IN_FORCE).save()


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("charters_charter_is_reviewed", {"review_every_months": 0}),
        ("charters_charter_is_reviewed", {"review_every_months": 121}),
        ("charters_charter_lets_members_leave", {"exit_notice_months": 121}),
        ("charters_charter_not_restricted_to_one", {"confidentiality": "restricted"}),
    ],
)
def test_a_charter_keeps_its_frame(cast: Cast, name: str, changes: dict[str, Any]) -> None:
    charter = make_charter(cast)
    with refuses(name):
        Charter.objects.filter(pk=charter.pk).update(**changes)


def test_articles_of_a_draft_have_their_own_key_and_rank(cast: Cast) -> None:
    draft = make_draft(cast)
    with refuses("charters_one_article_per_key"), transaction.atomic():
        draft.articles.filter(position=2).update(key="article-1")
    with refuses("charters_article_position_from_one"), transaction.atomic():
        draft.articles.filter(position=2).update(position=0)
    with refuses("charters_one_article_per_position"), transaction.atomic(), connection.cursor() as cursor:
        draft.articles.filter(position=2).update(position=1)
        cursor.execute("SET CONSTRAINTS charters_one_article_per_position IMMEDIATE")


def test_motivations_and_effects_stay_on_their_scale(cast: Cast) -> None:
    motivation = make_motivation(cast, make_charter(cast))
    effect = make_effect(cast, motivation)
    with refuses("charters_motivation_on_the_scale"), transaction.atomic():
        Motivation.objects.filter(pk=motivation.pk).update(weight=6)
    with refuses("charters_effect_on_the_scale"), transaction.atomic():
        ExpectedEffect.objects.filter(pk=effect.pk).update(expected_level=0)
    other = make_motivation(cast, motivation.charter)
    with refuses("charters_one_motivation_per_code"):
        Motivation.objects.filter(pk=other.pk).update(code=motivation.code)


def copy_of(deliberation: BoardDeliberation, **changes: Any) -> BoardDeliberation:
    values = {
        field.attname: getattr(deliberation, field.attname)
        for field in BoardDeliberation._meta.concrete_fields
        if field.editable
    }
    return BoardDeliberation(**{**values, **changes})


@pytest.mark.parametrize(
    ("name", "changes"),
    [
        ("charters_deliberation_on_an_exact_text", {"content_hash": "charte v1"}),
        ("charters_deliberation_no_more_than_in_office", {"in_office": 5}),
        ("charters_deliberation_no_more_votes_than_voters", {"votes_blank": 1}),
        ("charters_deliberation_first_or_second_call", {"call": 3}),
        ("charters_deliberation_irregular_says_why", {"irregular": True}),
    ],
)
def test_the_figures_of_a_deliberation_hold_together(cast: Cast, name: str, changes: dict[str, Any]) -> None:
    deliberation = vote(cast, make_submitted(cast), cast.alpha)
    with refuses(name):
        copy_of(deliberation, **changes).save()


def test_an_organisation_approves_a_version_once_and_only_what_its_board_voted(cast: Cast) -> None:
    version = make_submitted(cast)
    first = vote(cast, version, cast.alpha)
    again = copy_of(first)
    again.save()
    values = {"cooperation": version.cooperation, "charter_version": version, "approved_on": cast.today}
    with refuses("charters_one_approval_per_organisation_and_round"), transaction.atomic():
        Approval.objects.create(
            organisation=cast.alpha, deliberation=again, content_hash=version.content_hash, **values
        )
    with refuses("charters_approval_round_from_one"), transaction.atomic():
        Approval.objects.create(
            organisation=cast.alpha, deliberation=again, content_hash=version.content_hash, round=0, **values
        )
    refused = copy_of(first, organisation_id=cast.beta.pk, board_id=cast.beta.boards.get().pk, result="rejected")
    refused.save()
    with refuses("charters_approval_of_the_frozen_text"), transaction.atomic():
        Approval.objects.create(
            organisation=cast.beta, deliberation=refused, content_hash=version.content_hash, **values
        )
    other_text = copy_of(refused, result="adopted", content_hash=HASH)
    other_text.save()
    with refuses("charters_approval_of_the_frozen_text"):
        Approval.objects.create(organisation=cast.beta, deliberation=other_text, content_hash=HASH, **values)


@pytest.mark.parametrize("model", [BoardDeliberation, Approval])
def test_what_was_voted_is_append_only(cast: Cast, model: Any) -> None:
    vote(cast, make_submitted(cast), cast.alpha)
    with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
        model.objects.update(updated_at=timezone.now())
    with pytest.raises(IntegrityError, match="append-only"):
        model.objects.all()._raw_delete(model.objects.db)


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("charters_comment_state_is_the_thread_s", {"state": ""}),
        ("charters_comment_state_is_the_thread_s", {"reply": True, "state": "open"}),
        ("charters_comment_resolved_by_somebody", {"state": "resolved"}),
        ("charters_comment_resolved_by_somebody", {"outcome": "Fait"}),
        ("charters_comment_says_something", {"body": ""}),
        ("charters_comment_reply_quotes_nothing", {"reply": True, "state": "", "quote": "la chose"}),
    ],
)
def test_a_comment_is_a_thread_or_a_reply(cast: Cast, name: str, fields: dict[str, Any]) -> None:
    thread = make_comment(cast, make_draft(cast), cast.chair_alpha)
    values = {"state": "open", "body": "Pourquoi ?", **fields}
    with refuses(name):
        ArticleComment.objects.create(
            cooperation=cast.cooperation,
            charter_version=thread.charter_version,
            article_key="article-1",
            parent=thread if values.pop("reply", False) else None,
            author=cast.chair_alpha,
            written_at=timezone.now(),
            **values,
        )


def test_no_comment_is_ever_deleted(cast: Cast) -> None:
    make_comment(cast, make_draft(cast), cast.chair_alpha)
    with pytest.raises(IntegrityError, match="append-only"):
        ArticleComment.objects.all()._raw_delete("default")


def test_an_objection_is_made_once_with_its_reason_and_stays(cast: Cast) -> None:
    version = make_correction(cast)
    values: dict[str, Any] = {
        "cooperation": cast.cooperation,
        "charter_version": version,
        "contested_by": cast.chair_alpha,
        "capacity": "board_chair",
        "contested_at": timezone.now(),
    }
    with refuses("charters_contest_says_why"), transaction.atomic():
        AmendmentContest.objects.create(organisation=cast.alpha, reason="", **values)
    AmendmentContest.objects.create(organisation=cast.alpha, reason="Un mot change", **values)
    with refuses("charters_one_contest_per_organisation"), transaction.atomic():
        AmendmentContest.objects.create(organisation=cast.alpha, reason="Deux", **values)
    for attempt in (
        lambda: AmendmentContest.objects.update(reason="Autre"),
        lambda: AmendmentContest.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(IntegrityError, match="append-only"), transaction.atomic():
            attempt()
    with refuses("charters_contested_is_not_in_force"):
        CharterVersion.objects.filter(pk=version.pk).update(state="in_force", in_force_on=cast.today)


@pytest.mark.parametrize("days", [0, 91])
def test_a_correction_can_always_be_contested_for_some_time(cast: Cast, days: int) -> None:
    charter = make_charter(cast)
    with refuses("charters_charter_corrections_can_be_contested"):
        Charter.objects.filter(pk=charter.pk).update(editorial_contest_days=days)


class TestASubmittedTextIsFrozen:
    """The triggers, whoever asks: `charters_submitted_text_is_frozen`."""

    def test_its_articles_cannot_be_changed_added_or_removed(self, cast: Cast) -> None:
        version = make_submitted(cast)
        with refuses("charters_submitted_text_is_frozen"), transaction.atomic():
            version.articles.update(body="Autre chose")
        with refuses("charters_submitted_text_is_frozen"), transaction.atomic():
            version.articles.all()._raw_delete("default")
        with refuses("charters_submitted_text_is_frozen"):
            Article.objects.create(
                cooperation=version.cooperation, charter_version=version, position=3, title="De plus", body="."
            )

    def test_an_article_cannot_be_moved_into_it(self, cast: Cast) -> None:
        version = make_submitted(cast)
        draft = make_draft(cast)
        with refuses("charters_submitted_text_is_frozen"):
            draft.articles.filter(position=1).update(charter_version=version, key="else", position=9)

    @pytest.mark.parametrize(
        "changes",
        [
            {"content": "{}"},
            {"content_hash": HASH},
            {"stated_on": dt.date(2031, 1, 1)},
            {"number": 12},
            {"change_summary": "Autre"},
            {"state": "draft", "content": "", "content_hash": ""},
        ],
    )
    def test_neither_can_what_was_voted_with_it(self, cast: Cast, changes: dict[str, Any]) -> None:
        version = make_in_force(cast)
        with refuses("charters_submitted_text_is_frozen"):
            CharterVersion.objects.filter(pk=version.pk).update(**changes)

    def test_it_cannot_be_deleted_but_a_draft_can(self, cast: Cast) -> None:
        version = make_submitted(cast)
        with refuses("charters_submitted_text_is_frozen"), transaction.atomic():
            CharterVersion.objects.filter(pk=version.pk)._raw_delete("default")  # type: ignore[attr-defined]
        draft = make_draft(cast, articles=0)
        CharterVersion.objects.filter(pk=draft.pk)._raw_delete("default")  # type: ignore[attr-defined]
        assert not CharterVersion.objects.filter(pk=draft.pk).exists()

    def test_a_past_history_is_imported_with_its_articles_first(self, cast: Cast) -> None:
        charter = make_charter(cast)
        version = version_of(charter, **IN_FORCE)
        Article.objects.create(
            cooperation=charter.cooperation, charter_version_id=version.pk, position=1, title="Ancien", body="."
        )
        version.save()
        assert version.articles.count() == 1


def test_an_approval_names_an_exact_text_even_where_the_triggers_sleep(cast: Cast) -> None:
    deliberation = vote(cast, make_submitted(cast), cast.alpha)
    approval = deliberation.approval
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
    with refuses("charters_approval_of_an_exact_text"), transaction.atomic():
        Approval(
            cooperation=cast.cooperation,
            charter_version=approval.charter_version,
            organisation=cast.beta,
            deliberation=deliberation,
            content_hash=approval.content_hash.upper(),
            approved_on=cast.today,
        ).save(force_insert=True)


def test_what_is_given_up_says_why(cast: Cast) -> None:
    motivation = make_motivation(cast, make_charter(cast))
    effect = make_effect(cast, motivation)
    with refuses("charters_motivation_retired_says_why"), transaction.atomic():
        Motivation.objects.filter(pk=motivation.pk).update(retired_on=cast.today)
    with refuses("charters_effect_retired_says_why"), transaction.atomic():
        ExpectedEffect.objects.filter(pk=effect.pk).update(retired_reason="Hors de portée")
