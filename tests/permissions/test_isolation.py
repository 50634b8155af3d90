"""What one may not know of cannot be told from what does not exist, by any identifier that a request may carry."""

import json
import random
import uuid
from collections.abc import Iterator
from typing import Any

import django_filters
import pytest
from rest_framework.relations import ManyRelatedField, PrimaryKeyRelatedField
from rest_framework.test import APIClient

from charters.models import CharterVersion
from coopproject.models import new_id
from governance.actor import Actor
from governance.api.authentication import new_token
from tests.cast import Cast
from tests.permissions.asking import ask, undone, writes, written_since
from tests.permissions.bodies import BODIES, body_of
from tests.permissions.levels import BELOW
from tests.permissions.matrix import MATRIX, cells
from tests.permissions.routes import BASE, Route, routes
from tests.permissions.scene import Scene
from tests.requests import pointers

ROUTES = routes()


def _answer(response: Any) -> tuple[int, str, dict[str, str]]:
    """Status, body and headers, but for what is proper to each request."""
    data = json.loads(response.content)
    data.pop("request_id", None)
    headers = {name: value for name, value in response.headers.items() if name.lower() != "x-request-id"}
    headers.pop("Content-Length", None)
    return response.status_code, json.dumps(data, sort_keys=True), headers


def _nobody(collection: str) -> str:
    """An identifier of the right shape that nothing carries."""
    return new_token()[0] if collection == "tokens" else str(new_id())


