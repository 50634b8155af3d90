"""Writing the articles of a draft. Each change raises the version of the draft too: what is submitted was read."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.db import transaction

from charters.models import Article, CharterVersion
from charters.rules.content import normalise
from charters.services.locks import Locked, lock_version, require_draft
from charters.services.ranks import renumber
from coopproject.exceptions import NotVisible
from coopproject.locking import lock
from governance import journal
from governance.actor import Actor
from governance.services import records

_TEXTS = ("title", "body", "key")


@transaction.atomic
def article_create(
    *, actor: Actor, charter_version: CharterVersion, position: int | None = None, reason: str = "", **fields: Any
) -> Article:
    """Add an article at a rank (the last by default); those that follow make room.

    Raises RuleViolated(`text_is_frozen`) when the version is no longer a draft.
    """
    locked = lock_version(charter_version.pk)
    require_draft(locked)
    order = _order(locked)
    rank = min(position or len(order) + 1, len(order) + 1)
    article = Article(
        cooperation_id=locked.version.cooperation_id,
        charter_version=locked.version,
        position=len(order) + 1,
        **_normalised(fields),
    )
    records.create(article, actor=actor, reason=reason)
    order.insert(rank - 1, article)
    renumber(order)
    locked.version.save(update_fields=[])
    return article


@transaction.atomic
def article_update(*, pk: UUID, actor: Actor, expected_version: int | None, changes: Mapping[str, Any]) -> Article:
    """Change an article of a draft, or move it to another rank. `reason`, among the changes, goes to the journal."""
    locked, article = _lock_article(pk, expected_version)
    require_draft(locked)
    wanted = _normalised(dict(changes))
    rank, reason = wanted.pop("position", None), wanted.pop("reason", "")
    before, about = article.version, _about(article)
    records.save_changes(article, actor=actor, changes=wanted, reason=reason, **about)
    moved = False
    if rank is not None:
        order = [item for item in _order(locked) if item.pk != article.pk]
        rank = min(rank, len(order) + 1)
        if moved := rank != article.position:
            ranks = {"before": article.position, "after": rank}
            journal.record("article.moved", article, actor=actor, reason=reason, **ranks, **about)
            order.insert(rank - 1, article)
            renumber(order)
            article.save(update_fields=["position"])
    if moved or article.version != before:
        locked.version.save(update_fields=[])
    return article


@transaction.atomic
def article_delete(*, pk: UUID, actor: Actor, expected_version: int | None = None, reason: str = "") -> None:
    """Take an article out of a draft; the journal keeps its text."""
    locked, article = _lock_article(pk, expected_version)
    require_draft(locked)
    journal.record("article.deleted", article, actor=actor, reason=reason, **records.values_of(article))
    article.delete()
    renumber(_order(locked))
    locked.version.save(update_fields=[])


def _about(article: Article) -> dict[str, Any]:
    """What the history of a version finds an entry by, once the article may be gone."""
    return {"charter_version": article.charter_version_id, "key": article.key}


def _lock_article(pk: UUID, expected_version: int | None) -> tuple[Locked, Article]:
    version_id = Article.objects.filter(pk=pk).values_list("charter_version_id", flat=True).first()
    if version_id is None:
        raise NotVisible
    locked = lock_version(version_id)
    article = lock(Article.objects.all(), pk, expected_version)
    article.charter_version = locked.version
    return locked, article


def _order(locked: Locked) -> list[Article]:
    return list(Article.objects.filter(charter_version=locked.version).order_by("position"))


def _normalised(fields: dict[str, Any]) -> dict[str, Any]:
    return {
        name: normalise(value) if name in _TEXTS and isinstance(value, str) else value for name, value in fields.items()
    }
