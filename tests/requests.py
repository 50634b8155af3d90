"""Small words for calling the API in tests."""

import uuid
from typing import Any

from rest_framework.test import APIClient


def act(client: APIClient, path: str, data: dict[str, Any] | None = None, **headers: str) -> Any:
    """POST with a fresh Idempotency-Key and `If-Match: *`, which a test overrides when it is about them."""
    given = {"Idempotency-Key": str(uuid.uuid4()), "If-Match": "*", **headers}
    return client.post(path, data if data is not None else {}, format="json", headers=given)


def codes(response: Any) -> set[str]:
    """The codes of the errors of a problem document."""
    return {error["code"] for error in response.json().get("errors", ())}


def pointers(response: Any) -> set[str]:
    return {error["pointer"] for error in response.json().get("errors", ())}
