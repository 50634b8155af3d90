"""Two people at the same instant, on real connections."""

import datetime as dt
import json
import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection, transaction

from charters import services
from charters.enums import VersionState
from charters.models import Approval, ArticleComment, CharterVersion
from charters.rules import content as rules
from coopproject.exceptions import InvalidInput, RuleViolated, StaleVersion
from governance.models import CircleStay, JournalEntry, Membership, Person
from tests.cast import Cast
from tests.charters.factories import actor_of, make_comment, make_correction, make_draft, make_submitted, vote
from tests.clock import clock_at, set_clock


def at_once(*works: Callable[[], Any]) -> list[Any]:
    """Run each in a thread and a connection of its own, started together; results or exceptions, in order."""
    start = threading.Barrier(len(works))
    results: list[Any] = [None] * len(works)

    def run(index: int, work: Callable[[], Any]) -> None:
        try:
            connection.ensure_connection()
            start.wait(timeout=20)
            results[index] = work()
        except Exception as error:  # noqa: BLE001 - handed back to the test
            results[index] = error
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def entries(version: CharterVersion, act: str) -> int:
    return JournalEntry.objects.filter(act=act, object_id=str(version.pk)).count()


@pytest.mark.django_db(transaction=True)
def test_two_last_approvals_at_the_same_instant_put_it_in_force_once_and_none_is_lost() -> None:
    cast = Cast()
    version = make_submitted(cast)
    vote(cast, version, cast.alpha)
    results = at_once(
        lambda: vote(cast, CharterVersion.objects.get(pk=version.pk), cast.beta),
        lambda: vote(cast, CharterVersion.objects.get(pk=version.pk), cast.gamma),
    )
    assert [type(result).__name__ for result in results] == ["BoardDeliberation", "BoardDeliberation"], results
    version.refresh_from_db()
    assert version.state == VersionState.IN_FORCE
    assert Approval.objects.filter(charter_version=version).count() == 3
    assert entries(version, "charter_version.entered_into_force") == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_board_recorded_twice_at_the_same_instant_approves_once() -> None:
    cast = Cast()
    version = make_submitted(cast)
    results = at_once(*[lambda: vote(cast, CharterVersion.objects.get(pk=version.pk), cast.alpha)] * 2)
    refused = [result for result in results if isinstance(result, RuleViolated)]
    assert len(refused) == 1, results
    assert [violation.code for violation in refused[0].violations] == ["already_approved"]
    assert Approval.objects.filter(charter_version=version).count() == 1


@pytest.mark.django_db(transaction=True)
def test_a_vote_waits_for_the_withdrawal_in_progress_and_is_then_refused() -> None:
    cast = Cast()
    version = make_submitted(cast)
    content_hash = version.content_hash
    results: list[Any] = []

    def late_vote() -> None:
        try:
            results.append(vote(cast, CharterVersion.objects.get(pk=version.pk), cast.alpha, content_hash=content_hash))
        except RuleViolated as refused:
            results.append([violation.code for violation in refused.violations])
        finally:
            connection.close()

    thread = threading.Thread(target=late_vote)
    with transaction.atomic():
        services.charter_version_withdraw(pk=version.pk, actor=actor_of(cast.coordinator), reason="Faute")
        thread.start()
        thread.join(timeout=1)
        assert results == []
    thread.join(timeout=30)
    assert results == [["wrong_state"]]
    assert not Approval.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_ticks_at_once_put_it_in_force_once() -> None:
    cast = Cast()
    version = make_submitted(cast)
    # The rule is met by a departure, which no act of charters sees: only the tick does.
    vote(cast, version, cast.alpha)
    vote(cast, version, cast.beta)
    CircleStay.objects.filter(membership__organisation=cast.gamma).update(since=cast.since, until=cast.since)
    Membership.objects.filter(organisation=cast.gamma).update(left_on=cast.since)
    assert sorted(at_once(services.entry_tick, services.entry_tick)) == [0, 1]
    assert entries(version, "charter_version.entered_into_force") == 1


def while_it_is_submitted(version: CharterVersion, work: Callable[[], Any]) -> Any:
    """The work, begun while the submission is under way; it must wait for its end."""
    results: list[Any] = []

    def run() -> None:
        try:
            results.append(work())
        except Exception as error:  # noqa: BLE001 - handed back to the test
            results.append(error)
        finally:
            connection.close()

    thread = threading.Thread(target=run)
    with transaction.atomic():
        services.charter_version_submit(pk=version.pk, actor=actor_of(Person.objects.get(given_name="Camille")))
        thread.start()
        thread.join(timeout=1)
        assert results == []
    thread.join(timeout=30)
    return results[0]


def _created(cast: Cast, draft: CharterVersion) -> Any:
    return services.article_create(actor=actor_of(cast.facilitator), charter_version=draft, title="Tard", body="Tard.")


def _updated(cast: Cast, draft: CharterVersion) -> Any:
    pk = draft.articles.get(position=1).pk
    return services.article_update(
        pk=pk, actor=actor_of(cast.facilitator), expected_version=None, changes={"body": "Tard."}
    )


def _deleted(cast: Cast, draft: CharterVersion) -> Any:
    return services.article_delete(pk=draft.articles.get(position=1).pk, actor=actor_of(cast.facilitator))


