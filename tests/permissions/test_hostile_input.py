"""A careless or malicious client: every field of every operation, and every filter, given what it never expects.

Whatever is sent, the answer is never a failure of ours; a refusal is a problem document that points to a field and
leaves nothing written; and what is accepted breaks no later reading. A seeded draw of the values, since all of them
on all fields would take minutes: `HOSTILE_VALUES=36` tries every one.
"""

import json
import os
import random
import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rest_framework import serializers

from governance.actor import Actor
from tests.cast import Cast
from tests.permissions.asking import ask, form_of, undone, writes, written_since
from tests.permissions.bodies import body_of
from tests.permissions.matrix import MATRIX, PEOPLE, cells
from tests.permissions.routes import BASE, Route, routes
from tests.permissions.scene import Scene

ROUTES = routes()
EXPECTED = cells(MATRIX)
VALUES = int(os.environ.get("HOSTILE_VALUES", "1"))
SEED = int(os.environ.get("HOSTILE_SEED", "1"))

# Written as JSON, since some of it is none: no Python value could say it.
_TEXTS = (
    '""',
    '" \\u00a0 "',
    '"\\u0000"',
    '"a\\u0000b"',
    '"\\ud800"',
    '"' + "x" * 100_000 + '"',
    '"\\ud83d\\ude42"',
    '"\\u202e\\uff11\\uff12"',
    '"../../etc/passwd"',
    '"00000000-0000-0000-0000-000000000000"',
)
_NUMBERS = ("0", "-1", "1.5", "1" + "0" * 400, "1" + "0" * 5000, "1e400", "NaN", '"NaN"', '"Infinity"', '"1e400"')
_SHAPES = (
    "null",
    "true",
    "[]",
    "{}",
    "[[]]",
    '["a"]',
    "[null]",
    "[{}]",
    '{"a": {"b": [1, true]}}',
    "[" * 30 + "]" * 30,
)
# What many a field takes. The first two are sent to every date; what is accepted is then read.
_EDGES = (
    '"0001-01-01"',
    '"9999-12-31"',
    '"2026-02-30"',
    '"12026-01-01"',
    '"2026-W01-1"',
    '"1e-400"',
    '"-0"',
    '"99999999999999999999999999"',
)
HOSTILE = (*_TEXTS, *_NUMBERS, *_SHAPES, *_EDGES)
# Each use of a token is written, once a minute: it is no effect of the request.
_MEMORY = frozenset({"governance_apitoken"})
_IMPORT = "POST cooperations/import/"


@dataclass(frozen=True)
class Spot:
    """Where a value stands in a body: the path to it."""

    path: tuple[Any, ...]

    @property
    def pointer(self) -> str:
        return "".join(f"/{part}" for part in self.path)

    def filled(self, body: Any, raw: str) -> str:
        """The body as JSON text, with `raw` at this spot."""
        mark = uuid.uuid4().hex
        return json.dumps(_replaced(body, self.path, mark)).replace(f'"{mark}"', raw)


def _replaced(value: Any, path: tuple[Any, ...], by: Any) -> Any:
    if not path:
        return by
    head, *rest = path
    if isinstance(value, list):
        return [_replaced(inner, tuple(rest), by) if index == head else inner for index, inner in enumerate(value)]
    return {**value, head: _replaced(value.get(head), tuple(rest), by)}


def _spots(body: Any, at: tuple[Any, ...] = ()) -> Iterator[Spot]:
    for key, inner in body.items() if isinstance(body, dict) else enumerate(body):
        yield Spot((*at, key))
        if isinstance(inner, dict | list):
            yield from _spots(inner, (*at, key))


def _shape(route: Route) -> dict[str, Any]:
    """The fields that the body of this operation may carry."""
    inputs = getattr(route.viewset, "inputs", {})
    given = inputs.get(route.action, getattr(getattr(route.viewset, route.action, None), "act_input", None))
    if given is None or not issubclass(given, serializers.Serializer):
        return {}
    return dict(given(context={"actor": Actor.anonymous()}).fields)


def _who(operation: str) -> str:
    """Somebody who may: what is tried is not the permission."""
    line = EXPECTED[operation]
    return next(code for code in ("coo", "cha", "dir", "pil", "ope", *PEOPLE) if line[code] == "ok")


def _send(scene: Scene, route: Route, text: str) -> Any:
    address = f"{BASE}{route.path.replace('{id}', scene.here.ids.get(route.collection, ''))}"
    headers = {"Idempotency-Key": str(uuid.uuid4()), "If-Match": "*"}
    client = scene.client(_who(route.operation))
    return client.generic(route.method, address, text, content_type="application/json", headers=headers)


