"""API tokens `coop_<key>.<secret>`: looked up by key, compared by a peppered hash in constant time."""

import datetime as dt
import hmac
import re
from typing import Any

from django.utils.translation import gettext_lazy as _
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from coopproject import clock
from governance.models import ApiToken, User
from governance.token_secrets import hash_secret, new_token

__all__ = ["TokenAuthentication", "hash_secret", "new_token"]

_TOKEN = re.compile(r"^coop_([a-z0-9]{12})\.([A-Za-z0-9_-]{43})$")
# `last_used_at` is written at most this often: a read must not cost a write each time.
_LAST_USE_STEP = dt.timedelta(minutes=5)


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer coop_<key>.<secret>`. Every refusal reads the same."""

    def authenticate_header(self, request: Request) -> str:
        return 'Bearer realm="api"'

    def authenticate(self, request: Request) -> tuple[User, ApiToken] | None:
        scheme, _sep, given = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        found = _TOKEN.match(given.strip())
        token = ApiToken.objects.select_related("user").filter(key=found[1]).first() if found else None
        expected = token.secret_hash if token else hash_secret("")
        matches = hmac.compare_digest(hash_secret(found[2] if found else "-"), expected)
        if token is None or not matches or not self._usable(token, request):
            raise AuthenticationFailed(_("Jeton inconnu, expiré ou révoqué."))
        return token.user, token

    @staticmethod
    def _usable(token: ApiToken, request: Any) -> bool:
        now = clock.now()
        if token.revoked_at is not None or token.expires_at <= now or not token.user.is_active:
            return False
        if token.allowed_addresses and request.META.get("REMOTE_ADDR") not in token.allowed_addresses:
            return False
        if token.last_used_at is None or now - token.last_used_at > _LAST_USE_STEP:
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
        return True
