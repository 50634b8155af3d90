"""What a clause closes is nowhere: every address of the house is asked, and its answer searched (docs/adr/0025)."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F

from coopproject.api.serializers import maskable_fields
from governance.covering import coverable
from governance.models import Membership
from tests.cast import Cast
from tests.governance.factories import clause
from tests.permissions.asking import ask, is_paged, undone
from tests.permissions.bodies import body_of
from tests.permissions.routes import BASE, routes
from tests.permissions.scene import Scene
from tests.requests import codes, pointers

ROUTES = routes()
READS = [
    (operation, route) for operation, route in ROUTES.items() if route.method == "GET" and "schema" not in operation
]
# Two whom the level « board » leaves out: one acts for the very organisation of the scene, the other does not.
BELOW_BOARD = ("emp", "gam")


def marker(collection: str, name: str) -> str:
    """A word that nothing else says."""
    return f"zzq-{collection}-{name}-qzz".replace("_", "-")


# How each value comes to be written: by an act where there is one, so that the journal says it too.
WRITTEN: dict[tuple[str, str], tuple[str, str, str]] = {
    ("decisions", "description"): ("coo", "PATCH decisions/{id}/", "description"),
    ("decisions", "withdrawn_reason"): ("coo", "POST decisions/{id}/withdraw/", "reason"),
    ("memberships", "notice_reason"): ("cha", "POST memberships/{id}/give-notice/", "reason"),
    ("activities", "description"): ("coo", "PATCH activities/{id}/", "description"),
    ("milestones", "description"): ("pil", "PATCH milestones/{id}/", "description"),
    ("measurements", "comment"): ("pil", "PATCH measurements/{id}/", "comment"),
    ("evaluations", "conclusions"): ("coo", "PATCH evaluations/{id}/", "conclusions"),
    ("corrective-actions", "action_taken"): ("dir", "POST corrective-actions/{id}/complete/", "action_taken"),
    ("corrective-actions", "verification_comment"): ("coo", "POST corrective-actions/{id}/verify/", "comment"),
}


def hide_everything(scene: Scene) -> dict[str, str]:
    """Marker -> collection, for every maskable field of every object of the scene, each under a clause of the board."""
    planted: dict[str, str] = {}
    for collection, item in coverable().items():
        names = maskable_fields(item.model)
        if not names:
            continue
        obj, put = scene.here.objects[collection], {}
        for name in names:
            word = marker(collection, name)
            planted[word] = collection
            if (written := WRITTEN.get((collection, name))) is None:
                put[name] = word
                continue
            person, operation, key = written
            said = {"adequate": True, key: word} if operation.endswith("/verify/") else {key: word}
            response = ask(scene.client(person), operation, str(obj.pk), said)
            assert response.status_code == 200, (operation, response.content)
        # What only a state allows is put straight into the row.
        item.model.objects.filter(pk=obj.pk).update(
            **put | ({"left_on": scene.cast.today} if "leave_waiver" in put else {})
        )
        clause(scene.cast, covering=obj, fields=names, confidentiality="board")
    return planted


def addresses(scene: Scene) -> Iterator[tuple[str, str]]:
    """Every address that is read, and each list and object again with what it can open."""
    for operation, route in READS:
        path = route.path.replace("{id}", scene.here.ids.get(route.collection, "")).replace("{code}", "not_found")
        path = path if path.startswith("/") else f"{BASE}{path}"
        page = "?page_size=200" if is_paged(operation.partition(" ")[2]) else ""
        yield operation, path + page
        output: Any = getattr(route.viewset, "serializer_class", None)
        if route.action in {"list", "retrieve"} and (expandable := getattr(output, "expandable", {})):
            yield operation, f"{path}{page}{'&' if page else '?'}expand={','.join(sorted(expandable))}"


def test_a_masked_value_is_in_no_answer_to_whoever_is_below_the_level(cast: Cast) -> None:
    scene = Scene(cast)
    planted = hide_everything(scene)
    # It is there: whoever reaches the level reads it, in the object and in the journal.
    coordination = scene.client("coo")
    for word, collection in planted.items():
        said = ask(coordination, f"GET {collection}/{{id}}/", scene.here.ids[collection], {}).content.decode()
        assert word in said, word
    recorded = coordination.get(f"{BASE}journal/?page_size=200").content.decode()
    assert sum(word in recorded for word in planted) >= 7
    leaks = []
    for person in BELOW_BOARD:
        client = scene.client(person)
        for operation, address in addresses(scene):
            response = client.get(address)
            body = b"".join(response) if response.streaming else response.content
            whole = body.decode(errors="replace") + str(dict(response.headers))
            leaks += [f"{operation} says {word} to {person} at {address}" for word in planted if word in whole]
        for word, collection in planted.items():
            found = client.get(f"{BASE}{collection}/", {"q": word})
            # A list that can be searched finds nothing by it; the others do not know `q`.
            if found.status_code == 200 and found.json()["results"]:
                leaks.append(f"GET {collection}/?q= finds {word} for {person}")
    assert not leaks, "\n".join(leaks)


def test_nobody_overwrites_what_a_clause_keeps_from_them(cast: Cast) -> None:
    """The pilot writes its milestones; a clause of the boards closes the description of this one to it."""
    scene = Scene(cast)
    milestone = scene.here.objects["milestones"]
    clause(cast, covering=milestone, fields=["description"], confidentiality="board")
    said = {"description": "Autre chose", "title": "Ouvrir"}
    refused = ask(scene.client("pil"), "PATCH milestones/{id}/", str(milestone.pk), said)
    assert (refused.status_code, codes(refused), pointers(refused)) == (409, {"field_masked"}, {"/description"})
    milestone.refresh_from_db()
    assert (milestone.description, milestone.title) != ("Autre chose", "Ouvrir")
    del said["description"]
    accepted = ask(scene.client("pil"), "PATCH milestones/{id}/", str(milestone.pk), said)
    assert (accepted.status_code, accepted.json()["masked"]) == (200, {"description": "board"})
    written = ask(scene.client("coo"), "PATCH milestones/{id}/", str(milestone.pk), {"description": "Autre chose"})
    assert (written.status_code, written.json()["description"]) == (200, "Autre chose")


def test_a_clause_on_a_whole_object_closes_it_and_no_act_opens_it(cast: Cast) -> None:
    scene = Scene(cast)
    coordination, gamma = scene.client("coo"), scene.client("gam")
    tried = 0
    for collection, item in coverable().items():
        if item.update is None:
            continue
        identifier, covers = scene.here.ids[collection], {"resource": collection, "id": scene.here.ids[collection]}
        said = body_of("POST confidentiality-clauses/", scene.here) | {"confidentiality": "core", "covers": covers}
        with undone():
            made = ask(coordination, "POST confidentiality-clauses/", "", said)
            assert made.status_code == 201, (collection, made.content)
            assert gamma.get(f"{BASE}{collection}/{identifier}/").status_code == 404, collection
            lists = (collection, "journal", "confidentiality-clauses")
            told = [name for name in lists if identifier in gamma.get(f"{BASE}{name}/?page_size=200").content.decode()]
            # Entries about what is below it keep the level that they had (docs/adr/0025); none is about itself.
            assert set(told) <= {"journal"}, collection
            assert gamma.get(f"{BASE}journal/?object_id={identifier}").json()["results"] == [], collection
            who = scene.client("dir") if collection == "consultations" else coordination
            opened = ask(who, f"PATCH {collection}/{{id}}/", identifier, {"confidentiality": "active"})
            assert opened.status_code == 409, (collection, opened.content)
            # An agreement that is proposed has a rule of its own, which speaks first.
            assert codes(opened) & {"clause_in_force", "level_would_open"}, collection
        tried += 1
    assert tried >= 6


def test_what_may_be_masked_is_neither_searched_nor_filtered_nor_ordered_by() -> None:
    """A value that one can search, filter or order by is told, one question after the other."""
    wrong, looked = [], set()
    for route in ROUTES.values():
        view = route.viewset
        output: Any = getattr(view, "serializer_class", None)
        names = set(getattr(output, "maskable", ()))
        if not names or not route.is_list:
            continue
        looked.add(route.collection)
        ordering = view.ordering_fields.values() if isinstance(view.ordering_fields, dict) else view.ordering_fields
        used = {str(name) for name in (*ordering, *view.ordering)}
        used |= {given.field_name or "" for given in view.filterset_class.base_filters.values()}
        for column in view.search_fields:
            field = output.Meta.model._meta.get_field(column)
            used |= {leaf.name for leaf in field.expression.flatten() if isinstance(leaf, F)} | {column}
        wrong += [f"{route.collection}: {name}" for name in names if any(one.lstrip("-") == name for one in used)]
    assert not wrong
    assert looked >= {name for name, item in coverable().items() if maskable_fields(item.model)} | {"journal"}
    assert Membership in {item.model for item in coverable().values()}