def test_every_field_refuses_what_it_never_expects_and_takes_nothing_that_breaks_a_reading(cast: Cast) -> None:
    scene = Scene(cast)
    draw = random.Random(SEED)
    wrong = []
    tried = 0
    for route in ROUTES.values():
        body = body_of(route.operation, scene.here)
        if route.method == "GET" or route.viewset is None or form_of(body) == "multipart":
            continue
        if route.operation == _IMPORT:
            continue
        fields = _shape(route)
        absent = [Spot((name,)) for name, field in fields.items() if not field.read_only and name not in body]
        unknown = [Spot(("unknown_field",))] if route.method != "DELETE" else []
        for spot in [*_spots(body), *absent, *unknown]:
            values = draw.sample(HOSTILE, min(VALUES, len(HOSTILE)))
            is_date = isinstance(fields.get(str(spot.path[-1])), serializers.DateField)
            for raw in {*values, *(_EDGES[:2] if is_date else ())}:
                tried += 1
                before = writes()
                with undone():
                    response = _send(scene, route, spot.filled(body, raw))
                    written = {name for name in written_since(before) if name not in _MEMORY}
                    said = _complaint(response, {*fields, *body}, spot, written)
                    if not said and response.status_code < 400 and is_date and raw in _EDGES:
                        said = _unreadable(scene, route, response)
                if said:
                    wrong.append(f"{route.operation} {spot.pointer} = {raw[:40]}: {said}")
    assert not wrong, f"{len(wrong)} of {tried}\n" + "\n".join(wrong)
    assert tried > 500


def _complaint(response: Any, fields: set[str], spot: Spot, written: set[str]) -> str:
    status = response.status_code
    said = response.content.decode(errors="replace")[-300:]
    if status < 400:
        return "accepted" if spot.path[0] == "unknown_field" else ""
    if status >= 500:
        return f"{status} {said}"
    if not response.headers["Content-Type"].startswith("application/problem+json"):
        return f"{status} is no problem document: {said}"
    # A refusal by a rule may come after rows that the transaction takes back; one of shape comes before any.
    if written and status == 400:
        return f"{status} wrote {written}"
    problem = response.json()
    if status == 400 and problem["code"] != "malformed_body":
        heads = {error["pointer"].split("/")[1] if error["pointer"] else "" for error in problem.get("errors", ())}
        # The spot itself, or what it does not go with: two dates, two units.
        if spot.path[0] not in heads and not (heads and heads <= fields | {""}):
            return f"400 points nowhere: {said}"
    return ""


def _unreadable(scene: Scene, route: Route, response: Any) -> str:
    """What the coordination can no longer read, once this day is accepted."""
    made = response.json()
    operations = [f"GET {route.collection}/", f"GET {route.collection}/{{id}}/", "GET cooperations/{id}/vital-signs/"]
    operations += ["GET users/me/", "GET decisions/{id}/requirements/", "GET memberships/{id}/departure/"]
    for operation in (known for known in operations if known in ROUTES):
        own = operation.startswith(f"GET {route.collection}/") and "id" in made
        identifier = str(made["id"]) if own else scene.here.ids.get(ROUTES[operation].collection, "")
        answer = ask(scene.client("coo"), operation, identifier, {})
        if answer.status_code >= 500:
            return f"accepted, then {operation} is {answer.status_code}"
    return ""


# As they stand in an address: what no filter, page or order expects.
_PARAMETERS = (
    *("", " ", "\x00", "x" * 5000, "🙂", "\u202e", "１２", "NaN", "1e400", "-1", "1" + "0" * 50, "null", "true"),
    *("0001-01-01", "9999-12-31", "2026-02-30", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59-23:59"),
    *("00000000-0000-0000-0000-000000000000", ",", ",,a", "a,b", "%", "_", "\\", "'", "id", "-pk", "--id", "a__b"),
)
_COMMON = ("cursor", "page_size", "count", "ordering", "fields", "expand", "q", "unknown")


def test_every_filter_of_every_list_answers_what_it_never_expects(cast: Cast) -> None:
    scene = Scene(cast)
    draw = random.Random(SEED)
    wrong = []
    tried = 0
    for route in ROUTES.values():
        if not route.is_list:
            continue
        filterset = getattr(route.viewset, "filterset_class", None)
        names = [*(filterset.base_filters if filterset else ()), *_COMMON]
        client = scene.client(_who(route.operation))
        for name in names:
            for value in draw.sample(_PARAMETERS, min(VALUES, len(_PARAMETERS))):
                tried += 1
                with undone():
                    response = client.get(f"{BASE}{route.path}", {name: value})
                said = response.content.decode(errors="replace")[-200:]
                problem = response.headers["Content-Type"].startswith("application/problem+json")
                if response.status_code not in {200, 400} or (response.status_code == 400) != problem:
                    wrong.append(f"{route.path}?{name}={value[:40]!r}: {response.status_code} {said}")
                elif problem and response.json()["code"] != "invalid_cursor":
                    pointers = {error["pointer"] for error in response.json()["errors"]}
                    if pointers != {f"?{name}"}:
                        wrong.append(f"{route.path}?{name}={value[:40]!r} points to {pointers}")
    assert not wrong, "\n".join(wrong)
    assert tried > 200
