"""The life of the keys that sign receipts: in use, replaced, revoked (docs/adr/0014)."""

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coopproject import clock
from coopproject.exceptions import InvalidInput, NotVisible, RuleViolated, Violation
from governance import journal, signing
from governance.actor import Actor
from governance.models import SigningKey


@transaction.atomic
def signing_key_registered(*, at: dt.datetime | None = None) -> SigningKey:
    """The row of the key of the environment, locked until the end of the transaction; made when it is new.

    A new key retires the others. `at`: since when it is in use, now unless told.
    """
    public = signing.public_key()
    known, created = SigningKey.objects.get_or_create(
        pk=signing.key_id(public), defaults={"public_key": public.hex(), "valid_from": at or clock.now()}
    )
    key = SigningKey.objects.select_for_update(no_key=True).get(pk=known.pk)
    if created:
        others = SigningKey.objects.select_for_update(no_key=True).filter(retired_at=None).exclude(pk=key.pk)
        # The clock is asked once the locks are held: nothing that they signed is later.
        SigningKey.objects.filter(pk__in=[other.pk for other in others]).update(retired_at=clock.now())
    return key


@transaction.atomic
def signing_key_for(*, at: dt.datetime) -> SigningKey:
    """The key that signs what happened at this instant, locked until the end of the transaction.

    The period published for a key holds all that it signed, so `at` widens it: while the processes restart one by one
    after a rotation, those with the former key still sign beside those with the new one.

    Raises RuleViolated `signing_key_revoked`: the operator must install another before anything can be signed.
    """
    key = signing_key_registered(at=at)
    if key.revoked_at is not None:
        detail = _("La clé qui signe les reçus est révoquée : l’exploitant doit d’abord en installer une autre.")
        raise RuleViolated(Violation("signing_key_revoked", detail))
    if at < key.valid_from:
        key.valid_from = at
        key.save(update_fields=["valid_from"])
    if key.retired_at is not None and at > key.retired_at:
        key.retired_at = at
        key.save(update_fields=["retired_at"])
    return key


@transaction.atomic
def signing_key_revoke(*, pk: str, actor: Actor, reason: str, since: dt.datetime | None = None) -> SigningKey:
    """Say for ever that the private half of a key may be in other hands since `since` (now unless told).

    Raises NotVisible for an unknown key, InvalidInput for a date to come or no reason, RuleViolated `already_revoked`.
    """
    key = SigningKey.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if key is None:
        raise NotVisible
    now = clock.now()
    if since is not None and since > now:
        raise InvalidInput(Violation("in_the_future", _("Une révocation à venir ne s’enregistre pas."), "/since"))
    if not reason.strip():
        raise InvalidInput(Violation("blank", _("Dites pourquoi : le motif est publié avec la clé."), "/reason"))
    if key.revoked_at is not None:
        raise RuleViolated(Violation("already_revoked", _("Cette clé est déjà révoquée.")))
    key.revoked_at, key.revoked_reason = since or now, reason.strip()
    key.save(update_fields=["revoked_at", "revoked_reason"])
    journal.record("signing_key.revoked", key, actor=actor, reason=key.revoked_reason, revoked_at=key.revoked_at)
    return key
