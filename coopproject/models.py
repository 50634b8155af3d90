"""What every stored thing has: a time-ordered identifier, instants, a version; and the kernel's own table."""

import uuid
from collections.abc import Iterable
from typing import Any

import uuid6
from django.conf import settings
from django.db import models
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _


def new_id() -> uuid.UUID:
    """A UUIDv7 (RFC 9562): unguessable, and sorted by time of creation."""
    return uuid.UUID(int=uuid6.uuid7().int)


class Entity(models.Model):
    """Identifier, instants and the integer version that the API sends as ETag (docs/adr/0004)."""

    id = models.UUIDField(_("identifiant"), primary_key=True, default=new_id, editable=False)
    created_at = models.DateTimeField(_("créé le"), db_default=Now(), editable=False)
    updated_at = models.DateTimeField(_("modifié le"), db_default=Now(), editable=False)
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    class Meta:
        abstract = True

    def save(self, *args: Any, update_fields: Iterable[str] | None = None, **kwargs: Any) -> None:
        """Each change raises the version. Callers hold the lock on the aggregate root (`coopproject.locking`)."""
        if not self._state.adding:
            self.version += 1
            self.updated_at = Now()
            if update_fields is not None:
                update_fields = {*update_fields, "version", "updated_at"}
        super().save(*args, update_fields=update_fields, **kwargs)


class IdempotencyKey(models.Model):
    """The first answer to a request that carried an Idempotency-Key, stored in the transaction of its effect."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("utilisateur"))
    key = models.CharField(_("clé"), max_length=255)
    method = models.CharField(_("méthode"), max_length=8)
    path = models.CharField(_("chemin"), max_length=500)
    request_hash = models.CharField(_("empreinte de la requête"), max_length=64)
    status = models.PositiveSmallIntegerField(_("statut"))
    headers = models.JSONField(_("en-têtes"), default=dict)
    body = models.TextField(_("corps"))
    created_at = models.DateTimeField(_("créé le"), db_default=Now())

    class Meta:
        verbose_name = _("clé d’idempotence")
        verbose_name_plural = _("clés d’idempotence")
        constraints = [models.UniqueConstraint(fields=["user", "key"], name="coopproject_one_answer_per_key")]
        indexes = [models.Index(fields=["created_at"], name="coopproject_idem_created")]

    def __str__(self) -> str:
        return f"{self.method} {self.path} {self.key}"
