"""What no single test can see: habits that must hold in the whole house, looked for in the code itself."""

import ast
import re
import uuid
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pghistory.models
import pytest
from django.apps import apps
from django.db import models

from coopproject.api.views import ApiViewSet, ReadViewSet
from governance.enums import TokenScope
from tests.cast import Cast
from tests.permissions.asking import form_of, undone, writes, written_since
from tests.permissions.bodies import body_of
from tests.permissions.matrix import MATRIX, cells
from tests.permissions.routes import BASE, Route, routes
from tests.permissions.scene import Scene
from tests.requests import pointers

PROJECT = Path(__file__).resolve().parents[1]
APPS = ("coopproject", "governance", "charters", "milestones", "worker")
# Starting processes and waiting for them is no business of the domain's clock.
MACHINERY = "coopproject/embedded/"
SOURCES = {
    path.relative_to(PROJECT).as_posix(): ast.parse(path.read_text(encoding="utf-8"))
    for app in APPS
    for path in sorted((PROJECT / app).rglob("*.py"))
    if "migrations" not in path.parts
}


def _calls(tree: ast.AST) -> Iterator[tuple[ast.Call, str]]:
    """Each call, with the dotted name of what is called as far as it is a name: `dt.date.today`."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node, _dotted(node.func)


def _dotted(node: ast.AST) -> str:
    if isinstance(node, ast.Attribute):
        return f"{_dotted(node.value)}.{node.attr}"
    return node.id if isinstance(node, ast.Name) else ""


def state_writes(tree: ast.AST) -> list[int]:
    """Lines that write `.state`: assigned, set by name, or updated in bulk. Building a new object is none."""
    found = []
    for node in ast.walk(tree):
        targets: Iterable[ast.AST] = ()
        if isinstance(node, ast.Assign):
            targets = node.targets
        elif isinstance(node, ast.AugAssign | ast.AnnAssign):
            targets = (node.target,)
        inner = (part for target in targets for part in ast.walk(target))
        found += [part.lineno for part in inner if isinstance(part, ast.Attribute) and part.attr == "state"]
    for call, name in _calls(tree):
        named = name == "setattr" and isinstance(call.args[1], ast.Constant) and call.args[1].value == "state"
        updated = isinstance(call.func, ast.Attribute) and call.func.attr == "update"
        if named or (updated and any(keyword.arg == "state" for keyword in call.keywords)):
            found.append(call.lineno)
    return found


def clocks(tree: ast.AST) -> list[str]:
    """Calls that ask the machine, not the database, what time it is."""
    asked = re.compile(
        r"(^|\.)(timezone\.(now|localdate|localtime)|date\.today|datetime\.(now|utcnow|today)|time\.time)$"
    )
    return [name for _call, name in _calls(tree) if asked.search(name)]


def postings(tree: ast.AST) -> list[str]:
    """Calls that hand work to Celery."""
    names = {"delay", "apply_async", "delay_on_commit", "apply_async_on_commit", "send_task"}
    return [name for call, name in _calls(tree) if isinstance(call.func, ast.Attribute) and call.func.attr in names]


def delays(tree: ast.AST) -> list[str]:
    """Calls that ask the broker to remember something for later."""
    late = {"countdown", "eta"}
    return [name for call, name in _calls(tree) if any(keyword.arg in late for keyword in call.keywords)]


def test_the_looks_find_what_they_are_for() -> None:
    assert len(state_writes(ast.parse("x.state = 1\nsetattr(x, 'state', 2)\nq.update(state=3)\nX(state=4)"))) == 3
    assert len(clocks(ast.parse("timezone.now()\ndt.date.today()\ndatetime.now()\nclock.now()\nclock.today()"))) == 3
    assert len(postings(ast.parse("task.delay(1)\napp.send_task('x')"))) == 2
    assert len(delays(ast.parse("task.apply_async(countdown=3)\ntask.apply_async(eta=x)\nf(x)"))) == 2


def test_only_the_machine_writes_a_state() -> None:
    found = {path: lines for path, tree in SOURCES.items() if (lines := state_writes(tree))}
    assert set(found) == {"coopproject/statemachine.py"}, found


def test_only_the_database_says_what_time_it_is() -> None:
    found = {
        path: names for path, tree in SOURCES.items() if not path.startswith(MACHINERY) and (names := clocks(tree))
    }
    assert found == {}


def test_only_the_worker_hands_work_to_celery_and_nobody_for_later() -> None:
    assert {path for path, tree in SOURCES.items() if postings(tree) and not path.startswith("worker/")} == set()
    assert {path: names for path, tree in SOURCES.items() if (names := delays(tree))} == {}


def _models() -> list[type[models.Model]]:
    """Our models, without the tables of past rows."""
    return [
        model
        for app in APPS
        for model in apps.get_app_config(app).get_models()
        if not issubclass(model, pghistory.models.Event)
    ]


def _names_of(model: type[models.Model]) -> Iterator[str]:
    yield str(model._meta.verbose_name)
    yield str(model._meta.verbose_name_plural)
    for field in (*model._meta.local_fields, *model._meta.local_many_to_many):
        if not getattr(field, "generated", False) and field.name != "id":
            yield str(field.verbose_name)


def test_french_names_of_things_are_in_lower_case() -> None:
    """But for acronyms (SIREN, CSE, NAF) and names of the mail's own (Message-ID)."""
    wrong = [name for model in _models() for name in _names_of(model) if not _is_lower(name)]
    assert wrong == []


