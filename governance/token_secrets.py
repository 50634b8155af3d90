"""The secrets of API tokens: made, and hashed with the instance's pepper. Nothing here is ever stored in clear."""

import hashlib
import hmac
import secrets

from django.conf import settings


def hash_secret(secret: str) -> str:
    """HMAC-SHA-256 with the instance's pepper, in hexadecimal."""
    return hmac.new(settings.TOKEN_PEPPER.encode(), secret.encode(), hashlib.sha256).hexdigest()


def new_token() -> tuple[str, str, str]:
    """A fresh (key, secret, full token). The secret has 256 bits and is shown once."""
    key = "".join(secrets.choice("abcdefghijklmnopqrstuvwxyz0123456789") for _i in range(12))
    secret = secrets.token_urlsafe(32)
    return key, secret, f"coop_{key}.{secret}"
