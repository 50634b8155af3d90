"""The matrix, executed: every cell against the real API, on one scene per application."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests.cast import Cast
from tests.permissions.asking import ask, undone, writes, written_since
from tests.permissions.bodies import BODIES, body_of
from tests.permissions.levels import BELOW, set_level
from tests.permissions.matrix import AGREEMENT_LEVELS, LEVELS, MATRIX, OWN_LEVELS, PEOPLE, cells
from tests.permissions.near_misses import NEAR_MISSES
from tests.permissions.routes import Route, routes
from tests.permissions.scene import Scene
from tests.requests import codes

ROUTES = routes()
EXPECTED = cells(MATRIX)
APPLICATIONS = ("coopproject", "governance", "charters", "milestones", "worker")
# Making the description takes seconds, and its address looks at nobody.
ONCE = frozenset({"GET schema/"})
# Signing in with nothing is a 400, and a session is no act of the cooperation.
OF_ACCOUNTS = frozenset({"POST session/", "DELETE session/"})
JOURNAL = "governance_journalentry"


def application(route: Route) -> str:
    app = (
        route.callback.__module__.partition(".")[0] if route.viewset is None else route.viewset.__module__.split(".")[0]
    )
    return app if app in APPLICATIONS else "coopproject"


def test_every_operation_has_its_line_and_every_line_its_operation() -> None:
    assert set(ROUTES) - set(EXPECTED) == set(), "operations without a line in tests/permissions/matrix.py"
    assert set(EXPECTED) - set(ROUTES) == set(), "lines of tests/permissions/matrix.py without an operation"
    assert set(BODIES) - set(ROUTES) == set(), "bodies for operations that do not exist"


def test_the_cells_are_words_that_the_matrix_knows() -> None:
    known = {"ok", "hid", "400", "401", "403", "404"}
    assert {value for line in EXPECTED.values() for value in line.values()} <= known


@pytest.mark.parametrize("app", APPLICATIONS)
def test_everybody_gets_what_the_matrix_says(cast: Cast, app: str) -> None:
    scene = Scene(cast)
    wrong: list[str] = []
    for operation, line in EXPECTED.items():
        route = ROUTES[operation]
        if application(route) != app:
            continue
        for code in PEOPLE:
            if operation in ONCE and code != "ano":
                continue
            if got := surprise(scene, route, code, line[code]):
                wrong.append(f"{operation} by {PEOPLE[code].name}: expected {line[code]}, {got}")
    assert not wrong, "\n".join(wrong)


# What has no level of its own. Organisations and people are known by the memberships and the roles that are open to
# their reader; figures by `figures_level`; tokens, files and reminders by whose they are; the rest is the same for all.
WITHOUT_LEVEL = frozenset(
    {"cooperations", "people", "organisations", "headcounts", "turnovers", "tokens", "files", "onboarding-steps"}
    | {"reminder-rules", "reminders", "consultation-regimes", "legal-forms", "motivation-codes"}
)
# Those of a member, which its own people always know of.
OWN = frozenset({"memberships", "roles", "boards"})


def test_every_resource_has_a_level_or_is_known_to_have_none() -> None:
    details = {route.collection for route in ROUTES.values() if route.action == "retrieve" and "{id}/" in route.path}
    assert details == {name for names in BELOW.values() for name in names} | WITHOUT_LEVEL


def test_everybody_knows_of_what_their_level_lets_them(cast: Cast) -> None:
    scene = Scene(cast)
    wrong = []
    of_agreements, of_members = cells(AGREEMENT_LEVELS), cells(OWN_LEVELS)
    for level, line in cells(LEVELS).items():
        for root in BELOW if level != "restricted" else ("consultations", "agreements"):
            with undone():
                set_level(scene, root, level)
                expected = of_agreements[level] if root == "agreements" else line
                expected = of_members[level] if root in OWN else expected
                wrong += [f"{level} {said}" for said in _misplaced(scene, root, expected)]
    assert not wrong, "\n".join(wrong)


def _misplaced(scene: Scene, root: str, line: dict[str, str]) -> Iterator[str]:
    """Who sees, or does not see, the objects below `root` against what the line says."""
    for code, expected in line.items():
        for name in BELOW[root]:
            if got := surprise(scene, ROUTES[f"GET {name}/{{id}}/"], code, expected):
                yield f"{name} by {PEOPLE[code].name}: expected {expected}, {got}"
        if got := surprise(scene, ROUTES[f"GET {root}/"], code, {"404": "hid"}.get(expected, expected)):
            yield f"list of {root} by {PEOPLE[code].name}: {got}"


def test_everything_right_but_one_thing_is_refused(cast: Cast) -> None:
    scene = Scene(cast)
    wrong = []
    for miss in NEAR_MISSES:
        scene.client(miss.person, *miss.scopes)
        with undone():
            if miss.change is not None:
                miss.change(scene)
            got = surprise(scene, ROUTES[miss.operation], miss.person, miss.expected, miss.said(scene), miss.scopes)
            if got:
                wrong.append(f"{miss.words}: {miss.operation} by {miss.person}: expected {miss.expected}, {got}")
    assert not wrong, "\n".join(wrong)


def surprise(
    scene: Scene,
    route: Route,
    person: str,
    expected: str,
    body: dict[str, Any] | None = None,
    scopes: tuple[Any, ...] = (),
) -> str:
    """Empty when the person gets what is expected; else what happened instead."""
    client = scene.client(person, *scopes)
    identifier = scene.here.ids.get(route.collection, "")
    given = body_of(route.operation, scene.here) if body is None else body
    written: dict[str, int] = {}
    if route.method == "GET":
        response = ask(client, route.operation, identifier, given)
    else:
        before = writes()
        with undone():
            response = ask(client, route.operation, identifier, given)
            written = written_since(before)
    refused = response.status_code >= 400
    said = f"got {response.status_code}" + (f": {response.content.decode()[:400]}" if refused else "")
    if expected not in {"ok", "hid"}:
        if str(response.status_code) != expected or (expected == "400" and codes(response) != {"does_not_exist"}):
            return said
        return f"refused, but wrote {written}" if written else ""
    if refused and response.status_code != 409 and route.operation not in OF_ACCOUNTS:
        return said
    if (shown := _shown(scene, route, response)) is not None and shown != (expected == "ok"):
        return f"the list {'shows' if shown else 'hides'} it"
    if written and not refused and JOURNAL not in written and route.operation not in OF_ACCOUNTS:
        return f"changed {written} without a line in the journal"
    return ""


def _shown(scene: Scene, route: Route, response: Any) -> bool | None:
    """Whether the list names the object of the scene; None for what is not a list."""
    if route.action == "heads":
        return any(row["cooperation"] == scene.here.ids["cooperations"] for row in response.json()["results"])
    if route.action != "list":
        return None
    return any(str(row["id"]) == scene.here.ids[route.collection] for row in response.json()["results"])