def _is_lower(name: str) -> bool:
    first = re.split(r"[\s(-]", name, maxsplit=1)[0]
    return first[:1].islower() or (first.isupper() and len(first) > 1) or first in {"Message"}


def test_every_constraint_is_quoted_by_a_test() -> None:
    here = Path(__file__)
    said = "\n".join(path.read_text(encoding="utf-8") for path in (PROJECT / "tests").rglob("*.py") if path != here)
    names = sorted({constraint.name for model in _models() for constraint in model._meta.constraints})
    assert len(names) > 60
    assert [name for name in names if name not in said] == []


# By hand: the acts that bind, which a token without `legal` may not do and which are done once per Idempotency-Key.
LEGAL = frozenset(
    {
        "POST agreements/{id}/give-notice/",
        "POST agreements/{id}/sign/",
        "POST board-deliberations/",
        "POST board-deliberations/{id}/cast/",
        "POST board-deliberations/{id}/close/",
        "POST board-deliberations/{id}/lift-objection/",
        "POST board-deliberations/{id}/open/",
        "POST board-deliberations/{id}/record/",
        "POST board-deliberations/{id}/regularise/",
        "POST charter-versions/{id}/contest-editorial/",
        "POST consultation-documents/{id}/hand-over/",
        "POST consultations/{id}/acknowledge-incomplete/",
        "POST consultations/{id}/contest-information/",
        "POST confidentiality-clauses/",
        "POST confidentiality-clauses/{id}/lift/",
        "POST consultations/{id}/extend/",
        "POST consultations/{id}/record-opinion/",
        "POST consultations/{id}/record-response/",
        "POST consultations/{id}/send-information/",
        "POST cooperations/import/",
        "POST decision-votes/",
        "POST decision-votes/{id}/regularise/",
        "POST decisions/{id}/take/",
        "POST delegations/",
        "POST delegations/{id}/revoke/",
        "POST memberships/{id}/give-notice/",
        "POST people/{id}/erase/",
        "POST people/{id}/leave/",
        "POST structure-projects/{id}/register/",
    }
)
# What two people could change at the same time without seeing it: If-Match is required, but to begin the next draft.
GUARDED = (
    "agreements",
    "annexes",
    "articles",
    "board-deliberations",
    "charter-versions",
    "consultation-documents",
    "confidentiality-clauses",
    "consultations",
    "decisions",
    "milestones",
    "structure-projects",
    "structure-scenarios",
)
UNGUARDED = frozenset(
    {
        "POST agreements/{id}/amend/",
        # Bound to the text by its hash, and to the person who does it.
        "POST agreements/{id}/give-notice/",
        "POST agreements/{id}/sign/",
        # Bound to the file by its hash.
        "POST annexes/{id}/restore-file/",
        # So is a vote, whatever the turn-out: only its opening and its close are on what was read.
        "POST board-deliberations/{id}/attend/",
        "POST board-deliberations/{id}/restore-minutes/",
        "POST board-deliberations/{id}/cancel/",
        "POST board-deliberations/{id}/cast/",
        "POST board-deliberations/{id}/declare-proxy/",
        "POST board-deliberations/{id}/lift-objection/",
        "POST board-deliberations/{id}/record/",
        "POST board-deliberations/{id}/recuse/",
        "POST board-deliberations/{id}/regularise/",
        "POST board-deliberations/{id}/revoke-proxy/",
        "POST charter-versions/{id}/amend/",
        # Bound to the file by its hash.
        "POST decisions/{id}/restore-minutes/",
        "POST consultation-documents/{id}/restore-file/",
    }
)
ROUTES = routes()


def _send(scene: Scene, route: Route, client: Any, **headers: str) -> Any:
    address = f"{BASE}{route.path}".replace("{id}", scene.here.ids.get(route.collection, ""))
    body = body_of(route.operation, scene.here)
    return getattr(client, route.method.lower())(address, body, format=form_of(body), headers=headers)


