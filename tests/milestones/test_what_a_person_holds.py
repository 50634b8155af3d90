"""Each column that refers to a person is answered for when they leave, or ends, or stays: docs/adr/0022 says which."""

import re
from pathlib import Path

from django.apps import apps

from governance import handovers, personal_data
from governance.models import Role

ADR = Path(__file__).parents[2] / "docs" / "adr" / "0022-leaving-access-and-erasure.md"
_ROW = re.compile(r"^\| `([a-z_.]+)` \| (answered|ends|stays) \| (.+) \|$", re.MULTILINE)


def said() -> dict[str, tuple[str, str]]:
    """Column -> what becomes of it, and by which codes or why."""
    return {column: (fate, why) for column, fate, why in _ROW.findall(ADR.read_text())}


def columns() -> set[str]:
    """Of a person, of their account, or of a role, which ends with them."""
    of_roles = {
        f"{model._meta.label_lower}.{field.name}"
        for model in apps.get_models(include_auto_created=True)
        if model._meta.managed and not model._meta.label.endswith("Event")
        for field in model._meta.get_fields()
        if field.concrete and field.is_relation and field.related_model is Role
    }
    return {column.label for column in personal_data.columns()} | of_roles


def test_a_new_reference_to_a_person_says_what_becomes_of_it_when_they_leave() -> None:
    table = said()
    assert set(table) == columns(), f"say of each in {ADR.name}: answered by which code, ends, or stays and why"
    # A line for each: none is said twice.
    assert len(_ROW.findall(ADR.read_text())) == len(table)


def test_what_is_answered_is_what_leaving_asks() -> None:
    answered = {code for fate, why in said().values() if fate == "answered" for code in re.findall(r"`(\w+)`", why)}
    assert answered == set(handovers.matters())
    assert all(re.search(r"`\w+`", why) for fate, why in said().values() if fate == "answered")
