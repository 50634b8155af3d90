"""Personal API tokens: made with a secret that is shown once, revoked, never changed."""

import datetime as dt
from collections.abc import Collection, Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from coopproject import clock
from coopproject.exceptions import InvalidInput, NotAllowed, NotVisible, Violation
from governance import journal
from governance.actor import Actor
from governance.models import ApiToken
from governance.services import records
from governance.token_secrets import hash_secret, new_token

DEFAULT_LIFE = dt.timedelta(days=90)


@transaction.atomic
def token_create(
    *,
    actor: Actor,
    name: str,
    scopes: Collection[str],
    expires_at: dt.datetime | None = None,
    allowed_addresses: Sequence[str] = (),
    made_with: ApiToken | None = None,
) -> tuple[ApiToken, str]:
    """Returns the token and its full text, which nothing can show again.

    `expires_at` is at most one year away (90 days when it is not said). A token made with another (`made_with`) has
    none but its scopes, and only its addresses when that one is limited to some.
    """
    if actor.user is None:
        raise NotAllowed
    now = clock.now()
    end = expires_at or now + DEFAULT_LIFE
    if found := _violations(scopes, end, allowed_addresses, now, made_with):
        raise InvalidInput(*found)
    key, secret, full = new_token()
    token = ApiToken(
        key=key,
        user=actor.user,
        name=name,
        secret_hash=hash_secret(secret),
        scopes=sorted(set(scopes)),
        allowed_addresses=list(allowed_addresses),
        expires_at=end,
    )
    records.create(token, actor=actor, scopes=token.scopes, expires_at=end)
    return token, full


@transaction.atomic
def token_revoke(*, key: str, actor: Actor) -> None:
    """Stop one's own token at once and for ever. Again: nothing happens."""
    token = ApiToken.objects.select_for_update().filter(key=key, user=actor.user).first()
    if token is None:
        raise NotVisible
    if token.revoked_at is None:
        token.revoked_at = clock.now()
        token.save(update_fields=["revoked_at"])
        journal.record("api_token.revoked", token, actor=actor)


def _violations(
    scopes: Collection[str],
    end: dt.datetime,
    addresses: Sequence[str],
    now: dt.datetime,
    made_with: ApiToken | None,
) -> list[Violation]:
    found = []
    if not scopes:
        found.append(Violation("required", _("Au moins une portée est attendue."), "/scopes"))
    if end <= now:
        found.append(Violation("in_the_past", _("L’expiration est à venir."), "/expires_at"))
    elif end > _one_year_after(now):
        found.append(Violation("too_late", _("Un jeton dure un an au plus."), "/expires_at"))
    if made_with is not None:
        if excess := sorted(set(scopes) - set(made_with.scopes)):
            detail = _("Votre jeton n’a pas cette portée : %(scopes)s.") % {"scopes": ", ".join(excess)}
            found.append(Violation("beyond_own_scopes", detail, "/scopes"))
        own = set(made_with.allowed_addresses)
        if own and (not addresses or not own.issuperset(addresses)):
            found.append(
                Violation(
                    "beyond_own_addresses", _("Reprenez des adresses admises pour votre jeton."), "/allowed_addresses"
                )
            )
    return found


def _one_year_after(now: dt.datetime) -> dt.datetime:
    try:
        return now.replace(year=now.year + 1)
    except ValueError:  # 29 February
        return now.replace(year=now.year + 1, month=3, day=1)