def _somebody(operation: str) -> str:
    """Somebody whom the matrix lets do it."""
    return next(code for code, expected in cells(MATRIX)[operation].items() if expected == "ok")


def test_acts_that_bind_ask_for_a_key_and_for_the_scope_legal(cast: Cast) -> None:
    scene = Scene(cast)
    for operation in sorted(LEGAL):
        route, code = ROUTES[operation], _somebody(operation)
        clients = scene.client(code), scene.client(code, TokenScope.READ, TokenScope.WRITE)
        before = writes()
        with undone():
            without_key = _send(scene, route, clients[0], **{"If-Match": "*"})
            without_scope = _send(scene, route, clients[1], **{"If-Match": "*", "Idempotency-Key": str(uuid.uuid4())})
            written = written_since(before)
        assert (without_key.status_code, without_key.json()["code"]) == (428, "idempotency_key_required"), operation
        assert (without_scope.status_code, without_scope.json()["code"]) == (403, "insufficient_scope"), operation
        assert written == {}, operation


def test_the_other_acts_ask_for_no_key_and_the_scope_write_suffices(cast: Cast) -> None:
    scene = Scene(cast)
    for operation, route in ROUTES.items():
        if operation in LEGAL or route.method == "GET" or route.collection == "session":
            continue
        client = scene.client(_somebody(operation), TokenScope.READ, TokenScope.WRITE)
        with undone():
            response = _send(scene, route, client, **{"If-Match": "*"})
        assert response.status_code < 300 or response.status_code == 409, (operation, response.content)


@pytest.mark.parametrize("collection", GUARDED)
def test_what_several_people_write_is_changed_on_the_version_that_was_read(cast: Cast, collection: str) -> None:
    scene = Scene(cast)
    tried = 0
    for operation, route in ROUTES.items():
        if route.collection != collection or route.method == "GET" or "{id}" not in operation:
            continue
        client = scene.client(_somebody(operation))
        before = writes()
        with undone():
            without = _send(scene, route, client, **{"Idempotency-Key": str(uuid.uuid4())})
            stale = _send(scene, route, client, **{"Idempotency-Key": str(uuid.uuid4()), "If-Match": '"999"'})
            written = written_since(before)
        tried += 1
        if operation not in UNGUARDED:
            assert (without.status_code, without.json()["code"]) == (428, "if_match_required"), operation
            assert written == {}, operation
        assert stale.status_code == 412, (operation, stale.content)
    assert tried


def test_no_reading_ignores_what_it_is_asked_to_narrow_or_open(cast: Cast) -> None:
    """A field that is nowhere is refused: by lists and objects, which know their fields, and by all other readings."""
    scene = Scene(cast)
    client = scene.client("coo")
    wrong = []
    tried = 0
    for operation, route in ROUTES.items():
        if route.method != "GET" or not issubclass(route.viewset or object, ApiViewSet):
            continue
        path = route.path.replace("{id}", scene.here.ids.get(route.collection, ""))
        for name in ("fields", "expand"):
            response = client.get(f"{BASE}{path}", {name: "nowhere"})
            tried += response.status_code != 404  # A token or a file of somebody else.
            if response.status_code != 404 and (response.status_code != 400 or pointers(response) != {f"?{name}"}):
                wrong.append(f"{operation}?{name}=nowhere: {response.status_code}")
    assert not wrong, "\n".join(wrong)
    assert tried > 100


def test_lists_are_sorted_by_columns() -> None:
    """By a reference the order would be that of what it names, and the cursor would compare identifiers."""
    wrong = []
    for route in ROUTES.values():
        if not route.is_list or not issubclass(route.viewset, ReadViewSet):
            continue
        view = route.viewset
        fields = view.ordering_fields
        for name in (*view.ordering, *(fields.values() if isinstance(fields, dict) else fields)):
            model = view.serializer_class.Meta.model
            *path, last = name.lstrip("-").split("__")
            for part in path:
                model = model._meta.get_field(part).related_model
            column = next((field for field in model._meta.concrete_fields if last in {field.name, field.attname}), None)
            if last != "pk" and (column is None or (column.is_relation and last == column.name)):
                wrong.append(f"{route.path} by {name}")
    assert wrong == []


def test_every_operation_says_what_it_does_in_its_own_words() -> None:
    """Those who read the description of the API did not write it: a base class's docstring tells them nothing."""
    silent = set()
    for route in ROUTES.values():
        view = route.viewset
        if view is None or not issubclass(view, ApiViewSet):
            continue
        handler = getattr(view, route.action)
        if hasattr(handler, "act_input"):
            silent |= set() if handler.__doc__ else {f"{view.__name__}.{route.action}"}
        elif not handler.__doc__ and not vars(view).get("__doc__"):
            silent.add(view.__name__)
    assert silent == set()