def _described(cast: Cast, draft: CharterVersion) -> Any:
    return services.charter_version_update(
        pk=draft.pk, actor=actor_of(cast.facilitator), expected_version=None, changes={"change_summary": "Tard"}
    )


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("write", [_created, _updated, _deleted, _described])
def test_a_text_that_changes_while_it_is_submitted_is_frozen_as_it_was_submitted(
    write: Callable[[Cast, CharterVersion], Any],
) -> None:
    cast = Cast()
    draft = make_draft(cast)
    refused = while_it_is_submitted(draft, lambda: write(cast, draft))
    assert isinstance(refused, RuleViolated), refused
    assert [violation.code for violation in refused.violations] == ["text_is_frozen"]
    draft.refresh_from_db()
    assert draft.state == VersionState.SUBMITTED
    frozen = [article["body"] for article in json.loads(draft.content)["articles"]]
    assert frozen == list(draft.articles.order_by("position").values_list("body", flat=True))
    assert "Tard." not in frozen
    assert rules.content_hash(json.loads(draft.content)) == draft.content_hash


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("write", [_created, _updated, _deleted])
def test_a_change_under_way_is_in_what_is_submitted_or_holds_back_who_read_the_former_text(
    write: Callable[[Cast, CharterVersion], Any],
) -> None:
    cast = Cast()
    draft = make_draft(cast)
    coordinator, results = actor_of(cast.coordinator), []

    def submit() -> None:
        try:
            services.charter_version_submit(pk=draft.pk, actor=coordinator, expected_version=draft.version)
        except StaleVersion as stale:
            results.append(stale)
        finally:
            connection.close()

    thread = threading.Thread(target=submit)
    with transaction.atomic():
        write(cast, draft)
        thread.start()
        thread.join(timeout=1)
        assert results == []
    thread.join(timeout=30)
    assert len(results) == 1
    submitted = services.charter_version_submit(pk=draft.pk, actor=coordinator)
    frozen = [article["body"] for article in json.loads(submitted.content)["articles"]]
    assert frozen == list(draft.articles.order_by("position").values_list("body", flat=True))


@pytest.mark.django_db(transaction=True)
def test_a_comment_written_while_the_text_is_submitted_is_kept() -> None:
    cast = Cast()
    draft = make_draft(cast)
    comment = while_it_is_submitted(draft, lambda: make_comment(cast, draft, cast.chair_alpha))
    assert isinstance(comment, ArticleComment), comment
    draft.refresh_from_db()
    assert (draft.state, draft.comments.get().pk) == (VersionState.SUBMITTED, comment.pk)


@pytest.mark.django_db(transaction=True)
def test_two_people_who_comment_at_once_are_both_heard_and_a_thread_is_closed_once() -> None:
    cast = Cast()
    draft = make_draft(cast)
    results = at_once(
        lambda: make_comment(cast, draft, cast.chair_alpha), lambda: make_comment(cast, draft, cast.chair_beta)
    )
    assert {comment.author_id for comment in results} == {cast.chair_alpha.pk, cast.chair_beta.pk}
    assert draft.comments.count() == 2
    thread = results[0]
    closing = at_once(
        lambda: services.article_comment_resolve(pk=thread.pk, actor=actor_of(cast.coordinator), outcome="Fait"),
        lambda: services.article_comment_withdraw(pk=thread.pk, actor=actor_of(cast.chair_alpha)),
    )
    assert sorted(type(result).__name__ for result in closing) == ["ArticleComment", "RuleViolated"], closing


@pytest.mark.django_db(transaction=True)
def test_a_passage_is_quoted_from_the_text_as_it_stands_then() -> None:
    cast = Cast()
    draft = make_draft(cast)
    results: list[Any] = []

    def quote() -> None:
        try:
            results.append(make_comment(cast, draft, cast.chair_alpha, quote="la chose numéro 1"))
        except InvalidInput as refused:
            results.append([violation.code for violation in refused.violations])
        finally:
            connection.close()

    thread = threading.Thread(target=quote)
    with transaction.atomic():
        _updated(cast, draft)
        thread.start()
        thread.join(timeout=1)
        assert results == []
    thread.join(timeout=30)
    assert results == [["quote_not_found"]]


@pytest.mark.django_db(transaction=True)
def test_an_objection_under_way_is_heard_before_the_correction_counts() -> None:
    cast = Cast()
    version = make_correction(cast)
    entered: list[int] = []

    def tick() -> None:
        try:
            entered.append(services.entry_tick())
        finally:
            connection.close()

    thread = threading.Thread(target=tick)
    # The objection is made on the last day; everybody else is already on the day after.
    last_day, after = cast.today + dt.timedelta(days=15), cast.today + dt.timedelta(days=16)
    with clock_at(after):
        with transaction.atomic():
            set_clock(last_day)
            services.charter_version_contest_editorial(
                pk=version.pk, actor=actor_of(cast.chair_alpha), reason="Un mot change"
            )
            set_clock(after)
            thread.start()
            thread.join(timeout=1)
            assert entered == []
        thread.join(timeout=30)
    assert entered == [0]
    version.refresh_from_db()
    assert version.state == VersionState.SUBMITTED
