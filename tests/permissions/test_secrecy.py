"""What a clause closes is nowhere: every address of the house is asked, and its answer searched (docs/adr/0025)."""

from collections.abc import Iterator
from typing import Any

from django.db.models import F

from coopproject.api.serializers import maskable_fields
from governance.covering import coverable
from governance.journal import level_of
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
        if item.whole is None:
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
            asked = (
                ask(scene.client(who), f"PATCH {collection}/{{id}}/", identifier, {"confidentiality": "active"})
                for who in ("coo", "dir", "cha")
            )
            opened = next(response for response in asked if response.status_code != 403)
            assert opened.status_code == 409, (collection, opened.content)
            # Where the state has a rule of its own, it speaks first.
            assert codes(opened) & {"clause_in_force", "level_would_open", "wrong_state"}, collection
            assert level_of(item.model.objects.get(pk=identifier)) == "core", collection
        tried += 1
    assert tried >= 6


def test_what_is_covered_whole_is_named_at_no_address_and_comes_back_when_the_clauses_are_lifted(cast: Cast) -> None:
    """All of them at once, whatever the state of each: nobody below reads an identifier in any list, child or total."""
    scene = Scene(cast)
    coordination, gamma = scene.client("coo"), scene.client("gam")
    closed, clauses, before = {}, [], {}
    for collection, item in sorted(coverable().items()):
        if item.whole is None:
            continue
        obj = scene.here.objects[collection]
        before[collection] = level_of(item.model.objects.get(pk=obj.pk))
        closed[str(obj.pk)] = collection
        covers = {"resource": collection, "id": str(obj.pk)}
        said = body_of("POST confidentiality-clauses/", scene.here) | {"confidentiality": "core", "covers": covers}
        made = ask(coordination, "POST confidentiality-clauses/", "", said)
        assert made.status_code == 201, (collection, made.content)
        clauses.append(made.json()["id"])
    told = set()
    for operation, address in addresses(scene):
        # Entries about what is below a covered object keep the level that they had (docs/adr/0025).
        if "journal" in operation:
            continue
        response = gamma.get(address)
        body = (b"".join(response) if response.streaming else response.content).decode(errors="replace")
        # A refusal repeats the address that was asked, and nothing else.
        if response.status_code < 400:
            told |= {f"{operation} tells of {closed[pk]}" for pk in closed if pk in body}
    assert not told, "\n".join(sorted(told))
    # A consultation comes back no further than its decision: the decision first.
    for pk in reversed(clauses):
        lifted = ask(coordination, "POST confidentiality-clauses/{id}/lift/", pk, {"reason": "Fini"})
        assert lifted.status_code == 200, lifted.content
    after = {name: level_of(coverable()[name].model.objects.get(pk=pk)) for pk, name in closed.items()}
    assert after == before


def test_what_has_the_level_of_its_parent_is_covered_by_its_fields_or_through_it(cast: Cast) -> None:
    scene = Scene(cast)
    partly = [name for name, item in coverable().items() if item.whole is None]
    for collection in partly:
        covers = {"resource": collection, "id": scene.here.ids[collection]}
        said = body_of("POST confidentiality-clauses/", scene.here) | {"confidentiality": "core", "covers": covers}
        refused = ask(scene.client("coo"), "POST confidentiality-clauses/", "", said)
        assert (refused.status_code, codes(refused)) == (400, {"not_covered_whole"}), collection
    assert "milestones" in partly


# What has a level of its own and is not closed whole by a clause: why.
NOT_COVERED = {
    "annexes": "never more open than its charter, and part of the text that is voted: the charter is covered",
    "confidentiality-clauses": "says its own level, for ever",
    "corrective-actions": "at the level of the gap that it answers: its fields are covered, or the evaluation whole",
    "evaluation-gaps": "at the highest level of its evaluation and of its subject: those are covered",
    "indicators": "has the level of its activity, which is covered; one of its own is closed by its own update",
    "journal": "an entry has the level of what it is about",
    "reminders": "only its recipient reads it, while they may know of its subject",
}


def test_every_resource_with_a_level_may_be_covered_or_says_why_not() -> None:
    """A level of its own: the resource; a level read from above: the one above."""
    whole = {item.model for item in coverable().values() if item.whole is not None}
    outputs = {route.collection: getattr(route.viewset, "serializer_class", None) for route in ROUTES.values()}
    models = {name: output.Meta.model for name, output in outputs.items() if hasattr(output, "Meta")}
    excused = {models[name] for name in NOT_COVERED}
    wrong, seen = [], set()
    for collection, model in models.items():
        lookup = getattr(model, "confidentiality_lookup", None)
        if not any(field.name == "confidentiality" for field in model._meta.get_fields()) and lookup is None:
            continue
        *parents, _level = (lookup or "confidentiality").split("__")
        for name in parents:
            model = model._meta.get_field(name).related_model
        seen.add(collection)
        if model not in whole | excused:
            wrong.append(collection)
    assert not wrong
    assert set(NOT_COVERED) <= seen
    assert not whole & excused


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
