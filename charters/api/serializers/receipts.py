"""The shape of a signed receipt, for the description of the API: what is served are the bytes that were signed."""

from typing import Any

from rest_framework import serializers


class SignedReceipt(serializers.Serializer[Any]):
    """RFC 8785 canonical JSON, byte for byte as issued. docs/verify.md names every field of `receipt`."""

    receipt = serializers.DictField(help_text="Its own canonical JSON is what is signed.")
    signature = serializers.CharField(help_text="Ed25519 (RFC 8032), in base64.")
