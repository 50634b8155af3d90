"""Comments on articles: written by several at once, settled by thread, never deleted.

They leave the version of the draft as it is: whoever corrects an article is not refused because somebody spoke of it.
"""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from charters import states
from charters.enums import ThreadState, ThreadTransition
from charters.models import Article, ArticleComment, Charter, CharterVersion
from charters.rules import comments as rules
from charters.rules.content import normalise
from charters.services.locks import lock_charter
from charters.speaking import COMMENTING, speaker
from coopproject import clock
from coopproject.exceptions import InvalidInput, NotVisible, RuleViolated, StaleVersion, Violation
from governance import journal
from governance.actor import Actor
from governance.models import Organisation
from governance.services import records


@transaction.atomic
def article_comment_create(
    *,
    actor: Actor,
    body: str,
    charter_version: CharterVersion | None = None,
    article_key: str = "",
    quote: str = "",
    parent: ArticleComment | None = None,
    organisation: Organisation | None = None,
) -> ArticleComment:
    """Open a thread on an article of a version, or reply to one: `parent` then says the article.

    A reply that names no version is made on the one that the thread was opened on while it is discussed, else on the
    newest that is. Raises RuleViolated: `wrong_state`, `charter_archived`, `thread_resolved`; InvalidInput for an
    article that the version does not have, a passage that is not in it, a reply to a reply.
    """
    anchor = charter_version or (parent.charter_version if parent is not None else None)
    if anchor is None:
        raise InvalidInput(Violation("required", _("Ce champ est obligatoire."), "/charter_version"))
    charter = lock_charter(anchor.charter_id)
    thread = ArticleComment.objects.select_related("charter_version").get(pk=parent.pk) if parent else None
    if thread is not None:
        _check_reply(thread, charter, quote=quote, article_key=article_key)
        article_key = thread.article_key
        version = _version(charter, charter_version.pk if charter_version else None, thread.charter_version_id)
    else:
        version = CharterVersion.objects.get(pk=anchor.pk)
    found = rules.writing_violations(
        version_state=version.state,
        archived=charter.archived_on is not None,
        thread_resolved=thread is not None and thread.state == ThreadState.RESOLVED,
    )
    if found:
        raise RuleViolated(*found)
    if thread is None:
        _check_target(version, article_key, quote)
    organisation_id, capacity = speaker(actor, charter.cooperation_id, organisation, COMMENTING, staff=True)
    assert actor.person_id is not None, "only people hold roles"
    comment = ArticleComment(
        cooperation_id=charter.cooperation_id,
        charter_version=version,
        article_key=article_key,
        parent=thread,
        quote=normalise(quote),
        body=normalise(body),
        author_id=actor.person_id,
        organisation_id=organisation_id,
        capacity=capacity,
        written_at=clock.now(),
        state=ThreadState.OPEN if thread is None else "",
    )
    records.create(
        comment,
        actor=actor,
        on_behalf_of=organisation_id,
        charter_version=version.pk,
        article_key=article_key,
        parent=thread.pk if thread else None,
    )
    return comment


@transaction.atomic
def article_comment_update(
    *, pk: UUID, actor: Actor, expected_version: int | None, changes: Mapping[str, Any]
) -> ArticleComment:
    """Rewrite one's own words while nobody has answered them. The record of changes keeps the former ones."""
    comment, charter = _lock_comment(pk, expected_version)
    _require_unanswered(comment, charter)
    body = normalise(changes.get("body", comment.body))
    if body == comment.body:
        return comment
    comment.body, comment.edited_at = body, clock.now()
    records.check(comment)
    comment.save(update_fields=["body", "edited_at"])
    _record("article_comment.updated", comment, actor)
    return comment


@transaction.atomic
def article_comment_withdraw(*, pk: UUID, actor: Actor, expected_version: int | None = None) -> ArticleComment:
    """Take one's own comment back while nobody has answered it: it stays in its place and says that it was."""
    comment, charter = _lock_comment(pk, expected_version)
    _require_unanswered(comment, charter)
    comment.withdrawn_at = clock.now()
    comment.save(update_fields=["withdrawn_at"])
    _record("article_comment.withdrawn", comment, actor)
    return comment


@transaction.atomic
def article_comment_resolve(
    *, pk: UUID, actor: Actor, expected_version: int | None = None, outcome: str = ""
) -> ArticleComment:
    """Close a thread, with what came of it."""
    comment = _lock_thread(pk, expected_version)
    states.comment_thread.apply(comment, ThreadTransition.RESOLVE)
    comment.resolved_by_id, comment.resolved_at, comment.outcome = actor.person_id, clock.now(), outcome
    comment.save(update_fields=["state", "resolved_by", "resolved_at", "outcome"])
    _record("article_comment.resolved", comment, actor, reason=outcome)
    return comment


