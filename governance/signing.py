"""Ed25519 signatures of this installation (RFC 8032): its private key comes from the environment and stays there."""

import hashlib

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings

ALGORITHM = "ed25519"


def key_id(public_key: bytes) -> str:
    """The name of a key, the same everywhere: the first 16 hexadecimal digits of the SHA-256 of its 32 bytes."""
    return hashlib.sha256(public_key).hexdigest()[:16]


def private_key() -> Ed25519PrivateKey:
    """The key that signs from now on (`RECEIPT_SIGNING_KEY`, checked by the settings)."""
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(settings.RECEIPT_SIGNING_KEY))


def public_key() -> bytes:
    """Its public half: 32 bytes."""
    return private_key().public_key().public_bytes_raw()


def sign(message: bytes) -> bytes:
    """64 bytes, always the same for the same message and key."""
    return private_key().sign(message)
