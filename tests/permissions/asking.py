"""Doing one operation of the matrix, and undoing it."""

import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.core.files.base import File
from django.db import connection, transaction

from tests.permissions.routes import BASE

_PLAIN = frozenset(
    {"schema/", "docs/", "reference/", "problems/", "session/", "consultation-regimes/", "signing-keys/"}
    | {"motivation-codes/", "legal-forms/", "mission-templates/", "cooperative-profile-quiz/", "charter-template/"}
)
# What a read must be asked with.
_ASKED = {"memberships/{id}/simulate-move/": {"circle": "network"}}


def ask(client: Any, operation: str, identifier: str, body: dict[str, Any], *, key: bool = True) -> Any:
    """The response to an operation as the matrix writes it; `If-Match: *` and, unless told not to, a fresh
    Idempotency-Key go with it."""
    method, _space, path = operation.partition(" ")
    address = path.replace("{id}", identifier).replace("{code}", identifier)
    address = address if address.startswith("/") else f"{BASE}{address}"
    if method == "GET":
        return client.get(address, {"page_size": "200"} if is_paged(path) else _ASKED.get(path, {}))
    headers = {"If-Match": "*"} | ({"Idempotency-Key": str(uuid.uuid4())} if key else {})
    send = getattr(client, method.lower())
    return send(address, body, format=form_of(body), headers=headers)


def form_of(body: dict[str, Any]) -> str:
    """Files travel in a multipart body, the rest in JSON."""
    return "multipart" if any(isinstance(value, File) for value in body.values()) else "json"


def is_paged(path: str) -> bool:
    """Whether the path is that of a list that takes `page_size`."""
    return "{" not in path and path.find("/") == len(path) - 1 > 0 and path not in _PLAIN


@contextmanager
def undone() -> Iterator[None]:
    """What happens inside never happened: thousands of cells share one scene."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


def writes() -> dict[str, int]:
    """Table -> rows inserted, updated or deleted so far in this transaction, those undone included."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables "
            "WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"
        )
        return dict(cursor.fetchall())


def written_since(before: dict[str, int]) -> dict[str, int]:
    """Table -> rows written since `before`, but for the kernel's own memory of retries."""
    now = writes()
    return {
        table: number - before.get(table, 0)
        for table, number in now.items()
        if number != before.get(table, 0) and table != "coopproject_idempotencykey"
    }