@transaction.atomic
def article_comment_reopen(
    *, pk: UUID, actor: Actor, expected_version: int | None = None, reason: str = ""
) -> ArticleComment:
    """Open a closed thread again; the journal keeps who had closed it and with which outcome."""
    comment = _lock_thread(pk, expected_version)
    states.comment_thread.apply(comment, ThreadTransition.REOPEN)
    comment.resolved_by, comment.resolved_at, comment.outcome = None, None, ""
    comment.save(update_fields=["state", "resolved_by", "resolved_at", "outcome"])
    _record("article_comment.reopened", comment, actor, reason=reason)
    return comment


def _check_reply(thread: ArticleComment, charter: Charter, *, quote: str, article_key: str) -> None:
    found = []
    if thread.charter_version.charter_id != charter.pk:
        detail = _("Ce fil est celui d’une autre charte.")
        found += [Violation("other_charter", detail, "/parent"), Violation("other_charter", detail, "/charter_version")]
    if thread.parent_id is not None:
        found.append(Violation("reply_to_a_reply", _("On répond au premier commentaire du fil."), "/parent"))
    if quote:
        found.append(Violation("not_applicable", _("Seul le premier commentaire d’un fil cite un passage."), "/quote"))
    if article_key and article_key != thread.article_key:
        found.append(Violation("other_article", _("Ce fil porte sur un autre article."), "/article_key"))
    if found:
        raise InvalidInput(*found)


def _version(charter: Charter, named: UUID | None, of_the_thread: UUID) -> CharterVersion:
    """The version that a reply was made on."""
    versions = CharterVersion.objects.filter(charter=charter)
    if named is not None:
        return versions.get(pk=named)
    own: CharterVersion = versions.get(pk=of_the_thread)
    if not rules.writing_violations(version_state=own.state, archived=False):
        return own
    newest = versions.filter(state__in=rules.DISCUSSED).order_by("-number").first()
    return newest or own


def _check_target(version: CharterVersion, key: str, quote: str) -> None:
    article = Article.objects.filter(charter_version=version, key=key).first()
    found = rules.target_violations(quote=quote, texts=None if article is None else (article.title, article.body))
    if found:
        raise InvalidInput(*found)


def _lock_comment(pk: UUID, expected_version: int | None) -> tuple[ArticleComment, Charter]:
    """The comment, fresh under the lock of its charter. Raises NotVisible, StaleVersion."""
    charter_id = ArticleComment.objects.filter(pk=pk).values_list("charter_version__charter_id", flat=True).first()
    if charter_id is None:
        raise NotVisible
    charter = lock_charter(charter_id)
    comment = ArticleComment.objects.select_related("charter_version__charter", "parent").get(pk=pk)
    if expected_version is not None and comment.version != expected_version:
        raise StaleVersion(comment.version, expected_version)
    return comment, charter


def _lock_thread(pk: UUID, expected_version: int | None) -> ArticleComment:
    comment, charter = _lock_comment(pk, expected_version)
    found = rules.settling_violations(
        archived=charter.archived_on is not None,
        is_thread=comment.parent_id is None,
        withdrawn=comment.withdrawn_at is not None,
    )
    if found:
        raise RuleViolated(*found)
    return comment


def _require_unanswered(comment: ArticleComment, charter: Charter) -> None:
    thread = comment.parent or comment
    later = ArticleComment.objects.filter(parent=thread, withdrawn_at=None)
    if comment.parent is not None:
        at_once = Q(written_at=comment.written_at, pk__gt=comment.pk)
        later = later.filter(Q(written_at__gt=comment.written_at) | at_once)
    found = rules.changing_violations(
        archived=charter.archived_on is not None,
        withdrawn=comment.withdrawn_at is not None,
        thread_resolved=thread.state == ThreadState.RESOLVED,
        followed=later.exists(),
    )
    if found:
        raise RuleViolated(*found)


def _record(act: str, comment: ArticleComment, actor: Actor, *, reason: str = "") -> None:
    """What was done, without the words: the journal is never rewritten, and people name people."""
    journal.record(
        act,
        comment,
        actor=actor,
        on_behalf_of=comment.organisation_id if actor.person_id == comment.author_id else None,
        reason=reason,
        charter_version=comment.charter_version_id,
        article_key=comment.article_key,
    )