def _identifiers(value: Any, at: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where a body names objects: the path to each UUID in it."""
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _identifiers(inner, (*at, key))
    elif isinstance(value, str) and len(value) == 36:
        try:
            uuid.UUID(value)
        except ValueError:
            return
        yield at


def _with(body: dict[str, Any], name: str, value: str) -> dict[str, Any]:
    return {**body, name: value}


TRIES = 100


@pytest.mark.parametrize("part", range(4))
def test_a_hundred_identifiers_of_another_cooperation_are_each_answered_like_one_that_nothing_carries(
    cast: Cast, part: int
) -> None:
    """Of the right kind, of another kind, a neighbour of one that exists, or drawn at random: one and the same body."""
    scene = Scene(cast)
    client = APIClient(raise_request_exception=False)
    client.force_authenticate(cast.coordinator.account)  # Thousands of requests: no token to hash for each.
    draw = random.Random(part)
    wrong = []
    operations = [
        operation
        for operation, route in ROUTES.items()
        if "{id}" in operation and route.collection in scene.there.objects
    ]
    assert len(operations) > 150
    for operation in operations[part::4]:
        collection, legal = ROUTES[operation].collection, ROUTES[operation].is_legal
        body = body_of(operation, scene.here)
        before = writes()
        with undone():
            unknown = _answer(ask(client, operation, _nobody(collection), body, key=legal))
            for identifier in _foreign(scene, collection, draw):
                answer = _answer(ask(client, operation, identifier, body, key=legal))
                if answer != unknown:
                    wrong.append(f"{operation} {identifier}: {answer} is not {unknown}")
            written = written_since(before)
        if unknown[0] != 404 or written:
            wrong.append(f"{operation}: {unknown}; wrote {written}")
    assert not wrong, "\n".join(wrong)


def _foreign(scene: Scene, collection: str, draw: random.Random) -> list[str]:
    """`TRIES` identifiers that this cooperation must not know of, that of the very kind first."""
    theirs = scene.there.ids[collection]
    if collection == "tokens":
        return [theirs, *(new_token()[0] for _try in range(TRIES - 1))]
    real = sorted({value for value in scene.there.ids.values() if len(value) == 36} - {theirs})
    near = [str(uuid.UUID(int=uuid.UUID(value).int ^ (1 << draw.randrange(64)))) for value in real]
    nothing = [str(uuid.UUID(int=draw.getrandbits(128), version=4)) for _try in range(TRIES)]
    return [theirs, *(real + near + nothing)[: TRIES - 1]]


def test_a_body_that_names_an_object_of_another_cooperation_is_answered_like_one_that_names_nothing(
    cast: Cast,
) -> None:
    scene = Scene(cast)
    expected = cells(MATRIX)
    wrong = []
    tried = 0
    for operation in BODIES:
        if operation == "POST cooperations/import/":
            continue
        # What the coordination may not do at all, the chair of Alpha asks.
        client = scene.client("cha" if expected[operation]["coo"] == "403" else "coo")
        ours, theirs = body_of(operation, scene.here), body_of(operation, scene.there)
        for (name,) in (path for path in _identifiers(ours) if len(path) == 1):
            before = writes()
            identifier = scene.here.ids.get(ROUTES[operation].collection, "")
            with undone():
                known = _answer(ask(client, operation, identifier, _with(ours, name, theirs[name])))
                unknown = _answer(ask(client, operation, identifier, _with(ours, name, _nobody(name))))
                written = written_since(before)
            tried += 1
            if known != unknown or known[0] != 400 or written:
                wrong.append(f"{operation} {name}: {known} is not {unknown}; wrote {written}")
    assert not wrong, "\n".join(wrong)
    assert tried > 30


def test_a_filter_by_an_object_of_another_cooperation_is_answered_like_one_by_nothing(cast: Cast) -> None:
    scene = Scene(cast)
    client = scene.client("coo")
    theirs = scene.there.ids
    wrong = []
    tried = 0
    for route in ROUTES.values():
        filterset = getattr(route.viewset, "filterset_class", None) if route.is_list else None
        if filterset is None:
            continue
        names = [
            name
            for name, given in filterset.base_filters.items()
            if isinstance(given, django_filters.UUIDFilter)
            or (name.endswith("__in") and "uuid" in type(given).__name__.lower())
        ]
        for name in names:
            # Every identifier of the other place: whichever it is, nothing may come of it.
            for collection, identifier in theirs.items():
                if len(identifier) != 36 or _plural(name) not in {collection, ""}:
                    continue
                known = _answer(client.get(f"{BASE}{route.path}", {name: identifier}))
                unknown = _answer(client.get(f"{BASE}{route.path}", {name: str(new_id())}))
                tried += 1
                if known != unknown or known[0] != 200:
                    wrong.append(f"{route.path}?{name}= {collection}: {known} is not {unknown}")
    assert not wrong, "\n".join(wrong)
    assert tried > 60


# What a person known from two cooperations may bring from one into the other: people and organisations are of both, and
# an observer may come from an organisation that is no member.
SHARED = frozenset(
    {
        ("POST roles/", "person"),
        ("POST memberships/", "organisation"),
        ("POST people/", "organisation"),
        # All of it is then in the other cooperation, where this person answers to that very works council.
        ("POST consultation-documents/", "consultation"),
        ("POST consultation-meetings/", "consultation"),
    }
)


def test_nobody_ties_together_objects_of_two_cooperations_that_they_know(cast: Cast) -> None:
    scene = Scene(cast)
    client = scene.double_agent()
    theirs = {type(obj): str(obj.pk) for obj in scene.there.objects.values()}
    wrong = []
    tried = 0
    for operation, route in ROUTES.items():
        for name, model, many in _references(route):
            if model not in theirs or (operation, name) in SHARED:
                continue
            given = body_of(operation, scene.here) | {name: [theirs[model]] if many else theirs[model]}
            # A frozen version would refuse whatever is said.
            identifier = str(scene.here.draft.pk) if route.collection == "charter-versions" else ""
            before = writes()
            with undone():
                if operation.endswith("/amend/"):
                    identifier = _in_force(scene)
                    before = writes()
                response = ask(client, operation, identifier or scene.here.ids.get(route.collection, ""), given)
                written = written_since(before)
            tried += 1
            named = any(pointer.startswith(f"/{name}") for pointer in pointers(response))
            if not (response.status_code == 403 or (response.status_code in {400, 409} and named)) or written:
                wrong.append(f"{operation} {name}: {response.status_code} {response.content.decode()[:300]} {written}")
    assert not wrong, "\n".join(wrong)
    assert tried > 40


def _in_force(scene: Scene) -> str:
    """Only a version in force is amended."""
    version = scene.here.objects["charter-versions"]
    CharterVersion.objects.filter(pk=version.pk).update(state="in_force", in_force_on=scene.cast.today)
    return str(version.pk)


def _references(route: Route) -> Iterator[tuple[str, Any, bool]]:
    """Field, model and whether it takes several, for each reference that the body of this operation may carry."""
    inputs = getattr(route.viewset, "inputs", {})
    given = inputs.get(route.action, getattr(getattr(route.viewset, route.action, None), "act_input", None))
    for name, field in given(context={"actor": Actor.anonymous()}).fields.items() if given else ():
        many = isinstance(field, ManyRelatedField)
        inner = field.child_relation if many else field
        if isinstance(inner, PrimaryKeyRelatedField):
            yield name, inner.get_queryset().model, many


# What a reader of the level « active » no longer knows of once this is for the core circle: itself and all below it.
CLOSED: dict[str, tuple[str, ...]] = {
    "charters": (*BELOW["charters"],),
    "agreements": ("agreements",),
    "activities": (*BELOW["activities"], *BELOW["indicators"], "evaluation-gaps", "corrective-actions"),
    "decisions": ("decisions", "decision-votes", *BELOW["consultations"]),
    "consultations": BELOW["consultations"],
    "evaluations": ("evaluations",),
    "working-groups": ("working-groups",),
    "communication-actions": ("communication-actions",),
}


@pytest.mark.parametrize("root", CLOSED)
def test_nothing_names_what_was_closed_to_its_reader(cast: Cast, root: str) -> None:
    """The coordination closes one part of the scene to Gamma, an active partner: no answer to Gamma names it again.

    But the journal, whose entries keep the level that the object had when they were written.
    """
    scene = Scene(cast)
    coordination, gamma = scene.client("coo"), scene.client("gam")
    others = (scene.here.draft.charter_id, scene.here.live.charter_version.charter_id)
    for identifier in {scene.here.ids[root], *(str(pk) for pk in others if root == "charters")}:
        who = scene.client("dir") if root == "consultations" else coordination
        closed = ask(who, f"PATCH {root}/{{id}}/", identifier, {"confidentiality": "core"})
        assert closed.status_code == 200, closed.content
    secret = {scene.here.ids[name]: name for name in CLOSED[root]}
    wrong = []
    for operation, route in ROUTES.items():
        identifier = scene.here.ids.get(route.collection, "")
        if route.method != "GET" or route.collection in {"journal", "schema"} or identifier in secret:
            continue
        said = ask(gamma, operation, identifier, {}).content.decode(errors="replace")
        wrong += [f"{operation} names one of {name}" for pk, name in secret.items() if pk in said]
    for name in CLOSED[root]:
        response = ask(gamma, f"GET {name}/{{id}}/", scene.here.ids[name], {})
        if response.status_code != 404:
            wrong.append(f"GET {name}/{{id}}/ is {response.status_code}")
        said = ask(gamma, f"GET {name}/", "", {}).content.decode(errors="replace")
        wrong += [f"GET {name}/ names one of {other}" for pk, other in secret.items() if pk in said]
    assert not wrong, "\n".join(wrong)


_COLLECTIONS = {
    "cooperation": "cooperations",
    "activity": "activities",
    "person": "people",
    "recipient": "people",
    "owner": "people",
    "entered_by": "people",
    "concerned": "organisations",
    "effect": "expected-effects",
    "corrects": "measurements",
    "line": "budget-lines",
    "gap": "evaluation-gaps",
    "concerns": "organisations",
    "file": "files",
    "deliberation": "board-deliberations",
    "step": "onboarding-steps",
    "version": "charter-versions",
    "lead": "people",
    "member": "people",
}


def _plural(name: str) -> str:
    """The collection that a filter names; empty when the name does not say it: then all are tried."""
    bare = name.removesuffix("__in")
    if bare in _COLLECTIONS:
        return _COLLECTIONS[bare]
    guess = bare.replace("_", "-") + "s"
    return guess if any(route.collection == guess for route in ROUTES.values()) else ""
